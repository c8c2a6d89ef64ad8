"""When: a host's review of one quarter and the steps it has taken (rule 13)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Max, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization
from organizations.quarter import Quarter
from reviews.ranking import ProgressMeasure, RankMethod

if TYPE_CHECKING:
    from organizations.models import User
    from reviews.models.publication import Publication


class CycleState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Entry open")
    REPLY = "reply", _("Units reply")
    VERIFIED = "verified", _("Verified")
    PUBLISHED = "published", _("Published")


class RankMethodChoice(models.TextChoices):
    DENSE = RankMethod.DENSE.value, _("Dense (1, 2, 2, 3)")
    COMPETITION = RankMethod.COMPETITION.value, _("Competition (1, 2, 2, 4)")


class MeasureChoice(models.TextChoices):
    PLACES = ProgressMeasure.PLACES.value, _("Places")
    TOTAL = ProgressMeasure.TOTAL.value, _("Share of the full marks")


class Disclosure(models.TextChoices):
    """What a unit sees of the others once the cycle is published (rule 15)."""

    LISTS = "lists", _("The four lists")
    TABLE = "table", _("The whole table")


class ReviewCycleQuerySet(models.QuerySet["ReviewCycle"]):
    def of_host(self, host: Organization | None) -> Self:
        return self.filter(host=host) if host else self.none()

    def in_quarter(self, quarter: Quarter) -> Self:
        return self.filter(year=quarter.year, number=quarter.number)

    def before(self, quarter: Quarter) -> Self:
        return self.filter(Q(year__lt=quarter.year) | Q(year=quarter.year, number__lt=quarter.number))

    def published(self) -> Self:
        """With at least one publication, even while a correction is being made."""
        return self.filter(publications__isnull=False).distinct()

    def running(self) -> Self:
        """Taking scores."""
        return self.filter(state__in=(CycleState.OPEN, CycleState.REPLY))

    def in_reply(self) -> Self:
        return self.filter(state=CycleState.REPLY)

    def once_in_reply(self) -> Self:
        """Whose units were ever asked to reply."""
        return self.filter(steps__to_state=CycleState.REPLY).distinct()

    def reviewing(self, units: Iterable[int]) -> Self:
        """That review one of these units."""
        return self.filter(reviews__organization__in=units).distinct()

    def unpublished(self) -> Self:
        """Without any publication."""
        return self.filter(publications__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by("-year", "-number")

    def with_publications(self) -> Self:
        """Each with the number and the time of its newest publication, None where there is none."""
        return self.annotate(
            latest_number=Max("publications__number"), published_at=Max("publications__published_at")
        )

    def with_progress(self) -> Self:
        """Each with how many units it reviews and how many of them are scored or have a reason not to be."""
        return self.annotate(
            roster_count=Count("reviews", distinct=True),
            finished_count=Count("reviews", filter=~Q(reviews__state="unscored"), distinct=True),
        )

    def visible_to(self, user: User) -> Self:
        """Rule 15: a draft belongs to the host's staff; leaders and inspectors know that a cycle runs; a unit
        sees a cycle of its own once it may reply or once it is published.
        """
        own = self.model._default_manager.filter(reviews__organization__in=user.access.unit_ids).filter(
            Q(state=CycleState.REPLY) | Q(publications__isnull=False)
        )
        return self.filter(Q(host__in=user.access.host_ids) | Q(pk__in=own.values("pk")))


class ReviewCycle(models.Model):
    """One host's review of one quarter. Scored quarter, baseline quarter and meeting day are three things."""

    host = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="cycles", verbose_name=_("host")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("quarter"))
    state = models.CharField(_("state"), max_length=10, choices=CycleState, default=CycleState.DRAFT)
    baseline = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="compared_with",
        verbose_name=_("baseline"),
        help_text=_("The earlier cycle places are compared with; blank: the last one published before."),
    )
    rank_method = models.CharField(
        _("rank method"), max_length=12, choices=RankMethodChoice, default=RankMethodChoice.DENSE
    )
    list_size = models.PositiveSmallIntegerField(_("list size"), default=3)
    measure = models.CharField(
        _("progress measured by"), max_length=10, choices=MeasureChoice, default=MeasureChoice.PLACES
    )
    disclosure = models.CharField(
        _("units see of the others"), max_length=10, choices=Disclosure, default=Disclosure.LISTS
    )
    reply_stage = models.BooleanField(_("reply stage"), default=False)
    reply_until = models.DateField(_("last day to reply"), null=True, blank=True)
    meeting_on = models.DateField(_("meeting date"), null=True, blank=True)
    document_number = models.CharField(
        _("document number"), max_length=50, blank=True, help_text=_("For example ×组通〔2018〕18号.")
    )
    rectify_by = models.DateField(_("rectify by"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = ReviewCycleQuerySet.as_manager()

    if TYPE_CHECKING:  # what the queryset's annotations add
        latest_number: int | None
        published_at: datetime.datetime | None
        roster_count: int
        finished_count: int

    class Meta:
        verbose_name = _("review cycle")
        verbose_name_plural = _("review cycles")
        constraints = (
            models.UniqueConstraint(fields=("host", "year", "number"), name="one_cycle_a_host_and_quarter"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=4), name="quarter_is_one_to_four"),
            models.CheckConstraint(condition=Q(list_size__gte=1), name="list_names_at_least_one"),
            models.CheckConstraint(
                condition=Q(baseline__isnull=True) | ~Q(baseline=F("id")),
                name="cycle_is_not_its_own_baseline",
            ),
        )

    def __str__(self) -> str:
        return self.quarter.label

    def get_absolute_url(self) -> str:
        return reverse("reviews:cycle-detail", args=[self.quarter])

    @property
    def quarter(self) -> Quarter:
        return Quarter(self.year, self.number)

    @property
    def takes_scores(self) -> bool:
        """Whether scores may be entered; rule 13: entry closes when the cycle is verified."""
        return self.state in {CycleState.OPEN, CycleState.REPLY}

    def takes_replies(self, on: datetime.date) -> bool:
        """Whether units may reply on this day; the last day itself is still in time."""
        return self.state == CycleState.REPLY and (self.reply_until is None or on <= self.reply_until)

    @property
    def is_being_corrected(self) -> bool:
        """Published once and stepped back since. Of a cycle fetched `with_publications`."""
        return self.latest_number is not None and self.state != CycleState.PUBLISHED

    def latest_publication(self) -> Publication | None:
        return self.publications.order_by("-number").first()


class CycleStep(models.Model):
    """One step of a cycle from one state to another: who, when and, backwards, why. Append-only.

    One that stays in its state notes what was decided about the cycle, such as other settings.
    """

    cycle = models.ForeignKey(ReviewCycle, on_delete=models.PROTECT, related_name="steps")
    from_state = models.CharField(_("from"), max_length=10, choices=CycleState)
    to_state = models.CharField(_("to"), max_length=10, choices=CycleState)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_at = models.DateTimeField(_("at"), auto_now_add=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.cycle}: {self.get_from_state_display()} → {self.get_to_state_display()}"

    @property
    def is_note(self) -> bool:
        """Nothing was stepped: its reason says what else was done."""
        return self.from_state == self.to_state

    @property
    def is_back(self) -> bool:
        order: list[Any] = list(CycleState)
        return order.index(self.to_state) < order.index(self.from_state)
