"""Read the points of one cell, or say what is wrong with it and what is allowed (rule 11)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext as _

from organizations.names import normalize_name
from reviews.importing.expected import ExpectedIndicator
from reviews.importing.findings import number, shown
from reviews.importing.words import NOT_APPLICABLE
from reviews.scoring import NotPoints, PointsFault, check_points, parse_points
from workbooks.cells import UNCALCULATED, ErrorValue, Value


class CannotBePoints(ValueError):
    """A cell that holds no points which the indicator allows. Its text is for the user, translated."""


# A file of 50,000 rows holds a few dozen different points; exact division is the slowest part of a row.
_check = lru_cache(maxsize=4096)(check_points)


def score_of(value: Value, indicator: ExpectedIndicator) -> Decimal | None:
    """The points of a score cell that is not blank; None where it says 不适用. Raises CannotBePoints."""
    if isinstance(value, str) and normalize_name(value) == NOT_APPLICABLE:
        return None
    try:
        return _points(value, indicator)
    except _Wrong as wrong:
        allowed = _("0 – %(full_marks)s, in steps of %(step)s; leave blank if not scored, or write 不适用")
        raise CannotBePoints(wrong.explained(value, allowed, indicator)) from wrong


def deduction_of(value: Value, indicator: ExpectedIndicator) -> Decimal:
    """The points of a deduction cell that is not blank: above 0. Raises CannotBePoints."""
    try:
        lost = plain_number(value)
        if lost is not None and lost < 0:
            raise _Wrong(
                _("“%(value)s” is negative; write %(points)s. Allowed: %(allowed)s"), points=number(abs(lost))
            )
        points = _points(value, indicator)
        if points == 0:
            raise _Wrong(_("“%(value)s” takes nothing off; allowed: %(allowed)s"))
    except _Wrong as wrong:
        allowed = _(
            "above 0, at most %(full_marks)s, in steps of %(step)s; leave blank if nothing was deducted"
        )
        raise CannotBePoints(wrong.explained(value, allowed, indicator)) from wrong
    return points


def plain_number(value: Value) -> Decimal | None:
    """The number in a cell that is only compared, such as 合计; None for anything else."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str):
        try:
            return _parsed(value)
        except NotPoints:
            return None
    return None


def _parsed(text: str) -> Decimal:
    """A number of points typed as text, also with its unit: 9.5分. Raises NotPoints."""
    return parse_points(text.rstrip().removesuffix("分"))


class _Wrong(Exception):
    """What is wrong, before it is said what would be allowed.

    message: names value and allowed, and whatever else is given for it.
    """

    def __init__(self, message: str, **given: str) -> None:
        super().__init__(message)
        self.message = message
        self.given = given

    def explained(self, value: Value, allowed: str, indicator: ExpectedIndicator) -> str:
        limits = {"full_marks": number(indicator.full_marks), "step": number(indicator.step)}
        return self.message % {"value": shown(value), "allowed": allowed % limits, **self.given}


def _points(value: Value, indicator: ExpectedIndicator) -> Decimal:
    """The points that a cell holds, if the indicator allows them. Raises _Wrong."""
    points = _number(value)
    fault = _check(points, indicator.full_marks, indicator.step)
    if fault is PointsFault.NEGATIVE:
        raise _Wrong(_("“%(value)s” is negative; allowed: %(allowed)s"))
    if fault is PointsFault.ABOVE_FULL_MARKS:
        raise _Wrong(_("“%(value)s” is above the full marks; allowed: %(allowed)s"))
    if fault is PointsFault.OFF_STEP:
        raise _Wrong(_("“%(value)s” is between two steps; allowed: %(allowed)s"))
    return points


def _number(value: Value) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str):
        try:
            return _parsed(value)
        except NotPoints as error:
            raise _Wrong(_("“%(value)s” is not a number of points; allowed: %(allowed)s")) from error
    if value is UNCALCULATED:
        raise _Wrong(
            _("This formula has no result yet. Open the file in Excel or WPS, save it and import it again.")
        )
    if isinstance(value, ErrorValue):
        raise _Wrong(_("The cell shows the error %(value)s; allowed: %(allowed)s"))
    if isinstance(value, date):
        raise _Wrong(_("The cell holds a date, %(value)s; allowed: %(allowed)s"))
    raise _Wrong(_("“%(value)s” is not a number of points; allowed: %(allowed)s"))
