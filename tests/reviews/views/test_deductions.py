"""The page of one cell's deductions."""

from __future__ import annotations

import pytest

from reviews.activating import activate_rubric
from reviews.models import Deduction, Score
from reviews.publishing import verify_cycle
from tests.factories.reviews import RubricFactory, deduct, indicator_of, opened_cycle, review_of
from tests.reviews.views.answers import text_of


@pytest.fixture
def page(running, unit):
    return f"/cycles/2018Q3/units/{unit.pk}/deductions/{indicator_of(running, '丙镇党委', '三会一课').pk}/"


def points(running):
    return Score.objects.get(review=review_of(running, "丙镇党委"), indicator__name="三会一课").points


@pytest.mark.parametrize("given", [{"points": "1.5"}, {"points": "１．５"}, {"times": "3"}])
def test_points_or_so_many_steps_are_taken(given, running, page, staff, signed_in):
    answer = signed_in(staff).post(page, given | {"reason": "缺签到表"})
    assert (answer.status_code, answer.url) == (302, page)
    assert points(running) == 58.5
    assert Deduction.objects.get().recorded_by == staff


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Give either the points or how many times."),
        ({"points": "1", "times": "2"}, "Give either the points or how many times."),
        ({"points": "0"}, "takes nothing off"),
        ({"points": "61"}, "above the full marks"),
        ({"points": "0.3"}, "between two steps"),
        ({"times": "121"}, "above the full marks"),
        ({"times": "x"}, "Enter a whole number."),
        ({"points": "1", "reason": ""}, "Say what the points are deducted for."),
    ],
)
def test_what_cannot_be_taken_is_refused(given, said, running, page, staff, signed_in):
    answer = signed_in(staff).post(page, {"reason": "缺签到表"} | given)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert points(running) == 60


def test_the_rubrics_own_words_are_to_choose_from(staff, signed_in, host, unit):
    rubric = RubricFactory(group=unit.group, version=2, marks={"三会一课": 100})
    rubric.indicators.update(standard="记录不完整的，每处扣0.5分；缺会议记录的，每次扣1分。")
    activate_rubric(rubric)
    opened_cycle(host)
    page = f"/cycles/2018Q3/units/{unit.pk}/deductions/{rubric.indicators.get().pk}/"
    client = signed_in(staff)
    assert "缺会议记录的，每次扣1分</option>" in text_of(client.get(page))
    client.post(page, {"points": "1", "standard": "缺会议记录的，每次扣1分", "reason": "二支部"})
    assert Deduction.objects.get().reason == "缺会议记录的，每次扣1分：二支部"


def test_one_that_was_wrong_is_withdrawn_with_a_reason(running, page, staff, signed_in):
    deduct(running, "丙镇党委", "三会一课", 2)
    deduct(running, "丙镇党委", "三会一课", 1)
    client = signed_in(staff)
    wrong = Deduction.objects.earliest("pk")
    client.post(page, {"withdraw": wrong.pk, "reason": " "})
    assert points(running) == 57
    client.post(page, {"withdraw": wrong.pk, "reason": "另一村的"})
    assert points(running) == 59
    assert "另一村的" in text_of(client.get(page))


def test_one_without_a_reason_is_given_one_later_and_only_once(running, page, staff, signed_in):
    deduct(running, "丙镇党委", "三会一课", 2, "")
    client = signed_in(staff)
    assert "Give the reason" in text_of(client.get(page))
    given = {"explain": Deduction.objects.get().pk, "reason": "缺 签到表"}
    client.post(page, given | {"reason": " "})
    client.post(page, given)
    client.post(page, given | {"reason": "别的原因"})
    deduction = Deduction.objects.get()
    assert (deduction.reason, deduction.reason_given_by) == ("缺 签到表", staff)
    assert points(running) == 58
    shown = text_of(client.get(page))
    assert "reason given by" in shown
    assert "Give the reason" not in shown


@pytest.mark.parametrize("key", ["x", "", "0", "9" * 30, "²"])
def test_an_odd_deduction_to_explain_is_no_error(key, running, page, staff, signed_in):
    answer = signed_in(staff).post(page, {"explain": key, "reason": "缺签到表"}, follow=True)
    assert answer.status_code == 200


def test_another_cells_deduction_is_not_withdrawn_here(running, page, staff, signed_in):
    deduct(running, "乙镇党委", "三会一课", 2)
    answer = signed_in(staff).post(page, {"withdraw": Deduction.objects.get().pk, "reason": "试"})
    assert answer.status_code == 404


def test_once_entry_is_closed_it_is_only_read(running, page, staff, signed_in):
    deduct(running, "丙镇党委", "三会一课", 2)
    verify_cycle(running, by=staff)
    client = signed_in(staff)
    shown = text_of(client.get(page))
    assert "记录不完整" in shown
    assert "Withdraw" not in shown
    client.post(page, {"points": "1", "reason": "迟到的"})
    client.post(page, {"withdraw": Deduction.objects.get().pk, "reason": "迟到的"})
    client.post(page, {"explain": Deduction.objects.get().pk, "reason": "迟到的"})
    assert points(running) == 58
    assert Deduction.objects.get().reason == "记录不完整"


def test_another_groups_indicator_is_not_found(running, unit, staff, signed_in):
    assert signed_in(staff).get(f"/cycles/2018Q3/units/{unit.pk}/deductions/999999/").status_code == 404


@pytest.mark.parametrize("person", ["leader", "inspector", "secretary", "stranger", "nobody"])
def test_nobody_else_sees_or_deducts(person, request, running, page, signed_in):
    client = signed_in(request.getfixturevalue(person))
    assert client.get(page).status_code in (403, 404)
    assert client.post(page, {"points": "1", "reason": "不该成功"}).status_code in (403, 404)
    assert points(running) == 60
