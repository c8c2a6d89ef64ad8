"""What the page of one target shows: its rows with states, files and sessions, and what one may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from organizations.models import User
from rectification.lifecycle import UNIT_SIDE
from rectification.models import ProgrammeEntry, ProgrammeFile, ProgrammeSession, Target, Task
from rectification.programme_permissions import (
    parts_in_target,
    target_steps_open_to,
    task_steps_open_to,
)
from rectification.programme_rules import Kind
from rectification.programme_work_forms import (
    ExtendForm,
    NoteForm,
    PersonsForm,
    ReasonForm,
    ReportForm,
    SeenForm,
    SessionForm,
)

TASK_FORMS = {
    Kind.REPORT: ReportForm,
    Kind.NOTE: NoteForm,
    Kind.CONFIRM: SeenForm,
    Kind.SEND_BACK: ReasonForm,
    Kind.REOPEN: ReasonForm,
    Kind.HOLD: SessionForm,
    Kind.CALL_OFF: ReasonForm,
}
TARGET_FORMS = {
    Kind.NAME: PersonsForm,
    Kind.EXTEND: ExtendForm,
    Kind.MARK: SeenForm,
    Kind.UNMARK: ReasonForm,
    Kind.TAKE_OUT: ReasonForm,
    Kind.PUT_BACK: ReasonForm,
}
Bound = Mapping[tuple[Kind, int], Any]  # forms that came back with mistakes, by step and key of the subject


@dataclass(frozen=True)
class Panel:
    """A form one may fill in; open where it came back with what is wrong."""

    form: Any
    is_open: bool = False


@dataclass(frozen=True)
class SessionLine:
    """A session. hold: the form that says how many came; call_off: that it is not held."""

    session: ProgrammeSession
    hold: Panel | None
    call_off: Panel | None


@dataclass(frozen=True)
class TaskSheet:
    """One row. said: what the unit reported last; a panel is None where the step is not open."""

    task: Task
    said: ProgrammeEntry | None
    answer: ProgrammeEntry | None
    files: tuple[ProgrammeFile, ...]
    sessions: tuple[SessionLine, ...]
    report: Panel | None
    note: Panel | None
    confirm: Panel | None
    send_back: Panel | None
    reopen: Panel | None
    session: Panel | None
    tone: str  # of the buttons that report: they come first for whoever answers for the unit


@dataclass(frozen=True)
class TargetSheet:
    """A target with all its rows and its log, the newest first."""

    target: Target
    tasks: tuple[TaskSheet, ...]
    log: tuple[ProgrammeEntry, ...]
    persons: Panel | None
    extend: Panel | None
    mark: Panel | None
    unmark: Panel | None
    take_out: Panel | None
    put_back: Panel | None

    @property
    def to_confirm(self) -> tuple[Task, ...]:
        """The rows the user may confirm, where there are several."""
        tasks = tuple(sheet.task for sheet in self.tasks if sheet.confirm)
        return tasks if len(tasks) > 1 else ()

    @property
    def has_own_steps(self) -> bool:
        return any((self.persons, self.extend, self.mark, self.unmark, self.take_out, self.put_back))


def sheet_of(target: Target, user: User, bound: Bound | None = None) -> TargetSheet:
    """The sheet of a target `with_names` for this user, in a fixed number of queries.

    bound: forms that came back with mistakes, which stand open.
    """
    bound = bound or {}
    tasks = list(target.tasks.all())
    log = list(ProgrammeEntry.objects.of_target(target).told())
    sessions = list(ProgrammeSession.objects.filter(task__target=target).standing().latest_first())
    open_to = task_steps_open_to(user, target, tasks)
    own = target_steps_open_to(user, target)
    is_ours = bool(parts_in_target(user, target) & UNIT_SIDE)

    def panel(kind: Kind) -> Panel | None:
        if kind not in own:
            return None
        back = bound.get((kind, target.pk))
        name = f"target-{kind.value.replace('_', '-')}"
        return Panel(back or TARGET_FORMS[kind](subject=target, name=name), back is not None)

    marks = target.programme.has_demonstrations
    return TargetSheet(
        target=target,
        tasks=tuple(
            _task_sheet(task, log, sessions, open_to[task.pk], bound, is_ours=is_ours) for task in tasks
        ),
        log=tuple(log),
        persons=panel(Kind.NAME),
        extend=panel(Kind.EXTEND),
        mark=panel(Kind.MARK) if marks and not target.is_demonstration else None,
        unmark=panel(Kind.UNMARK) if target.is_demonstration else None,
        take_out=panel(Kind.TAKE_OUT),
        put_back=panel(Kind.PUT_BACK),
    )


def _task_sheet(
    task: Task,
    log: list[ProgrammeEntry],
    sessions: list[ProgrammeSession],
    open_to: frozenset[Kind],
    bound: Bound,
    *,
    is_ours: bool,
) -> TaskSheet:
    entries = [entry for entry in log if entry.task_id == task.pk]
    counts_sessions = task.row.measure == "sessions"

    def panel(kind: Kind) -> Panel | None:
        if kind not in open_to:
            return None
        back = bound.get((kind, task.pk))
        name = f"task-{task.pk}-{kind.value.replace('_', '-')}"
        return Panel(back or TASK_FORMS[kind](subject=task, name=name), back is not None)

    may_report = not counts_sessions or task.reaches_goal
    return TaskSheet(
        task=task,
        said=next((entry for entry in entries if entry.kind == Kind.REPORT), None),
        answer=next((each for each in entries if each.kind in (Kind.SEND_BACK, Kind.REOPEN)), None)
        if task.state == "sent_back"
        else None,
        files=tuple(file for entry in reversed(entries) for file in entry.files.all()),
        sessions=tuple(
            _session_line(task, session, open_to, bound) for session in sessions if session.task_id == task.pk
        ),
        report=panel(Kind.REPORT) if may_report else None,
        note=panel(Kind.NOTE),
        confirm=panel(Kind.CONFIRM),
        send_back=panel(Kind.SEND_BACK),
        reopen=panel(Kind.REOPEN),
        session=panel(Kind.HOLD) if counts_sessions else None,
        tone="primary" if is_ours else "",
    )


def _session_line(
    task: Task, session: ProgrammeSession, open_to: frozenset[Kind], bound: Bound
) -> SessionLine:
    held, off = bound.get((Kind.PLAN, session.pk)), bound.get((Kind.CALL_OFF, session.pk))
    name = f"session-{session.pk}"
    hold = held or SessionForm(subject=task, session=session, name=name)
    call_off = off or ReasonForm(subject=task, name=f"{name}-off")
    return SessionLine(
        session,
        Panel(hold, held is not None) if Kind.HOLD in open_to and not session.is_held else None,
        Panel(call_off, off is not None) if Kind.CALL_OFF in open_to else None,
    )
