"""Deeds on accounts and memberships: what an administrator of a host may do, and what nobody may."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from organizations.accounts import (
    AccountRefused,
    Duty,
    Person,
    change_end,
    deactivate,
    end_membership,
    grant,
    open_account,
    reactivate,
    set_first_password,
)
from organizations.models import Membership, Organization, Role, User
from tests.factories.organizations import (
    HostFactory,
    MembershipFactory,
    UnitFactory,
    UserFactory,
    somebody,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(host: Organization) -> User:
    return somebody(Role.ADMINISTRATOR, host)


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def holds(user: User, organization: Organization, role: Role) -> bool:
    fresh = User.objects.get(pk=user.pk)
    return fresh.access.holds(organization, role)


def test_an_account_is_opened_with_its_membership_and_a_password_to_change(host, unit, administrator):
    duty = Duty(unit, Role.SECRETARY, ends=in_days(30))
    user, password = open_account(Person("wang", "王某"), duty, host=host, by=administrator)
    assert user.check_password(password)
    assert user.must_change_password
    membership = user.memberships.get()
    assert (membership.organization, membership.active_from, membership.active_to) == (
        unit,
        in_days(0),
        in_days(30),
    )


def test_an_account_name_is_given_once(host, administrator, staff):
    with pytest.raises(AccountRefused, match=staff.username):
        open_account(Person(staff.username, "王某"), Duty(host, Role.STAFF), host=host, by=administrator)
    assert staff.memberships.count() == 1


def test_who_works_elsewhere_may_be_granted_a_role_here(host, unit, administrator, stranger):
    grant(stranger, Duty(unit, Role.SECRETARY), host=host, by=administrator)
    assert holds(stranger, unit, Role.SECRETARY)


def test_sub_units_of_the_units_are_the_hosts_to_keep(host, unit, administrator, nobody):
    branch = UnitFactory(parent=unit, name="东山村党支部")
    grant(nobody, Duty(branch, Role.SECRETARY), host=host, by=administrator)
    assert holds(nobody, branch, Role.SECRETARY)


def test_roles_go_with_their_organization(host, unit, administrator, nobody):
    elsewhere = UnitFactory(parent=HostFactory())
    closed = UnitFactory(parent=host, active_to=in_days(0))
    wrong = [
        Duty(unit, Role.STAFF),
        Duty(host, Role.SECRETARY),
        Duty(elsewhere, Role.SECRETARY),
        Duty(elsewhere.parent, Role.STAFF),
        Duty(closed, Role.SECRETARY),
        Duty(unit, Role.SECRETARY, ends=in_days(0)),
        Duty(unit, Role.SECRETARY, begins=in_days(5), ends=in_days(5)),
    ]
    for duty in wrong:
        with pytest.raises(AccountRefused):
            grant(nobody, duty, host=host, by=administrator)
    assert not nobody.memberships.exists()


def test_a_role_that_is_held_is_not_granted_twice(host, administrator, staff):
    with pytest.raises(AccountRefused, match="终止日期"):
        grant(staff, Duty(host, Role.STAFF), host=host, by=administrator)


def test_a_role_that_has_ended_is_granted_anew_beside_the_old_row(host, administrator, staff):
    end_membership(staff.memberships.get(), host=host, by=administrator)
    assert not holds(staff, host, Role.STAFF)
    grant(staff, Duty(host, Role.STAFF), host=host, by=administrator)
    assert holds(staff, host, Role.STAFF)
    assert staff.memberships.count() == 2


def test_ending_keeps_the_row_and_a_role_to_come_never_comes(host, administrator, nobody):
    membership = grant(nobody, Duty(host, Role.LEADER, begins=in_days(9)), host=host, by=administrator)
    ended = end_membership(membership, host=host, by=administrator)
    assert (ended.active_from, ended.active_to) == (in_days(9), in_days(9))
    with pytest.raises(AccountRefused):
        end_membership(ended, host=host, by=administrator)


def test_the_end_of_a_membership_is_moved(host, administrator, staff):
    membership = change_end(staff.memberships.get(), in_days(3), host=host, by=administrator)
    assert membership.active_to == in_days(3)
    assert change_end(membership, None, host=host, by=administrator).active_to is None
    with pytest.raises(AccountRefused):
        change_end(membership, in_days(0), host=host, by=administrator)


def test_nobody_changes_their_own_rights(host, administrator):
    other = somebody(Role.ADMINISTRATOR, host)
    own = administrator.memberships.get()
    deeds = [
        lambda: grant(administrator, Duty(host, Role.STAFF), host=host, by=administrator),
        lambda: end_membership(own, host=host, by=administrator),
        lambda: change_end(own, in_days(1), host=host, by=administrator),
        lambda: deactivate(administrator, host=host, by=administrator),
        lambda: set_first_password(administrator, host=host, by=administrator),
    ]
    for deed in deeds:
        with pytest.raises(AccountRefused):
            deed()
    end_membership(own, host=host, by=other)
    assert not holds(administrator, host, Role.ADMINISTRATOR)


def test_superusers_are_changed_by_superusers_alone(host, administrator):
    above = UserFactory(is_superuser=True)
    MembershipFactory(user=above, organization=host)
    for deed in (deactivate, set_first_password):
        with pytest.raises(AccountRefused):
            deed(above, host=host, by=administrator)
    with pytest.raises(AccountRefused):
        grant(above, Duty(host, Role.LEADER), host=host, by=administrator)
    deactivate(above, host=host, by=UserFactory(is_superuser=True))
    above.refresh_from_db()
    assert not above.is_active


def test_who_acts_for_another_host_is_not_taken_over(host, unit, administrator, stranger):
    """Else whoever knows an account's name could give it a role, then a password, and be that person."""
    before = stranger.password
    grant(stranger, Duty(unit, Role.SECRETARY), host=host, by=administrator)
    for deed in (set_first_password, deactivate, reactivate):
        with pytest.raises(AccountRefused):
            deed(stranger, host=host, by=administrator)
    stranger.refresh_from_db()
    assert (stranger.password, stranger.is_active) == (before, True)


