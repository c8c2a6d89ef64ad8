"""Keep files under random names, whole on the disk before their rows; what fails leaves none behind."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from files.durable import write_durably
from files.folders import Shelf
from files.taking import Taken


@contextmanager
def kept(contents: Iterable[bytes], folder: Path) -> Iterator[list[str]]:
    """Random names under which the contents lie in the folder; where the block fails they are gone again."""
    names: list[str] = []
    try:
        for data in contents:
            name = uuid.uuid4().hex
            write_durably([data], folder / name)
            names.append(name)
        yield names
    except BaseException:
        for name in names:
            (folder / name).unlink(missing_ok=True)
        raise


@contextmanager
def kept_on(shelf: Shelf, files: Iterable[Taken]) -> Iterator[list[str]]:
    """The same of files with their originals and previews. files: taken one after the other, so that only one
    is decoded at a time.
    """
    names: list[str] = []
    try:
        for taken in files:
            name = uuid.uuid4().hex
            names.append(name)
            if taken.original is not None:
                write_durably([taken.original], shelf.original(name))
            if taken.preview is not None:
                write_durably([taken.preview], shelf.preview(name))
            write_durably([taken.data], shelf.shown(name))
        yield names
    except BaseException:
        for name in names:
            shelf.remove(name)
        raise
