"""The ranking rules by example. What must hold of every group is in test_ranking_properties."""

from decimal import Decimal

import pytest

from reviews.ranking import (
    Earlier,
    ListName,
    Placed,
    ProgressMeasure,
    RankMethod,
    Result,
    competition_ranks,
    dense_ranks,
    lists_of,
    oversized_lists,
    rank_group,
)

HUNDRED = Decimal(100)


class Group:
    """A group of units named by capital letters, in the host's order: Group(A="95", B=None)."""

    def __init__(self, full_marks=HUNDRED, **totals):
        self.names = list(totals)
        self.results = [
            Result(unit, unit, None if total is None else Decimal(total), full_marks)
            for unit, total in enumerate(totals.values())
        ]
        self.earlier = {}

    def before(self, full_marks=HUNDRED, comparable_total=True, **published):
        """What the baseline published, as (rank, total): before(A=(2, "92.00"))."""
        for name, (rank, total) in published.items():
            self.earlier[self.names.index(name)] = Earlier(
                rank, Decimal(total), Decimal(full_marks), comparable_total
            )
        return self

    def placed(self, method=RankMethod.DENSE, **options):
        return rank_group(self.results, self.earlier, method=method, **options)

    def standing(self, name, **options) -> Placed:
        return next(line for line in self.placed(**options) if self.names[line.unit] == name)

    def ranks(self, **options):
        return [(self.names[line.unit], line.rank) for line in self.placed(**options)]

    def named(self, list_name, **options):
        """The names in one list, in print order, run together: "ABC"."""
        return "".join(self.names[line.unit] for line in lists_of(self.placed(**options))[list_name])


class TestRanks:
    def test_equals_share_a_dense_rank_and_leave_no_gap(self):
        assert dense_ranks([Decimal(95), Decimal(93), Decimal(93), Decimal(91)]) == [1, 2, 2, 3]

    def test_equals_share_a_competition_rank_and_leave_a_gap(self):
        assert competition_ranks([Decimal(95), Decimal(93), Decimal(93), Decimal(91)]) == [1, 2, 2, 4]

    def test_ranks_come_in_the_order_asked(self):
        assert dense_ranks([Decimal(91), Decimal(95), Decimal(93)]) == [3, 1, 2]
        assert competition_ranks([Decimal(91), Decimal(95), Decimal(95)]) == [3, 1, 1]

    def test_ranks_can_be_counted_from_the_bottom(self):
        totals = [Decimal(95), Decimal(93), Decimal(93), Decimal(91)]
        assert dense_ranks(totals, lowest_first=True) == [3, 2, 2, 1]
        assert competition_ranks(totals, lowest_first=True) == [4, 2, 2, 1]

    def test_totals_that_print_alike_are_equal(self):
        assert Group(A="93.0", B="93.00").ranks() == [("A", 1), ("B", 1)]

    def test_the_table_is_in_rank_order_and_within_a_tie_in_the_hosts_order(self):
        assert Group(A="80", B="90", C="95", D="90").ranks() == [("C", 1), ("B", 2), ("D", 2), ("A", 3)]

    def test_the_unranked_stand_at_the_end_in_the_hosts_order(self):
        group = Group(A=None, B="80", C=None, D="90")
        assert group.ranks() == [("D", 1), ("B", 2), ("A", None), ("C", None)]

    def test_a_real_zero_is_ranked(self):
        assert Group(A="0", B="50").ranks() == [("B", 1), ("A", 2)]

    def test_an_empty_group_has_no_standings(self):
        assert rank_group([], {}, method=RankMethod.DENSE) == []

    def test_a_group_without_scores_has_a_table_but_no_ranks(self):
        assert Group(A=None, B=None).ranks() == [("A", None), ("B", None)]


