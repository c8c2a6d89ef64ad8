"""Putting a rubric in force, and its versions."""

from decimal import Decimal

import pytest

from reviews.activating import (
    CannotActivate,
    activate_rubric,
    activation_faults,
    comparison_key,
    copy_to_new_version,
)
from reviews.models import Rubric, RubricState
from tests.factories.reviews import IndicatorFactory, RubricFactory

pytestmark = pytest.mark.django_db


def test_a_rubric_whose_marks_make_its_total_goes_in_force():
    rubric = activate_rubric(RubricFactory(marks={"三会一课": 60, "主题党日": 40}))
    assert rubric.state == RubricState.ACTIVE
    assert rubric.activated_at is not None
    assert rubric.comparison_key


def test_a_wrong_sum_is_refused_with_both_numbers():
    rubric = RubricFactory(marks={"三会一课": 60, "主题党日": 30})
    with pytest.raises(CannotActivate, match=r"90.*100"):
        activate_rubric(rubric)
    rubric.refresh_from_db()
    assert rubric.state == RubricState.DRAFT


def test_the_stated_total_need_not_be_a_hundred():
    rubric = RubricFactory(marks={"三会一课": 60}, full_total=Decimal(60))
    assert activate_rubric(rubric).state == RubricState.ACTIVE


def test_bonus_marks_stand_outside_the_total():
    rubric = RubricFactory(marks={"三会一课": 100})
    IndicatorFactory(home=rubric.sections.get(), bonus=True, full_marks=Decimal(5))
    assert activate_rubric(rubric).state == RubricState.ACTIVE


def test_bonus_marks_alone_are_no_rubric():
    rubric = RubricFactory(marks={"创新工作": 100}, marks__is_bonus=True)
    with pytest.raises(CannotActivate):
        activate_rubric(rubric)


def test_full_marks_that_no_step_reaches_are_named():
    rubric = RubricFactory(marks={"三会一课": 60, "主题党日": 40}, marks__step=Decimal("0.7"))
    faults = activation_faults(rubric, rubric.indicators.all())
    assert len(faults) == 2
    assert "三会一课" in faults[0]


def test_a_new_version_replaces_the_one_in_force():
    first = RubricFactory(in_force=True)
    second = activate_rubric(copy_to_new_version(first))
    first.refresh_from_db()
    assert (first.state, second.state, second.version) == (RubricState.RETIRED, RubricState.ACTIVE, 2)
    assert [i.name for i in second.indicators.all()] == [i.name for i in first.indicators.all()]


def test_a_replaced_version_does_not_come_back():
    first = RubricFactory(in_force=True)
    activate_rubric(copy_to_new_version(first))
    with pytest.raises(CannotActivate):
        activate_rubric(first)


def test_putting_in_force_twice_changes_nothing():
    rubric = RubricFactory(in_force=True)
    assert activate_rubric(rubric).activated_at == rubric.activated_at
    assert Rubric.objects.count() == 1


def test_rubrics_compare_by_their_indicators_and_not_by_their_marks():
    first = RubricFactory(marks={"三会一课": 60, "主题党日": 40})
    second = RubricFactory(marks={"主题党日": 50, "三会一课": 50})
    third = RubricFactory(marks={"三会一课": 60, "党费收缴": 40})
    keys = [comparison_key(rubric.indicators.all()) for rubric in (first, second, third)]
    assert keys[0] == keys[1] != keys[2]
