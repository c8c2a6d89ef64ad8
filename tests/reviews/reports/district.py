"""Published results for tests of documents: the sample district, and small ones made by hand."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from openpyxl import load_workbook

from organizations.quarter import Quarter
from reviews.ranking import Earlier, ListName, Placed, ProgressMeasure, RankMethod, Result, rank_group
from reviews.reports.facts import Deduction, GroupResult, Results, Score, UnitResult
from reviews.scoring import round_half_up

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
FIRST_QUARTER = Quarter(2018, 1)
DIGEST = "0123456789abcdef" * 4

Totals = Mapping[str, Decimal | str | None]


def quarter_of(
    groups: Mapping[str, Totals],
    earlier: Mapping[str, Totals] | None = None,
    *,
    scores: Mapping[str, Sequence[Score]] | None = None,
    reasons: Mapping[str, str] | None = None,
    measure: ProgressMeasure = ProgressMeasure.PLACES,
    method: RankMethod = RankMethod.DENSE,
    list_size: int = 3,
    baseline: Quarter = FIRST_QUARTER,
) -> Results:
    """Publish totals by group and unit, in the host's order; None = not ranked. earlier: the baseline's."""
    results = Results(
        host_name="区委组织部",
        quarter=Quarter(2018, 3),
        groups=tuple(
            GroupResult(
                name,
                tuple(
                    _units(
                        totals,
                        (earlier or {}).get(name, {}),
                        scores or {},
                        reasons or {},
                        measure,
                        method,
                        list_size,
                        1000 * number,
                    )
                ),
                key=number,
            )
            for number, (name, totals) in enumerate(groups.items(), 1)
        ),
        published_on=datetime.date(2018, 10, 8),
        baseline=baseline if earlier is not None else None,
        list_size=list_size,
        measure=measure,
        digest=DIGEST,
        rank_method=method,
    )
    return results


def _units(
    totals: Totals,
    earlier: Totals,
    scores: Mapping[str, Sequence[Score]],
    reasons: Mapping[str, str],
    measure: ProgressMeasure,
    method: RankMethod,
    list_size: int,
    keys_from: int,
) -> Iterable[UnitResult]:
    names = list(totals)
    before = _ranked(earlier, names, {}, method, measure, list_size)
    known = {
        placed.unit: Earlier(placed.rank, placed.total, Decimal(100))
        for placed in before
        if placed.rank is not None and placed.total is not None
    }
    for placed in _ranked(totals, names, known, method, measure, list_size):
        name = names[placed.unit]
        yield UnitResult(
            unit=keys_from + placed.unit,
            name=name,
            position=placed.position,
            rank=placed.rank,
            total=placed.total,
            baseline_rank=placed.baseline_rank,
            places=placed.places,
            total_change=placed.total_change,
            unranked_reason=reasons.get(name, "未安排督查") if placed.rank is None else "",
            list_places=list_places(placed),
            scores=tuple(scores.get(name, ())),
        )


def _ranked(
    totals: Totals,
    names: list[str],
    known: Mapping[int, Earlier],
    method: RankMethod,
    measure: ProgressMeasure,
    list_size: int,
) -> list[Placed]:
    results = [
        Result(
            unit=names.index(name),
            position=names.index(name),
            total=None if total is None else round_half_up(Decimal(total), 2),
            full_marks=Decimal(100),
        )
        for name, total in totals.items()
        if name in names
    ]
    return rank_group(results, known, method=method, measure=measure, list_size=list_size)


def list_places(placed: Placed) -> dict[ListName, int]:
    """The places a unit has in the four lists, without those it is not in."""
    places = {
        ListName.TOP: placed.top_place,
        ListName.LAST: placed.last_place,
        ListName.PROGRESS: placed.progress_place,
        ListName.SETBACK: placed.setback_place,
    }
    return {name: place for name, place in places.items() if place is not None}


@cache
def sample_district() -> Results:
    """2018Q3 of the sample workbooks against 2018Q1, with every recorded deduction."""
    scores = _sample_scores("2018Q3")
    return quarter_of(_sample_totals("2018Q3"), _sample_totals("2018Q1"), scores=scores)


def corrected(results: Results, reason: str) -> Results:
    """The same results as a first correction."""
    return replace(results, number=2, reason=reason)


def _sample_totals(quarter: str) -> dict[str, dict[str, Decimal]]:
    totals: dict[str, dict[str, Decimal]] = {}
    for sheet in load_workbook(SAMPLES / f"scores-{quarter}.xlsx"):
        heads = [cell.value for cell in sheet[4]]
        points = [index for index, head in enumerate(heads) if head and str(head).endswith("分）")]
        totals[sheet.title] = {
            row[1]: sum((Decimal(str(row[index])) for index in points), Decimal(0))
            for row in sheet.iter_rows(min_row=5, values_only=True)
            if row[1] and isinstance(row[0], int)
        }
    return totals


def _sample_scores(quarter: str) -> dict[str, list[Score]]:
    lost = {
        (row[0], row[1]): Deduction(Decimal(str(row[3])), row[4])
        for row in load_workbook(SAMPLES / f"deductions-{quarter}.xlsx").active.iter_rows(
            min_row=2, values_only=True
        )
    }
    rubric = load_workbook(SAMPLES / "rubric-2018.xlsx").active.iter_rows(min_row=2, values_only=True)
    indicators: dict[str, list[tuple[str, str, Decimal]]] = {}
    for group, section, indicator, full_marks, _standard in rubric:
        indicators.setdefault(group, []).append((section, indicator, Decimal(str(full_marks))))
    scores: dict[str, list[Score]] = {}
    for group, totals in _sample_totals(quarter).items():
        for unit in totals:
            scores[unit] = [
                Score(
                    section,
                    indicator,
                    full_marks,
                    full_marks - (deduction.points if deduction else 0),
                    deductions=(deduction,) if deduction else (),
                )
                for section, indicator, full_marks in indicators[group]
                for deduction in [lost.get((unit, indicator))]
            ]
    return scores
