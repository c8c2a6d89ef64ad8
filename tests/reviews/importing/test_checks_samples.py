"""The sample workbooks, as an office lays them out, against the roster and rubrics beside them."""

from decimal import Decimal
from pathlib import Path

import pytest

from organizations.names import normalize_name
from organizations.quarter import Quarter
from reviews.importing.checks import Expected, ExpectedIndicator, ExpectedUnit, check_scores
from workbooks.reading import Sheet, Workbook, read_workbook

SAMPLES = Path(__file__).resolve().parents[3] / "samples"


def sample(name: str) -> Workbook:
    return read_workbook((SAMPLES / name).read_bytes(), name)


def cells(sheet: Sheet, columns: int) -> list[list[str]]:
    return [[str(sheet.value(row, column) or "") for column in range(1, columns + 1)]
            for row in range(2, len(sheet.rows) + 1)]  # fmt: skip


def sample_district(quarter: Quarter) -> Expected:
    units = tuple(
        ExpectedUnit(review, name, frozenset({normalize_name(name), normalize_name(short or name)}), group)
        for review, (_place, name, short, group) in enumerate(cells(sample("units.xlsx").sheets[0], 4), 1)
    )
    rubrics: dict[str, tuple[ExpectedIndicator, ...]] = {}
    rubric_rows = cells(sample("rubric-2018.xlsx").sheets[0], 4)
    for number, (group, _section, name, full_marks) in enumerate(rubric_rows, 1):
        indicator = ExpectedIndicator(number, name, Decimal(full_marks), Decimal("0.5"))
        rubrics[group] = (*rubrics.get(group, ()), indicator)
    return Expected(quarter, units, rubrics)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_wide_sample_gives_every_unit_every_score(number):
    name = f"scores-2018Q{number}.xlsx"
    checked = check_scores(sample(name), sample_district(Quarter(2018, number)), name)
    assert (checked.problems, checked.notes) == ((), ())
    assert len(checked.scores) == 17 * 14 + 18 * 12
    assert checked.deductions == ()


@pytest.mark.parametrize(("number", "rows"), [(1, 371), (2, 380), (3, 344)])
def test_a_long_sample_gives_every_deduction(number, rows):
    name = f"deductions-2018Q{number}.xlsx"
    checked = check_scores(sample(name), sample_district(Quarter(2018, number)), name)
    assert (checked.problems, checked.notes) == ((), ())
    assert len(checked.deductions) == rows
    assert checked.scores == ()


def test_scores_and_deductions_of_a_quarter_agree_whichever_comes_first():
    quarter = Quarter(2018, 3)
    district = sample_district(quarter)
    both = Workbook(sample("scores-2018Q3.xlsx").sheets + sample("deductions-2018Q3.xlsx").sheets)
    checked = check_scores(both, district)
    assert checked.problems == ()
    full_marks = {
        (unit.review, indicator.indicator): indicator.full_marks
        for unit in district.units
        for indicator in district.indicators[unit.group]
    }
    derived = {(deduction.review, deduction.indicator) for deduction in checked.deductions}
    assert len(checked.scores) + len(derived) == len(full_marks)
    assert {
        score.points for score in checked.scores if score.points != full_marks[score.review, score.indicator]
    } == set()


@pytest.mark.parametrize("name", ["scores-2018Q1.xlsx", "deductions-2018Q1.xlsx"])
def test_another_quarters_sample_is_refused(name):
    checked = check_scores(sample(name), sample_district(Quarter(2018, 3)), name)
    assert checked.problems
    assert all("2018年第一季度" in problem.message for problem in checked.problems)
