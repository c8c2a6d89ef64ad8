"""The system's Chromium, and a page that remembers what went wrong on it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    ConsoleMessage,
    Page,
    Request,
    sync_playwright,
)

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run"]
NAMES = ("chromium", "chromium-browser", "google-chrome")


def executable() -> str:
    """Where the browser is; without one the tests fail, they are not skipped."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path, f"none of {', '.join(NAMES)} is installed"
    return path


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """A browser for a block of tests.

    Playwright's event loop counts as running in this thread for as long as the browser lives, and
    Django would refuse the tests their queries; outside the block it watches again.
    """
    with sync_playwright() as playwright:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        try:
            browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
            try:
                yield browser
            finally:
                browser.close()
        finally:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def phone_browser(kind: BrowserType, folder: Path, address: str, *arguments: str) -> BrowserContext:
    """A phone's browser of its own, which keeps what it has in this folder through a restart."""
    context = kind.launch_persistent_context(
        folder,
        executable_path=executable(),
        args=[*ARGUMENTS, *arguments],
        base_url=address,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport=PHONE,
        has_touch=True,
    )
    context.set_default_timeout(15_000)
    return context


class Watch:
    """Collects the errors of all pages of a context, and their requests to other hosts."""

    def __init__(self, context: BrowserContext, host: str, tolerated: tuple[str, ...]) -> None:
        self.problems: list[str] = []
        self._host = host
        self._tolerated = tolerated
        context.on("console", self._heard)
        context.on("weberror", lambda error: self._note(f"script error: {error.error}"))
        context.on("request", self._requested)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._note(f"console: {message.text} {message.location.get('url', '')}".rstrip())

    def _requested(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.netloc != self._host:
            self._note(f"request to another host: {request.url}")

    def _note(self, problem: str) -> None:
        if not any(words in problem for words in self._tolerated):
            self.problems.append(problem)


def has_no_sideways_scroll(page: Page) -> bool:
    """Whether the page as a whole fits its window's width; wide tables scroll inside their own box."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
