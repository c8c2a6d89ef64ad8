"""What the log says of a request, a task and a command, and what it never says."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as product
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from environs import Env
from structlog.contextvars import clear_contextvars, get_contextvars

from config import logs, urls
from config.request_id import current_request_id
from organizations.models import Organization, Role, User
from reviews import background
from tests.factories.organizations import HostFactory, somebody
from tests.reviews.worker import work_off

Lines = list[dict[str, Any]]
OF_A_REQUEST = {
    *("timestamp", "level", "logger", "event"),
    *("request_id", "request", "code", "user_id", "milliseconds"),
}


def broken(request: Any) -> HttpResponse:
    raise RuntimeError("broken\nby 王秀英")


def doubled(request: Any) -> HttpResponse:
    """The database refuses, and names the row."""
    Organization.objects.create(pk=Organization.objects.get().pk, name=request.POST["name"])
    raise AssertionError


urlpatterns = [*urls.urlpatterns, path("broken/", broken), path("doubled/", doubled)]
handler400, handler500 = urls.handler400, urls.handler500


class Log:
    """What production would have written to standard error."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> Lines:
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def requests(self) -> Lines:
        return [line for line in self.lines if "request_id" in line]


@pytest.fixture
def log(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    settings.ROOT_URLCONF = __name__
    monkeypatch.setenv("LOG_FORMAT", "json")
    monkeypatch.setenv("LOG_LEVEL", "INFO")
    written = Log()
    wanted = logs.set_up(Env())
    wanted["handlers"]["console"]["stream"] = written.stream
    logging.config.dictConfig(wanted)
    yield written
    clear_contextvars()
    logging.config.dictConfig(product.LOGGING)


@pytest.fixture
def staff(db: None) -> User:
    return somebody(Role.STAFF, HostFactory())


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def test_a_request_is_one_line(log: Log, visitor: Client, staff: User) -> None:
    visitor.force_login(staff)
    answer = visitor.get("/units/?q=王秀英")
    (line,) = log.requests
    assert set(line) == OF_A_REQUEST
    assert (line["request"], line["code"], line["user_id"]) == ("GET /units/", 200, staff.pk)
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert current_request_id() == ""


def test_so_is_one_that_is_refused_or_finds_nothing(log: Log, visitor: Client, staff: User) -> None:
    visitor.get("/units/")
    visitor.force_login(staff)
    visitor.get("/nowhere/")
    visitor.post("/units/")
    assert [(line["code"], line["user_id"]) for line in log.requests] == [
        (302, None),
        (404, staff.pk),
        (405, staff.pk),
    ]


def test_an_error_is_one_line_with_its_traceback_under_the_number_on_the_page(
    log: Log, visitor: Client, staff: User
) -> None:
    visitor.force_login(staff)
    answer = visitor.get("/broken/")
    (line,) = log.requests
    assert (line["level"], line["code"], line["request"]) == ("error", 500, "GET /broken/")
    assert "in broken\n" in line["exception"]
    assert line["exception"].endswith("builtins.RuntimeError: broken")
    assert f"<code>{line['request_id']}</code>" in answer.content.decode()
    assert answer.headers["X-Request-ID"] == line["request_id"]


def test_an_error_is_answered_and_logged_without_the_database(log: Log, visitor: Client) -> None:
    """The tests refuse a database to whoever does not ask for one, as a broken one would."""
    visitor.cookies["sessionid"] = "x" * 32
    answer = visitor.get("/login/")
    assert answer.status_code == 500
    assert log.lines[0]["request_id"] in answer.content.decode()


def test_what_people_type_is_in_no_line(log: Log, visitor: Client, staff: User) -> None:
    """Not even where the password is wrong, the account gets locked, or the database refuses a row."""
    typed = {"name": "王秀英的单位", "username": "wang.xiuying", "password": "一个很长的口令", "q": "王秀英"}
    for _guess in range(7):
        visitor.post("/login/?next=/units/%3Fq=王秀英", typed, REMOTE_ADDR="203.0.113.77")
    visitor.force_login(staff)
    with transaction.atomic():
        visitor.post("/doubled/", typed, HTTP_USER_AGENT="王秀英的手机")
        transaction.set_rollback(True)
    assert IntegrityError.__name__ in log.text
    for word in ("王秀英", "wang", "口令", "203.0.113.77", staff.username):
        assert word not in log.text


def test_a_name_is_taken_over_from_our_own_proxy_alone(log: Log, visitor: Client, settings: Any) -> None:
    given = "0123456789abcdef" * 2
    assert visitor.get("/broken/", HTTP_X_REQUEST_ID=given).headers["X-Request-ID"] != given
    settings.DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True
    assert visitor.get("/broken/", HTTP_X_REQUEST_ID=given).headers["X-Request-ID"] == given
    forged = '0" onload="alert(1)'
    assert visitor.get("/broken/", HTTP_X_REQUEST_ID=forged).headers["X-Request-ID"] != forged
    assert forged not in log.text


def test_what_monitors_and_browsers_fetch_all_day_is_not_logged(log: Log, visitor: Client, db: None) -> None:
    assert visitor.get("/healthz").status_code == 200
    visitor.get("/static/css/app.css")
    assert log.lines == []


def test_a_task_bears_its_number_and_that_of_whoever_asked_for_it(
    log: Log, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, Any]] = []
    monkeypatch.setattr(background, "_do", lambda *arguments: seen.append(get_contextvars()))
    asked = background.check_in_background.enqueue(0, "en")
    work_off()
    assert seen[0]["task_id"] == str(asked.id)
    assert str(asked.id) in log.lines[0]["event"]
    (ended,) = (line for line in log.lines if "SUCCESSFUL" in line["event"])
    assert ended["task_id"] == str(asked.id)
    assert "task_id" not in get_contextvars()


def test_a_command_is_known_by_its_name_and_run(log: Log) -> None:
    logs.name_this_run(["manage.py", "remind"])
    logging.getLogger("anything").warning("said")
    (line,) = log.lines
    assert (line["command"], len(line["run"])) == ("remind", 12)


def test_what_the_log_keeps_of_an_error_is_what_led_to_it_each_in_one_line() -> None:
    said = "first\nDETAIL: Failing row contains (1, 王秀英)"
    try:
        try:
            raise IntegrityError(said)
        except IntegrityError as error:
            raise ValueError("second" + "!" * 1000) from error
    except ValueError as error:
        short = logs.traceback_in_short(error)
    first, second = short.split("\nled to\n")
    assert "first" in first
    assert "second!!!" in second
    assert "王秀英" not in short
    assert len(short.splitlines()[-1]) < 350
