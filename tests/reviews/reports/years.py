"""Years for tests of annual reports: whole ones, and small ones made by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from organizations.quarter import Quarter
from reviews.annual import QuarterResult, UnitYear, YearRule, rank_year
from reviews.ranking import RankMethod, Result, rank_group
from reviews.reports.annual_facts import AnnualFacts, YearItems
from reviews.reports.facts import Score
from reviews.scoring import round_half_up
from reviews.year_results import (
    QuarterAverage,
    QuarterCell,
    QuarterTaken,
    YearGroup,
    YearLine,
    YearResults,
)
from tests.reviews.reports.district import DIGEST

FULL = Decimal(100)
MEAN = YearRule()
# By unit: the total of each quarter; None: not scored; a unit that is not there was not on the roster.
Quarters = Mapping[int, Mapping[str, Decimal | int | str | None]]


def year_of(
    groups: Mapping[str, Quarters],
    *,
    rule: YearRule = MEAN,
    method: RankMethod = RankMethod.DENSE,
    list_size: int = 3,
) -> YearResults:
    """A year in which every group published these totals by quarter, units in the order they first appear."""
    published = sorted({number for quarters in groups.values() for number in quarters})
    return YearResults(
        host_name="区委组织部",
        year=2018,
        rule=rule,
        rank_method=method,
        list_size=list_size,
        quarters=tuple(
            QuarterTaken(Quarter(2018, number), 1, DIGEST, datetime.date(2018, 12, number))
            for number in published
        ),
        groups=tuple(
            _group(key, name, quarters, published, rule, method, list_size)
            for key, (name, quarters) in enumerate(groups.items(), 1)
        ),
    )


def facts_of(
    groups: Mapping[str, Quarters],
    *,
    scores: Mapping[str, Sequence[Score]] | None = None,
    items: YearItems | None = None,
    number: int = 1,
    reason: str = "",
    before: YearResults | None = None,
    **options: object,
) -> AnnualFacts:
    """The same year as it is reported; scores: by unit, of all its quarters."""
    year = year_of(groups, **options)
    keys = {line.name: line.unit for group in year.groups for line in group.lines}
    return AnnualFacts(
        year=year,
        published_on=datetime.date(2019, 1, 10),
        scores={keys[name]: found for name, found in (scores or {}).items() if name in keys},
        items=items,
        number=number,
        reason=reason,
        digest=DIGEST,
        before=before,
    )


def _group(
    key: int,
    name: str,
    quarters: Quarters,
    published: Sequence[int],
    rule: YearRule,
    method: RankMethod,
    list_size: int,
) -> YearGroup:
    names = list(dict.fromkeys(unit for number in sorted(quarters) for unit in quarters[number]))
    cells: dict[str, list[QuarterCell]] = {unit: [] for unit in names}
    for number in sorted(quarters):
        totals = {
            unit: None if total is None else round_half_up(Decimal(total), 2)
            for unit, total in quarters[number].items()
        }
        results = [
            Result(names.index(unit), names.index(unit), total, FULL) for unit, total in totals.items()
        ]
        for placed in rank_group(results, {}, method=method):
            reason = "" if placed.rank else "未安排督查"
            cells[names[placed.unit]].append(QuarterCell(number, placed.rank, placed.total, 2, reason))
    units = [
        UnitYear(
            key * 1000 + position,
            position,
            tuple(QuarterResult(cell.number, key, cell.rank, cell.total, FULL) for cell in cells[unit]),
        )
        for position, unit in enumerate(names)
    ]
    placed_units = rank_year(
        units, rule, published=published, full_marks=FULL, decimals=2, method=method, list_size=list_size
    )
    return YearGroup(
        key=key,
        name=name,
        full_marks=FULL,
        decimals=2,
        averages=tuple(_averages(cells)),
        lines=tuple(
            YearLine(
                unit=placed.unit,
                name=names[placed.position],
                position=placed.position,
                quarters=tuple(cells[names[placed.position]]),
                decimals=2,
                counted=placed.counted,
                rank=placed.rank,
                total=placed.total,
                absence=placed.absence,
                places=placed.places,
                top_place=placed.top_place,
                last_place=placed.last_place,
                progress_place=placed.progress_place,
                setback_place=placed.setback_place,
            )
            for placed in placed_units
        ),
    )


def _averages(cells: Mapping[str, Sequence[QuarterCell]]) -> list[QuarterAverage]:
    by_quarter: dict[int, list[Decimal]] = {}
    for found in cells.values():
        for cell in found:
            if cell.total is not None:
                by_quarter.setdefault(cell.number, []).append(cell.total)
    return [
        QuarterAverage(number, round_half_up(Fraction(sum(totals)) / len(totals), 2), 2, FULL)
        for number, totals in sorted(by_quarter.items())
    ]
