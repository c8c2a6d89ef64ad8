"""The database as a file and back: SQLite's own back-up, PostgreSQL's pg_dump and pg_restore.

Neither keeps anybody from working meanwhile. Copying SQLite's file instead would now and then give a broken
or an old one.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _
from psycopg2.extensions import make_dsn

from files.durable import sync_folder
from operations.archive import Unusable

# An installation that has a row in one of these has something to lose.
_TELLING = ("organizations_user", "organizations_organization")


@contextmanager
def dumped(file: Path) -> Iterator[BaseDatabaseWrapper]:
    """Write the database as it is now into a new file; the block reads the same moment. Raises Unusable."""
    if connection.vendor != "postgresql":
        # Not through the connection in use: what that one has under way is nobody's yet.
        with closing(sqlite3.connect(_sqlite_path())) as source, closing(sqlite3.connect(file)) as copy:
            source.backup(copy)
        with sqlite_file(file) as copied:
            yield copied
        return
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={file}")
        yield connection


def require_empty() -> None:
    """Raise Unusable where the database holds an account or an organization."""
    if connection.vendor != "postgresql" and not _sqlite_path().exists():
        return
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for table in present.intersection(_TELLING):
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")
            if cursor.fetchone():
                raise Unusable(
                    _(
                        "This installation is in use: restore into an empty one, "
                        "with its own DATABASE_URL and DATA_DIR."
                    )
                )


def load(file: Path) -> None:
    """Put the dumped database in the place of the empty one. Raises Unusable; then nothing is restored."""
    if connection.vendor == "postgresql":
        _clear_schema()
        _run("pg_restore", "--single-transaction", "--exit-on-error", str(file))
    else:
        _require_sound(file)
        connection.close()
        take_the_place_of(file, _sqlite_path())


@contextmanager
def sqlite_file(file: Path) -> Iterator[BaseDatabaseWrapper]:
    """Read a SQLite file that is not the installation's own."""
    reader = connection.copy()
    reader.settings_dict.update(
        NAME=str(file), OPTIONS={}
    )  # its own settings would turn on the journal of a server
    try:
        yield reader
    finally:
        reader.close()


# --- SQLite --------------------------------------------------------------------------------------


def _sqlite_path() -> Path:
    return Path(connection.settings_dict["NAME"])


def _require_sound(file: Path) -> None:
    try:
        with closing(sqlite3.connect(file)) as database:
            found = [
                *database.execute("PRAGMA integrity_check"),
                *database.execute("PRAGMA foreign_key_check"),
            ]
    except sqlite3.DatabaseError as error:
        found = [(str(error),)]
    if found != [("ok",)]:
        raise Unusable(_("The database in the back-up is damaged: %(reason)s.") % {"reason": found[0][0]})


def take_the_place_of(file: Path, path: Path) -> None:
    """Put a SQLite file where another was, which nobody has open, and nothing of that one beside it."""
    # Else SQLite would play the old journal into the new database.
    for suffix in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    file.chmod(0o600)
    shutil.move(file, path)
    sync_folder(path.parent)


# --- PostgreSQL ----------------------------------------------------------------------------------

# What every version of its programs takes of how Django reached the server; the driver's own may be newer.
_PLACE = {"host", "port", "user", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey"}


def _clear_schema() -> None:
    """Take away the empty tables of an installation that was only migrated."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.introspection.table_names(cursor):
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
    connection.close()


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the installation's database. Raises Unusable with what it said."""
    executable = shutil.which(program, path=settings.PG_BIN or None)
    if executable is None:
        raise Unusable(
            _("“%(program)s” was not found: install PostgreSQL's client programs, or set PG_BIN.")
            % {"program": program}
        )
    connection.ensure_connection()
    access = connection.connection.info
    place = make_dsn(**{name: value for name, value in access.dsn_parameters.items() if name in _PLACE})
    ran = subprocess.run(
        [executable, "--no-password", "--dbname", place, "--no-owner", "--no-privileges", *arguments],
        env={**os.environ, "PGPASSWORD": access.password or ""},  # where no list of processes shows it
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        said = "; ".join(ran.stderr.split("\n")[:2]) or ran.returncode
        raise Unusable(_("%(program)s failed: %(reason)s") % {"program": program, "reason": said})
