"""A quarter to visit units in, who visits them, and phones with browsers of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext
from pytest_django.live_server_helper import LiveServer

from organizations.models import Organization, Role, User
from reviews.models import ReviewCycle
from tests.browser.chromium import Watch, phone_browser
from tests.browser.phone.steps import (
    CUT_OFF,
    PLAIN,
    TOWN,
    StartPhone,
)
from tests.factories.organizations import somebody
from tests.factories.reviews import opened_cycle, ready_host
from tests.factories.visits import branch_of, unit_of


@pytest.fixture
def cycle(settings: Any, tmp_path: Path, transactional_db: None) -> ReviewCycle:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    cycle = opened_cycle(ready_host(TOWN, "乙镇党委", marks={"三会一课": 60, "主题党日": 40}))
    branch_of(unit_of(cycle, TOWN), "东山村党支部")
    return cycle


@pytest.fixture
def host(cycle: ReviewCycle) -> Organization:
    return cycle.host


@pytest.fixture
def inspector(host: Organization) -> User:
    return somebody(Role.INSPECTOR, host)


@pytest.fixture
def start_phone(chromium: Browser, live_server: LiveServer, tmp_path: Path) -> Iterator[StartPhone]:
    """start_phone(address=…, *arguments) → a phone's browser; started again it finds what it kept."""
    opened: list[BrowserContext] = []
    watches: list[Watch] = []

    def start(address: str = live_server.url, *arguments: str) -> BrowserContext:
        phone = phone_browser(chromium.browser_type, tmp_path / "phone", address, *arguments)
        opened.append(phone)
        watches.append(Watch(phone, urlsplit(address).netloc, (*CUT_OFF, PLAIN)))
        return phone

    yield start
    opened[-1].close()
    assert [problem for watch in watches for problem in watch.problems] == []
