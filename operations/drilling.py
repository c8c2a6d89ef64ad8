"""The drill: restore a back-up into an installation made for it, which is thrown away afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from operations import archive
from operations.archive import Manifest, Unusable
from operations.backing_up import ENDING, back_up


@dataclass(frozen=True)
class Drilled:
    """What a drill showed. said: what restoring printed, problems with it included."""

    manifest: Manifest
    passed: bool
    said: str


def drill(path: Path | None = None) -> Drilled:
    """Restore this back-up, or one taken now, with the command an emergency would use. Raises Unusable.

    On PostgreSQL the installation's role must be allowed to create a database.
    """
    with tempfile.TemporaryDirectory(prefix="review-drill-") as folder:
        place = Path(folder)
        if path is None:
            path = place / f"now{ENDING}"
            back_up(path)
        manifest = archive.read_manifest(path)
        data = place / "data"
        data.mkdir(mode=0o700)
        with _scratch_database(data) as address:
            ran = subprocess.run(
                [sys.executable, str(settings.BASE_DIR / "manage.py"), "restore", str(path.resolve())],
                env={
                    **os.environ,
                    "DATABASE_URL": address,
                    "DATA_DIR": str(data),
                    "SECRET_KEY": uuid.uuid4().hex,
                },
                capture_output=True,
                text=True,
                check=False,
            )
    return Drilled(manifest, ran.returncode == 0, (ran.stdout + ran.stderr).strip())


@contextmanager
def _scratch_database(data: Path) -> Iterator[str]:
    """The address of an empty database that is gone after the block."""
    if connection.vendor != "postgresql":
        yield f"sqlite:///{data / 'db.sqlite3'}"
        return
    name = f"review_drill_{uuid.uuid4().hex[:12]}"
    _say(f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    finally:
        _say(f'DROP DATABASE "{name}"')


def _say(statement: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        raise Unusable(
            _("The drill needs a database of its own: %(reason)s.") % {"reason": reason}
        ) from error
