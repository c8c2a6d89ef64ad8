"""Whether this installation serves, and what its keeper must see to.

Asked by monitors every few seconds, so every check is one query or one look at the disk.
"""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from audit.triggers import missing as unaudited
from operations.backing_up import ENDING
from organizations.sessions import LoginSession
from reviews.triggers import missing_triggers

PATIENCE = 1.0  # seconds that the check of the database waits for whoever writes just now
MIB = 1024 * 1024
_LOCKED = {"55P03", "57014"}  # PostgreSQL: a lock or a statement was waited for in vain
_QUEUE_LATE = timedelta(minutes=10)


class State(StrEnum):
    """How a check came out."""

    OK = "ok"
    BUSY = "busy"  # a long import writes: others wait for it, and pages are answered
    FAILED = "failed"


@dataclass(frozen=True)
class Check:
    """What was looked at and how it is. said: for the keeper, never for everybody."""

    name: str
    state: State = State.OK
    said: str = ""


def checks() -> list[Check]:
    """Everything that is looked at. What follows a database that does not answer is not asked."""
    database = _database()
    found = [database]
    if database.state != State.FAILED:
        found += [_guarded(check) for check in (_migrations, _triggers, _worker)]
    found.append(_disk())
    if settings.BACKUP_DIR:
        found.append(_backup(settings.BACKUP_DIR))
    return found


def worst(found: list[Check]) -> State:
    """The state of the whole."""
    states = {check.state for check in found}
    return next(state for state in (State.FAILED, State.BUSY, State.OK) if state in states)


def _guarded(check: Callable[[], Check]) -> Check:
    """A check that reads; where it cannot, that is what it says."""
    try:
        return check()
    except DatabaseError as error:
        return Check(check.__name__.removeprefix("_"), State.FAILED, _first_line(error))


def _database() -> Check:
    """Write a row and take it back. On SQLite an import keeps writers waiting, which is no fault."""
    try:
        with _impatient(), transaction.atomic():
            now = timezone.now()
            LoginSession.objects.create(
                session_key=f"health-{uuid.uuid4().hex}"[:40], expire_date=now, began_at=now, seen_at=now
            )
            transaction.set_rollback(True)
    except OperationalError as error:
        busy = "is locked" in str(error) or getattr(error.__cause__, "pgcode", "") in _LOCKED
        return Check("database", State.BUSY if busy else State.FAILED, _first_line(error))
    except DatabaseError as error:
        return Check("database", State.FAILED, _first_line(error))
    return Check("database")


@contextmanager
def _impatient() -> Iterator[None]:
    """Within the block the database gives up after PATIENCE instead of a minute, or never."""
    milliseconds = round(PATIENCE * 1000)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            before = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
            cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA busy_timeout = {before}")
    else:
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = {milliseconds}")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET statement_timeout")


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """Those of this process's code, which do not change while it runs."""
    return frozenset(MigrationLoader(None).graph.nodes)


def _migrations() -> Check:
    pending = _known_migrations() - set(MigrationRecorder(connection).applied_migrations())
    if pending:
        names = ", ".join(sorted(f"{app}.{name}" for app, name in pending))
        return Check("migrations", State.FAILED, _("pending: %(names)s") % {"names": names})
    return Check("migrations")


def _triggers() -> Check:
    """A rebuilt SQLite table silently loses its triggers, and with them freeze (rule 14) and trail."""
    missing = [*missing_triggers(connection), *unaudited(connection)]
    if missing:
        return Check("triggers", State.FAILED, _("missing: %(names)s") % {"names": ", ".join(missing)})
    return Check("triggers")


def _worker() -> Check:
    """A worker without work looks like none; one that is gone shows by what waits."""
    since = DBTaskResult.objects.ready().aggregate(since=Min("enqueued_at"))["since"]
    if since and timezone.now() - since > _QUEUE_LATE and not DBTaskResult.objects.running().exists():
        waits = _("a task waits since %(moment)s") % {"moment": f"{timezone.localtime(since):%Y-%m-%d %H:%M}"}
        return Check("worker", State.FAILED, waits)
    return Check("worker")


def _disk() -> Check:
    free = shutil.disk_usage(settings.DATA_DIR).free // MIB
    if free < settings.DISK_FREE_MB:
        least = {"free": free, "least": settings.DISK_FREE_MB}
        return Check("disk", State.FAILED, _("%(free)s MB free of the %(least)s it should be") % least)
    return Check("disk")


def _backup(folder: Path) -> Check:
    """Only whole back-ups bear this ending."""
    try:
        newest = max((path.stat().st_mtime for path in folder.glob(f"*{ENDING}")), default=0.0)
    except OSError as error:
        return Check("backup", State.FAILED, str(error))
    if time.time() - newest > timedelta(hours=settings.BACKUP_HOURS).total_seconds():
        hours = {"hours": settings.BACKUP_HOURS, "folder": folder}
        return Check("backup", State.FAILED, _("none of the last %(hours)s hours in %(folder)s") % hours)
    return Check("backup")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