class TestTopAndLast:
    def test_three_ranks_make_a_list_and_all_who_tie_are_in_it(self):
        group = Group(A="95", B="93", C="93", D="91", E="90", F="80", G="79", H="78", I="78")
        assert group.named(ListName.TOP) == "ABCD"
        assert group.named(ListName.LAST) == "FGHI"

    def test_by_competition_ranks_a_tie_uses_up_the_places_behind_it(self):
        group = Group(A="95", B="93", C="93", D="91", E="90", F="80", G="79", H="78", I="78")
        assert group.named(ListName.TOP, method=RankMethod.COMPETITION) == "ABC"
        assert group.named(ListName.LAST, method=RankMethod.COMPETITION) == "GHI"

    def test_a_tie_at_the_cut_is_named_whole_under_either_method(self):
        group = Group(A="95", B="94", C="93", D="93", E="80", F="80", G="79", H="78")
        for method in RankMethod:
            assert group.named(ListName.TOP, method=method) == "ABCD"
            assert group.named(ListName.LAST, method=method) == "EFGH"

    def test_the_last_list_ends_with_the_worst(self):
        group = Group(A="70", B="71", C="72", D="90", E="91", F="92")
        assert group.named(ListName.LAST) == "CBA"

    def test_the_place_in_a_list_is_the_rank(self):
        group = Group(A="95", B="93", C="93", D="91", E="90", F="80")
        assert [group.standing(name).top_place for name in "ABCDEF"] == [1, 2, 2, None, None, None]
        assert [group.standing(name).last_place for name in "ABCDEF"] == [None, None, None, None, 4, 5]

    @pytest.mark.parametrize(
        ("totals", "top", "last"),
        [
            ({"A": "9"}, "", ""),
            ({"A": "9", "B": "9", "C": "9"}, "", ""),
            ({"A": "9", "B": "8"}, "A", "B"),
            ({"A": "9", "B": "8", "C": "7"}, "A", "C"),
            ({"A": "9", "B": "9", "C": "7"}, "AB", "C"),
            ({"A": "9", "B": "8", "C": "7", "D": "6"}, "AB", "CD"),
            ({"A": "9", "B": "8", "C": "7", "D": "6", "E": "5"}, "AB", "DE"),
            ({"A": "9", "B": "8", "C": "7", "D": "6", "E": "5", "F": "4"}, "ABC", "DEF"),
        ],
    )
    def test_a_small_group_is_shared_out_so_that_nobody_is_first_and_last(self, totals, top, last):
        group = Group(**totals)
        assert (group.named(ListName.TOP), group.named(ListName.LAST)) == (top, last)

    def test_the_unranked_do_not_make_a_group_larger(self):
        assert Group(A="9", B="8", C=None, D=None, E=None, F=None).named(ListName.TOP) == "A"

    def test_the_cycle_may_ask_for_longer_shorter_or_no_lists(self):
        group = Group(A="9", B="8", C="7", D="6", E="5", F="4")
        assert group.named(ListName.TOP, list_size=1) == "A"
        assert group.named(ListName.TOP, list_size=5) == "ABC"
        assert group.named(ListName.TOP, list_size=0) == ""


class TestProgressAndSetback:
    def test_a_table_adds_up_by_hand(self):
        group = Group(A="96.50", B="95.00").before(A=(2, "92.50"), B=(1, "93.50"))
        line = group.standing("A")
        assert (line.baseline_rank, line.rank, line.places) == (2, 1, 1)
        assert (line.baseline_total, line.total, line.total_change) == (
            Decimal("92.50"),
            Decimal("96.50"),
            Decimal("4.00"),
        )

    def test_risers_and_fallers_are_named_furthest_first(self):
        group = Group(A="9", B="8", C="7", D="6").before(A=(3, "7"), B=(4, "6"), C=(2, "8"), D=(1, "9"))
        assert group.named(ListName.PROGRESS) == "AB"
        assert group.named(ListName.SETBACK) == "DC"

    def test_equal_places_are_parted_by_the_change_of_total(self):
        group = Group(A="9", B="8", C="7", D="6").before(A=(3, "7"), B=(4, "5"), C=(1, "9"), D=(2, "9"))
        assert group.named(ListName.PROGRESS) == "BA"
        assert group.named(ListName.SETBACK) == "DC"
        assert [group.standing(name).progress_place for name in "BA"] == [1, 2]

    def test_equal_in_both_share_a_place_and_stand_in_the_hosts_order(self):
        group = Group(A="9", B="8", C="7", D="6").before(A=(3, "7"), B=(4, "6"), C=(1, "8"), D=(2, "7"))
        assert [group.standing(name).progress_place for name in "AB"] == [1, 1]
        assert [group.standing(name).setback_place for name in "CD"] == [1, 1]
        assert group.named(ListName.PROGRESS) == "AB"

    def test_the_next_after_a_shared_place_takes_the_next_place(self):
        group = Group(A="9", B="8", C="7", D="6", E="5", F="4")
        group.before(A=(4, "7"), B=(5, "6"), C=(5, "7"), D=(1, "8"), E=(2, "7"), F=(4, "5"))
        assert [group.standing(name).progress_place for name in "ABC"] == [1, 1, 2]
        assert [group.standing(name).setback_place for name in "DEF"] == [1, 1, 2]
        assert group.named(ListName.PROGRESS, list_size=2) == "ABC"

    def test_a_tie_at_the_cut_is_named_whole(self):
        group = Group(A="9", B="8", C="7").before(A=(3, "7"), B=(3, "7"), C=(4, "6"))
        assert group.named(ListName.PROGRESS, list_size=1) == "A"
        group = Group(A="9", B="8", C="7").before(A=(2, "8"), B=(3, "7"), C=(4, "6"))
        assert group.named(ListName.PROGRESS, list_size=1) == "ABC"

    def test_who_kept_the_place_neither_rose_nor_fell(self):
        group = Group(A="9", B="5").before(A=(1, "7"), B=(2, "6"))
        assert group.named(ListName.PROGRESS) == group.named(ListName.SETBACK) == ""
        assert group.standing("A").places == 0

    def test_a_rise_counts_even_where_the_total_fell(self):
        group = Group(A="80", B="70").before(A=(2, "90"), B=(1, "95"))
        assert group.named(ListName.PROGRESS) == "A"

    def test_a_unit_without_a_comparable_place_is_in_neither_list(self):
        group = Group(A="9", B="8", C="7").before(B=(1, "8"))
        assert group.named(ListName.PROGRESS) == ""
        assert group.named(ListName.SETBACK) == "B"
        newcomer = group.standing("A")
        assert newcomer.baseline_rank is newcomer.baseline_total is None
        assert newcomer.places is newcomer.total_change is None

    def test_a_unit_unranked_now_did_not_move(self):
        group = Group(A="9", B=None).before(B=(1, "8"))
        line = group.standing("B")
        assert line.baseline_rank == 1
        assert line.places is line.total_change is None
        assert group.named(ListName.SETBACK) == ""

    def test_lists_of_movers_keep_their_size_in_a_small_group(self):
        group = Group(A="9", B="8", C="7").before(A=(4, "6"), B=(6, "5"), C=(5, "4"))
        assert group.named(ListName.TOP) == "A"
        assert group.named(ListName.PROGRESS) == "BAC"

    def test_other_units_of_the_baseline_are_ignored(self):
        group = Group(A="9", B="8")
        without = group.placed()
        group.earlier[99] = Earlier(1, Decimal(9), HUNDRED)
        assert group.placed() == without

    def test_where_rubrics_differ_places_still_compare_but_totals_do_not(self):
        group = Group(A="9", B="8").before(A=(3, "99"), B=(4, "1"), comparable_total=False)
        assert group.standing("A").places == 2
        assert group.standing("A").total_change is None
        assert [group.standing(name).progress_place for name in "AB"] == [1, 1]


