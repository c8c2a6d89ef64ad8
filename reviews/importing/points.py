"""Read the points of one cell, or say what is wrong with it and what is allowed (rule 11)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from organizations.names import normalize_name
from reviews.importing.expected import ExpectedIndicator
from reviews.importing.findings import number, shown
from reviews.importing.words import NOT_APPLICABLE
from reviews.scoring import NotPoints, PointsFault, check_points, parse_points
from workbooks.cells import UNCALCULATED, ErrorValue, Value


class CannotBePoints(ValueError):
    """A cell that holds no points which the indicator allows. Its text is for the user, translated."""


def score_of(value: Value, indicator: ExpectedIndicator) -> Decimal | None:
    """The points of a score cell that is not blank; None where it says 不适用. Raises CannotBePoints."""
    if isinstance(value, str) and normalize_name(value) == NOT_APPLICABLE:
        return None
    allowed = _("0 – %(full_marks)s, in steps of %(step)s; leave blank if not scored, or write 不适用") % {
        "full_marks": number(indicator.full_marks),
        "step": number(indicator.step),
    }
    points = _points(value, allowed)
    fault = check_points(points, indicator.full_marks, indicator.step)
    if fault is not None:
        raise CannotBePoints(_fault(fault, value, allowed))
    return points


def deduction_of(value: Value, indicator: ExpectedIndicator) -> Decimal:
    """The points of a deduction cell that is not blank: above 0. Raises CannotBePoints."""
    allowed = _(
        "above 0, at most %(full_marks)s, in steps of %(step)s; leave blank if nothing was deducted"
    ) % {"full_marks": number(indicator.full_marks), "step": number(indicator.step)}
    points = _points(value, allowed)
    if points == 0:
        raise CannotBePoints(
            _("“%(value)s” takes nothing off; allowed: %(allowed)s")
            % {"value": shown(value), "allowed": allowed}
        )
    fault = check_points(points, indicator.full_marks, indicator.step)
    if fault is not None:
        raise CannotBePoints(_fault(fault, value, allowed))
    return points


def plain_number(value: Value) -> Decimal | None:
    """The number in a cell that is only compared, such as 合计; None for anything else."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str):
        try:
            return parse_points(value)
        except NotPoints:
            return None
    return None


def _points(value: Value, allowed: str) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str):
        try:
            return parse_points(value)
        except NotPoints:
            message = _("“%(value)s” is not a number of points; allowed: %(allowed)s")
    elif value is UNCALCULATED:
        raise CannotBePoints(
            _("This formula has no result yet. Open the file in Excel or WPS, save it and import it again.")
        )
    elif isinstance(value, ErrorValue):
        message = _("The cell shows the error %(value)s; allowed: %(allowed)s")
    elif isinstance(value, date):
        message = _("The cell holds a date, %(value)s; allowed: %(allowed)s")
    else:
        message = _("“%(value)s” is not a number of points; allowed: %(allowed)s")
    raise CannotBePoints(message % {"value": shown(value), "allowed": allowed})


def _fault(fault: PointsFault, value: Value, allowed: str) -> str:
    messages = {
        PointsFault.NEGATIVE: _("“%(value)s” is negative; allowed: %(allowed)s"),
        PointsFault.ABOVE_FULL_MARKS: _("“%(value)s” is above the full marks; allowed: %(allowed)s"),
        PointsFault.OFF_STEP: _("“%(value)s” is between two steps; allowed: %(allowed)s"),
    }
    return messages[fault] % {"value": shown(value), "allowed": allowed}
