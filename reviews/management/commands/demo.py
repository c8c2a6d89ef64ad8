"""Set up the anonymised sample district: units, three quarters, their items, an account for each role."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.demo import LOOPBACK_NAMES
from organizations.models import UNIT_ROLES, Membership, Organization, Role, User
from organizations.quarter import Quarter
from organizations.roster import RosterRefused, apply_roster
from rectification.models import Item
from reviews.importing.load import ImportRefused, commit_import
from reviews.importing.rubric import RubricsRefused, import_rubrics
from reviews.management import arguments
from reviews.management.demo_items import Players, days_ago, play, raise_quarter, report_own_problems
from reviews.management.demo_programmes import assign_of_second_quarter, assign_of_third_quarter
from reviews.management.demo_visits import make_visits
from reviews.models import CycleState, ReviewCycle, Rubric
from reviews.opening import open_cycle
from reviews.publishing import publish_cycle, verify_cycle
from workbooks.sheets import Workbook

SAMPLES = settings.BASE_DIR / "samples"
HOST = "区委组织部"
SECRETARY_OF = "丙乡党委"
# Known to everybody who reads this, hence only where nobody but this machine can reach the pages.
KNOWN_PASSWORD = "demo-2018-review"

Q1, Q2, Q3 = Quarter(2018, 1), Quarter(2018, 2), Quarter(2018, 3)
BASELINES = {Q1: None, Q2: Q1, Q3: Q1}


class Account(NamedTuple):
    username: str
    full_name: str
    role: Role


ACCOUNTS = (
    Account("staff", "演示·工作人员", Role.STAFF),
    Account("leader", "演示·领导", Role.LEADER),
    Account("secretary", "演示·丙乡书记", Role.SECRETARY),
    Account("inspector", "演示·督查员", Role.INSPECTOR),
    Account("admin", "演示·管理员", Role.ADMINISTRATOR),
    Account("auditor", "演示·监督员", Role.AUDITOR),
    Account("clerk", "演示·丙乡办事员", Role.CLERK),
)


class Command(arguments.PlainCommand):
    about = gettext_lazy(
        "Set up the anonymised sample district with three published quarters and an account for each role. "
        "What the demo set up before is left alone; where there is anything else, nothing is done."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            _keep_off_real_data()
            host = self._host()
            passwords = _create_accounts(host)
            self._quarters(host)
        self.tell(_("The sample district is ready: %(host)s") % {"host": host.name}, "")
        self._tell_accounts(passwords)

    def _host(self) -> Organization:
        """The demo's host with its roster and rubrics; those of a real district are not touched."""
        host = Organization.objects.filter(parent=None, active_to=None, name=HOST).first()
        if host is None:
            host = Organization.objects.create(name=HOST)
            self._run(apply_roster, _sample("units.xlsx"), host)
        elif not Membership.objects.filter(organization=host, user__username=ACCOUNTS[0].username).exists():
            raise CommandError(
                _("There is a host “%(name)s” that is not the demo's: use an empty database for the demo.")
                % {"name": HOST}
            )
        if not Rubric.objects.of_host(host).active().filter(year=Q1.year).exists():
            self._run(import_rubrics, _sample("rubric-2018.xlsx"), host, Q1.year)
        return host

    def _quarters(self, host: Organization) -> None:
        """The quarters, each published some months after the one before, and what came of the first two's
        items. Without the first two untouched, items are none of the demo's.
        """
        cycles = ReviewCycle.objects.of_host(host).exclude(state=CycleState.DRAFT)
        if any(cycles.in_quarter(quarter).exists() for quarter in BASELINES):
            for quarter, baseline in BASELINES.items():
                self._publish(host, quarter, baseline)
            return
        names = {account.username: User.objects.get(username=account.username) for account in ACCOUNTS}
        staff, secretary = names["staff"], names["secretary"]
        players = Players(staff, names["admin"], secretary)
        today = timezone.localdate()
        with days_ago(230):
            own = report_own_problems(host, Q1, secretary)
        with days_ago(200):
            first = self._publish(host, Q1, None)
            due_dates = [today - datetime.timedelta(days=155)]
            of_first, _none = raise_quarter(first, due_dates, staff)
        with days_ago(100):
            second = self._publish(host, Q2, Q1)
            due_dates = [today + datetime.timedelta(days=days) for days in (5, -4, 5, -16, 5, 5)]
            of_second, linked = raise_quarter(second, due_dates, staff, links=6)
            assign_of_second_quarter(host, Q2, staff=staff, clerk=players.clerk)
        play(of_first, players, age=199, unsettled_in=39)
        play(of_second, players, age=99, unsettled_in=13)
        play([item for item in own if item not in linked], players, age=228, unsettled_in=13)
        play([*Item.objects.filter(pk__in=[item.pk for item in linked])], players, age=97, unsettled_in=13)
        assign_of_third_quarter(host, Q3, staff=staff)
        self._publish(host, Q3, Q1, inspector=names["inspector"])

    def _publish(
        self,
        host: Organization,
        quarter: Quarter,
        baseline: Quarter | None,
        *,
        inspector: User | None = None,
    ) -> ReviewCycle:
        """Take a quarter from nothing to its publication; one that was begun is left as it is.

        inspector: who visited the units, where visits are told of.
        """
        begun = ReviewCycle.objects.of_host(host).in_quarter(quarter).exclude(state=CycleState.DRAFT).first()
        if begun is not None:
            return begun
        staff = User.objects.get(username=ACCOUNTS[0].username)
        cycle = open_cycle(host, quarter, baseline=baseline, by=staff)
        for name in (f"scores-{quarter}.xlsx", f"deductions-{quarter}.xlsx"):
            digest = hashlib.sha256((SAMPLES / name).read_bytes()).hexdigest()
            self._run(commit_import, _sample(name), cycle, by=staff, file_name=name, sha256=digest)
        if inspector is not None:
            make_visits(cycle, inspector)
            cycle.rectify_by = timezone.localdate() + datetime.timedelta(days=30)
            cycle.save(update_fields=["rectify_by"])
        verify_cycle(cycle, by=staff)
        publish_cycle(cycle, by=staff, confirm=True)
        self.tell(_("%(quarter)s is published.") % {"quarter": quarter.label})
        return ReviewCycle.objects.get(pk=cycle.pk)

    def _run(self, deed: Any, *args: Any, **options: Any) -> None:
        try:
            deed(*args, **options)
        except (RosterRefused, RubricsRefused, ImportRefused) as refusal:
            raise arguments.refuse(refusal.problems) from refusal

    def _tell_accounts(self, passwords: dict[str, str]) -> None:
        self.tell(_("Accounts (user name, password, who):"))
        kept = _("(kept as it is)")
        for account in ACCOUNTS:
            password = passwords.get(account.username, kept)
            self.tell(f"  {account.username:<10} {password:<18} {account.full_name}")


