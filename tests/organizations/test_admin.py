"""The administration: accounts and memberships, for administrators only."""

import pytest
from django.contrib import admin
from django.urls import reverse

from organizations.models import Membership, Role, User
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db

NO_INLINES = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}


@pytest.fixture
def administration(signed_in):
    return signed_in(UserFactory(is_staff=True, is_superuser=True))


def test_an_administrator_gives_an_account_and_a_membership(administration, unit):
    secret = "quarterly review 2019"
    given = {"username": "wang", "full_name": "王某", "password1": secret, "password2": secret}
    given |= {"usable_password": "true", **NO_INLINES}
    assert administration.post(reverse("admin:organizations_user_add"), given).status_code == 302
    user = User.objects.get(username="wang")
    assert (str(user), user.check_password(secret)) == ("王某", True)
    given = {"user": user.pk, "organization": unit.pk, "role": Role.SECRETARY}
    assert administration.post(reverse("admin:organizations_membership_add"), given).status_code == 302
    assert Membership.objects.get(user=user).organization == unit


@pytest.mark.parametrize("model", ["user", "membership", "organization", "group"])
def test_every_list_opens_can_be_searched_and_leads_to_its_rows(administration, secretary, model):
    rows = admin.site._registry
    (kind,) = [each for each in rows if each._meta.model_name == model]
    listing = reverse(f"admin:organizations_{model}_changelist")
    assert administration.get(listing, {"q": "甲"}).status_code == 200
    row = kind._default_manager.first()
    assert (
        administration.get(reverse(f"admin:organizations_{model}_change", args=[row.pk])).status_code == 200
    )


def test_scores_and_standings_are_not_there():
    assert {model._meta.app_label for model in admin.site._registry} == {"organizations"}


@pytest.mark.parametrize("who", ["staff", "leader", "secretary"])
def test_nobody_else_gets_in(request, signed_in, who):
    client = signed_in(request.getfixturevalue(who))
    assert client.get("/admin/").status_code == 404
    assert client.get(reverse("admin:organizations_user_changelist")).status_code == 404
