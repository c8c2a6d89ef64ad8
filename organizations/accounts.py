"""Deeds on a host's accounts and memberships: open, grant, end, switch off, first password (decision 38).

Each is done whole or not at all, behind the host's row and then the account's; none deletes anything. Whoever
loses or gains a right is logged out everywhere. `by` is None for whoever runs commands on the server.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.first_passwords import PASSWORD_FIELDS, give_first_password
from organizations.models import HOST_ROLES, Membership, Organization, Role, User
from organizations.permissions import can_change_rights
from organizations.sessions import end_sessions


class AccountRefused(Exception):
    """The account cannot be changed so. Its text is one clear, translated line for the user."""


@dataclass(frozen=True)
class Duty:
    """A role for an organization. begins: None is today. ends: the first day without it; None is never."""

    organization: Organization
    role: str
    begins: datetime.date | None = None
    ends: datetime.date | None = None


@dataclass(frozen=True)
class Person:
    """Whose account it is."""

    username: str
    full_name: str
    email: str = ""


@transaction.atomic
def open_account(person: Person, duty: Duty, *, host: Organization, by: User | None) -> tuple[User, str]:
    """Create an account with its first membership; the account, and the first password to hand over."""
    _lock(host)
    user = User(username=person.username, full_name=person.full_name, email=person.email)
    password = give_first_password(user)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as taken:
        raise AccountRefused(
            _("There is an account “%(account)s” already.") % {"account": person.username}
        ) from taken
    _grant(user, duty, host, by)
    return user, password


@transaction.atomic
def grant(user: User, duty: Duty, *, host: Organization, by: User | None) -> Membership:
    """Let an account act for the host or one of its units."""
    _lock(host)
    membership = _grant(_locked(user), duty, host, by)
    end_sessions(user)
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, host: Organization, by: User | None) -> Membership:
    """End a membership as of today; one that had not begun never will have been in force."""
    _lock(host)
    membership = _unended(membership, by)
    today = timezone.localdate()
    _keep_an_administrator(membership, today)
    membership.active_to = max(today, membership.active_from or today)
    membership.save(update_fields=["active_to"])
    end_sessions(membership.user)
    return membership


@transaction.atomic
def change_end(
    membership: Membership, day: datetime.date | None, *, host: Organization, by: User | None
) -> Membership:
    """Let a membership run until another day, the first without it, or until somebody ends it."""
    _lock(host)
    membership = _unended(membership, by)
    _check_end(day, membership.active_from)
    if day is not None:
        _keep_an_administrator(membership, day)
    membership.active_to = day
    membership.save(update_fields=["active_to"])
    return membership


@transaction.atomic
def deactivate(user: User, *, host: Organization, by: User | None) -> User:
    """Switch an account off: it logs in no more, its memberships stay as they are."""
    user = _taken_over(user, host, by)
    today = timezone.localdate()
    for membership in user.memberships.running(today).select_related("organization"):
        _keep_an_administrator(membership, today)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    return user


@transaction.atomic
def reactivate(user: User, *, host: Organization, by: User | None) -> User:
    """Switch an account on again."""
    user = _taken_over(user, host, by)
    user.is_active = True
    user.save(update_fields=["is_active"])
    return user


@transaction.atomic
def set_first_password(user: User, *, host: Organization, by: User | None) -> tuple[User, str]:
    """Replace a password that was forgotten; the account, and the first password to hand over."""
    user = _taken_over(user, host, by)
    password = give_first_password(user)
    user.save(update_fields=PASSWORD_FIELDS)
    end_sessions(user)
    return user, password


def _lock(host: Organization) -> None:
    """Deeds on one host's accounts queue: two administrators who end each other leave one."""
    Organization.objects.select_for_update().get(pk=host.pk)


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _taken_over(user: User, host: Organization, by: User | None) -> User:
    """The account, locked with every host that it administers, if it is wholly this host's to keep."""
    administered = Membership.objects.of(user).filter(role=Role.ADMINISTRATOR).values("organization")
    hosts = Organization.objects.filter(Q(pk=host.pk) | Q(pk__in=administered))
    list(hosts.select_for_update().order_by("pk"))
    user = _locked(user)
    _check_may_change(user, by)
    kept_elsewhere = user.memberships.not_ended(timezone.localdate()).kept_elsewhere(host)
    if by is not None and not by.is_superuser and kept_elsewhere.exists():
        raise AccountRefused(
            _("“%(account)s” acts for others as well: only a superuser can do this.") % {"account": user}
        )
    return user


