"""Why a unit moved, as documents say it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.ranking import ListName, ProgressMeasure
from reviews.reports.facts import Results, Score
from reviews.reports.fields import FieldBook, FieldKind, filled
from reviews.reports.prose import draft_circular
from reviews.reports.provenance import explain
from reviews.reports.reasons import main_reason, movement_sentence
from tests.reviews.reports.district import quarter_of, sample_district
from tests.reviews.reports.test_prose import HEADING, text_of

FIELD = {"甲镇党委": "90", "乙镇党委": "80", "丙镇党委": "70"}


def scores(**points):
    return [Score("基础工作", name, Decimal(50), Decimal(str(each))) for name, each in points.items()]


def moved(then, now, *, unit="丙镇党委", others=None, **options) -> Results:
    """One unit's scores in two quarters; the others stay at 90 and 80 points unless told otherwise."""
    sum_of = {True: str(sum(then.values())), False: str(sum(now.values()))}
    return quarter_of(
        {"乡镇": FIELD | (others or {}) | {unit: sum_of[False]}},
        {"乡镇": FIELD | {unit: sum_of[True]}},
        scores={unit: scores(**now)},
        earlier_scores={unit: scores(**then)},
        **options,
    )


def said(results, name=ListName.PROGRESS):
    book = FieldBook()
    sentence = movement_sentence(results.groups[0], name, results.measure, book)
    return filled(sentence, book.fields)


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        ({"党费收缴": 45, "三会一课": 35, "台账": 5}, "党费收缴得分提高"),
        ({"党费收缴": 35, "三会一课": 35, "台账": 15}, "党费收缴、三会一课两项得分提高"),
        ({"党费收缴": 35, "三会一课": 30, "台账": 20}, "台账得分提高"),
    ],
)
def test_the_furthest_riser_and_the_indicators_that_carried_it(now, sentence):
    results = moved({"党费收缴": 30, "三会一课": 30, "台账": 10}, now)
    assert said(results) == f"丙镇党委上升1位，主要是{sentence}"


def test_many_equal_gains_name_three_and_count_the_rest():
    names = [f"指标{number}" for number in range(8)]
    results = moved(dict.fromkeys(names, 7), dict.fromkeys(names, 12))
    assert said(results) == "丙镇党委上升2位，主要是指标0、指标1、指标2等4项得分提高"


def test_the_furthest_faller_and_what_it_lost():
    results = moved({"党费收缴": 45, "三会一课": 50}, {"党费收缴": 20, "三会一课": 50})
    assert said(results, ListName.SETBACK) == "丙镇党委下降2位，主要是党费收缴得分降低"


def test_who_rose_because_others_fell_is_not_said_to_have_improved():
    results = moved(
        {"党费收缴": 35, "三会一课": 35}, {"党费收缴": 34, "三会一课": 35}, others={"乙镇党委": "60"}
    )
    assert results.groups[0].named(ListName.PROGRESS)
    assert said(results) == ""


def test_two_who_share_the_furthest_move_are_both_told_and_of_three_none():
    def rising(*units):
        then, now = scores(党费收缴=30, 三会一课=20), scores(党费收缴=50, 三会一课=40)
        others = {"甲镇党委": "80", "乙镇党委": "70"}
        return quarter_of(
            {"乡镇": others | dict.fromkeys(units, "90")},
            {"乡镇": others | dict.fromkeys(units, "50")},
            scores=dict.fromkeys(units, now),
            earlier_scores=dict.fromkeys(units, then),
        )

    two = said(rising("丙镇党委", "丁镇党委"))
    assert two == "丙镇党委上升2位，主要是党费收缴得分提高；丁镇党委上升2位，主要是党费收缴得分提高"
    assert said(rising("丙镇党委", "丁镇党委", "戊镇党委")) == ""


def test_measured_by_total_it_says_how_many_points():
    results = moved(
        {"党费收缴": 30, "三会一课": 40}, {"党费收缴": 45, "三会一课": 40}, measure=ProgressMeasure.TOTAL
    )
    assert said(results) == "丙镇党委总分提高15分，主要是党费收缴得分提高"


def test_without_the_scores_of_then_there_is_no_reason():
    results = quarter_of(
        {"乡镇": FIELD | {"丙镇党委": "95"}}, {"乡镇": FIELD}, scores={"丙镇党委": scores(党费收缴=50)}
    )
    assert said(results) == ""


def test_the_circular_says_why_beside_who_rose_and_who_fell_furthest():
    text = text_of(sample_district(), HEADING)
    assert "其中戊镇党委上升10位，主要是" in text
    assert "辛镇党委下降" in text
    assert "得分降低。" in text


def test_what_is_said_of_a_move_comes_from_the_points_of_both_quarters():
    draft = draft_circular(sample_district(), HEADING)
    said = [field for field in draft.fields.values() if field.kind is FieldKind.MOVE]
    assert said
    for field in said:
        told = explain(field, sample_district())
        assert told.gives == field.value
        assert len(told.steps) > 1


def test_the_points_behind_it_are_read_by_those_alone_who_may():
    draft = draft_circular(sample_district(), HEADING)
    field = next(field for field in draft.fields.values() if field.kind is FieldKind.MOVE)
    assert len(explain(field, sample_district()).seen_with_scores_of(()).steps) == 1


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=6))
def test_a_sentence_never_dangles(points):
    then = {f"指标{number}": before for number, (before, _now) in enumerate(points)}
    now = {f"指标{number}": after for number, (_before, after) in enumerate(points)}
    results = moved(then, now, others={"甲镇党委": "20", "乙镇党委": "10"})
    for name in (ListName.PROGRESS, ListName.SETBACK):
        text = said(results, name)
        assert not text or text.endswith(("得分提高", "得分降低"))
        assert "，，" not in text
    book = FieldBook()
    for unit in results.groups[0].units:
        main_reason(unit, book)
    assert all(field.value for field in book.fields.values())
