"""What a publication says, as plain values that the prose is written from. Pure: no Django, no database."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from organizations.quarter import Quarter
from reviews.ranking import ListName, ProgressMeasure, RankMethod, end_size
from reviews.reports.wording import enumerated, plain, without_end_mark
from reviews.scoring import round_half_up


@dataclass(frozen=True)
class Deduction:
    """Points taken off one indicator, more than 0, and why; the reason may be empty.

    responsible, due_on: who puts it right and by when, where that was known.
    """

    points: Decimal
    reason: str
    responsible: str = ""
    due_on: datetime.date | None = None

    @classmethod
    def from_json(cls, frozen: dict[str, Any]) -> Deduction:
        """The deduction as a publication keeps it."""
        due_on = frozen.get("due_on")
        return cls(
            points=Decimal(frozen["points"]),
            reason=plain(frozen["reason"]),
            responsible=plain(frozen.get("responsible", "")),
            due_on=datetime.date.fromisoformat(due_on) if due_on else None,
        )


@dataclass(frozen=True)
class Charge:
    """One thing a unit has to put right, by whom and by when; both may be open still."""

    reason: str
    responsible: str = ""
    due_on: datetime.date | None = None


@dataclass(frozen=True)
class Score:
    """What one unit got for one indicator. points: None where it does not apply or was not scored."""

    section: str
    indicator: str
    full_marks: Decimal
    points: Decimal | None
    is_bonus: bool = False
    deductions: tuple[Deduction, ...] = ()
    reason: str = ""

    @property
    def lost(self) -> Decimal:
        """The points short of full marks, 0 or more. A bonus not earned is not lost."""
        if self.points is None or self.is_bonus:
            return Decimal(0)
        return max(self.full_marks - self.points, Decimal(0))

    @property
    def is_problem(self) -> bool:
        return self.lost > 0 or bool(self.deductions)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Each recorded reason once, without the mark it ends with, in the order recorded."""
        written = [*(deduction.reason for deduction in self.deductions), self.reason]
        return tuple(dict.fromkeys(filter(None, map(without_end_mark, written))))

    @property
    def charges(self) -> tuple[Charge, ...]:
        """The reasons with who puts them right; each reason once a date, its persons together."""
        persons: dict[tuple[str, datetime.date | None], dict[str, None]] = {}
        for each in self.deductions:
            if reason := without_end_mark(each.reason):
                persons.setdefault((reason, each.due_on), {})[each.responsible] = None
        said = {reason for reason, _due_on in persons}
        alone = [reason for reason in self.reasons if reason not in said]
        found = [
            Charge(reason, enumerated(filter(None, names)), due_on)
            for (reason, due_on), names in persons.items()
        ]
        return (*found, *map(Charge, alone))

    @classmethod
    def from_json(cls, frozen: dict[str, Any]) -> Score:
        """The score as a publication keeps it: numbers as text, see reviews.freezing."""
        points = frozen["points"] if frozen.get("applies", True) else None
        return cls(
            section=plain(frozen["section"]),
            indicator=plain(frozen["indicator"]),
            full_marks=Decimal(frozen["full_marks"]),
            points=None if points is None else Decimal(points),
            is_bonus=bool(frozen.get("is_bonus", False)),
            deductions=tuple(map(Deduction.from_json, frozen["deductions"])),
            reason=plain(frozen.get("reason", "")),
        )


@dataclass(frozen=True)
class UnitResult:
    """One unit's line of the standings, with its scores.

    unit: its key, never printed. position: its number in the host's own order. rank and total: None where
    it is not ranked, and unranked_reason then says why. list_places: its place in each of the four lists that
    names it, as `reviews.ranking.Placed` has them.
    """

    unit: int
    name: str
    position: int
    rank: int | None = None
    total: Decimal | None = None
    baseline_rank: int | None = None
    places: int | None = None
    total_change: Decimal | None = None
    unranked_reason: str = ""
    list_places: dict[ListName, int] = field(default_factory=dict)
    scores: tuple[Score, ...] = ()


