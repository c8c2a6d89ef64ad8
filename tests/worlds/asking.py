"""Ask a world everything, with chance and the clock held at their sources, and keep each answer."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import logging
import os
import random
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from unittest.mock import patch

import django_otp.util
import xlsxwriter.core
from django.core import mail
from django.db import connection, transaction
from django.test import Client, override_settings
from django.utils import timezone

from organizations.models import User
from rectification.reminding import send_reminders

TOKEN = "t" * 32  # without the cookie of a token no page carries a tag


class Question(NamedTuple):
    """What is asked for. known_as: the tag of a copy that the browser has."""

    path: str
    method: str = "GET"
    language: str = "en"
    htmx: bool = False
    known_as: str = ""

    def __str__(self) -> str:
        how = f"{self.language}{', htmx' * self.htmx}{', kept' * bool(self.known_as)}"
        return f"{self.method} {self.path} ({how})"


@dataclass(frozen=True)
class Answer:
    """All that comes back, and how many queries it took: what takes longer tells, too."""

    status: int
    headers: tuple[tuple[str, str], ...]
    packed: bytes
    queries: int

    @property
    def body(self) -> bytes:
        return zlib.decompress(self.packed)

    @property
    def tag(self) -> str:
        return dict(self.headers).get("ETag", "")

    @property
    def is_page(self) -> bool:
        return self.status == 200 and dict(self.headers).get("Content-Type", "").startswith("text/html")


Answers = dict[Question, Answer]


class Visitor:
    """One person, logged in once: what the product keeps for a session is the same all the time."""

    def __init__(self, user: User) -> None:
        self.user = user
        self._client = Client(raise_request_exception=False, SERVER_NAME="localhost")
        self._client.force_login(user)
        self._client.cookies["csrftoken"] = TOKEN
        self._cookies = self._client.cookies.output(header="")

    def ask(self, questions: Iterable[Question]) -> Answers:
        """What is answered to each. Whatever a question did is taken back."""
        logging.disable(logging.CRITICAL)  # of refusals alone there are thousands
        try:
            return {question: self._asked(question) for question in questions}
        finally:
            logging.disable(logging.NOTSET)

    def _asked(self, question: Question) -> Answer:
        self._client.cookies.clear()
        self._client.cookies.load(self._cookies)
        with _taken_back(), same_chance(str(question)), _counted() as count:
            return _answer(self._client, question, count)


def mails_to(user: User) -> list[tuple[str, str]]:
    """What the daily mail tells this person: subject and text."""
    with _taken_back(), override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []  # made by the first mail, if at all
        send_reminders(timezone.localdate())
    return [(sent.subject, str(sent.body)) for sent in mail.outbox if user.email in sent.to]


def _answer(client: Client, question: Question, count: Callable[[], int]) -> Answer:
    headers = {"accept-language": question.language}
    if question.htmx:
        headers |= {"hx-request": "true"}
    if question.known_as:
        headers |= {"if-none-match": question.known_as}
    response = client.generic(question.method, question.path, headers=headers)
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    told = [
        *response.headers.items(),
        *(("Set-Cookie", each.OutputString()) for each in response.cookies.values()),
    ]
    return Answer(response.status_code, tuple(sorted(told)), zlib.compress(body, 1), count())


@contextlib.contextmanager
def at_one_moment(moment: datetime.datetime) -> Iterator[None]:
    """The clock stands still."""
    seconds = moment.timestamp()

    class Still(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return moment

    with (
        patch.object(timezone, "now", lambda: moment),
        patch.object(time, "time", lambda: seconds),
        patch.object(xlsxwriter.core, "datetime", Still),  # writes into each workbook when it was made
    ):
        yield


@contextlib.contextmanager
def same_chance(seed: str) -> Iterator[None]:
    """Chance falls the same way each time: masks of tokens, nonces, keys of forms."""
    counter = iter(range(10**9))

    def bytes_of(size: int) -> bytes:
        return hashlib.shake_128(f"{seed} {next(counter)}".encode()).digest(size)

    with (
        patch.object(os, "urandom", bytes_of),
        patch.object(random, "_urandom", bytes_of),
        patch.object(django_otp.util, "urandom", bytes_of),
    ):
        yield


@contextlib.contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextlib.contextmanager
def _counted() -> Iterator[Callable[[], int]]:
    seen = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        seen += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield lambda: seen
