"""Why a unit stands where it stands, against the baseline, as far as the reader may know (rule 15).

Three queries more than the review itself, however many units its group has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.models import User
from organizations.quarter import Quarter
from reviews.models import Review, Standing
from reviews.models.publication import StandingQuerySet
from reviews.movement import (
    Achieved,
    Field,
    LineKind,
    Pass,
    Passing,
    PlacesSplit,
    PointsLine,
    Seen,
    passing_of,
    places_split,
    points_split,
)
from reviews.permissions import can_see_whole_table
from reviews.ranking import RankMethod
from reviews.reports.facts import Score
from reviews.reports.wording import short_points
from reviews.sheet import Sheet
from reviews.standings import format_points


@dataclass(frozen=True)
class Amount:
    """A change, signed as it is printed. decimals: how many it always has, None as few as it needs."""

    value: int | Decimal
    decimals: int | None = None

    @property
    def text(self) -> str:
        size = abs(Decimal(self.value))
        printed = short_points(size) if self.decimals is None else format_points(size, self.decimals)
        return f"+{printed}" if self.value > 0 else f"−{printed}" if self.value < 0 else printed


@dataclass(frozen=True)
class PointsRow:
    """One row of the table of points, as printed. places: None where the reader may not know them."""

    label: str
    before: str
    now: str
    change: Amount
    places: Amount | None


@dataclass(frozen=True)
class PlacesRow:
    """One cause of a change of place. names: each unit with its remark; none where only counts are known."""

    label: str
    places: Amount
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """How the change of place and of total comes about; every column adds up exactly to its last row.

    points: empty where the scores of either quarter do not say it; total is then None. beyond: what did not
    come of the unit's own points. places: the whole change. is_whole: whether units are named and places
    stand beside points; is_same_rubric: whether both quarters scored the same indicators.
    """

    baseline: Quarter
    places: Amount
    points: tuple[PointsRow, ...]
    total: PointsRow | None
    beyond: tuple[PlacesRow, ...]
    passes: tuple[PlacesRow, ...]
    is_whole: bool
    is_same_rubric: bool


@dataclass(frozen=True)
class _Side:
    """The unit's group in one quarter, and what the unit got there. names: of the ranked, in print order."""

    field: Field
    names: Mapping[int, str]
    achieved: Achieved


def explain_move(user: User, review: Review, sheet: Sheet) -> Explanation | None:
    """The explanation beside a sheet, or None where that shows no change of place."""
    line, unit = sheet.line, review.organization_id
    if line is None or line.places is None:
        return None
    if sheet.standing is None:
        baseline, now = Standing.objects.of_baseline(review.cycle), _live_side(review, sheet)
    else:
        publication = sheet.standing.publication
        baseline = Standing.objects.of_publication(publication.baseline_publication_id)
        now = _frozen_side(Standing.objects.of_publication(publication.pk), sheet.standing)
    earlier = baseline.of_unit(review.organization).first()
    if earlier is None:
        return None
    before = _frozen_side(baseline, earlier)
    # Of a quarter whose table is closed to the reader, names and places would tell more than its lists.
    is_whole = all(can_see_whole_table(user, cycle) for cycle in (review.cycle, earlier.publication.cycle))
    lines = points_split(before.achieved, now.achieved)
    split = places_split(unit, lines, before.field, now.field) if lines and is_whole else None
    passing = passing_of(unit, before.field, now.field)
    return Explanation(
        baseline=earlier.publication.cycle.quarter,
        places=Amount(line.places),
        points=tuple(_points_rows(lines, split)),
        total=_total_row(before.achieved, now.achieved, split) if lines else None,
        beyond=tuple(_beyond_rows(split)) if split else (),
        passes=tuple(_passes(passing, _names(before, now) if is_whole else None)),
        is_whole=is_whole,
        is_same_rubric=line.placed.total_change is not None,
    )


def _frozen_side(published: StandingQuerySet, own: Standing) -> _Side:
    """One query: the group that the unit stood in, without anybody's scores."""
    rows = list(published.in_group(own.group_id).ranked().without_scores().in_print_order())
    totals = {row.organization_id: row.total or Decimal(0) for row in rows}
    return _Side(
        Field(totals, RankMethod(own.publication.rank_method)),
        {row.organization_id: row.organization_name for row in rows},
        Achieved(totals[own.organization_id], own.decimals, tuple(map(Score.from_json, own.scores))),
    )


