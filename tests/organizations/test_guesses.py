"""Guesses at a password: counted before they are looked at, for an account at an address."""

from __future__ import annotations

import datetime
import re

import pytest
from axes.models import AccessAttempt
from django.core.management import call_command
from django.utils import timezone

from organizations.guesses import count_guess, lift_lock
from organizations.models import User
from tests.factories.organizations import PASSWORD, UserFactory
from tests.organizations.at_the_door import (
    Outcome,
    guess_at_once,
    through_the_function,
    through_the_page,
)

ELSEWHERE = {"REMOTE_ADDR": "10.0.0.7"}


@pytest.fixture
def user(db) -> User:
    return UserFactory(username="wang")


@pytest.fixture
def guess(client):
    """guess(password, username="wang", **meta) → the answer of the log-in page, in English."""

    def guess(password="wrong", username="wang", **meta):
        given = {"username": username, "password": password, "next": "/units/"}
        return client.post("/login/", given, headers={"accept-language": "en"}, **meta)

    return guess


def quiet_for(minutes: int) -> None:
    """Let this time pass for every count."""
    AccessAttempt.objects.update(attempt_time=timezone.now() - datetime.timedelta(minutes=minutes))


def said(answer) -> str:
    """The page without its token, which every page has another of."""
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "", answer.content.decode())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", [through_the_page, through_the_function])
def test_of_forty_guesses_at_once_five_are_looked_at_and_the_right_one_is_too_late(way):
    assert guess_at_once(UserFactory(), PASSWORD, way) == Outcome(looked_at=5, got_in=0)


def test_the_fifth_wrong_password_locks_and_says_when_it_can_be_tried_again(user, guess):
    assert [guess().status_code for _time in range(5)] == [200, 200, 200, 200, 429]
    locked = guess(PASSWORD)
    assert locked.status_code == 429
    last = AccessAttempt.objects.get().attempt_time
    until = timezone.localtime(last + datetime.timedelta(minutes=15))
    assert f"You can try again from {until:%H:%M}." in locked.content.decode()
    assert 0 < int(locked["Retry-After"]) <= 15 * 60 + 1
    assert 'name="next" value="/units/"' in locked.content.decode()


def test_no_password_is_looked_at_while_it_is_locked(user, guess, monkeypatch):
    for _time in range(5):
        guess()
    monkeypatch.setattr(User, "check_password", None)
    assert guess(PASSWORD).status_code == 429


def test_an_account_that_does_not_exist_is_answered_the_same(user, guess):
    for _time in range(7):
        known, unknown = guess(), guess(username="nobody-of-this-name")
        assert known.status_code == unknown.status_code
        assert said(known).replace("wang", "") == said(unknown).replace("nobody-of-this-name", "")


def test_an_account_that_does_not_exist_costs_the_same_check(user, guess, monkeypatch):
    hashed = []
    monkeypatch.setattr(
        "django.contrib.auth.hashers.MD5PasswordHasher.encode",
        lambda self, password, salt: hashed.append(password) or f"md5${salt}$",
    )
    guess("one")
    guess("two", username="nobody-of-this-name")
    assert hashed == ["one", "two"]


def test_a_lock_is_for_that_account_at_that_address_only(user, guess):
    UserFactory(username="li")
    for _time in range(5):
        guess()
    assert guess(PASSWORD).status_code == 429
    assert guess(PASSWORD, username="li").status_code == 302


def test_a_colleague_elsewhere_still_gets_in(user, guess):
    for _time in range(5):
        guess()
    assert guess(PASSWORD, **ELSEWHERE).status_code == 302


@pytest.mark.parametrize("written", ["WANG", "ｗａｎｇ", " wang ", "wa ng", "wa\u200bng"])
def test_another_way_of_writing_the_name_is_no_other_account(user, guess, written):
    for _time in range(4):
        guess(username=written)
    assert guess().status_code == 429


def test_a_refused_guess_does_not_prolong_the_lock(user, guess):
    for _time in range(5):
        guess()
    quiet_for(minutes=14)
    assert guess(PASSWORD).status_code == 429
    quiet_for(minutes=15)
    assert guess(PASSWORD).status_code == 302


def test_wrong_passwords_of_long_ago_are_forgotten(user, guess):
    for _time in range(4):
        guess()
    quiet_for(minutes=15)
    assert [guess().status_code for _time in range(4)] == [200] * 4


def test_a_success_begins_the_count_anew(user, guess, client):
    for _time in range(4):
        guess()
    assert guess(PASSWORD).status_code == 302
    client.logout()
    assert [guess().status_code for _time in range(4)] == [200] * 4


def test_every_guess_has_a_number_of_its_own(db):
    assert [count_guess("wang", "10.0.0.7") for _time in range(7)] == [1, 2, 3, 4, 5, 6, 7]
    assert count_guess("li", "10.0.0.7") == 1


@pytest.mark.parametrize("lift", [lift_lock, lambda user: call_command("axes_reset_username", "ＷＡＮＧ")])
def test_a_lock_can_be_lifted(user, guess, lift):
    for _time in range(5):
        guess()
    lift(user)
    assert guess(PASSWORD).status_code == 302


def test_nothing_that_was_typed_is_kept(user, guess):
    guess("a secret", HTTP_USER_AGENT="Browser")
    kept = AccessAttempt.objects.values().get()
    assert "a secret" not in str(kept)
    assert (kept["user_agent"], kept["get_data"], kept["post_data"]) == ("", "", "")


def test_the_old_password_cannot_be_guessed_when_changing_it(signed_in, user):
    client, new = signed_in(user), "another password 2019"
    given = {"old_password": "wrong", "new_password1": new, "new_password2": new}
    assert [client.post("/password/", given).status_code for _time in range(5)] == [200] * 4 + [429]
    assert client.post("/password/", given | {"old_password": PASSWORD}).status_code == 429
    assert client.get("/help/").status_code == 200  # still logged in


@pytest.mark.parametrize("short", ["nine long", "dangjian1"])
def test_a_new_password_has_ten_characters_at_least(signed_in, user, short):
    given = {"old_password": PASSWORD, "new_password1": short, "new_password2": short}
    answer = signed_in(user).post("/password/", given)
    assert "at least 10 characters" in answer.content.decode()


def test_the_administration_has_no_door_of_its_own(client, user):
    assert client.get("/admin/login/?next=/admin/").url == "/login/?next=/admin/"
    client.post("/admin/login/", {"username": "wang", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_what_happens_at_the_door_is_recorded_by_the_accounts_key(user, guess, caplog):
    with caplog.at_level("INFO", logger="security"):
        for _time in range(6):
            guess()
        guess(username="the secret typed into the wrong field")
        guess(PASSWORD, **ELSEWHERE)
    lines = [record.getMessage() for record in caplog.records if record.name == "security"]
    own = f"account={user.pk} by=None"
    assert lines == [
        *[f"failed {own}"] * 5,
        f"locked {own}",
        "failed account=None by=None",
        f"logged in {own}",
    ]
