"""The people and places that tests of organizations share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from organizations.models import Organization, Role, User
from tests.factories.organizations import HostFactory, UnitFactory, UserFactory, somebody

SignIn = Callable[[User], Client]


@pytest.fixture
def host(db: None) -> Organization:
    return HostFactory(name="某区委组织部")


@pytest.fixture
def unit(host: Organization) -> Organization:
    return UnitFactory(parent=host, name="甲镇党委", position=1)


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
