"""How well: one organization in one cycle, its scores and what was deducted."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, FilteredRelation, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from organizations.models import Group, Organization
from rectification.models import Item
from reviews.models.points import PointsField
from reviews.models.rubric import LONGEST_REASON, Indicator, Rubric
from reviews.models.visit import VisitPhoto

if TYPE_CHECKING:
    from organizations.models import User
    from reviews.models.cycle import ReviewCycle
    from reviews.models.visit import VisitQuerySet


class ReviewState(models.TextChoices):
    UNSCORED = "unscored", _("Not finished")
    SCORED = "scored", _("Scored")
    EXEMPT = "exempt", _("Exempt")
    NOT_VISITED = "not_visited", _("Not visited")


class ReviewQuerySet(models.QuerySet["Review"]):
    def scored(self) -> Self:
        return self.filter(state=ReviewState.SCORED)

    def unscored(self) -> Self:
        """Without a total and without a decided reason: what still stands between today and publishing."""
        return self.filter(state=ReviewState.UNSCORED)

    def left_out(self) -> Self:
        """Not scored for a decided reason."""
        return self.filter(state__in=(ReviewState.EXEMPT, ReviewState.NOT_VISITED))

    def in_own_order(self) -> Self:
        """Group by group, also where the host gave two groups one position; then the host's order."""
        return self.order_by("group__position", "group__name", "position", "pk")

    def by_cell(self) -> Self:
        """One row a unit and indicator of its rubric: `cell_…` is the indicator, `kept_…` its score, None
        where there is none yet. For the entry grid, which reads a thousand cells in one query.
        """
        indicator = "rubric__indicators"
        kept = FilteredRelation(
            f"{indicator}__scores", condition=Q(**{f"{indicator}__scores__review": F("pk")})
        )
        of_indicator = ("id", "full_marks", "step", "is_bonus")
        of_score = ("points", "applies", "origin", "beyond_floor", "reason", "version", "recorded_at")
        return self.select_related("rubric").annotate(
            kept=kept,
            **{f"cell_{name}": F(f"{indicator}__{name}") for name in of_indicator},
            **{f"kept_{name}": F(f"kept__{name}") for name in of_score},
            kept_full_name=F("kept__recorded_by__full_name"),
            kept_username=F("kept__recorded_by__username"),
        )

    def visible_to(self, user: User) -> Self:
        """Rule 15: drafts for the host's staff; a unit's own review once it may reply or it is published; all
        of a host's published reviews for those who work for it.
        """
        published = self.model._default_manager.filter(cycle__publications__isnull=False).values("cycle")
        is_published = Q(cycle__in=published)
        return self.filter(
            Q(cycle__host__in=user.access.draft_host_ids)
            | Q(cycle__host__in=user.access.host_ids) & is_published
            | Q(organization__in=user.access.unit_ids) & (is_published | Q(cycle__state="reply"))
        )


