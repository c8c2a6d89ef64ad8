"""The demo's passwords are known to everybody, so its accounts are served to this machine alone."""

import pytest
from django.core.management import CommandError, call_command

from config import demo_stays_here, gunicorn
from organizations.demo import why_not_to_listen
from organizations.first_passwords import choose_password
from organizations.models import Organization, User
from tests.factories.organizations import HostFactory, UserFactory

HERE = ["127.0.0.1:8000", "[::1]:8000", "localhost:8000", "unix:/run/review.sock"]
BEYOND = ["0.0.0.0:8000", ":8000", "[::]:8000", "192.0.2.1:80", "review.example:80", "fd://3"]


@pytest.fixture(autouse=True)
def called_by_its_own_name(settings):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]


@pytest.mark.django_db
@pytest.mark.parametrize("bind", HERE)
def test_on_this_machine_it_is_served(bind):
    UserFactory(is_demo=True)
    assert why_not_to_listen([bind]) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("bind", BEYOND)
def test_beyond_it_is_not(bind):
    UserFactory(is_demo=True, username="demo-staff")
    assert "demo-staff" in why_not_to_listen([bind])
    assert why_not_to_listen(["127.0.0.1:8000", bind])


@pytest.mark.django_db
def test_behind_a_proxy_of_another_name_it_is_not(settings):
    settings.ALLOWED_HOSTS = ["localhost", "review.example"]
    UserFactory(is_demo=True)
    assert why_not_to_listen(["127.0.0.1:8000"])


@pytest.mark.django_db
def test_without_such_accounts_a_server_listens_anywhere():
    UserFactory()
    UserFactory(is_demo=True, is_active=False)
    assert why_not_to_listen(["0.0.0.0:8000"]) == ""


@pytest.mark.django_db
def test_it_says_so_in_one_line_and_fails():
    UserFactory(is_demo=True)
    with pytest.raises(SystemExit) as refusal:
        demo_stays_here.main(["0.0.0.0:8000"])
    assert isinstance(refusal.value.code, str)
    assert "\n" not in refusal.value.code


@pytest.mark.parametrize("status", [0, 1])
def test_the_server_asks_before_it_listens(monkeypatch, status):
    class Server:
        class cfg:
            bind = ["0.0.0.0:8000"]

    asked = []

    class Answer:
        returncode = status

    monkeypatch.setattr(gunicorn.subprocess, "run", lambda command: asked.append(command) or Answer)
    if status:
        with pytest.raises(SystemExit):
            gunicorn.on_starting(Server)
    else:
        gunicorn.on_starting(Server)
    assert asked[0][-2:] == ["config.demo_stays_here", "0.0.0.0:8000"]


@pytest.mark.django_db
def test_an_account_with_a_password_of_its_own_is_no_longer_the_demos():
    user = UserFactory(is_demo=True)
    choose_password(user, "my own words 2019")
    assert why_not_to_listen(["0.0.0.0:8000"]) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("username", ["wang", "staff", "admin"])
def test_it_is_not_set_up_among_accounts_of_others(username):
    UserFactory(username=username)
    with pytest.raises(CommandError, match=username):
        call_command("demo")
    assert User.objects.count() == 1
    assert not Organization.objects.exists()


@pytest.mark.django_db
def test_it_is_not_set_up_beside_another_host():
    host = HostFactory()
    with pytest.raises(CommandError, match=host.name):
        call_command("demo")
    assert not User.objects.exists()
