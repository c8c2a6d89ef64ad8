"""What a monitor learns, what it does not, and that asking takes no time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from operations import health
from organizations.sessions import LoginSession
from reviews.background import check_in_background
from reviews.triggers import drop_triggers, missing_triggers

pytestmark = pytest.mark.django_db


def asked(client: Client) -> tuple[int, dict[str, str]]:
    answer = client.get("/healthz")
    told = answer.json()
    assert set(told) == {"status", "checks"}
    return answer.status_code, {"": told["status"], **told["checks"]}


def printed() -> str:
    """What the keeper reads at the terminal."""
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("health", stdout=out)
    return out.getvalue()


def test_a_sound_installation_says_so_to_anyone(client: Client) -> None:
    checks = ("", "database", "migrations", "triggers", "worker", "disk")
    assert asked(client) == (200, dict.fromkeys(checks, "ok"))


def test_being_asked_leaves_nothing_behind_and_costs_little(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    asked(client)  # the code's own migrations are read once
    with django_assert_max_num_queries(16):
        asked(client)
    assert not LoginSession.objects.exists()


def test_published_rows_without_their_guards_are_reported(client: Client) -> None:
    drop_triggers(connection)
    status, checks = asked(client)
    assert (status, checks[""], checks["triggers"]) == (503, "failed", "failed")
    assert missing_triggers(connection)[0] in printed()


def test_pending_migrations_are_reported(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("reviews", "0001_initial")
    status, checks = asked(client)
    assert (status, checks["migrations"]) == (503, "failed")
    assert "reviews.0001_initial" in printed()


def test_a_silent_database_is_reported_without_its_details(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**values: Any) -> None:
        raise OperationalError("password of review@10.0.0.7 refused")

    monkeypatch.setattr(health.LoginSession.objects, "create", refuse)
    assert asked(client) == (503, {"": "failed", "database": "failed", "disk": "ok"})
    assert "10.0.0.7" in printed()


def test_a_disk_that_fills_up_is_reported_before_it_is_full(client: Client, settings: Any) -> None:
    settings.DISK_FREE_MB = 10**9
    status, checks = asked(client)
    assert (status, checks["disk"], checks["database"]) == (503, "failed", "ok")


def test_a_task_that_nobody_takes_up_is_reported_unless_the_worker_is_at_another(client: Client) -> None:
    first, second = (check_in_background.enqueue(0, "en").id for _task in range(2))
    assert asked(client)[1]["worker"] == "ok"
    long_ago = timezone.now() - timedelta(minutes=11)
    DBTaskResult.objects.filter(pk=second).update(enqueued_at=long_ago)
    assert asked(client)[1]["worker"] == "failed"
    DBTaskResult.objects.get(pk=first).claim("a worker")
    assert asked(client)[1]["worker"] == "ok"


def test_back_ups_are_looked_for_where_they_are_kept(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.BACKUP_DIR = tmp_path
    assert asked(client)[1]["backup"] == "failed"
    (tmp_path / "20181008-030000.review-backup.part").touch()
    assert asked(client)[1]["backup"] == "failed"
    (tmp_path / "20181008-030000.review-backup").touch()
    assert asked(client)[1]["backup"] == "ok"
    settings.BACKUP_HOURS = 0
    assert asked(client)[1]["backup"] == "failed"


@contextmanager
def somebody_writing() -> Iterator[None]:
    """A long import on SQLite, which every other writer waits for; on PostgreSQL a table that is locked."""
    writer = connection.copy()
    with closing(writer), writer.cursor() as cursor:
        cursor.execute(
            "BEGIN IMMEDIATE"
            if writer.vendor == "sqlite"
            else f"BEGIN; LOCK TABLE {LoginSession._meta.db_table}"
        )
        yield
        cursor.execute("ROLLBACK")


def patience() -> object:
    """How long the database lets everybody else wait."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout" if connection.vendor == "sqlite" else "SHOW statement_timeout")
        return cursor.fetchone()


@pytest.mark.django_db(transaction=True)
def test_a_long_import_makes_the_database_busy_not_broken(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.05)
    before = patience()
    with somebody_writing():
        status, checks = asked(client)
    assert (status, checks[""], checks["database"], checks["triggers"]) == (200, "busy", "busy", "ok")
    assert patience() == before
