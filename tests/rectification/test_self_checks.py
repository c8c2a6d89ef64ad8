"""Draw inferences: one problem sent to others, each answering once; the first unit is never told of."""

import pytest
from django.db import DatabaseError, transaction

from organizations.changes import UnitDetails, close_unit, found_unit
from organizations.models import Role
from rectification.models import Item, Outcome, SelfCheck, SelfCheckFinding
from rectification.self_checks import (
    CheckRefused,
    OwnProblem,
    answer_check,
    answers_awaited,
    telling_words,
)
from rectification.stepping import StepRefused
from tests.factories.checks import answer_of, answered, check_of
from tests.factories.items import in_days, raised
from tests.factories.organizations import FormerNameFactory, UnitFactory, somebody
from tests.factories.visits import branch_of
from tests.reviews.importing.test_load_at_once import at_once

TODAY = in_days(0)
PROBLEM = OwnProblem("缺少政审材料", "西河村")


def asked_units(check):
    return {answer.unit.name for answer in check.answers.all()}


def counts(check, on=TODAY):
    counted = SelfCheck.objects.with_counts(on).get(pk=check.pk)
    return counted.asked, counted.answered, counted.found, counted.late


def test_all_are_asked_but_the_unit_it_was_found_with_and_those_that_no_longer_act(host, unit, other_unit):
    UnitFactory(parent=host, name="庚镇党委", active_to=TODAY)
    assert asked_units(check_of(host, item=raised(unit))) == {other_unit.name}


def test_the_first_unit_is_not_asked_though_it_was_chosen(host, unit, other_unit):
    assert asked_units(check_of(host, unit, other_unit, item=raised(unit))) == {other_unit.name}


def test_units_of_another_host_are_not_asked(host, unit):
    with pytest.raises(CheckRefused):
        check_of(host, UnitFactory())


@pytest.mark.parametrize("wrong", [{"days": -1}, {"text": " \n "}])
def test_a_day_that_is_past_and_a_text_that_says_nothing_are_refused(host, unit, wrong):
    with pytest.raises(CheckRefused):
        check_of(host, **wrong)
    assert not SelfCheck.objects.exists()


def test_sent_twice_under_one_key_it_is_sent_once(host, unit):
    first = check_of(host)
    assert check_of(host, client_uuid=first.client_uuid) == first
    assert SelfCheck.objects.count() == 1


def test_a_problem_found_is_raised_as_found_by_the_unit_itself(host, unit, secretary):
    check = check_of(host)
    answered(check, unit, PROBLEM, OwnProblem("未公示", responsible="张三", due_on=in_days(5)), by=secretary)
    first, second = Item.objects.order_by("sequence")
    assert (first.unit, first.source, first.audience, first.place) == (unit, "self", "unit", "西河村")
    assert (first.category, first.found_on) == (check.category, TODAY)
    assert (second.responsible, second.original_due_on) == ("张三", in_days(5))
    assert [finding.item for finding in SelfCheckFinding.objects.filter(answer__self_check=check)] == [
        first,
        second,
    ]
    assert first.steps.get().for_unit


def test_a_unit_answers_once(host, unit, secretary):
    check = check_of(host)
    answered(check, unit, PROBLEM, by=secretary)
    for second in (secretary, somebody(Role.SECRETARY, unit)):
        with pytest.raises(CheckRefused):
            answered(check, unit, by=second)
    assert Item.objects.count() == 1


def test_a_second_click_changes_nothing(host, unit, secretary):
    check = check_of(host)
    first = answered(check, unit, PROBLEM, by=secretary)
    assert answered(check, unit, PROBLEM, by=secretary) == first
    assert Item.objects.count() == 1


def test_another_problem_sent_after_the_answer_is_told_and_not_swallowed(host, unit, secretary):
    check = check_of(host)
    answered(check, unit, PROBLEM, by=secretary)
    with pytest.raises(CheckRefused):
        answered(check, unit, PROBLEM, OwnProblem("会议室未挂牌"), by=secretary)


@pytest.mark.parametrize(
    ("outcome", "words", "problems"),
    [(Outcome.NOT_FOUND, "", []), (Outcome.NOT_FOUND, "查了", [PROBLEM]), (Outcome.FOUND, "查了", [])],
)
def test_an_answer_that_does_not_fit_itself_is_refused(host, unit, secretary, outcome, words, problems):
    answer = answer_of(check_of(host), unit)
    with pytest.raises(CheckRefused):
        answer_check(answer, outcome, words, problems, by=secretary)
    answer.refresh_from_db()
    assert not answer.is_answered


