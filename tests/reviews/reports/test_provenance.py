"""What explains a figure gives that very figure, by its own arithmetic."""

import datetime
import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organizations.quarter import Quarter
from reviews.ranking import ProgressMeasure, RankMethod
from reviews.reports.explained import Column, Counted, Explanation, Rule, Says
from reviews.reports.facts import Change, Deduction, Outcome, Rectification, Results, Score
from reviews.reports.fields import About, Field, FieldKind
from reviews.reports.kinds import KINDS
from reviews.reports.prose import Heading
from reviews.reports.provenance import EXPLAIN, explain
from reviews.reports.provenance_ranks import sum_of_scores
from reviews.reports.rankings import end_lists, move_lists
from reviews.reports.wording import first_few
from tests.reviews.reports.district import quarter_of, sample_district

HEADING = Heading(rectify_by=datetime.date(2018, 10, 31))
INDICATORS = (("基础工作", "三会一课"), ("基础工作", "主题党日"), ("作用发挥", "阵地建设"))
LISTS = {FieldKind.TOP, FieldKind.LAST, FieldKind.PROGRESS, FieldKind.SETBACK}
TOTALS = st.integers(0, 12).map(lambda halves: str(88 + halves / 2)) | st.none()


@st.composite
def scores(draw: st.DrawFn) -> tuple[Score, ...]:
    found = []
    for section, indicator in INDICATORS:
        lost = Decimal(draw(st.integers(0, 4))) / 2
        reason = draw(st.sampled_from(["记录不全", "缺签到表", ""]))
        deductions = (Deduction(lost, reason),) if lost and draw(st.booleans()) else ()
        found.append(Score(section, indicator, Decimal(10), 10 - lost, deductions=deductions))
    return tuple(found)


@st.composite
def outcomes(draw: st.DrawFn) -> Rectification | None:
    quarters = [Quarter(2018, 2), Quarter(2018, 1), Quarter(2017, 3)][: draw(st.integers(0, 3))]
    counted = []
    for quarter in quarters:
        on_time, late, left = (draw(st.integers(0, 3)) for _ in range(3))
        overdue = draw(st.integers(0, left))
        counted.append(Outcome(quarter, on_time + late + left, on_time, late, left, overdue))
    return Rectification(datetime.date(2018, 10, 8), tuple(counted)) if counted else None


@st.composite
def quarters(draw: st.DrawFn) -> Results:
    """Ties, empty lists, units without a rank, single groups, corrections, either method and measure."""
    groups: dict[str, dict[str, str | None]] = {}
    for group in ("乡镇（街道）", "系统单位")[: draw(st.integers(1, 2))]:
        size = draw(st.integers(0, 9))
        groups[group] = {f"{group}第{number}党委": draw(TOTALS) for number in range(size)}
    has_baseline = draw(st.booleans())
    earlier = {group: {name: draw(TOTALS) for name in totals} for group, totals in groups.items()}
    results = quarter_of(
        groups,
        earlier if has_baseline else None,
        scores={name: draw(scores()) for totals in groups.values() for name in totals},
        measure=draw(st.sampled_from(ProgressMeasure)),
        method=draw(st.sampled_from(RankMethod)),
        list_size=draw(st.integers(0, 4)),
    )
    results = replace(results, rectification=draw(outcomes()))
    if draw(st.booleans()):
        changes = (Change("乡镇（街道）", "甲镇党委", 2, "90.00", 1, "95.00"),)
        results = replace(results, number=draw(st.integers(2, 12)), reason="漏记得分。", changes=changes)
    return results


def fields_of(results: Results) -> list[Field]:
    """Every field of both documents."""
    found: dict[str, Field] = {}
    for kind in KINDS.values():
        found |= kind.draft(results, HEADING).fields
    return list(found.values())


def says_names(value: str, names: tuple[str, ...]) -> bool:
    """Whether a text lists these names, or the first few of them and how many there are."""
    lengths = range(1, len(names) + 1)
    return any(
        value in (first_few(names, few), first_few(names, few, "项工作"), "；".join(names[:few]))
        for few in lengths
    )


