from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.scoring import (
    DerivedPoints,
    Mark,
    NotPoints,
    PointsFault,
    Total,
    check_points,
    derive_points,
    parse_points,
    round_half_up,
    total_of,
)

HUNDRED = Decimal(100)
POINTS = st.decimals(0, 100, places=4)


def mark(points, full_marks="10", **kwargs):
    return Mark(full_marks=Decimal(full_marks), points=None if points is None else Decimal(points), **kwargs)


def total(*marks, full_total=HUNDRED, places=2):
    return total_of(marks, full_total, places)


class TestRounding:
    @pytest.mark.parametrize(
        ("value", "places", "rounded"),
        [
            ("0.125", 2, "0.13"),
            ("0.135", 2, "0.14"),
            ("0.1249999999", 2, "0.12"),
            ("-0.125", 2, "-0.13"),
            ("-0.001", 2, "0.00"),
            ("96", 2, "96.00"),
            ("96.5", 0, "97"),
            ("95.5", 0, "96"),
            ("1e26", 2, "100000000000000000000000000.00"),
        ],
    )
    def test_halves_go_away_from_zero_and_the_places_are_kept(self, value, places, rounded):
        assert str(round_half_up(Decimal(value), places)) == rounded

    def test_a_fraction_rounds_like_the_decimal_it_stands_for(self):
        assert round_half_up(Fraction(1, 8), 2) == Decimal("0.13")
        assert round_half_up(Fraction(200, 3), 2) == Decimal("66.67")

    @pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
    def test_what_is_no_number_cannot_be_rounded(self, value):
        with pytest.raises((ValueError, OverflowError)):
            round_half_up(Decimal(value), 2)

    @given(st.decimals(-1000, 1000, places=6), st.integers(0, 4))
    def test_rounding_moves_by_half_a_unit_at_most(self, value, places):
        unit = Fraction(1, 10**places)
        moved = Fraction(round_half_up(value, places)) - Fraction(value)
        assert abs(moved) <= unit / 2
        if abs(moved) == unit / 2:
            assert (moved > 0) == (value > 0)


class TestDeductions:
    def test_deductions_come_off_the_full_marks(self):
        derived = derive_points(Decimal(10), [Decimal("0.5"), Decimal("1.5")], cap=None)
        assert derived == DerivedPoints(points=Decimal("8.0"), beyond_floor=Decimal(0))

    def test_without_deductions_the_full_marks_stay(self):
        assert derive_points(Decimal(10), [], cap=None) == DerivedPoints(Decimal(10), Decimal(0))

    def test_points_never_fall_below_zero_and_the_rest_is_kept(self):
        assert derive_points(Decimal(5), [Decimal(4), Decimal(3)], cap=None) == DerivedPoints(
            Decimal(0), Decimal(2)
        )

    def test_a_cap_limits_what_can_be_lost(self):
        assert derive_points(Decimal(10), [Decimal(4)], cap=Decimal(3)) == DerivedPoints(
            Decimal(7), Decimal(1)
        )

    def test_a_cap_above_the_full_marks_still_ends_at_zero(self):
        assert derive_points(Decimal(5), [Decimal(9)], cap=Decimal(8)) == DerivedPoints(
            Decimal(0), Decimal(4)
        )

    def test_a_cap_of_zero_loses_nothing(self):
        assert derive_points(Decimal(5), [Decimal(2)], cap=Decimal(0)) == DerivedPoints(
            Decimal(5), Decimal(2)
        )

    def test_a_negative_deduction_is_refused(self):
        with pytest.raises(ValueError, match="negative"):
            derive_points(Decimal(5), [Decimal(-1)], cap=None)

    @given(POINTS, st.lists(POINTS, max_size=6), st.none() | POINTS)
    def test_nothing_deducted_is_ever_forgotten(self, full_marks, deductions, cap):
        derived = derive_points(full_marks, iter(deductions), cap)
        assert full_marks - sum(deductions) == derived.points - derived.beyond_floor
        assert derived.beyond_floor >= 0
        assert 0 <= derived.points <= full_marks
        if cap is not None:
            assert derived.points >= full_marks - cap
        assert derived == derive_points(full_marks, reversed(deductions), cap)


