"""What a publication keeps, and how tampering with it shows."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.models import Group, Organization
from reviews.freezing import digest_of, is_intact
from reviews.models import DocumentSettings, Publication, Standing
from reviews.publishing import correct_publication, leave_out, step_back, verify_cycle
from reviews.reports.content import circular_content
from reviews.reports.renderers import RENDERERS
from reviews.triggers import drop_triggers, install_triggers
from tests.factories.reviews import cycle_with_totals, deduct, published, review_of, score

pytestmark = pytest.mark.django_db


@pytest.fixture
def publication():
    cycle = cycle_with_totals({"甲镇党委": 96.5, "乙镇党委": 95, "丙镇党委": None})
    score(cycle, "甲镇党委", {"主题党日": 36})
    deduct(cycle, "乙镇党委", "主题党日", "0.5", "会议记录不完整")
    return published(cycle)


def standing(publication, unit):
    return publication.standings.get(organization_name=unit)


def tamper(statement, *values):
    """Change a frozen row as somebody with the database's password would, its triggers out of the way."""
    drop_triggers(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    install_triggers(connection)


def test_a_publication_keeps_every_score_with_its_deductions(publication):
    frozen = standing(publication, "乙镇党委").scores
    assert [row["indicator"] for row in frozen] == ["三会一课", "主题党日"]
    assert frozen[1] == {
        "section": "基础工作",
        "indicator": "主题党日",
        "is_bonus": False,
        "full_marks": "40",
        "points": "39.5",
        "applies": True,
        "reason": "",
        "deductions": [{"points": "0.5", "reason": "会议记录不完整"}],
    }


def test_an_unranked_unit_is_kept_with_its_reason(publication):
    row = standing(publication, "丙镇党委")
    assert (row.rank, row.total, row.unranked_reason) == (None, None, "本季度免检")


def test_totals_and_places_are_kept(publication):
    assert [
        (row.organization_name, row.rank, row.total)
        for row in publication.standings.in_print_order()
        if row.rank
    ] == [("乙镇党委", 1, Decimal("99.5")), ("甲镇党委", 2, Decimal(96))]


def test_a_publication_is_intact_as_it_was_written(publication):
    assert is_intact(Publication.objects.get(pk=publication.pk))


def test_renaming_a_unit_or_its_group_leaves_the_digest_alone(publication):
    Organization.objects.filter(name="甲镇党委").update(name="甲街道党工委")
    Group.objects.update(name="镇街")
    assert is_intact(Publication.objects.get(pk=publication.pk))
    assert standing(publication, "甲镇党委").group_name == "乡镇（街道）"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reviews_standing SET total = total + 1 WHERE rank = 2",
        "UPDATE reviews_standing SET rank = 1 WHERE rank = 2",
        "UPDATE reviews_standing SET organization_name = '丁镇党委' WHERE rank = 2",
        "UPDATE reviews_standing SET unranked_reason = '换届' WHERE rank IS NULL",
        "UPDATE reviews_standing SET scores = '[]' WHERE rank = 2",
        "DELETE FROM reviews_standing WHERE rank = 2",
        "UPDATE reviews_publication SET host_name = '某市委组织部'",
        "UPDATE reviews_publication SET list_size = 5",
        """UPDATE reviews_publication SET document = '{"issuer": "某市委组织部"}'""",
    ],
)
def test_the_digest_shows_tampering(publication, statement):
    tamper(statement)
    assert not is_intact(Publication.objects.get(pk=publication.pk))


def test_the_digest_does_not_depend_on_the_order_of_rows(publication):
    rows = list(publication.standings.all())
    assert digest_of(publication, reversed(rows)) == publication.digest


def set_otherwise(cycle):
    """Change everything that documents print besides the figures."""
    DocumentSettings.objects.update_or_create(
        host=cycle.host,
        defaults={
            "issuer": "中共某区委组织部",
            "area": "全县",
            "addressee": "各乡镇党委",
            "copies_to": "市委组织部",
            "letterhead": "electronic",
        },
    )
    cycle.document_number = "×组通〔2018〕18号"
    cycle.rectify_by = datetime.date(2018, 10, 31)
    cycle.save(update_fields=["document_number", "rectify_by"])


def test_a_publication_keeps_how_its_documents_are_headed_and_signed():
    cycle = cycle_with_totals({"甲镇党委": 90})
    set_otherwise(cycle)
    assert published(cycle).document == {
        "issuer": "中共某区委组织部",
        "area": "全县",
        "addressee": "各乡镇党委",
        "copies_to": "市委组织部",
        "letterhead": "electronic",
        "document_number": "×组通〔2018〕18号",
        "rectify_by": "2018-10-31",
    }


def test_without_settings_a_publication_keeps_what_is_usual(publication):
    document = publication.document
    assert document["issuer"] == publication.cycle.host.name
    assert (document["area"], document["letterhead"]) == ("全区", "none")
    assert (document["document_number"], document["rectify_by"]) == ("", None)


@pytest.mark.parametrize("format_name", RENDERERS)
def test_settings_changed_afterwards_leave_its_documents_alone(publication, format_name):
    def printed():
        return RENDERERS[format_name](circular_content(Publication.objects.get())).body

    before = printed()
    set_otherwise(publication.cycle)
    assert printed() == before
    assert is_intact(Publication.objects.get())


def test_a_correction_is_headed_as_its_host_now_heads_documents(publication):
    cycle, staff = publication.cycle, publication.published_by
    set_otherwise(cycle)
    step_back(cycle, by=staff, reason="录入有误")
    verify_cycle(cycle, by=staff)
    correction = correct_publication(cycle, by=staff, reason="录入有误")
    assert circular_content(correction).mark == "中共某区委组织部文件"
    assert circular_content(publication).document_number == ""


def test_freezing_costs_the_same_queries_at_any_size():
    counts = []
    for size in (3, 30):
        cycle = cycle_with_totals({f"第{size}-{number}镇党委": 90 for number in range(size)})
        with CaptureQueriesContext(connection) as queries:
            published(cycle)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert Standing.objects.count() == 33


def test_a_unit_left_out_has_no_rank_though_it_has_scores():
    cycle = cycle_with_totals({"甲镇党委": 90, "乙镇党委": 80})
    leave_out(review_of(cycle, "甲镇党委"), state="exempt", reason="重大任务")
    publication = published(cycle)
    assert standing(publication, "甲镇党委").unranked_reason == "重大任务"
    assert standing(publication, "乙镇党委").rank == 1