def steps_of(explanation: Explanation) -> dict[Says, dict[str, str]]:
    return {step.says: dict(step.numbers) for step in explanation.steps}


@settings(max_examples=200)
@given(quarters())
def test_every_figure_of_both_documents_comes_out_of_its_explanation(results):
    for field in fields_of(results):
        told = explain(field, results)
        if told.gives:
            assert told.gives == field.value, field.key
        if told.names and field.kind not in {*LISTS, FieldKind.UNRANKED, FieldKind.INDICATOR}:
            assert says_names(field.value, told.names), field.key


@settings(max_examples=200)
@given(quarters())
def test_every_number_is_explained_by_its_own_kind(results):
    for field in fields_of(results):
        told = explain(field, results)
        if re.fullmatch(r"[\d.]+", field.value):
            assert told.is_own, f"{field.kind}: give {field.key} an explanation of its own"
            assert told.gives, f"{field.kind}: say what the working of {field.key} gives"


@settings(max_examples=200)
@given(quarters())
def test_the_four_lists_are_found_again_from_the_totals(results):
    """The rows that an explanation marks, worded as the lists are, say what is printed."""
    for field in fields_of(results):
        if field.kind not in LISTS or field.key.endswith(".heading"):
            continue
        told = explain(field, results)
        group = next(group for group in results.groups if group.key == field.about.group)
        places = {row.unit.unit: row.place for row in told.rows if row.is_meant}
        units = tuple(
            replace(unit, list_places={field.kind.value: places[unit.unit]} if unit.unit in places else {})
            for unit in group.units
        )
        again = replace(group, units=units)
        found = {name: said for name, _label, said in end_lists(again, results.list_size)}
        found |= {name: said for name, _label, said in move_lists(again, results.measure)}
        assert found == {field.kind.value: field.value}
        assert told.names == tuple(row.unit.name for row in told.rows if row.is_meant)


@given(quarters())
def test_an_average_is_what_its_rows_give_by_hand(results):
    for field in fields_of(results):
        if field.kind is FieldKind.AVERAGE:
            told = explain(field, results)
            totals = [row.unit.total for row in told.rows]
            by_hand = (sum(totals) / len(totals)).quantize(Decimal("0.01"), ROUND_HALF_UP)
            assert field.value == f"{by_hand}"
            assert steps_of(told)[Says.SUM_OF_TOTALS]["sum"] == f"{sum(totals)}"


@given(quarters())
def test_the_counts_of_rectification_add_up_before_the_readers_eyes(results):
    for field in fields_of(results):
        steps = steps_of(explain(field, results))
        if Says.ADDS_UP in steps:
            said = steps[Says.ADDS_UP]
            parts = [int(said[name]) for name in ("on_time", "late", "carried_over")]
            assert int(said["raised"]) == sum(parts)
        if Says.OLDER_SUM in steps:
            said = steps[Says.OLDER_SUM]
            assert sum(map(int, said["parts"].split(" + "))) == int(said["sum"])


@given(quarters())
def test_the_rows_of_a_loss_are_those_who_lost_there(results):
    for field in fields_of(results):
        if field.kind in {FieldKind.LOSSES, FieldKind.REASONS}:
            told = explain(field, results)
            assert tuple(row.unit.unit for row in told.rows) == field.about.units
            assert all(score.indicator == field.about.indicator for row in told.rows for score in row.scores)


def test_a_kind_that_nobody_explains_is_told_about_plainly():
    results = sample_district()
    group = results.groups[0]
    about = About("甲镇党委", group.key, (group.ranked[0].unit, group.ranked[1].unit))
    told = explain(Field("g1.new", "某事", FieldKind.ATTACHMENT, about), results)
    assert (told.is_own, told.gives) == (False, "")
    assert [row.unit.name for row in told.rows] == [unit.name for unit in group.ranked[:2]]


