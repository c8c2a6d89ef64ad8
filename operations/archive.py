"""The one file of a back-up: a database, the uploads, and a manifest by which both are checked.

It is a zip archive, so that it can be looked into anywhere; a file that was cut off has no list of its parts
and is refused before anything is touched.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from files.durable import sync_folder
from operations.fingerprints import Fingerprint

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database"
UPLOADS = "uploads"
_CHUNK = 1 << 20
_LARGEST_MANIFEST = 1 << 28


class Unusable(Exception):
    """A back-up, or a system to restore into, that cannot be used. Its text is one clear, translated line."""


@dataclass(frozen=True)
class Manifest:
    """What a back-up holds.

    vendor: sqlite or postgresql. taken_at: ISO 8601. migrations: "app.name" of each that was applied.
    tables: their fingerprints. files: SHA-256 of every other part of the archive, by its name there.
    publications: content digests of all publications, sorted.
    """

    vendor: str
    taken_at: str
    migrations: list[str]
    tables: dict[str, Fingerprint]
    publications: list[str]
    files: dict[str, str] = field(default_factory=dict)


def write(target: Path, database: Path, uploads: Path, manifest: Manifest) -> Manifest:
    """Write the archive whole or not at all, readable by its owner only; the manifest with its files.

    Raises Unusable where the target exists or cannot be written.
    """
    temporary = target.with_name(f".{target.name}.part")
    try:
        with _new_file(target, temporary) as file, zipfile.ZipFile(file, "w") as archive:
            manifest.files[DATABASE] = _add(archive, DATABASE, database, zipfile.ZIP_DEFLATED)
            for path, name in _files_below(uploads):
                manifest.files[name] = _add(archive, name, path, zipfile.ZIP_STORED)
            archive.writestr(MANIFEST, json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1))
        temporary.rename(target)
        sync_folder(target.parent)
    except FileExistsError as error:
        raise Unusable(_("“%(file)s” exists already.") % {"file": target}) from error
    except OSError as error:
        reason = {"file": target, "reason": error.strerror}
        raise Unusable(_("“%(file)s” cannot be written (%(reason)s).") % reason) from error
    finally:
        with suppress(OSError):
            temporary.unlink()
    return manifest


def read_manifest(path: Path) -> Manifest:
    """What the archive says it holds. Raises Unusable."""
    with _opened(path) as archive:
        return _manifest_of(archive)


def unpack(path: Path, folder: Path) -> Manifest:
    """Unpack the archive into an empty folder and check every part. Raises Unusable at a wrong one."""
    with _opened(path) as archive:
        manifest = _manifest_of(archive)
        parts = set(archive.namelist()) - {MANIFEST}
        if parts != manifest.files.keys() or not all(map(_stays_inside, parts)):
            raise Unusable(_("The parts of the back-up are not those its manifest names."))
        for name in sorted(parts):
            if _unpack_part(archive, name, folder / name) != manifest.files[name]:
                raise Unusable(_("“%(part)s” in the back-up is damaged.") % {"part": name})
    return manifest


# --- Writing -------------------------------------------------------------------------------------


@contextmanager
def _new_file(target: Path, temporary: Path) -> Iterator[Any]:
    if target.exists():
        raise FileExistsError
    temporary.unlink(missing_ok=True)  # of a back-up that was killed
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _add(archive: zipfile.ZipFile, name: str, path: Path, compression: int) -> str:
    digest = hashlib.sha256()
    part = zipfile.ZipInfo(name)  # without the time of the file, which says nothing
    part.compress_type = compression
    with path.open("rb") as source, archive.open(part, "w", force_zip64=True) as target:
        _copy(source.read, target.write, digest.update)
    return digest.hexdigest()


def _files_below(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, f"{UPLOADS}/{path.relative_to(folder).as_posix()}"


# --- Reading -------------------------------------------------------------------------------------


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FileNotFoundError as error:
        raise Unusable(_("“%(file)s” does not exist.") % {"file": path}) from error
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError) as error:
        raise Unusable(_("“%(file)s” is no back-up, or is cut off or damaged.") % {"file": path}) from error
    except OSError as error:
        reason = {"file": path, "reason": error.strerror}
        raise Unusable(_("“%(file)s” cannot be read or written (%(reason)s).") % reason) from error


def _manifest_of(archive: zipfile.ZipFile) -> Manifest:
    try:
        if archive.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST:
            raise ValueError
        said = json.loads(archive.read(MANIFEST))
        number = said.pop("format")
        said["tables"] = {name: Fingerprint(*print_) for name, print_ in said["tables"].items()}
        manifest = Manifest(**said)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError from error
    if number != FORMAT:
        raise Unusable(
            _("The back-up has format %(number)s, which this version does not read.") % {"number": number}
        )
    return manifest


def _unpack_part(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    digest = hashlib.sha256()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with archive.open(name) as source, path.open("wb") as target:
        path.chmod(0o600)
        _copy(source.read, target.write, digest.update)
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest()


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    is_known = name == DATABASE or path.parts[:1] == (UPLOADS,)
    return is_known and not path.is_absolute() and ".." not in path.parts and "\\" not in name


def _copy(read: Callable[[int], bytes], *takers: Callable[[bytes], object]) -> None:
    while chunk := read(_CHUNK):
        for take in takers:
            take(chunk)
