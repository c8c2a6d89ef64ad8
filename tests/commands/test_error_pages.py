"""The pages that nginx answers with."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


def test_they_say_in_both_languages_what_became_of_what_was_sent(tmp_path: Path) -> None:
    call_command("error_pages", str(tmp_path))
    pages = {path.name: path.read_text(encoding="utf-8") for path in sorted(tmp_path.iterdir())}
    assert list(pages) == ["413.html", "429.html", "502.html"]
    assert all('lang="zh-hans"' in page and 'lang="en"' in page for page in pages.values())


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere"):
        call_command("error_pages", str(tmp_path / "nowhere"))
