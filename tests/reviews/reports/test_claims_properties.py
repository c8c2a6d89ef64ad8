"""True sentences are never marked, and each one is as soon as the fact it states has changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reviews.ranking import ListName, RankMethod
from reviews.reports.blocks import Block
from reviews.reports.claims import Checker, Remark, disagreements
from reviews.reports.facts import GroupResult, Results, UnitResult
from reviews.reports.kinds import KINDS
from reviews.reports.truths import Truth
from reviews.reports.verdicts import Verdict
from reviews.reports.wording import chinese_number, counted, enumerated, short_points
from tests.reviews.reports.circulars import HEADING
from tests.reviews.reports.district import quarter_of

# Names that contain each other, with brackets of both widths, numerals, rare and long ones.
TOWNS = (
    "甲镇党委",
    "大甲镇党委",
    "甲镇党委（临时）党工委",
    "第一街道党工委",
    "三会乡党委",
    "𬒈镇党委",
    "十里铺镇党委",
    "万山经济技术开发区筹备办公室临时党工委（试行）",
    "百分乡党委",
    "前三名乡党委",
)
OFFICES = ("区委组织部系统党工委", "区林业局直属机关党委", "林业局党委", "水电(集团)公司党委", "邮政党总支")
TOTALS = st.integers(120, 200).map(lambda half: Decimal(half) / 2)


@dataclass(frozen=True)
class Sentence:
    """A true sentence and what it states, to tell whether that is still so."""

    text: str
    states: object


def facts_of(results: Results) -> Iterator[Sentence]:
    """Sentences as people write them, with the fact that each states."""
    for group in results.groups:
        yield from _of_group(group, results)
        for unit in sorted(group.units, key=lambda unit: unit.position):
            yield from _of_unit(group, unit, results)


def _of_group(group: GroupResult, results: Results) -> Iterator[Sentence]:
    name = group.name
    if group.ranked:
        average = group.points(group.average())
        yield Sentence(f"{name}平均得分{average}分，总体平稳。", (name, "average", average))
        best = short_points(max(group.totals))
        yield Sentence(f"从得分看，{name}最高{best}分。", (name, "highest", best))
        count = len(group.ranked)
        for number in (str(count), counted(count)):
            yield Sentence(f"对全区{number}个{name}进行了督查。", (name, "count", count))
    size = group.ends(results.list_size)
    for list_name, label in ((ListName.TOP, "前"), (ListName.LAST, "最后" if size == 1 else "后")):
        units = group.named(list_name)
        if units:
            listed = enumerated(unit.name for unit in units)
            said = [unit.name for unit in units]
            yield Sentence(f"{name}{label}{counted(size)}名：{listed}。", (name, list_name, size, said))
    for list_name, label in ((ListName.PROGRESS, "进步较快"), (ListName.SETBACK, "退步较大")):
        units = group.named(list_name)
        if units:
            listed = "、".join(f"{unit.name}（{_moved(unit)}）" for unit in units)
            said = tuple((unit.name, unit.places) for unit in units)
            yield Sentence(f"{name}{label}的是：{listed}。", (name, label, frozenset(said)))


def _of_unit(group: GroupResult, unit: UnitResult, results: Results) -> Iterator[Sentence]:
    name = unit.name
    if unit.rank is None:
        yield Sentence(f"{name}未参加排名。", (name, "unranked"))
        return
    total = group.points(unit.total)
    yield Sentence(f"{name}得分{total}分，成绩来之不易。", (name, "total", total))
    wide = total.translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
    yield Sentence(
        f"会议通报，{name}以{wide}分位居第{chinese_number(unit.rank)}名。", (name, total, unit.rank)
    )
    yield Sentence(f"其中，{name}排名第{unit.rank}。", (name, "rank", unit.rank))
    if ListName.TOP in unit.list_places:
        size = group.ends(results.list_size)
        yield Sentence(f"{name}进入前{counted(size)}名，值得肯定。", (name, "first", size))
    if unit.places:
        yield Sentence(f"{name}名次{_moved(unit)}。", (name, "places", unit.places))


def _moved(unit: UnitResult) -> str:
    places = unit.places or 0
    return f"{'上升' if places > 0 else '下降'}{abs(places)}位"


def still_true(sentence: Sentence, results: Results) -> bool:
    states = sentence.states
    if states[1] == "first":
        rank = next(unit.rank for group in results.groups for unit in group.units if unit.name == states[0])
        return rank is not None and rank <= states[2]
    if states[1] in (ListName.TOP, ListName.LAST):
        group = next(group for group in results.groups if group.name == states[0])
        ranks = sorted({unit.rank for unit in group.ranked})
        wanted = ranks[: states[2]] if states[1] is ListName.TOP else ranks[-states[2] :]
        named = {unit.name: unit.rank for unit in group.ranked if unit.rank in wanted}
        said = [named.get(name, 0) for name in states[3]]
        return set(named) == set(states[3]) and said == sorted(said)
    return any(states == other.states for other in facts_of(results))


def marks(results: Results, *texts: str) -> list[list[Remark]]:
    checker = Checker(Truth(results, area="全区"))
    return [checker.remarks([Block("own", text, is_written=True)], {}) for text in texts]


@dataclass(frozen=True)
class Quarter:
    """Totals of a quarter and of an earlier one, by group and unit; None: not ranked."""

    totals: dict[str, dict[str, Decimal | None]]
    earlier: dict[str, dict[str, Decimal | None]]

    @property
    def results(self) -> Results:
        return quarter_of(self.totals, self.earlier)


@st.composite
def quarters(draw: st.DrawFn) -> Quarter:
    """A quarter against an earlier one, with ties and units that are not ranked."""
    groups: dict[str, dict[str, Decimal | None]] = {}
    earlier: dict[str, dict[str, Decimal | None]] = {}
    for name, units in (("乡镇（街道）", TOWNS), ("系统单位", OFFICES)):
        chosen = draw(st.permutations(units))[: draw(st.integers(1, len(units)))]
        groups[name] = {unit: draw(st.none() | TOTALS) for unit in chosen}
        earlier[name] = {unit: draw(st.none() | TOTALS) for unit in chosen}
    return Quarter(groups, earlier)


@given(quarters(), st.sampled_from(RankMethod))
@settings(max_examples=150)
def test_what_is_true_is_never_marked(quarter, method):
    results = quarter_of(quarter.totals, quarter.earlier, method=method)
    sentences = [sentence.text for sentence in facts_of(results)]
    assert [
        (text, [remark.truth for remark in found])
        for text, found in zip(sentences, marks(results, *sentences), strict=True)
        if found
    ] == []


@given(quarters(), st.data())
@settings(max_examples=150)
def test_what_is_true_no_more_is_marked_with_what_is(quarter, data):
    changed = _with_another_total(quarter, data).results
    sentences = list(facts_of(quarter.results))
    found = marks(changed, *(sentence.text for sentence in sentences))
    for sentence, remarks in zip(sentences, found, strict=True):
        if still_true(sentence, changed):
            assert remarks == [], sentence.text
        else:
            assert remarks, sentence.text
            assert all(remark.verdict is Verdict.DISAGREES and remark.truth for remark in remarks)


def _with_another_total(quarter: Quarter, data: st.DataObject) -> Quarter:
    """One total changed, so that places and lists follow from the rules again."""
    group = data.draw(st.sampled_from(sorted(quarter.totals)))
    unit = data.draw(st.sampled_from(sorted(quarter.totals[group])))
    other = data.draw(st.none() | TOTALS)
    assume(other != quarter.totals[group][unit])
    totals = {name: dict(units) for name, units in quarter.totals.items()}
    totals[group][unit] = other
    return replace(quarter, totals=totals)


@given(quarters(), st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_the_order_of_the_results_makes_no_difference(quarter, random):
    results = quarter.results
    texts = [sentence.text.replace("第", "并列第").replace("得分", "得分9") for sentence in facts_of(results)]
    groups = list(results.groups)
    random.shuffle(groups)
    shuffled = []
    for group in groups:
        units = list(group.units)
        random.shuffle(units)
        shuffled.append(replace(group, units=tuple(units)))
    assert marks(results, *texts) == marks(replace(results, groups=tuple(shuffled)), *texts)


@given(quarters())
@settings(max_examples=200)
def test_every_unit_that_a_draft_names_is_in_the_list_it_is_said_to_be_in(quarter):
    results = quarter.results
    for kind in KINDS.values():
        draft = kind.draft(results, HEADING)
        assert (
            disagreements(draft.blocks, draft.fields, results, truth=Truth(results, HEADING.rectify_by)) == []
        )
