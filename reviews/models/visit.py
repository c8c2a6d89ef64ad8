"""Who went where: visits (督查), what they found, and the draws that chose their places."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from files.folders import Shelf
from files.pictures import PhotoFormat
from files.stored import StoredFile
from organizations.models import VISIT_ROLES, Organization
from rectification.lifecycle import State
from rectification.models import Item, ProblemCategory
from reviews.models.cycle import ReviewCycle

if TYPE_CHECKING:
    from organizations.models import User
    from reviews.models.review import Deduction, Review


class VisitState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", _("Not counted yet")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class DrawQuerySet(models.QuerySet["Draw"]):
    def visible_to(self, user: User) -> Self:
        """Whoever works for the host may check a draw, but for one that may name a place of the own unit."""
        own = self.model.units.through.objects.filter(organization__in=user.access.own_organization_ids)
        return self.filter(cycle__host__in=user.access.host_ids).exclude(pk__in=own.values("draw"))

    def of_host(self, host: Organization) -> Self:
        return self.filter(cycle__host=host)

    def newest_first(self) -> Self:
        return self.order_by("-pk")


class Draw(models.Model):
    """One drawing of places to visit, with all that is needed to repeat it. Nothing edits or deletes it.

    candidates, result: lists as `reviews.visiting` writes them; names are as they were on that day.
    """

    cycle = models.ForeignKey(ReviewCycle, on_delete=models.PROTECT, related_name="draws")
    units = models.ManyToManyField(Organization, related_name="+", verbose_name=_("units"))
    seed = models.CharField(_("seed"), max_length=64)
    per_unit = models.PositiveSmallIntegerField(_("places a unit"))
    drawn_on = models.DateField(_("day of the draw"))
    candidates = models.JSONField(_("candidates"))
    result = models.JSONField(_("drawn"))
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("drawn by")
    )
    drawn_at = models.DateTimeField(_("drawn at"), auto_now_add=True)

    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        constraints = (
            models.CheckConstraint(condition=Q(per_unit__gte=1), name="draw_asks_for_a_place"),
            models.CheckConstraint(condition=~Q(seed=""), name="draw_keeps_its_seed"),
        )

    def __str__(self) -> str:
        return f"{self.cycle} #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("reviews:visit-draw-detail", args=[self.pk])


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: User) -> Self:
        """Rule 16: for the host's staff and inspectors, and for nobody of the unit visited.

        A unit learns of a visit through its review alone, when that is shown to it.
        """
        hosts = user.access.organizations(VISIT_ROLES)
        own = user.access.own_organization_ids
        return self.filter(cycle__host__in=hosts).exclude(organization__in=own)

    def of_host(self, host: Organization) -> Self:
        return self.filter(cycle__host=host)

    def in_cycle(self, cycle: ReviewCycle) -> Self:
        return self.filter(cycle=cycle)

    def planned(self) -> Self:
        return self.filter(state=VisitState.PLANNED)

    def held(self) -> Self:
        """Recorded on a phone, but come when their quarter took no scores: the staff decide."""
        return self.filter(state=VisitState.HELD)

    def done(self) -> Self:
        return self.filter(state=VisitState.DONE)

    def not_cancelled(self) -> Self:
        return self.exclude(state=VisitState.CANCELLED)

    def by_inspector(self, user: User) -> Self:
        return self.filter(inspectors=user)

    def own_first(self, user: User) -> Self:
        """Those this user is to make or has made, planned ones first, the newest first; then all others."""
        own = self.model.inspectors.through.objects.filter(visit=OuterRef("pk"), user=user)
        return self.annotate(is_own=Exists(own)).order_by(
            "-is_own", "-state", F("visited_on").desc(nulls_first=True), "-pk"
        )

    def of_review(self, review: Review, user: User) -> Self:
        """The visits to a unit in one quarter that this user may know of, with their photos, oldest first."""
        visits = self.visible_to(user).filter(cycle=review.cycle_id, organization=review.organization_id)
        return (
            visits.with_names()
            .prefetch_related("photos")
            .order_by(F("visited_on").asc(nulls_last=True), "pk")
        )

    def with_names(self) -> Self:
        """With all that a list of visits shows of each."""
        return self.select_related("cycle", "organization", "place").prefetch_related("inspectors")

    def with_findings(self) -> Self:
        """With all that was found."""
        return self.select_related("cycle", "recorded_by", "draw").prefetch_related(
            "deductions__indicator__section",
            "deductions__photos",
            "deductions__item",
            "highlights",
            Prefetch("problems", Problem.objects.select_related("category", "item")),
            "photos",
        )


class Visit(models.Model):
    """One visit to a unit (督查), planned, made or called off; its cycle says for which quarter.

    `client_uuid` is the key under which a browser or a phone sent it: what comes again under the same key
    changes nothing. `visited_on` of a planned visit is the day it is meant for, where there is one.

    `sent_record` is what a phone sent, word for word (`reviews.phone_record`); None where the record was
    written at the desk. `noted_at` is when the phone's clock says it was written: `recorded_at` is ours.
    A held visit was counted, or set aside, by `decided_by`.
    """

    cycle = models.ForeignKey(
        ReviewCycle, on_delete=models.PROTECT, related_name="visits", verbose_name=_("review cycle")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="visits", verbose_name=_("unit visited")
    )
    place = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("place"),
    )
    place_name = models.CharField(_("place, in words"), max_length=100, blank=True)
    inspectors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="visits", verbose_name=_("inspectors")
    )
    visited_on = models.DateField(_("day of the visit"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=VisitState, default=VisitState.PLANNED)
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, null=True, blank=True, related_name="visits")
    client_uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    note = models.CharField(_("note"), max_length=500, blank=True)
    reason = models.CharField(_("why it was cancelled"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    noted_at = models.DateTimeField(_("written on the phone at"), null=True, blank=True)
    sent_record: Any = models.JSONField(null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = VisitQuerySet.as_manager()

    if TYPE_CHECKING:  # what the queryset's annotations add
        is_own: bool

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="done") | Q(visited_on__isnull=False), name="done_visit_has_a_date"
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(visited_on__isnull=False, sent_record__isnull=False),
                name="held_visit_says_what_it_found",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="decision_on_a_held_visit_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(place__isnull=True) | Q(place_name=""), name="visit_place_is_chosen_or_in_words"
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(reason=""), name="cancelled_visit_has_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization} {self.visited_on or self.cycle}"

    def get_absolute_url(self) -> str:
        return reverse("reviews:visit-detail", args=[self.pk])

    @property
    def place_label(self) -> str:
        """The place as pages print it; "" where the unit itself is visited."""
        return self.place.name if self.place else self.place_name

    @property
    def deductions_in_force(self) -> list[Deduction]:
        """Those that count, of a visit fetched `with_findings`."""
        return [deduction for deduction in self.deductions.all() if deduction.withdrawn_at is None]

    @property
    def photos_of_the_whole(self) -> list[VisitPhoto]:
        """The photos that prove no single deduction."""
        return [photo for photo in self.photos.all() if photo.deduction_id is None]

    @property
    def is_planned(self) -> bool:
        return self.state == VisitState.PLANNED

    @property
    def is_held(self) -> bool:
        return self.state == VisitState.HELD

    @property
    def is_done(self) -> bool:
        return self.state == VisitState.DONE


class HighlightQuerySet(models.QuerySet["Highlight"]):
    def in_cycle(self, cycle: ReviewCycle) -> Self:
        return self.filter(visit__cycle=cycle)

    def of_visits_made(self) -> Self:
        """But for those of records that were set aside or are not counted yet."""
        return self.filter(visit__state=VisitState.DONE)

    def with_places(self) -> Self:
        return self.select_related("visit__place").order_by("pk")


class Highlight(models.Model):
    """Something a visit found done well (亮点)."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="highlights")
    text = models.CharField(_("highlight"), max_length=500)

    objects = HighlightQuerySet.as_manager()

    class Meta:
        verbose_name = _("highlight")
        verbose_name_plural = _("highlights")
        ordering = ("pk",)
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="highlight_says_something"),)

    def __str__(self) -> str:
        return self.text


