"""Back up an installation while it is in use."""

from __future__ import annotations

import datetime
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext as _

from files.folders import A_DAY
from operations import archive
from operations.archive import Manifest, Unusable
from operations.databases import dumped
from operations.fingerprints import fingerprints

_STAGED = ".backup-"
_UNFINISHED = ".part"
ENDING = ".review-backup"


def back_up(target: Path) -> Manifest:
    """Write everything an installation holds into one file: the database of one moment and all its uploads.

    Uploads never change under their names and lie on the disk before their rows. So they are linked before
    the database is read, which keeps those that are taken away meanwhile, and again afterwards, which finds
    those that came. The signing key is left out: whoever found a back-up could forge log-ins with it.
    Raises Unusable; then there is no file.
    """
    if target.exists():
        raise Unusable(_("“%(file)s” exists already.") % {"file": target})
    uploads = Path(settings.MEDIA_ROOT)
    with _staging() as folder:
        _link_all(uploads, folder / archive.UPLOADS)
        with dumped(folder / archive.DATABASE) as database:
            manifest = _manifest(database)
        _link_all(uploads, folder / archive.UPLOADS)
        return archive.write(target, folder / archive.DATABASE, folder / archive.UPLOADS, manifest)


def name_for(moment: datetime.datetime) -> str:
    """What a back-up of this moment is called, so that names sort by age."""
    return f"{timezone.localtime(moment):%Y%m%d-%H%M%S}{ENDING}"


def remove_old(folder: Path, keep: int) -> list[Path]:
    """Take away all but the newest back-ups of a folder; those taken away."""
    old = sorted(folder.glob(f"*{ENDING}"))[:-keep]
    for path in old:
        path.unlink(missing_ok=True)
    return old


def _manifest(database: BaseDatabaseWrapper) -> Manifest:
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT digest FROM reviews_publication"
            " UNION ALL SELECT digest FROM reviews_annualpublication ORDER BY 1"
        )
        publications = [digest for (digest,) in cursor.fetchall()]
    return Manifest(
        vendor=database.vendor,
        taken_at=timezone.now().isoformat(timespec="seconds"),
        migrations=sorted(f"{app}.{name}" for app, name in MigrationRecorder(database).applied_migrations()),
        tables=fingerprints(database),
        publications=publications,
    )


@contextmanager
def _staging() -> Iterator[Path]:
    """A folder on the uploads' own disk, where links cost no room; those killed back-ups left are removed."""
    for left in Path(settings.DATA_DIR).glob(f"{_STAGED}*"):
        if left.stat().st_mtime < (timezone.now() - A_DAY).timestamp():
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(dir=settings.DATA_DIR, prefix=_STAGED))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _link_all(uploads: Path, into: Path) -> None:
    into.mkdir(mode=0o700, exist_ok=True)
    for path in uploads.rglob("*"):
        target = into / path.relative_to(uploads)
        if path.suffix != _UNFINISHED and path.is_file() and not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _link(path, target)


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except FileNotFoundError:
        return  # taken away at this moment
    except OSError:  # this disk knows no links
        shutil.copyfile(path, target)
