"""Import accounts from a workbook: plan what it would add, then add all of it or nothing.

Only adds: accounts that are new and memberships that are not held yet. What is there stays as it is, so the
same file a second time changes nothing.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.account_lists import accounts_of
from organizations.account_rows import AccountRow, read_accounts
from organizations.accounts import AccountRefused, Duty, Person, check_duty, grant, open_account
from organizations.models import HOST_ROLES, Membership, Organization, User
from organizations.names import normalize_name
from organizations.permissions import can_change_rights
from workbooks.cells import Problem
from workbooks.sheets import Workbook


class AccountsRefused(Exception):
    """The workbook cannot be imported; `problems` says all that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Addition:
    """One membership the import would add. is_new: the account is opened with it."""

    username: str
    full_name: str
    organization: str
    role: str
    is_new: bool
    begins: datetime.date
    ends: datetime.date | None


@dataclass(frozen=True)
class AccountsPlan:
    """What importing would do, or did. unchanged: rows whose membership is held already."""

    additions: tuple[Addition, ...] = ()
    unchanged: int = 0
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()

    @property
    def can_apply(self) -> bool:
        return not self.problems

    @property
    def changes_nothing(self) -> bool:
        return not self.additions

    @property
    def new_accounts(self) -> int:
        return sum(addition.is_new for addition in self.additions)


def plan_accounts(workbook: Workbook, host: Organization, *, by: User | None) -> AccountsPlan:
    """Work out what importing would add. Writes nothing."""
    return _Accounts(workbook, host, by).plan()


@transaction.atomic
def import_all(
    workbook: Workbook, host: Organization, *, by: User | None
) -> tuple[AccountsPlan, list[tuple[User, str]]]:
    """Add all of it or nothing; what was done, and the new accounts with their first passwords.

    Raises AccountsRefused.
    """
    # Two imports at once queue, and the second plans against what the first wrote.
    Organization.objects.select_for_update().get(pk=host.pk)
    accounts = _Accounts(workbook, host, by)
    plan = accounts.plan()
    if plan.problems:
        raise AccountsRefused(plan.problems)
    return plan, accounts.write()


