"""What an annual report says, as plain values that its prose is written from. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from organizations.quarter import Quarter
from reviews.annual import Absence
from reviews.ranking import ListName, ProgressMeasure
from reviews.reports.facts import Change, GroupResult, Results, Score, UnitResult, changes_between
from reviews.reports.wording import plain
from reviews.year_results import YearGroup, YearLine, YearResults

EMPTY: Mapping[int, Sequence[Score]] = {}


@dataclass(frozen=True)
class YearItems:
    """How the items found in the year stood on a day: raised = struck_off + unsettled.

    due: by their original date, on_time: of these, struck off by it. overdue: of the unsettled.
    """

    as_of: datetime.date
    raised: int
    struck_off: int
    unsettled: int
    overdue: int
    due: int
    on_time: int
    self_found: int


@dataclass(frozen=True)
class AnnualFacts:
    """The year of a host as it is reported: its results, what was lost in it and what became of that.

    scores: by unit, those of all its quarters. before: the publication that this one corrects.
    """

    year: YearResults
    published_on: datetime.date
    scores: Mapping[int, Sequence[Score]]
    items: YearItems | None = None
    number: int = 1
    reason: str = ""
    digest: str = ""
    before: YearResults | None = None

    @property
    def is_correction(self) -> bool:
        return self.number > 1

    @property
    def label(self) -> str:
        return f"{self.year.year}年度"

    @cached_property
    def groups(self) -> tuple[GroupResult, ...]:
        """The groups as rankings and problems are written from."""
        return group_results(self.year, self.scores)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What a correction changed, in the order of the new tables."""
        return changes_between(group_results(self.before), self.groups) if self.before else ()

    @property
    def results(self) -> Results:
        """The year as the documents of a quarter take theirs."""
        return Results(
            host_name=plain(self.year.host_name),
            quarter=self.year.last,
            groups=self.groups,
            published_on=self.published_on,
            baseline=self.year.first if self.year.first != self.year.last else None,
            list_size=self.year.list_size,
            measure=ProgressMeasure.PLACES,
            number=self.number,
            reason=plain(self.reason),
            digest=self.digest,
        )


def unranked_words(line: YearLine, year: YearResults) -> str:
    """Why a unit has no annual place, in the words of a document; empty where it has one."""
    if line.absence is None:
        return ""
    if line.absence is Absence.LEFT:
        return f"{year.last.ordinal}已不在督查名册"
    return f"计分季度{len(line.counted)}个，不足{year.rule.least_quarters}个"


def in_words(quarters: Iterable[Quarter]) -> str:
    """第一季度、第二季度"""
    return "、".join(quarter.ordinal for quarter in quarters)


def group_results(
    year: YearResults, scores: Mapping[int, Sequence[Score]] = EMPTY
) -> tuple[GroupResult, ...]:
    """The groups of a year as the lists of a quarter take theirs."""
    return tuple(
        GroupResult(
            key=group.key,
            name=plain(group.name),
            decimals=group.decimals,
            units=tuple(_unit(line, group, year, scores) for line in group.lines),
        )
        for group in year.groups
    )


def _unit(
    line: YearLine, group: YearGroup, year: YearResults, scores: Mapping[int, Sequence[Score]]
) -> UnitResult:
    places = {
        ListName.TOP: line.top_place,
        ListName.LAST: line.last_place,
        ListName.PROGRESS: line.progress_place,
        ListName.SETBACK: line.setback_place,
    }
    return UnitResult(
        unit=line.unit,
        name=plain(line.name),
        position=line.position,
        rank=line.rank,
        total=line.total,
        places=line.places,
        unranked_reason=unranked_words(line, year),
        list_places={name: place for name, place in places.items() if place is not None},
        scores=tuple(scores.get(line.unit, ())),
    )
