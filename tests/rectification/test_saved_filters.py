"""Filters that somebody keeps under a name: one's own only, by host."""

import pytest
from django.db import IntegrityError, transaction

from organizations.models import Role
from rectification.models import SavedFilter
from rectification.saved_filters import MOST, save_filter
from tests.factories.items import raised
from tests.factories.organizations import somebody
from tests.reviews.views.answers import text_of

SAVE = "/items/filters/"


@pytest.fixture
def client(staff, signed_in):
    return signed_in(staff)


def saved(client, name, query):
    return client.post(SAVE, {"name": name, "query": query}, follow=True)


def test_a_filter_is_saved_and_chosen(unit, client):
    raised(unit)
    answer = saved(client, " 本月逾期 ", f"overdue=1&unit={unit.pk}")
    kept = SavedFilter.objects.get()
    assert (kept.name, kept.query) == ("本月逾期", f"unit={unit.pk}&overdue=1")
    assert answer.request["QUERY_STRING"] == kept.query
    assert f'<a href="{kept.get_absolute_url()}">本月逾期</a>'.replace("&", "&amp;") in text_of(
        client.get("/items/")
    )


def test_the_same_name_again_takes_the_new_filter(unit, client):
    raised(unit)
    saved(client, "常用", "overdue=1")
    saved(client, "常用", "soon=1")
    assert SavedFilter.objects.get().query == "soon=1"


def test_it_is_deleted(staff, host, client):
    kept = save_filter(staff, host, "常用", "overdue=1")
    client.post(f"/items/filters/{kept.pk}/delete/")
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("", "overdue=1"),
        (" \x00 ", "overdue=1"),
        ("字" * 31, "overdue=1"),
        ("常用", ""),
        ("常用", "state=gone&utm=1"),
    ],
)
def test_what_cannot_be_kept_is_one_message(name, query, unit, client):
    raised(unit)
    answer = saved(client, name, query)
    assert text_of(answer).count("notice-error") == 1
    assert not SavedFilter.objects.exists()


def test_there_is_a_limit(staff, host, client):
    for number in range(MOST):
        save_filter(staff, host, f"筛选{number}", "overdue=1")
    assert "delete one first" in text_of(saved(client, "再一个", "overdue=1"))
    saved(client, "筛选1", "soon=1")
    assert SavedFilter.objects.count() == MOST
    assert SavedFilter.objects.get(name="筛选1").query == "soon=1"


def test_those_of_others_are_not_found(host, unit, staff, secretary, signed_in):
    raised(unit)
    kept = save_filter(staff, host, "我的筛选", "overdue=1")
    for person in (somebody(Role.STAFF, host), secretary):
        client = signed_in(person)
        assert "我的筛选" not in text_of(client.get("/items/"))
        assert client.post(f"/items/filters/{kept.pk}/delete/").status_code == 404
    assert SavedFilter.objects.exists()


def test_a_saved_filter_of_something_gone_says_so(unit, client):
    raised(unit)
    assert client.get("/items/?unit=987654").status_code == 422


def test_the_database_keeps_a_name_once(staff, host):
    save_filter(staff, host, "常用", "overdue=1")
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedFilter.objects.create(user=staff, host=host, name="常用", query="soon=1")
