"""The trail names who acted, from where and why, and never the one who was there before."""

import threading
from contextlib import suppress

import pytest
from django.db import connection, transaction

from audit.deeds import Deed, acting, acting_as, because, current_deed, for_its
from organizations.models import Group
from tests.audit.trail import newly_told, run_sql
from tests.factories.organizations import GroupFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    return GroupFactory()


def rename(group, name):
    Group.objects.filter(pk=group.pk).update(name=name)


def rename_and_fail(group, name):
    with suppress(ZeroDivisionError), transaction.atomic():
        rename(group, name)
        raise ZeroDivisionError


def test_the_acting_account_is_named_as_it_was_called_then(group):
    user = UserFactory(full_name="张甲", username="zhangjia")
    with newly_told(table="organizations_group") as told:
        with acting_as(user, source="command rename"), because("按文件改名"):
            rename(group, "镇街")
        user.full_name = "李乙"
        user.save()
    (entry,) = told
    assert (entry.actor, entry.actor_name) == (user.pk, "张甲 (zhangjia)")
    assert (entry.source, entry.why) == ("command rename", "按文件改名")


def test_after_the_deed_nobody_is_named(group):
    with newly_told() as told:
        with acting_as(UserFactory.build(pk=7, username="a"), source="web"), because("一"):
            rename(group, "甲")
        rename(group, "乙")
        run_sql("UPDATE organizations_group SET name = 'raw'")
    assert [(entry.actor, entry.source, entry.why) for entry in told] == [
        (7, "web", "一"),
        (None, "", ""),
        (None, "", ""),
    ]


def test_a_savepoint_rolled_back_takes_no_name_with_it(group):
    with newly_told() as told, acting_as(UserFactory.build(pk=7, username="a")):
        rename_and_fail(group, "甲")
        rename(group, "乙")
    assert [entry.actor for entry in told] == [7]


@pytest.mark.django_db(transaction=True)
def test_a_kept_connection_leaks_no_name(group):
    """Outside a transaction, in one, and after one that failed, on the same connection."""
    with newly_told() as told:
        with acting_as(UserFactory.build(pk=1, username="a")):
            rename(group, "1")
        rename(group, "2")
        with acting_as(UserFactory.build(pk=3, username="c")), transaction.atomic():
            rename(group, "3")
        rename(group, "4")
        with acting_as(UserFactory.build(pk=5, username="e")):
            rename_and_fail(group, "lost")
            with transaction.atomic():
                rename(group, "5")
        with transaction.atomic():
            rename(group, "6")
    assert [(entry.new["name"], entry.actor) for entry in told] == [
        ("1", 1),
        ("2", None),
        ("3", 3),
        ("4", None),
        ("5", 5),
        ("6", None),
    ]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('review.deed', true)")
            assert cursor.fetchone()[0] in (None, "")


@pytest.mark.django_db(transaction=True)
def test_each_thread_acts_for_its_own_account():
    groups = [GroupFactory() for _ in range(4)]

    def act(number):
        try:
            with acting_as(UserFactory.build(pk=number, username=f"u{number}")):
                for turn in range(3):
                    rename(groups[number], f"{number}-{turn}")
        finally:
            connection.close()

    with newly_told(table="organizations_group") as told:
        threads = [threading.Thread(target=act, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(told) == 12
    assert all(entry.new["name"].startswith(f"{entry.actor}-") for entry in told)


def test_who_it_is_is_asked_only_when_something_is_written(group):
    asked = []
    with acting(who=lambda: asked.append(1)):
        Group.objects.get(pk=group.pk)
    assert asked == []


def test_a_deed_is_explained_by_the_reason_it_is_given(group):
    @for_its("reason")
    def deed(group, name, *, reason=""):
        rename(group, name)

    with newly_told() as told:
        deed(group, "甲", reason="更名")
        deed(group, "乙")
    assert [entry.why for entry in told] == ["更名", ""]
    assert current_deed() == Deed(who=current_deed().who)
