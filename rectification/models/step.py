"""The log of an item: every step, and the files that came with it. The database refuses to edit either."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from files.folders import Shelf
from organizations.models import Group, Organization
from rectification.lifecycle import StepKind
from rectification.models.category import ProblemCategory
from rectification.models.item import LONGEST_NAME, LONGEST_TEXT, Audience, Item, ItemState
from rectification.models.kept_file import KeptFile

if TYPE_CHECKING:
    from organizations.models import User


class StepKindChoice(models.TextChoices):
    RAISE = StepKind.RAISE.value, _("Raised")
    SEND = StepKind.SEND.value, _("Sent")
    ASSIGN = StepKind.ASSIGN.value, _("Assigned")
    NOTE = StepKind.NOTE.value, _("Progress note")
    SUBMIT = StepKind.SUBMIT.value, _("Submitted")
    RETURN = StepKind.RETURN.value, _("Returned")
    STRIKE_OFF = StepKind.STRIKE_OFF.value, _("Struck off")
    EXTEND = StepKind.EXTEND.value, _("Extended")
    REOPEN = StepKind.REOPEN.value, _("Reopened")
    HOLD_UP = StepKind.HOLD_UP.value, _("Return visit passed")
    RELAPSE = StepKind.RELAPSE.value, _("Return visit failed")
    PASS_ON = StepKind.PASS_ON.value, _("Passed on to the successor")
    CONFIRM = StepKind.CONFIRM.value, _("Found again, credited as self-found")
    MERGE = StepKind.MERGE.value, _("Merged")
    WITHDRAW = StepKind.WITHDRAW.value, _("Withdrawn")


class StepQuerySet(models.QuerySet["Step"]):
    def for_unit_by(self, user: User) -> Self:
        """Steps this person took for the unit."""
        return self.filter(for_unit=True, by=user)

    def raised_by(self, user: User | None) -> Self:
        """The first entries of the logs of what this person raised."""
        return self.filter(number=1, by=user)

    def with_details(self) -> Self:
        """With all that a log shows of each: who, what it set, and its files."""
        return self.select_related("by", "unit", "category", "other").prefetch_related("evidence")

    def shown_to(self, audience: Audience) -> Self:
        """Steps with which items came to be shown to this audience."""
        return self.filter(audience=audience)


class Step(models.Model):
    """One step of an item: who did what when, and what it set. Append-only.

    number: 1 is raising, then one more each. state: after it. by: None where the product did it by itself.
    for_unit: taken for the unit, by whoever. text: the reason, the answer or what there is to say. What the
    step set stands in the other columns; None or "" is what it left alone. `other` is the item it points to.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("step"), max_length=10, choices=StepKindChoice)
    state = models.CharField(_("state after it"), max_length=10, choices=ItemState)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    for_unit = models.BooleanField(_("for the unit"), default=False)
    text = models.CharField(_("words"), max_length=LONGEST_TEXT, blank=True)
    responsible = models.CharField(_("responsible person"), max_length=LONGEST_NAME, blank=True)
    measures = models.CharField(_("measures"), max_length=LONGEST_TEXT, blank=True)
    due_on = models.DateField(_("due date"), null=True, blank=True)
    unit = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    category = models.ForeignKey(
        ProblemCategory, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    audience = models.CharField(_("who sees it"), max_length=5, choices=Audience, blank=True)
    other = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of an item")
        verbose_name_plural = _("steps of items")
        ordering = ("item", "number")
        constraints = (
            models.UniqueConstraint(fields=("item", "number"), name="step_taken_once"),
            models.CheckConstraint(
                condition=Q(number=1, kind="raise") | Q(number__gt=1) & ~Q(kind="raise"),
                name="item_begins_with_raising",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=("return", "extend", "reopen", "relapse", "withdraw", "submit"))
                | ~Q(text=""),
                name="step_that_needs_a_reason_has_it",
            ),
            models.CheckConstraint(
                condition=~Q(kind="extend") | Q(due_on__isnull=False), name="extension_says_until_when"
            ),
        )

    def __str__(self) -> str:
        return f"{self.item} #{self.number} {self.get_kind_display()}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User) -> Self:
        """Whoever may see the item sees its files."""
        return self.filter(step__item__in=Item.objects.visible_to(user))

    def of_item(self, item: Item) -> Self:
        return self.filter(step__item=item)


class Evidence(KeptFile):
    """A file of a step."""

    SHELF = Shelf("items")

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="evidence")

    objects = EvidenceQuerySet.as_manager()

    class Meta(KeptFile.Meta):
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("pk",)
