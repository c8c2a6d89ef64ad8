"""Whatever changes a row leaves an entry, in the transaction of the change; nothing changes an entry."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit.audited import MASK, declared
from audit.models import Entry
from audit.triggers import install, lift_before_migrate, missing
from organizations.models import Group, Organization, User
from rectification.models import ReminderSent, SavedFilter
from reviews.models import Score
from reviews.score_rows import write_in_one, write_scores
from tests.audit.trail import newly_told, run_sql
from tests.factories.organizations import GroupFactory, HostFactory, UnitFactory, UserFactory
from tests.factories.reviews import cycle_with_totals, published

pytestmark = pytest.mark.django_db

# Of our own tables the trail tells of all but these.
UNTOLD = {
    "audit_entry": "the trail itself",
    "rectification_remindersent": "a mark that keeps a mail from being sent twice",
    "rectification_savedfilter": "a bookmark of one's own",
    "reviews_batchchange": "what an import replaced, which the scores' entries tell",
    "reviews_standing": "a copy that nothing edits, sealed by its publication's digest",
}

PLAN = [(SimpleNamespace(app_label="organizations"), False)]


@pytest.fixture
def group():
    return GroupFactory(name="乡镇（街道）", position=1)


@pytest.fixture
def score():
    cycle = cycle_with_totals({"甲镇党委": 90})
    return Score.objects.filter(review__cycle=cycle).order_by("pk").first()


def test_every_table_is_audited_or_says_why_not():
    ours = {
        model._meta.db_table
        for app in ("audit", "organizations", "rectification", "reviews")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }
    assert ours == set(declared()) | set(UNTOLD)
    assert {ReminderSent._meta.db_table, SavedFilter._meta.db_table} <= set(UNTOLD)


def test_a_new_row_is_told_whole():
    with newly_told(table="organizations_group") as told:
        group = GroupFactory(name="系统单位", position=2)
    (entry,) = told
    assert (entry.operation, entry.key, entry.host) == ("insert", group.pk, group.host_id)
    assert (entry.old, entry.new["name"], entry.new["position"]) == (None, "系统单位", 2)
    assert abs(timezone.now() - entry.at) < timedelta(minutes=1)


def change_by_save(group):
    group.name = "镇街"
    group.save()


def change_by_update(group):
    Group.objects.filter(pk=group.pk).update(name="镇街")


def change_in_bulk(group):
    group.name = "镇街"
    Group.objects.bulk_update([group], ["name"])


def change_by_upsert(group):
    group.name = "镇街"
    Group.objects.bulk_create([group], update_conflicts=True, unique_fields=["id"], update_fields=["name"])


def change_by_sql(group):
    run_sql("UPDATE organizations_group SET name = %s WHERE id = %s", "镇街", group.pk)


def change_by_cte(group):
    run_sql(
        "WITH wanted AS (SELECT id FROM organizations_group WHERE id = %s)"
        " UPDATE organizations_group SET name = %s WHERE id IN (SELECT id FROM wanted)",
        group.pk,
        "镇街",
    )


@pytest.mark.parametrize(
    "change",
    [change_by_save, change_by_update, change_in_bulk, change_by_upsert, change_by_sql, change_by_cte],
)
def test_a_change_is_told_however_it_is_made_and_only_what_changed(group, change):
    with newly_told() as told:
        change(group)
    (entry,) = told
    assert (entry.operation, entry.key) == ("update", group.pk)
    assert (entry.old, entry.new) == ({"name": "乡镇（街道）"}, {"name": "镇街"})


def test_what_changes_nothing_is_not_told(group):
    with newly_told() as told:
        group.save()
        run_sql("UPDATE organizations_group SET name = name")
    assert told == []


def test_rows_added_in_bulk_are_told_each():
    host = HostFactory()
    with newly_told(table="organizations_organization") as told:
        units = Organization.objects.bulk_create(
            [Organization(parent=host, name=f"第{n}支部") for n in range(3)]
        )
    assert [(entry.operation, entry.key) for entry in told] == [("insert", unit.pk) for unit in units]


@pytest.mark.parametrize("by_sql", [True, False])
def test_a_deleted_row_is_told_whole(group, by_sql):
    key = group.pk
    with newly_told(table="organizations_group") as told:
        if by_sql:
            run_sql("DELETE FROM organizations_group WHERE id = %s", key)
        else:
            group.delete()
    (entry,) = told
    assert (entry.operation, entry.key, entry.old["name"], entry.new) == ("delete", key, "乡镇（街道）", None)


def test_a_row_that_takes_another_key_is_told(group):
    old, new = group.pk, group.pk + 1000
    with newly_told() as told:
        run_sql("UPDATE organizations_group SET id = %s WHERE id = %s", new, old)
    assert {old, new} <= {entry.key for entry in told} | {(entry.old or {}).get("id") for entry in told}


def test_many_to_many_rows_are_told_of_their_unit():
    unit, former = UnitFactory(), UnitFactory()
    with newly_told() as told:
        unit.predecessors.add(former)
        unit.predecessors.clear()
    assert [(e.operation, e.subject_table, e.subject_key) for e in told] == [
        ("insert", "organizations_organization", unit.pk),
        ("delete", "organizations_organization", unit.pk),
    ]


@pytest.mark.parametrize("write", [lambda scores: write_scores(scores), write_in_one])
def test_scores_written_over_are_told_with_their_review(score, write):
    review = score.review
    before, score.points = score.points, Decimal("7.5")
    with newly_told(table="reviews_score") as told:
        write([score])
    (entry,) = told
    assert (entry.old, entry.new) == ({"points": int(before * 10_000)}, {"points": 75_000})
    assert (entry.subject_table, entry.subject_key) == ("reviews_review", review.pk)
    assert (entry.host, entry.draft_of) == (review.cycle.host_id, review.cycle_id)


def test_a_change_that_is_rolled_back_leaves_no_entry(group):
    with newly_told() as told, suppress(ZeroDivisionError), transaction.atomic():
        change_by_update(group)
        raise ZeroDivisionError
    assert told == []


def test_large_bodies_are_told_by_their_digest():
    with newly_told(table="reviews_publication") as told:
        published(cycle_with_totals({"甲镇党委": 90}))
    (entry,) = told
    assert len(entry.new["document"]) == 64
    assert entry.new["number"] == 1


def test_neither_password_hash_nor_last_login_is_ever_told():
    with newly_told() as told:
        user = UserFactory()
        user.set_password("ein neues Wort")
        user.save()
        User.objects.filter(pk=user.pk).update(last_login=timezone.now())
        user.delete()
    assert [entry.operation for entry in told] == ["insert", "update", "delete"]
    assert (told[1].old, told[1].new) == ({"password": MASK}, {"password": MASK})
    for entry in told:
        assert user.password not in f"{entry.old}{entry.new}"
        assert "last_login" not in f"{entry.old}{entry.new}"


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET why = ''", "DELETE FROM audit_entry"])
def test_the_trail_itself_cannot_be_changed(group, statement):
    with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic():
        run_sql(statement)
    assert Entry.objects.exists()


def test_emptying_a_table_behind_the_triggers_is_refused(group):
    if connection.vendor == "postgresql":  # SQLite has no TRUNCATE: its DELETE asks the triggers
        run_sql("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="TRUNCATE refused"), transaction.atomic():
            run_sql("TRUNCATE organizations_group CASCADE")
    assert Group.objects.exists()


def test_migrating_leaves_every_trigger_in_place():
    assert missing(connection) == []


def test_a_trigger_that_vanished_or_was_altered_is_noticed_and_put_back():
    on_table = " ON reviews_score" if connection.vendor == "postgresql" else ""
    run_sql(f"DROP TRIGGER audit_reviews_score_update{on_table}")
    assert missing(connection) == ["audit_reviews_score_update"]
    install(connection)
    assert missing(connection) == []


@pytest.mark.django_db(transaction=True)
def test_a_rebuilt_table_has_its_triggers_and_its_new_column_again():
    """As a migration does it: lifted before, since SQLite refuses to rename a table that triggers name."""
    column = Group._meta.get_field("position")
    longer = type(column)(default=7)
    longer.set_attributes_from_name("weight")
    longer.model = Group
    group = GroupFactory()
    lift_before_migrate(plan=PLAN)
    with connection.schema_editor() as editor:
        editor.add_field(Group, longer)
    call_command("migrate", verbosity=0)
    assert missing(connection) == []
    with newly_told() as told:
        run_sql("UPDATE organizations_group SET weight = 9 WHERE id = %s", group.pk)
    assert [entry.new for entry in told] == [{"weight": 9}]
    lift_before_migrate(plan=PLAN)
    with connection.schema_editor() as editor:
        editor.remove_field(Group, longer)
    call_command("migrate", verbosity=0)
    assert missing(connection) == []
