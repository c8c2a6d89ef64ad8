"""Messages in English, where a test reads them."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture
def english(default_language: None) -> Iterator[None]:
    with translation.override("en"):
        yield