def test_a_new_first_password_replaces_the_forgotten_one(host, administrator, staff):
    user, password = set_first_password(staff, host=host, by=administrator)
    user.refresh_from_db()
    assert user.check_password(password)
    assert user.must_change_password
    assert user.first_password_until > timezone.now()


def test_a_deactivated_account_is_granted_nothing(host, administrator, staff):
    deactivate(staff, host=host, by=administrator)
    with pytest.raises(AccountRefused):
        grant(staff, Duty(host, Role.LEADER), host=host, by=administrator)
    reactivate(staff, host=host, by=administrator)
    grant(staff, Duty(host, Role.LEADER), host=host, by=administrator)


def test_the_last_administrator_stays(host, administrator):
    above = UserFactory(is_superuser=True)
    last = administrator.memberships.get()
    deeds = [
        lambda: end_membership(last, host=host, by=above),
        lambda: change_end(last, in_days(7), host=host, by=above),
        lambda: deactivate(administrator, host=host, by=above),
    ]
    for deed in deeds:
        with pytest.raises(AccountRefused, match="最后一名管理员"):
            deed()


@pytest.mark.parametrize(
    "other",
    [
        {"user__is_active": False},
        {"active_to": "2018-01-01"},
        {"active_from": "2100-01-01"},
        {"role": Role.STAFF},
    ],
    ids=["deactivated", "ended", "to come", "no administrator"],
)
def test_only_an_administrator_who_acts_counts_as_another(host, administrator, other):
    MembershipFactory(**{"organization": host, "role": Role.ADMINISTRATOR, **other})
    with pytest.raises(AccountRefused):
        end_membership(administrator.memberships.get(), host=host, by=None)


def test_an_end_to_come_needs_somebody_who_acts_until_then_and_on(host, administrator):
    MembershipFactory(organization=host, role=Role.ADMINISTRATOR, active_to=in_days(5))
    own = administrator.memberships.get()
    with pytest.raises(AccountRefused):
        change_end(own, in_days(5), host=host, by=None)
    assert change_end(own, in_days(4), host=host, by=None).active_to == in_days(4)


def test_no_deed_deletes_a_membership(host, unit, administrator, secretary):
    membership = secretary.memberships.get()
    end_membership(membership, host=host, by=administrator)
    deactivate(secretary, host=host, by=administrator)
    assert Membership.objects.filter(pk=membership.pk).exists()
