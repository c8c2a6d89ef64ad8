"""Whatever the quarters, the lines of a split add up exactly to what was printed.

Ranks and totals come from `reviews.ranking` and `reviews.scoring`, which print them.
"""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from reviews.movement import (
    Achieved,
    Field,
    LineKind,
    Seen,
    main_lines,
    passing_of,
    places_split,
    points_split,
)
from reviews.ranking import RankMethod, Result, rank_group
from reviews.reports.facts import Score
from reviews.scoring import Mark, total_of

METHODS = st.sampled_from(RankMethod)
NAMES = ("三会一课", "主题党日", "党费收缴", "台账", "阵地")
# Thirds and sevenths of a point come out of full marks like these where an indicator does not apply.
FULL_MARKS = st.sampled_from([Decimal(30), Decimal(7), Decimal("10.5")])


@st.composite
def scores(draw):
    """Indicators of one unit with points in steps of 0.5; some do not apply, some are bonus."""
    made = []
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True)):
        full_marks = draw(FULL_MARKS)
        halves = st.integers(0, int(full_marks * 2)).map(lambda number: Decimal(number) / 2)
        section = draw(st.sampled_from(["基础工作", "组织生活"]))
        bonus = draw(st.integers(0, 4)) == 0
        made.append(Score(section, name, full_marks, draw(halves | st.none()), is_bonus=bonus))
    return made


@st.composite
def achieved(draw):
    """Scores with the total that the rules print for them; None where there is none."""
    given_scores, decimals = draw(scores()), draw(st.integers(0, 4))
    marks = [
        Mark(score.full_marks, score.points, applies=score.points is not None, is_bonus=score.is_bonus)
        for score in given_scores
    ]
    full_total = sum((score.full_marks for score in given_scores if not score.is_bonus), Decimal(0))
    total = total_of(marks, full_total, decimals).total
    return None if total is None else Achieved(total, decimals, given_scores)


@st.composite
def fields(draw, *units):
    """The totals of a group in one quarter with few different values, so that many tie; `units` are in it."""
    others = draw(st.sets(st.integers(1, 12), max_size=10)) | set(units)
    totals = st.integers(0, 6).map(lambda halves: Decimal(halves) / 2)
    return {unit: draw(totals) for unit in sorted(others)}


def ranks(totals, method):
    results = [Result(unit, unit, total, Decimal(10)) for unit, total in totals.items()]
    return {line.unit: line.rank for line in rank_group(results, {}, method=method)}


# ---- points


@given(achieved(), achieved())
def test_the_points_of_all_lines_are_the_printed_change_of_the_total(before, now):
    if before is None or now is None:
        return
    lines = points_split(before, now)
    assert lines
    assert sum(line.change for line in lines) == now.total - before.total
    assert sum(line.before or 0 for line in lines) == before.total
    assert sum(line.now or 0 for line in lines) == now.total


@given(achieved(), achieved())
def test_every_indicator_of_either_quarter_has_one_line(before, now):
    if before is None or now is None:
        return
    lines = [line for line in points_split(before, now) if line.kind is LineKind.INDICATOR]
    assert sum(line.is_there for line in lines) == len(now.scores)
    assert sum(line.was_there for line in lines) == len(before.scores)
    for line in lines:
        assert line.change == (line.now or 0) - (line.before or 0)


@given(achieved())
def test_nothing_changed_is_no_change_in_any_line(now):
    if now is not None:
        assert {line.change for line in points_split(now, now)} <= {Decimal(0)}


@given(achieved())
def test_rounding_never_does_more_than_it_can(now):
    """Half a unit of the last printed digit, and what is cut from scaling at the fourth decimal."""
    if now is None:
        return
    rounding = [line.now for line in points_split(now, now) if line.kind is LineKind.ROUNDING]
    assert all(abs(each) <= Decimal(5).scaleb(-now.decimals - 1) + Decimal("0.00005") for each in rounding)


@given(achieved(), achieved(), st.booleans())
def test_the_main_indicators_make_up_half_of_what_moved_and_none_could_be_spared(before, now, gains):
    if before is None or now is None:
        return
    lines = points_split(before, now)
    sign = 1 if gains else -1
    compared = [each for each in lines if each.kind is LineKind.INDICATOR]
    moved = [sign * each.change for each in compared if None not in (each.before, each.now)]
    moved = [change for change in moved if change > 0]
    chosen = [sign * line.change for line in main_lines(lines, gains=gains)]
    assert bool(chosen) == bool(moved)
    assert sum(chosen) * 2 >= sum(moved)
    assert not chosen or sum(chosen[:-1]) * 2 < sum(moved)
    assert chosen == sorted(moved, reverse=True)[: len(chosen)]