class ProblemQuerySet(models.QuerySet["Problem"]):
    def in_cycle(self, cycle: ReviewCycle) -> Self:
        return self.filter(visit__cycle=cycle)

    def of_visits_made(self) -> Self:
        """But for those of records that were set aside or are not counted yet."""
        return self.filter(visit__state=VisitState.DONE)

    def standing(self) -> Self:
        """But for those whose rectification item was withdrawn: they were no problem after all. One that was
        merged into another is told by that.
        """
        return self.exclude(item__state=State.WITHDRAWN, item__merged_into=None)

    def with_places(self) -> Self:
        return self.select_related("visit__place", "category").order_by("pk")

    def of_unit(self, organization: Organization) -> Self:
        return self.filter(visit__organization=organization)

    def without_item(self) -> Self:
        """Those that were not raised as rectification items (rule 17)."""
        return self.filter(item__isnull=True)

    def not_of_own_units(self, user: User) -> Self:
        """But for those of units that this user belongs to."""
        return self.exclude(visit__organization__in=user.access.own_organization_ids)

    def with_what_is_raised(self) -> Self:
        """In the units' own order, with all that a rectification item takes from each."""
        order = ("visit__organization__group__position", "visit__organization__position", "pk")
        related = self.select_related("visit__organization__group", "visit__place", "category")
        return related.prefetch_related("visit__photos").order_by(*order)


