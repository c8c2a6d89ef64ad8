"""A reviewed district and the people who look at its pages."""

from __future__ import annotations

import pytest

from organizations.models import Organization, Role, User
from reviews.models import ReviewCycle
from tests.factories.organizations import somebody
from tests.factories.reviews import cycle_with_totals, published, ready_host

FIRST = {"甲镇党委": 90, "乙镇党委": 95, "丙镇党委": 80, "丁镇党委": 85, "戊镇党委": 70, "己镇党委": 75}
SECOND = {"甲镇党委": 96, "乙镇党委": 95, "丙镇党委": 94, "丁镇党委": 93, "戊镇党委": 92, "己镇党委": 91}


@pytest.fixture
def host(db: None) -> Organization:
    return ready_host(*FIRST)


@pytest.fixture
def unit(host: Organization) -> Organization:
    """丙镇党委: third of the host's six units, last of nothing."""
    return host.units.get(name="丙镇党委")


@pytest.fixture
def inspector(host: Organization) -> User:
    return somebody(Role.INSPECTOR, host)


@pytest.fixture
def earlier(host: Organization) -> ReviewCycle:
    """2018Q1, published."""
    cycle = cycle_with_totals(FIRST, host=host, quarter="2018Q1")
    published(cycle)
    return cycle


@pytest.fixture
def running(host: Organization, earlier: ReviewCycle) -> ReviewCycle:
    """2018Q3 with all scores in, open."""
    return cycle_with_totals(SECOND, host=host, quarter="2018Q3")


@pytest.fixture
def done(running: ReviewCycle) -> ReviewCycle:
    """2018Q3, published."""
    published(running)
    running.refresh_from_db()
    return running
