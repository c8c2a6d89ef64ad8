"""Assigned work (专项工作, rule 21): programmes with checklist and due dates, and what they are made of."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, F, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models import Organization
from organizations.quarter import Quarter
from rectification.models.item import LONGEST_NAME, LONGEST_TEXT
from rectification.programme_progress import Counts, Measure, Progress, Scale, outcome, scale_of
from rectification.programme_rules import ProgrammeStanding, TargetStanding, TaskStanding

if TYPE_CHECKING:
    from organizations.models import User

MOST_ROWS = 30  # of one checklist
MOST_SESSIONS = 1_000


class ProgrammeKind(models.TextChoices):
    """What a programme is filed under; how it works follows from its checklist alone."""

    WEAK_AND_LAX = "weak_and_lax", _("Weak and lax organizations")
    TRANSFORMATIONS = "transformations", _("Five transformations")
    PLATFORMS = "platforms", _("Service platforms")
    TRAINING = "training", _("Education and training")
    OTHER = "other", _("Other assigned work")


class MeasureChoice(models.TextChoices):
    PASS = Measure.PASS.value, _("Passed or not yet")
    PERCENT = Measure.PERCENT.value, _("Percentage")
    SESSIONS = Measure.SESSIONS.value, _("Sessions held")


class ProgrammeState(models.TextChoices):
    RUNNING = ProgrammeStanding.RUNNING.value, pgettext_lazy("programme", "Running")
    FINISHED = ProgrammeStanding.FINISHED.value, pgettext_lazy("programme", "Finished")
    WITHDRAWN = ProgrammeStanding.WITHDRAWN.value, pgettext_lazy("programme", "Withdrawn")


class ChecklistRow(models.Model):
    """One row of a checklist. standard: what passes. goal: of sessions, how many at least."""

    position = models.PositiveSmallIntegerField(_("order"))
    name = models.CharField(pgettext_lazy("checklist", "row"), max_length=100)
    standard = models.CharField(_("what is asked for"), max_length=500, blank=True)
    measure = models.CharField(
        _("measured by"), max_length=8, choices=MeasureChoice, default=MeasureChoice.PASS
    )
    goal = models.PositiveSmallIntegerField(_("sessions asked for"), default=1)
    needs_evidence = models.BooleanField(_("evidence required"), default=False)

    class Meta:
        abstract = True
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name


class TemplateQuerySet(models.QuerySet["ProgrammeTemplate"]):
    def visible_to(self, user: User) -> Self:
        """The host's staff alone make programmes of them."""
        return self.filter(host__in=user.access.draft_host_ids)

    def of_host(self, host: Organization | None) -> Self:
        return self.filter(host=host) if host else self.none()

    def offered(self) -> Self:
        return self.filter(is_active=True)


class ProgrammeTemplate(models.Model):
    """A host's own template. classes: the names of its due-date classes, one a line."""

    host = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="programme_templates")
    kind = models.CharField(pgettext_lazy("programme", "kind"), max_length=20, choices=ProgrammeKind)
    name = models.CharField(pgettext_lazy("programme", "name"), max_length=100)
    text = models.CharField(_("task"), max_length=LONGEST_TEXT, blank=True)
    classes = models.CharField(_("due-date classes"), max_length=200, blank=True)
    has_demonstrations = models.BooleanField(_("has demonstration sites"), default=False)
    is_active = models.BooleanField(_("offered"), default=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme template")
        verbose_name_plural = _("programme templates")
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("host", "name"), name="programme_template_name_once_a_host"),
        )

    def __str__(self) -> str:
        return self.name


class TemplateRow(ChecklistRow):
    template = models.ForeignKey(ProgrammeTemplate, on_delete=models.CASCADE, related_name="rows")

    class Meta(ChecklistRow.Meta):
        verbose_name = _("row of a template")
        verbose_name_plural = _("rows of templates")
        constraints = (
            models.UniqueConstraint(fields=("template", "name"), name="template_row_name_once"),
            models.CheckConstraint(condition=Q(goal__gte=1), name="template_row_asks_for_a_session"),
        )


def targets_answered_for_by(user: User) -> Q:
    """Those of a programme of the user's units and their branches. What a closed unit left is its successor's
    and no longer its own.
    """
    units = user.access.unit_ids
    is_branch = Q(targets__organization__parent__parent=F("host"))
    return Q(targets__unit__in=units) | Q(targets__organization__in=units) & is_branch


