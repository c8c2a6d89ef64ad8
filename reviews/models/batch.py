"""One imported workbook: what it was, what it changed, and whether it was undone."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reviews.models.cycle import ReviewCycle
from reviews.models.points import PointsField
from reviews.models.review import Score, ScoreOrigin

if TYPE_CHECKING:
    from organizations.models import Organization, User


class BatchState(models.TextChoices):
    PREVIEWED = "previewed", _("Previewed")
    COMMITTED = "committed", _("Imported")
    UNDONE = "undone", _("Undone")


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, user: User) -> Self:
        """Imports carry unpublished scores: the host's staff only (rule 15)."""
        return self.filter(cycle__host__in=user.access.draft_host_ids)

    def of_host(self, host: Organization) -> Self:
        return self.filter(cycle__host=host)

    def kept(self) -> Self:
        """Those that reached the data, newest first, with how many deductions each recorded."""
        reached = self.exclude(state=BatchState.PREVIEWED).annotate(
            deduction_count=models.Count("deductions")
        )
        return reached.order_by("-committed_at", "-pk")


class ImportBatch(models.Model):
    """A workbook uploaded for a cycle; committed as a whole and undone as a whole."""

    cycle = models.ForeignKey(ReviewCycle, on_delete=models.PROTECT, related_name="batches")
    state = models.CharField(_("state"), max_length=10, choices=BatchState, default=BatchState.PREVIEWED)
    file_name = models.CharField(_("file name"), max_length=255)
    stored_name = models.CharField(max_length=64, blank=True)  # random name under DATA_DIR/uploads
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    committed_at = models.DateTimeField(_("imported at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    new_count = models.PositiveIntegerField(_("new"), default=0)
    changed_count = models.PositiveIntegerField(_("changed"), default=0)
    # By review, the state and reason of those that were left out until this import scored them.
    left_out_before: Any = models.JSONField(default=dict)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="previewed") | models.Q(committed_at__isnull=False),
                name="import_that_counts_has_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="undone") | models.Q(undone_at__isnull=False),
                name="undone_import_has_a_time",
            ),
        )

    def __str__(self) -> str:
        return self.file_name


class BatchChange(models.Model):
    """What one import did to one score, so that the whole import can be undone."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="changes")
    score = models.ForeignKey(Score, on_delete=models.PROTECT, related_name="batch_changes")
    is_new = models.BooleanField()
    points_before = PointsField(null=True, blank=True)
    applies_before = models.BooleanField(default=True)
    origin_before = models.CharField(max_length=10, choices=ScoreOrigin, default=ScoreOrigin.ENTERED)
    beyond_floor_before = PointsField(default=Decimal(0))
    reason_before = models.CharField(max_length=500, blank=True)
    version_after = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("batch", "score"), name="one_change_a_score_and_import"),
        )

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.score_id}"