@pytest.mark.parametrize("kind", EXPLAIN)
def test_a_field_of_rows_that_are_gone_is_told_about_plainly(kind):
    told = explain(Field("g9.x", "1", kind, About("", 999, (999,), "没有")), sample_district())
    assert told.rows == ()
    assert told.is_own is (kind is FieldKind.BASELINE)


def test_a_shared_out_list_says_why_it_is_shorter():
    results = quarter_of({"乡镇": {"甲": "90", "乙": "80", "丙": "70"}})
    fields = {field.key: field for field in fields_of(results)}
    said = steps_of(explain(fields["g1.top"], results))
    assert said[Says.SHARED_SIZE] == {"size": "1", "wanted": "3", "distinct": "3"}


def test_the_sample_districts_tie_is_told_with_its_total():
    results = sample_district()
    fields = {field.key: field for field in fields_of(results)}
    told = explain(fields["g1.top"], results)
    said = steps_of(told)[Says.TIE]
    assert (said["units"], said["rank"]) == ("乙街道筹备办临时党工委、丙乡党委", "2")
    assert [row.is_meant for row in told.rows] == [True] * 4 + [False]


# --- One unit's total ----------------------------------------------------------------------------

PLAIN = (Score("a", "x", Decimal(60), Decimal("55.5")), Score("a", "y", Decimal(40), Decimal(40)))


def unit_with(scores: tuple[Score, ...], total: str):
    (group,) = quarter_of({"乡镇": {"甲": total}}, scores={"甲": scores}).groups
    return group.units[0], group


@pytest.mark.parametrize(
    ("scores", "total"),
    [
        (PLAIN, "95.50"),
        ((PLAIN[0], replace(PLAIN[1], points=None)), "92.50"),  # 55.5 × 100 ÷ 60
        ((*PLAIN, Score("b", "z", Decimal(5), Decimal(2), is_bonus=True)), "97.50"),
        ((replace(PLAIN[0], points=Decimal("0.125")), PLAIN[1]), "40.13"),
    ],
)
def test_a_total_adds_up_from_its_points(scores, total):
    *_, last = sum_of_scores(*unit_with(scores, total))
    assert last.says is Says.TOTAL_ROUNDED
    assert last.numbers["result"] == total


def test_a_unit_without_points_has_nothing_to_add():
    assert sum_of_scores(*unit_with((), "90")) == []


# --- What a reader may see of it -----------------------------------------------------------------


def test_who_may_not_read_the_points_of_others_sees_none_of_them():
    results = sample_district()
    for field in fields_of(results):
        told = explain(field, results).seen_with_scores_of(set())
        assert Column.LOST not in told.columns
        assert told.tally is None or told.tally.counted is not Counted.SHARES
        assert not any(step.says in {Says.POINTS_SUM, Says.BONUS, Says.SCALED} for step in told.steps)


def test_who_may_read_all_points_sees_the_whole_explanation():
    results = sample_district()
    everybody = {unit.unit for group in results.groups for unit in group.units}
    for field in fields_of(results):
        told = explain(field, results)
        assert told.seen_with_scores_of(everybody) == told


def test_where_a_group_lost_least_is_told_with_every_share():
    results = sample_district()
    told = [explain(field, results) for field in fields_of(results) if field.kind is FieldKind.STRENGTH]
    assert {each.rule for each in told} <= {Rule.FAULTLESS, Rule.LEAST_LOST}
    for each in told:
        assert [line.name for line in each.tally.lines if line.is_meant] == list(each.names)


def test_who_is_not_ranked_is_told_with_the_reason():
    results = quarter_of({"乡镇": {"甲": "90", "乙": None, "丙": "80"}}, reasons={"乙": "换届"})
    fields = {field.key: field for field in fields_of(results)}
    told = explain(fields["g1.unranked"], results)
    assert [(row.unit.name, row.unit.unranked_reason) for row in told.rows] == [("乙", "换届")]
    assert steps_of(told)[Says.ROSTER] == {"roster": "3", "ranked": "2", "unranked": "1"}
