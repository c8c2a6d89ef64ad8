"""Pages in a real browser, against the product served by the test itself."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.chromium import DESKTOP, PHONE, Watch, running_chromium

OpenPage = Callable[..., Page]


HERE = Path(__file__).parent
# What people do at the same time, or again without a connection, each database orders in its own way.
ON_EACH_DATABASE = {"test_entry.py", "test_entry_at_once.py", "test_once.py", "test_sending.py"}


@pytest.hookimpl(tryfirst=True)  # before the markers are looked at
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What else a browser shows was asked of one database; of the other, tests of views ask it."""
    for item in items:
        if HERE in item.path.parents and item.path.name not in ON_EACH_DATABASE:
            item.add_marker(pytest.mark.any_database)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def open_page(chromium: Browser, live_server: LiveServer) -> Iterator[OpenPage]:
    """open_page(user, phone=False, locale="zh-CN", tolerated=()) → a page signed in as that user, or nobody.

    page.goto("/") takes paths. The test fails on an error in the browser's console, on a script error
    and on a request to another host, unless it contains one of the tolerated words.
    """
    opened = []

    def open_as(
        user: AbstractBaseUser | None = None,
        *,
        phone: bool = False,
        locale: str = "zh-CN",
        tolerated: tuple[str, ...] = (),
    ) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            locale=locale,
            timezone_id="Asia/Shanghai",
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            accept_downloads=True,
        )
        context.set_default_timeout(15_000)
        watch = Watch(context, urlsplit(live_server.url).netloc, tolerated)
        opened.append((context, watch))
        if user is not None:
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": live_server.url}]
            )
        return context.new_page()

    yield open_as
    for context, _ in opened:
        context.close()
    assert [problem for _, watch in opened for problem in watch.problems] == []


def session_of(user: AbstractBaseUser) -> str:
    """The key of a fresh session of that user, as the cookie carries it."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