def test_a_problem_that_cannot_be_raised_leaves_no_answer(host, unit):
    check = check_of(host)
    with pytest.raises(StepRefused):
        answered(check, unit, PROBLEM, OwnProblem("过期", due_on=in_days(-1)))
    assert (counts(check), Item.objects.count()) == ((1, 0, 0, 0), 0)


def test_answers_are_counted(host, unit, other_unit):
    third = UnitFactory(parent=host)
    check = check_of(host)
    answered(check, unit, PROBLEM)
    answered(check, other_unit)
    assert counts(check) == (3, 2, 1, 0)
    assert counts(check, in_days(10)) == (3, 2, 1, 0)  # the day itself is still in time
    assert counts(check, in_days(11)) == (3, 2, 1, 1)
    assert [answer.unit for answer in check.answers.waiting(TODAY)] == [third]


def test_a_late_answer_is_taken_and_counted_as_late(host, unit, monkeypatch):
    check = check_of(host, days=0)
    tomorrow = in_days(1)
    monkeypatch.setattr("rectification.self_checks.timezone.localdate", lambda *args: tomorrow)
    assert answered(check, unit).is_late
    assert counts(check, tomorrow) == (1, 1, 0, 1)


def test_a_closed_unit_that_never_answered_is_not_asked_any_more(host, unit, other_unit):
    third = UnitFactory(parent=host)
    check = check_of(host)
    answered(check, third)
    for each in (unit, third):
        close_unit(each, TODAY)
    assert counts(check) == (2, 1, 0, 0)
    with pytest.raises(CheckRefused):
        answered(check, unit)
    assert counts(check) == (2, 1, 0, 0)


def test_what_waits_for_a_unit_comes_in_the_order_of_its_days(host, unit, other_unit):
    later, sooner, done = check_of(host, days=9), check_of(host, days=3), check_of(host)
    answered(done, unit)
    assert [answer.self_check for answer in answers_awaited(unit, TODAY)] == [sooner, later]
    assert list(answers_awaited(None, TODAY)) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("发展党员材料不全", []),
        ("丙乡党委发展党员材料不全", ["丙乡党委"]),
        ("丙 乡的发展党员材料不全", ["丙乡"]),
        ("丙镇有支部材料不全", ["丙镇"]),
        ("东山村、西河村党支部的材料", ["西河村党支部", "东山村"]),
    ],
)
def test_words_that_tell_whose_problem_it_was_are_found(unit, text, told):
    FormerNameFactory(organization=unit, name="丙镇党委")
    branch_of(unit, "西河村党支部")
    assert telling_words(text, raised(unit, place="东山村")) == told


def test_a_unit_sees_the_checks_it_was_asked_and_no_others(host, unit, other_unit, secretary, leader):
    ours, theirs = check_of(host, unit), check_of(host, other_unit)
    assert list(SelfCheck.objects.visible_to(secretary)) == [ours]
    assert list(SelfCheck.objects.visible_to(leader)) == []
    assert set(SelfCheck.objects.visible_to(somebody(Role.STAFF, host))) == {ours, theirs}


def test_the_database_refuses_to_change_what_was_sent_and_answered(host, unit):
    check = check_of(host)
    answered(check, unit, PROBLEM)
    for deed in (
        lambda: SelfCheck.objects.update(text="改"),
        lambda: check.answers.update(words="改"),
        lambda: check.answers.all()._raw_delete(check.answers.db),
        lambda: SelfCheckFinding.objects.all()._raw_delete(SelfCheckFinding.objects.db),
    ):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            deed()


def test_a_successor_is_not_asked_in_the_place_of_a_closed_unit(host, unit):
    check = check_of(host)
    found_unit(host, UnitDetails("新镇党委"), predecessors=[unit], ending=TODAY)
    assert counts(check) == (0, 0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_twelve_answers_at_once_are_one(host, unit):
    check = check_of(host)
    people = [somebody(Role.SECRETARY, unit) for _ in range(12)]
    answers = at_once(*(lambda p=person: answered(check, unit, PROBLEM, by=p) for person in people))
    assert sum(isinstance(each, CheckRefused) for each in answers) == 11
    assert (Item.objects.count(), counts(check)) == (1, (1, 1, 1, 0))
