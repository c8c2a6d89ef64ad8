"""Who is to do it: a programme's targets, their tasks and the sessions they hold."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models import Organization
from rectification.models.item import LONGEST_NAME
from rectification.models.programme import DueClass, Programme, ProgrammeRow
from rectification.programme_progress import Measure, Progress, TaskFigure, days_overdue, reaches_goal
from rectification.programme_rules import REPORTABLE, ProgrammeStanding, TargetStanding, TaskStanding

if TYPE_CHECKING:
    from organizations.models import User


class TargetState(models.TextChoices):
    OPEN = TargetStanding.OPEN.value, pgettext_lazy("target", "Not done")
    DONE = TargetStanding.DONE.value, pgettext_lazy("target", "Done")
    OUT = TargetStanding.OUT.value, pgettext_lazy("target", "Taken out")


class TaskState(models.TextChoices):
    OPEN = TaskStanding.OPEN.value, pgettext_lazy("task", "Not yet")
    REPORTED = TaskStanding.REPORTED.value, pgettext_lazy("task", "Reported")
    SENT_BACK = TaskStanding.SENT_BACK.value, pgettext_lazy("task", "Sent back")
    PASSED = TaskStanding.PASSED.value, pgettext_lazy("task", "Passed")


class TargetQuerySet(models.QuerySet["Target"]):
    def visible_to(self, user: User) -> Self:
        """All of a host for its people; a unit sees itself and its branches, never another's progress."""
        access = user.access
        return self.filter(
            Q(programme__host__in=access.host_ids)
            | Q(unit__in=access.unit_ids)
            | Q(organization__in=access.unit_ids, organization__parent__parent=F("programme__host"))
        )

    def of_host(self, host: Organization) -> Self:
        return self.filter(programme__host=host)

    def of_programme(self, programme: int) -> Self:
        return self.filter(programme=programme)

    def of_class(self, due_class: DueClass | None) -> Self:
        """Of one class; of all where none is named."""
        return self.filter(due_class=due_class) if due_class else self

    def present(self) -> Self:
        """Not taken out."""
        return self.exclude(state=TargetStanding.OUT)

    def taken_out(self) -> Self:
        return self.filter(state=TargetStanding.OUT)

    def undone(self) -> Self:
        return self.filter(state=TargetStanding.OPEN)

    def overdue(self, on: datetime.date) -> Self:
        """Not done past the original date, in a running programme; the due day itself is still in time."""
        return self.undone().filter(original_due_on__lt=on, programme__state=ProgrammeStanding.RUNNING)

    def in_wrong_hands(self, on: datetime.date) -> Self:
        """Unfinished, of a running programme, and answered for by a unit that no longer acts on this day, or
        by another than the one it belongs to.
        """
        is_own = Q(unit=F("organization")) | Q(unit=F("organization__parent"))
        running = self.undone().filter(programme__state=ProgrammeStanding.RUNNING)
        return running.filter(Q(unit__active_to__lte=on) | ~is_own)

    def with_newest_entry(self) -> Self:
        """Each with `newest_at`, when its own log's newest entry was written."""
        own = Q(entries__task__isnull=True)
        return self.annotate(newest_at=Max("entries__at", filter=own))

    def waiting(self) -> Self:
        """With a task that waits for the staff."""
        return self.filter(Exists(Task.objects.filter(target=OuterRef("pk"), state=TaskStanding.REPORTED)))

    def sent_back(self) -> Self:
        """With a task that waits for the unit again."""
        return self.filter(Exists(Task.objects.filter(target=OuterRef("pk"), state=TaskStanding.SENT_BACK)))

    def demonstrations(self) -> Self:
        return self.filter(is_demonstration=True)

    def as_of(self, until: datetime.datetime) -> Self:
        """Those that were targets before this moment and not taken out, each with `state_then`."""
        newest = self.model._default_manager.filter(
            pk=OuterRef("pk"), entries__task=None, entries__at__lt=until
        ).order_by("-entries__number")
        with_state = self.annotate(state_then=Subquery(newest.values("entries__state")[:1]))
        return with_state.filter(state_then__isnull=False).exclude(state_then=TargetStanding.OUT)

    def counted(self, on: datetime.date, running: Collection[int]) -> Iterator[tuple[int, int, int, int]]:
        """By programme its targets, those done and those overdue. Of targets `as_of` the end of this day.

        running: keys of the programmes that ran then.
        """
        late = Q(state_then=TargetStanding.OPEN, original_due_on__lt=on, programme__in=running)
        by_programme = self.order_by().values("programme")
        counted = by_programme.annotate(
            number=Count("pk"),
            done=Count("pk", filter=Q(state_then=TargetStanding.DONE)),
            late=Count("pk", filter=late),
        )
        return iter(counted.values_list("programme", "number", "done", "late"))

    def by_unit(self, on: datetime.date) -> Iterator[tuple[str, int, int, int, int, int]]:
        """Each unit's name with its targets, those done and overdue, and how much is done of how much."""
        late = Q(
            state=TargetStanding.OPEN, original_due_on__lt=on, programme__state=ProgrammeStanding.RUNNING
        )
        by_unit = self.present().order_by().values("unit", "unit__name")
        figures = by_unit.annotate(
            group=F("unit__group__position"),
            place=F("unit__position"),
            number=Count("pk"),
            done=Count("pk", filter=Q(state=TargetStanding.DONE)),
            late=Count("pk", filter=late),
            progress=Sum("progress_done"),
            whole=Sum("progress_of"),
        ).order_by(F("group").asc(nulls_last=True), "place", "unit")
        return iter(figures.values_list("unit__name", "number", "done", "late", "progress", "whole"))

    def with_names(self) -> Self:
        """With all that a table of targets shows of each; their tasks in the order of the rows."""
        tasks = Task.objects.select_related("row").in_order()
        named = self.select_related("programme", "organization", "unit__group", "due_class")
        return named.prefetch_related(Prefetch("tasks", queryset=tasks))

    def in_own_order(self) -> Self:
        """The host's own order: units by group and number, each before its branches."""
        return self.order_by(
            F("unit__group__position").asc(nulls_last=True),
            "unit__position",
            "unit",
            models.Case(models.When(organization=F("unit"), then=0), default=1),
            "organization__position",
            "organization",
        )