class TestProgressByTotal:
    BY_TOTAL = ProgressMeasure.TOTAL

    def test_the_change_of_total_decides_and_then_the_places(self):
        group = Group(A="90", B="80", C="70").before(A=(2, "89"), B=(3, "70"), C=(1, "95"))
        assert group.named(ListName.PROGRESS, measure=self.BY_TOTAL) == "BA"
        assert group.named(ListName.SETBACK, measure=self.BY_TOTAL) == "C"
        group = Group(A="90", B="80").before(A=(2, "80"), B=(5, "70"))
        assert group.named(ListName.PROGRESS, measure=self.BY_TOTAL) == "BA"

    def test_a_better_total_is_progress_even_at_a_lower_place(self):
        group = Group(A="95", B="90").before(B=(1, "85"))
        assert group.named(ListName.PROGRESS, measure=self.BY_TOTAL) == "B"
        assert group.named(ListName.SETBACK, measure=self.BY_TOTAL) == ""

    def test_totals_are_compared_as_a_share_of_the_full_marks(self):
        group = Group(A="90", full_marks=Decimal(120)).before(A=(1, "80"), full_marks=100)
        assert group.standing("A").total_change == 10
        assert group.named(ListName.SETBACK, measure=self.BY_TOTAL) == "A"

    def test_shares_are_compared_exactly(self):
        group = Group(A="40", full_marks=Decimal(120)).before(A=(1, "30"), full_marks=90)
        assert group.named(ListName.PROGRESS, measure=self.BY_TOTAL) == ""
        assert group.named(ListName.SETBACK, measure=self.BY_TOTAL) == ""

    def test_totals_of_other_rubrics_are_not_compared(self):
        group = Group(A="90", B="80").before(A=(2, "50"), B=(1, "85"), comparable_total=False)
        assert group.named(ListName.PROGRESS, measure=self.BY_TOTAL) == ""
        assert group.standing("A", measure=self.BY_TOTAL).places == 1


class TestOversizedLists:
    def test_two_more_than_the_size_is_still_in_order(self):
        group = Group(A="9", B="8", C="7", D="7", E="7", F="5", G="4", H="3")
        assert group.named(ListName.TOP) == "ABCDE"
        assert oversized_lists(group.placed(), 3) == []

    def test_a_longer_list_asks_for_confirmation(self):
        group = Group(A="9", B="8", C="7", D="7", E="7", F="7", G="5", H="4", I="3")
        assert oversized_lists(group.placed(), 3) == [ListName.TOP]

    def test_a_small_group_is_measured_by_the_size_it_was_left(self):
        group = Group(A="9", B="9", C="9", D="9", E="8")
        assert group.named(ListName.TOP) == "ABCD"
        assert oversized_lists(group.placed(), 3) == [ListName.TOP]

    def test_movers_are_measured_by_the_size_the_cycle_asks_for(self):
        group = Group(**dict.fromkeys("ABCDEF", "9")).before(**dict.fromkeys("ABCDEF", (2, "9")))
        assert oversized_lists(group.placed(), 3) == [ListName.PROGRESS]


