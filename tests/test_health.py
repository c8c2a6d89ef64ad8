import pytest
from django.db import OperationalError, connection

from config import health
from reviews.triggers import drop_triggers, missing_triggers

pytestmark = pytest.mark.django_db


def test_a_sound_installation_says_so_to_anyone(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "problems": []})


def test_published_rows_without_their_guards_are_reported(client):
    drop_triggers(connection)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["problems"] == [
        f"trigger {name} is missing" for name in missing_triggers(connection)
    ]


def test_pending_migrations_are_reported(client, monkeypatch):
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda executor, targets: ["one"])
    assert client.get("/healthz").json()["problems"] == ["migrations are pending"]


def test_a_silent_database_is_reported_without_its_details(client, monkeypatch):
    def refuse(*arguments):
        raise OperationalError("password of review@10.0.0.7 refused")

    monkeypatch.setattr(health, "MigrationExecutor", refuse)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["problems"]) == (503, ["the database does not answer"])


def test_no_page_may_be_kept_by_a_cache_or_load_from_elsewhere(client):
    headers = client.get("/healthz").headers
    assert headers["Cache-Control"] == "private, no-store"
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
