"""The second factor: set up, asked for at log-in, each code once, lost and removed."""

from __future__ import annotations

import pytest
from axes.models import AccessAttempt
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from organizations import second_step
from organizations.models import Role, User
from organizations.permissions import can_remove_second_factor
from organizations.second_factor import (
    FactorRefused,
    check_code,
    codes_left,
    has_device,
    new_key,
    remove_devices,
    turn_on,
)
from tests.factories.organizations import PASSWORD, HostFactory, MembershipFactory, UserFactory, somebody
from tests.factories.second_factors import code_of, patient, recovery_code_of, with_app
from tests.reviews.importing.test_load_at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(db) -> User:
    return UserFactory(username="wang")


@pytest.fixture
def app(user) -> TOTPDevice:
    return with_app(user)


def give_password(client, user, to="/units/"):
    return client.post("/login/", {"username": user.username, "password": PASSWORD, "next": to})


def give_code(client, code):
    given = {"code": code, "next": "/units/"}
    return client.post("/login/code/", given, headers={"accept-language": "en"})


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


# --- Setting it up -------------------------------------------------------------------------------


def test_it_is_set_up_by_the_first_code_of_the_app(signed_in, user):
    client = signed_in(user)
    page = client.get("/second-factor/set-up/?next=/units/").content.decode()
    key = client.session["second_factor_key"]
    assert "<svg" in page
    assert 'name="next" value="/units/"' in page
    shown = client.post("/second-factor/set-up/", {"code": code_of(key), "next": "/units/"})
    assert (len(shown.context["codes"]), shown.context["next"]) == (10, "/units/")
    assert has_device(user)
    assert codes_left(user) == 10
    assert client.get("/help/").wsgi_request.user.is_verified()  # here it was given just now
    assert "second_factor_key" not in client.session


def test_a_wrong_code_sets_nothing_up_and_keeps_the_key(signed_in, user):
    client = signed_in(user)
    client.get("/second-factor/set-up/")
    key = client.session["second_factor_key"]
    answer = client.post("/second-factor/set-up/", {"code": code_of(key, later=9)})
    assert (answer.status_code, has_device(user)) == (422, False)
    assert client.post("/second-factor/set-up/", {"code": code_of(key)}).status_code == 200
    assert has_device(user)


def test_of_two_set_ups_at_once_one_counts(transactional_db):
    user = UserFactory()
    keys = [new_key() for _window in range(4)]
    answers = at_once(*(lambda key=key: turn_on(user, key, code_of(key)) for key in keys))
    assert sum(isinstance(answer, FactorRefused) for answer in answers) == 3
    assert (TOTPDevice.objects.filter(user=user).count(), codes_left(user)) == (1, 10)


def test_the_recovery_codes_are_shown_once(signed_in, user, app):
    client = signed_in(user)
    before = recovery_code_of(user)
    new = client.post("/second-factor/recovery-codes/").context["codes"]
    assert len(new) == 10
    assert before not in new
    assert not any(code in client.get("/second-factor/").content.decode() for code in new)


# --- Logging in ----------------------------------------------------------------------------------


def test_the_password_alone_logs_nobody_in(client, user, app):
    answer = give_password(client, user)
    assert (answer.status_code, answer.url) == (302, "/login/code/?next=/units/")
    assert not is_in(client)
    assert client.get("/units/").url == "/login/?next=/units/"


def test_with_the_code_one_is_in_and_where_one_wanted_to_be(client, user, app):
    give_password(client, user)
    answer = give_code(client, code_of(app.key))
    assert (answer.status_code, answer.url, is_in(client)) == (302, "/units/", True)
    assert client.get("/help/").wsgi_request.user.is_verified()
    assert second_step.SESSION_KEY not in client.session


@pytest.mark.parametrize("written", ["{0} {1}", "{0}-{1}", " {0}{1} "])
def test_blanks_and_dashes_in_a_code_do_no_harm(client, user, app, written):
    code = code_of(app.key)
    give_password(client, user)
    assert give_code(client, written.format(code[:3], code[3:])).status_code == 302


def test_a_code_in_full_width_is_taken(client, user, app):
    give_password(client, user)
    full_width = code_of(app.key).translate({ord("0") + n: ord("０") + n for n in range(10)})
    assert give_code(client, full_width).status_code == 302


def test_the_session_gets_another_key_when_the_code_was_right(client, user, app):
    give_password(client, user)
    before = client.session.session_key
    give_code(client, code_of(app.key))
    assert client.session.session_key != before


def test_a_code_counts_once(client, user, app):
    code = code_of(app.key)
    assert check_code(user, code) == app
    give_password(client, user)
    answer = give_code(client, code)
    assert (answer.status_code, is_in(client)) == (422, False)
    assert "or was used already" in answer.content.decode()


