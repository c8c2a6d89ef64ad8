"""What is true now, as far as a document's words can be held against it. Pure: no Django, no database.

A figure is looked up as a `Fact` by what it tells of; what is said of a unit is answered from its line of the
standings. Answers are in the words of the documents, always Chinese.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from organizations.quarter import Quarter
from reviews.ranking import ListName
from reviews.reports.attachments import attachments_of, problem_list_label
from reviews.reports.facts import GroupResult, Outcome, Results, Score, UnitResult
from reviews.reports.rankings import named_baseline
from reviews.reports.wording import counted, enumerated, official_date, short_points


class Measure(StrEnum):
    """What a figure counts."""

    AVERAGE = "average"
    HIGHEST = "highest"
    LOWEST = "lowest"
    TOTAL = "total"
    CHANGE = "change"  # of a total
    LOST = "lost"
    COUNT = "count"  # units of a group
    RISERS = "risers"
    FALLERS = "fallers"
    UNRANKED = "unranked"
    RAISED = "raised"
    ON_TIME = "on-time"
    LATE = "late"
    STRUCK_OFF = "struck-off"
    CARRIED_OVER = "carried-over"
    OVERDUE = "overdue"
    RATE = "rate"  # of those that were to be put right, struck off in time or late
    ON_TIME_RATE = "on-time-rate"
    PROBLEMS = "problems"
    RECTIFY_BY = "rectify-by"
    AS_OF = "as-of"
    MEETING = "meeting"


@dataclass(frozen=True)
class Fact:
    """One figure of the results. text: as it prints; words: of what; field: the key of its live field."""

    key: str
    measure: Measure
    value: Decimal | datetime.date
    text: str
    words: str
    group: int | None = None
    unit: int | None = None
    field: str = ""


@dataclass(frozen=True)
class OtherName:
    """A name that people may use for a unit besides the one in the results.

    unit: its key. current: the name it bears now, where this is one it bore before; empty for a short form.
    """

    name: str
    unit: int
    current: str = ""


@dataclass(frozen=True)
class Truth:
    """The results and the dates that documents name. names: former and short ones, of all the host's units,
    whether they take part or not.
    """

    results: Results
    rectify_by: datetime.date | None = None
    meeting_on: datetime.date | None = None
    area: str = ""
    names: tuple[OtherName, ...] = field(default=(), repr=False)

    @cached_property
    def units(self) -> dict[int, tuple[GroupResult, UnitResult]]:
        return {unit.unit: (group, unit) for group in self.results.groups for unit in group.units}

    @cached_property
    def groups(self) -> dict[int, GroupResult]:
        return {group.key: group for group in self.results.groups}

    @cached_property
    def facts(self) -> dict[str, Fact]:
        found = [*self._of_groups(), *self._of_units(), *self._of_items(), *self._of_dates()]
        return {fact.key: fact for fact in found}

    def name_of(self, unit: int) -> str:
        return self.units[unit][1].name

    # --- Lists --------------------------------------------------------------------------------

    def first(self, group: GroupResult, size: int) -> list[UnitResult]:
        """Who is among the first, in the order of the places."""
        if size == group.ends(self.results.list_size):
            return list(group.named(ListName.TOP))
        return in_order(unit for unit in group.ranked if unit.rank is not None and unit.rank <= size)

    def last(self, group: GroupResult, size: int) -> list[UnitResult]:
        """Who is among the last, the worst last."""
        if size == group.ends(self.results.list_size):
            return list(group.named(ListName.LAST))
        ranks = sorted({unit.rank for unit in group.ranked if unit.rank is not None})[-size:] if size else []
        return in_order(unit for unit in group.ranked if unit.rank in ranks)

    def movers(self, group: GroupResult, name: ListName) -> list[UnitResult]:
        return list(group.named(name))

    # --- In words -----------------------------------------------------------------------------

    def standing(self, unit: int) -> str:
        """甲镇党委现为乡镇（街道）第1名（并列），得分96.50分"""
        group, line = self.units[unit]
        if line.rank is None or line.total is None:
            why = f"（{line.unranked_reason}）" if line.unranked_reason else ""
            return f"{line.name}未参加排名{why}"
        tied = sum(other.rank == line.rank for other in group.ranked) > 1
        return (
            f"{line.name}现为{group.name}第{line.rank}名{'（并列）' if tied else ''}，"
            f"得分{group.points(line.total)}分"
        )

    def movement(self, unit: int) -> str:
        """甲镇党委与第一季度相比上升2位"""
        line = self.units[unit][1]
        against = f"与{named_baseline(self.results)}相比" if self.results.baseline else ""
        if line.places is None:
            return f"{line.name}{against}不可比"
        if not line.places:
            return f"{line.name}{against}名次持平"
        return f"{line.name}{against}{'上升' if line.places > 0 else '下降'}{abs(line.places)}位"

    def change(self, unit: int) -> str:
        """甲镇党委总分提高3.5分"""
        line = self.units[unit][1]
        if line.total_change is None:
            return f"{line.name}总分不可比"
        if not line.total_change:
            return f"{line.name}总分持平"
        how = "提高" if line.total_change > 0 else "降低"
        return f"{line.name}总分{how}{short_points(abs(line.total_change))}分"

    # --- Figures ------------------------------------------------------------------------------

    def _of_groups(self) -> Iterator[Fact]:
        for group in self.results.groups:
            key, name = group.field_key, group.name
            yield self._count(group, f"{key}.count", Measure.COUNT, len(group.ranked), f"参加排名的{name}")
            risers = sum(unit.places is not None and unit.places > 0 for unit in group.units)
            fallers = sum(unit.places is not None and unit.places < 0 for unit in group.units)
            yield self._count(group, f"{key}.risers", Measure.RISERS, risers, f"{name}名次上升的单位")
            yield self._count(group, f"{key}.fallers", Measure.FALLERS, fallers, f"{name}名次下降的单位")
            left_out = len(group.unranked)
            yield self._count(
                group, f"{key}.unranked-count", Measure.UNRANKED, left_out, f"{name}未参加排名的单位"
            )
            if totals := group.totals:
                for measure, value, words in (
                    (Measure.AVERAGE, group.average(), "平均得分"),
                    (Measure.HIGHEST, max(totals), "最高分"),
                    (Measure.LOWEST, min(totals), "最低分"),
                ):
                    whole = f"{key}.{measure}"
                    text = group.points(value)
                    yield Fact(whole, measure, value, text, f"{name}{words}", group.key, field=whole)

    @staticmethod
    def _count(group: GroupResult, key: str, measure: Measure, count: int, words: str) -> Fact:
        return Fact(key, measure, Decimal(count), str(count), words, group.key, field=key)

    def _of_units(self) -> Iterator[Fact]:
        for group in self.results.groups:
            for unit in group.ranked:
                assert unit.total is not None
                text = group.points(unit.total)
                key = f"u{unit.unit}.total"
                yield Fact(key, Measure.TOTAL, unit.total, text, f"{unit.name}得分", group.key, unit.unit)

    def _of_items(self) -> Iterator[Fact]:
        if rows := self._problem_count():
            yield Fact("problems.rows", Measure.PROBLEMS, Decimal(rows), str(rows), "问题清单所列问题")
        cases = sum(len(score.charges) or score.is_problem for score in self._scores())
        yield Fact("problems.cases", Measure.PROBLEMS, Decimal(cases), str(cases), "各单位的问题合计")
        deductions = sum(len(score.deductions) for score in self._scores())
        yield Fact("problems.losses", Measure.PROBLEMS, Decimal(deductions), str(deductions), "扣分合计")
        if self.results.rectification is None:
            return
        newest = self.results.rectification.outcomes[0]
        whose = "上季度" if newest.quarter.next() == self.results.quarter else newest.quarter.label
        for measure, count, words in counts_of(newest):
            key = f"rectification.{measure}"
            yield Fact(key, measure, Decimal(count), str(count), f"{whose}{words}", field=key)
        for measure, part, words in (
            (Measure.ON_TIME_RATE, newest.on_time, "按期销号率"),
            (Measure.RATE, newest.on_time + newest.late, "销号率"),
        ):
            if newest.raised:
                share = Decimal(100 * part) / newest.raised
                text = f"{part}/{newest.raised}（{share:.1f}%）"
                yield Fact(f"rectification.{measure}", measure, share, text, f"{whose}{words}")

    def _scores(self) -> Iterator[Score]:
        return (score for _group, unit in self.units.values() for score in unit.scores)

    def _problem_count(self) -> int:
        return len(attachments_of(self.results)[-1].rows) if problem_list_label(self.results) else 0

    def _of_dates(self) -> Iterator[Fact]:
        kept = self.results.rectification
        for measure, day, words, key in (
            (Measure.RECTIFY_BY, self.rectify_by, "整改时限", "rectify-by"),
            (Measure.AS_OF, kept.as_of if kept else None, "整改数据截止日", "rectification.as-of"),
            (Measure.MEETING, self.meeting_on, "会议日期", ""),
        ):
            if day:
                yield Fact(str(measure), measure, day, official_date(day), words, field=key)


def counts_of(outcome: Outcome) -> list[tuple[Measure, int, str]]:
    return [
        (Measure.RAISED, outcome.raised, "应整改事项"),
        (Measure.ON_TIME, outcome.on_time, "按期销号"),
        (Measure.LATE, outcome.late, "逾期销号"),
        (Measure.STRUCK_OFF, outcome.on_time + outcome.late, "已销号"),
        (Measure.CARRIED_OVER, outcome.carried_over, "结转"),
        (Measure.OVERDUE, outcome.overdue, "结转中逾期"),
    ]


def in_order(units: Iterable[UnitResult]) -> list[UnitResult]:
    return sorted(units, key=lambda unit: (unit.rank is None, unit.rank or 0, unit.position))


def names_of(units: Iterable[UnitResult]) -> str:
    """A、B（并列第二）… as plainly as it can be said: the names in order, none where there is nobody."""
    return enumerated(unit.name for unit in units)


def first_words(size: int) -> str:
    return "第一名" if size == 1 else f"前{counted(size)}名"


def last_words(size: int) -> str:
    return "最后一名" if size == 1 else f"后{counted(size)}名"


def quarter_words(quarter: Quarter | None, results: Results) -> str:
    """How the documents name a quarter: without its year in the year of the review."""
    if quarter is None:
        return ""
    return quarter.ordinal if quarter.year == results.quarter.year else quarter.label
