"""What a publication keeps, and how tampering with it shows."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.models import Group, Organization, Role
from rectification.closing import assign, strike_off, withdraw
from reviews.freezing import digest_of, is_intact
from reviews.models import DocumentSettings, Publication, ReviewCycle, Standing
from reviews.publishing import correct_publication, leave_out, step_back, verify_cycle
from reviews.raising import raise_findings
from reviews.reports.content import circular_content
from reviews.reports.renderers import RENDERERS
from reviews.triggers import drop_triggers, install_triggers
from tests.factories.items import in_days, raised, struck_off, submitted
from tests.factories.organizations import somebody
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
        """UPDATE reviews_publication SET rectification = '{"as_of": "2018-10-10", "quarters": []}'""",
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
            "mark": "中共某区委组织部",
            "is_sealed": False,
            "imprint_office": "某区委组织部办公室",
            "speaker": "区委组织部部长",
            "meeting": "全县基层党建工作点评会",
        },
    )
    cycle.meeting_on = datetime.date(2018, 10, 20)
    cycle.document_number = "×组通〔2018〕18号"
    cycle.rectify_by = datetime.date(2018, 10, 31)
    cycle.save(update_fields=["document_number", "rectify_by", "meeting_on"])


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
        "mark": "中共某区委组织部",
        "is_sealed": False,
        "imprint_office": "某区委组织部办公室",
        "speaker": "区委组织部部长",
        "meeting": "全县基层党建工作点评会",
        "meeting_on": "2018-10-20",
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
    assert circular_content(correction).mark == "中共某区委组织部"
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


# --- Items of rectification ----------------------------------------------------------------------


@pytest.fixture
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_a_publication_from_before_items_were_kept_has_the_digest_it_had():
    old = Publication(
        cycle=ReviewCycle(year=2018, number=3),
        number=1,
        host_name="某区委组织部",
        rank_method="dense",
        list_size=3,
        measure="places",
        document={"issuer": "某区委组织部"},
        published_at=datetime.datetime(2018, 10, 10, 1, tzinfo=datetime.UTC),
    )
    line = Standing(
        organization_name="甲镇党委",
        group_name="乡镇（街道）",
        group_position=1,
        position=1,
        rank=1,
        total=Decimal("96.5"),
        decimals=2,
        full_marks=Decimal(100),
    )
    assert digest_of(old, [line]) == "0d9bb51ebcefa9234f55c6142eb47d0c508465b6d5666b4cec8d0e44a1017352"


def test_a_publication_keeps_how_earlier_items_stood_and_nothing_later_changes_it(own_folder):
    cycle = cycle_with_totals({"甲镇党委": 90})
    unit = cycle.host.units.get()
    staff = somebody(Role.STAFF, cycle.host)
    struck_off(unit, by=staff, quarter="2018Q2")
    left = submitted(unit, quarter="2018Q2")
    raised(unit, quarter="2018Q1", audience="staff")
    raised(unit, quarter="2018Q4")
    publication = published(cycle, by=staff)
    kept = {
        "as_of": in_days(0).isoformat(),
        "quarters": [
            {"quarter": "2018Q2", "raised": 2, "on_time": 1, "late": 0, "carried_over": 1, "overdue": 0}
        ],
    }
    assert publication.rectification == kept
    strike_off(left, by=staff, seen=left.version)
    again = Publication.objects.get(pk=publication.pk)
    assert again.rectification == kept
    assert is_intact(again)
    assert "结转1项" in str(circular_content(again).paragraphs)


def test_without_earlier_items_it_says_nothing_of_them(publication):
    assert publication.rectification is None


def test_a_deduction_is_kept_with_the_person_and_date_of_its_item(own_folder):
    cycle = cycle_with_totals({"甲镇党委": 90})
    deduct(cycle, "甲镇党委", "主题党日", 1, "记录不全")
    deduct(cycle, "甲镇党委", "主题党日", 1, "缺签到表")
    staff = somebody(Role.STAFF, cycle.host)
    items = raise_findings(cycle, None, due_on=in_days(30), by=staff).items
    assign(items[0], by=staff, seen=1, responsible="甲镇党委组织委员")
    withdraw(items[1], "误扣", by=staff, seen=1)
    frozen = standing(published(cycle, by=staff), "甲镇党委").scores[1]["deductions"]
    due = {"responsible": "甲镇党委组织委员", "due_on": in_days(30).isoformat()}
    assert frozen == [
        {"points": "1", "reason": "记录不全"} | due,
        {"points": "1", "reason": "缺签到表"},
    ]
