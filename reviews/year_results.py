"""What a year came to, as plain values: worked out of published quarters or read back as frozen. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from organizations.quarter import Quarter
from reviews.annual import Absence, YearRule


@dataclass(frozen=True)
class QuarterTaken:
    """A published quarter that the year is made of, as the publication of this number and digest has it."""

    quarter: Quarter
    number: int
    digest: str
    published_on: datetime.date


@dataclass(frozen=True)
class QuarterCell:
    """What one quarter published of one unit. is_elsewhere: in a group that it stands in no more.

    rank, total: None where it was not ranked, and reason says why. decimals: how many the total prints with.
    """

    number: int
    rank: int | None
    total: Decimal | None
    decimals: int
    reason: str = ""
    is_elsewhere: bool = False

    @property
    def total_text(self) -> str:
        return "" if self.total is None else f"{self.total:.{self.decimals}f}"


@dataclass(frozen=True)
class YearLine:
    """One unit of a group: its quarters, and its annual total and place as `reviews.annual` gives them."""

    unit: int
    name: str
    position: int
    quarters: tuple[QuarterCell, ...]
    decimals: int
    counted: tuple[int, ...] = ()
    rank: int | None = None
    total: Decimal | None = None
    absence: Absence | None = None
    places: int | None = None
    top_place: int | None = None
    last_place: int | None = None
    progress_place: int | None = None
    setback_place: int | None = None

    @property
    def totals(self) -> dict[str, Decimal | None]:
        """By the number of each quarter, for sorting: the total, None where there is none."""
        cells = {number: self.in_quarter(number) for number in range(1, 5)}
        return {str(number): cell.total if cell else None for number, cell in cells.items()}

    def in_quarter(self, number: int) -> QuarterCell | None:
        return next((cell for cell in self.quarters if cell.number == number), None)

    @property
    def total_text(self) -> str:
        return "" if self.total is None else f"{self.total:.{self.decimals}f}"


@dataclass(frozen=True)
class QuarterAverage:
    """The average that one quarter published of a group: of all whom it then ranked there."""

    number: int
    average: Decimal
    decimals: int
    full_marks: Decimal

    @property
    def text(self) -> str:
        return f"{self.average:.{self.decimals}f}"


@dataclass(frozen=True)
class YearGroup:
    """One group of the year in print order. full_marks: what its annual totals are out of."""

    key: int
    name: str
    full_marks: Decimal
    decimals: int
    averages: tuple[QuarterAverage, ...]
    lines: tuple[YearLine, ...]

    @property
    def ranked(self) -> tuple[YearLine, ...]:
        return tuple(line for line in self.lines if line.rank is not None)

    @property
    def unranked(self) -> tuple[YearLine, ...]:
        return tuple(line for line in self.lines if line.rank is None)


@dataclass(frozen=True)
class YearResults:
    """The year of one host. quarters: those that are published, by time, at least one."""

    host_name: str
    year: int
    rule: YearRule
    rank_method: str
    list_size: int
    quarters: tuple[QuarterTaken, ...]
    groups: tuple[YearGroup, ...]

    @property
    def first(self) -> Quarter:
        return self.quarters[0].quarter

    @property
    def last(self) -> Quarter:
        return self.quarters[-1].quarter

    @property
    def missing(self) -> tuple[Quarter, ...]:
        """The quarters that are not published."""
        there = {taken.quarter.number for taken in self.quarters}
        return tuple(Quarter(self.year, number) for number in range(1, 5) if number not in there)

    @property
    def is_ranked(self) -> bool:
        return any(group.ranked for group in self.groups)

    def to_json(self) -> dict[str, Any]:
        """As an annual publication keeps it: numbers of points as text, quarters and days as written."""
        kept: dict[str, Any] = _plain(asdict(self))
        return kept

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> YearResults:
        return cls(
            host_name=kept["host_name"],
            year=kept["year"],
            rule=YearRule(tuple(kept["rule"]["weights"]), kept["rule"]["least_quarters"]),
            rank_method=kept["rank_method"],
            list_size=kept["list_size"],
            quarters=tuple(
                QuarterTaken(
                    Quarter.parse(each["quarter"]),
                    each["number"],
                    each["digest"],
                    datetime.date.fromisoformat(each["published_on"]),
                )
                for each in kept["quarters"]
            ),
            groups=tuple(map(_group, kept["groups"])),
        )


def _group(kept: Mapping[str, Any]) -> YearGroup:
    return YearGroup(
        **{
            **kept,
            "full_marks": Decimal(kept["full_marks"]),
            "averages": tuple(map(_average, kept["averages"])),
            "lines": tuple(map(_line, kept["lines"])),
        }
    )


def _average(kept: Mapping[str, Any]) -> QuarterAverage:
    points = {name: Decimal(kept[name]) for name in ("average", "full_marks")}
    return QuarterAverage(**{**kept, **points})


def _line(kept: Mapping[str, Any]) -> YearLine:
    return YearLine(
        **{
            **kept,
            "quarters": tuple(QuarterCell(**{**cell, "total": _points(cell)}) for cell in kept["quarters"]),
            "counted": tuple(kept["counted"]),
            "total": _points(kept),
            "absence": Absence(kept["absence"]) if kept["absence"] else None,
        }
    )


def _points(kept: Mapping[str, Any]) -> Decimal | None:
    return None if kept["total"] is None else Decimal(kept["total"])


def _plain(value: Any) -> Any:
    """A value as JSON holds it; points always with four decimals, however they were written."""
    if isinstance(value, dict):
        if set(value) == {"year", "number"}:
            return str(Quarter(**value))
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return f"{value:.4f}" if isinstance(value, Decimal) else value
