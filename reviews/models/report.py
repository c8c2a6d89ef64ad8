"""What people made of a document's draft, version by version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviews.models.cycle import ReviewCycle

if TYPE_CHECKING:
    from organizations.models import User


class ReportKind(models.TextChoices):
    CIRCULAR = "circular", _("Circular")
    SPEECH = "speech", _("Speech")


class ReportVersionQuerySet(models.QuerySet["ReportVersion"]):
    def visible_to(self, user: User) -> Self:
        """Rule 15: what is being written tells ranks, so it is the host's staff's alone, also afterwards."""
        return self.filter(cycle__host__in=user.access.draft_host_ids)

    def of_cycle(self, cycle: ReviewCycle) -> Self:
        return self.filter(cycle=cycle)

    def of_document(self, cycle: ReviewCycle, kind: str) -> Self:
        return self.filter(cycle=cycle, kind=kind)

    def numbered(self, number: int) -> Self:
        return self.filter(number=number)

    def with_names(self) -> Self:
        """Each with who saved it."""
        return self.select_related("saved_by", "cycle__host")

    def newest_first(self) -> Self:
        return self.order_by("-number")


class ReportVersion(models.Model):
    """One saved version of a cycle's circular or speech. The database refuses to change or delete it.

    text: blocks and the draft's keys, as `reviews.reports.blocks.SavedText` writes them; and what figures in
    the words were when they were written (`reviews.reports.claims.Checker.bound_figures`), where known.
    """

    cycle = models.ForeignKey(
        ReviewCycle, on_delete=models.PROTECT, related_name="report_versions", verbose_name=_("review cycle")
    )
    kind = models.CharField(_("document"), max_length=10, choices=ReportKind)
    number = models.PositiveIntegerField(_("version"))
    text: Any = models.JSONField()
    restored_from = models.PositiveIntegerField(_("restored from version"), null=True, blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("saved by")
    )
    saved_at = models.DateTimeField(_("saved at"), auto_now_add=True)

    objects = ReportVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a document")
        verbose_name_plural = _("versions of documents")
        constraints = (
            models.UniqueConstraint(
                fields=("cycle", "kind", "number"), name="report_version_numbered_once_a_document"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="report_version_counts_from_one"),
        )

    def __str__(self) -> str:
        return f"{self.cycle} {self.get_kind_display()} v{self.number}"


class ReportAcceptanceQuerySet(models.QuerySet["ReportAcceptance"]):
    def visible_to(self, user: User) -> Self:
        """Rule 15: as what it speaks of."""
        return self.filter(cycle__host__in=user.access.draft_host_ids)

    def of_cycle(self, cycle: ReviewCycle) -> Self:
        return self.filter(cycle=cycle)

    def with_names(self) -> Self:
        return self.select_related("accepted_by")


class ReportAcceptance(models.Model):
    """That somebody let a place of a document stand as it is, although the results do not bear it out.

    fingerprint: of the words, their sentence and what was true; another text or another truth has another.
    The database refuses to change or delete it.
    """

    cycle = models.ForeignKey(
        ReviewCycle,
        on_delete=models.PROTECT,
        related_name="report_acceptances",
        verbose_name=_("review cycle"),
    )
    kind = models.CharField(_("document"), max_length=10, choices=ReportKind)
    fingerprint = models.CharField(max_length=64)
    sentence = models.TextField(_("sentence"))
    says = models.TextField(_("words"), blank=True)
    truth = models.TextField(_("true now"))
    reason = models.CharField(_("reason"), max_length=200)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("accepted by")
    )
    accepted_at = models.DateTimeField(_("accepted at"), auto_now_add=True)

    objects = ReportAcceptanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("accepted place of a document")
        verbose_name_plural = _("accepted places of documents")
        constraints = (
            models.UniqueConstraint(
                fields=("cycle", "kind", "fingerprint"), name="report_place_accepted_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="report_acceptance_says_why"),
        )

    def __str__(self) -> str:
        return f"{self.cycle} {self.get_kind_display()}: {self.says}"
