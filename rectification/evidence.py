"""Keep the files of a step: only what is what it says, whole on the disk before its row is written.

Where a photo was taken is removed before it is kept, from the original too: an item asks whether a thing was
put right, not where a person stood.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.utils.translation import gettext as _

from files.keeping import kept_on
from files.kinds import FileKind, FileRefused
from files.limits import MOST_FILES, MOST_FILES_OF_ONE
from files.metadata import without_place
from files.stored import StoredFile
from files.taking import Taken, take_file
from rectification.models import Evidence
from rectification.models.kept_file import KeptFile

Row = TypeVar("Row", bound=KeptFile)


@dataclass(frozen=True)
class NewFile:
    """A file as it was sent, or enough of it to be too large. name: what the user calls it."""

    name: str
    data: bytes


@dataclass(frozen=True)
class CarriedFile:
    """A photo that was looked at and kept before, to be kept with an item as well.

    Its place goes like that of any other: a host may keep where photos of visits were taken, for itself.
    row: what is known of the photo and its original, where there is one.
    """

    name: str
    path: Path
    content_type: str
    row: StoredFile | None = None
    original: Path | None = None
    preview: Path | None = None


# A file that was taken before is kept as it is: its photo was decoded before a transaction began.
FileToKeep = NewFile | CarriedFile | Taken


def kept_evidence(files: Sequence[FileToKeep]) -> AbstractContextManager[list[Evidence]]:
    """The rows of an item's files; see `kept_files`."""
    return kept_files(files, Evidence)


@contextmanager
def kept_files(files: Sequence[FileToKeep], model: type[Row]) -> Iterator[list[Row]]:
    """The files' rows, not yet saved and without their step, with their files on the disk.

    Enter it outside of any transaction, or with files that are `taken_in`: photos are decoded. Where the
    block fails the files are taken away again, and so they are where one of them is refused, which raises
    FileRefused, or PhotoRefused of a broken photo.
    """
    sent = [file for file in files if not isinstance(file, CarriedFile)]
    if len(sent) > MOST_FILES:
        raise FileRefused(_("At most %(limit)s files are sent at once.") % {"limit": MOST_FILES})
    if files:
        names_kept = model._default_manager.values_list("stored_name", flat=True)
        model.SHELF.remove_orphans(lambda: names_kept)
    rows: list[Row] = []

    def taken() -> Iterator[Taken]:
        for file in files:
            each = _carried(file) if isinstance(file, CarriedFile) else taken_in(file)
            rows.append(model(**each.columns()))
            yield each

    with kept_on(model.SHELF, taken()) as names:
        for row, name in zip(rows, names, strict=True):
            row.stored_name = name
        yield rows


def taken_in(file: NewFile | Taken) -> Taken:
    """The file, decoded. Raises FileRefused, or PhotoRefused of a broken photo."""
    return take_file(file.name, file.data) if isinstance(file, NewFile) else file


def require_room(kept: int, more: int) -> None:
    """Refuse what would be too many files of one item, target or reply. Raises FileRefused."""
    if more and kept + more > MOST_FILES_OF_ONE:
        message = _("At most %(limit)s files are kept with one item; there are %(kept)s already.")
        raise FileRefused(message % {"limit": MOST_FILES_OF_ONE, "kept": kept})


def path_of(file: KeptFile) -> Path:
    """Where what is shown of the file lies."""
    return file.SHELF.shown(file.stored_name)


def _carried(file: CarriedFile) -> Taken:
    """Read without decoding: this happens while others wait."""
    data, kind = file.path.read_bytes(), FileKind(file.content_type)
    if file.row is None or not file.row.has_original:  # kept as it came, before photos were written anew
        data = without_place(data) or data
    original = file.original.read_bytes() if file.original and file.original.is_file() else None
    return Taken(
        name=file.name,
        kind=kind,
        data=data,
        sent_sha256=file.row.sent_sha256 if file.row else hashlib.sha256(data).hexdigest(),
        preview=file.preview.read_bytes() if file.preview and file.preview.is_file() else None,
        original=without_place(original) if original else None,
        original_type=file.row.original_type if file.row else "",
    )
