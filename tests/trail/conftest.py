"""The people and the quarter that tests of the audit trail share."""

from __future__ import annotations

import pytest

from organizations.models import Organization, Role, User
from reviews.models import ReviewCycle
from tests.factories.organizations import somebody
from tests.factories.reviews import cycle_with_totals


@pytest.fixture
def cycle(db: None) -> ReviewCycle:
    return cycle_with_totals({"甲镇党委": 90, "乙镇党委": 80})


@pytest.fixture
def host(cycle: ReviewCycle) -> Organization:
    return cycle.host


@pytest.fixture
def unit(cycle: ReviewCycle) -> Organization:
    return cycle.reviews.order_by("pk")[0].organization


@pytest.fixture
def administrator(host: Organization) -> User:
    return somebody(Role.ADMINISTRATOR, host)
