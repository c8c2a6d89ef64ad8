"""A file that a row may point to is on the disk, and so is its name."""

import os
import stat
from pathlib import Path

import pytest

from files.durable import write_durably


@pytest.fixture
def synced(monkeypatch) -> list[str]:
    """What is synced, in order: "file" or "folder"."""
    kinds: list[str] = []
    sync = os.fsync

    def note(descriptor: int) -> None:
        kinds.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    return kinds


def test_a_file_is_synced_before_it_has_its_name_and_its_folder_after(tmp_path, synced, monkeypatch):
    rename = Path.rename

    def note(path: Path, target: Path) -> Path:
        synced.append("renamed")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", note)
    write_durably([b"one", b"two"], tmp_path / "items" / "name")
    assert synced == ["file", "renamed", "folder"]
    assert (tmp_path / "items" / "name").read_bytes() == b"onetwo"


def test_what_fails_on_the_way_leaves_no_file(tmp_path, synced):
    def broken():
        yield b"one"
        raise OSError("the network went away")

    with pytest.raises(OSError, match="went away"):
        write_durably(broken(), tmp_path / "name")
    assert list(tmp_path.iterdir()) == []
