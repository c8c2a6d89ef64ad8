"""Folders of kept files: each under a random name, none without a row for longer than a day."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

A_DAY = datetime.timedelta(days=1)


def folder_of(kind: str) -> Path:
    """Where files of a kind lie."""
    return Path(settings.MEDIA_ROOT) / kind


@dataclass(frozen=True)
class Shelf:
    """Where the files of a kind lie: what is shown, and under the same name what it was made from and what is
    shown among many.
    """

    kind: str

    def shown(self, name: str) -> Path:
        return folder_of(self.kind) / name

    def original(self, name: str) -> Path:
        """A folder of its own, so that no view comes to it by a mistake in a name."""
        return folder_of(f"{self.kind}-originals") / name

    def preview(self, name: str) -> Path:
        return folder_of(f"{self.kind}-previews") / name

    def remove(self, name: str) -> None:
        """Take away all that lies under the name."""
        for path in (self.shown(name), self.original(name), self.preview(name)):
            path.unlink(missing_ok=True)

    def remove_orphans(self, kept: Callable[[], Iterable[str]]) -> int:
        """See `remove_orphans`, of everything that lies here."""
        folders = (self.shown(""), self.original(""), self.preview(""))
        return sum(remove_orphans(folder, kept) for folder in folders)


def remove_orphans(
    folder: Path, kept: Callable[[], Iterable[str]], older_than: datetime.timedelta = A_DAY
) -> int:
    """Take away files that no row came to point to, such as after a power cut; how many.

    kept: the names rows point to; asked only where there is something old.
    """
    if not folder.is_dir():
        return 0
    until = (timezone.now() - older_than).timestamp()
    old = [path for path in folder.iterdir() if _is_older(path, until)]
    names = set(kept()) if old else set()
    orphans = [path for path in old if path.name not in names]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _is_older(path: Path, until: float) -> bool:
    try:
        return path.stat().st_mtime < until
    except FileNotFoundError:  # another process may clear at the same time
        return False
