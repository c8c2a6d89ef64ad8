"""What an explanation of a live field consists of: a rule, its working, and the rows behind it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from organizations.quarter import Quarter
from reviews.reports.facts import GroupResult, Results, Score, UnitResult
from reviews.reports.fields import Field


class Rule(StrEnum):
    """Which rule gives a field its value; `reviews.explaining` says each in words."""

    NAMED = "named"  # nothing is worked out: it tells whom or what it is about
    HOST = "host"
    AREA = "area"
    QUARTER = "quarter"
    RECTIFY_BY = "rectify_by"
    GROUP = "group"
    BASELINE = "baseline"
    COUNT = "count"
    AVERAGE = "average"
    HIGHEST = "highest"
    LOWEST = "lowest"
    TOP = "top"
    LAST = "last"
    PROGRESS = "progress"
    SETBACK = "setback"
    PROGRESS_BY_TOTAL = "progress_by_total"
    SETBACK_BY_TOTAL = "setback_by_total"
    UNRANKED = "unranked"
    RISERS = "risers"
    FURTHEST = "furthest"
    UNIT = "unit"
    TOTAL = "total"
    FAULTLESS = "faultless"
    LEAST_LOST = "least_lost"
    LOSSES = "losses"
    REASONS = "reasons"
    INDICATOR = "indicator"
    SECTION = "section"
    RECTIFICATION = "rectification"
    AS_OF = "as_of"
    CORRECTION = "correction"
    ATTACHMENT = "attachment"


class Says(StrEnum):
    """What one line of a working says."""

    SUM_OF_TOTALS = "sum_of_totals"  # sum, count
    QUOTIENT = "quotient"  # sum, count, quotient
    ROUNDED = "rounded"  # decimals, result
    ROSTER = "roster"  # roster, ranked, unranked
    EXTREME = "extreme"  # result, count
    DISTINCT = "distinct"  # ranked, distinct
    DENSE = "dense"
    COMPETITION = "competition"
    FULL_SIZE = "full_size"  # size
    SHARED_SIZE = "shared_size"  # size, wanted, distinct
    TIE = "tie"  # total, units, rank
    COMPARED = "compared"  # comparable, baseline
    MOVED = "moved"  # movers
    MOST_TAKEN = "most_taken"  # size
    MOST_PLACES = "most_places"  # places
    PLACE_CHANGE = "place_change"  # before, now, places
    PLACE = "place"  # rank, ranked
    POINTS_SUM = "points_sum"  # parts, sum
    SCALED = "scaled"  # sum, full, applying, result
    BONUS = "bonus"  # sum, bonus, result
    TOTAL_ROUNDED = "total_rounded"  # decimals, result
    LOSERS = "losers"  # count
    OCCURRENCES = "occurrences"  # count
    ADDS_UP = "adds_up"  # quarter, raised, on_time, late, carried_over
    OVERDUE_OF = "overdue_of"  # overdue, carried_over
    OLDER_SUM = "older_sum"  # parts, sum
    CHANGED = "changed"  # count


class Column(StrEnum):
    """What a row says of its unit beside its name."""

    RANK = "rank"
    TOTAL = "total"
    BASELINE_RANK = "baseline_rank"
    PLACES = "places"
    TOTAL_CHANGE = "total_change"
    LIST_PLACE = "list_place"
    LOST = "lost"
    REASON = "reason"


class Counted(StrEnum):
    """What a tally counts, which decides its headings."""

    SHARES = "shares"  # lost, full marks, share by indicator
    REASONS = "reasons"  # how often
    INDICATORS = "indicators"  # how many units
    OUTCOMES = "outcomes"  # raised, on time, late, carried over, overdue by quarter
    CHANGES = "changes"  # old and new place and total by unit


@dataclass(frozen=True)
class Step:
    """One line of the working. numbers: by name, as they print. unit: whose scores it tells, if it does."""

    says: Says
    numbers: Mapping[str, str] = field(default_factory=dict)
    unit: int | None = None


@dataclass(frozen=True)
class Row:
    """One unit. is_meant: the field names it or counts it. place: within the list, as the rule gives it.

    scores: those the field is about. remark: why it has no rank.
    """

    unit: UnitResult
    group: GroupResult
    is_meant: bool = True
    place: int | None = None
    scores: tuple[Score, ...] = ()

    @property
    def lost(self) -> Decimal:
        return sum((score.lost for score in self.scores), Decimal(0))


@dataclass(frozen=True)
class Line:
    """One line of a tally. figures: as they print. quarter: of its items, where it counts items."""

    name: str
    figures: tuple[str, ...]
    is_meant: bool = False
    quarter: Quarter | None = None


@dataclass(frozen=True)
class Tally:
    """What was counted by something that is no unit. units: keys of those whose scores it tells together."""

    counted: Counted
    lines: tuple[Line, ...]
    units: tuple[int, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """Where a field's value comes from.

    gives: the value as this working gives it; empty where the rule gives names, and then `names` has them in
    order, of which the text may print the first few. is_own: False where its kind has no rule of its own.
    """

    field: Field
    rule: Rule
    gives: str = ""
    names: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    rows: tuple[Row, ...] = ()
    columns: tuple[Column, ...] = ()
    tally: Tally | None = None
    is_own: bool = True

    @property
    def tells_deductions(self) -> bool:
        """Whether it is about single indicators, so that their deductions stand behind it."""
        return any(row.scores for row in self.rows)

    def seen_with_scores_of(self, units: Collection[int]) -> Explanation:
        """Without what only those may read who may read the points of every indicator (rule 15).

        units: keys of those whose points may be read.
        """
        tally = self.tally
        if tally and not set(tally.units) <= set(units):
            tally = None
        hides_lost = any(row.unit.unit not in units for row in self.rows)
        return replace(
            self,
            steps=tuple(step for step in self.steps if step.unit is None or step.unit in units),
            columns=tuple(each for each in self.columns if not (hides_lost and each is Column.LOST)),
            tally=tally,
        )


Explain = Callable[[Field, Results], "Explanation | None"]


def group_of(field: Field, results: Results) -> GroupResult | None:
    """The group a field tells of."""
    return next((group for group in results.groups if group.key == field.about.group), None)


def units_of(field: Field, results: Results) -> list[tuple[UnitResult, GroupResult]]:
    """The units a field tells of, in the order it names them."""
    found = {unit.unit: (unit, group) for group in results.groups for unit in group.units}
    return [found[key] for key in field.about.units if key in found]


def rank_columns(results: Results) -> tuple[Column, ...]:
    """Rank and total, and the places against the baseline where there is one."""
    compared = (Column.BASELINE_RANK, Column.PLACES) if results.baseline else ()
    return (Column.RANK, Column.TOTAL, *compared)


def with_next(
    group: GroupResult,
    meant: Sequence[UnitResult],
    ordered: Sequence[UnitResult],
    *,
    places: Mapping[int, int] | None = None,
    above: bool = False,
) -> tuple[Row, ...]:
    """The units a field names, and the next one that it does not name, so that the cut is seen.

    ordered: those they were chosen from, the nearest to being named first. above: the next stands on top.
    """
    places = places or {}
    named = {unit.unit for unit in meant}
    rows = [Row(unit, group, place=places.get(unit.unit)) for unit in meant]
    following = next((unit for unit in ordered if unit.unit not in named), None)
    if following is not None:
        row = Row(following, group, is_meant=False, place=places.get(following.unit))
        rows = [row, *rows] if above else [*rows, row]
    return tuple(rows)
