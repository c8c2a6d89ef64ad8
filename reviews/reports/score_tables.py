"""The score table of one group: places, units, points by section and in all, change of place. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from reviews.reports.document import Column
from reviews.reports.facts import GroupResult, Results, UnitResult
from reviews.reports.layout import TYPE_AREA
from reviews.reports.rankings import named_baseline

DASH = "—"
SECTION_WIDTH = 14  # millimetres: two characters of a heading beside each other, or 20.00
UNIT_WIDTH = 36  # at least: eight characters
LONGEST_SECTION = 8  # characters of a heading that stands in a column of sections


@dataclass(frozen=True)
class _Widths:
    """Millimetres of the columns beside the units."""

    rank: int
    total: int
    baseline: int
    movement: int


_EASY = _Widths(rank=16, total=22, baseline=30, movement=26)
_TIGHT = _Widths(rank=12, total=16, baseline=20, movement=16)
_REMARK_WIDTH = 34


def score_table(
    results: Results, group: GroupResult
) -> tuple[list[str], tuple[Column, ...], tuple[tuple[str, ...], ...]]:
    """Words of the title, columns and rows. Ranked units first; those without a rank follow at the end with
    the reason (rule 6).

    The sections stand there where they leave room for the units' names, and only where they add up to the
    total in every line: a printed table has to add up by hand.
    """
    has_baseline, has_unranked = results.baseline is not None, bool(group.unranked)
    points = {unit.unit: _points_by_section(unit, group) for unit in group.units}
    sections = _sections_that_fit(group, points, has_baseline=has_baseline, has_unranked=has_unranked)
    widths = _TIGHT if sections else _EASY
    columns = [
        Column("名次", widths.rank),
        Column("单位", 0, is_text=True),
        *(Column(name or "其他", SECTION_WIDTH) for name in sections),
        Column("总分", widths.total),
    ]
    if has_baseline:
        columns.append(Column(f"{named_baseline(results)}名次", widths.baseline))
        columns.append(Column("升降", widths.movement))
    if has_unranked:
        columns.append(Column("备注", _REMARK_WIDTH, is_text=True))
    rows = []
    for unit in (*group.ranked, *group.unranked):
        row = [str(unit.rank or DASH), unit.name]
        for name in sections:
            given = points[unit.unit].get(name) if unit.rank is not None else None
            row.append(DASH if given is None else group.points(given))
        row.append(DASH if unit.total is None else group.points(unit.total))
        if has_baseline:
            row += [str(unit.baseline_rank or DASH), movement(unit, brief=bool(sections))]
        if has_unranked:
            row.append(unit.unranked_reason)
        rows.append(tuple(row))
    words = [*quarter_words(results), group.name, "基层党建工作", "督查得分", "排名表"]
    return words, filled(columns), tuple(rows)


def movement(unit: UnitResult, *, brief: bool = False) -> str:
    """▲上升2位, ▼下降3位, in brief ▲2, ▼3; 持平 or 不可比."""
    if unit.places is None:
        return "不可比"
    if unit.places == 0:
        return "持平"
    mark, word = ("▲", "上升") if unit.places > 0 else ("▼", "下降")
    return f"{mark}{abs(unit.places)}" if brief else f"{mark}{word}{abs(unit.places)}位"


def quarter_words(results: Results) -> list[str]:
    """The quarter as words of a title."""
    return [f"{results.quarter.year}年", results.quarter.ordinal]


def filled(columns: list[Column]) -> tuple[Column, ...]:
    """The columns with what is left of the type area given to the one of width 0."""
    rest = TYPE_AREA[0] - sum(column.width for column in columns)
    return tuple(
        column if column.width else Column(column.heading, rest, column.is_text) for column in columns
    )


PointsBySection = Mapping[str, Decimal]


def _sections_that_fit(
    group: GroupResult, points: Mapping[int, PointsBySection], *, has_baseline: bool, has_unranked: bool
) -> list[str]:
    names = list(dict.fromkeys(score.section for unit in group.units for score in unit.scores))
    width = UNIT_WIDTH + len(names) * SECTION_WIDTH + _TIGHT.rank + _TIGHT.total
    width += (_TIGHT.baseline + _TIGHT.movement if has_baseline else 0) + has_unranked * _REMARK_WIDTH
    fits = len(names) > 1 and width <= TYPE_AREA[0] and max(map(len, names)) <= LONGEST_SECTION
    adds_up = all(sum(points[unit.unit].values(), Decimal(0)) == unit.total for unit in group.ranked)
    return names if fits and adds_up else []


def _points_by_section(unit: UnitResult, group: GroupResult) -> PointsBySection:
    """What a unit got in each section, as printed; without those of which nothing applies."""
    given: dict[str, Decimal] = {}
    for score in unit.scores:
        if score.points is not None:
            given[score.section] = given.get(score.section, Decimal(0)) + score.points
    step = Decimal(1).scaleb(-group.decimals)
    return {name: points.quantize(step, ROUND_HALF_UP) for name, points in given.items()}
