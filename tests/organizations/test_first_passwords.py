"""Passwords that somebody else sets: random, told once, changed before anything else, not for ever."""

from __future__ import annotations

import datetime
import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organizations.first_passwords import ALPHABET, give_first_password, new_first_password
from organizations.models import Organization, Role, User
from tests.factories.organizations import PASSWORD, MembershipFactory, UserFactory
from tests.organizations.at_the_door import logs_in

pytestmark = pytest.mark.django_db

NEW = "my own words 2019"


@pytest.fixture
def starter(host: Organization) -> User:
    """Staff whose password an administrator set."""
    return MembershipFactory(organization=host, role=Role.STAFF, user__must_change_password=True).user


def change(client: Client, new: str = NEW, old: str = PASSWORD):
    given = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post(reverse("organizations:password-change"), given)


def test_they_are_four_groups_without_look_alikes_and_never_twice_the_same():
    passwords = {new_first_password() for _ in range(200)}
    assert len(passwords) == 200
    assert all(re.fullmatch(rf"([{ALPHABET}]{{4}}-){{3}}[{ALPHABET}]{{4}}", each) for each in passwords)
    assert not set("0o1il5s2z") & set(ALPHABET)
    for each in passwords:
        validate_password(each)


def test_they_are_not_stored_in_clear():
    user = UserFactory()
    password = give_first_password(user)
    user.save()
    assert password not in repr(User.objects.filter(pk=user.pk).values().get())
    assert user.check_password(password)


def test_a_real_hash_is_made_whole_at_the_first_log_in(settings, client):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    user = UserFactory()
    password = give_first_password(user)
    user.save()
    rounds = int(user.password.split("$")[1])
    assert logs_in(client, user.username, password)
    user.refresh_from_db()
    assert int(user.password.split("$")[1]) > rounds


@pytest.mark.parametrize("address", ["/", "/units/", "/cycles/", "/sessions/", "/help/", "/admin/", "/m/"])
def test_every_page_leads_to_choosing_ones_own(signed_in, starter, address):
    assert signed_in(starter).get(address).url == "/password/"


def test_what_leads_out_stays_open(signed_in, starter):
    client = signed_in(starter)
    assert client.get("/password/").status_code == 200
    assert client.post("/i18n/setlang/", {"language": "en", "next": "/password/"}).url == "/password/"
    assert client.get("/healthz").status_code == 200
    assert client.post("/logout/").url == "/login/"


def test_scripts_are_told_in_their_own_way(signed_in, starter):
    client = signed_in(starter)
    answer = client.get("/m/data/", headers={"accept": "*/*"})
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/json")
    assert "password" in answer.json()["message"]
    answer = client.get("/units/", headers={"hx-request": "true", "accept": "*/*"})
    assert answer["HX-Redirect"] == "/password/"


def test_a_deed_is_not_done_before(signed_in, starter, host):
    client = signed_in(starter)
    assert client.post("/units/new/", {"name": "新乡党委"}).url == "/password/"
    assert not host.units.exists()


def test_the_new_password_opens_everything(signed_in, starter):
    client = signed_in(starter)
    assert change(client).url == "/"
    assert client.get("/units/").status_code == 200
    starter.refresh_from_db()
    assert (starter.must_change_password, starter.first_password_until) == (False, None)
    assert starter.check_password(NEW)


def test_the_first_password_is_not_chosen_again(signed_in, starter):
    client = signed_in(starter)
    assert change(client, new=PASSWORD).status_code == 200
    starter.refresh_from_db()
    assert starter.must_change_password


def test_one_that_was_not_used_in_time_lets_nobody_in(client, starter):
    starter.first_password_until = timezone.now() - datetime.timedelta(minutes=1)
    starter.save()
    answer = client.post("/login/", {"username": starter.username, "password": PASSWORD})
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    starter.first_password_until = timezone.now() + datetime.timedelta(minutes=1)
    starter.save()
    assert client.post("/login/", {"username": starter.username, "password": PASSWORD}).status_code == 302


def test_whoever_does_not_know_it_is_not_told_that_it_ran_out(client, starter):
    starter.first_password_until = timezone.now() - datetime.timedelta(minutes=1)
    starter.save()
    told = [
        client.post("/login/", {"username": name, "password": "wrong"}).context["form"].non_field_errors()
        for name in (starter.username, "nobody-of-this-name")
    ]
    assert told[0] == told[1]


def test_the_administration_sets_first_passwords_too(signed_in, staff):
    administration = signed_in(UserFactory(is_staff=True, is_superuser=True))
    given = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    address = reverse("admin:auth_user_password_change", args=[staff.pk])
    assert administration.post(address, given).status_code == 302
    staff.refresh_from_db()
    assert staff.must_change_password
    assert staff.first_password_until is not None
