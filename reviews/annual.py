"""Quarters → the year: annual totals, places and lists. Pure: Decimal and Fraction, no Django, no database.

Only what was published counts. A quarter in which a unit was not scored is no nought (rule 6): the weights of
the quarters that count are scaled up to the whole, but whoever was scored too seldom has no annual total.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from reviews.ranking import Movement, RankMethod, Result, furthest_movers, rank_group
from reviews.scoring import round_half_up

QUARTERS = (1, 2, 3, 4)
WHOLE = 100
EQUAL_WEIGHTS = (25, 25, 25, 25)
LEAST_QUARTERS = 2  # that a unit is scored in before it has an annual total, unless the host says otherwise


class InvalidRule(ValueError):
    """Weights that make no whole, or more quarters asked for than count."""


@dataclass(frozen=True)
class YearRule:
    """How a host adds its quarters up. weights: percent by quarter, 100 together; a quarter of 0 counts not.

    least_quarters: how many counted quarters a unit needs. Raises InvalidRule.
    """

    weights: tuple[int, int, int, int] = EQUAL_WEIGHTS
    least_quarters: int = LEAST_QUARTERS

    def __post_init__(self) -> None:
        if len(self.weights) != len(QUARTERS) or min(self.weights) < 0 or sum(self.weights) != WHOLE:
            raise InvalidRule(f"Weights of {self.weights} do not make {WHOLE} percent of four quarters.")
        if not 1 <= self.least_quarters <= sum(weight > 0 for weight in self.weights):
            raise InvalidRule(f"{self.least_quarters} quarters cannot be counted by {self.weights}.")

    @property
    def is_mean(self) -> bool:
        return self.weights == EQUAL_WEIGHTS

    def weight(self, quarter: int) -> int:
        """Percent of the year that a quarter from 1 to 4 is worth."""
        return self.weights[quarter - 1]


@dataclass(frozen=True)
class QuarterResult:
    """What one quarter published of one unit. number: 1 to 4. group: the key of the one it then stood in.

    rank, total: None where it was not ranked. full_marks: what the total is out of. rubric: equal where
    totals may be compared.
    """

    number: int
    group: int
    rank: int | None
    total: Decimal | None
    full_marks: Decimal
    rubric: str = ""


@dataclass(frozen=True)
class UnitYear:
    """One unit with all that a year published of it, in any order. position: in the host's own order."""

    unit: int
    position: int
    quarters: tuple[QuarterResult, ...]

    def in_quarter(self, number: int) -> QuarterResult | None:
        return next((each for each in self.quarters if each.number == number), None)


class Absence(StrEnum):
    """Why a unit has no annual total."""

    LEFT = "left"  # it was not on the roster of the year's last quarter
    TOO_FEW = "too_few"  # fewer quarters count than the host asks for


@dataclass(frozen=True)
class YearPlaced:
    """One line of the annual standings. counted: the quarters its total is made of.

    places: place in the first published quarter − place in the last, > 0 is a rise; None where one of them is
    missing or was taken in another group. The four list places are as `reviews.ranking.Placed` has them.
    """

    unit: int
    position: int
    rank: int | None
    total: Decimal | None
    counted: tuple[int, ...]
    absence: Absence | None = None
    places: int | None = None
    top_place: int | None = None
    last_place: int | None = None
    progress_place: int | None = None
    setback_place: int | None = None


def counted_quarters(quarters: Iterable[QuarterResult], rule: YearRule) -> list[QuarterResult]:
    """Those that were scored and have a weight, by time."""
    scored = [each for each in quarters if each.total is not None and rule.weight(each.number)]
    return sorted(scored, key=lambda each: each.number)


def annual_total(
    quarters: Iterable[QuarterResult], rule: YearRule, *, full_marks: Decimal, decimals: int
) -> Decimal | None:
    """The weighted mean of the quarters that count, rounded once, half up; None where too few count.

    Each quarter counts as a share of its own full marks and the year is out of `full_marks`: where they are
    the same all year, that is the plain mean of the totals.
    """
    counted = counted_quarters(quarters, rule)
    if len(counted) < rule.least_quarters:
        return None
    weights = sum(rule.weight(each.number) for each in counted)
    share = sum((rule.weight(each.number) * _share(each) for each in counted), Fraction(0)) / weights
    return round_half_up(share * Fraction(full_marks), decimals)


def rank_year(
    units: Iterable[UnitYear],
    rule: YearRule,
    *,
    published: Sequence[int],
    full_marks: Decimal,
    decimals: int,
    method: RankMethod,
    list_size: int = 3,
) -> list[YearPlaced]:
    """Rank one group for the year and find its four lists.

    published: the quarters that are published, at least one. Who is not on the roster of the last of them is
    not ranked. full_marks, decimals: what the annual totals of this group are out of and rounded to.
    Returns the ranked in rank order, equals in the host's order, then the others in the host's order.
    """
    units = list(units)
    last = max(published)
    present = {each.unit for each in units if each.in_quarter(last) is not None}
    totals = {
        each.unit: annual_total(each.quarters, rule, full_marks=full_marks, decimals=decimals)
        for each in units
        if each.unit in present
    }
    results = [Result(each.unit, each.position, totals.get(each.unit), full_marks) for each in units]
    by_unit = {each.unit: each for each in units}
    moved = {
        each.unit: movement
        for each in units
        if (movement := _movement(each, min(published), last)) is not None
    }
    progress, setback = furthest_movers(moved, list_size)
    return [
        YearPlaced(
            unit=placed.unit,
            position=placed.position,
            rank=placed.rank,
            total=placed.total,
            counted=tuple(each.number for each in counted_quarters(by_unit[placed.unit].quarters, rule)),
            absence=_absence(placed.total, is_present=placed.unit in present),
            places=_places(moved, placed.unit),
            top_place=placed.top_place,
            last_place=placed.last_place,
            progress_place=progress.get(placed.unit),
            setback_place=setback.get(placed.unit),
        )
        for placed in rank_group(results, {}, method=method, list_size=list_size)
    ]


def firsts(ranks: Iterable[int | None]) -> int:
    """In how many quarters a unit was first."""
    return sum(rank == 1 for rank in ranks)


def rose_steadily(ranks: Sequence[int | None]) -> bool:
    """Whether a unit came up over at least three quarters and never fell. ranks: by time; None: no place."""
    placed = [rank for rank in ranks if rank is not None]
    if len(placed) < 3 or len(placed) < len(ranks):
        return False
    return placed[-1] < placed[0] and all(later <= earlier for earlier, later in pairwise(placed))


def _share(result: QuarterResult) -> Fraction:
    """The total as an exact share of its full marks."""
    assert result.total is not None
    return Fraction(result.total) / Fraction(result.full_marks)


def _movement(unit: UnitYear, first: int, last: int) -> Movement | None:
    """From the first to the last published quarter; None where the places cannot be compared (rule 5)."""
    before, after = unit.in_quarter(first), unit.in_quarter(last)
    if first == last or before is None or after is None or before.group != after.group:
        return None
    if before.rank is None or after.rank is None or before.total is None or after.total is None:
        return None
    change = after.total - before.total if before.rubric == after.rubric else Decimal(0)
    return Movement(before.rank - after.rank, change)


def _places(moved: Mapping[int, Movement], unit: int) -> int | None:
    return int(moved[unit].measured) if unit in moved else None


def _absence(total: Decimal | None, *, is_present: bool) -> Absence | None:
    if total is not None:
        return None
    return Absence.TOO_FEW if is_present else Absence.LEFT
