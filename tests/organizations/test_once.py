"""A form is acted on once under its key; what was not done gives the key back."""

from __future__ import annotations

import datetime
import re
import uuid
from typing import Any

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponseRedirect
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from organizations.models import Organization, Role, SentForm
from organizations.once import each_deed_once, fingerprint, forget_outdated_forms, nothing_done, written
from tests.factories.organizations import HostFactory, UnitFactory, somebody

NEW, TOLD = "/units/new/", "This had been done already: nothing was done twice."


@pytest.fixture
def host(db: None) -> Organization:
    return HostFactory()


@pytest.fixture
def client(staff, signed_in) -> Client:
    return signed_in(staff)


def unit_form(name: str = "丙乡党委", **more: str) -> dict[str, str]:
    return {"name": name, "kind": "committee", "once": "0b7d9c1e-3f1a-4c55-9f53-0d5c2f6f1a11", **more}


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def names(host: Organization) -> list[str]:
    return list(host.units.order_by("pk").values_list("name", flat=True))


class TestSentAgain:
    def test_it_is_answered_as_the_first_time_and_told_so(self, host, client):
        client.get(client.post(NEW, unit_form()).headers["Location"])
        again = client.post(NEW, unit_form(), follow=True)
        assert names(host) == ["丙乡党委"]
        assert again.redirect_chain == [(f"/units/{host.units.get().pk}/", 302)]
        first, second = (str(message) for message in again.context["messages"])
        assert (first, "丙乡党委" in second) == (TOLD, True)

    def test_after_an_answer_that_never_came_the_next_one_tells_what_was_done(self, host, client):
        """The server has committed; the browser, which lost the answer, sends the same again."""
        first = client.post(NEW, unit_form()).headers["Location"]
        client.cookies.pop("messages", None)
        assert client.post(NEW, unit_form()).headers["Location"] == first
        assert "丙乡党委" in text_of(client.get(first))

    def test_with_other_content_nothing_is_done_and_nothing_written_is_lost(self, host, client):
        client.post(NEW, unit_form())
        page = "http://testserver/units/new/"
        answer = client.post(NEW, unit_form("丁镇党委", short_name="丁镇"), headers={"referer": page})
        shown = text_of(answer)
        assert (answer.status_code, names(host)) == (409, ["丙乡党委"])
        assert "with other content, and that was done" in shown
        assert f'href="/units/{host.units.get().pk}/"' in shown
        assert f'href="{page}"' in shown
        assert "丁镇党委</blockquote>" in shown

    def test_what_differs_is_done_once_one_says_that_it_is_a_new_one(self, host, client):
        client.post(NEW, unit_form())
        answer = client.post(NEW, unit_form("丁镇党委"))
        fields = answer.context["fields"]
        assert dict(fields) == {"name": "丁镇党委", "kind": "committee"}
        (key,) = re.findall(
            r'name="once" value="([\w-]+)" autocomplete="off">\s*<input[^>]*name="name"', text_of(answer)
        )
        for _time in range(2):
            assert client.post(NEW, dict(fields) | {"once": key}).status_code == 302
        assert names(host) == ["丙乡党委", "丁镇党委"]

    def test_a_page_elsewhere_is_no_way_back(self, host, client):
        client.post(NEW, unit_form())
        answer = client.post(NEW, unit_form("丁镇党委"), headers={"referer": "https://elsewhere.example/"})
        assert "elsewhere" not in text_of(answer)

    def test_to_another_address_it_is_another_form(self, host, client):
        client.post(NEW, unit_form())
        assert client.post(f"/units/{host.units.get().pk}/close/", unit_form()).status_code == 409

    def test_a_key_is_its_users_alone(self, host, client, signed_in):
        client.post(NEW, unit_form())
        other = signed_in(somebody(Role.STAFF, host))
        answer = other.post(NEW, unit_form())
        assert (answer.status_code, names(host)) == (409, ["丙乡党委"])
        assert "under another account" in text_of(answer)
        assert f"/units/{host.units.get().pk}/" not in text_of(answer)


