"""What every test stands on: the default language, and a database that can be emptied."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation

from reviews.triggers import drop_triggers, install_triggers


@pytest.fixture(autouse=True)
def default_language() -> Iterator[None]:
    """A request leaves its language behind in the thread; the next test starts afresh."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session", autouse=True)
def tables_that_can_be_emptied() -> Iterator[None]:
    """Lift the freeze (rule 14) while the rows a test committed are deleted, never during a test."""
    empty = TransactionTestCase._fixture_teardown

    def empty_without_triggers(case: TransactionTestCase) -> None:
        drop_triggers(connection)
        try:
            empty(case)
        finally:
            install_triggers(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_without_triggers)
        yield
