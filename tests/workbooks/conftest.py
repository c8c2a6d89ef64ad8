"""Messages are compared in the language they are written in."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def in_english(default_language: None) -> Iterator[None]:
    with translation.override("en"):
        yield
