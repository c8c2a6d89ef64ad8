"""The short form of every trial, on the database that the tests run on; `make trust` is the long one."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from tests.trust.stage.databases import copy_sqlite
from tests.trust.stage.report import Report

ROOT = Path(__file__).resolve().parent.parent.parent

# The others have tests of their own that are short.
WITHOUT_OTHER_TESTS = ("database_kills", "editors", "fsyncs", "kills", "races", "raw_sql")


@pytest.mark.django_db
def test_every_trial_passes_in_its_short_form(tmp_path):
    command = [
        sys.executable,
        "-m",
        "tests.trust",
        *WITHOUT_OTHER_TESTS,
        "--quick",
        "--on",
        connection.vendor,
    ]
    migrated = ["--migrated", migrated_database(tmp_path / "migrated.sqlite3")]
    told = subprocess.run([*command, *migrated], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def migrated_database(copy: Path) -> str:
    """Where the trials find the tests' own database, which has been migrated; of a SQLite file a copy."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "postgresql":
        return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    copy_sqlite(name, copy)
    return str(copy)


def test_a_report_passes_where_every_figure_is_as_it_must_be():
    report = Report("trial")
    report.equals("kills", 2, 2)
    report.at_most("seconds", 1.5, 10)
    report.tell("seed", 7)
    assert report.passed
    report.none("lost saves", ["cell 1"])
    assert not report.passed
    assert (report.rows[-1].figure, report.rows[-1].expected) == ("1: ['cell 1']", "0")


def test_a_report_that_saw_nothing_has_not_passed():
    assert not Report("trial").passed
