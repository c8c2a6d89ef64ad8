"""Kept files are sent whole or in the part asked for, by us or by the web server in front."""

from __future__ import annotations

import hashlib

import pytest
from django.http import Http404
from django.test import RequestFactory

from files.answers import _Part, sent_file

DATA = bytes(range(256)) * 1000
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def path(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    place = tmp_path / "items" / "0f3a"
    place.parent.mkdir()
    place.write_bytes(DATA)
    return place


@pytest.fixture
def ask(path):
    """ask(…) → the answer to a request for the file; closed in the end, as a server does."""
    answers = []

    def send(method="get", name="会议室.jpg", as_attachment=False, **headers):
        request = getattr(RequestFactory(), method)("/x/", headers=headers)
        answer = sent_file(request, path, "image/jpeg", name, digest=DIGEST, as_attachment=as_attachment)
        answers.append(answer)
        return answer

    yield send
    for answer in answers:
        finished(answer)


def finished(answer):
    """What closing does, but for telling the database that a request is over."""
    for close in answer._resource_closers:
        close()


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_the_whole_file_as_the_type_it_was_found_to_be(ask):
    answer = ask()
    assert (answer.status_code, body(answer)) == (200, DATA)
    assert answer["Content-Length"] == str(len(DATA))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (answer["ETag"], answer["Accept-Ranges"]) == (f'"{DIGEST}"', "bytes")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-99", 0, 99),
        ("bytes=255000-", 255_000, 255_999),
        ("bytes=-1", 255_999, 255_999),
        ("bytes=-999999999", 0, 255_999),
        ("bytes=255990-999999999", 255_990, 255_999),
        ("bytes=70000-200000", 70_000, 200_000),
    ],
)
def test_the_part_that_is_asked_for(ask, asked, first, last):
    answer = ask(range=asked)
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {first}-{last}/256000"
    assert body(answer) == DATA[first : last + 1]
    assert answer["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize("asked", ["bytes=256000-", "bytes=999999999-", "bytes=-0"])
def test_a_part_that_is_not_there(ask, asked):
    answer = ask(range=asked)
    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */256000")


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=5-2",
        "bytes=0-1,5-6",
        "lines=1-2",
        "bytes=-",
        "bytes=a-b",
        "bytes=١-٢",
        "bytes=1" + "0" * 30,
        "x",
    ],
)
def test_what_is_no_single_part_is_answered_with_the_whole(ask, asked):
    assert body(ask(range=asked)) == DATA


def test_the_rest_of_a_file_that_is_another_one_by_now_is_sent_whole(ask):
    assert ask(**{"range": "bytes=9-", "if-range": f'"{DIGEST}"'}).status_code == 206
    assert ask(**{"range": "bytes=9-", "if-range": '"0123"'}).status_code == 200
    assert ask(**{"range": "bytes=9-", "if-range": "Mon, 01 Oct 2018 00:00:00 GMT"}).status_code == 200


def test_head_tells_of_the_whole(ask):
    answer = ask("head", range="bytes=0-9")
    assert (answer.status_code, answer["Content-Length"]) == (200, str(len(DATA)))


def test_the_file_is_closed_with_the_answer(ask, monkeypatch):
    closed = []
    monkeypatch.setattr(_Part, "close", lambda part: (closed.append(part), part.file.close()))
    finished(ask(range="bytes=0-9"))
    assert len(closed) == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.pdf", 'attachment; filename="a.pdf"'),
        ("会议.pdf", "attachment; filename=\"file.pdf\"; filename*=utf-8''%E4%BC%9A%E8%AE%AE.pdf"),
        (
            "会议.会议",
            "attachment; filename=\"file\"; filename*=utf-8''%E4%BC%9A%E8%AE%AE.%E4%BC%9A%E8%AE%AE",
        ),
        ('a".pdf', 'attachment; filename="a\\".pdf"'),
        ("a\r\nX: y.pdf", "attachment; filename=\"file.pdf\"; filename*=utf-8''a%0D%0AX%3A%20y.pdf"),
    ],
)
def test_it_is_saved_under_its_chinese_name(ask, name, said):
    assert ask(name=name, as_attachment=True)["Content-Disposition"] == said


def test_a_photo_is_shown_in_place(ask):
    assert ask()["Content-Disposition"].startswith("inline; ")


class TestBehindNginx:
    @pytest.fixture(autouse=True)
    def accelerated(self, settings):
        settings.X_ACCEL = "/protected/"

    def test_it_is_told_which_file_and_sends_nothing_itself(self, ask):
        answer = ask(range="bytes=0-9")
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer["X-Accel-Redirect"] == "/protected/items/0f3a"
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Content-Disposition"].startswith("inline; ")

    def test_a_file_that_is_gone_is_not_there(self, ask, path):
        path.unlink()
        with pytest.raises(Http404):
            ask()


def test_a_file_that_is_gone(ask, path):
    path.unlink()
    with pytest.raises(Http404):
        ask()