class TestNonsense:
    def test_a_unit_given_twice_is_refused(self):
        result = Result(1, 1, Decimal(9), HUNDRED)
        with pytest.raises(ValueError, match="more than once"):
            rank_group([result, result], {}, method=RankMethod.DENSE)

    def test_a_negative_list_size_is_refused(self):
        with pytest.raises(ValueError, match="-1"):
            rank_group([], {}, method=RankMethod.DENSE, list_size=-1)

    @pytest.mark.parametrize(("total", "full_marks"), [("NaN", 100), ("Infinity", 100), ("9", 0)])
    def test_a_total_that_is_no_share_of_anything_is_refused(self, total, full_marks):
        with pytest.raises(ValueError, match="not a result"):
            Result(1, 1, Decimal(total), Decimal(full_marks))
        with pytest.raises(ValueError, match="not a result"):
            Earlier(1, Decimal(total), Decimal(full_marks))


# The totals of the sample district, first and third quarter of 2018, in the host's order.
TOWNSHIPS = {
    "甲镇": ("92.5", "96.5"),
    "乙街道": ("91.5", "95.0"),
    "丙乡": ("93.5", "95.0"),
    "丁镇": ("94.0", "94.5"),
    "戊镇": ("78.5", "93.0"),
    "己乡": ("81.0", "91.5"),
    "庚镇": ("82.0", "90.5"),
    "辛镇": ("91.0", "81.0"),
    "壬镇": ("90.0", "82.0"),
    "癸街道": ("89.5", "83.0"),
    "子镇": ("89.0", "89.5"),
    "丑镇": ("88.0", "88.5"),
    "寅乡": ("87.0", "87.0"),
    "卯镇": ("86.0", "85.5"),
    "辰镇": ("77.0", "79.5"),
    "巳镇": ("76.5", "78.0"),
    "午乡": ("76.0", "76.0"),
}
SYSTEM_UNITS = {
    "组织部": ("95.0", "95.5"),
    "宣传部": ("94.5", "83.0"),
    "人大": ("92.0", "93.5"),
    "区委办": ("91.5", "93.0"),
    "林业局": ("84.0", "97.0"),
    "水电公司": ("93.0", "96.0"),
    "住建局": ("83.5", "92.5"),
    "发改局": ("83.0", "91.5"),
    "安监局": ("91.0", "82.0"),
    "经信局": ("86.0", "80.0"),
    "邮政": ("81.0", "78.5"),
    "国税局": ("80.0", "77.0"),
    "教育局": ("89.5", "90.5"),
    "卫计局": ("89.0", "90.0"),
    "财政局": ("88.0", "89.0"),
    "农业局": ("87.5", "88.0"),
    "医药公司": ("82.0", "84.0"),
    "离退休": ("86.5", "87.0"),
}


@pytest.mark.parametrize(
    ("units", "lists"),
    [
        (
            TOWNSHIPS,
            {
                ListName.TOP: ["甲镇 1", "乙街道 2", "丙乡 2", "丁镇 3"],
                ListName.LAST: ["辰镇 14", "巳镇 15", "午乡 16"],
                ListName.PROGRESS: ["戊镇 4", "己乡 5", "庚镇 6"],
                ListName.SETBACK: ["辛镇 13", "壬镇 12", "癸街道 11"],
            },
        ),
        (
            SYSTEM_UNITS,
            {
                ListName.TOP: ["林业局 1", "水电公司 2", "组织部 3"],
                ListName.LAST: ["经信局 16", "邮政 17", "国税局 18"],
                ListName.PROGRESS: ["林业局 1", "住建局 6", "发改局 7"],
                ListName.SETBACK: ["宣传部 14", "安监局 15", "经信局 16"],
            },
        ),
    ],
    ids=["townships", "system units"],
)
def test_the_sample_district_gets_the_lists_of_its_speech(units, lists):
    first = Group(**{name: totals[0] for name, totals in units.items()})
    third = Group(**{name: totals[1] for name, totals in units.items()})
    third.before(**{name: (first.standing(name).rank, first.standing(name).total) for name in units})
    named = lists_of(third.placed())
    assert {
        list_name: [f"{third.names[line.unit]} {line.rank}" for line in named[list_name]]
        for list_name in ListName
    } == lists
