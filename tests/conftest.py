"""What every test stands on: the default language, a database that can be emptied, and people.

The people act for the `host` and the `unit` of the tests that ask for them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from audit import guards
from audit.models import Entry
from audit.triggers import GUARDS as TRAIL_GUARDS
from organizations.models import Organization, Role, User
from reviews.triggers import drop_triggers, install_triggers
from tests.factories.organizations import HostFactory, UserFactory, somebody

# Rules are held to their examples however busy the machine is; how fast they are is `make bench`'s to say.
hypothesis_settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("unhurried")

SignIn = Callable[[User], Client]
# Fixtures that give a database; pytest-django brings them, every other one stands on them.
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="leave out what no database changes")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --database-only: what no database changes need not be asked of the second one again."""
    if not config.getoption("--database-only"):
        return
    kept = [item for item in items if asks_for_a_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def asks_for_a_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("any_database"):
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(fixtures & DATABASE_FIXTURES)


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
        guards.drop(connection, TRAIL_GUARDS)
        try:
            with triggers_asleep():
                empty(case)
            # Emptying the others was a deed, too; and Django says it has migrated: the guards are back.
            guards.drop(connection, TRAIL_GUARDS)
            Entry.objects.all().delete()
        finally:
            guards.install(connection, TRAIL_GUARDS)
            install_triggers(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_without_triggers)
        yield


@contextmanager
def triggers_asleep() -> Iterator[None]:
    """PostgreSQL's, which refuse TRUNCATE; SQLite empties tables row by row and has nothing to refuse."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = origin")


@pytest.fixture
def staff(host: Organization) -> User:
    return somebody(Role.STAFF, host)


@pytest.fixture
def leader(host: Organization) -> User:
    return somebody(Role.LEADER, host)


@pytest.fixture
def secretary(unit: Organization) -> User:
    return somebody(Role.SECRETARY, unit)


@pytest.fixture
def stranger(db: None) -> User:
    """Staff of another host."""
    return somebody(Role.STAFF, HostFactory())


@pytest.fixture
def nobody(db: None) -> User:
    """An account that acts for no organization."""
    return UserFactory()


@pytest.fixture
def signed_in() -> SignIn:
    """signed_in(user) → a client with that user's session, in English."""

    def sign_in(user: User) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture(scope="module")
def everybody(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """tests.factories.reach.Reach: people of every role and a thing of every kind, made once for a module's
    tests of who may open what; each of them takes back what it does.
    """
    from tests.factories.reach import reach

    with pytest.MonkeyPatch.context() as monkeypatch, django_db_blocker.unblock():
        monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path_factory.mktemp("uploads"))
        with transaction.atomic():
            yield reach()
            transaction.set_rollback(True)
