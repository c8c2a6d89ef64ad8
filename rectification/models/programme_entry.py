"""The log of programmes, targets and tasks, with its files. The database refuses to edit either."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from files.folders import Shelf
from rectification.models.item import LONGEST_NAME, LONGEST_TEXT
from rectification.models.kept_file import KeptFile
from rectification.models.programme import Programme
from rectification.models.target import ProgrammeSession, Target, Task
from rectification.programme_rules import RULES, Kind

if TYPE_CHECKING:
    from organizations.models import User


class EntryKind(models.TextChoices):
    ASSIGN = Kind.ASSIGN.value, pgettext_lazy("programme", "Programme assigned")
    CHANGE = Kind.CHANGE.value, pgettext_lazy("programme", "Programme changed")
    FINISH = Kind.FINISH.value, pgettext_lazy("programme", "Programme finished")
    RESUME = Kind.RESUME.value, pgettext_lazy("programme", "Programme resumed")
    WITHDRAW = Kind.WITHDRAW.value, pgettext_lazy("programme", "Programme withdrawn")
    ADD = Kind.ADD.value, pgettext_lazy("target", "Added")
    NAME = Kind.NAME.value, pgettext_lazy("target", "Persons named")
    EXTEND = Kind.EXTEND.value, pgettext_lazy("target", "Due date extended")
    MARK = Kind.MARK.value, pgettext_lazy("target", "Named demonstration site")
    UNMARK = Kind.UNMARK.value, pgettext_lazy("target", "No longer demonstration site")
    TAKE_OUT = Kind.TAKE_OUT.value, pgettext_lazy("target", "Taken out of the programme")
    PUT_BACK = Kind.PUT_BACK.value, pgettext_lazy("target", "Put back")
    REPORT = Kind.REPORT.value, pgettext_lazy("task", "Reported as done")
    NOTE = Kind.NOTE.value, pgettext_lazy("task", "Note")
    PLAN = Kind.PLAN.value, pgettext_lazy("task", "Session planned")
    HOLD = Kind.HOLD.value, pgettext_lazy("task", "Session held")
    CALL_OFF = Kind.CALL_OFF.value, pgettext_lazy("task", "Session called off")
    SEND_BACK = Kind.SEND_BACK.value, pgettext_lazy("task", "Sent back to the unit")
    CONFIRM = Kind.CONFIRM.value, pgettext_lazy("task", "Confirmed")
    REOPEN = Kind.REOPEN.value, pgettext_lazy("task", "Reopened")
    COMPLETE = Kind.COMPLETE.value, pgettext_lazy("programme", "All done")
    PASS_ON = Kind.PASS_ON.value, _("Passed on to the successor")


NEED_A_REASON = sorted(rule.kind.value for rule in RULES.values() if rule.says_why)


class EntryQuerySet(models.QuerySet["ProgrammeEntry"]):
    def for_unit_by(self, user: User) -> Self:
        """What this person did for the unit."""
        return self.filter(for_unit=True, by=user)

    def of_programme_alone(self, programme: Programme) -> Self:
        """Without what happened to its targets."""
        return self.filter(programme=programme, target=None)

    def of_target(self, target: Target) -> Self:
        """All that happened to a target and its tasks."""
        return self.filter(target=target)

    def told(self) -> Self:
        """With all that a log shows, the newest first."""
        return (
            self.select_related("by", "task__row", "session").prefetch_related("files").order_by("-at", "-pk")
        )


class ProgrammeEntry(models.Model):
    """One entry: who did what when, and what it set. Append-only.

    It belongs to the log of the task where it has one, else of the target, else of the programme. number:
    its place in that log. state: that of the log's subject after it. by: None where the product did it by
    itself. value: the percentage reported or confirmed. text: the reason, the report or what was changed.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="entries")
    target = models.ForeignKey(
        Target, on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    session = models.ForeignKey(
        ProgrammeSession, on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("step"), max_length=10, choices=EntryKind)
    state = models.CharField(_("state after it"), max_length=10)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    for_unit = models.BooleanField(_("for the unit"), default=False)
    text = models.CharField(_("words"), max_length=LONGEST_TEXT, blank=True)
    responsible = models.CharField(_("responsible person"), max_length=LONGEST_NAME, blank=True)
    helper = models.CharField(_("helping person"), max_length=LONGEST_NAME, blank=True)
    value = models.PositiveIntegerField(_("value"), null=True, blank=True)
    due_on = models.DateField(pgettext_lazy("programme", "due date"), null=True, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of a programme's log")
        verbose_name_plural = _("entries of programmes' logs")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "number"),
                condition=Q(target__isnull=True),
                name="programme_entry_number_once",
            ),
            models.UniqueConstraint(
                fields=("target", "number"),
                condition=Q(target__isnull=False, task__isnull=True),
                name="target_entry_number_once",
            ),
            models.UniqueConstraint(
                fields=("task", "number"), condition=Q(task__isnull=False), name="task_entry_number_once"
            ),
            models.CheckConstraint(
                condition=Q(task__isnull=True) | Q(target__isnull=False), name="task_entry_names_its_target"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=NEED_A_REASON) | ~Q(text=""), name="entry_that_needs_a_reason_has_it"
            ),
            models.CheckConstraint(
                condition=~Q(kind="extend") | Q(due_on__isnull=False), name="entry_extends_until_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.programme} #{self.number} {self.get_kind_display()}"


class ProgrammeFileQuerySet(models.QuerySet["ProgrammeFile"]):
    def visible_to(self, user: User) -> Self:
        """Whoever may see the target sees its files."""
        return self.filter(entry__target__in=Target.objects.visible_to(user))

    def of_target(self, target: Target) -> Self:
        return self.filter(entry__target=target)


class ProgrammeFile(KeptFile):
    """A file of an entry."""

    SHELF = Shelf("programmes")

    entry = models.ForeignKey(ProgrammeEntry, on_delete=models.PROTECT, related_name="files")

    objects = ProgrammeFileQuerySet.as_manager()

    class Meta(KeptFile.Meta):
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("pk",)
