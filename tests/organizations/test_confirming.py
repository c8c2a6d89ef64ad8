"""What cannot be taken back asks for a fresh password, and for a code where the host demands one."""

from __future__ import annotations

import time

import pytest

from organizations.freshness import SESSION_KEY
from organizations.models import Role, SecurityPolicy
from reviews.models import CycleState
from reviews.publishing import verify_cycle
from tests.factories.organizations import PASSWORD, MembershipFactory, somebody
from tests.factories.reviews import cycle_with_totals
from tests.factories.second_factors import code_of, with_app

pytestmark = pytest.mark.django_db

PUBLISH = "/cycles/2018Q3/publish/"
BACK = "/cycles/2018Q3/back/"


@pytest.fixture
def cycle():
    """A verified cycle."""
    return verify_cycle(cycle_with_totals({"甲镇党委": 96, "乙镇党委": 90}), by=None)


@pytest.fixture
def staff(cycle):
    return somebody(Role.STAFF, cycle.host)


@pytest.fixture
def administrator(cycle):
    return somebody(Role.ADMINISTRATOR, cycle.host)


def grow_stale(client, minutes=30) -> None:
    """The password was entered so long ago."""
    session = client.session
    session[SESSION_KEY] = int(time.time()) - minutes * 60
    session.save()


def state_of(cycle) -> str:
    cycle.refresh_from_db()
    return cycle.state


def demand_code(cycle) -> None:
    SecurityPolicy.objects.create(host=cycle.host, second_factor_required=True)


# --- A fresh password ----------------------------------------------------------------------------


def test_logging_in_counts_as_entering_the_password(client, staff):
    client.post("/login/", {"username": staff.username, "password": PASSWORD})
    assert client.get(PUBLISH).status_code == 200


def test_half_an_hour_later_the_page_asks_before_it_is_shown(signed_in, staff):
    client = signed_in(staff)
    grow_stale(client, minutes=29)
    assert client.get(PUBLISH).status_code == 200
    grow_stale(client)
    assert client.get(f"{PUBLISH}?a=1").url == f"/confirm/?next={PUBLISH}%3Fa%3D1"


def test_with_the_password_one_comes_to_the_page(signed_in, staff):
    client = signed_in(staff)
    grow_stale(client)
    assert PASSWORD not in client.get(f"/confirm/?next={PUBLISH}").content.decode()
    answer = client.post("/confirm/", {"confirm-sent": "1", "confirm-password": PASSWORD, "next": PUBLISH})
    assert (answer.status_code, answer.url) == (302, PUBLISH)
    assert client.get(PUBLISH).status_code == 200
    assert client.get(f"/confirm/?next={PUBLISH}").url == PUBLISH  # asked once only


@pytest.mark.parametrize("address", ["//elsewhere.example/", "https://elsewhere.example/", "javascript:x"])
def test_the_password_leads_to_no_other_site(signed_in, staff, address):
    client = signed_in(staff)
    grow_stale(client)
    given = {"confirm-sent": "1", "confirm-password": PASSWORD, "next": address}
    assert client.post("/confirm/", given).url == "/"


def test_what_was_filled_in_is_kept_and_sent_on(signed_in, staff, cycle):
    client = signed_in(staff)
    grow_stale(client)
    typed = {"reason": "第一行\n第二行 <b>“x”</b>"}
    asked = client.post(BACK, typed)
    assert (asked.status_code, state_of(cycle)) == (403, CycleState.VERIFIED)
    assert asked.context["kept"] == [("reason", typed["reason"])]
    assert asked.context["action"] == BACK
    wrong = client.post(BACK, typed | {"confirm-sent": "1", "confirm-password": "wrong"})
    assert (wrong.status_code, state_of(cycle)) == (422, CycleState.VERIFIED)
    assert wrong.context["kept"] == [("reason", typed["reason"])]
    done = client.post(BACK, typed | {"confirm-sent": "1", "confirm-password": PASSWORD})
    assert (done.status_code, state_of(cycle)) == (302, CycleState.OPEN)
    assert cycle.steps.latest("pk").reason == typed["reason"]


def test_several_values_of_one_field_are_kept(signed_in, staff):
    client = signed_in(staff)
    grow_stale(client)
    kept = client.post(BACK, {"unit": ["1", "2"], "csrfmiddlewaretoken": "x"}).context["kept"]
    assert kept == [("unit", "1"), ("unit", "2")]


def test_publishing_stale_publishes_nothing(signed_in, staff, cycle):
    client = signed_in(staff)
    grow_stale(client)
    assert client.post(PUBLISH).status_code == 403
    assert state_of(cycle) == CycleState.VERIFIED
    client.post(PUBLISH, {"confirm-sent": "1", "confirm-password": PASSWORD})
    assert state_of(cycle) == CycleState.PUBLISHED


def test_the_year_asks_as_well(signed_in, staff):
    client = signed_in(staff)
    grow_stale(client)
    assert client.get("/years/2018/publish/").url == "/confirm/?next=/years/2018/publish/"