# ---- places


@given(fields(1), fields(1), METHODS, METHODS)
def test_who_passed_whom_and_the_ties_are_the_change_of_the_place(then, today, method_then, method_now):
    before, now = Field(then, method_then), Field(today, method_now)
    places = ranks(then, method_then)[1] - ranks(today, method_now)[1]
    assert passing_of(1, before, now).places == places


@given(fields(1), fields(1), METHODS, METHODS)
def test_a_pass_is_what_it_says(then, today, method_then, method_now):
    passing = passing_of(1, Field(then, method_then), Field(today, method_now))
    for other, end in ((each.unit, each.other_end) for each in passing.passed):
        assert then[other] > then[1]
        assert end == seen(today, other)
    for other, end in ((each.unit, each.other_end) for each in passing.passed_by):
        assert today[other] > today[1]
        assert end == seen(then, other)


def seen(totals, other):
    if other not in totals:
        return Seen.ABSENT
    assert totals[other] <= totals[1]
    return Seen.LEVEL if totals[other] == totals[1] else Seen.BEHIND


@given(fields(1, 2), fields(1, 2), METHODS, METHODS)
def test_of_two_units_the_one_passed_the_other_as_the_other_was_passed(then, today, method_then, method_now):
    before, now = Field(then, method_then), Field(today, method_now)
    went_behind = {each.unit for each in passing_of(1, before, now).passed if each.other_end is Seen.BEHIND}
    passed_by = {each.unit for each in passing_of(2, before, now).passed_by if each.other_end is Seen.BEHIND}
    assert (2 in went_behind and then[1] < then[2]) == (1 in passed_by)


@given(fields(1), fields(1), st.sampled_from(RankMethod))
def test_where_ranks_leave_gaps_ties_have_no_line(then, today, method_then):
    passing = passing_of(1, Field(then, RankMethod.COMPETITION), Field(today, RankMethod.COMPETITION))
    assert passing.ties == 0


@st.composite
def two_quarters(draw):
    """A unit's scores in two quarters and the groups it stood in."""
    before, now = draw(achieved()), draw(achieved())
    if before is None or now is None:
        return None
    near = st.integers(-3, 3)
    then = {unit: before.total + draw(near) for unit in draw(st.sets(st.integers(2, 9)))} | {1: before.total}
    today = {unit: now.total + draw(near) for unit in draw(st.sets(st.integers(2, 9)))} | {1: now.total}
    return before, now, then, today


@given(two_quarters(), METHODS, METHODS)
def test_the_places_of_all_lines_are_the_change_of_the_place(quarters, method_then, method_now):
    if quarters is None:
        return
    before, now, then, today = quarters
    lines = points_split(before, now)
    split = places_split(1, lines, Field(then, method_then), Field(today, method_now))
    assert len(split.by_line) == len(lines)
    assert split.places == ranks(then, method_then)[1] - ranks(today, method_now)[1]


@given(two_quarters(), METHODS, METHODS)
def test_a_line_moves_places_only_the_way_it_moves_points(quarters, method_then, method_now):
    if quarters is None:
        return
    before, now, then, today = quarters
    lines = points_split(before, now)
    split = places_split(1, lines, Field(then, method_then), Field(today, method_now))
    for line, places in zip(lines, split.by_line, strict=True):
        assert places * line.change >= 0
    assert split.method == 0 or method_then is not method_now


@given(fields(1), METHODS)
def test_a_unit_alone_in_changing_owes_its_whole_move_to_itself(then, method):
    before = Achieved(then[1], 2, [Score("基础工作", "三会一课", Decimal(10), then[1])])
    now = Achieved(Decimal("2.25"), 2, [Score("基础工作", "三会一课", Decimal(10), Decimal("2.25"))])
    split = places_split(
        1, points_split(before, now), Field(then, method), Field(then | {1: Decimal("2.25")}, method)
    )
    assert (split.others, split.method) == (0, 0)
