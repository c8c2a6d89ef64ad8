"""Places of a document that do not agree with the results: marked, accepted, mended, and publishing waits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import translation

from organizations.models import FormerName, Organization
from reviews.models import CycleState, Publication, ReportAcceptance, ReportVersion
from reviews.outstanding import open_points
from reviews.publishing import NotReadyToPublish, correct_publication, publish_cycle, step_back, verify_cycle
from reviews.report_limits import TextRefused
from reviews.report_remarks import (
    RemarkRefused,
    accept_remark,
    documents_to_check,
    documents_written_in,
    mend_remark,
    remarks_of,
)
from reviews.report_texts import composition, restore_text, save_text
from reviews.reports.blocks import Block
from reviews.reports.content import frozen_text
from reviews.reports.fields import filled
from tests.factories.organizations import somebody
from tests.factories.reports import wrote_in
from tests.factories.reviews import add_group, cycle_with_totals, give_total, ready_host

TOTALS = {"甲镇党委": 96, "乙镇党委": 90, "丙镇党委": 80, "丁镇党委": 70}


@pytest.fixture
def host(db):
    return ready_host(*TOTALS)


@pytest.fixture
def cycle(host, staff):
    return verify_cycle(cycle_with_totals(TOTALS, host=host), by=staff)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Texts in the language they are written in."""
    with translation.override("en"):
        yield


def marked(cycle, kind="circular"):
    """The words that are marked and not accepted."""
    return [each.remark.says for each in remarks_of(composition(cycle, kind)) if each.is_open]


def text_of(cycle, kind="circular"):
    text = composition(cycle, kind).text
    return "\n".join(filled(block.lead + block.text, text.fields) for block in text.blocks)


def rescored(cycle, staff, **totals):
    """Open entry again, change totals, close it."""
    step_back(cycle, by=staff, reason="核对")
    for unit, total in totals.items():
        give_total(cycle, unit, total)
    return verify_cycle(cycle, by=staff)


# --- Marks ----------------------------------------------------------------------------------------


def test_a_document_nobody_wrote_in_has_none(cycle):
    assert marked(cycle) == marked(cycle, "speech") == []


def test_a_figure_that_was_right_is_marked_when_the_results_change(cycle, staff):
    assert wrote_in(cycle, "甲镇党委得分96分，位居第一名。", by=staff) == []
    rescored(cycle, staff, 乙镇党委=98)
    assert marked(cycle) == ["位居第一名"]
    (remark,) = remarks_of(composition(cycle, "circular"))
    assert remark.remark.truth.endswith("第2名，得分96.00分")


def test_a_unit_found_by_a_name_it_bears_no_more_is_told_its_name_of_now(cycle, staff):
    wrote_in(cycle, "甲镇党委位居第一名。", by=staff)
    unit = Organization.objects.get(name="甲镇党委")
    Organization.objects.filter(pk=unit.pk).update(name="甲街道党工委")
    FormerName.objects.create(organization=unit, name="甲镇党委")
    assert marked(cycle) == ["甲镇党委"]
    mend(cycle, staff)
    assert marked(cycle) == []
    assert "甲街道党工委位居第一名。" in text_of(cycle)


def test_a_field_that_nothing_fills_any_more_is_marked_and_can_be_taken_out(cycle, staff, monkeypatch):
    # As if its units had lost the points since: no text is saved with a field that never was.
    monkeypatch.setattr("reviews.report_texts.require_sound", lambda *args: None)
    wrote_in(cycle, "涉及⟦i0123456789.units⟧有关单位。", by=staff)
    assert marked(cycle) == [""]
    mend(cycle, staff)
    assert "涉及有关单位。" in text_of(cycle)


def test_a_figure_without_its_group_keeps_what_it_was_when_written(host, staff):
    """Two groups: nothing in the sentence tells which average is meant, only that it was one's."""
    systems = {"林业局": 99, "水电公司": 97}
    add_group(host, "系统单位", *systems)
    cycle = verify_cycle(cycle_with_totals(TOTALS | systems, host=host), by=staff)
    assert wrote_in(cycle, "今年平均得分98分，来之不易。", by=staff) == []
    rescored(cycle, staff, 林业局=95)
    assert marked(cycle) == ["98分"]
    wrote_in(cycle, "另写一段。", by=staff)  # a later version remembers it as well
    (remark,) = remarks_of(composition(cycle, "circular"))
    assert remark.remark.truth == "系统单位平均得分现为96.00分"
    mend(cycle, staff)
    assert "今年平均得分96.00分，来之不易。" in text_of(cycle)


