"""A small roster with its rubrics, and sheets to check against them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from organizations.names import normalize_name
from organizations.quarter import Quarter
from reviews.importing.checks import (
    Checked,
    Expected,
    ExpectedIndicator,
    ExpectedUnit,
    HeldDeduction,
    check_scores,
)
from workbooks.sheets import Block, Sheet, Workbook, trim

QUARTER = Quarter(2018, 3)
TOWNS, SYSTEMS = "乡镇（街道）", "系统单位"


def unit(review: int, group: str, *names: str) -> ExpectedUnit:
    return ExpectedUnit(review, names[0], frozenset(map(normalize_name, names)), group)


def indicator(
    number: int, name: str, full_marks: str, *, cap: str | None = None, is_bonus: bool = False
) -> ExpectedIndicator:
    most = None if cap is None else Decimal(cap)
    return ExpectedIndicator(number, name, Decimal(full_marks), Decimal("0.5"), most, is_bonus)


UNITS = (
    unit(1, TOWNS, "甲镇党委", "甲镇"),
    unit(2, TOWNS, "乙街道筹备办临时党工委", "乙街道筹备办", "乙镇党委"),
    unit(3, TOWNS, "丙乡党委", "丙乡"),
    unit(4, SYSTEMS, "区林业局直属机关党委", "区林业局", "林业局"),
    unit(5, SYSTEMS, "区水电公司党委", "水电公司"),
)
RUBRICS = {
    TOWNS: (
        indicator(11, "三会一课", "10"),
        indicator(12, "主题党日", "8"),
        indicator(13, "软弱涣散党组织整顿", "8", cap="4"),
        indicator(14, "加分", "5", is_bonus=True),
    ),
    SYSTEMS: (indicator(21, "三会一课", "12"), indicator(22, "结对帮扶", "8")),
}


def expected(
    recorded: Mapping[tuple[int, int], tuple[HeldDeduction, ...]] | None = None,
    units: tuple[ExpectedUnit, ...] = UNITS,
    **other: Any,
) -> Expected:
    return Expected(QUARTER, units, RUBRICS, recorded_deductions=recorded or {}, **other)


def sheet(
    rows: Iterable[Sequence[Any]], *, name: str = "表", merged: Iterable[Block] = (), hidden: bool = False
) -> Sheet:
    """A sheet of plain values: whole numbers and floats become the decimals that a reader gives."""
    return Sheet(name, trim([[value_of(value) for value in row] for row in rows]), tuple(merged), hidden)


def value_of(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


def check(*sheets: Sheet, against: Expected | None = None, file_name: str = "") -> Checked:
    return check_scores(Workbook(sheets), against or expected(), file_name)


def check_rows(rows: Iterable[Sequence[Any]], **options: Any) -> Checked:
    against, file_name = options.pop("against", None), options.pop("file_name", "")
    return check(sheet(rows, **options), against=against, file_name=file_name)


def entered(checked: Checked) -> dict[tuple[int, int], Decimal | None]:
    """The points by review and indicator."""
    return {(score.review, score.indicator): score.points for score in checked.scores}


def problems(checked: Checked) -> list[str]:
    return [str(problem) for problem in checked.problems]


def notes(checked: Checked) -> list[str]:
    return [str(note) for note in checked.notes]
