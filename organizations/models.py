"""Who: the host, its groups and units, the users and what each user may act for."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.names import normalize_name

# Models of their own modules, for Django, which looks for models here.
from organizations.security_policy import SecurityPolicy as SecurityPolicy
from organizations.sent_forms import SentForm as SentForm
from organizations.sessions import LoginSession as LoginSession
from organizations.sessions import end_sessions


class Role(models.TextChoices):
    """What a membership lets its user do; all but the last two act for a host, those for a unit."""

    STAFF = "staff", _("Organization-department staff")
    LEADER = "leader", _("Leader")
    INSPECTOR = "inspector", _("Inspector")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")
    SECRETARY = "secretary", _("Unit secretary")
    CLERK = "clerk", _("Unit clerk")


# To read and to write are two questions, asked of two sets. What a host's people may read:
HOST_ROLES = frozenset({Role.STAFF, Role.LEADER, Role.INSPECTOR, Role.ADMINISTRATOR, Role.AUDITOR})
DRAFT_ROLES = frozenset({Role.STAFF, Role.ADMINISTRATOR, Role.AUDITOR})  # rule 15: a rank before publication
AUDIT_ROLES = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})  # the host's audit trail
VISIT_ROLES = DRAFT_ROLES | {Role.INSPECTOR}  # rule 16: planned visits
# And what they may change; an auditor is in neither of these.
WRITE_ROLES = frozenset({Role.STAFF, Role.ADMINISTRATOR})
VISITOR_ROLES = WRITE_ROLES | {Role.INSPECTOR}
# A unit's people read the same; what binds the unit is its secretary's.
UNIT_ROLES = frozenset({Role.SECRETARY, Role.CLERK})


class Kind(models.TextChoices):
    """The kind of Party organization (组织类型); the Chinese is what a roster workbook says."""

    COMMITTEE = "committee", _("Party committee")
    WORKING_COMMITTEE = "working_committee", _("Working committee")
    INTERIM_WORKING_COMMITTEE = "interim_working_committee", _("Interim working committee")
    SYSTEM_WORKING_COMMITTEE = "system_working_committee", _("System working committee")
    AFFILIATED_COMMITTEE = "affiliated_committee", _("Directly affiliated committee")
    GENERAL_BRANCH = "general_branch", _("General branch")
    BRANCH = "branch", _("Branch")


@dataclass(frozen=True)
class Access:
    """What one user may act for, read once a request from the memberships that run today."""

    memberships: tuple[Membership, ...]

    def organizations(self, roles: Iterable[str]) -> set[int]:
        """Keys of the organizations for which the user holds one of these roles."""
        wanted = set(roles)
        return {m.organization_id for m in self.memberships if m.role in wanted}

    @property
    def host_ids(self) -> set[int]:
        """Hosts the user works for, in any role."""
        return self.organizations(HOST_ROLES)

    @property
    def draft_host_ids(self) -> set[int]:
        """Hosts whose unpublished results the user may see (rule 15); to see is not to change."""
        return self.organizations(DRAFT_ROLES)

    @property
    def staffed_host_ids(self) -> set[int]:
        """Hosts whose data the user may change."""
        return self.organizations(WRITE_ROLES)

    @property
    def unit_ids(self) -> set[int]:
        """Units whose matters the user sees."""
        return self.organizations(UNIT_ROLES)

    @property
    def answered_unit_ids(self) -> set[int]:
        """Units the user answers for: what is sent in their name binds them."""
        return self.organizations({Role.SECRETARY})

    @property
    def own_organization_ids(self) -> set[int]:
        """What the user belongs to in any role, and what stands above it: never visited by this user."""
        organizations = [membership.organization for membership in self.memberships]
        above = {each.parent_id for each in organizations if each.parent_id is not None}
        return above | {each.pk for each in organizations}

    @property
    def hosts(self) -> list[Organization]:
        """The hosts to choose between: those worked for and those that review the user's units."""
        found: dict[int, Organization] = {}
        for membership in self.memberships:
            organization = membership.organization
            host = organization if membership.role in HOST_ROLES else organization.parent
            if host is not None:
                found.setdefault(host.pk, host)
        return list(found.values())

    def holds(self, host: Organization | None, *roles: str) -> bool:
        """Whether the user holds one of these roles for this host."""
        return host is not None and host.pk in self.organizations(roles)

    def unit_under(self, host: Organization | None) -> Organization | None:
        """The unit the user belongs to among the host's direct subordinates, or None."""
        for membership in self.memberships:
            organization = membership.organization
            if membership.role in UNIT_ROLES and host is not None and organization.parent_id == host.pk:
                return organization
        return None


