"""Points as the database keeps them: exact, on both databases."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Max, Sum

from reviews.models import Indicator
from reviews.models.points import LARGEST, PointsField, from_units, to_units
from tests.factories.reviews import IndicatorFactory, SectionFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["0.0001", "0.1", "0.5", "9.3", "12.25", "100", "99999.9999", "100000"])
def test_points_come_back_as_they_were_kept(text):
    indicator = IndicatorFactory(full_marks=Decimal(text))
    assert Indicator.objects.get(pk=indicator.pk).full_marks == Decimal(text)


def test_points_come_back_without_superfluous_zeros():
    assert [str(from_units(units)) for units in (95_000, 80_000, 1_000_000, 0, 1)] == [
        "9.5",
        "8",
        "100",
        "0",
        "0.0001",
    ]


def test_the_database_adds_points_exactly():
    section = SectionFactory()
    Indicator.objects.bulk_create(
        Indicator(rubric=section.rubric, section=section, name=f"指标{n}", full_marks=Decimal("0.1"))
        for n in range(1000)
    )
    assert Indicator.objects.aggregate(total=Sum("full_marks"))["total"] == Decimal(100)


def test_points_compare_and_sort_in_sql_as_numbers():
    section = SectionFactory()
    for text in ("9.5", "10", "9.55"):
        IndicatorFactory(home=section, full_marks=Decimal(text))
    assert list(Indicator.objects.order_by("full_marks").values_list("full_marks", flat=True)) == [
        Decimal("9.5"),
        Decimal("9.55"),
        Decimal(10),
    ]
    assert Indicator.objects.filter(full_marks__gt=Decimal("9.5")).count() == 2
    assert Indicator.objects.aggregate(most=Max("full_marks"))["most"] == Decimal(10)


def test_the_column_holds_whole_ten_thousandths():
    IndicatorFactory(full_marks=Decimal("9.5"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT full_marks FROM reviews_indicator")
        assert cursor.fetchone() == (95_000,)


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "1e26", "0.00001", LARGEST + 1, "eight"])
def test_what_is_no_number_of_points_is_refused(value):
    with pytest.raises(ValidationError):
        PointsField().to_python(value)


def test_what_cannot_be_kept_exactly_is_not_rounded():
    with pytest.raises(ValueError, match="decimal places"):
        to_units(Decimal("0.00001"))
