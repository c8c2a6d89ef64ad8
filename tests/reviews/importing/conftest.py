"""Shared by the tests of importing."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture
def in_english(default_language: None) -> Iterator[None]:
    """Messages in the language they are written in."""
    with translation.override("en"):
        yield
