"""How long until one can type into the entry grid, in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.test.testcases import LiveServerThread
from playwright.sync_api import Page

from organizations.models import User
from tests.bench.measure import Figure, compare_told
from tests.browser.chromium import DESKTOP, running_chromium
from tests.browser.conftest import session_of

# When a key has been taken and the browser has painted what came of it, since the navigation began.
WATCH = """
window.ready = new Promise((resolve) => addEventListener("keydown", () =>
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))), {once: true, capture: true}));
"""
KEY = "5"
ROUNDS = 41


def grid_ready(address: str, plain: str, by: User) -> Figure:
    """From the start of a navigation until the page has taken a key: the grid, and its numbers as text."""
    with served() as url, running_chromium() as browser:
        context = browser.new_context(base_url=url, locale="zh-CN", viewport=DESKTOP)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(by), "url": url}])
        context.add_init_script(WATCH)
        page = context.new_page()
        return compare_told(
            "entry grid of 50 × 20 until it takes a key / the same numbers as plain text, in Chromium",
            lambda: _typed_into(page, address),
            lambda: _seconds(page, plain),
            rounds=ROUNDS,
        )


@contextmanager
def served() -> Iterator[str]:
    """The product in threads of this process, with the static files that WhiteNoise has; its address."""
    server = LiveServerThread("127.0.0.1", lambda application: application)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    try:
        yield f"http://{server.host}:{server.port}"
    finally:
        server.terminate()


def _typed_into(page: Page, address: str) -> float:
    seconds = _seconds(page, address)
    if page.evaluate("document.activeElement.value") != KEY:
        raise RuntimeError("The grid took no key.")
    page.keyboard.press("Escape")  # takes it back, so that nothing is sent while the next page is measured
    return seconds


def _seconds(page: Page, address: str) -> float:
    page.goto(address, wait_until="domcontentloaded")
    page.keyboard.press(KEY)
    return float(page.evaluate("window.ready")) / 1000
