"""From what a review found to items, and back where a finding counts no more (rules 15, 17 and 20)."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organizations.models import Membership, Role
from rectification.categories import DEFAULTS
from rectification.closing import withdraw
from rectification.merging import merge_items
from rectification.models import Audience, Evidence, Item, Source
from rectification.stepping import StepRefused
from reviews.deducting import withdraw_deduction
from reviews.findings_to_raise import FindingKey, to_raise
from reviews.models import Deduction
from reviews.photos import NewPhoto, path_of
from reviews.publishing import correct_publication, publish_cycle, start_reply, step_back, verify_cycle
from reviews.raising import RaisingRefused, raise_findings, usual_due_date
from reviews.recording import EntryClosed
from reviews.undoing import undo_batch
from reviews.visiting import Findings
from tests.factories.items import category_of, in_days, raised, struck_off
from tests.factories.organizations import somebody
from tests.factories.reviews import cycle_with_totals, deduct, published, ready_host, review_of
from tests.factories.visits import branch_of, loss, made, photo, picture
from tests.reviews.test_recording import record_batch

TOTALS = {"甲镇党委": 90, "乙镇党委": 80}


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def host(db):
    return ready_host(*TOTALS)


@pytest.fixture
def unit(host):
    return host.units.get(name="甲镇党委")


@pytest.fixture
def cycle(host):
    return cycle_with_totals(TOTALS, host=host)


def raise_all(cycle, staff, **options):
    return raise_findings(cycle, None, due_on=None, by=staff, **options).items


def key_of(finding):
    return FindingKey("d" if isinstance(finding, Deduction) else "p", finding.pk)


def raise_one(cycle, finding, staff, link=None):
    return raise_findings(cycle, {key_of(finding): link and link.pk}, due_on=None, by=staff)


def visited(cycle, unit="甲镇党委", **details):
    """A visit that took a point with a photo, and found a problem with a photo of the whole."""
    findings = Findings(
        losses=[loss(cycle, unit)],
        problems=[(DEFAULTS[1], "会议记录不完整")],
        photos=[NewPhoto("签到表.jpg", picture(), loss=0), photo("会议室.jpg")],
    )
    return made(cycle, unit, findings, **details)


def test_a_deduction_of_a_visit_becomes_an_item_with_all_that_is_known_of_it(cycle, unit, staff):
    day = timezone.localdate() - datetime.timedelta(days=3)
    visit = visited(cycle, place=branch_of(unit, "东山村党支部"), visited_on=day)
    (item,) = raise_one(cycle, visit.deductions.get(), staff).items
    assert (item.unit, item.source, item.text, item.indicator) == (unit, "visit", "缺签到表", "三会一课")
    assert (item.place, item.found_on, str(item.serial)) == ("东山村党支部", day, "2018Q3-001")
    assert (item.category, item.responsible, item.due_on) == (None, "", None)
    assert Evidence.objects.get(step__item=item).original_name == "签到表.jpg"
    assert Deduction.objects.get().item == item


def test_a_visits_problem_becomes_an_item_of_its_category_with_the_photos_of_the_whole(cycle, staff):
    visit = visited(cycle)
    (item,) = raise_one(cycle, visit.problems.get(), staff).items
    assert (item.category.name, item.text, item.indicator) == (DEFAULTS[1], "会议记录不完整", "")
    assert Evidence.objects.get(step__item=item).original_name == "会议室.jpg"


def test_a_photo_that_is_gone_from_the_disk_keeps_no_problem_from_being_raised(cycle, staff):
    visit = visited(cycle)
    for kept in visit.photos.all():
        path_of(kept).unlink()
    assert len(raise_all(cycle, staff)) == 2
    assert Evidence.objects.count() == 0


def test_the_category_last_used_for_the_indicator_is_taken_again(cycle, unit, staff):
    raised(unit, indicator="三会一课", category=category_of(unit.parent, DEFAULTS[0]), quarter="2018Q1")
    raised(unit, indicator="三会一课", category=category_of(unit.parent, DEFAULTS[2]), quarter="2018Q2")
    deduct(cycle, "乙镇党委", "三会一课", 1)
    assert raise_all(cycle, staff)[0].category.name == DEFAULTS[2]


def test_all_are_raised_unit_by_unit_and_a_second_time_nothing(cycle, staff):
    for name in ("乙镇党委", "甲镇党委"):
        deduct(cycle, name, "主题党日", 1)
        deduct(cycle, name, "三会一课", 1)
    items = raise_all(cycle, staff)
    assert [(str(item.serial)[-3:], item.unit.name, item.indicator) for item in items] == [
        ("001", "甲镇党委", "三会一课"),
        ("002", "甲镇党委", "主题党日"),
        ("003", "乙镇党委", "三会一课"),
        ("004", "乙镇党委", "主题党日"),
    ]
    assert raise_all(cycle, staff) == ()
    assert Item.objects.count() == 4


def test_two_deductions_that_say_the_same_are_two_items(cycle, staff):
    deduct(cycle, "甲镇党委", "三会一课", 1)
    deduct(cycle, "甲镇党委", "三会一课", 1)
    assert len(raise_all(cycle, staff)) == 2


def test_a_deduction_without_a_reason_is_not_raised(cycle, staff):
    deduct(cycle, "甲镇党委", "三会一课", 1, "")
    deduct(cycle, "乙镇党委", "三会一课", 1)
    with pytest.raises(RaisingRefused, match="甲镇党委"):
        raise_findings(cycle, {key_of(each): None for each in Deduction.objects.all()}, due_on=None, by=staff)
    assert Item.objects.count() == 0
    assert [item.unit.name for item in raise_all(cycle, staff)] == ["乙镇党委"]


def test_a_date_that_is_past_raises_nothing(cycle, staff):
    deduct(cycle, "甲镇党委", "三会一课", 1)
    with pytest.raises(StepRefused):
        raise_findings(cycle, None, due_on=in_days(-1), by=staff)
    assert Item.objects.count() == 0


@pytest.mark.parametrize(("days", "offered"), [(-1, False), (0, True), (30, True)])
def test_the_cycles_own_date_is_offered_while_it_lies_ahead(cycle, days, offered):
    cycle.rectify_by = in_days(days)
    assert usual_due_date(cycle) == (in_days(days) if offered else None)


def test_another_cycles_findings_are_not_raised(host, cycle, staff):
    other = cycle_with_totals(TOTALS, host=host, quarter="2018Q4")
    deduct(other, "甲镇党委", "三会一课", 1)
    assert raise_one(cycle, Deduction.objects.get(), staff).items == ()


def test_nobody_raises_what_concerns_the_own_unit(cycle, unit, staff):
    deduct(cycle, "甲镇党委", "三会一课", 1)
    Membership.objects.create(user=staff, organization=unit, role=Role.SECRETARY)
    assert raise_all(cycle, staff) == ()
    assert to_raise(cycle, staff, at_most=10).findings == ()


@pytest.mark.parametrize("count", [1, 3, 50])
def test_raising_reads_the_same_however_much_there_is(host, staff, count):
    names = [f"第{number}村党支部" for number in range(count)]
    cycle = cycle_with_totals(dict.fromkeys(names, 90), quarter="2018Q3")
    staff = staff_of(cycle)
    for name in names:
        deduct(cycle, name, "三会一课", 1)
        raised(review_of(cycle, name).organization, source=Source.SELF, indicator="三会一课")
    with CaptureQueriesContext(connection) as queries:
        assert len(to_raise(cycle, staff, at_most=100).findings) == count
    assert len(queries) == 6
    with CaptureQueriesContext(connection) as queries:
        raise_findings(cycle, None, due_on=None, by=staff)
    assert len(queries) <= 25


# --- Who sees what was raised when ---------------------------------------------------------------


def test_items_are_the_staffs_until_the_quarter_is_published(cycle, staff):
    deduct(cycle, "甲镇党委", "三会一课", 1)
    (item,) = raise_all(cycle, staff)
    verify_cycle(cycle, by=staff)
    assert audience(item) == Audience.STAFF
    publish_cycle(cycle, by=staff, confirm=True)
    assert audience(item) == Audience.HOST


def test_in_the_reply_stage_the_unit_sees_them_and_nobody_else(cycle, staff):
    deduct(cycle, "甲镇党委", "三会一课", 1)
    (item,) = raise_all(cycle, staff)
    replying(cycle, staff)
    assert audience(item) == Audience.UNIT
    deduct(cycle, "乙镇党委", "三会一课", 1)
    assert raise_all(cycle, staff)[0].audience == Audience.UNIT


def test_what_is_raised_while_a_correction_is_made_waits_for_it(cycle, staff):
    published(cycle)
    step_back(cycle, by=staff, reason="漏录")
    deduct(cycle, "甲镇党委", "三会一课", 1)
    (item,) = raise_all(cycle, staff)
    assert item.audience == Audience.STAFF
    verify_cycle(cycle, by=staff)
    correct_publication(cycle, by=staff, reason="漏录", confirm=True)
    assert audience(item) == Audience.HOST


def test_what_is_raised_after_publication_is_seen_at_once(cycle, staff):
    deduct(cycle, "甲镇党委", "三会一课", 1)
    published(cycle)
    assert raise_all(cycle, staff)[0].audience == Audience.HOST


# --- What the unit had reported itself -----------------------------------------------------------


@pytest.fixture
def reported(unit):
    """What the unit reported itself, for the indicator of a deduction."""
    return raised(unit, source=Source.SELF, indicator="三会一课", audience=Audience.UNIT)


def confirmations(item):
    return [step.text for step in item.steps.filter(kind="confirm")]


def test_what_the_unit_reported_of_the_same_indicator_or_category_is_offered(cycle, host, unit, staff):
    category = category_of(host, DEFAULTS[1])
    same = {"source": Source.SELF, "category": category}
    fits = [
        raised(unit, "自查一", **same),
        raised(unit, "自查二", source=Source.SELF, indicator="三会一课", found_on=in_days(-60)),
        struck_off(unit, by=staff, text="自查三", **same),
    ]
    mistaken = raised(unit, "误报", **same)
    withdraw(mistaken, "误报", by=staff, seen=mistaken.version)
    raised(unit, "以后的", **same, found_on=in_days(1))
    raised(unit, "上级查的", source=Source.SUPERIOR, category=category)
    raised(unit, "另一类", source=Source.SELF, category=category_of(host, DEFAULTS[2]))
    raised(host.units.get(name="乙镇党委"), "另一单位", **same)
    visited(cycle)
    by_letter = {each.key.letter: set(each.reported) for each in to_raise(cycle, staff, at_most=9).findings}
    assert by_letter == {"d": {fits[1]}, "p": {fits[0], fits[2]}}


def test_what_was_struck_off_before_it_was_found_again_is_raised_anew(cycle, unit, staff):
    settled = struck_off(unit, by=staff, source=Source.SELF, indicator="三会一课")
    Item.objects.update(found_on=in_days(-9), struck_off_on=in_days(-1))
    deduct(cycle, "甲镇党委", "三会一课", 1)
    assert to_raise(cycle, staff, at_most=9).findings[0].reported == ()
    with pytest.raises(RaisingRefused):
        raise_one(cycle, Deduction.objects.get(), staff, link=settled)
    assert Deduction.objects.get().item is None


def test_a_link_counts_it_once_and_credits_the_unit_once_it_may_know(cycle, reported, staff):
    deduct(cycle, "甲镇党委", "三会一课", 1)
    done = raise_one(cycle, Deduction.objects.get(), staff, link=reported)
    assert (done.items, done.linked) == ((), (reported,))
    assert Deduction.objects.get().item == reported
    assert confirmations(reported) == []
    published(cycle)
    assert confirmations(reported) == ["2018年第三季度督查再次发现：三会一课，记录不完整"]
    assert Item.objects.count() == 1


def test_a_link_after_publication_credits_the_unit_at_once(cycle, reported, staff):
    deduct(cycle, "甲镇党委", "三会一课", 1)
    published(cycle)
    raise_one(cycle, Deduction.objects.get(), staff, link=reported)
    assert len(confirmations(reported)) == 1


def test_reply_and_publication_credit_it_once(cycle, reported, staff):
    deduct(cycle, "甲镇党委", "三会一课", 1)
    raise_one(cycle, Deduction.objects.get(), staff, link=reported)
    replying(cycle, staff)
    published(cycle)
    assert len(confirmations(reported)) == 1


def test_a_reply_credits_nothing_where_others_than_the_unit_would_learn_of_it(cycle, unit, staff):
    """All who work for the host see an item that the unit reported by itself."""
    reported = raised(unit, source=Source.SELF, indicator="三会一课", audience=Audience.HOST)
    for _time in range(2):
        deduct(cycle, "甲镇党委", "三会一课", 1)
    early, late = Deduction.objects.all()
    raise_one(cycle, early, staff, link=reported)
    replying(cycle, staff)
    raise_one(cycle, late, staff, link=reported)
    assert confirmations(reported) == []
    published(cycle)
    assert confirmations(reported) == ["2018年第三季度督查再次发现：三会一课，记录不完整"]


def test_only_what_the_unit_reported_is_linked(cycle, unit, staff):
    deduct(cycle, "甲镇党委", "三会一课", 1)
    foreign = raised(unit, source=Source.SUPERIOR, indicator="三会一课")
    with pytest.raises(RaisingRefused):
        raise_one(cycle, Deduction.objects.get(), staff, link=foreign)
    assert Deduction.objects.get().item is None


def test_merging_afterwards_credits_the_unit_once_it_may_know(cycle, reported, staff):
    deduct(cycle, "甲镇党委", "三会一课", 1)
    (item,) = raise_all(cycle, staff)
    merge_items(item, reported, "同一问题", by=staff, seen=item.version)
    assert confirmations(reported) == []
    assert Deduction.objects.get().item == item
    published(cycle)
    assert confirmations(reported) == ["与2018Q3-002为同一问题，已并入本事项：同一问题"]


# --- What counts no more -------------------------------------------------------------------------


def state(item):
    return Item.objects.get(pk=item.pk).state


def test_a_withdrawn_deduction_withdraws_its_item_with_the_same_reason(cycle, staff):
    deduct(cycle, "甲镇党委", "三会一课", 1)
    (item,) = raise_all(cycle, staff)
    withdraw_deduction(Deduction.objects.get(), reason="另一村的", by=staff)
    assert (state(item), item.steps.last().text) == ("withdrawn", "另一村的")


def test_what_is_struck_off_stays_so(cycle, unit, staff):
    deduct(cycle, "甲镇党委", "三会一课", 1)
    Deduction.objects.update(item=struck_off(unit, by=staff))
    withdraw_deduction(Deduction.objects.get(), reason="另一村的", by=staff)
    assert Item.objects.get().state == "struck_off"


def test_what_the_unit_reported_itself_stays(cycle, reported, staff):
    deduct(cycle, "甲镇党委", "三会一课", 1)
    raise_one(cycle, Deduction.objects.get(), staff, link=reported)
    withdraw_deduction(Deduction.objects.get(), reason="另一村的", by=staff)
    assert state(reported) == "open"


def test_an_item_stays_while_something_else_points_at_it(cycle, staff):
    deduct(cycle, "甲镇党委", "三会一课", 1)
    deduct(cycle, "甲镇党委", "三会一课", 1)
    first, second = raise_all(cycle, staff)
    merge_items(second, first, "同一问题", by=staff, seen=second.version)
    one, other = Deduction.objects.order_by("pk")
    withdraw_deduction(one, reason="另一村的", by=staff)
    assert state(first) == "open"
    withdraw_deduction(other, reason="另一村的", by=staff)
    assert state(first) == "withdrawn"


def test_undoing_an_import_withdraws_the_items_of_its_deductions(cycle, staff):
    batch = record_batch(cycle, deductions=[("甲镇党委", "三会一课", 1)])
    Deduction.objects.update(reason="缺签到表")
    (item,) = raise_all(cycle, staff)
    undo_batch(batch, by=None)
    assert (state(item), item.steps.last().text) == ("withdrawn", "所依据的导入已整体撤销")
    assert not Deduction.objects.exists()


def test_what_cannot_be_withdrawn_leaves_the_item_too(cycle, staff):
    deduct(cycle, "甲镇党委", "三会一课", 1)
    (item,) = raise_all(cycle, staff)
    verify_cycle(cycle, by=staff)
    with pytest.raises(EntryClosed):
        withdraw_deduction(Deduction.objects.get(), reason="另一村的", by=staff)
    assert state(item) == "open"


def audience(item):
    return Item.objects.get(pk=item.pk).audience


def staff_of(cycle):
    return somebody(Role.STAFF, cycle.host)


def replying(cycle, staff):
    cycle.reply_stage = True
    cycle.save()
    start_reply(cycle, by=staff)
