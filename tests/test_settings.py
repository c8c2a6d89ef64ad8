"""What the environment makes of the settings; each case in a process of its own, as an installation would."""

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from config.secret_key import kept_secret_key

ROOT = Path(__file__).resolve().parent.parent


def settings_with(data_dir: Path, **environment: str) -> dict[str, Any]:
    """The settings of an installation with these variables and no others."""
    # The languages' names are translated only when they are shown.
    code = (
        "import json, config.settings as s; "
        "names = [name for name in dir(s) if name.isupper() and name != 'LANGUAGES']; "
        "print(json.dumps({name: getattr(s, name) for name in names}, default=str))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir), **environment},
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    settings: dict[str, Any] = json.loads(answer.stdout)
    return settings


def test_without_any_environment_it_is_safe_and_stays_on_this_machine(tmp_path):
    settings = settings_with(tmp_path)
    assert settings["DEBUG"] is False
    assert settings["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert settings["DATABASES"]["default"]["NAME"] == str(tmp_path / "db.sqlite3")
    assert settings["STORAGES"]["default"]["OPTIONS"]["location"] == str(tmp_path / "uploads")


def test_a_secret_key_is_made_once_and_kept_to_its_owner(tmp_path):
    first = settings_with(tmp_path)["SECRET_KEY"]
    assert len(first) >= 50
    assert settings_with(tmp_path)["SECRET_KEY"] == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_workers_that_start_together_share_one_key(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(kept_secret_key, [tmp_path / "secret_key"] * 64))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_given_secret_key_is_not_written_down(tmp_path):
    assert settings_with(tmp_path, SECRET_KEY="given")["SECRET_KEY"] == "given"
    assert list(tmp_path.iterdir()) == []


def test_sqlite_takes_its_turn_to_write_and_keeps_what_it_acknowledged(tmp_path):
    options = settings_with(tmp_path)["DATABASES"]["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]
    assert "journal_mode=WAL" in options["init_command"]


def test_database_url_names_another_database(tmp_path):
    database = settings_with(tmp_path, DATABASE_URL="postgres://me:secret@db/review")["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["NAME"], database["USER"]) == ("db", "review", "me")
    assert database["CONN_MAX_AGE"] > 0
    assert "init_command" not in database.get("OPTIONS", {})


SWITCHED = ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE")


@pytest.mark.parametrize("switch", SWITCHED)
def test_https_is_one_switch(tmp_path, switch):
    assert settings_with(tmp_path)[switch] is False
    assert settings_with(tmp_path, HTTPS="1")[switch] is True


def test_over_tls_no_neighbour_in_the_domain_can_set_our_cookies(tmp_path):
    """`__Host-` holds only for cookies that are secure, of the whole site and of no other host."""
    settings = settings_with(tmp_path, HTTPS="1")
    for kind in ("SESSION", "CSRF"):
        assert settings[f"{kind}_COOKIE_NAME"].startswith("__Host-")
        assert settings[f"{kind}_COOKIE_SECURE"] is settings[f"{kind}_COOKIE_HTTPONLY"] is True
        assert settings[f"{kind}_COOKIE_SAMESITE"] == "Lax"
        assert settings.get(f"{kind}_COOKIE_DOMAIN") is None
        assert settings.get(f"{kind}_COOKIE_PATH", "/") == "/"


def test_a_forwarded_protocol_is_believed_only_behind_a_proxy(tmp_path):
    assert settings_with(tmp_path)["SECURE_PROXY_SSL_HEADER"] is None
    assert settings_with(tmp_path, HTTPS="1")["SECURE_PROXY_SSL_HEADER"] == [
        "HTTP_X_FORWARDED_PROTO",
        "https",
    ]


def test_python_that_takes_out_asserts_is_refused(tmp_path):
    command = [sys.executable, "-O", "-c", "import config.settings"]
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)}
    told = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "without -O" in told.stderr
