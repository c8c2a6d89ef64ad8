"""What a host's headings mean is kept once a heading, and used wherever scores are imported."""

import pytest
from django.db import IntegrityError, transaction

from reviews.importing.load import expected_for
from reviews.models import HeadingMeaning
from reviews.remembering import Meaning, forget_heading, remember_headings
from tests.factories.organizations import HostFactory
from tests.factories.reviews import opened_cycle, ready_host

pytestmark = pytest.mark.django_db


@pytest.fixture
def host():
    return ready_host("甲镇党委")


def test_what_is_said_last_counts(host):
    for indicator in ("主题党日", "三会一课"):
        remember_headings(host, [Meaning("三会", "三会（60分）", indicator)], by=None)
    assert expected_for(opened_cycle(host)).meanings == {"三会": "三会一课"}


def test_each_host_remembers_its_own(host):
    remember_headings(HostFactory(), [Meaning("三会", "三会", "三会一课")], by=None)
    assert expected_for(opened_cycle(host)).meanings == {}


def test_what_is_forgotten_is_unknown_again(host):
    remember_headings(host, [Meaning("三会", "三会", "")], by=None)
    forget_heading(HeadingMeaning.objects.get())
    assert expected_for(opened_cycle(host)).meanings == {}


def test_the_database_keeps_one_meaning_a_heading(host):
    HeadingMeaning.objects.create(host=host, key="三会", heading="三会")
    with pytest.raises(IntegrityError), transaction.atomic():
        HeadingMeaning.objects.create(host=host, key="三会", heading="三 会")