def _live_side(review: Review, sheet: Sheet) -> _Side:
    lines = sheet.group.ranked if sheet.group else ()
    totals = {line.organization_id: line.placed.total or Decimal(0) for line in lines}
    return _Side(
        Field(totals, RankMethod(review.cycle.rank_method)),
        {line.organization_id: line.organization_name for line in lines},
        Achieved(
            totals[review.organization_id], review.rubric.places, tuple(map(Score.from_json, sheet.scores))
        ),
    )


def _points_rows(lines: Sequence[PointsLine], split: PlacesSplit | None) -> Iterator[PointsRow]:
    """What changed, line by line; the indicators that did not are one row, so that columns still add up."""
    places = split.by_line if split else (None,) * len(lines)
    same = [line for line in lines if line.is_unchanged and line.kind is LineKind.INDICATOR]
    for line, moved in zip(lines, places, strict=True):
        if line.is_unchanged:
            continue
        if line.kind is not LineKind.INDICATOR and same:
            yield _unchanged_row(same, is_whole=split is not None)
            same = []
        yield PointsRow(
            _label(line),
            _points(line.before, line.was_there),
            _points(line.now, line.is_there),
            Amount(line.change),
            None if moved is None else Amount(moved),
        )
    if same:
        yield _unchanged_row(same, is_whole=split is not None)


def _unchanged_row(lines: Sequence[PointsLine], *, is_whole: bool) -> PointsRow:
    label = ngettext("%(count)s indicator as before", "%(count)s indicators as before", len(lines))
    points = short_points(sum((line.now or Decimal(0) for line in lines), Decimal(0)))
    return PointsRow(
        label % {"count": len(lines)}, points, points, Amount(0), Amount(0) if is_whole else None
    )


def _label(line: PointsLine) -> str:
    if line.kind is LineKind.SCALING:
        return _("Others stand for indicators that do not apply")
    if line.kind is LineKind.ROUNDING:
        return _("Rounding of the total")
    return line.indicator


def _points(points: Decimal | None, is_there: bool) -> str:
    if points is None:
        return _("n/a") if is_there else "—"
    return f"−{short_points(-points)}" if points < 0 else short_points(points)


def _total_row(before: Achieved, now: Achieved, split: PlacesSplit | None) -> PointsRow:
    return PointsRow(
        _("Total"),
        format_points(before.total, before.decimals),
        format_points(now.total, now.decimals),
        Amount(now.total - before.total, now.decimals),
        Amount(split.own) if split else None,
    )


def _beyond_rows(split: PlacesSplit) -> Iterator[PlacesRow]:
    yield PlacesRow(_("What the other units' results did"), Amount(split.others))
    if split.method:
        yield PlacesRow(_("Ties are counted in another way"), Amount(split.method))


def _names(before: _Side, now: _Side) -> dict[int, str]:
    """Every unit by its newest name, in this quarter's order, then those that only the earlier one ranked."""
    return {**now.names, **{unit: name for unit, name in before.names.items() if unit not in now.names}}


def _passes(passing: Passing, names: Mapping[int, str] | None) -> Iterator[PlacesRow]:
    """names: None counts only, so that nobody learns which unit it was or where it stands."""
    passed, passed_by = len(passing.passed), len(passing.passed_by)
    if passed:
        text = ngettext("%(count)s unit no longer ahead", "%(count)s units no longer ahead", passed)
        remarks = {Seen.LEVEL: _("level now"), Seen.ABSENT: _("not ranked now")}
        yield PlacesRow(text % {"count": passed}, Amount(passed), _remarked(passing.passed, names, remarks))
    if passed_by:
        text = ngettext("%(count)s unit newly ahead", "%(count)s units newly ahead", passed_by)
        remarks = {Seen.LEVEL: _("level then"), Seen.ABSENT: _("not ranked then")}
        yield PlacesRow(
            text % {"count": passed_by}, Amount(-passed_by), _remarked(passing.passed_by, names, remarks)
        )
    if passing.ties > 0:
        yield PlacesRow(_("More units ahead share a place"), Amount(passing.ties))
    elif passing.ties < 0:
        yield PlacesRow(_("Fewer units ahead share a place"), Amount(passing.ties))


def _remarked(
    passes: Iterable[Pass], names: Mapping[int, str] | None, remarks: Mapping[Seen, str]
) -> tuple[str, ...]:
    if names is None:
        return ()
    ends = {each.unit: each.other_end for each in passes}
    shown = _("%(unit)s (%(remark)s)")
    return tuple(
        shown % {"unit": name, "remark": remarks[ends[unit]]} if ends[unit] in remarks else name
        for unit, name in names.items()
        if unit in ends
    )
