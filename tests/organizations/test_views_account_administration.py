"""Pages by which administrators keep accounts: who may open them, whom they show, what they do."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from organizations.models import Organization, Role, User
from tests.factories.organizations import (
    HostFactory,
    MembershipFactory,
    UnitFactory,
    UserFactory,
    somebody,
)
from tests.organizations.at_the_door import logs_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(host: Organization) -> User:
    return somebody(Role.ADMINISTRATOR, host)


@pytest.fixture
def desk(signed_in, administrator):
    return signed_in(administrator)


def shown(page) -> list[str]:
    return [row.record.username for row in page.context["table"].paginated_rows]


def deeds_on(account: User) -> list[str]:
    """Every deed about one account, on its first membership."""
    membership = account.memberships.first().pk
    deeds = ("grant/", "password/", "deactivate/", "reactivate/")
    on_membership = (f"memberships/{membership}/until/", f"memberships/{membership}/end/")
    return [f"/accounts/{account.pk}/{each}" for each in (*deeds, *on_membership)]


@pytest.mark.parametrize("who", ["staff", "leader", "secretary", "nobody"])
def test_nobody_else_opens_them(request, signed_in, staff, who):
    client = signed_in(request.getfixturevalue(who))
    for address in ("/accounts/", "/accounts/new/", "/accounts/grant/", "/accounts/import/"):
        assert client.get(address).status_code == 403, address
    assert client.get(f"/accounts/{staff.pk}/").status_code == 403
    for address in deeds_on(staff):
        assert client.post(address).status_code == 403, address


def test_accounts_of_others_are_absent(desk, stranger, nobody):
    assert desk.get(f"/accounts/{stranger.pk}/").status_code == 404
    for address in deeds_on(stranger):
        assert desk.post(address).status_code == 404, address
    assert desk.get(f"/accounts/{nobody.pk}/").status_code == 404
    assert desk.get("/accounts/999999999999999999/").status_code == 404
    stranger.refresh_from_db()
    assert stranger.is_active


def test_a_membership_of_another_host_is_absent_on_the_page_of_an_account_of_both(desk, host, staff):
    elsewhere = MembershipFactory(user=staff, organization=HostFactory(name="某市委组织部"))
    for deed in ("until", "end"):
        address = f"/accounts/{staff.pk}/memberships/{elsewhere.pk}/{deed}/"
        assert desk.post(address, {"day": ""}).status_code == 404
    page = desk.get(f"/accounts/{staff.pk}/").content.decode()
    assert "某市委组织部" not in page
    assert f"/accounts/{staff.pk}/password/" not in page


def test_the_list_has_who_acts_for_the_host_and_all_below(desk, administrator, host, unit, staff, secretary):
    branch = UnitFactory(parent=unit, name="东山村党支部")
    of_branch = somebody(Role.SECRETARY, branch)
    expected = {administrator.username, staff.username, secretary.username, of_branch.username}
    assert set(shown(desk.get("/accounts/"))) == expected


def test_a_host_below_keeps_its_own_people_itself(desk, host):
    district = UnitFactory(parent=host, name="某县委组织部")
    of_district = somebody(Role.STAFF, district)
    answers_here = somebody(Role.SECRETARY, district)
    found = shown(desk.get("/accounts/?state=all"))
    assert answers_here.username in found
    assert of_district.username not in found


def test_the_list_is_narrowed(desk, host, unit, staff, secretary):
    left = MembershipFactory(organization=host, role=Role.LEADER, active_to="2018-01-01").user
    off = MembershipFactory(organization=host, role=Role.LEADER, user__is_active=False).user
    new = MembershipFactory(organization=host, role=Role.LEADER, user__must_change_password=True).user
    expected = {
        "role=secretary": {secretary.username},
        f"unit={unit.pk}": {secretary.username},
        f"q={staff.username}": {staff.username},
        "state=former": {left.username},
        "state=inactive": {off.username},
        "state=unused": {new.username},
        "q=nobody-is-called-so": set(),
    }
    for query, usernames in expected.items():
        assert set(shown(desk.get(f"/accounts/?{query}"))) == usernames, query


@pytest.mark.parametrize("query", ["unit=x", "role=king", "state=x", "page=x", "sort=password", "unit=0"])
def test_a_list_asked_for_nonsense_is_a_page_all_the_same(desk, query):
    assert desk.get(f"/accounts/?{query}").status_code == 200


@pytest.mark.parametrize("accounts", [1, 3, 50])
def test_the_list_costs_the_same_at_any_length(desk, host, accounts, django_assert_num_queries):
    for _account in range(accounts - 1):
        MembershipFactory(user=somebody(Role.STAFF, host), organization=host, role=Role.LEADER)
    with django_assert_num_queries(7):
        desk.get("/accounts/")


@pytest.mark.parametrize("memberships", [1, 3, 50])
def test_the_account_costs_the_same_with_any_history(
    desk, host, staff, memberships, django_assert_num_queries
):
    for day in range(memberships - 1):
        MembershipFactory(user=staff, organization=host, active_to=f"2018-0{day % 9 + 1}-01")
    with django_assert_num_queries(7):
        desk.get(f"/accounts/{staff.pk}/")


def new_account(**changes: str) -> dict[str, str]:
    return {"username": "wang", "full_name": "王某", "role": Role.LEADER, **changes}


def test_a_new_account_logs_in_with_the_password_of_its_slip(desk, client, host, unit):
    answer = desk.post("/accounts/new/", new_account(role=Role.SECRETARY, unit=str(unit.pk)))
    (slip,) = answer.context["slips"]
    assert slip.password in answer.content.decode()
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert client.post("/login/", {"username": "wang", "password": slip.password}).url == "/"
    assert client.get("/").url == "/password/"


def test_the_password_is_shown_once(desk, host):
    password = desk.post("/accounts/new/", new_account()).context["slips"][0].password
    user = User.objects.get(username="wang")
    for address in ("/accounts/", f"/accounts/{user.pk}/", "/accounts/new/"):
        assert password not in desk.get(address).content.decode()
    again = desk.post("/accounts/new/", new_account())
    assert again.status_code == 422
    assert password not in again.content.decode()
    assert password not in repr(desk.session.items())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "two words"}, "username"),
        ({"username": "x" * 151}, "username"),
        ({"full_name": " "}, "full_name"),
        ({"full_name": "王" * 51}, "full_name"),
        ({"email": "nowhere"}, "email"),
        ({"role": "king"}, "role"),
        ({"role": Role.SECRETARY}, None),
        ({"unit": "0"}, "unit"),
        ({"unit": "9" * 30}, "unit"),
        ({"ends": "2018-01-01"}, None),
        ({"begins": "1018-01-01"}, "begins"),
        ({"full_name": "王\x00某", "username": "\x00"}, "username"),
    ],
)
def test_what_does_not_fit_comes_back_with_one_line(desk, changes, field):
    answer = desk.post("/accounts/new/", new_account(**changes))
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == [field or "__all__"]
    assert not User.objects.filter(full_name="王某").exists()


def test_an_account_of_another_host_is_found_by_its_exact_name_alone(desk, host, stranger):
    given = {"username": stranger.username[:-1] or "x", "role": Role.LEADER}
    answer = desk.post("/accounts/grant/", given)
    assert answer.status_code == 422
    given["username"] = stranger.username
    assert desk.post("/accounts/grant/", given).url == f"/accounts/{stranger.pk}/"
    assert desk.get(f"/accounts/{stranger.pk}/").status_code == 200


def test_a_membership_is_granted_prolonged_and_ended(desk, host, unit, secretary):
    page = f"/accounts/{secretary.pk}/"
    given = {"role": Role.INSPECTOR, "ends": "2090-01-01"}
    assert desk.post(f"{page}grant/", given).url == page
    membership = secretary.memberships.get(role=Role.INSPECTOR)
    assert desk.post(f"{page}memberships/{membership.pk}/until/", {"day": "2091-01-01"}).url == page
    membership.refresh_from_db()
    assert membership.active_to.year == 2091
    assert desk.post(f"{page}memberships/{membership.pk}/end/").url == page
    membership.refresh_from_db()
    assert membership.active_to == timezone.localdate()


def test_a_day_that_cannot_be_comes_back(desk, secretary):
    address = f"/accounts/{secretary.pk}/memberships/{secretary.memberships.get().pk}/until/"
    for day in ("yesterday", "2018-01-01", "2018-02-30"):
        assert desk.post(address, {"day": day}).status_code == 422


def test_an_account_is_switched_off_and_on(desk, client, staff):
    page = f"/accounts/{staff.pk}/"
    assert "Reactivate" not in desk.get(page).content.decode()
    desk.post(f"{page}deactivate/")
    staff.refresh_from_db()
    assert not staff.is_active
    desk.post(f"{page}reactivate/")
    staff.refresh_from_db()
    assert staff.is_active


def test_a_new_first_password_is_on_a_slip(desk, client, staff):
    answer = desk.post(f"/accounts/{staff.pk}/password/")
    (password,) = re.findall(r'slip-password">([^<]+)<', answer.content.decode())
    assert logs_in(client, staff.username, password)


def test_ones_own_account_offers_nothing_and_takes_nothing(desk, administrator):
    page = f"/accounts/{administrator.pk}/"
    assert not re.findall(rf'(?:action|href)="{page}[^"]+"', desk.get(page).content.decode())
    for address in deeds_on(administrator):
        assert desk.post(address).status_code == 403, address


def test_a_superusers_account_is_seen_and_left_alone(desk, host):
    above = MembershipFactory(organization=host, user__is_superuser=True).user
    assert desk.get(f"/accounts/{above.pk}/").status_code == 200
    for address in deeds_on(above):
        assert desk.post(address).status_code == 403, address


def test_a_superuser_who_works_in_the_host_keeps_its_accounts(signed_in, host, staff):
    above = MembershipFactory(organization=host, role=Role.LEADER, user__is_superuser=True).user
    client = signed_in(above)
    assert staff.username in shown(client.get("/accounts/"))
    assert client.post(f"/accounts/{staff.pk}/deactivate/").status_code == 302


def test_the_last_administrator_is_told_in_one_line(signed_in, host, administrator):
    above = MembershipFactory(organization=host, role=Role.LEADER, user__is_superuser=True).user
    client = signed_in(above)
    membership = administrator.memberships.get().pk
    address = f"/accounts/{administrator.pk}/memberships/{membership}/end/"
    page = client.post(address, follow=True)
    assert "last administrator" in page.content.decode()


def test_only_who_keeps_accounts_is_led_to_them(desk, signed_in, staff):
    link = 'href="/accounts/"'
    assert link in desk.get("/help/").content.decode()
    assert link not in signed_in(staff).get("/help/").content.decode()


def test_hosts_are_kept_apart_by_the_host_one_works_in(desk, administrator, host, staff, stranger):
    other = stranger.memberships.get().organization
    MembershipFactory(user=administrator, organization=other, role=Role.LEADER)
    desk.post("/host/", {"host": other.pk})
    assert desk.get("/accounts/").status_code == 403
    MembershipFactory(user=administrator, organization=other, role=Role.ADMINISTRATOR)
    assert shown(desk.get("/accounts/")) == [administrator.username, stranger.username]
    assert desk.get(f"/accounts/{staff.pk}/").status_code == 404


def test_nobody_of_no_host_has_accounts_to_keep(signed_in):
    assert signed_in(UserFactory(is_superuser=True)).get("/accounts/").status_code == 403
