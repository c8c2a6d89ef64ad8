"""Draw inferences (举一反三): a problem that other units look for with themselves, and their answers."""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization
from rectification.models.category import ProblemCategory
from rectification.models.item import LONGEST_TEXT, Item

if TYPE_CHECKING:
    from organizations.models import User

LONGEST_WORDS = 500


class Outcome(models.TextChoices):
    """What a unit found with itself."""

    NOT_FOUND = "not_found", _("Not found with us")
    FOUND = "found", _("Found with us")


def _acts(unit: str, on: datetime.date) -> Q:
    """That the unit acts on this day. unit: the way to it, such as "answers__unit"."""
    begun = Q(**{f"{unit}__active_from__isnull": True}) | Q(**{f"{unit}__active_from__lte": on})
    return begun & (Q(**{f"{unit}__active_to__isnull": True}) | Q(**{f"{unit}__active_to__gt": on}))


class SelfCheckQuerySet(models.QuerySet["SelfCheck"]):
    def visible_to(self, user: User) -> Self:
        """All of a host for its staff; for a unit those that it was asked."""
        access = user.access
        asked = SelfCheckAnswer.objects.filter(unit__in=access.unit_ids)
        return self.filter(Q(host__in=access.draft_host_ids) | Q(pk__in=asked.values("self_check")))

    def of_host(self, host: Organization | None) -> Self:
        return self.filter(host=host) if host else self.none()

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def with_counts(self, on: datetime.date) -> Self:
        """Each with `asked`, `answered`, `found` and `late`: answered too late, or not yet though it is due.

        A unit that no longer acts and never answered is not asked any more.
        """
        answered = ~Q(answers__outcome="")
        waiting = Q(answers__outcome="") & _acts("answers__unit", on)
        late = answered & Q(answers__answered_on__gt=F("answer_by")) | waiting & Q(answer_by__lt=on)
        return self.annotate(
            asked=Count("answers", filter=answered | waiting),
            answered=Count("answers", filter=answered),
            found=Count("answers", filter=Q(answers__outcome=Outcome.FOUND)),
            late=Count("answers", filter=late),
        )


class SelfCheck(models.Model):
    """One problem that units are asked to look for with themselves (举一反三). Nothing edits what was sent.

    `item` is where the problem was found first, for the staff alone: the others learn the problem, never
    whose it was. `client_uuid` is the key under which it was sent: sent again, it is sent once.
    """

    host = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="self_checks")
    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, null=True, blank=True, related_name="self_checks"
    )
    text = models.CharField(_("problem"), max_length=LONGEST_TEXT)
    category = models.ForeignKey(
        ProblemCategory, on_delete=models.PROTECT, related_name="+", verbose_name=_("category")
    )
    answer_by = models.DateField(_("answer by"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("sent at"))
    client_uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = SelfCheckQuerySet.as_manager()

    if TYPE_CHECKING:  # what the queryset's annotations add
        asked: int
        answered: int
        found: int
        late: int

    class Meta:
        verbose_name = _("self-check")
        verbose_name_plural = _("self-checks")
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="self_check_says_what_to_look_for"),
        )

    def __str__(self) -> str:
        return self.text[:40]

    def get_absolute_url(self) -> str:
        return reverse("rectification:check-detail", args=[self.pk])


class SelfCheckAnswerQuerySet(models.QuerySet["SelfCheckAnswer"]):
    def visible_to(self, user: User) -> Self:
        """Those of the host for its staff and auditors; a unit's own for its people."""
        access = user.access
        return self.filter(Q(self_check__host__in=access.draft_host_ids) | Q(unit__in=access.unit_ids))

    def of_host(self, host: Organization | None) -> Self:
        return self.filter(self_check__host=host) if host else self.none()

    def of_check(self, check: SelfCheck) -> Self:
        return self.filter(self_check=check)

    def of_those_answered_by(self, user: User) -> Self:
        """Of the user's units, by whomever of them."""
        return self.filter(unit__in=user.access.unit_ids)

    def of_unit(self, unit: Organization) -> Self:
        return self.filter(unit=unit)

    def first_of_unit(self, key: str) -> SelfCheckAnswer | None:
        """The answer of the unit that a form names, or None. key: as it was sent."""
        is_key = key.isascii() and key.isdigit() and len(key) <= 18
        return self.filter(unit=int(key)).first() if is_key else None

    def waiting(self, on: datetime.date) -> Self:
        """Not answered, by units that act on this day: one that is closed is not asked any more."""
        return self.filter(_acts("unit", on), outcome="")

    def overdue(self, on: datetime.date) -> Self:
        """Waiting though the day to answer by is over."""
        return self.waiting(on).filter(self_check__answer_by__lt=on)

    def asked(self, on: datetime.date) -> Self:
        """Answered, or still to be answered on this day."""
        return self.filter(~Q(outcome="") | _acts("unit", on))

    def most_pressing_first(self) -> Self:
        return self.order_by("self_check__answer_by", "self_check")

    def newest_first(self) -> Self:
        return self.order_by("-self_check", "unit")

    def in_own_order(self) -> Self:
        """In the host's own order of its units."""
        return self.order_by(F("unit__group__position").asc(nulls_last=True), "unit__position", "unit")

    def with_names(self) -> Self:
        """With all that a table of answers shows of each."""
        related = self.select_related("self_check__category", "unit__group", "answered_by")
        return related.prefetch_related("findings__item")


class SelfCheckAnswer(models.Model):
    """One unit that is asked, and its answer, which it gives once. outcome: "" while it has not answered.

    is_by_staff: it came on paper, and the host's staff entered it.
    """

    self_check = models.ForeignKey(SelfCheck, on_delete=models.PROTECT, related_name="answers")
    unit = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="self_check_answers", verbose_name=_("unit")
    )
    outcome = models.CharField(_("answer"), max_length=10, choices=Outcome, blank=True)
    words = models.CharField(_("words"), max_length=LONGEST_WORDS, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    is_by_staff = models.BooleanField(_("entered by the staff"), default=False)

    objects = SelfCheckAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a self-check")
        verbose_name_plural = _("answers to self-checks")
        constraints = (
            models.UniqueConstraint(fields=("self_check", "unit"), name="unit_is_asked_once"),
            models.CheckConstraint(
                condition=Q(
                    outcome="", answered_by__isnull=True, answered_at__isnull=True, answered_on__isnull=True
                )
                | Q(
                    outcome__in=("found", "not_found"),
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                    answered_on__isnull=False,
                ),
                name="self_check_answer_is_signed",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="not_found") | ~Q(words=""), name="not_found_says_how_it_was_checked"
            ),
            models.CheckConstraint(
                condition=Q(is_by_staff=False) | ~Q(outcome=""), name="entered_by_the_staff_is_an_answer"
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit} · {self.self_check}"

    @property
    def is_answered(self) -> bool:
        return bool(self.outcome)

    @property
    def is_late(self) -> bool:
        """Answered after the day, or not yet though the day is over."""
        return (self.answered_on or timezone.localdate()) > self.self_check.answer_by


class SelfCheckFinding(models.Model):
    """A problem that a unit found with itself because it was asked, raised as an item of its own."""

    answer = models.ForeignKey(SelfCheckAnswer, on_delete=models.PROTECT, related_name="findings")
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="self_check_finding")

    class Meta:
        verbose_name = _("problem found in a self-check")
        verbose_name_plural = _("problems found in self-checks")
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.item)
