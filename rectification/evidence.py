"""Keep the files of a step: only what is what it says, whole on the disk before its row is written.

Where a photo was taken is removed before it is kept: an item asks whether a thing was put right, not where
a person stood.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.utils.translation import gettext as _

from files.folders import folder_of, remove_orphans
from files.keeping import kept
from files.kinds import FileKind, FileRefused, file_name, kind_of
from files.pictures import without_place
from rectification.models import Evidence
from rectification.models.kept_file import KeptFile

Row = TypeVar("Row", bound=KeptFile)

MOST_FILES = 20  # of one step, and of one request (DATA_UPLOAD_MAX_NUMBER_FILES)


@dataclass(frozen=True)
class NewFile:
    """A file as it was sent, or enough of it to be too large. name: what the user calls it."""

    name: str
    data: bytes


@dataclass(frozen=True)
class CarriedFile:
    """A file that was looked at and kept before, to be kept with an item as well.

    Its place goes like that of any other: a host may keep where photos of visits were taken, for itself.
    """

    name: str
    path: Path
    content_type: str


def kept_evidence(files: Sequence[NewFile | CarriedFile]) -> AbstractContextManager[list[Evidence]]:
    """The rows of an item's files; see `kept_files`."""
    return kept_files(files, Evidence)


@contextmanager
def kept_files(files: Sequence[NewFile | CarriedFile], model: type[Row]) -> Iterator[list[Row]]:
    """The files' rows, not yet saved and without their step, with their files on the disk.

    Where the block fails the files are taken away again. Raises FileRefused, or PhotoRefused of a broken
    photo, before anything is written.
    """
    sent = [file for file in files if isinstance(file, NewFile)]
    if len(sent) > MOST_FILES:
        raise FileRefused(_("At most %(limit)s files are sent at once.") % {"limit": MOST_FILES})
    kinds = [
        kind_of(file.name, file.data) if isinstance(file, NewFile) else FileKind(file.content_type)
        for file in files
    ]
    if files:
        names_kept = model._default_manager.values_list("stored_name", flat=True)
        remove_orphans(folder_of(model.FOLDER), lambda: names_kept)
    rows: list[Row] = []

    def contents() -> Iterator[bytes]:
        for file, kind in zip(files, kinds, strict=True):
            data = file.data if isinstance(file, NewFile) else file.path.read_bytes()
            if kind in (FileKind.JPEG, FileKind.PNG, FileKind.WEBP):
                data = without_place(data)
            rows.append(
                model(
                    original_name=file_name(file.name, kind),
                    sha256=hashlib.sha256(data).hexdigest(),
                    size=len(data),
                    content_type=kind,
                )
            )
            yield data

    with kept(contents(), folder_of(model.FOLDER)) as names:
        for row, name in zip(rows, names, strict=True):
            row.stored_name = name
        yield rows


def path_of(file: KeptFile) -> Path:
    """Where the file lies."""
    return folder_of(file.FOLDER) / file.stored_name
