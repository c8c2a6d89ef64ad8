"""Login, logout, password, host, text size and help."""

import pytest
from django.urls import reverse

from organizations.models import Role
from tests.factories.organizations import PASSWORD, HostFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_the_login_page_says_what_the_product_is(client):
    page = client.get("/login/", headers={"accept-language": "en"}).content.decode()
    assert "Quarterly review of Party building" in page
    assert 'lang="en"' in page


def test_logging_in_leads_to_the_page_that_asked_for_it(client):
    user = UserFactory()
    answer = client.post("/login/", {"username": user.username, "password": PASSWORD, "next": "/units/"})
    assert (answer.status_code, answer.url) == (302, "/units/")


def test_logging_in_never_leads_to_another_site(client):
    user = UserFactory()
    given = {"username": user.username, "password": PASSWORD, "next": "//elsewhere.example/"}
    assert client.post("/login/", given).url == "/"


def test_a_wrong_password_is_said_and_the_page_to_return_to_is_kept(client):
    user = UserFactory()
    answer = client.post("/login/", {"username": user.username, "password": "wrong", "next": "/units/"})
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert 'name="next" value="/units/"' in answer.content.decode()


def test_who_is_signed_in_is_not_asked_again(signed_in, staff):
    assert signed_in(staff).get("/login/").url == "/"


@pytest.mark.parametrize("address", ["/login/", "/login/?next=/login/"])
def test_the_login_does_not_lead_back_to_itself(signed_in, staff, address):
    assert signed_in(staff).get("/login/", {"next": address}).url == "/"


def test_logging_out_takes_a_post_and_ends_the_session(signed_in, staff):
    client = signed_in(staff)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").url == "/login/"
    assert client.get("/units/").url == "/login/?next=/units/"


def test_a_password_is_changed_by_whoever_knows_it(signed_in, staff):
    client = signed_in(staff)
    new = "another password 2019"
    given = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/password/", given).url == "/"
    staff.refresh_from_db()
    assert staff.check_password(new)
    assert client.get("/help/").status_code == 200  # still signed in


def test_a_password_is_not_changed_by_whoever_does_not_know_it(signed_in, staff):
    new = "another password 2019"
    given = {"old_password": "wrong", "new_password1": new, "new_password2": new}
    assert signed_in(staff).post("/password/", given).status_code == 200
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD)


def test_who_belongs_to_two_hosts_chooses_one_in_the_header(signed_in, staff, host):
    other = HostFactory(name="某市委组织部")
    MembershipFactory(user=staff, organization=other, role=Role.LEADER)
    client = signed_in(staff)
    assert client.get("/help/").context["current_host"] == host
    assert client.post("/host/", {"host": other.pk}).url == "/"
    page = client.get("/help/")
    assert page.context["current_host"] == other
    assert host.name in page.content.decode()  # to change back


@pytest.mark.parametrize("wanted", ["", "0", "x", "99999999999999999999"])
def test_only_ones_own_hosts_can_be_chosen(signed_in, staff, host, wanted):
    client = signed_in(staff)
    assert client.post("/host/", {"host": wanted}).status_code == 404
    assert client.post("/host/", {"host": HostFactory().pk}).status_code == 404
    assert client.get("/help/").context["current_host"] == host


def test_larger_text_is_remembered_by_the_browser(client):
    answer = client.post("/text-size/", {"size": "larger", "next": "/login/"})
    assert answer.url == "/login/"
    assert 'class="larger-text"' in client.get("/login/").content.decode()
    client.post("/text-size/", {"size": "normal", "next": "/login/"})
    assert 'class="larger-text"' not in client.get("/login/").content.decode()


def test_the_text_size_never_leads_to_another_site(client):
    given = {"size": "larger", "next": "https://elsewhere.example/"}
    assert client.post("/text-size/", given).url == "/"


@pytest.mark.parametrize("nonsense", ["35", "organizations:help", "-inf", "[]", "?a=1", "\0"])
def test_the_text_size_leads_to_the_first_page_where_the_form_names_no_address(client, nonsense):
    assert client.post("/text-size/", {"size": "larger", "next": nonsense}).url == "/"


def test_the_language_is_switched_without_a_script_and_returns_to_the_page(client):
    page = client.get("/login/?next=/units/", headers={"accept-language": "zh-CN"})
    assert page.headers["Content-Language"] == "zh-hans"
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/login/?next=/units/"})
    assert answer.url == "/login/?next=/units/"
    assert 'lang="en"' in client.get(answer.url).content.decode()


@pytest.mark.parametrize("who", ["staff", "leader", "secretary", "nobody"])
def test_help_is_for_everybody_signed_in(request, signed_in, who):
    assert signed_in(request.getfixturevalue(who)).get(reverse("organizations:help")).status_code == 200


def test_only_staff_are_offered_the_settings(signed_in, staff, secretary):
    address = f'href="{reverse("reviews:settings")}"'
    assert address in signed_in(staff).get("/help/").content.decode()
    assert address not in signed_in(secretary).get("/help/").content.decode()


def test_an_unknown_address_answers_a_page_of_our_own(signed_in, staff):
    answer = signed_in(staff).get("/nowhere/")
    assert answer.status_code == 404
    assert "This page is not here" in answer.content.decode()
