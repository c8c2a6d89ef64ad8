"""Folders of kept files: each under a random name, none without a row for longer than a day."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.utils import timezone

A_DAY = datetime.timedelta(days=1)


def folder_of(kind: str) -> Path:
    """Where files of a kind lie."""
    return Path(settings.MEDIA_ROOT) / kind


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
