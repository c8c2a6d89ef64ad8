"""The circular of a publication as the database keeps it."""

import datetime
from decimal import Decimal

import pytest

from organizations.models import Group, Organization, Role, User
from reviews.models import Publication, ReviewCycle, Standing
from reviews.publishing import correct_publication, step_back, verify_cycle
from reviews.reports.content import circular_content, draft_of_publication, heading_of, prepared_results
from reviews.reports.fields import filled
from reviews.reports.prose import draft_circular
from tests.factories.organizations import somebody
from tests.factories.reviews import cycle_with_totals, give_total, ready_host, scored_at_once
from tests.factories.reviews import published as publish

pytestmark = pytest.mark.django_db


DOCUMENT = {
    "issuer": "区委组织部",
    "area": "全区",
    "addressee": "",
    "copies_to": "",
    "letterhead": "none",
    "document_number": "",
    "rectify_by": None,
}


def published(cycle: ReviewCycle, totals: dict[str, tuple[int | None, str | None]], **fields) -> Publication:
    """Freeze ranks and totals by unit, as publishing does; a unit keeps its row between publications."""
    publication = Publication.objects.create(
        cycle=cycle,
        host_name="区委组织部",
        rank_method="dense",
        list_size=3,
        measure="places",
        published_at=datetime.datetime(2018, 10, 7, 16, 30, tzinfo=datetime.UTC),
        published_by=User.objects.get_or_create(username="staff")[0],
        digest="0123456789abcdef" * 4,
        **{"document": DOCUMENT} | fields,
    )
    group, _new = Group.objects.get_or_create(host=cycle.host, name="乡镇")
    ends = {1: "top_place", max(rank for rank, _total in totals.values() if rank): "last_place"}
    for position, (name, (rank, total)) in enumerate(totals.items()):
        unit, _new = Organization.objects.get_or_create(parent=cycle.host, name=name)
        Standing.objects.create(
            publication=publication,
            organization=unit,
            organization_name=name,
            group=group,
            group_name="乡镇",
            group_position=1,
            position=position,
            rank=rank,
            total=None if total is None else Decimal(total),
            full_marks=Decimal(100),
            rubric_key="",
            unranked_reason="" if rank else "新设立",
            scores=[SCORE] if rank == 2 else [],
            **({ends[rank]: rank} if rank in ends else {}),
        )
    return publication


SCORE = {
    "section": "基础工作",
    "indicator": "党费收缴",
    "is_bonus": False,
    "full_marks": "5.0000",
    "points": "4.5000",
    "applies": True,
    "reason": "",
    "deductions": [{"points": "0.5000", "reason": "收缴滞后"}],
}


@pytest.fixture
def cycle() -> ReviewCycle:
    host = Organization.objects.create(name="区委组织部")
    return ReviewCycle.objects.create(host=host, year=2018, number=3)


@pytest.fixture
def publication(cycle: ReviewCycle) -> Publication:
    return published(cycle, {"甲": (1, "95"), "乙": (2, "90"), "丙": (None, None)})


def text_of(publication: Publication) -> str:
    return "\n".join(each.lead + each.text for each in circular_content(publication).paragraphs)


def test_the_circular_says_what_was_published(publication):
    text = text_of(publication)
    assert "乡镇第一名：甲。最后一名：乙。" in text
    assert "党费收缴方面，收缴滞后，涉及乙。" in text
    assert "丙（新设立）" in text


def test_it_is_dated_by_the_hosts_calendar(publication):
    """16:30 UTC is already the next day in Shanghai."""
    assert circular_content(publication).signature.date == "2018年10月8日"


def test_a_later_rename_leaves_it_alone(publication):
    before = circular_content(publication)
    Organization.objects.filter(name="甲").update(name="改名后的甲")
    Group.objects.update(name="改名后的乡镇")
    Organization.objects.filter(pk=publication.cycle.host_id).update(name="改名后的区委组织部")
    assert circular_content(Publication.objects.get()) == before


def test_it_is_headed_and_signed_as_it_was_published(cycle):
    document = {
        "issuer": "中共某区委组织部",
        "area": "全县",
        "addressee": "各乡镇党委：",
        "copies_to": "市委组织部。",
        "letterhead": "electronic",
        "document_number": "×组通〔2018〕18号",
        "rectify_by": "2018-10-31",
    }
    publication = published(cycle, {"甲": (1, "95"), "乙": (2, "90")}, document=document)
    circular = circular_content(publication)
    assert circular.signature.signer == "中共某区委组织部"
    assert circular.mark == "中共某区委组织部文件"
    assert circular.letterhead == "electronic"
    assert circular.document_number == "×组通〔2018〕18号"
    assert circular.addressee == "各乡镇党委"
    assert circular.imprint.copies_to == "市委组织部"
    assert "区委组织部采取“四不两直”方式，对全县2个乡镇" in text_of(publication)
    assert "于2018年10月31日前完成" in text_of(publication)


