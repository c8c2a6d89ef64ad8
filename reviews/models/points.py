"""How points are kept: whole ten-thousandths of a point, so that both databases add them exactly."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import DecimalField, Field
from django.utils.translation import gettext_lazy as _

PLACES = 4
UNIT = Decimal(1).scaleb(-PLACES)
LARGEST = Decimal(100_000)  # well inside a 32-bit integer of ten-thousandths


class PointsField(models.IntegerField):
    """Points as `Decimal` in Python and as an integer of 1/10000 point in the database.

    SQLite adds a DECIMAL column as floating point and ranks then come out wrong; integers add exactly on
    both databases, in SQL as in Python. Values read back carry no trailing zeros beyond those needed.
    """

    description = _("Points (exact, at most 4 decimal places)")

    # What django-stubs takes the attribute's types from.
    _pyi_private_set_type: Decimal | int | str  # type: ignore[assignment]
    _pyi_private_get_type: Decimal  # type: ignore[assignment]

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            points = Decimal(str(value))
        except ArithmeticError:
            points = Decimal("NaN")
        if not points.is_finite() or abs(points) > LARGEST or points != points.quantize(UNIT):
            raise ValidationError(_("“%(value)s” is not a number of points."), params={"value": value})
        return points

    def from_db_value(self, value: int | None, *args: Any) -> Decimal | None:
        return None if value is None else from_units(value)

    def get_prep_value(self, value: Any) -> int | None:
        points = self.to_python(value)
        return None if points is None else to_units(points)

    def formfield(self, **kwargs: Any) -> Field | None:
        limits = {"decimal_places": PLACES, "min_value": 0, "max_value": LARGEST}
        return models.Field.formfield(self, **{"form_class": DecimalField, **limits, **kwargs})

    @property
    def validators(self) -> list[Any]:
        # IntegerField's own compare with the column's integer range, which is ten thousand times ours.
        return []


def to_units(points: Decimal) -> int:
    """Whole ten-thousandths of a point; raises ValueError for what cannot be kept exactly."""
    scaled = points.scaleb(PLACES)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{points} has more than {PLACES} decimal places")
    return int(scaled)


def from_units(units: int) -> Decimal:
    """Points from ten-thousandths, without superfluous zeros: 95000 → 9.5, 80000 → 8."""
    points = Decimal(units).scaleb(-PLACES).normalize()
    return points if points.as_tuple().exponent <= 0 else points.quantize(Decimal(1))  # type: ignore[operator]
