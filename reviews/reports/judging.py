"""Whether what a text states is true now, and what is. Pure; answers are Chinese, as the documents are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from organizations.names import normalize_name
from reviews.ranking import ListName
from reviews.reports.facts import GroupResult, UnitResult
from reviews.reports.judging_figures import judge_figure
from reviews.reports.mentions import Mention
from reviews.reports.rankings import named_baseline
from reviews.reports.statements import Says, Statement
from reviews.reports.truths import Truth, first_words, last_words, names_of, quarter_words
from reviews.reports.verdicts import TRUE, Judgement, Verdict, lines_of, wrong
from reviews.reports.wording import short_points


def judge(said: Statement, truth: Truth, bound: str = "") -> Judgement:
    """bound: the key of the fact that the figure was when it was written, where that is known."""
    if said.says is Says.NAME:
        return _name(said, truth)
    if said.says is Says.BASELINE:
        return _baseline(said, truth)
    absent = [unit for unit in said.units if unit.unit not in truth.units]
    if absent:
        return wrong("；".join(dict.fromkeys(_absence(unit) for unit in absent)))
    return (
        _JUDGES[said.says](said, truth) if said.says is not Says.FIGURE else judge_figure(said, truth, bound)
    )


# --- Names ----------------------------------------------------------------------------------------


def _name(said: Statement, truth: Truth) -> Judgement:
    (unit,) = said.units
    if unit.unit in truth.units and unit.current:
        name = truth.name_of(unit.unit)
        return wrong(f"{unit.name}现名{name}", remedy=name, field=f"u{unit.unit}.name")
    if unit.unit == 0:
        return Judgement(Verdict.LOOK, f"本季度名册中没有“{unit.name}”")
    return Judgement(Verdict.LOOK, _absence(unit))


def _absence(unit: Mention) -> str:
    now = f"（现名{unit.current}）" if unit.current else ""
    return f"{unit.name}{now}不在本季度名册中"


def _baseline(said: Statement, truth: Truth) -> Judgement:
    results = truth.results
    if said.of == results.baseline:
        return TRUE
    if results.baseline is None:
        return wrong("本季度没有可比的季度")
    return wrong(f"名次现与{results.baseline.label}相比", remedy=named_baseline(results), field="baseline")


# --- Places ---------------------------------------------------------------------------------------


def _rank(said: Statement, truth: Truth) -> Judgement:
    assert said.number is not None
    if said.of is not None and said.of != truth.results.quarter:
        return _earlier_rank(said, truth)
    number = int(said.number)

    def is_true(group: GroupResult, unit: UnitResult) -> bool:
        rank = _wanted_rank(group, number, from_end=said.is_from_end)
        if unit.rank is None or unit.rank != rank or not _is_of(said, group):
            return False
        return not said.is_tied or sum(each.rank == rank for each in group.ranked) > 1

    if said.is_whole:
        return _whole_list(
            said,
            truth,
            lambda group: [
                unit
                for unit in group.ranked
                if unit.rank == _wanted_rank(group, number, from_end=said.is_from_end)
            ],
            f"{'倒数' if said.is_from_end else ''}第{number}名",
        )
    judged = _each(said, truth, is_true, truth.standing)
    ranks = {truth.units[unit.unit][1].rank for unit in said.units}
    if judged.verdict is Verdict.DISAGREES and len(ranks) == 1 and not said.is_tied and not said.is_from_end:
        (rank,) = ranks
        if rank is not None and not said.is_negated:
            return wrong(judged.truth, remedy=str(rank))
    return judged


def _wanted_rank(group: GroupResult, number: int, *, from_end: bool) -> int | None:
    if not from_end:
        return number
    ranks = sorted({unit.rank for unit in group.ranked if unit.rank is not None}, reverse=True)
    return ranks[number - 1] if number <= len(ranks) else None


def _earlier_rank(said: Statement, truth: Truth) -> Judgement:
    """What was said of the baseline quarter; of a unit that is not comparable nothing is known."""
    of = quarter_words(said.of, truth.results)
    false = [
        f"{line.name}{of}为第{line.baseline_rank}名"
        for line in lines_of(said, truth)
        if line.baseline_rank is not None and (line.baseline_rank == said.number) is said.is_negated
    ]
    return wrong("；".join(false)) if false and not said.is_from_end else TRUE


def _ends(said: Statement, truth: Truth) -> Judgement:
    """前三名 and 后三名."""
    assert said.number is not None
    if said.of is not None and said.of != truth.results.quarter:
        return TRUE  # how many there were then is not known here
    size = int(said.number)
    members = truth.first if said.says is Says.FIRST else truth.last
    words = first_words(size) if said.says is Says.FIRST else last_words(size)
    if said.is_whole:
        return _whole_list(said, truth, lambda group: members(group, size), words, is_ordered=True)
    return _each(
        said,
        truth,
        lambda group, unit: unit in members(group, size) and _is_of(said, group),
        truth.standing,
    )


def _movers(said: Statement, truth: Truth) -> Judgement:
    if said.of is not None:
        return TRUE
    name = ListName.PROGRESS if said.says is Says.PROGRESS else ListName.SETBACK
    words = "进步较快的单位" if said.says is Says.PROGRESS else "退步较大的单位"

    def members(group: GroupResult) -> list[UnitResult]:
        return [unit for unit in group.named(name) if not said.number or unit.list_places[name] == 1]

    if said.is_whole:
        return _whole_list(said, truth, members, words)
    judged = _each(said, truth, lambda group, unit: unit in members(group), truth.movement)
    if judged.verdict is not Verdict.DISAGREES:
        return judged
    groups = dict.fromkeys(truth.units[unit.unit][0].key for unit in said.units)
    now = [_members_now(truth.groups[key], members(truth.groups[key]), words) for key in sorted(groups)]
    return wrong("；".join([judged.truth, *now]))


def _whole_list(
    said: Statement,
    truth: Truth,
    members: Callable[[GroupResult], Sequence[UnitResult]],
    words: str,
    *,
    is_ordered: bool = False,
) -> Judgement:
    """A heading with the names after it: exactly those, where they are of one group, the best first."""
    lines = lines_of(said, truth)
    groups = {truth.units[line.unit][0].key for line in lines}
    if len(groups) > 1 and not said.group:
        wanted = {unit.unit for key in groups for unit in members(truth.groups[key])}
        if {line.unit for line in lines} <= wanted:
            return TRUE
        each = [_members_now(truth.groups[key], members(truth.groups[key]), words) for key in sorted(groups)]
        return wrong("；".join(each))
    group = truth.groups[said.group] if said.group else truth.units[lines[0].unit][0]
    now = list(members(group))
    ranks = [line.rank or 0 for line in lines]
    is_right = {line.unit for line in lines} == {unit.unit for unit in now}
    if is_right and (not is_ordered or ranks == sorted(ranks)):
        return TRUE
    return wrong(_members_now(group, now, words), field=_list_field(said, group, truth))


def _list_field(said: Statement, group: GroupResult, truth: Truth) -> str:
    """The live field that has the names of this list, in the length that the documents print."""
    name = _LIST_FIELDS.get(said.says)
    is_other = said.number != group.ends(truth.results.list_size)
    if name is None or (is_other if said.says in (Says.FIRST, Says.LAST) else said.number):
        return ""
    return f"{group.field_key}.{name}"


_LIST_FIELDS = {
    Says.FIRST: ListName.TOP.value,
    Says.LAST: ListName.LAST.value,
    Says.PROGRESS: ListName.PROGRESS.value,
    Says.SETBACK: ListName.SETBACK.value,
}


def _members_now(group: GroupResult, units: Sequence[UnitResult], words: str) -> str:
    return f"{group.name}{words}现为：{names_of(units)}" if units else f"{group.name}现没有{words}"


def _each(
    said: Statement,
    truth: Truth,
    is_true: Callable[[GroupResult, UnitResult], bool],
    words: Callable[[int], str],
) -> Judgement:
    false = [
        words(line.unit)
        for line in lines_of(said, truth)
        if is_true(truth.units[line.unit][0], line) is said.is_negated
    ]
    return wrong("；".join(false)) if false else TRUE


def _is_of(said: Statement, group: GroupResult) -> bool:
    return not said.group or said.group == group.key


def _places(said: Statement, truth: Truth) -> Judgement:
    if said.of is not None:
        return TRUE
    assert said.number is not None
    wanted = said.direction * int(said.number)
    judged = _each(said, truth, lambda _group, unit: unit.places == wanted, truth.movement)
    moved = {line.places for line in lines_of(said, truth)}
    if judged.verdict is Verdict.DISAGREES and len(moved) == 1:
        (places,) = moved
        if places and (places > 0) is (wanted > 0) and not said.is_negated:
            return wrong(judged.truth, remedy=str(abs(places)))
    return judged


def _direction(said: Statement, truth: Truth) -> Judgement:
    if said.of is not None:
        return TRUE
    return _each(
        said,
        truth,
        lambda _group, unit: unit.places is not None and _sign(unit.places) == said.direction,
        truth.movement,
    )


def _sign(number: int | Decimal) -> int:
    return (number > 0) - (number < 0)


def _change(said: Statement, truth: Truth) -> Judgement:
    if said.of is not None or said.number is None:
        return TRUE
    wanted = said.direction * said.number
    judged = _each(said, truth, lambda _group, unit: unit.total_change == wanted, truth.change)
    changes = {line.total_change for line in lines_of(said, truth)}
    if judged.verdict is Verdict.DISAGREES and len(changes) == 1:
        (change,) = changes
        if change and _sign(change) == said.direction and not said.is_negated:
            return wrong(judged.truth, remedy=short_points(abs(change)))
    return judged


def _unranked(said: Statement, truth: Truth) -> Judgement:
    if said.of is not None:
        return TRUE
    if said.is_whole and (said.group or len({truth.units[unit.unit][0].key for unit in said.units}) == 1):
        return _whole_list(said, truth, lambda group: group.unranked, "未参加排名的单位")
    return _each(said, truth, lambda _group, unit: unit.rank is None, truth.standing)


def _score(said: Statement, truth: Truth) -> Judgement:
    (line,) = lines_of(said, truth)
    scores = [score for score in line.scores if normalize_name(score.indicator) == said.indicator]
    if len(scores) != 1 or scores[0].points is None:
        return TRUE
    points = scores[0].points
    text = short_points(points)
    if points == said.number:
        return TRUE
    return wrong(f"{line.name}{scores[0].indicator}得分现为{text}分", remedy=text)


_JUDGES: dict[Says, Callable[[Statement, Truth], Judgement]] = {
    Says.RANK: _rank,
    Says.FIRST: _ends,
    Says.LAST: _ends,
    Says.PROGRESS: _movers,
    Says.SETBACK: _movers,
    Says.PLACES: _places,
    Says.DIRECTION: _direction,
    Says.CHANGE: _change,
    Says.UNRANKED: _unranked,
    Says.SCORE: _score,
}
