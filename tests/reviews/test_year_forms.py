"""What the staff type about a year."""

import pytest

from reviews.models import ReviewYear
from reviews.year_forms import YearForm
from tests.factories.organizations import HostFactory

pytestmark = pytest.mark.django_db


def test_whoever_saves_the_rule_second_is_not_refused_because_there_is_one():
    host = HostFactory()
    typed = {"first": 40, "second": 20, "third": 20, "fourth": 20, "least_quarters": 2}
    forms = [YearForm(typed, instance=ReviewYear(host=host, year=2018)) for _ in range(2)]
    assert all(form.is_valid() for form in forms)
    for form in forms:
        form.save()
    assert ReviewYear.objects.get(host=host, year=2018).first == 40
