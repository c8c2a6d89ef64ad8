"""Why a unit moved, by examples: the ones of decision 27."""

from decimal import Decimal

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
from reviews.ranking import RankMethod
from reviews.reports.facts import Score

DENSE, COMPETITION = RankMethod.DENSE, RankMethod.COMPETITION
A, B, C, D, E = range(1, 6)


def totals(*points):
    """By unit from A on; None: not ranked."""
    return {unit: Decimal(str(each)) for unit, each in enumerate(points, 1) if each is not None}


def achieved(total, *points, full_marks=10, decimals=2, names=("三会一课", "主题党日", "党费收缴")):
    scores = [
        Score("基础工作", name, Decimal(full_marks), None if each is None else Decimal(str(each)))
        for name, each in zip(names, points, strict=False)
    ]
    return Achieved(Decimal(str(total)), decimals, scores)


def changes(lines):
    return [(line.kind.value if line.kind != "indicator" else line.indicator, line.change) for line in lines]


class TestPoints:
    def test_each_indicator_and_nothing_else(self):
        lines = points_split(achieved(21, 8, 6, 7), achieved(25, 8, 9, 8))
        assert changes(lines) == [("三会一课", 0), ("主题党日", 3), ("党费收缴", 1)]

    def test_an_indicator_that_does_not_apply_leaves_its_scaling(self):
        """16 of 20 stand for 24 of 30: 8 points that nobody gave."""
        lines = points_split(achieved(24, 8, 8, None), achieved(24, 8, 8, 8))
        assert changes(lines) == [("三会一课", 0), ("主题党日", 0), ("党费收缴", 8), ("scaling", -8)]

    def test_a_scaled_total_without_an_end_is_rounded_in_lines_of_their_own(self):
        then = achieved(20, 10, 10, full_marks=30, names=("三会一课", "主题党日"))
        now = achieved("33.33", "16.666", None, full_marks=30, names=("三会一课", "主题党日"))
        lines = points_split(then, now)
        assert sum(line.change for line in lines) == Decimal("13.33")
        assert [line.kind for line in lines[2:]] == [LineKind.SCALING, LineKind.ROUNDING]

    def test_rounding_to_whole_points_has_its_line(self):
        lines = points_split(achieved(16, 8, 8, decimals=0), achieved(17, 8, "8.5", decimals=0))
        assert changes(lines) == [
            ("三会一课", 0),
            ("主题党日", Decimal("0.5")),
            ("rounding", Decimal("0.5")),
        ]

    def test_what_only_one_rubric_has_stands_on_one_side(self):
        then = achieved(14, 8, 6, names=("三会一课", "台账"))
        now = achieved(17, 8, 9, names=("三会一课", "积分制管理"))
        _same, new, old = points_split(then, now)
        assert (new.indicator, new.was_there, new.before, new.change) == ("积分制管理", False, None, 9)
        assert (old.indicator, old.is_there, old.now, old.change) == ("台账", False, None, -6)

    def test_an_indicator_that_moved_to_another_section_is_still_the_same(self):
        then = achieved(8, 8)
        now = Achieved(Decimal(9), 2, [Score("组织生活", "三会一课", Decimal(10), Decimal(9))])
        assert changes(points_split(then, now)) == [("三会一课", 1)]

    def test_scores_that_do_not_give_the_printed_total_explain_nothing(self):
        assert points_split(achieved(21, 8, 6, 7), achieved(99, 8, 9, 8)) == ()
        assert points_split(achieved(0), achieved(25, 8, 9, 8)) == ()