@dataclass(frozen=True)
class GroupResult:
    """One group as published. units: in print order. decimals: how many a total prints with. key: the group's
    own, never printed.
    """

    name: str
    units: tuple[UnitResult, ...]
    decimals: int = 2
    key: int = 0

    @property
    def field_key(self) -> str:
        """What the keys of this group's fields begin with."""
        return f"g{self.key}"

    @property
    def ranked(self) -> tuple[UnitResult, ...]:
        return tuple(unit for unit in self.units if unit.rank is not None)

    @property
    def unranked(self) -> tuple[UnitResult, ...]:
        return tuple(unit for unit in self.units if unit.rank is None)

    @property
    def totals(self) -> list[Decimal]:
        """Of the ranked only: who was not scored counts in no average (rule 6)."""
        return [unit.total for unit in self.units if unit.total is not None]

    def average(self) -> Decimal:
        """Rounded half up to the precision of a total. Raises ZeroDivisionError where nobody is ranked."""
        totals = self.totals
        return round_half_up(Fraction(sum(totals, Decimal(0))) / len(totals), self.decimals)

    def named(self, name: ListName) -> tuple[UnitResult, ...]:
        """One of the four lists in the order in which it is printed."""
        chosen = [unit for unit in self.units if name in unit.list_places]
        return tuple(sorted(chosen, key=lambda unit: (unit.list_places[name], unit.position)))

    def ends(self, list_size: int) -> int:
        """The n of the first n and the last n (rule 3)."""
        return end_size(len(set(self.totals)), list_size)

    def points(self, value: Decimal) -> str:
        """A total as the tables print it: 96.50."""
        return f"{value:.{self.decimals}f}"


@dataclass(frozen=True)
class Change:
    """One unit whose published place or total a correction changed; None = not ranked then or now."""

    group: str
    name: str
    old_rank: int | None
    old_total: str | None
    new_rank: int | None
    new_total: str | None


@dataclass(frozen=True)
class Outcome:
    """How the items of an earlier quarter stood: raised = on_time + late + carried_over, counts all.

    on_time, late: struck off. carried_over: not struck off; overdue: of these, past their original due date.
    """

    quarter: Quarter
    raised: int
    on_time: int
    late: int
    carried_over: int
    overdue: int


@dataclass(frozen=True)
class Rectification:
    """How the items of earlier quarters stood on a day; outcomes: the newest quarter first, at least one."""

    as_of: datetime.date
    outcomes: tuple[Outcome, ...]

    @classmethod
    def from_json(cls, frozen: dict[str, Any]) -> Rectification:
        """As a publication keeps it, see reviews.freezing."""
        return cls(
            datetime.date.fromisoformat(frozen["as_of"]),
            tuple(Outcome(**row | {"quarter": Quarter.parse(row["quarter"])}) for row in frozen["quarters"]),
        )


@dataclass(frozen=True)
class Results:
    """A publication: who reviewed whom, when, against which quarter, and what came of it.

    number: 1 the first, each later one a correction with its reason. digest: 64 hexadecimal digits.
    """

    host_name: str
    quarter: Quarter
    groups: tuple[GroupResult, ...]
    published_on: datetime.date
    baseline: Quarter | None = None
    list_size: int = 3
    measure: ProgressMeasure = ProgressMeasure.PLACES
    number: int = 1
    reason: str = ""
    changes: tuple[Change, ...] = ()
    digest: str = ""
    rectification: Rectification | None = None
    rank_method: RankMethod = RankMethod.DENSE

    @property
    def is_correction(self) -> bool:
        return self.number > 1


def changes_between(old: Iterable[GroupResult], new: Sequence[GroupResult]) -> tuple[Change, ...]:
    """What a correction changed, in the order of the new tables; a renamed unit is still the same unit.

    A unit is listed if its place, its printed total or its group is no longer what it was.
    """
    before = {unit.unit: (group, unit) for group in old for unit in group.units}
    changes = []
    for group in new:
        for unit in group.units:
            old_group, old_unit = before.get(unit.unit, (group, None))
            line = (
                old_unit.rank if old_unit else None,
                _printed(old_group, old_unit),
                unit.rank,
                _printed(group, unit),
            )
            if line[:2] != line[2:] or old_group.name != group.name:
                changes.append(Change(group.name, unit.name, *line))
    return tuple(changes)


def _printed(group: GroupResult, unit: UnitResult | None) -> str | None:
    return None if unit is None or unit.total is None else group.points(unit.total)