def targets_seen_by(user: User) -> Q:
    """Which targets of a programme count for the user: a unit never learns of another's progress."""
    return Q(host__in=user.access.host_ids) | targets_answered_for_by(user)


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: User) -> Self:
        """All of a host for its people; those a unit leads, and those in which it or a branch is a target."""
        access = user.access
        own = self.model._default_manager.filter(targets_answered_for_by(user))
        return self.filter(
            Q(host__in=access.host_ids) | Q(lead_unit__in=access.unit_ids) | Q(pk__in=own.values("pk"))
        )

    def of_host(self, host: Organization | None) -> Self:
        return self.filter(host=host) if host else self.none()

    def assigned_before(self, quarter: Quarter) -> Self:
        return self.filter(Q(year__lt=quarter.year) | Q(year=quarter.year, number__lt=quarter.number))

    def assigned_in(self, quarter: Quarter) -> Self:
        return self.filter(year=quarter.year, number=quarter.number)

    def standing(self) -> Self:
        """All but those assigned by mistake."""
        return self.exclude(state=ProgrammeStanding.WITHDRAWN)

    def overdue(self, user: User, on: datetime.date) -> Self:
        """Running, with a target that the user may see past its original date, which itself is in time."""
        late = self.model._default_manager.filter(
            targets_seen_by(user), targets__state=TargetStanding.OPEN, targets__original_due_on__lt=on
        )
        return self.filter(state=ProgrammeStanding.RUNNING, pk__in=late.values("pk"))

    def waiting(self, user: User) -> Self:
        """Running, with a row that waits for the staff, of a target that the user may see."""
        reported = self.model._default_manager.filter(
            targets_seen_by(user),
            targets__state=TargetStanding.OPEN,
            targets__tasks__state=TaskStanding.REPORTED,
        )
        return self.filter(state=ProgrammeStanding.RUNNING, pk__in=reported.values("pk"))

    def with_counts(self, user: User, on: datetime.date) -> Self:
        """Each with what its targets amount to today, as far as the user may see them."""
        present = Q(targets__state__in=(TargetStanding.OPEN, TargetStanding.DONE))
        counted = targets_seen_by(user) & present
        late = Q(
            state=ProgrammeStanding.RUNNING,
            targets__state=TargetStanding.OPEN,
            targets__original_due_on__lt=on,
        )
        return self.annotate(
            target_count=Count("targets", filter=counted),
            done_count=Count("targets", filter=counted & Q(targets__state=TargetStanding.DONE)),
            overdue_count=Count("targets", filter=counted & late),
            progress_done=Coalesce(Sum("targets__progress_done", filter=counted), 0),
            progress_of=Coalesce(Sum("targets__progress_of", filter=counted), 0),
            next_due_on=Min(
                "targets__original_due_on", filter=counted & Q(targets__state=TargetStanding.OPEN)
            ),
        )

    def as_of(self, until: datetime.datetime) -> Self:
        """Those assigned before this moment, each with `state_then` and `moved_at`, when it came into it."""
        newest = self.model._default_manager.filter(
            pk=OuterRef("pk"), entries__target=None, entries__at__lt=until
        ).order_by("-entries__number")
        return self.annotate(
            state_then=Subquery(newest.values("entries__state")[:1]),
            moved_at=Subquery(newest.values("entries__at")[:1]),
        ).filter(state_then__isnull=False)

    def standing_then(self) -> Self:
        """Of programmes `as_of` a moment, all but those withdrawn by then."""
        return self.exclude(state_then=ProgrammeStanding.WITHDRAWN)

    def told_of_in(self, quarter: Quarter, began: datetime.datetime) -> Self:
        """What a review of this quarter tells of, of programmes `as_of` a moment: not what was withdrawn, nor
        what was finished before the quarter began, unless it was assigned in the quarter before.
        """
        before = quarter.previous()
        old = ~Q(year=before.year, number=before.number)
        return self.standing_then().exclude(old, state_then=ProgrammeStanding.FINISHED, moved_at__lt=began)

    def in_figures(self, user: User, on: datetime.date) -> dict[str, int]:
        """How many there are: in all, running in time, overdue, finished; and with a row to be confirmed."""
        late = Q(pk__in=self.overdue(user, on).order_by().values("pk"))
        waiting = Q(pk__in=self.waiting(user).order_by().values("pk"))
        running = Q(state=ProgrammeStanding.RUNNING)
        return self.order_by().aggregate(
            number=Count("pk"),
            running=Count("pk", filter=running & ~late),
            overdue=Count("pk", filter=running & late),
            finished=Count("pk", filter=Q(state=ProgrammeStanding.FINISHED)),
            waiting=Count("pk", filter=waiting),
        )

    def with_names(self) -> Self:
        """With all that a list of programmes shows of each."""
        return self.select_related("lead_unit", "host").prefetch_related("rows")

    def most_pressing_first(self) -> Self:
        """Running before closed, what is due first leads. Of programmes `with_counts`."""
        return self.order_by(
            models.Case(models.When(state=ProgrammeStanding.RUNNING, then=0), default=1),
            F("next_due_on").asc(nulls_last=True),
            "-year",
            "-number",
            "-pk",
        )


