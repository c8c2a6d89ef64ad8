"""Write a file so that it is whole on the disk before a row points to it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def write_durably(chunks: Iterable[bytes], path: Path) -> None:
    """Write the file as temporary, sync it and rename it; what fails in between leaves no file behind.

    chunks may raise to refuse the file. Its folder is created; only this process's user can read either.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk: a rename is there only once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