class TestPassing:
    def test_two_were_passed_and_one_passed(self):
        before = Field(totals(80, 90, 85, 70), DENSE)
        now = Field(totals(88, 86, 84, 95), DENSE)
        passing = passing_of(A, before, now)
        assert [(each.unit, each.other_end) for each in passing.passed] == [
            (B, Seen.BEHIND),
            (C, Seen.BEHIND),
        ]
        assert [(each.unit, each.other_end) for each in passing.passed_by] == [(D, Seen.BEHIND)]
        assert (passing.ties, passing.places) == (0, 1)

    def test_dense_ranks_owe_a_place_to_a_tie_ahead(self):
        """95, 94, 93, A 90 is fourth; 95, 94, 94, A 90 is third although three are still ahead."""
        before = Field(totals(90, 95, 94, 93), DENSE)
        now = Field(totals(90, 95, 94, 94), DENSE)
        passing = passing_of(A, before, now)
        assert (passing.passed, passing.passed_by, passing.ties) == ((), (), 1)
        assert passing.places == before.rank(A) - now.rank(A) == 1

    def test_overtaking_one_of_two_equals_gains_no_place(self):
        before = Field(totals(90, 95, 95), DENSE)
        now = Field(totals(92, 95, 91), DENSE)
        passing = passing_of(A, before, now)
        assert ([each.unit for each in passing.passed], passing.ties, passing.places) == ([C], -1, 0)

    def test_the_same_move_where_ranks_leave_gaps(self):
        before = Field(totals(90, 95, 95), COMPETITION)
        now = Field(totals(92, 95, 91), COMPETITION)
        assert (passing_of(A, before, now).ties, passing_of(A, before, now).places) == (0, 1)

    def test_who_left_was_passed_and_who_is_new_passes(self):
        before = Field(totals(80, 90, None), DENSE)
        now = Field(totals(80, None, 85), DENSE)
        passing = passing_of(A, before, now)
        assert [(each.unit, each.other_end) for each in passing.passed] == [(B, Seen.ABSENT)]
        assert [(each.unit, each.other_end) for each in passing.passed_by] == [(C, Seen.ABSENT)]

    def test_catching_up_is_no_longer_being_behind(self):
        passing = passing_of(A, Field(totals(80, 90), DENSE), Field(totals(90, 90), DENSE))
        assert [(each.unit, each.other_end) for each in passing.passed] == [(B, Seen.LEVEL)]


class TestPlacesByLine:
    def test_one_line_after_the_other_then_the_others(self):
        lines = points_split(achieved(14, 5, 5, 4), achieved(20, 8, 8, 4))
        before = Field(totals(14, 16, 18, 19, 22), DENSE)
        now = Field(totals(20, 16, 18, 23, 22), DENSE)
        split = places_split(A, lines, before, now)
        assert split.by_line == (1, 2, 0)
        assert (split.own, split.others, split.method, split.places) == (3, -1, 0, 2)

    def test_a_new_way_of_counting_ties_is_told_apart(self):
        lines = points_split(achieved(14, 5, 5, 4), achieved(14, 5, 5, 4))
        group = totals(14, 16, 16, 18)
        split = places_split(A, lines, Field(group, COMPETITION), Field(group, DENSE))
        assert (split.own, split.others, split.method) == (0, 0, 1)


class TestMainIndicators:
    def lines(self, *moves):
        names = [f"指标{number}" for number in range(len(moves))]
        before = achieved(5 * len(moves), *[5] * len(moves), names=names)
        now = achieved(5 * len(moves) + sum(moves), *[5 + move for move in moves], names=names)
        return points_split(before, now)

    def test_the_fewest_that_make_up_half(self):
        chosen = main_lines(self.lines(1, 3, -2, 1), gains=True)
        assert [line.indicator for line in chosen] == ["指标1"]

    def test_equals_in_the_rubrics_order(self):
        chosen = main_lines(self.lines(1, 1, 1, 1), gains=True)
        assert [line.indicator for line in chosen] == ["指标0", "指标1"]

    def test_what_was_lost_is_asked_for_apart(self):
        assert [line.indicator for line in main_lines(self.lines(1, 3, -2), gains=False)] == ["指标2"]

    def test_a_first_score_is_no_improvement(self):
        lines = points_split(achieved(15, 5, None), achieved(14, 5, 9))
        assert main_lines(lines, gains=True) == ()