class Programme(models.Model):
    """Work that a host assigned to units or their branches, with a checklist and due dates (专项工作).

    `year` and `number` are the quarter it was assigned in; one that runs on into the next is the same
    programme. `lead_unit` or, where the host's own office leads, `lead_office` in words. `origin`: where it
    comes from, such as a section of the speech. `version` is the number of the newest entry of its own log.
    """

    host = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="programmes")
    client_uuid = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    kind = models.CharField(pgettext_lazy("programme", "kind"), max_length=20, choices=ProgrammeKind)
    name = models.CharField(pgettext_lazy("programme", "name"), max_length=100)
    text = models.CharField(_("task"), max_length=LONGEST_TEXT, blank=True)
    lead_unit = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="led_programmes",
        verbose_name=_("lead unit"),
    )
    lead_office = models.CharField(_("lead office"), max_length=100, blank=True)
    responsible = models.CharField(_("responsible person"), max_length=LONGEST_NAME, blank=True)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("quarter"))
    origin = models.CharField(_("assigned by"), max_length=200, blank=True)
    has_demonstrations = models.BooleanField(_("has demonstration sites"), default=False)
    state = models.CharField(
        _("state"), max_length=10, choices=ProgrammeState, default=ProgrammeState.RUNNING
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = ProgrammeQuerySet.as_manager()

    if TYPE_CHECKING:  # what the queryset's annotations add
        target_count: int
        done_count: int
        overdue_count: int
        progress_done: int
        progress_of: int
        next_due_on: datetime.date | None
        state_then: str

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = (
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=4), name="programme_quarter_one_to_four"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="programme_has_a_name"),
            models.CheckConstraint(
                condition=Q(lead_unit__isnull=True) | Q(lead_office=""), name="programme_has_one_lead"
            ),
        )
        indexes = (models.Index(fields=("host", "state", "year", "number"), name="programme_of_host"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("rectification:programme-detail", args=[self.pk])

    @property
    def quarter(self) -> Quarter:
        return Quarter(self.year, self.number)

    @property
    def is_running(self) -> bool:
        return self.state == ProgrammeStanding.RUNNING

    @property
    def lead(self) -> str:
        """The lead in words, blank where nobody is named."""
        return self.lead_unit.name if self.lead_unit else self.lead_office

    @property
    def scale(self) -> Scale:
        """In what its progress is told. Reads `rows`."""
        return scale_of([Measure(row.measure) for row in self.rows.all()])

    @property
    def is_matrix(self) -> bool:
        """Whether its rows are best shown beside each other. Reads `rows`."""
        return len(self.rows.all()) > 1

    @property
    def counts(self) -> Counts:
        """Of a programme `with_counts`."""
        return Counts(self.target_count, self.done_count, self.overdue_count)

    @property
    def progress(self) -> Progress:
        """Of a programme `with_counts`."""
        return Progress(self.progress_done, self.progress_of)

    @property
    def progress_text(self) -> str:
        return self.progress.text(self.scale)

    @property
    def outcome(self) -> str:
        """finished, overdue, running or withdrawn. Of a programme `with_counts`."""
        return outcome(self.state, self.counts)


class ProgrammeRow(ChecklistRow):
    """A row of a programme's own checklist: later changes of the template leave it alone."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="rows")

    class Meta(ChecklistRow.Meta):
        verbose_name = _("row of a programme")
        verbose_name_plural = _("rows of programmes")
        constraints = (
            models.UniqueConstraint(fields=("programme", "name"), name="programme_row_name_once"),
            models.CheckConstraint(condition=Q(goal__gte=1), name="programme_row_asks_for_a_session"),
        )


class DueClass(models.Model):
    """By when the targets of a class are to be done; a programme without classes has one without a name."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="due_classes")
    position = models.PositiveSmallIntegerField(_("order"))
    name = models.CharField(pgettext_lazy("due date", "class"), max_length=30, blank=True)
    due_on = models.DateField(pgettext_lazy("programme", "due date"))

    class Meta:
        verbose_name = _("due-date class")
        verbose_name_plural = _("due-date classes")
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("programme", "name"), name="due_class_name_once"),)

    def __str__(self) -> str:
        return self.name
