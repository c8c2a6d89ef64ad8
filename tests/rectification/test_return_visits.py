"""Return visits: drawn so that anyone can repeat it, secret until recorded, recorded once."""

import uuid

import pytest
from django.db import DatabaseError, transaction

from files.folders import folder_of
from organizations.models import Membership, Role
from rectification import evidence
from rectification.categories import DEFAULTS
from rectification.closing import reopen, return_to_unit, strike_off, submit
from rectification.models import Audience, Evidence, Item, ReturnDraw, ReturnVisit, Source
from rectification.revisiting import (
    OtherProblem,
    ReturnVisitRefused,
    cancel_return_visit,
    plan_by_hand,
    record_result,
)
from rectification.sampling import DrawRefused, Sample, draw_items, is_repeatable, items_of, lots_of
from rectification.stepping import StepRefused
from tests.factories.checks import failed, made_return, passed, planned_return
from tests.factories.items import assigned, in_days, proof, struck_off, submitted
from tests.factories.organizations import GroupFactory, UnitFactory, somebody
from tests.reviews.importing.test_load_at_once import at_once

TODAY = in_days(0)
OTHER = OtherProblem("公开栏未更新", DEFAULTS[0], "村委会")


@pytest.fixture
def inspector(host):
    return somebody(Role.INSPECTOR, host)


def drawn(host, staff, **sample):
    return draw_items(host, Sample(**{"number": 1, **sample}), by=staff)


def serials_drawn(kept):
    return [item.serial for item in sorted(items_of(kept), key=lambda item: item.order or 0) if item.order]


# --- Drawing -------------------------------------------------------------------------------------


def test_so_many_items_are_drawn_and_planned(host, unit, staff):
    for _ in range(5):
        struck_off(unit)
    kept = drawn(host, staff, number=3)
    assert {str(visit.item) for visit in kept.return_visits.all()} == set(serials_drawn(kept))
    assert ReturnVisit.objects.planned().count() == 3


def test_a_share_is_rounded_up_to_whole_items(host, unit, staff):
    for _ in range(5):
        struck_off(unit)
    assert len(drawn(host, staff, number=None, percent=30).result) == 2


def test_at_least_one_of_each_unit_even_if_that_makes_more(host, unit, other_unit, staff):
    for each in (unit, unit, unit, other_unit):
        struck_off(each)
    kept = drawn(host, staff, number=1, each_unit=True)
    assert {visit.item.unit for visit in kept.return_visits.all()} == {unit, other_unit}
    assert len(kept.result) == 2


def test_drawing_again_from_what_is_kept_gives_the_same(host, unit, other_unit, staff):
    for each in (unit, unit, other_unit, other_unit):
        struck_off(each)
    kept = ReturnDraw.objects.get(pk=drawn(host, staff, number=3, each_unit=True).pk)
    assert is_repeatable(kept)
    kept.result = kept.result[::-1]
    assert not is_repeatable(kept)


def test_a_draw_whose_lots_were_tampered_with_shows_it(host, unit, staff):
    struck_off(unit)
    kept = drawn(host, staff)
    kept.candidates[0]["weight"] = 5
    assert not is_repeatable(kept)


def test_what_was_returned_or_relapsed_before_has_more_lots(host, unit, staff):
    item = submitted(unit)
    item = return_to_unit(item, "照片不清", by=staff, seen=item.version).item
    item = submit(item, "已重拍", by=somebody(Role.SECRETARY, unit), seen=item.version, files=[proof()]).item
    strike_off(item, by=staff, seen=item.version)
    (line,) = items_of(drawn(host, staff))
    assert line.weight == 2
    assert [lots_of(0, 0), lots_of(1, 2), lots_of(9, 9)] == [1, 4, 5]


def test_only_struck_off_items_of_acting_units_that_nobody_visited_since(host, unit, other_unit, staff):
    closed = UnitFactory(parent=host, name="庚镇党委")
    struck_off(closed)
    closed.active_to = TODAY
    closed.save()
    assigned(unit)
    made_return(unit)
    planned_return(unit)
    wanted = struck_off(other_unit)
    assert serials_drawn(drawn(host, staff, number=9)) == [str(wanted.serial)]
    with pytest.raises(DrawRefused):
        drawn(host, staff)


