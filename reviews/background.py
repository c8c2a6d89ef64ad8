"""Check and import large workbooks in the background, where nobody has to wait with the browser open.

A batch's state says what is wanted; a task does it only while that is still so and nobody else is at it, so
that a task which is repeated, late or doubled changes nothing (docs/decisions/0014).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from audit.deeds import acting_as
from organizations.models import User
from reviews.importing.checks import row_count
from reviews.importing.load import ImportRefused
from reviews.importing.summary import Summary, summary_of, summary_of_refusal
from reviews.models import BatchState, ImportBatch
from reviews.models.batch import FAILURE_LENGTH, IN_BACKGROUND
from reviews.progress import Busy, Cancelled, Phase, Progress, Report
from reviews.recording import EntryClosed
from reviews.uploads import UploadRefused, commit_upload, preview_upload, work_on
from workbooks.sheets import UnreadableWorkbook, Workbook

LARGE = 50_000  # rows; a smaller workbook is checked while its sender waits
_CHANGED_THERE = ("state", "summary", "failure", "committed_at", "new_count", "changed_count")
_LONG_WAIT = 30  # seconds after which somebody should see whether a worker runs at all


def is_large(workbook: Workbook) -> bool:
    """Whether checking takes so long that it is done in the background."""
    return row_count(workbook) >= LARGE


@dataclass(frozen=True)
class Watched:
    """How a batch stands that is in the background.

    is_taken_up: whether a living worker is at it. is_stopping: whether somebody asked it to stop.
    """

    progress: Progress | None
    is_taken_up: bool
    is_stopping: bool

    @property
    def done(self) -> int:
        return self.progress.done if self.progress else 0

    @property
    def total(self) -> int:
        """Of what the worker is at; 0 while nobody knows."""
        return self.progress.total if self.progress and not self.is_stopping else 0

    @property
    def text(self) -> str:
        """What is going on, for the user."""
        if self.is_stopping:
            return _("Being stopped …")
        if self.progress is None or not self.has_begun:
            return _("Waiting to be taken up …")
        if not self.total:
            return _("The workbook is being read …")
        counts = {"done": f"{self.done:,}", "total": f"{self.total:,}"}
        if self.progress.phase == Phase.CHECKING:
            return _("%(done)s of %(total)s rows checked") % counts
        return _("%(done)s of %(total)s changes written") % counts

    @property
    def has_begun(self) -> bool:
        return self.progress is not None and self.progress.phase != Phase.WAITING

    @property
    def has_died(self) -> bool:
        """Whether it was begun and nobody goes on with it."""
        return self.has_begun and not self.is_taken_up

    @property
    def waits_long(self) -> bool:
        """Whether it should have been taken up by now, if a worker ran."""
        if self.is_taken_up or self.has_begun:
            return False
        return self.progress is None or time.time() - self.progress.at > _LONG_WAIT


def watch(batch: ImportBatch) -> Watched | None:
    """See how far the work on a batch is; None where the background has nothing (more) to do with it.

    Brings the batch up to date. First what was told, then the worker, then the state: one that begins in
    between has told nothing yet, and one that ends in between has left its result. Raises
    ImportBatch.DoesNotExist where the upload was forgotten meanwhile.
    """
    if batch.state not in IN_BACKGROUND:
        return None
    work = work_on(batch)
    progress = work.progress()
    is_taken_up = work.is_under_way
    batch.refresh_from_db(fields=_CHANGED_THERE)
    if batch.state not in IN_BACKGROUND:
        return None
    return Watched(progress, is_taken_up, work.is_to_stop)


@transaction.atomic
def start_check(batch: ImportBatch) -> None:
    """Have a kept file checked, from the start; changes nothing while somebody is at it or once it counts."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    work = work_on(batch)
    if batch.reached_data or work.is_under_way:
        return
    work.begin()
    batch.state, batch.summary, batch.failure = BatchState.CHECKING, None, ""
    batch.save(update_fields=["state", "summary", "failure"])
    check_in_background.enqueue(batch.pk, translation.get_language())


@transaction.atomic
def start_import(batch: ImportBatch, *, by: User) -> None:
    """Have a checked file imported; a second click changes nothing."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != BatchState.PREVIEWED:
        return
    work_on(batch).begin()
    batch.state = BatchState.IMPORTING
    batch.save(update_fields=["state"])
    import_in_background.enqueue(batch.pk, by.pk, translation.get_language())


def cancel(batch: ImportBatch) -> None:
    """Ask the worker to stop, which it does at its next report; without one it is stopped already."""
    if batch.state not in IN_BACKGROUND:
        return
    work = work_on(batch)
    work.ask_to_cancel()
    if not work.is_under_way:
        _close(batch, BatchState.CANCELLED)


@task()
def check_in_background(batch: int, language: str) -> None:
    """Check a kept file and keep what was found."""
    with translation.override(language):
        _do(batch, BatchState.CHECKING, _check)


@task()
def import_in_background(batch: int, user: int, language: str) -> None:
    """Import a kept file that was checked."""

    def deed(row: ImportBatch, report: Report) -> None:
        by = User.objects.get(pk=user)
        with acting_as(by):
            commit_upload(row, by, report)

    with translation.override(language):
        _do(batch, BatchState.IMPORTING, deed)


def _check(batch: ImportBatch, report: Report) -> None:
    preview = preview_upload(batch, report)
    if preview.problems:
        _fail(batch, summary_of(preview))
    else:
        _close(batch, BatchState.PREVIEWED, summary=summary_of(preview))


def _do(pk: int, state: BatchState, deed: Callable[[ImportBatch, Report], None]) -> None:
    """Do the deed on a batch while it is in this state, alone, and keep how it ended."""
    batch = ImportBatch.objects.select_related("cycle").filter(pk=pk).first()
    if batch is None:
        return
    work = work_on(batch)
    with suppress(Busy), work.alone():
        batch = ImportBatch.objects.select_related("cycle").filter(pk=pk, state=state).first()
        if batch is None:
            return
        try:
            work.report(Phase.CHECKING, 0, 0)
            with acting_as(batch.uploaded_by, source="worker"):
                deed(batch, work.report)
        except Cancelled:
            _close(batch, BatchState.CANCELLED)
        except ImportRefused as refusal:
            _fail(batch, summary_of_refusal(refusal.problems))
        except (EntryClosed, UploadRefused, UnreadableWorkbook) as reason:
            _close(batch, BatchState.FAILED, failure=str(reason))
        except BaseException:
            reason_unknown = _("Something went wrong on the server, and nothing was changed.")
            _close(batch, BatchState.FAILED, failure=reason_unknown)
            raise


def _fail(batch: ImportBatch, summary: Summary) -> None:
    count = summary.problem_count
    failure = ngettext("%(count)s problem in the workbook", "%(count)s problems in the workbook", count)
    _close(batch, BatchState.FAILED, failure=failure % {"count": count}, summary=summary)


def _close(
    batch: ImportBatch, state: BatchState, *, failure: str = "", summary: Summary | None = None
) -> None:
    """Let a batch that is in the background stand so."""
    kept = None if summary is None else summary.as_json()
    rows = ImportBatch.objects.in_background().filter(pk=batch.pk)
    rows.update(state=state, failure=failure[:FAILURE_LENGTH], summary=kept)
