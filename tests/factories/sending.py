"""Send a file to a door and look at everything that came of it; the rows are taken back afterwards."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.test import Client, TestCase

from files.naming import shown_name
from files.stored import StoredFile
from tests.factories.bad_files import PAGE, TEMPLATE, WORKBOOK, BadFile
from tests.factories.upload_doors import Door, told

_APPS = ("organizations", "rectification", "reviews")


def faults_of(door: Door, client: Client, file: BadFile, data: bytes) -> list[str]:
    """What is wrong with how the product took the file; nothing where it did as it should."""
    before, on_disk = rows(), files_on_disk()
    try:
        with transaction.atomic():
            faults = list(_faults(door, client, file, data, before, on_disk))
            transaction.set_rollback(True)
    except Exception as error:  # the transaction itself broke
        faults = [f"broke off: {error!r}"]
    for name in files_on_disk() - on_disk:
        (Path(settings.MEDIA_ROOT) / name).unlink()
    return [f"{door.name}, {file.what}: {fault}" for fault in faults]


def _faults(door: Door, client: Client, file: BadFile, data: bytes, before: Counter[str], on_disk: set[str]):
    with TestCase.captureOnCommitCallbacks(execute=True):  # nothing is committed here
        response = door.send(client, file.name, data)
    if response.status_code >= 500:
        yield f"answered with {response.status_code}"
        return
    added = rows() - before
    new_files = files_on_disk() - on_disk
    is_taken = bool(added) or (door.takes == WORKBOOK and bool(new_files))
    if is_taken:
        if door.takes in file.bad_for:
            yield f"was taken: {dict(added)}"
        yield from _faults_of_what_is_kept()
        return
    if rows() != before:
        yield "rows are gone"
    if new_files:
        yield f"left files: {sorted(new_files)}"
    words, name = told(response), shown_name(file.name, "")
    names_it = door.takes not in (WORKBOOK, TEMPLATE)  # one form, one file
    if not words and response.status_code != 400:  # no request that could be read: its page says so
        yield f"said nothing ({response.status_code})"
    elif words and name and names_it and sum(name in each for each in words) != 1:
        yield f"did not name the file, or several times: {words}"
    elif len(words) > 2:
        yield f"said several things: {words}"


def _faults_of_what_is_kept():
    """Of each row the file, as the row says, and without anything that was hung on."""
    for model in apps.get_models():
        if not issubclass(model, StoredFile):
            continue
        for row in model._default_manager.order_by("-pk")[:1]:
            shown = row.SHELF.shown(row.stored_name)
            kept = shown.read_bytes() if shown.is_file() else b""
            if hashlib.sha256(kept).hexdigest() != row.sha256:
                yield f"{row._meta.label} is not whole"
            if row.is_photo and (PAGE in kept or b"PK\x03\x04" in kept):
                yield f"{row._meta.label} shows what was hung on"
            if any(not each.isprintable() for each in row.original_name) or "/" in row.original_name:
                yield f"{row._meta.label} is called {row.original_name!r}"


def rows() -> Counter[str]:
    """How many rows each table has, but for sessions, which every answer touches."""
    models = [model for name in _APPS for model in apps.get_app_config(name).get_models()]
    return Counter({model._meta.label: model._default_manager.count() for model in models})


def files_on_disk() -> set[str]:
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def clear_disk() -> None:
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