class TestTotals:
    def test_a_total_is_the_sum_of_the_points(self):
        assert total(mark("9.5"), mark("8"), mark("0")) == Total(Decimal("17.50"), Decimal(30), missing=0)

    def test_points_are_added_exactly_and_rounded_once(self):
        assert total(mark("0.004"), mark("0.004")).total == Decimal("0.01")
        assert total(mark("0.1"), mark("0.2")).total == Decimal("0.30")

    def test_not_scored_is_not_zero(self):
        assert total(mark("9"), mark(None), mark(None)) == Total(None, Decimal(30), missing=2)

    def test_a_real_zero_counts(self):
        assert total(mark("0")).total == Decimal("0.00")

    def test_an_indicator_that_does_not_apply_leaves_the_denominator(self):
        unit = total(mark("54", "60"), mark("27", "30"), mark(None, "10", applies=False))
        assert unit == Total(Decimal("90.00"), Decimal(90), missing=0)

    def test_a_scaled_total_is_rounded_only_at_the_end(self):
        unit = total(mark("20", "30"), mark("30", "30"), mark("0", "40", applies=False))
        assert unit.total == Decimal("83.33")

    def test_points_of_an_indicator_that_does_not_apply_are_ignored(self):
        assert total(mark("9"), mark("5", applies=False), full_total=Decimal(20)).total == Decimal("18.00")

    def test_nothing_applying_gives_no_total(self):
        assert total(mark(None, applies=False)) == Total(None, Decimal(0), missing=0)
        assert total() == Total(None, Decimal(0), missing=0)

    def test_bonus_points_stand_outside_the_full_total(self):
        assert total(mark("100", "100"), mark("2", "5", is_bonus=True)) == Total(
            Decimal("102.00"), HUNDRED, missing=0
        )

    def test_a_blank_bonus_adds_nothing_and_is_not_missing(self):
        assert total(mark("9"), mark(None, is_bonus=True)) == Total(Decimal("9.00"), Decimal(10), missing=0)

    def test_bonus_points_are_never_scaled(self):
        unit = total(mark("45", "50"), mark(None, "50", applies=False), mark("1.5", "5", is_bonus=True))
        assert unit.total == Decimal("91.50")

    def test_a_bonus_alone_makes_no_total(self):
        assert total(mark("3", is_bonus=True)).total is None

    def test_a_bonus_that_does_not_apply_changes_nothing(self):
        assert total(mark("7"), mark("3", applies=False, is_bonus=True)).total == Decimal("7.00")

    def test_the_rubric_decides_the_precision(self):
        assert str(total(mark("9.25"), places=1).total) == "9.3"
        assert str(total(mark("9.25"), places=4).total) == "9.2500"

    @given(st.data(), st.lists(POINTS, min_size=1, max_size=8), st.integers(0, 4))
    def test_the_order_of_the_indicators_makes_no_difference(self, data, points, places):
        marks = [
            Mark(HUNDRED, each, applies=data.draw(st.booleans()), is_bonus=data.draw(st.booleans()))
            for each in points
        ]
        shuffled = data.draw(st.permutations(marks))
        assert total_of(marks, HUNDRED, places) == total_of(shuffled, HUNDRED, places)

    @given(st.lists(st.integers(0, 20), min_size=1, max_size=6), st.integers(1, 50))
    def test_full_marks_everywhere_are_the_full_total_whatever_applies(self, halves, not_applying):
        marks = [Mark(Decimal(half) / 2 + 1, Decimal(half) / 2 + 1) for half in halves]
        absent = Mark(Decimal(not_applying), None, applies=False)
        assert total_of([*marks, absent], HUNDRED, 2).total == HUNDRED


