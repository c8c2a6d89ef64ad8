"""Administrators who act on each other at the same moment."""

from __future__ import annotations

from functools import partial

import pytest
from django.utils import timezone

from organizations.accounts import AccountRefused, Duty, Person, end_membership, open_account
from organizations.models import Membership, Organization, Role, User
from tests.factories.organizations import HostFactory, somebody
from tests.reviews.importing.test_load_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def is_ended(whom: User, by: User, host: Organization) -> bool:
    try:
        end_membership(whom.memberships.get(), host=host, by=by)
    except AccountRefused:
        return False
    return True


def test_two_administrators_who_end_each_other_leave_one():
    for _round in range(5):
        host = HostFactory()
        one, other = (somebody(Role.ADMINISTRATOR, host) for _ in range(2))
        both = [partial(is_ended, one, other, host), partial(is_ended, other, one, host)]
        assert sorted(at_once(*both)) == [False, True]
        assert Membership.objects.kept_by(host).running(timezone.localdate()).count() == 1


def test_an_account_name_is_taken_once_by_whoever_is_first():
    hosts = [HostFactory() for _ in range(4)]

    def opened(host):
        try:
            open_account(Person("wang", "王某"), Duty(host, Role.STAFF), host=host, by=None)
        except AccountRefused:
            return False
        return True

    done = at_once(*(lambda host=host: opened(host) for host in hosts))
    assert sorted(done) == [False, False, False, True]
    assert User.objects.get(username="wang").memberships.count() == 1