def test_quarter_group_and_day_narrow_the_draw(host, unit, staff):
    group = GroupFactory(host=host, name="系统单位", position=2)
    system = UnitFactory(parent=host, group=group)
    old, new = struck_off(unit, quarter="2018Q2"), struck_off(system, quarter="2018Q3")
    assert serials_drawn(drawn(host, staff, quarters=[old.quarter])) == [str(old.serial)]
    assert serials_drawn(drawn(host, staff, group=group)) == [str(new.serial)]
    with pytest.raises(DrawRefused):
        drawn(host, staff, since=in_days(1))


def test_one_who_belongs_to_a_unit_draws_none_of_its_items(host, unit, other_unit, staff):
    struck_off(unit)
    theirs = struck_off(other_unit)
    Membership.objects.create(user=staff, organization=unit, role=Role.SECRETARY)
    assert serials_drawn(drawn(host, staff, number=9)) == [str(theirs.serial)]


def test_the_database_refuses_to_change_or_delete_a_draw(host, unit, staff):
    struck_off(unit)
    drawn(host, staff)
    for deed in (
        lambda: ReturnDraw.objects.update(seed="3f"),
        lambda: ReturnDraw.objects.all()._raw_delete(ReturnDraw.objects.db),
    ):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            deed()


def test_sent_twice_under_one_key_it_is_drawn_once(host, unit, staff):
    for _ in range(3):
        struck_off(unit)
    key = uuid.uuid4()
    draws = {draw_items(host, Sample(number=1), by=staff, client_uuid=key).pk for _ in range(2)}
    assert (len(draws), ReturnVisit.objects.count()) == (1, 1)


def test_draws_of_items_that_not_all_may_see_are_the_staffs_alone(host, unit, staff, leader, inspector):
    struck_off(unit, audience=Audience.UNIT)
    kept = drawn(host, staff)
    assert list(ReturnDraw.objects.visible_to(staff)) == [kept]
    for user in (leader, inspector):
        assert not ReturnDraw.objects.visible_to(user).exists()
        assert not ReturnVisit.objects.visible_to(user).exists()


# --- Recording -----------------------------------------------------------------------------------


def test_passed_it_stays_struck_off_and_the_log_says_so(unit, inspector):
    visit = record_result(planned_return(unit), passed(words="仍在坚持", files=[proof()]), by=inspector)
    item = Item.objects.get()
    step = item.steps.last()
    assert (visit.state, item.state, step.kind, step.text) == ("passed", "struck_off", "hold_up", "仍在坚持")
    assert (visit.step, step.evidence.count(), item.relapses) == (step, 1, 0)


def test_failed_it_is_open_again_and_counts_as_a_relapse(unit, inspector):
    due_on = in_days(60)
    visit = record_result(planned_return(unit), failed(due_on=due_on), by=inspector)
    item = Item.objects.get()
    assert (visit.state, item.state, item.relapses) == ("failed", "open", 1)
    assert (item.due_on, item.original_due_on) == (due_on, in_days(30))


def test_other_problems_become_items_of_the_unit(unit, inspector):
    visit = record_result(planned_return(unit), passed(problems=[OTHER]), by=inspector)
    item = Item.objects.latest("pk")
    assert [finding.item for finding in visit.findings.all()] == [item]
    assert (item.unit, item.source, item.audience) == (unit, Source.RETURN_VISIT, Audience.HOST)
    assert (item.text, item.place, item.category.name) == (OTHER.text, OTHER.place, OTHER.category)


@pytest.mark.parametrize(
    "wrong",
    [
        failed(words=" "),
        passed(visited_on=in_days(1)),
        passed(visited_on=in_days(-1)),  # it was struck off today
        passed(due_on=in_days(60)),
        failed(due_on=in_days(-1)),
        passed(problems=[OtherProblem("x", "没有的类别")]),
    ],
)
def test_a_result_that_cannot_be_is_refused_and_leaves_nothing(unit, inspector, wrong):
    visit = planned_return(unit)
    with pytest.raises((ReturnVisitRefused, StepRefused)):
        record_result(visit, wrong, by=inspector)
    visit.refresh_from_db()
    assert visit.is_planned
    assert (Item.objects.count(), Item.objects.get().steps.count()) == (1, 4)


def test_a_photo_that_is_none_leaves_neither_step_nor_problem_nor_file(unit, inspector):
    visit = planned_return(unit)
    before = sorted(path.name for path in folder_of("items").iterdir())
    broken = evidence.NewFile("a.jpg", b"no photo")
    with pytest.raises(Exception, match=r"a\.jpg"):
        record_result(visit, passed(files=[proof(), broken], problems=[OTHER]), by=inspector)
    assert (Item.objects.count(), Evidence.objects.count()) == (1, 1)
    assert sorted(path.name for path in folder_of("items").iterdir()) == before