def _check_may_change(user: User, by: User | None) -> None:
    if by is None or can_change_rights(by, user):
        return
    if by == user:
        raise AccountRefused(_("Nobody changes their own rights: ask another administrator."))
    raise AccountRefused(
        _("“%(account)s” is a superuser’s account: only superusers change it.") % {"account": user}
    )


def _grant(user: User, duty: Duty, host: Organization, by: User | None) -> Membership:
    _check_may_change(user, by)
    if not user.is_active:
        raise AccountRefused(
            _("“%(account)s” is deactivated: reactivate it first.") % {"account": user.username}
        )
    today = timezone.localdate()
    check_duty(duty, host)
    held = user.memberships.not_ended(today).filter(organization=duty.organization, role=duty.role)
    if held.exists():
        raise AccountRefused(
            _("“%(account)s” holds this role for %(organization)s already: change its end date instead.")
            % {"account": user.username, "organization": duty.organization}
        )
    return Membership.objects.create(
        user=user,
        organization=duty.organization,
        role=duty.role,
        active_from=duty.begins or today,
        active_to=duty.ends,
    )


def check_duty(duty: Duty, host: Organization) -> None:
    """Refuse a role that does not go with its organization, or days that do not go together."""
    label = Role(duty.role).label
    if duty.role in HOST_ROLES:
        if duty.organization != host:
            raise AccountRefused(
                _("“%(role)s” is a role for %(host)s itself, not for one of its units.")
                % {"role": label, "host": host}
            )
    elif not _is_below(duty.organization, host):
        raise AccountRefused(
            _("“%(role)s” is a role for a unit below %(host)s: choose the unit.")
            % {"role": label, "host": host}
        )
    elif not duty.organization.is_active(timezone.localdate()):
        raise AccountRefused(_("“%(unit)s” does not act today.") % {"unit": duty.organization})
    _check_end(duty.ends, duty.begins)


def _is_below(unit: Organization, host: Organization) -> bool:
    return unit.parent_id == host.pk or (unit.parent is not None and unit.parent.parent_id == host.pk)


def _check_end(ends: datetime.date | None, begins: datetime.date | None) -> None:
    earliest = max(timezone.localdate(), begins or datetime.date.min)
    if ends is not None and ends <= earliest:
        raise AccountRefused(
            _("The end, %(end)s, has to be after %(day)s: it is the first day without the role.")
            % {"end": ends, "day": earliest}
        )


def _unended(membership: Membership, by: User | None) -> Membership:
    """The membership as it is now, with its account locked."""
    user = _locked(membership.user)
    _check_may_change(user, by)
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    membership.user = user
    if membership.has_ended(timezone.localdate()):
        raise AccountRefused(_("This membership has ended: grant it anew."))
    return membership


def _keep_an_administrator(membership: Membership, day: datetime.date) -> None:
    """Refuse to leave the host without an administrator on this day. Call behind the host's row."""
    today = timezone.localdate()
    if membership.role != Role.ADMINISTRATOR or not membership.is_running(today):
        return
    if not membership.user.is_active:
        return
    others = Membership.objects.filter(
        organization_id=membership.organization_id, role=Role.ADMINISTRATOR, user__is_active=True
    ).exclude(user_id=membership.user_id)
    # The other one acts now and still on that day: nobody is left alone in between.
    if not others.running(today).running(day).exists():
        raise AccountRefused(
            _("“%(account)s” is the last administrator of %(host)s: name another one first.")
            % {"account": membership.user, "host": membership.organization}
        )