class User(AbstractUser):
    """An account. Persons appear in this product only as accounts, inspectors and responsible persons."""

    first_name = None  # type: ignore[assignment]  # one name field: Chinese names are not split
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("name"), max_length=50, blank=True)
    must_change_password = models.BooleanField(
        _("has to change the password"),
        default=False,
        help_text=_("Somebody else set it: the first log-in leads to choosing one's own."),
    )
    first_password_until = models.DateTimeField(_("first password is valid until"), null=True, blank=True)
    # The demo's: its password is in the manual, so it may be reached from this machine alone.
    is_demo = models.BooleanField(_("demo account"), default=False, editable=False)

    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("username",)
        constraints = (
            models.CheckConstraint(
                condition=Q(must_change_password=True) | Q(first_password_until__isnull=True),
                name="only_a_first_password_runs_out",
            ),
        )

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new password ends every log-in with the old one, wherever it was changed."""
        has_new_password = self._password is not None  # type: ignore[attr-defined]
        super().save(*args, **kwargs)
        if has_new_password:
            end_sessions(self)

    def first_password_is_out(self, at: datetime.datetime) -> bool:
        """Whether the password that somebody else set was not used in time."""
        return self.first_password_until is not None and self.first_password_until <= at

    @cached_property
    def access(self) -> Access:
        """Memberships that run today; a request loads its user afresh, so rights are never stale."""
        running = self.memberships.running(timezone.localdate())
        rows = running.select_related("organization__parent").order_by("pk")
        return Access(tuple(rows))


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def hosts(self) -> Self:
        """Organizations that review others: those that have groups."""
        return self.filter(groups__isnull=False).distinct()

    def active(self, on: datetime.date) -> Self:
        """Acting on this day: a unit acts from `active_from` until the day before `active_to`."""
        return self.filter(
            Q(active_from__isnull=True) | Q(active_from__lte=on),
            Q(active_to__isnull=True) | Q(active_to__gt=on),
        )

    def under(self, host: Organization) -> Self:
        """The host's direct subordinates, which a cycle of that host ranks."""
        return self.filter(parent=host)

    def within(self, host: Organization) -> Self:
        """The host's direct subordinates and their sub-units."""
        return self.filter(Q(parent=host) | Q(parent__parent=host))

    def reported_on(self, user: User, host: Organization, on: datetime.date, named: Iterable[int]) -> Self:
        """Those of a report about a day, in the host's order: that this user sees and that acted then, and
        `named` ones whatever became of them.
        """
        acting = self.visible_to(user).under(host).active(on)
        return self.filter(Q(pk__in=acting.values("pk")) | Q(pk__in=named)).in_own_order()

    def with_names(self) -> Self:
        """With all that a list of units shows of each: its group, superior and former names."""
        return self.select_related("group", "parent").prefetch_related("former_names")

    def in_own_order(self) -> Self:
        """The host's own order (建制顺序): by group, then by the number the host gave."""
        return self.order_by(F("group__position").asc(nulls_last=True), "group__name", "position", "pk")

    def visible_to(self, user: User) -> Self:
        """Hosts one works for with all below them, and one's own units with theirs."""
        hosts, units = user.access.host_ids, user.access.unit_ids
        return self.filter(
            Q(pk__in=hosts | units) | Q(parent_id__in=hosts | units) | Q(parent__parent_id__in=hosts)
        )


