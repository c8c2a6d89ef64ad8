"""A host's year: the rule its quarters are added up by, and what was published of it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization
from reviews.annual import WHOLE, YearRule
from reviews.models.publication import Standing

if TYPE_CHECKING:
    from organizations.models import User


class ReviewYear(models.Model):
    """How one host adds up the quarters of one year, and what its annual report prints besides the figures.

    An annual publication freezes all of it (rule 14): a change shows in what is published after it.
    """

    host = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="review_years", verbose_name=_("host")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    first = models.PositiveSmallIntegerField(_("first quarter (%)"), default=25)
    second = models.PositiveSmallIntegerField(_("second quarter (%)"), default=25)
    third = models.PositiveSmallIntegerField(_("third quarter (%)"), default=25)
    fourth = models.PositiveSmallIntegerField(_("fourth quarter (%)"), default=25)
    least_quarters = models.PositiveSmallIntegerField(
        _("quarters a unit must be scored in"),
        default=2,
        help_text=_("A unit with fewer has no annual total: it stands at the end, with the reason."),
    )
    document_number = models.CharField(
        _("document number"), max_length=50, blank=True, help_text=_("For example ×组通〔2018〕18号.")
    )
    rectify_by = models.DateField(
        _("rectify by"),
        null=True,
        blank=True,
        help_text=_("The annual report asks the units to have put right by then what is left open."),
    )

    class Meta:
        verbose_name = _("year")
        verbose_name_plural = _("years")
        constraints = (
            models.UniqueConstraint(fields=("host", "year"), name="one_rule_a_host_and_year"),
            models.CheckConstraint(
                condition=Q(first=WHOLE - F("second") - F("third") - F("fourth")),
                name="weights_of_a_year_add_up_to_100",
                violation_error_message=_("The four quarters must add up to 100."),
            ),
            models.CheckConstraint(
                condition=Q(least_quarters__gte=1, least_quarters__lte=4),
                name="year_asks_for_one_to_four_quarters",
                violation_error_message=_("A year has 1 to 4 quarters to be scored in."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.host} {self.year}"

    @classmethod
    def of_host(cls, host: Organization, year: int) -> Self:
        """The host's settings for a year, or unsaved ones with equal weights. One query."""
        return cls.objects.filter(host=host, year=year).first() or cls(host=host, year=year)

    @property
    def rule(self) -> YearRule:
        return YearRule((self.first, self.second, self.third, self.fourth), self.least_quarters)


class AnnualPublicationQuerySet(models.QuerySet["AnnualPublication"]):
    def visible_to(self, user: User) -> Self:
        """Published is published: for those who work for the host and for the units it reviewed that year."""
        own = Standing.objects.filter(
            organization__in=user.access.unit_ids,
            publication__cycle__host=OuterRef("host"),
            publication__cycle__year=OuterRef("year"),
        )
        return self.filter(Q(host__in=user.access.host_ids) | Q(Exists(own)))

    def of_year(self, host: Organization, year: int) -> Self:
        return self.filter(host=host, year=year)

    def newest_first(self) -> Self:
        return self.order_by("-number")

    def with_code(self, code: str) -> Self:
        """Whose digest begins with these digits: a whole one is one publication's alone."""
        return self.filter(digest__startswith=code).order_by("-published_at", "-pk")

    def correcting(self, publication: AnnualPublication) -> Self:
        """Those of the same year after it, the first correction first."""
        later = self.filter(host=publication.host_id, year=publication.year, number__gt=publication.number)
        return later.order_by("number")


class AnnualPublication(models.Model):
    """One publication of a host's year; number 1 is the first, each later one a correction with its reason.

    It holds all that its report prints and names the digests of the quarters it was made of. The database
    refuses to change or delete it (reviews.triggers).
    """

    host = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="annual_publications")
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    reason = models.CharField(_("reason for the correction"), max_length=500, blank=True)
    content: Any = models.JSONField()  # see reviews.year_results
    document: Any = models.JSONField()  # how the report is headed, see reviews.freezing
    text: Any = models.JSONField()  # of its report: blocks and the fields they name
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("published by")
    )
    digest = models.CharField(_("content digest"), max_length=64)

    objects = AnnualPublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("annual publication")
        verbose_name_plural = _("annual publications")
        constraints = (
            models.UniqueConstraint(
                fields=("host", "year", "number"), name="annual_publication_numbered_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(number=1, reason="") | Q(number__gt=1) & ~Q(reason=""),
                name="only_an_annual_correction_has_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.host} {self.year} #{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("reviews:year-report", args=[self.year]) + f"?publication={self.number}"

    @property
    def host_name(self) -> str:
        """What the host was called when the year was published."""
        return str(self.content["host_name"])

    @property
    def published_on(self) -> datetime.date:
        """The day of publication in the host's time."""
        return timezone.localdate(self.published_at)

    @property
    def is_correction(self) -> bool:
        return self.number > 1