def test_it_is_recorded_once(unit, inspector, staff):
    key = uuid.uuid4()
    visit = planned_return(unit)
    first = record_result(visit, failed(), by=inspector, client_uuid=key)
    assert record_result(visit, failed(), by=inspector, client_uuid=key) == first
    with pytest.raises(ReturnVisitRefused):
        record_result(visit, passed(), by=staff, client_uuid=uuid.uuid4())
    assert Item.objects.get().relapses == 1


def test_a_key_that_another_return_visit_was_recorded_under_is_refused(unit, inspector):
    first, second, key = planned_return(unit), planned_return(unit), uuid.uuid4()
    record_result(first, passed(), by=inspector, client_uuid=key)
    with pytest.raises(ReturnVisitRefused):
        record_result(second, passed(), by=inspector, client_uuid=key)
    second.refresh_from_db()
    assert second.is_planned


def test_the_database_refuses_to_change_a_result(unit):
    made_return(unit)
    for deed in (
        lambda: ReturnVisit.objects.update(words="改"),
        lambda: ReturnVisit.objects.all()._raw_delete(ReturnVisit.objects.db),
    ):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            deed()


def test_nobody_visits_the_own_unit(unit, inspector, staff):
    visit = planned_return(unit)
    Membership.objects.create(user=inspector, organization=unit, role=Role.SECRETARY)
    assert not ReturnVisit.objects.visible_to(inspector).exists()
    with pytest.raises(ReturnVisitRefused):
        record_result(visit, passed(), by=inspector)
    Membership.objects.create(user=staff, organization=unit, role=Role.SECRETARY)
    with pytest.raises(ReturnVisitRefused):
        plan_by_hand(struck_off(unit), by=staff)


def test_an_item_reopened_before_the_visit_is_told(unit, staff, inspector):
    visit = planned_return(unit)
    item = Item.objects.get()
    reopen(item, "误销号", by=staff, seen=item.version)
    with pytest.raises(StepRefused):
        record_result(visit, passed(), by=inspector)
    assert cancel_return_visit(visit, "已重新打开", by=staff).state == "cancelled"


def test_a_cancelled_visit_needs_a_reason_and_frees_the_item(host, unit, staff):
    visit = planned_return(unit)
    with pytest.raises(ReturnVisitRefused):
        cancel_return_visit(visit, " ", by=staff)
    cancel_return_visit(visit, "道路中断", by=staff)
    with pytest.raises(ReturnVisitRefused):
        cancel_return_visit(visit, "再次", by=staff)
    assert serials_drawn(drawn(host, staff)) == [str(visit.item)]


def test_by_hand_only_what_is_struck_off_and_once(unit, staff):
    with pytest.raises(ReturnVisitRefused):
        plan_by_hand(assigned(unit), by=staff)
    item = struck_off(unit)
    assert plan_by_hand(item, by=staff) == plan_by_hand(item, by=staff)


def test_shares_are_fractions(host, unit):
    assert ReturnVisit.objects.of_host(host).counts().passed_text == "—"
    for result in (passed(), passed(), failed()):
        made_return(unit, result)
    planned_return(unit)
    counts = ReturnVisit.objects.of_host(host).counts()
    assert (counts.planned, counts.passed_text, counts.failed_text) == (1, "2/3", "1/3")


@pytest.mark.django_db(transaction=True)
def test_twelve_results_at_once_are_one(unit, staff):
    visit = planned_return(unit)
    people = [somebody(Role.INSPECTOR, unit.parent) for _ in range(12)]
    results = at_once(
        *(
            lambda p=person: record_result(
                visit, failed(files=[proof()], problems=[OTHER]), by=p, client_uuid=uuid.uuid4()
            )
            for person in people
        )
    )
    assert sum(isinstance(each, ReturnVisitRefused) for each in results) == 11
    assert (Item.objects.count(), Item.objects.order_by("pk")[0].relapses) == (2, 1)
    assert len(list(folder_of("items").iterdir())) == Evidence.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_draws_and_hands_at_once_plan_no_item_twice(host, unit, staff):
    items = [struck_off(unit) for _ in range(4)]
    deeds = [lambda: drawn(host, staff, number=2) for _ in range(4)]
    deeds += [lambda i=item: plan_by_hand(i, by=staff) for item in items]
    at_once(*deeds)
    assert sorted(ReturnVisit.objects.values_list("item", flat=True)) == sorted(item.pk for item in items)