class Review(models.Model):
    """One organization in one cycle (单位评查), with the group, rubric and order it then had (rule 8).

    `total`, `denominator` and `missing` are written with the scores, in the same transaction, so that
    ranking reads one row a unit.
    """

    cycle = models.ForeignKey("reviews.ReviewCycle", on_delete=models.PROTECT, related_name="reviews")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("organization")
    )
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("group")
    )
    rubric = models.ForeignKey(
        Rubric, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("rubric")
    )
    position = models.PositiveIntegerField(_("own order"))
    state = models.CharField(_("state"), max_length=12, choices=ReviewState, default=ReviewState.UNSCORED)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    total = PointsField(_("total"), null=True, blank=True)
    denominator = PointsField(_("applicable full marks"), default=Decimal(0))
    missing = models.PositiveSmallIntegerField(_("indicators not scored yet"), default=0)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = (
            models.UniqueConstraint(fields=("cycle", "organization"), name="one_review_a_unit_and_cycle"),
            models.CheckConstraint(
                condition=Q(state="scored", total__isnull=False) | ~Q(state="scored") & Q(total__isnull=True),
                name="review_has_a_total_only_when_scored",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("exempt", "not_visited")) | ~Q(reason=""),
                name="review_left_out_has_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization} {self.cycle}"

    @property
    def is_left_out(self) -> bool:
        """Whether it is not scored for a decided reason."""
        return self.state in {ReviewState.EXEMPT, ReviewState.NOT_VISITED}


class ScoreOrigin(models.TextChoices):
    ENTERED = "entered", _("Entered")
    DERIVED = "derived", _("Derived from deductions")


class ScoreQuerySet(models.QuerySet["Score"]):
    def in_cycle(self, cycle: ReviewCycle) -> Self:
        return self.filter(review__cycle=cycle)

    def given(self) -> Self:
        """Those that say something: points, or that the indicator does not apply."""
        return self.exclude(points__isnull=True, applies=True)

    def with_workbook(self) -> Self:
        """Each with `workbook`: the file that the score it has now was imported from, None where typed."""
        current = FilteredRelation("batch_changes", condition=Q(batch_changes__version_after=F("version")))
        return self.annotate(imported=current, workbook=F("imported__batch__file_name"))


class Score(models.Model):
    """The points of one review for one indicator (得分); `version` grows with every change (rule 12)."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="scores")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="scores")
    points = PointsField(_("points"), null=True, blank=True)
    applies = models.BooleanField(_("applies"), default=True)
    origin = models.CharField(_("origin"), max_length=10, choices=ScoreOrigin, default=ScoreOrigin.ENTERED)
    beyond_floor = PointsField(
        _("lost beyond the floor"), default=Decimal(0), help_text=_("Deducted, but below 0 or over the cap.")
    )
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = (
            models.UniqueConstraint(fields=("review", "indicator"), name="one_score_a_review_and_indicator"),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points__gte=0), name="score_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(applies=True) | Q(points__isnull=True), name="score_that_does_not_apply_has_none"
            ),
            models.CheckConstraint(
                condition=Q(origin="entered") | Q(points__isnull=False), name="derived_score_has_points"
            ),
        )

    def __str__(self) -> str:
        return f"{self.review_id}/{self.indicator_id}: {self.points}"


class DeductionQuerySet(models.QuerySet["Deduction"]):
    def in_force(self) -> Self:
        """Those that count: not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def counting_at(self, moment: datetime.datetime | None) -> Self:
        """Those that counted when something was published at this moment; None: those that count now."""
        if moment is None:
            return self.in_force()
        still = Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=moment)
        return self.filter(still, recorded_at__lte=moment)

    def of_units(self, units: Collection[int]) -> Self:
        return self.filter(review__organization__in=units)

    def with_origin(self) -> Self:
        """With what each was recorded at and what became of it, as recorded."""
        return self.select_related("review", "indicator__section", "item").order_by("pk")

    def of_cell(self, review: Review, indicator: Indicator) -> Self:
        return self.filter(review=review, indicator=indicator)

    def in_cycle(self, cycle: ReviewCycle) -> Self:
        return self.filter(review__cycle=cycle)

    def with_source(self, visits: VisitQuerySet) -> Self:
        """Each with its `source` and whether it `has_photo`. visits: those the user may know of; what came
        of another one counts as the desk's, because rule 16 hides that there was a visit at all.
        """
        source = Case(
            When(visit__in=visits.values("pk"), then=Value(DeductionSource.VISIT.value)),
            When(batch__isnull=False, then=Value(DeductionSource.IMPORT.value)),
            default=Value(DeductionSource.DESK.value),
            output_field=models.CharField(),
        )
        return self.annotate(
            source=source, has_photo=Exists(VisitPhoto.objects.filter(deduction=OuterRef("pk")))
        )

    def without_reason(self) -> Self:
        return self.filter(reason="")

    def with_a_reason(self) -> Self:
        return self.exclude(reason="")

    def given_a_reason_later(self) -> Self:
        return self.filter(reason_given_at__isnull=False)

    def without_photo(self) -> Self:
        """Of those `with_source`: what visits found and no photo proves."""
        return self.filter(source=DeductionSource.VISIT, has_photo=False)

    def incomplete(self) -> Self:
        """Of those `with_source`: without a reason, or without the photo that they could have."""
        return self.filter(Q(reason="") | Q(source=DeductionSource.VISIT, has_photo=False))

    def without_item(self) -> Self:
        """Those that were not raised as rectification items (rule 17)."""
        return self.filter(item__isnull=True)

    def not_of_own_units(self, user: User) -> Self:
        """But for those of units that this user belongs to."""
        return self.exclude(review__organization__in=user.access.own_organization_ids)

    def with_what_is_raised(self) -> Self:
        """In the units' own order, with all that a rectification item takes from each."""
        related = self.select_related("review__organization__group", "indicator", "visit__place")
        return related.prefetch_related("photos").in_own_order()

    def with_names(self) -> Self:
        """With all that a list of deductions shows of each."""
        return self.select_related("review__organization", "indicator", "recorded_by", "visit", "batch")

    def in_own_order(self) -> Self:
        """Unit by unit in the host's order, then by indicator."""
        group = ("review__group__position", "review__group__name")
        return self.order_by(*group, "review__position", "review", "indicator__position", "indicator", "pk")


class DeductionSource(models.TextChoices):
    """Where a deduction came from; only what a visit found can have a photo."""

    VISIT = "visit", _("Visit")
    DESK = "desk", _("Desk")
    IMPORT = "import", _("Import")


class Deduction(models.Model):
    """Points taken from one indicator of one review, with the reason (扣分).

    One that was wrong is withdrawn with a reason and stays readable; only those `in_force` count. One that
    was recorded without a reason may be given one later, which says who gave it and when. `item` is the
    rectification item it was raised as.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="deductions")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="deductions")
    points = PointsField(_("points deducted"))
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    batch = models.ForeignKey(
        "reviews.ImportBatch", on_delete=models.PROTECT, null=True, blank=True, related_name="deductions"
    )
    visit = models.ForeignKey(
        "reviews.Visit", on_delete=models.PROTECT, null=True, blank=True, related_name="deductions"
    )
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="deductions")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    reason_given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason_given_at = models.DateTimeField(_("reason given at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("reason for withdrawing"), max_length=LONGEST_REASON, blank=True)

    objects = DeductionQuerySet.as_manager()

    if TYPE_CHECKING:  # what the queryset's annotations add
        source: str
        has_photo: bool

    class Meta:
        verbose_name = _("deduction")
        verbose_name_plural = _("deductions")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=Q(points__gt=0), name="deduction_takes_something"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason=""),
                name="deduction_withdrawn_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(reason_given_at__isnull=True) | ~Q(reason=""),
                name="deduction_given_a_reason_has_it",
            ),
        )

    def __str__(self) -> str:
        return f"{self.review_id}/{self.indicator_id}: −{self.points}"