def test_of_eight_who_send_the_same_code_at_once_one_gets_in(transactional_db):
    user = UserFactory()
    app = with_app(user)
    code = code_of(app.key)
    answers = at_once(*(lambda: check_code(user, code) for _time in range(8)))
    assert [answer for answer in answers if answer] == [app]


def test_a_recovery_code_logs_in_once_and_says_how_many_are_left(client, user, app):
    code = recovery_code_of(user)
    give_password(client, user)
    assert give_code(client, f"{code[:4]} {code[4:]}".upper()).status_code == 302
    assert "9 are left" in client.get("/help/", headers={"accept-language": "en"}).content.decode()
    client.logout()
    give_password(client, user)
    assert give_code(client, code).status_code == 422


def test_wrong_codes_count_towards_the_lock_and_the_password_begins_again(client, user, app):
    give_password(client, user)
    wrong = [give_code(client, code_of(app.key, later=9)).status_code for _time in range(4)]
    assert wrong == [422, 422, 422, 429]
    patient(user)
    assert give_code(client, code_of(app.key)).url.startswith("/login/?")
    assert give_password(client, user).status_code == 429


def test_the_password_once_more_does_not_begin_the_count_anew(client, user, app):
    for _time in range(4):
        give_password(client, user)
    assert AccessAttempt.objects.get().failures_since_start == 4


@pytest.mark.parametrize("change", ["too late", "another password", "closed"])
def test_the_second_step_ends_with_what_it_stood_on(client, user, app, change, monkeypatch):
    give_password(client, user)
    if change == "too late":
        monkeypatch.setattr(second_step, "LONGEST", 0)
    elif change == "another password":
        user.set_password("another password 2019")
        user.save()
    else:
        User.objects.update(is_active=False)
    assert give_code(client, code_of(app.key)).url == "/login/?next=/units/"
    assert not is_in(client)


def test_the_second_step_leads_to_no_other_site(client, user, app):
    give_password(client, user, to="//elsewhere.example/")
    answer = client.post("/login/code/", {"code": code_of(app.key), "next": "https://elsewhere.example/"})
    assert answer.url == "/"


# --- Turning it off, and losing it ---------------------------------------------------------------


def test_it_is_turned_off_with_a_code(signed_in, user, app):
    client = signed_in(user)
    assert client.post("/second-factor/turn-off/", {"code": code_of(app.key, later=9)}).status_code == 422
    assert has_device(user)
    patient(user)
    assert client.post("/second-factor/turn-off/", {"code": code_of(app.key)}).url == "/second-factor/"
    assert not has_device(user)
    assert codes_left(user) == 0


def test_an_administrator_takes_a_lost_one_off_another_account(user, app, client):
    administrator = UserFactory()
    remove_devices(user, administrator)
    assert not has_device(user)
    assert give_password(client, user).url == "/units/"


def test_nobody_removes_their_own_without_a_code(user, app):
    with pytest.raises(FactorRefused):
        remove_devices(user, user)
    assert has_device(user)


def test_a_session_is_no_longer_verified_once_its_device_is_gone(client, user, app):
    give_password(client, user)
    give_code(client, code_of(app.key))
    remove_devices(user, UserFactory())
    assert not client.get("/help/").wsgi_request.user.is_verified()


def test_an_administrator_removes_it_for_accounts_of_the_own_host_only(host, staff, secretary, stranger):
    administrator = somebody(Role.ADMINISTRATOR, host)
    assert can_remove_second_factor(administrator, staff)
    assert can_remove_second_factor(administrator, secretary)
    assert not can_remove_second_factor(administrator, stranger)
    assert not can_remove_second_factor(administrator, administrator)
    assert not can_remove_second_factor(staff, secretary)


def test_an_account_of_two_hosts_takes_an_administrator_of_both(host, staff):
    other = HostFactory()
    MembershipFactory(user=staff, organization=other, role=Role.LEADER)
    administrator = User.objects.get(pk=somebody(Role.ADMINISTRATOR, host).pk)
    account = User.objects.get(pk=staff.pk)
    assert not can_remove_second_factor(administrator, account)
    MembershipFactory(user=administrator, organization=other, role=Role.ADMINISTRATOR)
    assert can_remove_second_factor(User.objects.get(pk=administrator.pk), account)


# --- Who is sent away ----------------------------------------------------------------------------


def test_the_keys_of_second_factors_are_in_no_page_of_the_administration(signed_in, app):
    client = signed_in(UserFactory(is_staff=True, is_superuser=True))
    assert client.get("/admin/otp_totp/totpdevice/").status_code == 404


def test_setting_up_again_what_is_on_leads_to_its_page(signed_in, user, app):
    assert signed_in(user).get("/second-factor/set-up/").url == "/second-factor/"
    assert TOTPDevice.objects.get().created_at <= timezone.now()
