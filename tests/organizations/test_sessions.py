"""Log-ins: whose they are, how long they last, and how they end."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from organizations.accounts import Duty, deactivate, end_membership, grant, set_first_password
from organizations.browsers import LONGEST, browser_family
from organizations.models import LoginSession, Role
from organizations.sessions import SEEN_EVERY, SessionStore
from tests.factories.organizations import PASSWORD, UserFactory

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) AppleWebKit/605.1 Mobile/15E148 MicroMessenger/8.0.49"
database = pytest.mark.django_db


@pytest.mark.parametrize(
    ("user_agent", "told"),
    [(FIREFOX, "Firefox · Linux"), (EDGE, "Edge · Windows"), (WECHAT, "微信 · iPhone"), ("curl/8", "")],
)
def test_a_browser_is_told_in_two_words(user_agent, told):
    assert browser_family(user_agent) == told


@given(st.text(max_size=300))
def test_whatever_a_browser_says_of_itself_fits(user_agent):
    assert len(browser_family(user_agent)) <= LONGEST


def logged_in(user, browser=FIREFOX, address="192.0.2.7"):
    client = Client(headers={"accept-language": "en", "user-agent": browser}, REMOTE_ADDR=address)
    assert client.post("/login/", {"username": user.username, "password": PASSWORD}).status_code == 302
    return client


def is_in(client):
    return client.get("/help/").status_code == 200


@database
def test_a_log_in_knows_its_person_browser_and_address(staff):
    logged_in(staff)
    log_in = LoginSession.objects.get()
    assert (log_in.user, log_in.browser, log_in.address) == (staff, "Firefox · Linux", "192.0.2.7")
    assert FIREFOX not in repr(vars(log_in))


@database
def test_logging_out_leaves_no_row(signed_in, staff):
    client = signed_in(staff)
    client.post("/logout/")
    assert not LoginSession.objects.exists()


def later(monkeypatch, **passed):
    """Let time pass, beyond what passed before."""
    moment = timezone.now() + datetime.timedelta(**passed)
    monkeypatch.setattr(timezone, "now", lambda: moment)


@database
def test_a_log_in_that_is_not_used_ends(signed_in, staff, monkeypatch):
    client = signed_in(staff)
    later(monkeypatch, hours=11)
    assert is_in(client)
    later(monkeypatch, hours=13)
    assert not is_in(client)


@database
def test_a_log_in_ends_after_its_life_however_much_it_is_used(signed_in, staff, monkeypatch):
    client = signed_in(staff)
    for _half_day in range(2 * 14):
        later(monkeypatch, hours=11, minutes=59)
        assert is_in(client)
    later(monkeypatch, hours=11)
    assert not is_in(client)


@database
def test_changing_what_a_session_holds_does_not_make_it_younger(signed_in, staff, host, monkeypatch):
    client = signed_in(staff)
    began = LoginSession.objects.get().began_at
    later(monkeypatch, hours=1)
    client.post("/host/", {"host": host.pk})
    log_in = LoginSession.objects.get()
    assert (log_in.began_at, log_in.seen_at) == (began, timezone.now())
    assert log_in.user == staff


@database
def test_a_use_is_noted_every_few_minutes_only(signed_in, staff, monkeypatch, django_assert_num_queries):
    client = signed_in(staff)
    with django_assert_num_queries(3):  # the session, the user, the memberships
        client.get("/help/")
    later(monkeypatch, seconds=SEEN_EVERY.total_seconds())
    client.get("/help/")
    assert LoginSession.objects.get().seen_at == timezone.now()


@database
def test_old_log_ins_are_cleared(signed_in, staff, stranger, monkeypatch):
    signed_in(staff)
    later(monkeypatch, hours=13)
    signed_in(stranger)
    call_command("clearsessions")
    assert LoginSession.objects.get().user == stranger


@database
def test_an_ended_log_in_is_not_brought_back_by_a_request_that_was_under_way(staff):
    client = logged_in(staff)
    under_way = SessionStore(client.session.session_key)
    under_way["host_id"] = 1
    LoginSession.objects.all().delete()
    with pytest.raises(UpdateError):
        under_way.save()
    assert not LoginSession.objects.exists()


@database
def test_a_new_password_ends_every_other_log_in(staff):
    here, elsewhere = logged_in(staff), logged_in(staff)
    new = "another password 2019"
    here.post("/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert LoginSession.objects.get().user == staff


@database
@pytest.mark.parametrize(
    "deed",
    [
        lambda user, host: grant(user, Duty(host, Role.LEADER), host=host, by=None),
        lambda user, host: end_membership(user.memberships.get(), host=host, by=None),
        lambda user, host: deactivate(user, host=host, by=None),
        lambda user, host: set_first_password(user, host=host, by=None),
    ],
    ids=["grant", "end", "deactivate", "first password"],
)
def test_a_change_of_rights_ends_every_log_in_of_that_account(signed_in, staff, leader, host, deed):
    client, another = signed_in(staff), signed_in(leader)
    deed(staff, host)
    assert (is_in(client), is_in(another)) == (False, True)
    assert not staff.login_sessions.exists()


@database
def test_one_sees_ones_own_log_ins_and_this_one_first(staff, stranger):
    logged_in(stranger, browser=WECHAT, address="203.0.113.9")
    logged_in(staff, browser=EDGE)
    page = logged_in(staff).get("/sessions/")
    told = [(each.browser, each.is_here) for each in page.context["log_ins"]]
    assert told == [("Firefox · Linux", True), ("Edge · Windows", False)]
    text = page.content.decode()
    assert "203.0.113.9" not in text
    assert not any(key in text for key in LoginSession.objects.values_list("session_key", flat=True))


@database
def test_one_ends_one_of_them_or_all_others(staff, stranger):
    here, second, third, of_a_stranger = (
        logged_in(staff),
        logged_in(staff, browser=EDGE),
        logged_in(staff, browser=WECHAT),
        logged_in(stranger),
    )
    log_ins = {each.browser: each.handle for each in here.get("/sessions/").context["log_ins"]}
    here.post("/sessions/end/", {"log_in": log_ins["Edge · Windows"]})
    assert [is_in(client) for client in (here, second, third)] == [True, False, True]
    here.post("/sessions/end/", {"log_in": "others"})
    assert [is_in(client) for client in (here, third, of_a_stranger)] == [True, False, True]


@database
def test_nobody_ends_somebody_elses_log_in(staff, stranger):
    theirs = logged_in(stranger)
    handle = theirs.get("/sessions/").context["log_ins"][0].handle
    mine = logged_in(staff)
    for wanted in (handle, "", "x", theirs.session.session_key):
        assert mine.post("/sessions/end/", {"log_in": wanted}).status_code == 404
    assert is_in(theirs)


@database
@pytest.mark.parametrize("devices", [1, 3, 50])
def test_the_list_costs_the_same_at_any_length(signed_in, staff, devices, django_assert_num_queries):
    client = signed_in(staff)
    for _device in range(devices - 1):
        signed_in(staff)
    with django_assert_num_queries(4):
        client.get("/sessions/")


@database
def test_the_administration_ends_log_ins_with_the_rights_it_changes(signed_in, staff, host):
    administration = signed_in(UserFactory(is_staff=True, is_superuser=True))
    client = signed_in(staff)
    given_role = {"user": staff.pk, "organization": host.pk, "role": Role.LEADER}
    administration.post(reverse("admin:organizations_membership_add"), given_role)
    assert (is_in(client), is_in(administration)) == (False, True)
