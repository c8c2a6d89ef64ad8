"""How far a programme is, as exact fractions of whole numbers. Pure: no Django, no clock, no floats.

A checklist row is passed or not, is a percentage, or counts sessions; what a target has decides in what its
progress is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from rectification.programme_rules import ProgrammeStanding, TargetStanding, TaskStanding

WHOLE = 100  # per cent


class Measure(StrEnum):
    """What is told of a row."""

    PASS = "pass"  # passed or not yet
    PERCENT = "percent"
    SESSIONS = "sessions"


class Scale(StrEnum):
    """In what the progress of a target or a programme is told."""

    ROWS = "rows"
    PERCENT = "percent"
    SESSIONS = "sessions"


def scale_of(measures: Sequence[Measure]) -> Scale:
    """A lone percentage is told in per cent, a lone row of sessions in sessions, all else in rows."""
    if len(measures) == 1 and measures[0] is not Measure.PASS:
        return Scale(measures[0].value)
    return Scale.ROWS


@dataclass(frozen=True)
class TaskFigure:
    """One row of one target. value: the confirmed percentage, or sessions held. goal: how many sessions."""

    measure: Measure
    state: TaskStanding
    value: int = 0
    goal: int = 1

    @property
    def is_passed(self) -> bool:
        return self.state is TaskStanding.PASSED


@dataclass(frozen=True)
class Progress:
    """So much done of so much; never more than all of it."""

    done: int = 0
    of: int = 0

    @property
    def share(self) -> int:
        """Whole per cent, rounded down: 100 is all of it and nothing less. 0 where there is nothing to do."""
        return WHOLE * self.done // self.of if self.of else 0

    def text(self, scale: Scale) -> str:
        """As documents print it: 12/15 rows or sessions, 67% for percentages; "—" where there is nothing."""
        if not self.of:
            return "—"
        return f"{self.share}%" if scale is Scale.PERCENT else f"{self.done}/{self.of}"

    def __add__(self, other: Progress) -> Progress:
        """Of both together; of percentages that is their mean."""
        return Progress(self.done + other.done, self.of + other.of)


def progress_of(tasks: Sequence[TaskFigure]) -> Progress:
    """How far one target is. What goes beyond the goal, such as a fifth session of four, adds nothing."""
    scale = scale_of([task.measure for task in tasks])
    if scale is Scale.ROWS:
        return Progress(sum(task.is_passed for task in tasks), len(tasks))
    (task,) = tasks
    goal = WHOLE if scale is Scale.PERCENT else task.goal
    return Progress(max(0, min(task.value, goal)), goal)


def reaches_goal(measure: Measure, value: int, goal: int) -> bool:
    """Whether a task with this value can be passed."""
    if measure is Measure.PASS:
        return True
    return value >= (WHOLE if measure is Measure.PERCENT else goal)


def days_overdue(state: str, original_due_on: date, on: date) -> int:
    """Whole days past the original date while not done; the due day itself is still in time (rule 19)."""
    if state != TargetStanding.OPEN:
        return 0
    return max(0, (on - original_due_on).days)


@dataclass(frozen=True)
class Counts:
    """Targets at the end of a day; those taken out count nowhere. targets = done + overdue + running."""

    targets: int = 0
    done: int = 0
    overdue: int = 0

    @property
    def running(self) -> int:
        """Neither done nor overdue."""
        return self.targets - self.done - self.overdue

    @property
    def is_all_done(self) -> bool:
        return self.targets > 0 and self.done == self.targets

    @property
    def done_text(self) -> str:
        """A fraction, as documents print it: 3/4; "—" where there is no target."""
        return f"{self.done}/{self.targets}" if self.targets else "—"

    def __add__(self, other: Counts) -> Counts:
        added = {each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(Counts)}
        return Counts(**added)


def counts_of(state: str, original_due_on: date, on: date, *, is_running: bool = True) -> Counts:
    """What one target adds. is_running: whether its programme does; what was closed is not overdue."""
    if state == TargetStanding.OUT:
        return Counts()
    is_late = is_running and days_overdue(state, original_due_on, on) > 0
    return Counts(targets=1, done=int(state == TargetStanding.DONE), overdue=int(is_late))


def total(counts: Iterable[Counts]) -> Counts:
    """All of them together."""
    return sum(counts, Counts())


def outcome(state: str, counts: Counts) -> str:
    """What became of a programme: finished, overdue or running; withdrawn where it counts nowhere."""
    if state in (ProgrammeStanding.WITHDRAWN, ProgrammeStanding.FINISHED):
        return str(state)
    return "overdue" if counts.overdue else "running"
