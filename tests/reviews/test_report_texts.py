"""Saving the texts of a quarter's documents, version by version, and freezing them with a publication."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from organizations.models import Role
from reviews.drafting import discard_cycle
from reviews.freezing import digest_of, is_intact
from reviews.models import Publication, ReportVersion, ReviewCycle
from reviews.publishing import correct_publication, step_back, verify_cycle
from reviews.report_limits import LONGEST_DOCUMENT, LONGEST_LEAD, LONGEST_TEXT, MOST_BLOCKS, TextRefused
from reviews.report_texts import (
    TextChanged,
    composition,
    newest_version,
    restore_text,
    save_text,
)
from reviews.reports.blocks import Block
from reviews.reports.content import published_document
from reviews.reports.document import Level
from tests.factories.organizations import somebody
from tests.factories.reviews import cycle_with_totals, give_total, published, ready_host
from tests.reviews.importing.test_load_at_once import at_once

KINDS = ["circular", "speech"]
OWN = Block("own-1", "区委对先进单位提出表扬。", is_written=True)


@pytest.fixture
def cycle(db):
    return cycle_with_totals({"甲镇党委": 96.5, "乙镇党委": 95, "丙镇党委": 90})


@pytest.fixture
def staff(cycle):
    return somebody(Role.STAFF, cycle.host)


def with_own(cycle, kind="circular", block=OWN):
    """The text as it stands with one more paragraph at its end."""
    return [*composition(cycle, kind).text.blocks, block]


def text_of(document):
    return "\n".join(paragraph.lead + paragraph.text for paragraph in document.paragraphs)


# --- Saving --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_saved_stands_in_the_document(cycle, staff, kind):
    version = save_text(cycle, kind, with_own(cycle, kind), seen=0, by=staff)
    assert (version.number, version.saved_by) == (1, staff)
    assert OWN.text in text_of(composition(cycle, kind).document())


def test_the_other_document_stays_as_drafted(cycle, staff):
    save_text(cycle, "circular", with_own(cycle), seen=0, by=staff)
    assert newest_version(cycle, "speech") is None


def test_figures_in_what_a_person_wrote_follow_the_data(cycle, staff):
    group = cycle.host.groups.get()
    block = Block("own-1", f"全区平均⟦g{group.pk}.average⟧分。", is_written=True)
    save_text(cycle, "circular", with_own(cycle, block=block), seen=0, by=staff)
    before = text_of(composition(cycle, "circular").document())
    give_total(cycle, "丙镇党委", 93.5)
    after = text_of(composition(cycle, "circular").document())
    assert "全区平均93.83分" in before
    assert "全区平均95.00分" in after


def test_the_same_save_twice_makes_one_version(cycle, staff):
    blocks = with_own(cycle)
    first = save_text(cycle, "circular", blocks, seen=0, by=staff)
    assert save_text(cycle, "circular", blocks, seen=0, by=staff) == first
    assert save_text(cycle, "circular", blocks, seen=1, by=staff) == first
    assert ReportVersion.objects.count() == 1


def test_moving_a_block_is_a_change(cycle, staff):
    save_text(cycle, "circular", with_own(cycle), seen=0, by=staff)
    blocks = composition(cycle, "circular").text.blocks
    save_text(cycle, "circular", [blocks[-1], *blocks[:-1]], seen=1, by=staff)
    assert composition(cycle, "circular").text.blocks[0] == OWN


def test_what_was_taken_out_can_come_back(cycle, staff):
    drafted = composition(cycle, "circular").drafted.blocks
    save_text(cycle, "circular", drafted[1:], seen=0, by=staff)
    assert composition(cycle, "circular").text.blocks == drafted[1:]
    save_text(cycle, "circular", drafted, seen=1, by=staff)
    assert composition(cycle, "circular").text.blocks == drafted


def test_a_text_not_made_from_the_newest_version_is_refused_and_says_whose_it_is(cycle, staff):
    other = somebody(Role.STAFF, cycle.host)
    save_text(cycle, "circular", with_own(cycle), seen=0, by=other)
    mine = with_own(cycle, block=replace(OWN, text="另一段。"))
    with pytest.raises(TextChanged) as refusal:
        save_text(cycle, "circular", mine, seen=0, by=staff)
    assert refusal.value.newest.saved_by == other
    assert other.get_username() in str(refusal.value)
    assert ReportVersion.objects.count() == 1
    assert save_text(cycle, "circular", mine, seen=1, by=staff).number == 2


def test_a_published_quarter_takes_no_text_until_it_is_corrected(cycle, staff):
    published(cycle, by=staff)
    cycle.refresh_from_db()
    with pytest.raises(TextRefused):
        save_text(cycle, "circular", with_own(cycle), seen=0, by=staff)
    step_back(cycle, by=staff, reason="漏记得分")
    assert save_text(cycle, "circular", with_own(cycle), seen=0, by=staff).number == 1


def test_a_quarter_that_is_not_open_takes_no_text(staff, cycle):
    draft = ReviewCycle.objects.create(host=cycle.host, year=2018, number=4)
    with pytest.raises(TextRefused):
        save_text(draft, "circular", [OWN], seen=0, by=staff)


def test_a_document_that_does_not_exist_takes_no_text(cycle, staff):
    with pytest.raises(TextRefused):
        save_text(cycle, "poem", [OWN], seen=0, by=staff)


# --- Limits --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("blocks", "told"),
    [
        ([replace(OWN, text="字" * (LONGEST_TEXT + 1))], str(LONGEST_TEXT)),
        ([replace(OWN, level=Level.PART, lead="字" * (LONGEST_LEAD + 1))], str(LONGEST_LEAD)),
        ([replace(OWN, key=f"own-{number}") for number in range(MOST_BLOCKS + 1)], str(MOST_BLOCKS)),
        (
            [replace(OWN, key=f"own-{number}", text="字" * LONGEST_TEXT) for number in range(16)],
            str(LONGEST_DOCUMENT),
        ),
        ([replace(OWN, text="平均⟦nothing⟧分")], "nothing"),
        ([replace(OWN, text="平均⟦ g1 ⟧分")], "⟦"),
        ([replace(OWN, text="平均g1⟧分")], "⟧"),
    ],
)
def test_what_no_document_can_hold_is_refused_in_one_line_that_names_it(cycle, staff, blocks, told):
    with pytest.raises(TextRefused) as refusal:
        save_text(cycle, "circular", blocks, seen=0, by=staff)
    assert told in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not ReportVersion.objects.exists()


def test_the_message_names_the_paragraph(cycle, staff):
    blocks = with_own(cycle, block=replace(OWN, text="本季度平均⟦nothing⟧分"))
    with pytest.raises(TextRefused, match="本季度平均") as refusal:
        save_text(cycle, "circular", blocks, seen=0, by=staff)
    assert str(len(blocks)) in str(refusal.value)
    assert refusal.value.key == OWN.key


def test_a_field_that_nothing_fills_any_more_does_not_keep_the_rest_from_being_saved(cycle, staff):
    (unit,) = cycle.host.units.filter(name="丙镇党委")
    block = replace(OWN, text=f"⟦u{unit.pk}.name⟧要深入查找原因。")
    save_text(cycle, "circular", with_own(cycle, block=block), seen=0, by=staff)
    for name in ("甲镇党委", "乙镇党委", "丙镇党委"):
        give_total(cycle, name, 90)
    blocks = [*composition(cycle, "circular").text.blocks, replace(OWN, key="own-2", text="另一段。")]
    assert save_text(cycle, "circular", blocks, seen=1, by=staff).number == 2


# --- Versions ------------------------------------------------------------------------------------


def test_an_earlier_version_is_taken_up_again_as_the_next(cycle, staff):
    first = save_text(cycle, "circular", with_own(cycle), seen=0, by=staff)
    save_text(cycle, "circular", with_own(cycle)[:-2], seen=1, by=staff)
    again = restore_text(first, seen=2, by=staff)
    assert (again.number, again.restored_from, again.text) == (3, 1, first.text)
    assert ReportVersion.objects.count() == 3


def test_taking_up_the_newest_version_changes_nothing(cycle, staff):
    first = save_text(cycle, "circular", with_own(cycle), seen=0, by=staff)
    assert restore_text(first, seen=1, by=staff) == first


def test_an_earlier_version_is_not_taken_up_over_one_that_was_not_seen(cycle, staff):
    first = save_text(cycle, "circular", with_own(cycle), seen=0, by=staff)
    save_text(cycle, "circular", with_own(cycle)[:-2], seen=1, by=staff)
    with pytest.raises(TextChanged):
        restore_text(first, seen=1, by=staff)


def test_no_version_is_taken_up_once_the_quarter_is_published(cycle, staff):
    first = save_text(cycle, "circular", with_own(cycle), seen=0, by=staff)
    save_text(cycle, "circular", with_own(cycle)[:-2], seen=1, by=staff)
    published(cycle, by=staff)
    with pytest.raises(TextRefused):
        restore_text(first, seen=2, by=staff)


@pytest.mark.parametrize(
    "change", ["UPDATE reviews_reportversion SET number = 9", "DELETE FROM reviews_reportversion"]
)
def test_the_database_keeps_every_version(cycle, staff, change):
    save_text(cycle, "circular", with_own(cycle), seen=0, by=staff)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert ReportVersion.objects.get().number == 1


def test_versions_are_the_staffs_alone(cycle, staff):
    version = save_text(cycle, "circular", with_own(cycle), seen=0, by=staff)
    leader, stranger = somebody(Role.LEADER, cycle.host), somebody(Role.STAFF, ready_host("戊镇党委"))
    published(cycle, by=staff)
    seen = [list(ReportVersion.objects.visible_to(user)) for user in (staff, leader, stranger)]
    assert seen == [[version], [], []]


# --- Publishing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_published_is_what_was_composed(cycle, staff, kind):
    save_text(cycle, kind, with_own(cycle, kind), seen=0, by=staff)
    composed = composition(cycle, kind).document()
    publication = Publication.objects.get(pk=published(cycle, by=staff).pk)
    document = published_document(publication, kind)
    assert document.paragraphs == composed.paragraphs
    assert OWN.text in text_of(document)


def test_nothing_changes_a_published_text_afterwards(cycle, staff):
    save_text(cycle, "circular", with_own(cycle), seen=0, by=staff)
    publication = published(cycle, by=staff)
    before = published_document(publication, "circular")
    step_back(cycle, by=staff, reason="漏记得分")
    give_total(cycle, "丙镇党委", 99)
    cycle.host.units.filter(name="甲镇党委").update(name="甲街道党工委")
    save_text(cycle, "circular", with_own(cycle)[:-2], seen=1, by=staff)
    again = Publication.objects.get(pk=publication.pk)
    assert published_document(again, "circular") == before
    assert is_intact(again)


def test_a_correction_publishes_the_text_as_it_stands_then(cycle, staff):
    first = published(cycle, by=staff)
    step_back(cycle, by=staff, reason="漏记得分")
    save_text(cycle, "circular", with_own(cycle), seen=0, by=staff)
    verify_cycle(cycle, by=staff)
    second = correct_publication(cycle, by=staff, reason="漏记得分")
    texts = [text_of(published_document(each, "circular")) for each in (first, second)]
    assert [OWN.text in text for text in texts] == [False, True]
    assert "更正" in texts[1]


def test_a_publication_keeps_the_fields_its_texts_name_and_no_other(cycle, staff):
    publication = published(cycle, by=staff)
    kept = publication.texts["speech"]
    named = {
        key
        for block in kept["blocks"]
        for key in kept["fields"]
        if f"⟦{key}⟧" in block["lead"] + block["text"]
    }
    assert named == set(kept["fields"])
    assert not any("origin" in block for block in kept["blocks"])


def test_the_digest_seals_the_texts(cycle, staff):
    publication = published(cycle, by=staff)
    publication.texts["circular"]["blocks"][0]["text"] += "。"
    assert digest_of(publication, publication.standings.all()) != publication.digest


def test_a_publication_older_than_texts_says_what_it_said(cycle, staff):
    publication = published(cycle, by=staff)
    said = published_document(publication, "circular")
    publication.texts = None
    assert published_document(publication, "circular") == said


def test_the_database_refuses_another_text(cycle, staff):
    publication = published(cycle, by=staff)
    with pytest.raises(DatabaseError), transaction.atomic():
        Publication.objects.filter(pk=publication.pk).update(texts=None)
    assert is_intact(Publication.objects.get())


def test_a_draft_of_a_quarter_can_still_be_discarded(cycle):
    draft = ReviewCycle.objects.create(host=cycle.host, year=2018, number=4)
    discard_cycle(draft)
    assert ReviewCycle.objects.count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_composing_costs_the_same_at_any_size(db, kind, django_assert_num_queries):
    counts = []
    for size in (1, 3, 50):
        host = ready_host(*[f"第{number}镇党委" for number in range(size)])
        opened = cycle_with_totals({unit.name: 90 for unit in host.units.all()}, host=host)
        save_text(opened, kind, with_own(opened, kind), seen=0, by=somebody(Role.STAFF, host))
        with CaptureQueriesContext(connection) as queries:
            composition(ReviewCycle.objects.get(pk=opened.pk), kind)
        counts.append(len(queries))
    assert len(set(counts)) == 1


# --- At once -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_save_at_once_one_is_told_of_the_other():
    cycle = cycle_with_totals({"甲镇党委": 90, "乙镇党委": 80})
    people = [somebody(Role.STAFF, cycle.host) for _ in range(2)]
    texts = [with_own(cycle, block=replace(OWN, text=f"{person.username}的话。")) for person in people]
    results = at_once(
        *(
            lambda person=person, text=text: save_text(cycle, "circular", text, seen=0, by=person)
            for person, text in zip(people, texts, strict=True)
        )
    )
    assert sorted(type(result).__name__ for result in results) == ["ReportVersion", "TextChanged"]
    assert ReportVersion.objects.get().number == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_saves_once():
    cycle = cycle_with_totals({"甲镇党委": 90, "乙镇党委": 80})
    staff, text = somebody(Role.STAFF, cycle.host), with_own(cycle)
    results = at_once(*[lambda: save_text(cycle, "circular", text, seen=0, by=staff)] * 3)
    assert {result.number for result in results} == {1}
    assert ReportVersion.objects.count() == 1
