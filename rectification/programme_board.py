"""What pages, print and workbook show of one programme: its targets, by unit, and its sessions."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from organizations.models import User
from rectification.models import Programme, ProgrammeRow, ProgrammeSession, Target, Task
from rectification.programme_progress import Counts, Progress, Scale, outcome, total
from rectification.programme_rules import TaskStanding

# Signs for paper and narrow columns; words stand beside or behind each of them.
MARKS = {
    TaskStanding.PASSED: "✓",
    TaskStanding.REPORTED: "●",
    TaskStanding.SENT_BACK: "↩",
    TaskStanding.OPEN: "–",
}


@dataclass(frozen=True)
class Cell:
    """One row of one target: a sign or a figure, with the state in words."""

    mark: str
    label: str
    state: str


@dataclass(frozen=True)
class TargetLine:
    """One target in a table. late: whole days past the original date; waits: for the staff."""

    target: Target
    cells: tuple[Cell, ...]
    progress_text: str
    late: int
    waits: bool
    is_sent_back: bool


@dataclass(frozen=True)
class UnitLine:
    """All targets of one unit together."""

    name: str
    counts: Counts
    progress: Progress
    progress_text: str


@dataclass(frozen=True)
class Board:
    """A programme as one user may see it. lines: the targets asked for; waiting: tasks reported."""

    programme: Programme
    rows: tuple[ProgrammeRow, ...]
    lines: tuple[TargetLine, ...]
    units: tuple[UnitLine, ...]
    sessions: tuple[ProgrammeSession, ...]
    attendance: dict[str, int]
    on: datetime.date

    @property
    def counts(self) -> Counts:
        return total(unit.counts for unit in self.units)

    @property
    def progress(self) -> Progress:
        return sum((unit.progress for unit in self.units), Progress())

    @property
    def progress_text(self) -> str:
        return self.progress.text(self.programme.scale)

    @property
    def outcome(self) -> str:
        return outcome(self.programme.state, self.counts)

    @property
    def has_sessions(self) -> bool:
        return any(row.measure == Scale.SESSIONS.value for row in self.rows)


def board_of(
    programme: Programme, user: User, targets: Iterable[Target] | None = None, *, all_sessions: bool = False
) -> Board:
    """The board of a programme with its rows. Of what the user may see alone, in a fixed number of queries.

    targets: those to list, `with_names`; None all that are not taken out.
    """
    on = timezone.localdate()
    visible = Target.objects.visible_to(user).filter(programme=programme)
    shown = visible.present().with_names().in_own_order() if targets is None else targets
    sessions = ProgrammeSession.objects.visible_to(user).of_programme(programme)
    latest = sessions.standing().with_names().latest_first()
    scale = programme.scale
    return Board(
        programme=programme,
        rows=tuple(programme.rows.all()),
        lines=tuple(_line(target, scale, on) for target in shown),
        units=tuple(
            UnitLine(
                name, Counts(number, done, late), Progress(part, whole), Progress(part, whole).text(scale)
            )
            for name, number, done, late, part, whole in visible.by_unit(on)
        ),
        sessions=tuple(latest if all_sessions else latest[:20]),
        attendance=sessions.attendance(),
        on=on,
    )


def _line(target: Target, scale: Scale, on: datetime.date) -> TargetLine:
    tasks = list(target.tasks.all())
    return TargetLine(
        target=target,
        cells=tuple(map(cell_of, tasks)),
        progress_text=target.progress.text(scale),
        late=target.days_overdue(on),
        waits=any(task.is_reported for task in tasks),
        is_sent_back=any(task.state == TaskStanding.SENT_BACK for task in tasks),
    )


def cell_of(task: Task) -> Cell:
    mark = MARKS[TaskStanding(task.state)]
    value = task.value_text
    shown = value if value and not task.is_passed else mark
    return Cell(shown, task.get_state_display(), task.state)