def test_the_administration_asks_as_well(signed_in, staff):
    staff.is_staff = staff.is_superuser = True
    staff.save()
    client = signed_in(staff)
    grow_stale(client)
    page = "/admin/organizations/membership/add/"
    assert client.get(page).url == f"/confirm/?next={page}"
    assert client.post("/admin/logout/").url == "/login/"  # leaving asks for nothing


def test_a_fifth_wrong_password_locks_and_keeps_what_was_filled_in(signed_in, staff, cycle):
    client = signed_in(staff)
    grow_stale(client)
    answer = {"reason": "甲镇党委记录有误", "confirm-sent": "1", "confirm-password": "wrong"}
    assert [client.post(BACK, answer).status_code for _time in range(5)] == [422] * 4 + [429]
    locked = client.post(BACK, answer | {"confirm-password": PASSWORD})
    assert (locked.status_code, state_of(cycle)) == (429, CycleState.VERIFIED)
    assert locked.context["kept"] == [("reason", "甲镇党委记录有误")]
    assert client.get("/cycles/2018Q3/").status_code == 200  # still logged in


def test_a_session_from_before_asks(signed_in, staff):
    client = signed_in(staff)
    session = client.session
    del session[SESSION_KEY]
    session.save()
    assert client.get(PUBLISH).url.startswith("/confirm/")


def test_a_clock_that_was_set_back_makes_no_password_fresh_for_ever(signed_in, staff):
    client = signed_in(staff)
    grow_stale(client, minutes=-60)
    assert client.get(PUBLISH).url.startswith("/confirm/")


# --- A code where the host demands one -----------------------------------------------------------


def test_whoever_has_none_is_led_to_setting_it_up_and_back(signed_in, staff, cycle):
    demand_code(cycle)
    client = signed_in(staff)
    assert client.get(PUBLISH).url == f"/second-factor/set-up/?next={PUBLISH}"
    sent = client.post(BACK, {"reason": "x"}, headers={"referer": "http://testserver/cycles/2018Q3/"})
    assert sent.url == "/second-factor/set-up/?next=/cycles/2018Q3/"
    assert state_of(cycle) == CycleState.VERIFIED


def test_a_page_before_on_another_site_is_not_gone_back_to(signed_in, staff, cycle):
    demand_code(cycle)
    sent = signed_in(staff).post(BACK, headers={"referer": "https://elsewhere.example/cycles/"})
    assert sent.url == "/second-factor/set-up/?next=/"


def test_a_session_without_the_code_is_asked_for_it(signed_in, staff, cycle):
    demand_code(cycle)
    client, app = signed_in(staff), with_app(staff)
    assert client.get(PUBLISH).url == f"/confirm/?next={PUBLISH}"
    asked = client.get(f"/confirm/?next={PUBLISH}").context["form"]
    assert set(asked.fields) == {"code", "sent"}  # the password is fresh
    given = {"confirm-sent": "1", "confirm-code": code_of(app.key), "next": PUBLISH}
    answer = client.post("/confirm/", given)
    assert answer.url == PUBLISH
    assert client.get(PUBLISH).status_code == 200


def test_password_and_code_are_asked_for_together_and_no_code_is_spent_on_a_wrong_password(
    signed_in, staff, cycle
):
    demand_code(cycle)
    client, app = signed_in(staff), with_app(staff)
    grow_stale(client)
    answer = {
        "reason": "x",
        "confirm-sent": "1",
        "confirm-password": "wrong",
        "confirm-code": code_of(app.key),
    }
    assert client.post(BACK, answer).status_code == 422
    assert client.post(BACK, answer | {"confirm-password": PASSWORD}).status_code == 302
    assert state_of(cycle) == CycleState.OPEN


def test_what_one_host_demands_is_nothing_to_another(signed_in, stranger, staff, cycle):
    demand_code(cycle)
    client = signed_in(stranger)
    assert client.get(PUBLISH).status_code == 404
    assert signed_in(staff).get(PUBLISH).status_code == 302


def test_working_in_another_host_does_not_evade_it(signed_in, stranger, cycle):
    demand_code(cycle)
    MembershipFactory(user=stranger, organization=cycle.host, role=Role.STAFF)
    client = signed_in(stranger)
    assert client.get(PUBLISH).url.startswith("/second-factor/set-up/")


def test_an_administrator_demands_it_and_is_bound_by_it(signed_in, administrator, cycle):
    client, page = signed_in(administrator), "/settings/security/"
    assert page in client.get("/settings/").content.decode()
    assert client.post(page, {"second_factor_required": "on"}).url == page
    assert SecurityPolicy.objects.get().second_factor_required
    assert client.post(page, {}).url.startswith("/second-factor/set-up/")
    assert SecurityPolicy.objects.get().second_factor_required


def test_staff_do_not_say_what_logging_in_takes(signed_in, staff):
    client = signed_in(staff)
    assert client.post("/settings/security/", {"second_factor_required": "on"}).status_code == 403
    assert "/settings/security/" not in client.get("/settings/").content.decode()
