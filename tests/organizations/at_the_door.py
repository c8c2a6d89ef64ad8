"""Many guesses at one password at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier, Event, Lock, Semaphore
from typing import Any
from unittest import mock

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import connections
from django.test import Client, RequestFactory

from organizations.models import User

GUESSES = 40
PATIENCE = 60  # seconds, for a busy machine

Guess = Callable[[str, str], bool]


def through_the_page(username: str, password: str) -> bool:
    """Log in as a browser does; whether that worked."""
    return logs_in(Client(SERVER_NAME="localhost"), username, password)  # which every installation answers to


def logs_in(client: Client, username: str, password: str) -> bool:
    """Whether the log-in page lets this browser in with this password."""
    client.post("/login/", {"username": username, "password": password})
    return "_auth_user_id" in client.session


def through_the_function(username: str, password: str) -> bool:
    """Ask Django itself."""
    request = RequestFactory().post("/login/")
    request.session = {}
    return authenticate(request, username=username, password=password) is not None


@dataclass(frozen=True)
class Outcome:
    """looked_at: passwords that were checked at all. got_in: how many of the guesses were let in."""

    looked_at: int
    got_in: int


def guess_at_once(user: User, password: str, guess: Guess) -> Outcome:
    """39 wrong passwords at once and, while as many as ever will be are being checked, the right one.

    No check of a wrong one ends before the right one has its answer: this is the race that a count of
    failures loses, because nothing has failed yet.
    """
    checked: list[str] = []
    lock, at_the_check, answered = Lock(), Semaphore(0), Event()
    real = User.check_password

    def checking(self: User, raw: str) -> bool:
        with lock:
            checked.append(raw)
        if raw != password:
            at_the_check.release()
            answered.wait(PATIENCE)
        return real(self, raw)

    start = Barrier(GUESSES - 1)

    def wrong(number: int) -> bool:
        try:
            start.wait(PATIENCE)
            return guess(user.username, f"wrong {number}")
        finally:
            connections.close_all()

    def right() -> bool:
        try:
            for _place in range(settings.AXES_FAILURE_LIMIT):
                assert at_the_check.acquire(timeout=PATIENCE), "fewer were checked than may be"
            return guess(user.username, password)
        finally:
            answered.set()
            connections.close_all()

    with (
        mock.patch.object(User, "check_password", checking),
        ThreadPoolExecutor(GUESSES) as threads,
    ):
        last = threads.submit(right)
        others = [threads.submit(wrong, number) for number in range(GUESSES - 1)]
        answers: list[Any] = [each.result() for each in (*others, last)]
    return Outcome(len(checked), sum(answers))