class Problem(models.Model):
    """Something a visit found wrong (问题), whether or not points were deducted for it.

    `item` is the rectification item it was raised as.
    """

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="problems")
    category = models.ForeignKey(ProblemCategory, on_delete=models.PROTECT, related_name="problems")
    text = models.CharField(_("problem"), max_length=500)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="problems")

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ("pk",)
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="problem_says_something"),)

    def __str__(self) -> str:
        return self.text


class VisitPhotoQuerySet(models.QuerySet["VisitPhoto"]):
    def visible_to(self, user: User) -> Self:
        """What a visit found may be read by the host's staff and by those who made it; by the host's other
        inspectors once the quarter is published, because deductions tell ranks (rule 15).
        """
        visible = Visit.objects.visible_to(user)
        published = ReviewCycle.objects.published().values("pk")
        made = self.model._default_manager.filter(visit__inspectors=user).values("pk")
        return self.filter(visit__in=visible).filter(
            Q(visit__cycle__host__in=user.access.draft_host_ids)
            | Q(pk__in=made)
            | Q(visit__recorded_by=user)
            | Q(visit__cycle__in=published)
        )

    def of_deductions(self, deductions: Collection[Deduction]) -> Self:
        """Those that prove one of these."""
        return self.filter(deduction__in=deductions).order_by("pk")


class VisitPhoto(StoredFile):
    """A photo.

    `deduction` is the one it proves, where it proves one. `client_uuid` is the key a phone sent it under.
    `added_by` is who added it to the record later; without one it came with the record.
    """

    SHELF = Shelf("visits")

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="photos")
    deduction = models.ForeignKey(
        "reviews.Deduction", on_delete=models.PROTECT, null=True, blank=True, related_name="photos"
    )
    client_uuid = models.UUIDField(unique=True, null=True, blank=True, editable=False)
    width = models.PositiveIntegerField(_("width in pixels"))
    height = models.PositiveIntegerField(_("height in pixels"))
    content_type = models.CharField(max_length=20, choices=PhotoFormat)
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = VisitPhotoQuerySet.as_manager()

    class Meta(StoredFile.Meta):
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ("pk",)


class VisitSettings(models.Model):
    """What a host wants of its visits."""

    host = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="visit_settings")
    keeps_photo_places = models.BooleanField(
        _("keep where photos were taken"),
        default=False,
        help_text=_(
            "Photos are shown without it either way. Off: it is taken out of the originals too, "
            "before they are kept."
        ),
    )

    class Meta:
        verbose_name = _("visit settings")
        verbose_name_plural = _("visit settings")

    def __str__(self) -> str:
        return str(self.host)

    @classmethod
    def of_host(cls, host: Organization) -> Self:
        """The host's settings, or unsaved ones with what is usual."""
        return cls.objects.filter(host=host).first() or cls(host=host)