def _keep_off_real_data() -> None:
    """Refuse where somebody else's account or host is: the demo's passwords are known to everybody."""
    below = Q(memberships__organization__name=HOST) | Q(memberships__organization__parent__name=HOST)
    its_own = User.objects.filter(below, username__in=[account.username for account in ACCOUNTS])
    account = User.objects.exclude(pk__in=its_own.values("pk")).order_by("pk").first()
    if account is not None:
        raise CommandError(
            _("There is an account “%(name)s” that is not the demo's: use an empty database for the demo.")
            % {"name": account.username}
        )
    host = Organization.objects.filter(parent=None).exclude(name=HOST).order_by("pk").first()
    if host is not None:
        raise CommandError(
            _("There is a host “%(name)s” that is not the demo's: use an empty database for the demo.")
            % {"name": host}
        )


def _create_accounts(host: Organization) -> dict[str, str]:
    """Create the accounts that are missing; the passwords that can be told, by user name."""
    known = {}
    units = Organization.objects.under(host)
    for account in ACCOUNTS:
        user = User.objects.filter(username=account.username).first()
        if user is None:
            user, known[account.username] = _create_account(account)
        elif user.check_password(KNOWN_PASSWORD):
            known[account.username] = KNOWN_PASSWORD
            user.is_demo = True  # also where an earlier version set it up
            user.save(update_fields=["is_demo"])
        organization = units.get(name=SECRETARY_OF) if account.role in UNIT_ROLES else host
        Membership.objects.get_or_create(user=user, organization=organization, role=account.role)
    return known


def _create_account(account: Account) -> tuple[User, str]:
    is_private = LOOPBACK_NAMES.issuperset(settings.ALLOWED_HOSTS)
    password = KNOWN_PASSWORD if is_private else get_random_string(16)
    user = User(username=account.username, full_name=account.full_name, is_demo=is_private)
    user.is_staff = user.is_superuser = account.role is Role.ADMINISTRATOR
    user.set_password(password)
    user.save()
    return user, password


def _sample(name: str) -> Workbook:
    path = str(Path(SAMPLES) / name)
    return arguments.open_workbook(arguments.read_file(path), path)