class TestWhatWasNotDone:
    def test_a_form_with_a_mistake_is_sent_again_under_the_same_key(self, host, client):
        assert client.post(NEW, unit_form("")).status_code == 422
        assert client.post(NEW, unit_form()).status_code == 302
        assert names(host) == ["丙乡党委"]

    def test_an_error_of_the_server_takes_everything_back(self, host, client, monkeypatch):
        client.raise_request_exception = False

        def fail(*_args: Any) -> None:
            raise RuntimeError

        with monkeypatch.context() as patch:
            patch.setattr("organizations.changes.roster_changed", fail)
            assert client.post(NEW, unit_form()).status_code == 500
        assert (names(host), SentForm.objects.count()) == ([], 0)
        assert client.post(NEW, unit_form()).status_code == 302

    def test_a_deed_that_fails_after_its_view_said_done_is_taken_back(self, host, client, monkeypatch):
        client.raise_request_exception = False
        with monkeypatch.context() as patch:
            patch.setattr("organizations.once._told", lambda request: 1 / 0)
            assert client.post(NEW, unit_form()).status_code == 500
        assert (names(host), SentForm.objects.count()) == ([], 0)

    def test_a_redirect_that_tells_of_a_refusal_keeps_no_key(self, host, client):
        unit = UnitFactory(parent=host, name="丙乡党委", active_to=timezone.localdate())
        UnitFactory(parent=host, name="丙乡党委")
        address = f"/units/{unit.pk}/reopen/"
        for _time in range(2):
            told = text_of(client.post(address, {"once": unit_form()["once"]}, follow=True))
            assert "Another unit is already called" in told
            assert TOLD not in told
        assert not SentForm.objects.exists()

    def test_a_redirect_to_a_question_that_comes_before_the_deed_keeps_no_key(self, staff, rf):
        request = rf.post(NEW, unit_form())
        request.user, request._messages = staff, CookieStorage(request)
        answer = each_deed_once(lambda _request: nothing_done(HttpResponseRedirect("/really/")))(request)
        assert (answer.url, SentForm.objects.count()) == ("/really/", 0)

    @pytest.mark.parametrize(
        ("user", "address", "status"), [("secretary", NEW, 403), ("staff", "/units/0/edit/", 404)]
    )
    def test_whoever_may_not_or_finds_nothing_leaves_no_key(
        self, host, request, signed_in, user, address, status
    ):
        request.getfixturevalue("unit") if user == "secretary" else None
        answer = signed_in(request.getfixturevalue(user)).post(address, unit_form())
        assert (answer.status_code, SentForm.objects.count()) == (status, 0)


class TestWhatCarriesNoKey:
    @pytest.mark.parametrize("key", ["", "1", "\x00", "0b7d9c1e"])
    def test_it_is_done_as_ever(self, host, client, key):
        assert client.post(NEW, unit_form(once=key)).status_code == 302
        assert client.post(NEW, unit_form("丁镇党委", once=key)).status_code == 302
        assert (len(names(host)), SentForm.objects.count()) == (2, 0)

    def test_nothing_of_a_password_is_kept(self, host, client):
        sent = unit_form(old_password="x", new_password1="y", new_password2="y")
        assert client.post("/password/", sent).status_code == 200
        assert client.post("/password/", sent | {"new_password2": "z"}).status_code == 200

    def test_a_password_that_only_proves_who_one_is_makes_no_other_form(self, host, client):
        first = client.post(NEW, unit_form(**{"confirm-password": "one secret"}))
        assert client.post(NEW, unit_form()).headers["Location"] == first.headers["Location"]
        shown = text_of(client.post(NEW, unit_form("丁镇党委", **{"confirm-password": "another secret"})))
        assert "丁镇党委" in shown
        assert "secret" not in shown

    def test_a_form_of_another_site_takes_no_key(self, host, staff):
        client = Client(enforce_csrf_checks=True)
        client.force_login(staff)
        assert client.post(NEW, unit_form()).status_code == 403
        assert not SentForm.objects.exists()

    def test_rendering_a_form_asks_nothing_of_the_database(self, client):
        with CaptureQueriesContext(connection) as asked:
            assert 'name="once"' in text_of(client.get(NEW))
        assert not [query for query in asked if "sentform" in query["sql"]]


def test_keys_go_after_a_fortnight(host, client, capsys):
    client.post(NEW, unit_form())
    kept = SentForm.objects.get()
    assert forget_outdated_forms() == 0
    kept.sent_at = timezone.now() - datetime.timedelta(days=14, minutes=1)
    kept.save()
    call_command("remind")
    assert not SentForm.objects.exists()


def test_files_are_told_apart_by_what_they_hold(host, client):
    key = {"once": str(uuid.uuid4())}

    def told(content: bytes) -> int:
        file = SimpleUploadedFile("单位.csv", content)
        return client.post(NEW, unit_form(**key) | {"file": file}).status_code

    assert [told(b"1"), told(b"1"), told(b"2")] == [302, 302, 409]


few = settings(max_examples=40)
FIELDS = st.dictionaries(st.text(max_size=8), st.lists(st.text(max_size=8), max_size=3), max_size=5)
FILES = st.dictionaries(
    st.text(max_size=4), st.lists(st.tuples(st.text(), st.text()), max_size=2), max_size=2
)
KEYS = ("once", "client_uuid", "csrfmiddlewaretoken")


@few
@given(fields=FIELDS, files=FILES, data=st.data())
def test_the_order_of_fields_and_their_keys_make_no_other_form(fields, files, data):
    shuffled = dict(data.draw(st.permutations(list(fields.items()))))
    keys = {name: [data.draw(st.text())] for name in KEYS}
    assert fingerprint("/", fields, files) == fingerprint("/", shuffled | keys, files)


@few
@given(one=FIELDS, other=FIELDS, files=FILES)
def test_other_values_make_another_form(one, other, files):
    same = fingerprint("/", one, files) == fingerprint("/", other, files)
    assert same == (one == other)
    assert fingerprint("/", one, files) != fingerprint("/other/", one, files)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (["台账未更新", " roof leaks ", "台账未更新"], ["台账未更新", "roof leaks"]),
        (["3", "2018-10-01", "not_visited", "0b7d9c1e-3f1a-4c55-9f53-0d5c2f6f1a11", ""], []),
    ],
)
def test_what_people_wrote_is_shown_without_numbers_and_choices(sent, shown):
    assert written({"text": sent, "once": ["一"], "client_uuid": ["二"]}) == shown