def test_a_version_taken_up_again_remembers_its_figures(cycle, staff):
    wrote_in(cycle, "平均得分84分。", by=staff)
    change(cycle, staff, "平均得分84分。", "工作扎实。")
    first, second = ReportVersion.objects.order_by("number")
    assert "bound" not in second.text
    assert restore_text(first, seen=2, by=staff).text["bound"] == first.text["bound"]


# --- Accepting ------------------------------------------------------------------------------------


def test_an_accepted_place_is_kept_with_who_and_why(cycle, staff):
    (place,) = wrote_in(cycle, "丁镇党委位居前三名。", by=staff)
    acceptance = accept_remark(cycle, "circular", place.remark.fingerprint, reason=" 上年口径 ", by=staff)
    assert marked(cycle) == []
    assert (acceptance.reason, acceptance.accepted_by) == ("上年口径", staff)
    assert acceptance.sentence == "丁镇党委位居前三名。"
    again = accept_remark(cycle, "circular", place.remark.fingerprint, reason="再次", by=staff)
    assert again == acceptance


def test_it_lapses_when_the_sentence_changes(cycle, staff):
    (place,) = wrote_in(cycle, "丁镇党委位居前三名。", by=staff)
    accept_remark(cycle, "circular", place.remark.fingerprint, reason="口径", by=staff)
    change(cycle, staff, "丁镇党委位居前三名。", "丁镇党委始终位居前三名。")
    assert marked(cycle) == ["位居前三名"]
    change(cycle, staff, "丁镇党委始终位居前三名。", "丁镇党委位居前三名。")
    assert marked(cycle) == []


def test_it_lapses_when_the_truth_changes_but_not_with_another_sentence(cycle, staff):
    (place,) = wrote_in(cycle, "丁镇党委位居前三名。", by=staff)
    accept_remark(cycle, "circular", place.remark.fingerprint, reason="口径", by=staff)
    change(cycle, staff, "丁镇党委位居前三名。", "开头一句。丁镇党委位居前三名。")
    assert marked(cycle) == []
    rescored(cycle, staff, 丁镇党委=71)
    assert marked(cycle) == ["位居前三名"]


@pytest.mark.parametrize("reason", ["", "   ", "长" * 201])
def test_it_needs_a_reason(reason, cycle, staff):
    (place,) = wrote_in(cycle, "丁镇党委位居前三名。", by=staff)
    with pytest.raises(RemarkRefused, match=r"Say why|at most 200"):
        accept_remark(cycle, "circular", place.remark.fingerprint, reason=reason, by=staff)
    assert not ReportAcceptance.objects.exists()


def test_what_is_no_longer_marked_is_not_accepted(cycle, staff):
    (place,) = wrote_in(cycle, "丁镇党委位居前三名。", by=staff)
    rescored(cycle, staff, 丁镇党委=75)
    with pytest.raises(RemarkRefused, match="changed meanwhile"):
        accept_remark(cycle, "circular", place.remark.fingerprint, reason="口径", by=staff)


def test_the_database_keeps_an_acceptance(cycle, staff):
    (place,) = wrote_in(cycle, "丁镇党委位居前三名。", by=staff)
    acceptance = accept_remark(cycle, "circular", place.remark.fingerprint, reason="口径", by=staff)
    with pytest.raises(DatabaseError), transaction.atomic():
        ReportAcceptance.objects.filter(pk=acceptance.pk).update(reason="改过")
    with pytest.raises(IntegrityError, match="report_acceptance_says_why"), transaction.atomic():
        ReportAcceptance.objects.create(
            cycle=cycle, kind="speech", fingerprint="0", truth="", sentence="", reason="", accepted_by=staff
        )


# --- Mending --------------------------------------------------------------------------------------


def mend(cycle, staff):
    place = next(each for each in remarks_of(composition(cycle, "circular")) if each.is_open)
    return mend_remark(cycle, "circular", place.remark.fingerprint, by=staff)


def change(cycle, staff, old, new):
    current = composition(cycle, "circular")
    blocks = [
        Block(block.key, block.text.replace(old, new), block.lead, block.level, block.is_written)
        for block in current.text.blocks
    ]
    save_text(cycle, "circular", blocks, seen=current.number, by=staff)


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("平均得分60分。", "平均得分84.00分。"),
        ("丁镇党委位居第三名。", "丁镇党委位居第四名。"),
        ("丁镇党委得分75分。", "丁镇党委得分70.00分。"),
    ],
)
def test_mending_puts_what_is_true_as_a_new_version(written, mended, cycle, staff):
    wrote_in(cycle, written, by=staff)
    version = mend(cycle, staff)
    assert version.number == 2
    assert mended in text_of(cycle)
    assert marked(cycle) == []


