"""Workbooks that wait for their import are whole on the disk before anything points to them."""

import os

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from files.storage import DurableStorage


def test_it_is_the_products_storage():
    assert isinstance(storages["default"], DurableStorage)


def test_a_file_is_synced_before_it_has_its_name(tmp_path, monkeypatch):
    storage, path, there = DurableStorage(location=tmp_path), tmp_path / "waiting/a", []
    sync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: (there.append(path.exists()), sync(file)))
    storage.save("waiting/a", ContentFile(b"1"))
    assert there == [False, True]  # the file, then its folder
    assert path.read_bytes() == b"1"
    assert path.stat().st_mode & 0o077 == 0
