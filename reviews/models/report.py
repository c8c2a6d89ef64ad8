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

    def newest_first(self) -> Self:
        return self.order_by("-number")


class ReportVersion(models.Model):
    """One saved version of a cycle's circular or speech. The database refuses to change or delete it.

    text: blocks and the draft's keys, as `reviews.reports.blocks.SavedText` writes them.
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