class TestCheckingPoints:
    @pytest.mark.parametrize("points", ["0", "-0", "0.5", "9.5", "10", "10.000", "0e999999", "0e-999999"])
    def test_points_in_range_and_on_the_step_are_accepted(self, points):
        assert check_points(Decimal(points), Decimal(10), Decimal("0.5")) is None

    @pytest.mark.parametrize(
        ("points", "fault"),
        [
            ("-0.5", PointsFault.NEGATIVE),
            ("-Infinity", PointsFault.NEGATIVE),
            ("-1e-999999", PointsFault.NEGATIVE),
            ("10.5", PointsFault.ABOVE_FULL_MARKS),
            ("10.0000000000000000000000000000000001", PointsFault.ABOVE_FULL_MARKS),
            ("1e26", PointsFault.ABOVE_FULL_MARKS),
            ("1e999999", PointsFault.ABOVE_FULL_MARKS),
            ("Infinity", PointsFault.ABOVE_FULL_MARKS),
            ("9.3", PointsFault.OFF_STEP),
            ("9.5000000000000000000000000000000001", PointsFault.OFF_STEP),
            ("1e-999999", PointsFault.OFF_STEP),
            ("NaN", PointsFault.OFF_STEP),
            ("sNaN", PointsFault.OFF_STEP),
        ],
    )
    def test_other_points_are_refused_with_the_reason(self, points, fault):
        assert check_points(Decimal(points), Decimal(10), Decimal("0.5")) is fault

    def test_full_marks_can_always_be_given(self):
        assert check_points(Decimal("7.3"), Decimal("7.3"), Decimal("0.5")) is None

    @given(st.integers(0, 20))
    def test_every_step_up_to_the_full_marks_is_accepted(self, steps):
        assert check_points(Decimal("0.5") * steps, Decimal(10), Decimal("0.5")) is None

    @given(st.decimals(allow_nan=True, allow_infinity=True))
    def test_no_number_is_too_strange_to_check(self, points):
        check_points(points, Decimal(10), Decimal("0.5"))


class TestReadingPoints:
    @pytest.mark.parametrize(
        ("text", "points"),
        [
            ("8", "8"),
            ("8.5", "8.5"),
            ("08.50", "8.50"),
            ("８．５", "8.5"),
            ("8。5", "8.5"),
            ("8｡5", "8.5"),
            (".5", "0.5"),
            (" 8.5\n", "8.5"),
            ("\u30008.5\u00a0", "8.5"),
            ("\ufeff8.5\u200b ", "8.5"),
            ("1.2345", "1.2345"),
        ],
    )
    def test_points_are_read_as_people_type_them(self, text, points):
        assert str(parse_points(text)) == points

    @pytest.mark.parametrize("text", ["-1", "－1", "−1"])
    def test_a_negative_number_is_read_so_that_it_can_be_refused_as_such(self, text):
        assert parse_points(text) == -1

    def test_a_negative_zero_is_zero(self):
        assert str(parse_points("-0.0")) == "0.0"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            " ",
            "1_8",
            "18,5",
            "18，5",
            "1,000",
            "1 000",
            "8. 5",
            "- 1",
            "NaN",
            "sNaN",
            "Infinity",
            "1e26",
            "1E2",
            "½",
            "²",
            "١٨",
            "九",
            "8.",
            "8..5",
            ".",
            "-",
            "+8",
            "--8",
            "8-",
            "85%",
            "8分",
            "0x8",
            "1.23456",
            "8\x00",
            "8\n5",
        ],
    )
    def test_everything_else_is_refused(self, text):
        with pytest.raises(NotPoints):
            parse_points(text)

    @given(POINTS)
    def test_every_number_of_points_is_read_back(self, points):
        assert parse_points(format(points, "f")) == points

    @given(st.text())
    def test_any_text_is_read_or_refused(self, text):
        try:
            points = parse_points(text)
        except NotPoints:
            return
        assert points.is_finite()
