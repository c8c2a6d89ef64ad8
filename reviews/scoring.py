"""Points → totals (rules 1, 10 and 11). Pure: exact Decimal and Fraction, no Django, never a float.

Totals are computed exactly and rounded once, at the very end, so that no order of adding and no
intermediate rounding can part two units that did equally well.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

MAX_DECIMALS = 4  # points are stored as integers of 1/10000 point

ZERO = Decimal(0)


def round_half_up(value: Decimal | Fraction, places: int) -> Decimal:
    """Round to `places` decimals, halves away from zero as people round by hand: 0.125 → 0.13.

    The result always carries `places` decimals, so it prints as it ranks: 96 → 96.00. A result of zero
    has no sign. Raises ValueError or OverflowError for NaN and infinities.
    """
    scaled = Fraction(value) * Fraction(10) ** places
    units = math.floor(abs(scaled) + Fraction(1, 2))
    return Decimal(f"{units if scaled > 0 else -units}e{-places}")


@dataclass(frozen=True)
class DerivedPoints:
    """What deductions leave of an indicator.

    points: full marks less what was lost. beyond_floor: points deducted that could no longer be lost.
    Hence full marks − Σ deductions = points − beyond_floor.
    """

    points: Decimal
    beyond_floor: Decimal


def derive_points(full_marks: Decimal, deductions: Iterable[Decimal], cap: Decimal | None) -> DerivedPoints:
    """The points of an indicator whose score is derived from deductions (rule 10).

    deductions: points taken off, each 0 or more. cap: the most that can be lost, None = all of it.
    The points never fall below 0 nor below full marks − cap. Raises ValueError for a negative deduction.
    """
    deductions = list(deductions)
    if any(deduction < 0 for deduction in deductions):
        raise ValueError("A deduction takes points off; it cannot be negative.")
    floor = ZERO if cap is None else max(ZERO, full_marks - cap)
    unbounded = full_marks - sum(deductions, ZERO)
    points = max(unbounded, floor)
    return DerivedPoints(points=points, beyond_floor=points - unbounded)


@dataclass(frozen=True)
class Mark:
    """One indicator of one unit, as its total needs it.

    points: None = not scored yet, which is not zero. applies: False prints "不适用" and leaves the
    denominator; whatever points it has are ignored. is_bonus: stands outside the full total.
    """

    full_marks: Decimal
    points: Decimal | None
    applies: bool = True
    is_bonus: bool = False


@dataclass(frozen=True)
class Total:
    """What the marks of one unit add up to.

    total: points out of the rubric's full total plus bonus, rounded; None while `missing` is not 0 and
    where nothing applies. denominator: full marks of the regular indicators that apply.
    missing: regular indicators that apply and have no points yet.
    """

    total: Decimal | None
    denominator: Decimal
    missing: int


def total_of(marks: Iterable[Mark], full_total: Decimal, places: int) -> Total:
    """Add up one unit's marks, exactly, and round once, half up, to `places` decimals (rule 1).

    Where every regular indicator applies the total is the plain sum. Where some do not apply, the
    others stand for the whole: Σ points × full_total ÷ Σ their full marks. Bonus points are added as
    they are; a blank bonus adds nothing and is not missing. See docs/decisions/0002.
    full_total: the rubric's stated total, that of all regular full marks.
    """
    marks = list(marks)
    regular = [mark for mark in marks if not mark.is_bonus]
    applying = [mark for mark in regular if mark.applies]
    scored = [mark.points for mark in applying if mark.points is not None]
    bonus = [mark.points for mark in marks if mark.is_bonus and mark.applies and mark.points is not None]

    denominator = sum((mark.full_marks for mark in applying), ZERO)
    missing = len(applying) - len(scored)
    if missing or denominator == 0:
        return Total(total=None, denominator=denominator, missing=missing)

    exact = _sum(scored)
    if len(applying) < len(regular):
        exact *= Fraction(full_total) / Fraction(denominator)
    return Total(total=round_half_up(exact + _sum(bonus), places), denominator=denominator, missing=0)


class PointsFault(StrEnum):
    """Why points are refused (rule 11)."""

    NEGATIVE = "negative"
    ABOVE_FULL_MARKS = "above_full_marks"
    OFF_STEP = "off_step"


def check_points(points: Decimal, full_marks: Decimal, step: Decimal) -> PointsFault | None:
    """Why these points cannot be given for an indicator, or None where they can.

    full_marks, step: of the indicator; step is above 0. Full marks themselves are always allowed, even
    where they are no multiple of the step. Never raises, whatever `points` holds: infinities are out
    of range and NaN is on no step.
    """
    if points.is_nan():
        return PointsFault.OFF_STEP
    if points < 0:
        return PointsFault.NEGATIVE
    if points > full_marks:
        return PointsFault.ABOVE_FULL_MARKS
    if points == 0 or points == full_marks:
        return None
    # Comparing is cheap at any exponent, dividing is not: 1e-999999 never reaches the division.
    if points < step or Fraction(points) % Fraction(step) != 0:
        return PointsFault.OFF_STEP
    return None


class NotPoints(ValueError):
    """A text that writes no number of points."""


_PLAIN = str.maketrans("０１２３４５６７８９．。｡－−", "0123456789...--")
# What cells pasted from web pages and other programs carry around a number.
_BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_POINTS = re.compile(rf"-?(?:[0-9]+(?:\.[0-9]{{1,{MAX_DECIMALS}}})?|\.[0-9]{{1,{MAX_DECIMALS}}})")


def parse_points(text: str) -> Decimal:
    """Read points as a person types or pastes them: "8.5", "８．５", " 8。5 ".

    Blanks of any kind around the number are ignored. A leading minus is read, so that the caller can
    say "negative" rather than "not a number". Anything else raises NotPoints: blanks, commas or
    underscores between digits, exponents, fractions, percentages, NaN, more than 4 decimals, nothing.
    """
    plain = text.strip(_BLANKS).translate(_PLAIN)
    if not _POINTS.fullmatch(plain):
        raise NotPoints(f"{text!r} is not a number of points, such as 8 or 8.5.")
    points = Decimal(plain)
    return points if points else points.copy_abs()


def _sum(points: Iterable[Decimal]) -> Fraction:
    return sum(map(Fraction, points), Fraction(0))
