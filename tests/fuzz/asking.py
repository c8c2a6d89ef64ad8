"""Sends what it is given and judges the answer."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.messages import constants, get_messages
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from operations.fingerprints import Fingerprint, differences, fingerprints
from organizations.freshness import note_password
from organizations.models import User
from tests.fuzz.values import ELSEWHERE, SCRIPT

# Who came in, what was tried and which forms were seen is kept whatever the answer.
NO_CONTENT = {"django_session", "organizations_loginsession", "organizations_sentform"}
NO_CONTENT |= {
    "axes_accessattempt",
    "axes_accessattemptexpiration",
    "axes_accessfailurelog",
    "axes_accesslog",
}
NO_CONTENT |= {"otp_totp_totpdevice", "otp_static_staticdevice", "otp_static_statictoken"}


@dataclass
class Asker:
    """What was asked, and what was answered as it must not be; the database is afterwards as before.

    failures: by what went wrong and where, the first example of each.
    """

    people: dict[str, User]
    asked: int = 0
    fields: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._clients = {name: self._client(user) for name, user in self.people.items()}
        self._clients["anonymous"] = self._client(None)
        self._cookies = {name: client.cookies.output(header="") for name, client in self._clients.items()}
        self._before = contents()

    def page(self, person: str, address: str) -> str:
        """A page as that person sees it; "" where there is none."""
        answer = self.ask(person, "GET", address)
        is_page = answer is not None and answer.get("Content-Type", "").startswith("text/html")
        return answer.content.decode() if answer is not None and is_page and not answer.streaming else ""

    def ask(
        self, person: str, method: str, address: str, body: bytes = b"", **more: Any
    ) -> HttpResponse | None:
        """The answer, judged; None where it is not as it must be. more: of the request, such as headers."""
        with self.judging(person, method, address, f"{more} {body[:600]!r}") as raised:
            client = self._clients[person]
            answer = client.generic(method, address, body, **more)
            raised += problems(answer)
            if answer.streaming:
                answer.getvalue()  # a file, which is closed at its end
            client.cookies = SimpleCookie(self._cookies[person])  # logged in as before, whatever came of it
            self.note(answer.status_code, raised, is_refusal(answer))
        return None if raised else answer

    @contextmanager
    def judging(self, person: str, method: str, address: str, sent: str) -> Iterator[list[str]]:
        """What is asked in here is taken back; what is wrong with it goes into the list, and is kept."""
        self.asked += 1
        with taken_back(), errors() as raised:
            yield raised
        example = f"{person} {method} {address[:200]!r} {sent[:600]}"
        for problem in raised:
            self.failures.setdefault(f"{view_name(address)}: {problem}", example)

    def note(self, status: int, raised: list[str], refuses: bool = False) -> None:
        """Count the answer; one that refuses must have left everything as it was."""
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if status >= 400 or refuses:
            raised += [f"refuses and changes {table}" for table in differences(self._before, contents())]

    def session_of(self, person: str) -> str:
        """The key of that person's session, for those who send their own requests."""
        return self._clients[person].cookies[settings.SESSION_COOKIE_NAME].value

    @staticmethod
    def _client(user: User | None) -> Client:
        client = Client(SERVER_NAME="localhost", raise_request_exception=False)
        if user is not None:
            client.force_login(user)
            session = client.session
            note_password(session)
            session.save()
        return client


def problems(answer: HttpResponse) -> Iterator[str]:
    """What an answer shows that must not be."""
    if answer.status_code >= 500:
        yield f"answers {answer.status_code}"
    if ELSEWHERE in urlsplit(answer.get("Location", "")).netloc:
        yield "leads elsewhere"
    is_page = answer.get("Content-Type", "").startswith("text/html") and not answer.streaming
    if is_page and SCRIPT.encode() in answer.content:
        yield "lets a script through"


def is_refusal(answer: HttpResponse) -> bool:
    """Whether it leads on to a page that will say what was wrong."""
    request = getattr(answer, "wsgi_request", None)
    queued = getattr(get_messages(request), "_queued_messages", []) if request is not None else []
    return any(message.level >= constants.ERROR for message in queued)


def contents() -> dict[str, Fingerprint]:
    """All that the product holds."""
    return {name: each for name, each in fingerprints(connection).items() if name not in NO_CONTENT}


def view_name(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).view_name
    except (Resolver404, ValueError):
        return "no address"


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is done in here is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def errors() -> Iterator[list[str]]:
    """The errors that views raised in here, each with the line of ours that it came from."""
    found: list[str] = []

    def note(**_signal: Any) -> None:
        error = sys.exc_info()[1]
        frames = traceback.extract_tb(error.__traceback__) if error else []
        ours = [frame for frame in frames if "site-packages" not in frame.filename]
        where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "Django"
        found.append(f"{type(error).__name__} in {where}")

    got_request_exception.connect(note, weak=False)
    try:
        yield found
    finally:
        got_request_exception.disconnect(note)
