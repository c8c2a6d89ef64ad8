"""One unit's year as it is read: its quarters side by side, by indicator, and what was lost when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from organizations.models import Organization, User
from organizations.quarter import Quarter
from rectification.lifecycle import State
from rectification.models import Item
from reviews.charts import Place, PlacesChart, places_chart
from reviews.models import Standing
from reviews.reports.facts import Score
from reviews.reports.wording import short_points
from reviews.seen_years import SeenYear, SeenYearGroup, absence_in_words
from reviews.year_results import QuarterCell, YearLine

Frozen = dict[str, Any]  # a score as a publication keeps it, see reviews.freezing


@dataclass(frozen=True)
class QuarterRow:
    """One quarter of the unit. places: against the quarter before it here; None where not comparable.

    raised, struck_off: of the quarter's rectification items, as far as the reader may see them.
    """

    quarter: Quarter
    cell: QuarterCell
    places: int | None
    raised: int
    struck_off: int

    @property
    def fallen(self) -> int | None:
        return None if self.places is None else -self.places


@dataclass(frozen=True)
class PointsCell:
    """One indicator in one quarter, as printed. lost: "" where nothing was. applies: else it prints so."""

    points: str = ""
    lost: str = ""
    applies: bool = True


@dataclass(frozen=True)
class LossNote:
    """Why points were lost, and in which quarter."""

    quarter: Quarter
    lost: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator over the quarters. full_marks: of its newest quarter."""

    indicator: str
    full_marks: str
    is_bonus: bool
    cells: tuple[PointsCell, ...]
    notes: tuple[LossNote, ...]


@dataclass(frozen=True)
class YearSection:
    """A section (一级指标) with its indicators."""

    name: str
    rows: tuple[IndicatorRow, ...]


@dataclass(frozen=True)
class YearSheet:
    """All that one user may read of one unit's year. full_marks: what its annual total is out of."""

    unit: int
    group: SeenYearGroup
    line: YearLine
    full_marks: str
    absence: str
    quarters: tuple[QuarterRow, ...]
    sections: tuple[YearSection, ...]
    chart: PlacesChart | None

    @property
    def fallen(self) -> int | None:
        return None if self.line.places is None else -self.line.places

    @property
    def was_elsewhere(self) -> bool:
        return any(row.cell.is_elsewhere for row in self.quarters)


def year_sheet(user: User, seen: SeenYear, unit: int) -> YearSheet | None:
    """One unit's year, or None where this user may not read it. Two queries.

    Who does not work for the host opens the own units' alone, even where the table shows all.
    """
    is_own = seen.host.pk in user.access.host_ids or unit in user.access.unit_ids
    found = seen.line_of(unit)
    if found is None or not is_own:
        return None
    group, line = found
    scores = _scores(seen, unit)
    quarters = [Quarter(seen.year, cell.number) for cell in line.quarters]
    items = _items(user, seen.host, unit, quarters)
    return YearSheet(
        unit=unit,
        group=group,
        line=line,
        full_marks=short_points(group.full_marks),
        absence=absence_in_words(line, seen.results),
        quarters=tuple(_quarter_rows(line, quarters, items)),
        sections=sections_of_year([(quarter, scores.get(quarter.number, ())) for quarter in quarters]),
        chart=places_chart(
            [
                Place(quarter, None if cell.is_elsewhere else cell.rank)
                for quarter, cell in zip(quarters, line.quarters, strict=True)
            ]
        ),
    )


def sections_of_year(quarters: Sequence[tuple[Quarter, Sequence[Frozen]]]) -> tuple[YearSection, ...]:
    """Every indicator of the year with its points by quarter, sections and indicators in the newest order.

    quarters: by time, each with its scores as published, in the order of its rubric. The same indicator is
    known by its name in the same section; what only earlier quarters had comes after what the newest has.
    """
    rows: dict[str, dict[str, None]] = {}
    for _quarter, scores in reversed(quarters):
        for score in scores:
            rows.setdefault(score["section"], {}).setdefault(score["indicator"])
    by_quarter = [
        (quarter, {(score["section"], score["indicator"]): score for score in scores})
        for quarter, scores in quarters
    ]
    return tuple(
        YearSection(section, tuple(_row(section, indicator, by_quarter) for indicator in indicators))
        for section, indicators in rows.items()
    )


def _row(
    section: str, indicator: str, quarters: Sequence[tuple[Quarter, Mapping[tuple[str, str], Frozen]]]
) -> IndicatorRow:
    found = [(quarter, scores.get((section, indicator))) for quarter, scores in quarters]
    read = [(quarter, Score.from_json(frozen)) for quarter, frozen in found if frozen is not None]
    _quarter, newest = read[-1]
    return IndicatorRow(
        indicator=indicator,
        full_marks=short_points(newest.full_marks),
        is_bonus=newest.is_bonus,
        cells=tuple(_cell(frozen) for _quarter, frozen in found),
        notes=tuple(
            LossNote(quarter, short_points(score.lost) if score.lost else "", score.reasons)
            for quarter, score in read
            if score.reasons
        ),
    )


def _cell(frozen: Frozen | None) -> PointsCell:
    if frozen is None:
        return PointsCell()
    score = Score.from_json(frozen)
    return PointsCell(
        points="" if score.points is None else short_points(score.points),
        lost=short_points(score.lost) if score.lost else "",
        applies=frozen.get("applies", True),
    )


def _scores(seen: SeenYear, unit: int) -> dict[int, list[Frozen]]:
    """By quarter: the unit's scores in the publication that the year is made of. One query."""
    rows = Standing.objects.under_host(seen.host.pk).filter(
        organization=unit, publication__cycle__year=seen.year
    )
    taken = {(each.quarter.number, each.number) for each in seen.results.quarters}
    kept = rows.values_list("publication__cycle__number", "publication__number", "scores")
    return {quarter: scores for quarter, number, scores in kept if (quarter, number) in taken}


def _items(
    user: User, host: Organization, unit: int, quarters: Sequence[Quarter]
) -> dict[int, tuple[int, int]]:
    """By published quarter: how many items were found and how many are struck off. One query."""
    numbers = [quarter.number for quarter in quarters]
    items = Item.objects.visible_to(user).of_host(host).filter(unit=unit).counted()
    rows = (
        items.filter(year=quarters[0].year, number__in=numbers)
        .order_by("number")
        .values("number")
        .annotate(raised=Count("pk"), struck_off=Count("pk", filter=Q(state=State.STRUCK_OFF)))
    )
    return {row["number"]: (row["raised"], row["struck_off"]) for row in rows}


def _quarter_rows(
    line: YearLine, quarters: Sequence[Quarter], items: Mapping[int, tuple[int, int]]
) -> list[QuarterRow]:
    rows = []
    before: QuarterCell | None = None
    for quarter, cell in zip(quarters, line.quarters, strict=True):
        raised, struck_off = items.get(quarter.number, (0, 0))
        rows.append(QuarterRow(quarter, cell, _moved(before, cell), raised, struck_off))
        before = cell
    return rows


def _moved(before: QuarterCell | None, now: QuarterCell) -> int | None:
    if before is None or before.rank is None or now.rank is None or before.is_elsewhere != now.is_elsewhere:
        return None
    return before.rank - now.rank
