"""Whether what is acknowledged is on the disk: a kill does not show it, the system's calls do.

The short form asks the database how it is set; the long form watches one commit and one file with strace, and
PostgreSQL's own count of its log's syncs. `tests/files/test_durable.py` has the order: file, name, folder.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from django.db import connection, transaction

from organizations.models import Organization
from tests.trust.stage.report import Report, Scale

_SYNC = re.compile(r"\b(?:fsync|fdatasync)\(")
_SQLITE_FULL = 2


def run(scale: Scale) -> Report:
    report = Report("synced to the disk")
    if connection.vendor == "sqlite":
        report.equals("PRAGMA synchronous", asked("PRAGMA synchronous"), _SQLITE_FULL)
        report.equals("PRAGMA journal_mode", asked("PRAGMA journal_mode"), "wal")
    else:
        report.tell("fsync of this server", asked("SHOW fsync"))
    if scale.quick:
        return report
    if connection.vendor == "postgresql":
        report.equals("synchronous_commit", asked("SHOW synchronous_commit"), "on")
        report.at_least("syncs of PostgreSQL's log by one commit", syncs_of_a_commit(), 1)
    if shutil.which("strace") is None:
        report.equals("strace", "not installed: apt-get install strace", "installed")
        return report
    idle = syncs_of("nothing")
    if connection.vendor == "sqlite":
        report.at_least("syncs seen by strace for one commit on SQLite", syncs_of("commit") - idle, 1)
    report.at_least(
        "syncs seen by strace for one file, of it and of its folder", syncs_of("upload") - idle, 2
    )
    return report


def asked(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def syncs_of_a_commit() -> int:
    """How often PostgreSQL synced its log for one commit, by its own count."""
    before = _synced()
    with transaction.atomic():
        Organization.objects.filter(parent=None).update(position=1)
    return _synced() - before


def _synced() -> int:
    asked("SELECT pg_stat_force_next_flush()")
    return int(str(asked("SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal' AND context = 'normal'")))


def syncs_of(what: str) -> int:
    """How often a process that does one thing syncs, as the kernel is asked to."""
    with tempfile.TemporaryDirectory() as folder:
        calls = Path(folder) / "calls"
        strace = ["strace", "-f", "-e", "trace=fsync,fdatasync", "-o", str(calls)]
        subprocess.run([*strace, sys.executable, "-m", "tests.trust.stage.writes", what], check=True)
        return len(_SYNC.findall(calls.read_text(encoding="utf-8")))
