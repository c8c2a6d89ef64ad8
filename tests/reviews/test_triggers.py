"""The database itself keeps history, whoever writes to it and however."""

import pytest
from django.db import DatabaseError, connection, transaction

from audit.guards import with_truncate
from reviews.models import Indicator, Publication, Rubric, Standing
from reviews.triggers import GUARDS, drop_triggers, install_triggers, missing_triggers
from tests.factories.reviews import RubricFactory, cycle_with_totals, published

pytestmark = pytest.mark.django_db


def is_refused(statement):
    """Whether the database refuses a statement for being against the freeze."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            assert cursor.rowcount, "nothing was there to be changed"
    except DatabaseError as error:
        return "is frozen" in str(error)
    return False


@pytest.fixture
def publication():
    return published(cycle_with_totals({"甲镇党委": 96.5, "乙镇党委": 95}))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reviews_publication SET reason = '更正'",
        "UPDATE reviews_publication SET digest = digest",
        "DELETE FROM reviews_publication",
        "UPDATE reviews_standing SET rank = 1",
        "UPDATE reviews_standing SET organization_name = '丁镇党委'",
        "DELETE FROM reviews_standing",
        "UPDATE reviews_cyclestep SET reason = '无'",
        "DELETE FROM reviews_cyclestep",
    ],
)
def test_what_was_published_cannot_be_changed_by_sql(publication, statement):
    assert is_refused(statement)
    assert Publication.objects.count() == 1
    assert Standing.objects.count() == 2


def test_what_was_published_cannot_be_replaced(publication):
    """SQLite's REPLACE deletes the row in its way, by default without asking the triggers."""
    with pytest.raises(DatabaseError), transaction.atomic():
        Publication.objects.bulk_create(
            [publication],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["digest"],
        )
    if connection.vendor == "sqlite":
        assert is_refused("REPLACE INTO reviews_publication SELECT * FROM reviews_publication")
    assert list(Publication.objects.values_list("digest", flat=True)) == [publication.digest]


@pytest.mark.parametrize("table", ["reviews_publication", "organizations_organization"])
def test_what_was_published_cannot_be_emptied_at_once(publication, table):
    """PostgreSQL's TRUNCATE asks no guard of rows; with CASCADE it reaches tables that refer to this one."""
    if connection.vendor == "postgresql":
        connection.check_constraints()  # else PostgreSQL refuses for what it has still to check
        with pytest.raises(DatabaseError, match=r"is (frozen|audited)"), transaction.atomic():
            connection.cursor().execute(f"TRUNCATE {table} CASCADE")
    assert Publication.objects.count() == 1


def test_what_was_published_cannot_be_changed_by_the_orm(publication):
    with pytest.raises(DatabaseError), transaction.atomic():
        Standing.objects.update(rank=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        publication.standings.all().delete()
    assert [row.rank for row in publication.standings.in_print_order()] == [1, 2]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reviews_indicator SET full_marks = 1",
        "DELETE FROM reviews_indicator",
        "UPDATE reviews_section SET name = '其他'",
        "DELETE FROM reviews_section",
        "UPDATE reviews_rubric SET full_total = 1",
        "UPDATE reviews_rubric SET places = 0",
        "UPDATE reviews_rubric SET state = 'draft'",
    ],
)
def test_a_rubric_in_force_cannot_be_edited(statement):
    RubricFactory(in_force=True)
    assert is_refused(statement)


def test_a_rubric_in_force_takes_no_more_indicators():
    rubric = RubricFactory(in_force=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        Indicator.objects.create(rubric=rubric, section=rubric.sections.get(), name="新指标", full_marks=1)


def test_a_draft_may_be_edited_and_deleted():
    rubric = RubricFactory()
    rubric.indicators.update(full_marks=50)
    rubric.sections.all().delete()
    rubric.delete()
    assert not Rubric.objects.exists()


def test_every_guard_is_installed():
    assert missing_triggers(connection) == []


def test_guards_that_vanished_are_noticed_and_put_back():
    drop_triggers(connection)
    assert len(missing_triggers(connection)) == len(with_truncate(GUARDS, connection.vendor))
    install_triggers(connection)
    install_triggers(connection)
    assert missing_triggers(connection) == []
