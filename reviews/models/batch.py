"""One imported workbook: what it was, what it changed, and whether it was undone."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reviews.models.cycle import ReviewCycle
from reviews.models.points import PointsField
from reviews.models.review import Score, ScoreOrigin
from reviews.models.rubric import LONGEST_REASON

if TYPE_CHECKING:
    from organizations.models import Organization, User


class BatchState(models.TextChoices):
    CHECKING = "checking", _("Being checked")
    PREVIEWED = "previewed", _("Checked, not imported")
    IMPORTING = "importing", _("Being imported")
    COMMITTED = "committed", _("Imported")
    UNDONE = "undone", _("Undone")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Not imported")


IN_BACKGROUND = (BatchState.CHECKING, BatchState.IMPORTING)
REACHED_DATA = (BatchState.COMMITTED, BatchState.UNDONE)
FAILURE_LENGTH = 500


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, user: User) -> Self:
        """Imports carry unpublished scores: the host's staff only (rule 15)."""
        return self.filter(cycle__host__in=user.access.draft_host_ids)

    def of_host(self, host: Organization) -> Self:
        return self.filter(cycle__host=host)

    def kept(self) -> Self:
        """Those that reached the data, newest first, with how many deductions each recorded."""
        reached = self.filter(state__in=REACHED_DATA).with_deduction_count()
        return reached.order_by("-committed_at", "-pk")

    def unfinished(self) -> Self:
        """Those that never reached the data: nothing is lost with them but their file."""
        return self.exclude(state__in=REACHED_DATA)

    def in_background(self) -> Self:
        """Those that are checked or imported there, or wait to be."""
        return self.filter(state__in=IN_BACKGROUND)

    def in_history(self) -> Self:
        """Those that reached the data or that the background has to do with, the last uploaded first."""
        passing = models.Q(state=BatchState.PREVIEWED, summary__isnull=True)
        return self.exclude(passing).with_deduction_count().order_by("-uploaded_at", "-pk")

    def with_deduction_count(self) -> Self:
        """Each with how many deductions it recorded."""
        return self.annotate(deduction_count=models.Count("deductions"))


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
    # What the check in the background found, as `reviews.importing.summary.Summary` writes it.
    summary: Any = models.JSONField(null=True, blank=True)
    failure = models.CharField(_("why it failed"), max_length=FAILURE_LENGTH, blank=True)
    # By review, the state and reason of those that were left out until this import scored them.
    left_out_before: Any = models.JSONField(default=dict)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state__in=REACHED_DATA) | models.Q(committed_at__isnull=False),
                name="import_that_counts_has_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="failed") | ~models.Q(failure=""), name="failed_import_says_why"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="undone") | models.Q(undone_at__isnull=False),
                name="undone_import_has_a_time",
            ),
        )

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("reviews:import-detail", args=[self.cycle.quarter, self.pk])

    @property
    def is_large(self) -> bool:
        """Whether the background has to do with it."""
        return self.summary is not None or self.state not in (BatchState.PREVIEWED, *REACHED_DATA)

    @property
    def reached_data(self) -> bool:
        return self.state in REACHED_DATA


class BatchChange(models.Model):
    """What one import did to one score, so that the whole import can be undone."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="changes")
    score = models.ForeignKey(Score, on_delete=models.PROTECT, related_name="batch_changes")
    is_new = models.BooleanField()
    points_before = PointsField(null=True, blank=True)
    applies_before = models.BooleanField(default=True)
    origin_before = models.CharField(max_length=10, choices=ScoreOrigin, default=ScoreOrigin.ENTERED)
    beyond_floor_before = PointsField(default=Decimal(0))
    reason_before = models.CharField(max_length=LONGEST_REASON, blank=True)
    version_after = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("batch", "score"), name="one_change_a_score_and_import"),
        )

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.score_id}"
