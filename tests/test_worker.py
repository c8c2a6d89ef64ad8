"""The background worker comes and goes with the server."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError

from config import gunicorn, worker

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 60  # seconds that a process may take to end

# A server that starts a worker and tells its number; the worker only sees whether its server lives.
SERVER = """
import os, subprocess, sys
code = "import os; from config.worker import end_with; print(os.getpid(), flush=True); end_with(%s)"
subprocess.run([sys.executable, "-c", code % os.getpid()])
"""


@pytest.fixture
def installation(monkeypatch, tmp_path):
    """A folder of its own, whatever this machine has installed."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(gunicorn, "_workers", [])


def test_the_server_starts_it_and_ends_it(installation):
    gunicorn.when_ready(None)
    (started,) = gunicorn._workers
    gunicorn.on_exit(None)
    assert started.poll() is not None


def test_a_server_may_leave_it_to_a_service_of_its_own(installation, monkeypatch):
    monkeypatch.setenv("WORKER", "0")
    gunicorn.when_ready(None)
    assert gunicorn._workers == []


def test_it_ends_with_a_server_that_was_killed():
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, cwd=ROOT) as server:
        started = os.pidfd_open(int(server.stdout.readline()))
        os.kill(server.pid, signal.SIGKILL)
    ended, _writable, _broken = select.select([started], [], [], LONGEST)
    os.close(started)
    assert ended


@pytest.fixture
def database_that_is_gone_once(monkeypatch):
    """What the worker does, in order; its first look into the database fails."""
    done = []

    def look(command):
        done.append("look")
        if len(done) == 1:
            raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(worker, "execute_from_command_line", look)
    monkeypatch.setattr(worker.time, "sleep", lambda seconds: done.append("pause"))
    return done


def test_a_database_that_is_gone_for_a_while_does_not_end_it(database_that_is_gone_once):
    worker.work_for(os.getppid())
    assert database_that_is_gone_once == ["look", "pause", "look"]


def test_it_does_not_begin_again_once_its_server_is_gone(database_that_is_gone_once, monkeypatch):
    parents = iter([7, 1])
    monkeypatch.setattr(worker.os, "getppid", lambda: next(parents))
    worker.work_for(7)
    assert database_that_is_gone_once == ["look", "pause"]
