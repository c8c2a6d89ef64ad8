"""Rules 15 and 16: what a unit may not know changes no byte and no query of what it is answered.

The long form, with every key and every way to ask, is `python -m tests.trust two_worlds`.
"""

import pytest
from django.apps import apps

from organizations.models import Role
from rectification.models import Audience, Source
from tests.factories.items import raised
from tests.factories.reviews import ready_host
from tests.worlds.changing import CHANGES, SAME
from tests.worlds.leaks import missed
from tests.worlds.trials import after_publication, before_publication

pytestmark = pytest.mark.any_database


def told(comparison):
    """All that differed, for whoever has to find the leak."""
    return "\n".join(comparison.differences)


def tables_of(app):
    return apps.get_app_config(app).get_models()


def test_every_table_is_changed_or_says_why_not():
    tables = {model for app in ("rectification", "reviews") for model in tables_of(app)}
    assert sorted(model.__name__ for model in tables - CHANGES.keys() - SAME.keys()) == []
    assert not CHANGES.keys() & SAME.keys()


@pytest.mark.django_db
def test_before_publication_a_unit_cannot_tell_two_worlds_apart():
    # A clerk, who reads the same, and leaders are asked in the long form.
    comparison, changed = before_publication(Role.SECRETARY, most=1, every=40)
    assert min(changed.values()) > 0, changed
    assert comparison.statuses.get(500, 0) == 0
    assert comparison.shown >= 40
    assert comparison.statuses[304] > 0
    assert comparison.mails == 1
    assert not comparison.differences, told(comparison)


@pytest.mark.django_db
def test_after_publication_a_unit_learns_of_the_others_what_the_lists_say():
    comparison = after_publication(most=1, every=40)
    assert comparison.shown > 20
    assert not comparison.differences, told(comparison)


@pytest.mark.django_db
def test_leaks_of_every_kind_are_found():
    assert missed() == []


def test_a_serial_number_tells_how_many_items_a_quarter_has_and_not_whose(db):
    """The one known way to learn of what is not shown; docs/security.md says how wide it is."""
    host = ready_host("甲镇党委", "乙镇党委")
    unit, other = host.units.all()
    for anyone in (other, unit, other):
        raised(anyone, audience=Audience.STAFF)
    assert str(raised(unit, source=Source.SELF).serial) == "2018Q3-004"
