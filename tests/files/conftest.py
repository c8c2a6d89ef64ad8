"""Messages in English, where a test reads them, and a host whose people send files."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from organizations.models import Organization
from tests.factories.organizations import HostFactory


@pytest.fixture
def english(default_language: None) -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def host(db: None) -> Organization:
    return HostFactory()
