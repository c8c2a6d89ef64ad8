"""Restore a back-up into an empty installation, and say whether everything that was in it is there."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from audit.triggers import missing as unaudited
from files.durable import sync_folder
from operations import archive
from operations.archive import DATABASE, UPLOADS, Manifest, Unusable
from operations.databases import load, require_empty
from operations.fingerprints import differences, fingerprints
from reviews.freezing import is_intact
from reviews.models import AnnualPublication, Publication
from reviews.triggers import missing_triggers
from reviews.year_publishing import is_year_intact


@dataclass(frozen=True)
class Restored:
    """What was restored, and what of it is not as it was backed up.

    problems: one clear, translated line each; empty where all is well.
    """

    manifest: Manifest
    problems: list[str]


def restore(path: Path) -> Restored:
    """Restore a back-up: all of it is checked first, then database and uploads take their places.

    Migrations newer than the back-up are applied, log-ins of then are ended. Raises Unusable, before anything
    is touched where that can be known, where the archive is damaged, of another kind of database, or from a
    newer version, and where the installation is in use.
    """
    manifest = archive.read_manifest(path)
    _require_fitting(manifest)
    _require_no_uploads()
    require_empty()
    with _staging() as folder:
        archive.unpack(path, folder)
        (folder / UPLOADS).mkdir(exist_ok=True)
        load(folder / DATABASE)
        _take_uploads(folder / UPLOADS)
    changed = differences(manifest.tables, fingerprints(connection))
    call_command("migrate", verbosity=0, interactive=False)
    _end_log_ins()
    return Restored(manifest, [*_changed(changed), *unsound(manifest)])


def unsound(manifest: Manifest) -> list[str]:
    """What of its history the installation does not keep: publications gone or altered, triggers missing."""
    intact = {each.digest: is_intact(each) for each in Publication.objects.iterator()}
    intact |= {each.digest: is_year_intact(each) for each in AnnualPublication.objects.iterator()}
    problems = [
        _("The publication with the digest %(digest)s is not what was published.") % {"digest": digest}
        for digest, is_whole in intact.items()
        if not is_whole
    ]
    if sorted(intact) != sorted(set(manifest.publications)):
        problems.append(_("The publications are not those of the back-up."))
    lost = [*missing_triggers(connection), *unaudited(connection)]
    problems += [_("The trigger %(name)s is missing.") % {"name": name} for name in lost]
    return problems


def _changed(tables: list[str]) -> list[str]:
    return [_("The table %(name)s differs from the back-up.") % {"name": name} for name in tables]


def _require_fitting(manifest: Manifest) -> None:
    if manifest.vendor != connection.vendor:
        raise Unusable(
            _("The back-up is of %(theirs)s, this installation uses %(ours)s.")
            % {"theirs": manifest.vendor, "ours": connection.vendor}
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = [name for name in manifest.migrations if name not in known]
    if unknown:
        raise Unusable(
            _("The back-up was made by another version, which has the migration %(name)s.")
            % {"name": unknown[0]}
        )


def _require_no_uploads() -> None:
    if any(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*")):
        raise Unusable(
            _("“%(folder)s” is not empty: restore into an empty installation.")
            % {"folder": settings.MEDIA_ROOT}
        )


@contextmanager
def _staging() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(dir=settings.DATA_DIR, prefix=".restore-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _take_uploads(folder: Path) -> None:
    place = Path(settings.MEDIA_ROOT)
    shutil.rmtree(place, ignore_errors=True)  # empty folders at most
    folder.rename(place)
    sync_folder(place.parent)


def _end_log_ins() -> None:
    """Some of then were ended since, and a back-up may have come into other hands."""
    import_module(settings.SESSION_ENGINE).SessionStore.get_model_class().objects.all().delete()
