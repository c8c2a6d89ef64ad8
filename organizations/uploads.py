"""A workbook between its upload and its import: kept on the server under a random name, for one day."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from organizations.models import Organization

ROSTER = "roster_upload"  # the slot of a session in which a roster is kept
FOLDER = "waiting"
KEPT_FOR = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Upload:
    """What was uploaded. name: what the user calls the file."""

    data: bytes
    name: str


def keep_upload(
    session: MutableMapping[str, Any], host: Organization, upload: Upload, *, slot: str = ROSTER
) -> None:
    """Keep a workbook for this session and host until it is imported, in place of an earlier one."""
    drop_upload(session, slot=slot)
    _drop_forgotten()
    stored = default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}", ContentFile(upload.data))
    session[slot] = {"stored": stored, "name": upload.name, "host": host.pk}


def kept_upload(
    session: MutableMapping[str, Any], host: Organization, *, slot: str = ROSTER
) -> Upload | None:
    """The workbook this session uploaded for this host, or None where there is none any more."""
    kept = session.get(slot)
    if kept is None or kept["host"] != host.pk:
        return None
    try:
        with default_storage.open(kept["stored"]) as file:
            return Upload(file.read(), kept["name"])
    except FileNotFoundError:
        return None


def drop_upload(session: MutableMapping[str, Any], *, slot: str = ROSTER) -> None:
    """Forget the workbook this session uploaded."""
    kept = session.pop(slot, None)
    if kept is not None:
        # Not before what was imported from it counts: were that undone, the file would be wanted again.
        transaction.on_commit(lambda: default_storage.delete(kept["stored"]))


def _drop_forgotten() -> None:
    """Delete what was uploaded and never imported."""
    if not default_storage.exists(FOLDER):
        return
    oldest = timezone.now() - KEPT_FOR
    for name in default_storage.listdir(FOLDER)[1]:
        if default_storage.get_modified_time(f"{FOLDER}/{name}") < oldest:
            default_storage.delete(f"{FOLDER}/{name}")
