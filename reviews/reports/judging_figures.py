"""Whether a figure in a text is true now, and what is. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal

from reviews.reports.facts import Score
from reviews.reports.statements import Statement
from reviews.reports.truths import Fact, Measure, Truth, quarter_words
from reviews.reports.verdicts import TRUE, Judgement, Verdict, lines_of, wrong
from reviews.reports.wording import official_date, short_points
from reviews.scoring import round_half_up

LISTED_AT_MOST = 4  # facts that an answer lists where it cannot tell which one is meant
_RATES = {Measure.RATE, Measure.ON_TIME_RATE}
_DAYS = {Measure.RECTIFY_BY, Measure.AS_OF, Measure.MEETING}
_POINTS = {Measure.AVERAGE, Measure.HIGHEST, Measure.LOWEST, Measure.TOTAL}
_IN_ALL = {Measure.UNRANKED: "未参加排名", Measure.RISERS: "名次上升", Measure.FALLERS: "名次下降"}
_UNIT_COUNTS = {Measure.COUNT, Measure.RISERS, Measure.FALLERS, Measure.UNRANKED}


def judge_figure(said: Statement, truth: Truth, bound: str) -> Judgement:
    if said.measures == (Measure.LOST,):
        return _lost(said, truth)
    if said.units:
        return _totals(said, truth)
    facts = [
        fact
        for fact in truth.facts.values()
        if fact.measure in said.measures and (not said.group or fact.group in (said.group, None))
    ]
    if not said.group and said.measures[0] in _IN_ALL:
        return _whole_count(said, facts)
    equal = [fact for fact in facts if _equals(said, fact)]
    if len(facts) > 1 and (meant := [fact for fact in facts if fact.key == bound]):
        return Judgement(Verdict.AGREES, fact=bound) if meant[0] in equal else _stale(meant[0])
    if equal:
        return Judgement(Verdict.AGREES, fact=equal[0].key if len(equal) == 1 else "")
    if len(facts) == 1:
        return _stale(facts[0])
    if not facts and said.group:
        return wrong(f"{truth.groups[said.group].name}现没有单位参加排名")
    if not facts:
        is_kept = said.measures[0] in (_POINTS | {Measure.PROBLEMS})
        return Judgement(Verdict.LOOK, "评查数据中没有这一项") if is_kept else TRUE
    if len(facts) <= LISTED_AT_MOST:
        return Judgement(Verdict.LOOK, "；".join(f"{_now(fact)}" for fact in facts))
    return Judgement(Verdict.LOOK, "评查数据中没有这个数")


def _whole_count(said: Statement, facts: Sequence[Fact]) -> Judgement:
    """How many are not ranked, rose or fell, where no group is spoken of: in all."""
    count = sum((fact.value for fact in facts if isinstance(fact.value, Decimal)), Decimal(0))
    if count == said.number or any(_equals(said, fact) for fact in facts):
        return TRUE
    return wrong(f"{_IN_ALL[said.measures[0]]}的单位现共{count}个", remedy=str(count) if count else "")


def _totals(said: Statement, truth: Truth) -> Judgement:
    if said.of is not None and said.of != truth.results.quarter:
        return _earlier_totals(said, truth)
    false = [line for line in lines_of(said, truth) if line.total is None or line.total != said.number]
    if not false:
        only = said.units[0].unit if len(said.units) == 1 else 0
        return Judgement(Verdict.AGREES, fact=f"u{only}.total" if only else "")
    totals = {line.total for line in lines_of(said, truth)}
    remedy = ""
    if len(totals) == 1 and None not in totals:
        remedy = truth.units[false[0].unit][0].points(false[0].total)  # type: ignore[arg-type]
    return wrong("；".join(truth.standing(line.unit) for line in false), remedy=remedy)


def _earlier_totals(said: Statement, truth: Truth) -> Judgement:
    of = quarter_words(said.of, truth.results)
    false = []
    for line in lines_of(said, truth):
        if line.total is None or line.total_change is None:
            continue
        before = line.total - line.total_change
        if before != said.number:
            false.append(f"{line.name}{of}得分{truth.units[line.unit][0].points(before)}分")
    return wrong("；".join(false)) if false else TRUE


def _lost(said: Statement, truth: Truth) -> Judgement:
    """Points taken off a unit: of one deduction, of one indicator or of all."""
    for line in lines_of(said, truth):
        if said.number not in _losses(line.scores):
            whole = short_points(sum((score.lost for score in line.scores), Decimal(0)))
            return Judgement(Verdict.LOOK, f"{line.name}没有这样一笔扣分，共失{whole}分")
    return TRUE


def _losses(scores: Iterable[Score]) -> set[Decimal]:
    scores = list(scores)
    single = {deduction.points for score in scores for deduction in score.deductions}
    lost = [score.lost for score in scores]
    return {*single, *lost, sum(lost, Decimal(0))}


def _equals(said: Statement, fact: Fact) -> bool:
    if isinstance(fact.value, datetime.date):
        return said.day is not None and _is_day(said.day, fact.value)
    if said.number is None:
        return False
    if fact.measure in _RATES:
        places = -int(said.number.as_tuple().exponent)
        return round_half_up(fact.value, max(places, 0)) == said.number
    return fact.value == said.number


def _is_day(said: tuple[int | None, int, int], day: datetime.date) -> bool:
    year, month, number = said
    return (month, number) == (day.month, day.day) and year in (None, day.year)


def _stale(fact: Fact) -> Judgement:
    remedy = fact.text
    if isinstance(fact.value, datetime.date):
        remedy = official_date(fact.value)
    elif fact.measure in _RATES or not fact.value:
        remedy = ""  # a fraction has its own words, and what is none is left out, never printed as 0
    return wrong(_now(fact), remedy=remedy, field=fact.field, fact=fact.key)


def _now(fact: Fact) -> str:
    unit = "项"
    if fact.measure in _POINTS:
        unit = "分"
    elif fact.measure in _UNIT_COUNTS:
        unit = "个"
    elif fact.measure in _RATES | _DAYS:
        unit = ""
    return f"{fact.words}现为{fact.text}{unit}"
