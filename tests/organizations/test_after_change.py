"""What the apps above do when a roster has changed: told of every deed, in its transaction."""

import pytest

from organizations import changes
from organizations.changes import UnitDetails, change_unit, close_unit, found_unit, reopen_unit
from organizations.models import Organization
from organizations.roster import apply_roster
from tests.factories.items import in_days
from tests.factories.organizations import HostFactory, UnitFactory
from tests.organizations.test_roster import towns

pytestmark = pytest.mark.django_db
TODAY = in_days(0)


@pytest.fixture
def told(monkeypatch):
    """The superiors that an app was told of."""
    superiors: list[Organization] = []
    monkeypatch.setattr(changes, "after_change", [superiors.append])
    return superiors


def test_every_deed_on_the_roster_tells_of_it_once(told):
    host = HostFactory()
    unit = UnitFactory(parent=host)
    for deed in (
        lambda: close_unit(unit, TODAY),
        lambda: reopen_unit(unit),
        lambda: change_unit(unit, UnitDetails("甲镇党委"), on=TODAY),
        lambda: found_unit(host, UnitDetails("乙镇党委"), predecessors=[unit], ending=TODAY),
        lambda: apply_roster(towns("丙镇党委"), host),
    ):
        told.clear()
        deed()
        assert told == [host]


def test_what_an_app_cannot_follow_is_not_done(monkeypatch):
    unit = UnitFactory()

    def fail(superior: Organization) -> None:
        raise RuntimeError

    monkeypatch.setattr(changes, "after_change", [fail])
    with pytest.raises(RuntimeError):
        close_unit(unit, TODAY)
    unit.refresh_from_db()
    assert unit.active_to is None