class Organization(models.Model):
    """A Party organization: the reviewing host, a unit under review, or a unit's sub-unit.

    A renamed unit stays the same row and keeps its former names; a merged or split one is a new row
    that names its predecessors (rule 24).
    """

    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="units",
        verbose_name=_("superior organization"),
    )
    name = models.CharField(_("full name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=50, blank=True)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind, default=Kind.COMMITTEE)
    group = models.ForeignKey(
        "Group",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("group"),
        help_text=_("The group in which the superior organization ranks this unit."),
    )
    position = models.PositiveIntegerField(_("own order"), default=0)
    active_from = models.DateField(_("active from"), null=True, blank=True)
    active_to = models.DateField(
        _("active to"), null=True, blank=True, help_text=_("The first day on which it no longer acts.")
    )
    predecessors = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="successors", verbose_name=_("predecessors")
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="organization_has_a_name"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="organization_is_not_its_own_superior"),
            models.CheckConstraint(
                condition=Q(active_from__isnull=True)
                | Q(active_to__isnull=True)
                | Q(active_to__gte=F("active_from")),
                name="organization_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=("parent", "name"),
                condition=Q(active_to__isnull=True),
                name="one_acting_unit_of_a_name_under_a_superior",
            ),
            models.UniqueConstraint(
                fields=("name",),
                condition=Q(parent__isnull=True, active_to__isnull=True),
                name="one_acting_top_organization_of_a_name",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organizations:unit-detail", kwargs={"pk": self.pk})

    @property
    def display_name(self) -> str:
        """The short name where there is one: for narrow columns and charts."""
        return self.short_name or self.name

    def is_active(self, on: datetime.date) -> bool:
        return (self.active_from is None or self.active_from <= on) and (
            self.active_to is None or self.active_to > on
        )

    def name_keys(self) -> Iterator[str]:
        """Every name a workbook may call the unit by, as compared (rule 24). Reads `former_names`."""
        names = [self.name, self.short_name, *(former.name for former in self.former_names.all())]
        return (normalize_name(name) for name in names if name)


class FormerName(models.Model):
    """A name the organization once bore, by which an import still finds it."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(_("name"), max_length=100)
    used_until = models.DateField(_("used until"), null=True, blank=True)

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        ordering = ("-used_until", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("organization", "name"), name="former_name_kept_once"),
        )

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """A set of units that the host ranks against each other (类别)."""

    host = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="groups", verbose_name=_("host")
    )
    name = models.CharField(_("name"), max_length=50)
    position = models.PositiveIntegerField(_("own order"), default=0)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("host", "name"), name="group_name_once_a_host"),)

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def running(self, on: datetime.date) -> Self:
        """In force on this day; the end day is the first on which it no longer is."""
        return self.filter(
            Q(active_from__isnull=True) | Q(active_from__lte=on),
            Q(active_to__isnull=True) | Q(active_to__gt=on),
        )

    def not_ended(self, on: datetime.date) -> Self:
        """In force on this day or to come; one that was ended before it began is neither."""
        comes = Q(active_from__isnull=True) | Q(active_to__gt=F("active_from"))
        return self.filter(Q(active_to__isnull=True) | (Q(active_to__gt=on) & comes))

    def kept_by(self, host: Organization) -> Self:
        """What this host's administrators give and take: its own people, and who acts for a unit below it."""
        below = Q(organization__parent=host) | Q(organization__parent__parent=host)
        return self.filter(Q(organization=host, role__in=HOST_ROLES) | (~Q(role__in=HOST_ROLES) & below))

    def kept_elsewhere(self, host: Organization) -> Self:
        """Those that are no matter of this host's administrators."""
        return self.exclude(pk__in=Membership.objects.kept_by(host).values("pk"))

    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def of_all(self, users: Iterable[int]) -> Self:
        return self.filter(user__in=list(users))

    def in_reading_order(self) -> Self:
        """Running ones first, the host's before the units'; with their organizations."""
        newest = F("active_to").desc(nulls_first=True)
        return self.select_related("organization").order_by(newest, "organization__position", "pk")


class Membership(models.Model):
    """That a user acts for an organization in a role, from one day until another."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("user")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("organization")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    active_from = models.DateField(_("active from"), null=True, blank=True)
    active_to = models.DateField(_("active to"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "organization", "role"),
                condition=Q(active_to__isnull=True),
                name="one_running_membership_a_role",
            ),
            models.CheckConstraint(
                condition=Q(active_from__isnull=True)
                | Q(active_to__isnull=True)
                | Q(active_to__gte=F("active_from")),
                name="membership_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()} – {self.organization}"

    def has_ended(self, on: datetime.date) -> bool:
        """No longer in force, or ended before it ever was."""
        return self.active_to is not None and self.active_to <= max(on, self.active_from or on)

    def is_running(self, on: datetime.date) -> bool:
        return (self.active_from is None or self.active_from <= on) and not self.has_ended(on)
