"""What the ledger amounts to on any day, from the log alone (rule 19). Pure: no Django, no clock.

An item is the sequence of its steps. Figures of a day use the steps up to the end of that day and nothing
after it, so that last quarter's rate never improves by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeVar

from organizations.quarter import Quarter
from rectification.lifecycle import CLOSED, State, StepKind

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Event:
    """One step of an item. on: its local day. state: after it. The rest: what it set, None where nothing."""

    on: date
    kind: StepKind
    state: State
    unit: int | None = None
    group: int | None = None
    category: int | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class History:
    """An item as its log tells it. quarter: the one it was found in. events: in the order of the log."""

    quarter: Quarter
    is_self_found: bool
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Snapshot:
    """An item at the end of a day. unit, group, category: keys, as they then were."""

    quarter: Quarter
    is_self_found: bool
    state: State
    unit: int | None
    group: int | None
    category: int | None
    original_due_on: date | None
    due_on: date | None
    struck_off_on: date | None
    returned: int
    relapsed: int
    is_confirmed: bool

    def days_overdue(self, on: date) -> int:
        """Whole days past the original date, 0 while in time: the due day itself still is (rule 19)."""
        if self.state in CLOSED or self.original_due_on is None:
            return 0
        return max(0, (on - self.original_due_on).days)

    @property
    def is_in_time(self) -> bool:
        """Struck off, and by the original date."""
        return (
            self.struck_off_on is not None
            and self.original_due_on is not None
            and self.struck_off_on <= self.original_due_on
        )


def snapshot(history: History, on: date) -> Snapshot | None:
    """The item at the end of this day; None before it was raised."""
    unit = group = category = original = due = struck_off = state = None
    returned = relapsed = 0
    is_confirmed = False
    for event in history.events:
        if event.on > on:
            break
        unit = unit if event.unit is None else event.unit
        group = event.group if event.unit is not None else group
        category = category if event.category is None else event.category
        original = event.due_on if original is None else original
        due = due if event.due_on is None else event.due_on
        if event.kind is StepKind.STRIKE_OFF:
            struck_off = event.on
        elif event.state is not State.STRUCK_OFF:
            struck_off = None
        state = event.state
        returned += event.kind is StepKind.RETURN
        relapsed += event.kind is StepKind.RELAPSE
        is_confirmed |= event.kind is StepKind.CONFIRM
    if state is None:
        return None
    return Snapshot(
        quarter=history.quarter,
        is_self_found=history.is_self_found,
        state=state,
        unit=unit,
        group=group,
        category=category,
        original_due_on=original,
        due_on=due,
        struck_off_on=struck_off,
        returned=returned,
        relapsed=relapsed,
        is_confirmed=is_confirmed,
    )


@dataclass(frozen=True)
class Figures:
    """Counts of items at the end of one day; withdrawn ones count nowhere.

    due: those whose original date has passed, and those struck off by a date that has come: an item is not
    late while its due day lasts. on_time: of these, struck off by the original date. overdue_…: not struck
    off and past the original date, by whole days. carried_over: not struck off and of an earlier quarter.
    returned, relapsed: items to which it happened at least once. self_found: reported by the unit itself;
    confirmed: of these, found by others afterwards.
    """

    raised: int = 0
    struck_off: int = 0
    unsettled: int = 0
    submitted: int = 0
    due: int = 0
    on_time: int = 0
    overdue_week: int = 0  # 1 to 7 days
    overdue_month: int = 0  # 8 to 30
    overdue_longer: int = 0  # over 30
    longest_overdue: int = 0  # days
    carried_over: int = 0
    returned: int = 0
    relapsed: int = 0
    self_found: int = 0
    confirmed: int = 0

    @property
    def overdue(self) -> int:
        return self.overdue_week + self.overdue_month + self.overdue_longer

    @property
    def on_time_text(self) -> str:
        """The on-time rate as documents print it, a fraction: 3/4; "—" where nothing was due."""
        return f"{self.on_time}/{self.due}" if self.due else "—"

    @property
    def self_found_text(self) -> str:
        """The share of problems that units reported themselves, a fraction; "—" where there are none."""
        return f"{self.self_found}/{self.raised}" if self.raised else "—"

    def __add__(self, other: Figures) -> Figures:
        """The figures of both together."""
        added = {
            field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(Figures)
        }
        added["longest_overdue"] = max(self.longest_overdue, other.longest_overdue)
        return Figures(**added)


def figures_of(item: Snapshot, on: date, quarter: Quarter) -> Figures:
    """What one item adds to the figures of this day. quarter: the one that is not "earlier" yet."""
    if item.state is State.WITHDRAWN:
        return Figures()
    is_struck_off = item.state is State.STRUCK_OFF
    original = item.original_due_on
    is_due = original is not None and (original < on or (original == on and is_struck_off))
    late = item.days_overdue(on)
    return Figures(
        raised=1,
        struck_off=int(is_struck_off),
        unsettled=int(not is_struck_off),
        submitted=int(item.state is State.SUBMITTED),
        due=int(is_due),
        on_time=int(is_due and item.is_in_time),
        overdue_week=int(1 <= late <= 7),
        overdue_month=int(8 <= late <= 30),
        overdue_longer=int(late > 30),
        longest_overdue=late,
        carried_over=int(not is_struck_off and item.quarter < quarter),
        returned=int(item.returned > 0),
        relapsed=int(item.relapsed > 0),
        self_found=int(item.is_self_found),
        confirmed=int(item.is_self_found and item.is_confirmed),
    )


def newest_quarter(histories: Iterable[History], on: date) -> Quarter | None:
    """The newest quarter of which an item had been raised by this day."""
    return max((each.quarter for each in histories if each.events[0].on <= on), default=None)


def figures(histories: Iterable[History], on: date, quarter: Quarter | None = None) -> Figures:
    """The figures of all these items at the end of this day.

    quarter: what is carried over is of an earlier one; without it, the newest of these items by that day.
    """
    return sum(figures_by(lambda item: None, histories, on, quarter).values(), Figures())


def figures_by(
    key: Callable[[Snapshot], Key], histories: Iterable[History], on: date, quarter: Quarter | None = None
) -> dict[Key, Figures]:
    """The figures of this day part by part. key: which part an item belongs to, such as its unit then."""
    histories = list(histories)
    quarter = quarter or newest_quarter(histories, on)
    parts: dict[Key, Figures] = {}
    for history in histories:
        item = snapshot(history, on)
        if item is not None and quarter is not None:
            part = key(item)
            parts[part] = parts.get(part, Figures()) + figures_of(item, on, quarter)
    return parts