class Target(models.Model):
    """A unit or a branch that is to do a programme's work.

    `unit` is the host's direct subordinate that answers for it: itself, or the unit above a branch; once that
    no longer acts, its successor.
    `original_due_on` is the date of its class when it was added; `due_on` what it was extended to.
    `progress_done` of `progress_of` is kept with every step of its tasks, for lists. `version` is the number
    of the newest entry of its own log, without its tasks'.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="targets")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="targeted_by", verbose_name=_("target")
    )
    unit = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="programme_targets", verbose_name=_("unit")
    )
    due_class = models.ForeignKey(DueClass, on_delete=models.PROTECT, related_name="targets")
    responsible = models.CharField(_("responsible person"), max_length=LONGEST_NAME, blank=True)
    helper = models.CharField(_("helping person"), max_length=LONGEST_NAME, blank=True)
    original_due_on = models.DateField(pgettext_lazy("programme", "original due date"))
    due_on = models.DateField(pgettext_lazy("programme", "due date"))
    state = models.CharField(_("state"), max_length=10, choices=TargetState, default=TargetState.OPEN)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    is_demonstration = models.BooleanField(_("demonstration site"), default=False)
    progress_done = models.PositiveIntegerField(default=0)
    progress_of = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = TargetQuerySet.as_manager()

    if TYPE_CHECKING:  # what the queryset's annotations add
        newest_at: datetime.datetime

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = (
            models.UniqueConstraint(fields=("programme", "organization"), name="target_once_a_programme"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("original_due_on")), name="target_keeps_its_original_date"
            ),
            models.CheckConstraint(
                condition=Q(progress_done__lte=F("progress_of")), name="progress_is_at_most_all"
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False) | ~Q(state="done") & Q(done_on__isnull=True),
                name="target_done_has_its_day",
            ),
        )
        indexes = (models.Index(fields=("programme", "state", "original_due_on"), name="target_pressing"),)

    def __str__(self) -> str:
        return f"{self.programme}: {self.organization}"

    def get_absolute_url(self) -> str:
        return reverse("rectification:target-detail", args=[self.programme_id, self.pk])

    @property
    def is_done(self) -> bool:
        return self.state == TargetStanding.DONE

    @property
    def is_out(self) -> bool:
        return self.state == TargetStanding.OUT

    @property
    def is_branch(self) -> bool:
        return self.organization_id != self.unit_id

    @property
    def is_extended(self) -> bool:
        return self.due_on != self.original_due_on

    @property
    def was_late(self) -> bool:
        """Done, but after the original date."""
        return self.done_on is not None and self.done_on > self.original_due_on

    @property
    def progress(self) -> Progress:
        return Progress(self.progress_done, self.progress_of)

    @property
    def progress_text(self) -> str:
        return self.progress.text(self.programme.scale)

    def days_overdue(self, on: datetime.date) -> int:
        """Whole days past the original date; 0 while in time, done, out or of a closed programme."""
        if not self.programme.is_running:
            return 0
        return days_overdue(self.state, self.original_due_on, on)


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(target__in=Target.objects.visible_to(user))

    def in_order(self) -> Self:
        return self.order_by("row__position", "row")


class Task(models.Model):
    """One row of the checklist for one target.

    `value` is the confirmed percentage or the number of sessions held, `reported` the percentage that waits
    for confirmation. `version` is the number of its newest entry, 0 before the first.
    """

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="tasks")
    row = models.ForeignKey(ProgrammeRow, on_delete=models.PROTECT, related_name="tasks")
    state = models.CharField(_("state"), max_length=10, choices=TaskState, default=TaskState.OPEN)
    value = models.PositiveSmallIntegerField(_("value"), default=0)
    reported = models.PositiveSmallIntegerField(_("reported value"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = (
            models.UniqueConstraint(fields=("target", "row"), name="task_once_a_target_and_row"),
            models.CheckConstraint(
                condition=Q(reported__isnull=True) | Q(reported__lte=100), name="reported_is_a_percentage"
            ),
        )
        indexes = (models.Index(fields=("state",), name="task_by_state"),)

    def __str__(self) -> str:
        return f"{self.target}: {self.row}"

    @property
    def measure(self) -> Measure:
        return Measure(self.row.measure)

    @property
    def is_passed(self) -> bool:
        return self.state == TaskStanding.PASSED

    @property
    def is_reported(self) -> bool:
        return self.state == TaskStanding.REPORTED

    @property
    def waits_for_unit(self) -> bool:
        """Sent back, or not reported yet."""
        return self.state in REPORTABLE

    @property
    def value_text(self) -> str:
        """How far it is, where that is more than passed or not: 60% or 3/4."""
        if self.measure is Measure.PASS:
            return ""
        return f"{self.value}%" if self.measure is Measure.PERCENT else f"{self.value}/{self.row.goal}"

    @property
    def figure(self) -> TaskFigure:
        return TaskFigure(self.measure, TaskStanding(self.state), self.value, self.row.goal)

    @property
    def reaches_goal(self) -> bool:
        """Whether confirming it as it stands would pass it."""
        value = self.reported if self.reported is not None else self.value
        return reaches_goal(self.measure, value, self.row.goal)


class SessionQuerySet(models.QuerySet["ProgrammeSession"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(task__target__in=Target.objects.visible_to(user))

    def of_programme(self, programme: Programme) -> Self:
        return self.filter(task__target__programme=programme)

    def held(self) -> Self:
        return self.filter(is_called_off=False, attended__isnull=False)

    def standing(self) -> Self:
        """Planned or held."""
        return self.filter(is_called_off=False)

    def attendance(self) -> dict[str, int]:
        """Of those held: how many sessions, how many were expected and how many came."""
        held = self.held().order_by()
        return held.aggregate(
            sessions=Count("pk"),
            planned=Coalesce(Sum("planned"), 0),
            attended=Coalesce(Sum("attended"), 0),
        )

    def with_names(self) -> Self:
        return self.select_related("task__row", "task__target__organization", "task__target__unit")

    def latest_first(self) -> Self:
        return self.order_by("-held_on", "-pk")


class ProgrammeSession(models.Model):
    """A training session or another gathering. Held once `attended` says how many came."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="sessions")
    held_on = models.DateField(pgettext_lazy("session", "day"))
    topic = models.CharField(_("topic"), max_length=200)
    place = models.CharField(_("location"), max_length=100, blank=True)
    audience = models.CharField(_("audience"), max_length=200, blank=True)
    planned = models.PositiveIntegerField(_("expected"), null=True, blank=True)
    attended = models.PositiveIntegerField(_("attended"), null=True, blank=True)
    is_called_off = models.BooleanField(_("called off"), default=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("held_on", "pk")
        constraints = (models.CheckConstraint(condition=~Q(topic=""), name="session_has_a_topic"),)

    def __str__(self) -> str:
        return self.topic

    @property
    def is_held(self) -> bool:
        return self.attended is not None and not self.is_called_off
