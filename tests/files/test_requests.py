"""A request that carries too much is answered before it is read."""

import pytest
from django.test import Client

from files import limits, requests

pytestmark = pytest.mark.django_db


def post(client: Client, **headers: str):
    return client.post("/m/visits/", b"{}", content_type="application/json", **headers)


def test_too_much_is_refused_in_one_line_that_says_what_is_allowed(signed_in, staff, monkeypatch):
    monkeypatch.setattr(requests, "LARGEST_REQUEST", 1)
    monkeypatch.setattr("django.core.handlers.wsgi.LimitedStream.read", None)  # nothing may read it
    answer = post(signed_in(staff))
    assert answer.status_code == 413
    assert "larger than" in answer.content.decode()


def test_django_and_the_forms_count_files_alike(settings):
    assert settings.DATA_UPLOAD_MAX_NUMBER_FILES == limits.MOST_FILES == limits.MOST_PHOTOS


def test_what_is_within_the_limit_goes_on(signed_in, staff):
    assert post(signed_in(staff)).status_code != 413


@pytest.mark.parametrize("length", ["", "x", "-1", "٣"])
def test_a_length_that_is_none_is_no_length(length, rf):
    answered = requests.bounded_requests(lambda _request: "answered")
    assert answered(rf.get("/", headers={"content-length": length})) == "answered"
