"""What is scored: a year's rubric for one group, its sections and indicators (rule 9)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organizations.models import Group, Organization
from organizations.names import clean_text
from reviews.models.points import PointsField

if TYPE_CHECKING:
    from organizations.models import User
    from reviews.models.cycle import ReviewCycleQuerySet

LONGEST_REASON = 500  # characters, of why points are what they are


class RubricState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ACTIVE = "active", _("Active")
    RETIRED = "retired", _("Replaced")


class RubricQuerySet(models.QuerySet["Rubric"]):
    def active(self) -> Self:
        return self.filter(state=RubricState.ACTIVE)

    def of_host(self, host: Organization) -> Self:
        return self.filter(host=host)

    def newest_first(self) -> Self:
        """By year, the newest first, then by group in the host's order, the newest version first."""
        return self.order_by("-year", "group__position", "group__pk", "-version")

    def with_indicator_count(self) -> Self:
        return self.annotate(indicator_count=models.Count("indicators", distinct=True))

    def visible_to(self, user: User) -> Self:
        """The host's people see every version; a unit sees those in force or once in force."""
        units = user.access.unit_ids
        return self.filter(
            Q(host__in=user.access.host_ids)
            | Q(host__units__in=units, state__in=(RubricState.ACTIVE, RubricState.RETIRED))
        ).distinct()


class Rubric(models.Model):
    """One version of the scoring rules (考核细则) of a host, a year and a group.

    Once active it is never edited (the database refuses it): it is copied to a new version.
    """

    host = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="rubrics", verbose_name=_("host")
    )
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="rubrics", verbose_name=_("group")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=RubricState, default=RubricState.DRAFT)
    full_total = PointsField(
        _("stated total"), default=Decimal(100), help_text=_("What the full marks add up to, bonus aside.")
    )
    places = models.PositiveSmallIntegerField(
        _("decimal places of a total"), default=2, help_text=_("Totals are rounded once, half up.")
    )
    # Written on activation; equal for rubrics whose totals may be compared (reviews.activating).
    comparison_key = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    activated_at = models.DateTimeField(_("activated at"), null=True, blank=True)

    objects = RubricQuerySet.as_manager()

    class Meta:
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")
        constraints = (
            models.UniqueConstraint(
                fields=("host", "group", "year", "version"), name="rubric_version_numbered_once"
            ),
            models.UniqueConstraint(
                fields=("host", "group", "year"),
                condition=Q(state="active"),
                name="one_active_rubric_a_group_and_year",
            ),
            models.CheckConstraint(condition=Q(full_total__gt=0), name="rubric_total_is_positive"),
            models.CheckConstraint(condition=Q(places__lte=4), name="rubric_places_are_kept_exactly"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(activated_at__isnull=False), name="rubric_in_force_has_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.group} v{self.version}"

    def used_in(self, user: User) -> ReviewCycleQuerySet:
        """The cycles that score by this version, as far as this user may know of them; newest first."""
        cycles = self.host.cycles.visible_to(user).filter(reviews__rubric=self)
        return cycles.newest_first().distinct()


class Section(models.Model):
    """A first-level heading (一级指标) that holds indicators."""

    rubric = models.ForeignKey(Rubric, on_delete=models.CASCADE, related_name="sections")
    name = models.CharField(_("section"), max_length=100)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("rubric", "name"), name="section_name_once_a_rubric"),)

    def __str__(self) -> str:
        return self.name


class Indicator(models.Model):
    """What one score is given for (指标): its full marks, step and the most it can lose."""

    rubric = models.ForeignKey(Rubric, on_delete=models.CASCADE, related_name="indicators")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="indicators")
    name = models.CharField(_("indicator"), max_length=100)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    full_marks = PointsField(_("full marks"))
    step = PointsField(_("step"), default=Decimal("0.5"))
    cap = PointsField(
        _("cap"), null=True, blank=True, help_text=_("The most that deductions can take away; blank: all.")
    )
    is_bonus = models.BooleanField(_("bonus"), default=False, help_text=_("Stands outside the stated total."))
    standard = models.TextField(_("deduction standard"), blank=True)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("rubric", "name"), name="indicator_name_once_a_rubric"),
            models.CheckConstraint(condition=Q(full_marks__gt=0), name="indicator_full_marks_are_positive"),
            models.CheckConstraint(condition=Q(step__gt=0), name="indicator_step_is_positive"),
            models.CheckConstraint(
                condition=Q(cap__isnull=True) | Q(cap__gte=0, cap__lte=F("full_marks")),
                name="indicator_cap_within_full_marks",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def reasons(self) -> list[str]:
        """The deduction standard in single clauses: reasons to choose from, in the rubric's wording."""
        clauses = (clean_text(clause) for clause in re.split(r"[；;。\n]+", self.standard))
        return [clause[:LONGEST_REASON] for clause in dict.fromkeys(clauses) if clause]
