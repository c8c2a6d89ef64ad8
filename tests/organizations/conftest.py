"""The people and places that tests of organizations share."""

from __future__ import annotations

import pytest

from organizations.models import Organization
from tests.factories.organizations import HostFactory, UnitFactory


@pytest.fixture
def host(db: None) -> Organization:
    return HostFactory(name="某区委组织部")


@pytest.fixture
def unit(host: Organization) -> Organization:
    return UnitFactory(parent=host, name="甲镇党委", position=1)
