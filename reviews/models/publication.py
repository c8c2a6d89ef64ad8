"""What was published: standings that nothing edits (rule 14)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models import Group, Organization
from organizations.quarter import Quarter
from reviews.models.points import PointsField

if TYPE_CHECKING:
    from organizations.models import User
    from reviews.models.cycle import ReviewCycle


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible_to(self, user: User) -> Self:
        """Published is published: for those who work for the host and for the units it reviewed."""
        own = self.model._default_manager.filter(standings__organization__in=user.access.unit_ids)
        return self.filter(Q(cycle__host__in=user.access.host_ids) | Q(pk__in=own.values("pk")))

    def newest_first(self) -> Self:
        return self.order_by("-number")

    def with_code(self, code: str) -> Self:
        """Whose digest begins with these digits: a whole one is one publication's alone."""
        return self.filter(digest__startswith=code).order_by("-published_at", "-pk")

    def correcting(self, publication: Publication) -> Self:
        """Those of the same cycle after it, the first correction first."""
        return self.filter(cycle=publication.cycle_id, number__gt=publication.number).order_by("number")

    def of_year(self, host: Organization, year: int) -> Self:
        return self.filter(cycle__host=host, cycle__year=year)

    def in_force(self) -> Self:
        """The newest of each cycle, not one that was corrected since."""
        later = self.model._default_manager.filter(cycle=OuterRef("cycle"), number__gt=OuterRef("number"))
        return self.exclude(Exists(later))

    def by_quarter(self) -> Self:
        """Oldest first, each with its cycle."""
        return self.order_by("cycle__year", "cycle__number", "number").select_related("cycle")

    def years(self, host: Organization) -> list[int]:
        """The years of a host in which there are any, the newest first. One query."""
        of_host = self.filter(cycle__host=host).order_by("-cycle__year")
        return list(of_host.values_list("cycle__year", flat=True).distinct())

    def of_baseline(self, cycle: ReviewCycle) -> Self:
        """Publications of the cycle's chosen baseline, or else of the host's cycles before it (rule 4).

        The one places are compared with comes first: the nearest quarter, as last corrected.
        """
        if cycle.baseline_id is not None:
            found = self.filter(cycle=cycle.baseline_id)
        else:
            earlier = Q(cycle__year__lt=cycle.year) | Q(
                cycle__year=cycle.year, cycle__number__lt=cycle.number
            )
            found = self.filter(earlier, cycle__host=cycle.host_id)
        return found.select_related("cycle").order_by("-cycle__year", "-cycle__number", "-number")


