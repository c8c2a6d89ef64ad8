"""Take an import back as a whole: every score as it was, its deductions away, and their items withdrawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.deeds import within
from organizations.models import User
from reviews.models import BatchChange, BatchState, ImportBatch, Reply, Review
from reviews.raising import UNDONE, withdraw_items_of
from reviews.recording import CellState, lock_cycle_for_entry, score_saying, write_totals
from reviews.score_rows import BATCH_SIZE, write_scores


class UndoRefused(Exception):
    """An import cannot be undone as a whole any more."""


@transaction.atomic
def undo_batch(batch: ImportBatch, *, by: User | None) -> ImportBatch:
    """Put every cell of an import back as it was, and its deductions away; a second call changes nothing.

    Raises EntryClosed, or UndoRefused where a cell was changed again since: undoing would lose that.
    """
    cycle = lock_cycle_for_entry(batch.cycle)
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state == BatchState.UNDONE:
        return batch
    if batch.state != BatchState.COMMITTED:
        raise UndoRefused(_("This workbook has not been imported, so there is nothing to undo."))
    changes = list(batch.changes.select_related("score"))
    undone = _undone_versions(changes)
    later = [
        change.score
        for change in changes
        if change.score.version != _version_if_untouched(change, undone[change.score_id])
    ]
    if later:
        raise UndoRefused(
            _("%(count)s cells were changed again since, first %(unit)s, %(indicator)s: undo those first.")
            % {
                "count": len(later),
                "unit": later[0].review.organization.name,
                "indicator": later[0].indicator.name,
            }
        )
    _require_no_replies(batch)
    now = timezone.now()
    with within(f"undo of import {batch.pk}"):
        withdraw_items_of(cycle, batch.deductions.all(), reason=UNDONE, by=by)
        batch.deductions.all().delete()
        write_scores(
            score_saying(
                (change.score.review_id, change.score.indicator_id),
                _state_before(change),
                change.score.version + 1,
                by=by,
                at=now,
            )
            for change in changes
        )
        batch.state, batch.undone_at, batch.undone_by = BatchState.UNDONE, now, by
        batch.save(update_fields=["state", "undone_at", "undone_by"])
        write_totals(cycle, {change.score.review_id for change in changes})
        _leave_out_again(batch)
    return batch


def _require_no_replies(batch: ImportBatch) -> None:
    """A deduction that a unit replied to stays readable with its reply (rule 13)."""
    if replied := Reply.objects.filter(deduction__batch=batch).count():
        text = ngettext(
            "A unit replied to %(count)s deduction of this import: it cannot be undone any more.",
            "Units replied to %(count)s deductions of this import: it cannot be undone any more.",
            replied,
        )
        raise UndoRefused(text % {"count": replied})


def _undone_versions(changes: Sequence[BatchChange]) -> Mapping[int, list[int]]:
    """By score: the versions that imports undone since had given it."""
    undone = BatchChange.objects.filter(
        score__in=[change.score_id for change in changes], batch__state=BatchState.UNDONE
    )
    versions: dict[int, list[int]] = defaultdict(list)
    for score, version in undone.values_list("score", "version_after"):
        versions[score].append(version)
    return versions


def _version_if_untouched(change: BatchChange, undone: Iterable[int]) -> int:
    """The version a score has while nothing changed it but later imports that were undone: each of those
    counted once when it was imported and once when it was undone, and left what it had found.
    """
    return change.version_after + 2 * sum(version > change.version_after for version in undone)


def _state_before(change: BatchChange) -> CellState:
    """As it was before the import; a cell that was new is cleared, so that its versions go on counting."""
    return CellState(
        change.points_before,
        change.applies_before,
        change.origin_before,
        change.beyond_floor_before,
        change.reason_before,
    )


def _leave_out_again(batch: ImportBatch) -> None:
    """Put back the reasons of reviews that the import had scored and that nothing else has decided since."""
    reviews = list(Review.objects.unscored().filter(pk__in=batch.left_out_before))
    for review in reviews:
        review.state, review.reason = batch.left_out_before[str(review.pk)]
    Review.objects.bulk_update(reviews, ["state", "reason"], batch_size=BATCH_SIZE)