def test_seal_mark_and_printing_office_are_those_of_the_publication(cycle):
    settings = {"is_sealed": False, "mark": "中共某区委组织部", "imprint_office": "某区委组织部办公室"}
    publication = published(cycle, {"甲": (1, "95"), "乙": (2, "90")}, document=DOCUMENT | settings)
    circular = circular_content(publication)
    assert circular.mark == "中共某区委组织部"
    assert circular.signature.is_sealed is False
    assert circular.imprint.office == "某区委组织部办公室"


def test_whom_and_when_the_speech_names_is_kept_too(cycle):
    settings = {"speaker": "区委组织部部长", "meeting": "点评会", "meeting_on": "2018-10-20"}
    publication = published(cycle, {"甲": (1, "95"), "乙": (2, "90")}, document=DOCUMENT | settings)
    heading = heading_of(publication)
    assert (heading.speaker, heading.meeting) == ("区委组织部部长", "点评会")
    assert heading.meeting_on == datetime.date(2018, 10, 20)


def test_a_publication_older_than_these_settings_prints_as_it_did(cycle):
    """DOCUMENT has only the keys of that day."""
    circular = circular_content(published(cycle, {"甲": (1, "95"), "乙": (2, "90")}))
    assert circular.signature.is_sealed
    assert (circular.mark, circular.imprint.office) == ("区委组织部文件", "区委组织部")


def test_a_correction_shows_old_beside_new(cycle, publication):
    totals = {"甲": (1, "95"), "乙": (3, "80"), "丁": (2, "85")}
    correction = published(cycle, totals, number=2, reason="乙录入有误")
    circular = circular_content(correction)
    assert circular.title.endswith("（更正）")
    changed = next(each for each in circular.attachments if "更正对照表" in each.name)
    assert changed.rows == (
        ("乡镇", "丁", "—", "—", "2", "85.00"),
        ("乡镇", "乙", "2", "90.00", "3", "80.00"),
    )
    assert "更正" not in circular_content(publication).title


@pytest.fixture
def compared(db) -> Publication:
    """A quarter in which 丙 came from the last place to the first by one indicator alone."""
    then, now = {"甲": 90, "乙": 80, "丙": 70}, {"甲": 90, "乙": 80, "丙": 95}
    first = cycle_with_totals(then, quarter="2018Q1")
    by = somebody(Role.STAFF, first.host)
    publish(first, by=by)
    return publish(cycle_with_totals(now, host=first.host), by=by)


REASON = "为丙，主要是主题党日得分提高"


def test_who_rose_furthest_is_told_with_what_the_baseline_had_published(compared):
    assert REASON in text_of(compared)


def test_the_draft_of_a_quarter_tells_the_same(compared):
    drafted = prepared_results(draft_of_publication(compared.cycle))
    text = draft_circular(drafted, heading_of(compared))
    assert REASON in filled("".join(block.text for block in text.blocks), text.fields)


def test_a_correction_tells_it_from_the_baseline_and_not_from_what_it_corrects(compared):
    cycle, by = compared.cycle, compared.published_by
    step_back(cycle, by=by, reason="复核")
    give_total(cycle, "丙", 99)
    verify_cycle(cycle, by=by)
    text = text_of(correct_publication(cycle, by=by, reason="复核"))
    assert REASON in text


@pytest.mark.parametrize("units", [3, 30])
def test_a_baseline_costs_no_query_of_its_own(units, db, django_assert_num_queries):
    totals = {f"单位{number}": number for number in range(units)}
    first = scored_at_once(ready_host(*totals), "2018Q1", totals)
    publish(first)
    publication = publish(scored_at_once(first.host, "2018Q3", totals))
    with django_assert_num_queries(2):
        circular_content(publication)


@pytest.mark.parametrize("units", [2, 30])
def test_it_costs_three_queries_at_any_length(cycle, units, django_assert_num_queries):
    totals = {f"单位{number}": (number, str(100 - number)) for number in range(1, units + 1)}
    published(cycle, totals)
    publication = Publication.objects.get()
    with django_assert_num_queries(3):
        circular_content(publication)
