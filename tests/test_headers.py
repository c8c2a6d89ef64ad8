"""What every answer of the product says to the browser, whatever it answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from config import errors, urls
from config.middleware import PERMISSIONS_POLICY
from organizations.models import Role, User
from tests.factories.organizations import somebody
from tests.factories.reviews import cycle_with_totals, published

pytestmark = pytest.mark.any_database

EVERYWHERE = {
    "Cache-Control": "private, no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
POLICY = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "worker-src": ["'self'"],
    "manifest-src": ["'self'"],
    "frame-src": ["'none'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}


def broken(request: Any) -> HttpResponse:
    raise RuntimeError("broken")


urlpatterns = [*urls.urlpatterns, path("broken/", broken, name="broken")]
handler400, handler500 = urls.handler400, urls.handler500


@pytest.fixture(autouse=True)
def with_a_broken_page(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def policy_of(answer: Any) -> dict[str, list[str]]:
    parts = (part.split() for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, *sources in parts}


def said(answer: Any) -> dict[str, str]:
    return {name: answer.headers[name] for name in EVERYWHERE if name in answer.headers}


@pytest.fixture
def staff_of_a_district(db: None) -> User:
    cycle = cycle_with_totals({"甲镇党委": 90, "乙镇党委": 80}, quarter="2018Q3")
    published(cycle)
    return somebody(Role.STAFF, cycle.host)


ANSWERS = [
    ("/cycles/", 200),
    ("/units.csv", 200),  # a download
    ("/m/data/", 200),  # JSON
    ("/nowhere/", 404),
    ("/broken/", 500),
    ("/text-size/", 405),
    ("/years/", 302),
    ("/healthz", 200),
    ("/m/worker.js", 200),
]


@pytest.mark.parametrize(("address", "status"), ANSWERS)
def test_every_answer_carries_them_all(address: str, status: int, staff_of_a_district: User) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(staff_of_a_district)
    answer = client.get(address)
    assert answer.status_code == status
    assert said(answer) == EVERYWHERE
    policy = policy_of(answer)
    if status == 500:  # the one page with a style of its own: no file might be there to link
        nonce = policy["style-src"].pop()
        assert (
            f"<style {nonce.strip(chr(39)).replace('nonce-', 'nonce=' + chr(34))}" in answer.content.decode()
        )
    assert policy == POLICY


def test_so_does_a_request_that_is_refused_or_sent_on(db: None, client: Client, nobody: User) -> None:
    for answer, status in (
        (client.get("/cycles/"), 302),
        (client.get("/login/", headers={"host": "elsewhere.example"}), 400),
        (Client(enforce_csrf_checks=True).post("/login/"), 403),
    ):
        assert answer.status_code == status
        assert said(answer) == EVERYWHERE
        assert policy_of(answer).keys() == POLICY.keys()


def test_a_redirect_to_tls_carries_them_too(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/login/")
    assert (answer.status_code, said(answer)) == (301, EVERYWHERE)
    assert policy_of(answer) == POLICY


@pytest.fixture
def static_file(tmp_path: Any, settings: Any) -> str:
    """The address of a static file with its digest in the name, as an installation collects them."""
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "app.0123456789ab.css").write_text("p { margin: 0 }")
    settings.WHITENOISE_IMMUTABLE_FILE_TEST = r"\.[0-9a-f]{12}\."
    return "/static/app.0123456789ab.css"


def test_static_files_may_be_kept_for_good(client: Client, static_file: str) -> None:
    answer = client.get(static_file)
    assert b"".join(answer.streaming_content) == b"p { margin: 0 }"
    kept = answer.headers["Cache-Control"]
    assert {"public", "immutable"} <= set(kept.split(", "))
    assert int(kept.partition("max-age=")[2].partition(",")[0]) >= 365 * 24 * 3600
    assert said(answer) == EVERYWHERE | {"Cache-Control": kept}
    assert policy_of(answer) == POLICY
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_nonce_serves_one_answer_only(staff_of_a_district: User) -> None:
    client = Client()
    client.force_login(staff_of_a_district)
    address = "/cycles/2018Q3/report/circular/print/"
    nonces = {policy_of(client.get(address))["style-src"][1] for _ in range(3)}
    assert len(nonces) == 3
    assert all(nonce.startswith("'nonce-") for nonce in nonces)


def test_nothing_unsafe_is_let_in() -> None:
    sources = [source for each in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].values() for source in each]
    assert not any("unsafe" in str(source) or "*" in str(source) for source in sources)


# --- Error pages ---------------------------------------------------------------------------------


def test_the_page_of_an_error_needs_no_database_and_speaks_both_languages(
    client: Client, django_assert_num_queries: Any
) -> None:
    """Without the `db` fixture any query fails."""
    for answer in (
        errors.server_error(RequestFactory().get("/")),
        errors.bad_request(RequestFactory().get("/"), ValueError()),
    ):
        text = answer.content.decode()
        assert "数据" in text
        assert "Nothing was changed" in text or "the data is as it was" in text
        assert "<script" not in text
        assert "编号" not in text


def test_it_names_the_request_where_it_has_a_name() -> None:
    request = RequestFactory().get("/")
    request.request_id = "7f3a-41"  # type: ignore[attr-defined]
    assert "7f3a-41" in errors.server_error(request).content.decode()


def test_more_than_is_taken_is_a_413_that_says_so(client: Client, settings: Any, nobody: User) -> None:
    client.force_login(nobody)
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    answer = client.post("/password/", {"a": 1, "b": 2, "c": 3})
    assert answer.status_code == 413
    assert "一次提交的内容过多" in answer.content.decode()
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    assert client.post("/password/", b"a=12345678901", "application/x-www-form-urlencoded").status_code == 413


def test_a_form_that_grew_too_old_says_what_to_do(nobody: User) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.force_login(nobody)
    answer = client.post("/password/")
    assert answer.status_code == 403
    assert "load the page anew" in answer.content.decode()