class Publication(models.Model):
    """One publication of a cycle; number 1 is the first, each later one a correction with its reason.

    The database refuses to change or delete it and its standings (reviews.triggers).
    """

    cycle = models.ForeignKey("reviews.ReviewCycle", on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    reason = models.CharField(_("reason for the correction"), max_length=500, blank=True)
    host_name = models.CharField(_("host"), max_length=100)
    baseline_publication = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="compared_with"
    )
    baseline_year = models.PositiveSmallIntegerField(null=True, blank=True)
    baseline_number = models.PositiveSmallIntegerField(null=True, blank=True)
    rank_method = models.CharField(_("rank method"), max_length=12)
    list_size = models.PositiveSmallIntegerField(_("list size"))
    measure = models.CharField(_("progress measured by"), max_length=10)
    document: Any = models.JSONField()  # what the circular prints besides the figures, see reviews.freezing
    rectification: Any = models.JSONField(
        null=True, blank=True
    )  # how earlier items stood; None: there were none
    material: Any = models.JSONField(
        null=True, blank=True
    )  # findings and assigned work, see reviews.material
    texts: Any = models.JSONField(null=True, blank=True)  # of its documents, see reviews.report_texts
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("published by")
    )
    digest = models.CharField(_("content digest"), max_length=64)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = (
            models.UniqueConstraint(fields=("cycle", "number"), name="publication_numbered_once_a_cycle"),
            models.CheckConstraint(
                condition=Q(number=1, reason="") | Q(number__gt=1) & ~Q(reason=""),
                name="only_a_correction_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(baseline_publication__isnull=True, baseline_year__isnull=True)
                | Q(baseline_publication__isnull=False, baseline_year__isnull=False),
                name="baseline_is_named_when_there_is_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.cycle} #{self.number}"

    @property
    def baseline_quarter(self) -> Quarter | None:
        if self.baseline_year is None or self.baseline_number is None:
            return None
        return Quarter(self.baseline_year, self.baseline_number)

    @property
    def published_on(self) -> datetime.date:
        """The day of publication in the host's time."""
        return timezone.localdate(self.published_at)

    @property
    def is_correction(self) -> bool:
        return self.number > 1

    @property
    def has_something_beside(self) -> bool:
        """Whether it is compared with an earlier quarter or with the publication it corrects."""
        return self.is_correction or self.baseline_publication_id is not None


class StandingQuerySet(models.QuerySet["Standing"]):
    def of_baseline(self, cycle: ReviewCycle) -> Self:
        """What the cycle's baseline published, each row with its publication, in one query (rule 4)."""
        chosen = Publication.objects.of_baseline(cycle).values("pk")[:1]
        return self.filter(publication=chosen).select_related("publication__cycle")

    def of_publication(self, publication: int | None) -> Self:
        return self.filter(publication=publication).select_related("publication__cycle")

    def movers_of(self, publication: Publication) -> models.QuerySet[Standing, int]:
        """The units that a publication names as risen or fallen, by key."""
        moved = Q(progress_place__isnull=False) | Q(setback_place__isnull=False)
        return self.filter(moved, publication=publication).values_list("organization", flat=True)

    def beside(self, publication: Publication, movers: Iterable[int], *numbers: int) -> Self:
        """What a publication, saved or not, is told beside: what its baseline said of the movers, the one it
        corrects, and those of its cycle with these numbers; in print order. Without the publications
        themselves: what they froze is long, and would be read anew for each row.
        """
        same_cycle = Q(
            publication__cycle=publication.cycle_id,
            publication__number__in=(publication.number - 1, *numbers),
        )
        compared = Q(publication=publication.baseline_publication_id, organization__in=movers)
        return self.filter(same_cycle | compared).in_print_order()

    def in_group(self, group: int) -> Self:
        return self.filter(group=group)

    def ranked(self) -> Self:
        return self.filter(rank__isnull=False)

    def without_scores(self) -> Self:
        """For places and totals alone: the scores are most of what a row holds."""
        return self.defer("scores")

    def of_unit(self, organization: Organization) -> Self:
        return self.filter(organization=organization)

    def under_host(self, host: int) -> Self:
        return self.filter(publication__cycle__host=host)

    def in_force(self) -> Self:
        """Of the newest publication of each cycle, not of one that was corrected since."""
        later = Publication.objects.filter(
            cycle=OuterRef("publication__cycle"), number__gt=OuterRef("publication__number")
        )
        return self.exclude(Exists(later))

    def by_quarter(self) -> Self:
        """Oldest first, each with its publication and cycle."""
        ordered = self.order_by("publication__cycle__year", "publication__cycle__number")
        return ordered.select_related("publication__cycle")

    def in_print_order(self) -> Self:
        """By group; ranked first, best first, ties in the host's own order; the unranked at the end."""
        return self.order_by(
            "group_position", "group_name", models.F("rank").asc(nulls_last=True), "position", "pk"
        )


class Standing(models.Model):
    """One unit's published result, copied so that later renames and score changes leave it alone."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="standings")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="standings")
    organization_name = models.CharField(_("unit"), max_length=100)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    group_name = models.CharField(_("group"), max_length=50)
    group_position = models.PositiveIntegerField()
    position = models.PositiveIntegerField(_("own order"))
    rank = models.PositiveIntegerField(_("place"), null=True)
    total = PointsField(_("total"), null=True)
    decimals = models.PositiveSmallIntegerField(default=2)  # that points print with
    full_marks = PointsField(_("applicable full marks"))
    rubric_key = models.CharField(max_length=64)  # equal where totals may be compared
    baseline_rank = models.PositiveIntegerField(_("last place"), null=True)
    baseline_total = PointsField(null=True)
    places = models.IntegerField(_("places gained"), null=True)
    total_change = PointsField(_("change of total"), null=True)
    unranked_reason = models.CharField(_("why not ranked"), max_length=200, blank=True)
    top_place = models.PositiveSmallIntegerField(null=True)
    last_place = models.PositiveSmallIntegerField(null=True)
    progress_place = models.PositiveSmallIntegerField(null=True)
    setback_place = models.PositiveSmallIntegerField(null=True)
    scores: Any = models.JSONField(default=list)

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints = (
            models.UniqueConstraint(
                fields=("publication", "organization"), name="one_standing_a_unit_and_publication"
            ),
            models.CheckConstraint(
                condition=Q(rank__isnull=True, total__isnull=True) & ~Q(unranked_reason="")
                | Q(rank__isnull=False, total__isnull=False, unranked_reason=""),
                name="standing_is_ranked_or_says_why_not",
            ),
            models.CheckConstraint(
                condition=Q(top_place__isnull=True) | Q(last_place__isnull=True),
                name="standing_is_never_among_the_first_and_the_last",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rank} {self.organization_name}"

    @property
    def is_mover(self) -> bool:
        """Whether a list names it as risen or fallen."""
        return self.progress_place is not None or self.setback_place is not None