def test_a_mended_average_is_a_live_field_from_then_on(cycle, staff):
    wrote_in(cycle, "平均得分60分。", by=staff)
    mend(cycle, staff)
    rescored(cycle, staff, 丁镇党委=74)
    assert "平均得分85.00分。" in text_of(cycle)
    assert marked(cycle) == []


def test_what_takes_a_person_to_put_is_not_mended_by_a_button(cycle, staff):
    (place,) = wrote_in(cycle, "甲镇党委不参加排名。", by=staff)
    assert not place.remark.is_mendable
    with pytest.raises(RemarkRefused, match="by hand"):
        mend_remark(cycle, "circular", place.remark.fingerprint, by=staff)


def test_nothing_is_settled_once_it_is_published(cycle, staff):
    (place,) = wrote_in(cycle, "乡镇平均得分60分，平均得分60分。", by=staff)[:1]
    for each in remarks_of(composition(cycle, "circular")):
        accept_remark(cycle, "circular", each.remark.fingerprint, reason="口径", by=staff)
    publish_cycle(cycle, by=staff)
    for deed in (
        lambda: accept_remark(cycle, "circular", place.remark.fingerprint, reason="口径", by=staff),
        lambda: mend_remark(cycle, "circular", place.remark.fingerprint, by=staff),
    ):
        with pytest.raises(TextRefused, match="cannot be changed now"):
            deed()


# --- The gate -------------------------------------------------------------------------------------


def test_publishing_waits_and_names_the_document(cycle, staff):
    wrote_in(cycle, "丁镇党委位居前三名。", by=staff)
    wrote_in(cycle, "甲镇党委位居第二名，得分90分。", by=staff, kind="speech")
    with pytest.raises(NotReadyToPublish) as refusal:
        publish_cycle(cycle, by=staff)
    assert [each.text for each in refusal.value.obstacles] == [
        "Circular: 1 place does not agree with the results.",
        "Speech: 2 places do not agree with the results.",
    ]
    assert not Publication.objects.exists()


def test_what_is_published_is_what_was_checked(cycle, staff):
    (place,) = wrote_in(cycle, "丁镇党委位居前三名。", by=staff)
    accept_remark(cycle, "circular", place.remark.fingerprint, reason="口径", by=staff)
    publication = publish_cycle(cycle, by=staff)
    assert "丁镇党委位居前三名。" in [block.text for block in frozen_text(publication, "circular").blocks]


def test_one_accepts_while_another_changes_a_score_and_publishing_still_waits(cycle, staff, host):
    colleague = somebody("staff", host)
    (place,) = wrote_in(cycle, "丁镇党委位居前三名。", by=staff)
    accept_remark(cycle, "circular", place.remark.fingerprint, reason="口径", by=staff)
    rescored(cycle, colleague, 丁镇党委=75)
    with pytest.raises(NotReadyToPublish, match="Circular: 1 place"):
        publish_cycle(cycle, by=staff)


def test_a_correction_waits_as_well(cycle, staff):
    wrote_in(cycle, "甲镇党委得分96分。", by=staff)
    publish_cycle(cycle, by=staff)
    rescored(cycle, staff, 甲镇党委=95)
    with pytest.raises(NotReadyToPublish, match="Circular: 1 place"):
        correct_publication(cycle, by=staff, reason="漏记一笔")
    mend(cycle, staff)
    assert correct_publication(cycle, by=staff, reason="漏记一笔").number == 2


def test_the_command_refuses_in_one_line(cycle, staff):
    wrote_in(cycle, "丁镇党委位居前三名。", by=staff)
    with pytest.raises(CommandError, match=r"^Circular: 1 place does not agree with the results\.$"):
        call_command("publish_cycle", "2018Q3", "--by", staff.username)
    cycle.refresh_from_db()
    assert cycle.state == CycleState.VERIFIED


def test_the_open_points_foretell_it_with_the_page_that_settles_it(cycle, staff):
    wrote_in(cycle, "丁镇党委位居前三名。", by=staff)
    (point,) = open_points(cycle, staff)
    assert point.text == "Circular: 1 place does not agree with the results."
    assert point.blocks
    assert point.url == "/cycles/2018Q3/report/circular/check/"


@pytest.mark.parametrize("places", [1, 3, 50])
def test_it_costs_the_same_however_much_is_marked(places, cycle, staff, django_assert_num_queries):
    wrote_in(cycle, *[f"丁镇党委位居前三名，这是第{place}处。" for place in range(places)], by=staff)
    cycle.refresh_from_db()
    with django_assert_num_queries(18):
        documents = documents_to_check(cycle)
    assert len(documents[0].open) == places


def test_it_costs_one_query_where_nobody_wrote(cycle, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert documents_written_in(cycle) == {}
