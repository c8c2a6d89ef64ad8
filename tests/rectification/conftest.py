"""A host with a unit, and a folder of uploads of one's own."""

import pytest

from organizations.models import Organization
from tests.factories.organizations import HostFactory, UnitFactory


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def host(db) -> Organization:
    return HostFactory()


@pytest.fixture
def unit(host) -> Organization:
    return UnitFactory(parent=host, name="丙乡党委")


@pytest.fixture
def other_unit(host) -> Organization:
    return UnitFactory(parent=host, name="丁镇党委")
