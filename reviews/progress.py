"""How far long work has come, told through files beside the upload that it works on.

Not through the database: on SQLite the import that is under way keeps every other writer waiting, so nobody
could tell of it or stop it there. The lock on a file is held for as long as somebody works, and the system
takes it from a process that dies, however it dies.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

EVERY = 1_000  # rows between two reports
_TRIES, _PAUSE = 20, 0.05  # seconds, until somebody else is taken to be at the work


class Phase(StrEnum):
    """What is being done."""

    WAITING = "waiting"
    CHECKING = "checking"
    WRITING = "writing"


# Called with the phase, how much of it is done, and of how much. It may raise Cancelled.
Report: TypeAlias = Callable[[Phase, int, int], None]


class Cancelled(Exception):
    """Somebody asked for the work to stop."""


class Busy(Exception):
    """Somebody else is at the same work."""


def silent(phase: Phase, done: int, total: int) -> None:
    """A report to nobody."""


@dataclass(frozen=True)
class Progress:
    """What was reported last. at: seconds since the epoch."""

    phase: Phase
    done: int
    total: int
    at: float


class Work:
    """The files by which the worker on an upload and the pages that wait for it hear of each other."""

    def __init__(self, upload: Path) -> None:
        self._progress = upload.with_suffix(".progress")
        self._cancel = upload.with_suffix(".cancel")
        self._lock = upload.with_suffix(".lock")

    def begin(self) -> None:
        """Forget what was before and tell that the work waits for somebody to do it."""
        self._cancel.unlink(missing_ok=True)
        self._tell(Phase.WAITING, 0, 0)

    def report(self, phase: Phase, done: int, total: int) -> None:
        """Tell how far the work is. Raises Cancelled where somebody asked for that."""
        if self._cancel.exists():
            raise Cancelled
        self._tell(phase, done, total)

    def progress(self) -> Progress | None:
        """What was told last; None where nothing was."""
        with suppress(FileNotFoundError, ValueError, KeyError, TypeError):
            told = json.loads(self._progress.read_text())
            return Progress(Phase(told["phase"]), told["done"], told["total"], told["at"])
        return None

    def ask_to_cancel(self) -> None:
        """Ask whoever works, or will, to stop."""
        self._cancel.touch(mode=0o600)

    @property
    def is_to_stop(self) -> bool:
        return self._cancel.exists()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Work while nobody else does. Raises Busy."""
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            # A page that looks whether somebody works holds the lock as well, for no time at all.
            for _try in range(_TRIES):
                if _takes(descriptor, fcntl.LOCK_EX):
                    break
                time.sleep(_PAUSE)
            else:
                raise Busy
            os.utime(descriptor)  # a file that is old and without a row is cleared away
            yield
        finally:
            os.close(descriptor)

    @property
    def is_under_way(self) -> bool:
        """Whether a living process works on it at this moment."""
        try:
            descriptor = os.open(self._lock, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            return not _takes(descriptor, fcntl.LOCK_SH)
        finally:
            os.close(descriptor)

    def remove(self) -> None:
        """Take the files away with the upload."""
        for path in (self._progress, self._cancel, self._lock):
            path.unlink(missing_ok=True)

    def _tell(self, phase: Phase, done: int, total: int) -> None:
        temporary = self._progress.with_suffix(".telling")
        temporary.write_text(json.dumps(asdict(Progress(phase, done, total, time.time()))))
        temporary.rename(self._progress)


def _takes(descriptor: int, lock: int) -> bool:
    """Whether the lock could be had at once."""
    try:
        fcntl.flock(descriptor, lock | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
