"""What a file is called, and what becomes of one without a row."""

import os
import time
from datetime import timedelta

import pytest

from files.folders import remove_orphans
from files.naming import shown_name


def test_what_a_power_cut_left_is_cleared_a_day_later(tmp_path):
    for name, age in (("old", 2), ("kept", 2), ("new", 0)):
        (tmp_path / name).write_bytes(b"")
        then = time.time() - timedelta(days=age).total_seconds()
        os.utime(tmp_path / name, (then, then))
    assert remove_orphans(tmp_path, lambda: ["kept"]) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept", "new"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd", "passwd"), ("a\r\nb.jpg", "a b.jpg"), ("照" * 300 + ".jpg", "照" * 196 + ".jpg")],
)
def test_a_name_is_one_line_without_folders(name, kept):
    assert shown_name(name, "photo") == kept


def test_a_name_with_nothing_to_show_has_another():
    assert shown_name("\u200b", "photo") == "photo"
