"""Keep an uploaded workbook between its preview and its import.

The file is saved as temporary, synced and renamed before its row is written: a row never points at half
a file. What is left over is a file without a row, which the next clearing takes away.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from files.durable import write_durably
from organizations.models import User
from organizations.names import clean_text
from reviews.importing.load import FILE_NAME_LENGTH, Preview, commit_import, preview_import
from reviews.importing.summary import Summary, summary_of
from reviews.models import BatchState, ImportBatch, ReviewCycle
from reviews.progress import Report, Work, silent
from workbooks.limits import MAX_FILE, MIB
from workbooks.reading import read_workbook
from workbooks.sheets import Workbook

KEPT_FOR = timedelta(days=1)  # a preview that nobody imported


class UploadRefused(Exception):
    """A file that is not kept, or is kept no longer; its text is for the user."""


def keep_upload(chunks: Iterable[bytes], name: str, cycle: ReviewCycle, *, by: User | None) -> ImportBatch:
    """Keep a workbook for its preview. chunks: its content, such as `UploadedFile.chunks()` gives it.

    name: what the user calls it; it is kept in the row, never in the path. Raises UploadRefused for a
    file above 20 MB.
    """
    remove_stale_uploads()
    stored_name = uuid.uuid4().hex
    folder = _folder()
    digest = _save(chunks, folder / stored_name)
    try:
        return ImportBatch.objects.create(
            cycle=cycle,
            file_name=_kept_name(name),
            stored_name=stored_name,
            sha256=digest,
            uploaded_by=by,
        )
    except BaseException:
        (folder / stored_name).unlink(missing_ok=True)
        raise


def stored_workbook(batch: ImportBatch) -> Workbook:
    """Read the kept file. Raises UploadRefused where it is gone or changed, UnreadableWorkbook else."""
    gone = _("The file of this upload is no longer kept: upload it again.")
    if not batch.stored_name:
        raise UploadRefused(gone)
    try:
        data = (_folder() / batch.stored_name).read_bytes()
    except FileNotFoundError:
        raise UploadRefused(gone) from None
    if hashlib.sha256(data).hexdigest() != batch.sha256:
        raise UploadRefused(_("The kept file is not the one that was uploaded: upload it again."))
    return read_workbook(data, batch.file_name)


def preview_upload(batch: ImportBatch, report: Report = silent) -> Preview:
    """What importing a kept file would do now. Writes nothing; raises as `stored_workbook` does."""
    return preview_import(stored_workbook(batch), batch.cycle, batch.file_name, report)


def what_was_found(batch: ImportBatch) -> Summary:
    """What the check in the background has kept; where there was none, the file is checked now."""
    if batch.summary is not None:
        return Summary.from_json(batch.summary)
    return summary_of(preview_upload(batch))


def work_on(batch: ImportBatch) -> Work:
    """The files by which those who work on a kept file and those who wait for it hear of each other."""
    return Work(_folder() / batch.stored_name)


def commit_upload(batch: ImportBatch, by: User | None, report: Report = silent) -> ImportBatch:
    """Import a kept file; a second call, such as a second click, changes nothing.

    Raises EntryClosed, ImportRefused, UploadRefused or UnreadableWorkbook, and then nothing is changed.
    """
    batch = ImportBatch.objects.select_related("cycle").get(pk=batch.pk)
    if batch.state == BatchState.COMMITTED:
        return batch
    return commit_import(
        stored_workbook(batch),
        batch.cycle,
        by=by,
        file_name=batch.file_name,
        sha256=batch.sha256,
        batch=batch,
        report=report,
    )


@transaction.atomic
def discard_upload(batch: ImportBatch) -> None:
    """Forget an upload that never reached the data, and its file; an import that counts keeps both."""
    for row in ImportBatch.objects.unfinished().select_for_update().filter(pk=batch.pk):
        row.delete()
        # The row first: were the file deleted and the transaction undone, the row would point nowhere.
        transaction.on_commit(lambda row=row: _remove_file(row))  # type: ignore[misc]


def remove_stale_uploads() -> int:
    """Forget uploads older than a day that never reached the data and that nobody works on, and files that no
    row points to; how many were forgotten.
    """
    until = timezone.now() - KEPT_FOR
    stale = ImportBatch.objects.unfinished().filter(uploaded_at__lt=until)
    removed = 0
    for batch in stale:
        if not work_on(batch).is_under_way:
            discard_upload(batch)
            removed += 1
    return removed + _remove_orphans(until.timestamp())


def _remove_file(batch: ImportBatch) -> None:
    (_folder() / batch.stored_name).unlink(missing_ok=True)
    work_on(batch).remove()


def _remove_orphans(until: float) -> int:
    folder = _folder()
    if not folder.is_dir():
        return 0
    old = [path for path in folder.iterdir() if _is_older(path, until)]
    # What a worker tells stands beside the upload, under its name.
    named = ImportBatch.objects.filter(stored_name__in={path.stem for path in old})
    kept = set(named.values_list("stored_name", flat=True))
    orphans = [path for path in old if path.stem not in kept]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _is_older(path: Path, until: float) -> bool:
    with suppress(FileNotFoundError):  # another process may clear at the same time
        return path.stat().st_mtime < until
    return False


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def _save(chunks: Iterable[bytes], path: Path) -> str:
    """Write the file durably; its SHA-256. Raises UploadRefused."""
    digest = hashlib.sha256()
    write_durably(_measured(chunks, digest), path)
    return digest.hexdigest()


def _measured(chunks: Iterable[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    """The chunks as they are, each added to the digest, until they are too many."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MAX_FILE:
            raise UploadRefused(
                _("The file is larger than %(limit)s MB, too large for a score workbook.")
                % {"limit": MAX_FILE // MIB}
            )
        digest.update(chunk)
        yield chunk


def _kept_name(name: str) -> str:
    """The user's file name for the row: without folders, on one line, only the end of one too long."""
    last = clean_text(name.replace("\\", "/").rsplit("/", 1)[-1])
    return last[-FILE_NAME_LENGTH:]
