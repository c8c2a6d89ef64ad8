"""What the ledger amounts to on any day, from the log alone (rule 19). Pure: no Django, no clock.

An item is the sequence of its steps. Figures of a day use the steps up to the end of that day and nothing
after it, so that last quarter's rate never improves by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import NamedTuple, TypeVar

from organizations.quarter import Quarter
from rectification.lifecycle import CLOSED, State, StepKind

Key = TypeVar("Key", bound=Hashable)


class Event(NamedTuple):
    """One step of an item. on: its local day. state: after it. The rest: what it set, None where nothing."""

    on: date
    kind: StepKind
    state: State
    unit: int | None = None
    group: int | None = None
    category: int | None = None
    due_on: date | None = None


class History(NamedTuple):
    """An item as its log tells it. quarter: the one it was found in. events: in the order of the log."""

    quarter: Quarter
    is_self_found: bool
    events: tuple[Event, ...]


class Snapshot(NamedTuple):
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
        added = {name: getattr(self, name) + getattr(other, name) for name in _NAMES}
        added["longest_overdue"] = max(self.longest_overdue, other.longest_overdue)
        return Figures(**added)


_NAMES = tuple(field.name for field in fields(Figures))


class Tally:
    """Figures while they are being added up: one for many items, where a value each would take long."""

    def __init__(self) -> None:
        self._counts = dict.fromkeys(_NAMES, 0)

    def count(self, item: Snapshot, on: date, quarter: Quarter) -> None:
        """Count one more item as it was on this day. quarter: the one that is not "earlier" yet."""
        if item.state is State.WITHDRAWN:
            return
        counts, original = self._counts, item.original_due_on
        counts["raised"] += 1
        counts["returned"] += item.returned > 0
        counts["relapsed"] += item.relapsed > 0
        counts["self_found"] += item.is_self_found
        counts["confirmed"] += item.is_self_found and item.is_confirmed
        if item.state is State.STRUCK_OFF:
            counts["struck_off"] += 1
            if original is not None and original <= on:
                counts["due"] += 1
                counts["on_time"] += item.is_in_time
            return
        counts["unsettled"] += 1
        counts["submitted"] += item.state is State.SUBMITTED
        counts["carried_over"] += item.quarter < quarter
        if late := item.days_overdue(on):
            counts["due"] += 1
            counts["overdue_week" if late <= 7 else "overdue_month" if late <= 30 else "overdue_longer"] += 1
            counts["longest_overdue"] = max(counts["longest_overdue"], late)

    def figures(self) -> Figures:
        """What was counted so far."""
        return Figures(**self._counts)


def figures_of(item: Snapshot, on: date, quarter: Quarter) -> Figures:
    """What one item adds to the figures of this day. quarter: the one that is not "earlier" yet."""
    tally = Tally()
    tally.count(item, on, quarter)
    return tally.figures()


def newest_quarter(histories: Iterable[History], on: date) -> Quarter | None:
    """The newest quarter of which an item had been raised by this day."""
    return max((each.quarter for each in histories if each.events[0].on <= on), default=None)


def snapshots(histories: Iterable[History], on: date) -> list[Snapshot]:
    """Every item that had been raised by the end of this day, as it then was."""
    taken = (snapshot(history, on) for history in histories)
    return [item for item in taken if item is not None]


def figures(histories: Iterable[History], on: date, quarter: Quarter | None = None) -> Figures:
    """The figures of all these items at the end of this day.

    quarter: what is carried over is of an earlier one; without it, the newest of these items by that day.
    """
    return sum_of(snapshots(histories, on), on, quarter)


def figures_by(
    key: Callable[[Snapshot], Key], histories: Iterable[History], on: date, quarter: Quarter | None = None
) -> dict[Key, Figures]:
    """The figures of this day part by part. key: which part an item belongs to, such as its unit then."""
    return sums_by(key, snapshots(histories, on), on, quarter)


def sum_of(items: Sequence[Snapshot], on: date, quarter: Quarter | None = None) -> Figures:
    """The figures of items as they were on this day; see `figures`."""
    return sums_by(lambda item: None, items, on, quarter).get(None, Figures())


def sums_by(
    key: Callable[[Snapshot], Key], items: Sequence[Snapshot], on: date, quarter: Quarter | None = None
) -> dict[Key, Figures]:
    """The same part by part: for a page that needs several partitions of one day."""
    quarter = quarter or max((item.quarter for item in items), default=None)
    parts: defaultdict[Key, Tally] = defaultdict(Tally)
    for item in items:
        parts[key(item)].count(item, on, quarter or item.quarter)
    return {part: tally.figures() for part, tally in parts.items()}