class _Accounts:
    """The workbook laid beside the accounts: which rows add something."""

    def __init__(self, workbook: Workbook, host: Organization, by: User | None) -> None:
        self.host, self.by, self.today = host, by, timezone.localdate()
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self.sheets = [sheet.name for sheet in workbook.sheets]
        self.rows = read_accounts(workbook, self.problems, self.notes)
        names = {row.username for row in self.rows}
        self.known = {user.username: user for user in User.objects.filter(username__in=names)}
        self.own = set(accounts_of(host).filter(username__in=names).values_list("username", flat=True))
        self.units = _Units(host)
        self.held = {
            (each.user_id, each.organization_id, each.role): each
            for each in Membership.objects.not_ended(self.today).of_all(
                user.pk for user in self.known.values()
            )
        }
        self.unchanged = 0
        self.new: dict[str, Person] = {}
        self.duties: list[tuple[AccountRow, Duty]] = []
        for row in self.rows:
            self._lay(row)

    def plan(self) -> AccountsPlan:
        opened: set[str] = set()
        additions = []
        for row, duty in self.duties:
            person = self.new.get(row.username)
            additions.append(
                Addition(
                    username=row.username,
                    full_name=person.full_name if person else self._name(row.username),
                    organization=str(duty.organization),
                    role=str(row.role.label),
                    is_new=person is not None and row.username not in opened,
                    begins=duty.begins or self.today,
                    ends=duty.ends,
                )
            )
            opened.add(row.username)
        problems = sorted(self.problems, key=self._reading_order)
        return AccountsPlan(tuple(additions), self.unchanged, tuple(problems), tuple(self.notes))

    def write(self) -> list[tuple[User, str]]:
        """Call inside a transaction, without problems."""
        opened: dict[str, tuple[User, str]] = {}
        for row, duty in self.duties:
            user = self.known.get(row.username) or next(iter(opened.get(row.username, ())), None)
            try:
                if isinstance(user, User):
                    grant(user, duty, host=self.host, by=self.by)
                else:
                    person = self.new[row.username]
                    opened[row.username] = open_account(person, duty, host=self.host, by=self.by)
            except AccountRefused as reason:
                # Only where somebody was faster: the plan has asked the same.
                raise AccountsRefused([row.note("account", str(reason))]) from reason
        return list(opened.values())

    def _lay(self, row: AccountRow) -> None:
        organization = self._organization(row)
        if organization is None:
            return
        user = self.known.get(row.username)
        if user is None and not self._is_person(row):
            return
        if user is not None and not self._may_be_granted(row, user):
            return
        duty = Duty(organization, row.role.value, row.begins, row.ends)
        if any(
            other.username == row.username and (each.organization, each.role) == (organization, duty.role)
            for other, each in self.duties
        ):
            message = _("“%(account)s” is given this role for %(organization)s twice in this file.")
            row.refuse("account", message % {"account": row.username, "organization": organization})
            return
        if user is not None and (held := self.held.get((user.pk, organization.pk, duty.role))):
            self.unchanged += 1
            self._note_other_days(row, held)
            return
        try:
            check_duty(duty, self.host)
        except AccountRefused as reason:
            row.refuse("ends" if row.ends and row.ends <= (row.begins or self.today) else "role", str(reason))
            return
        self.duties.append((row, duty))

    def _organization(self, row: AccountRow) -> Organization | None:
        key = normalize_name(row.unit)
        if row.role in HOST_ROLES:
            if not key or key in set(self.host.name_keys()):
                return self.host
            message = _("“%(role)s” is a role for %(host)s itself: leave the unit blank.")
            row.refuse("unit", message % {"role": row.role.label, "host": self.host})
            return None
        if not key:
            row.refuse(
                "unit", _("“%(role)s” is a role for a unit: fill in the unit.") % {"role": row.role.label}
            )
            return None
        found = self.units.named(key, normalize_name(row.superior))
        if len(found) == 1:
            return found[0]
        if not found:
            message = _("“%(unit)s” is no unit of %(host)s that acts today.")
            row.refuse("unit", message % {"unit": row.unit, "host": self.host})
        else:
            message = _("“%(unit)s” fits several units: fill in 上级单位 with one of %(superiors)s.")
            superiors = "、".join(str(unit.parent) for unit in found)
            row.refuse("unit", message % {"unit": row.unit, "superiors": superiors})
        return None

    def _is_person(self, row: AccountRow) -> bool:
        """Whether the row tells who a new account is for, alone or with the rows before it."""
        first = self.new.get(row.username)
        if first is None:
            if not row.full_name:
                message = _("“%(account)s” is new: fill in the name of the person.")
                row.refuse("name", message % {"account": row.username})
                return False
            self.new[row.username] = Person(row.username, row.full_name, row.email)
        elif row.full_name and row.full_name != first.full_name:
            message = _("“%(account)s” is called “%(name)s” further up in this file.")
            row.refuse("name", message % {"account": row.username, "name": first.full_name})
            return False
        return True

    def _may_be_granted(self, row: AccountRow, user: User) -> bool:
        if self.by is not None and not can_change_rights(self.by, user):
            own = _("Nobody changes their own rights: take this row out.")
            above = _("“%(account)s” is a superuser’s account: only superusers change it.")
            row.refuse("account", own if user == self.by else above % {"account": row.username})
            return False
        if not user.is_active:
            message = _("“%(account)s” is deactivated: reactivate it first.")
            row.refuse("account", message % {"account": row.username})
            return False
        is_own = row.username in self.own
        if not is_own and row.full_name != user.full_name:
            message = _("“%(account)s” is somebody’s account already: choose another account name.")
            row.refuse("account", message % {"account": row.username})
            return False
        if is_own and row.full_name and row.full_name != user.full_name:
            message = _("“%(account)s” is called “%(name)s” here and keeps that name.")
            self.notes.append(row.note("name", message % {"account": row.username, "name": user}))
        return True

    def _note_other_days(self, row: AccountRow, held: Membership) -> None:
        differs = (row.begins and row.begins != held.active_from) or (row.ends and row.ends != held.active_to)
        if differs:
            message = _("“%(account)s” holds this role already; its days stay as they are.")
            self.notes.append(row.note("account", message % {"account": row.username}))

    def _name(self, username: str) -> str:
        """An account that has nothing to do with this host yet is not told about."""
        return str(self.known[username]) if username in self.own else ""

    def _reading_order(self, problem: Problem) -> tuple[int, int, int]:
        where = problem.where
        return (self.sheets.index(where.sheet), where.row or 0, where.column or 0) if where else (-1, 0, 0)


class _Units:
    """The units below a host that act today, by any name they bear or bore; a full name goes first."""

    def __init__(self, host: Organization) -> None:
        self._by_full_name: dict[str, list[Organization]] = defaultdict(list)
        self._by_any_name: dict[str, list[Organization]] = defaultdict(list)
        units = Organization.objects.within(host).active(timezone.localdate()).with_names()
        for unit in units.in_own_order():
            self._by_full_name[normalize_name(unit.name)].append(unit)
            for key in set(unit.name_keys()):
                self._by_any_name[key].append(unit)

    def named(self, key: str, superior: str) -> list[Organization]:
        """Those of this name, below the superior of that name where one is given."""
        found = self._by_full_name.get(key) or self._by_any_name.get(key, [])
        if not superior:
            return found
        return [unit for unit in found if unit.parent and normalize_name(unit.parent.name) == superior]
