"""The work on a programme's targets: the verbs people use. `programme_stepping` does it.

Each raises StepRefused with one clear line, and then nothing was changed. `seen` is the version of what is
changed that the user decided on: of the target, or of the task.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.deeds import for_its
from organizations.models import User
from organizations.names import clean_text
from rectification.evidence import NewFile, kept_files
from rectification.models import ProgrammeEntry, ProgrammeFile, ProgrammeSession, Target, Task
from rectification.programme_permissions import task_steps_open_to
from rectification.programme_progress import Measure
from rectification.programme_rules import REPORTABLE, Kind
from rectification.programme_stepping import Said, has_evidence, locked, step, take, taken_before
from rectification.stepping import StepRefused


def name_persons(
    target: Target, *, responsible: str = "", helper: str = "", by: User, seen: int
) -> ProgrammeEntry:
    """Say who is responsible and who helps; blank takes a name away, but not both."""
    return take(target, Kind.NAME, Said(responsible=responsible, helper=helper), by=by, seen=seen)


@for_its("reason")
def extend_target(
    target: Target, due_on: datetime.date, reason: str, *, by: User, seen: int
) -> ProgrammeEntry:
    """Give one target more time; the original date stays, and overdue is still counted from it."""
    return take(target, Kind.EXTEND, Said(text=reason, due_on=due_on), by=by, seen=seen)


def mark_demonstration(target: Target, *, by: User, seen: int) -> ProgrammeEntry:
    """Name it a demonstration site (示范点)."""
    return take(target, Kind.MARK, Said(), by=by, seen=seen)


@for_its("reason")
def unmark_demonstration(target: Target, reason: str, *, by: User, seen: int) -> ProgrammeEntry:
    """Say that it is a demonstration site no longer."""
    return take(target, Kind.UNMARK, Said(text=reason), by=by, seen=seen)


@for_its("reason")
def take_out(target: Target, reason: str, *, by: User, seen: int) -> ProgrammeEntry:
    """Take a target out: it stays readable, counts nowhere and is not worked on."""
    return take(target, Kind.TAKE_OUT, Said(text=reason), by=by, seen=seen)


@for_its("reason")
def put_back(target: Target, reason: str, *, by: User, seen: int) -> ProgrammeEntry:
    """Let a target that was taken out be one again, with all it had done."""
    return take(target, Kind.PUT_BACK, Said(text=reason), by=by, seen=seen)


def report(
    task: Task,
    text: str = "",
    *,
    by: User,
    seen: int,
    percent: int | None = None,
    files: Sequence[NewFile] = (),
) -> ProgrammeEntry:
    """Say for the unit that a row is done, or how far it is; somebody else confirms it."""
    return take(task, Kind.REPORT, Said(text=text, value=percent, files=files), by=by, seen=seen)


def add_note(task: Task, text: str, *, by: User, seen: int, files: Sequence[NewFile] = ()) -> ProgrammeEntry:
    """Say how it goes, with or without files; the state stays."""
    return take(task, Kind.NOTE, Said(text=text, files=files), by=by, seen=seen)


def confirm(task: Task, *, by: User, seen: int, text: str = "") -> ProgrammeEntry:
    """Believe what was reported; whoever reported it never does."""
    return take(task, Kind.CONFIRM, Said(text=text), by=by, seen=seen)


@for_its("reason")
def send_back(task: Task, reason: str, *, by: User, seen: int) -> ProgrammeEntry:
    """Send a report back to the unit."""
    return take(task, Kind.SEND_BACK, Said(text=reason), by=by, seen=seen)


@for_its("reason")
def reopen_task(task: Task, reason: str, *, by: User, seen: int) -> ProgrammeEntry:
    """Take back that a row was passed."""
    return take(task, Kind.REOPEN, Said(text=reason), by=by, seen=seen)


@transaction.atomic
def confirm_all(target: Target, *, by: User, seen: dict[int, int]) -> int:
    """Confirm every reported row of a target that the user may confirm; how many.

    seen: by task, the version the user decided on; a row that is not in it, or was changed since, is left.
    """
    place = locked(target.programme_id, target.pk)
    assert place.target is not None, "the target was asked for"
    tasks = list(place.target.tasks.select_related("row").in_order())
    open_to = task_steps_open_to(by, place.target, tasks)
    wanted = [
        task for task in tasks if Kind.CONFIRM in open_to[task.pk] and seen.get(task.pk) == task.version
    ]
    for task in wanted:
        step(replace(place, task=task), Kind.CONFIRM, Said(), by=by)
    return len(wanted)


@for_its("reason")
@transaction.atomic
def extend_targets(targets: Sequence[Target], due_on: datetime.date, reason: str, *, by: User) -> int:
    """Give all of these targets that are not done and due earlier more time, for one reason; how many."""
    extended = 0
    for target in targets:
        place = locked(target.programme_id, target.pk)
        assert place.target is not None, "the target was asked for"
        if place.target.due_on < due_on:
            step(place, Kind.EXTEND, Said(text=reason, due_on=due_on).cleaned(), by=by)
            extended += 1
    if not extended:
        raise StepRefused(_("No target that is not done is due before that day."))
    return extended


@dataclass(frozen=True)
class SessionDetails:
    """A session as it is planned or was held. attended: None as long as it is planned."""

    held_on: datetime.date
    topic: str
    place: str = ""
    audience: str = ""
    planned: int | None = None
    attended: int | None = None

    def told(self) -> str:
        """For the log: what the session was."""
        parts = [self.held_on.isoformat(), self.topic, self.place, self.audience]
        return " · ".join(filter(None, map(clean_text, parts)))


def record_session(
    task: Task,
    details: SessionDetails,
    *,
    by: User,
    seen: int,
    session: ProgrammeSession | None = None,
    files: Sequence[NewFile] = (),
) -> ProgrammeEntry:
    """Plan a session, or say that it was held and how many came; one planned before is `session`.

    With the session that reaches the row's goal the row is reported as done. Raises StepRefused for a day
    to come of a session that was held, a missing topic, or one that was held or called off before.
    """
    kind = Kind.PLAN if details.attended is None else Kind.HOLD
    said = Said(text=details.told(), value=details.attended).cleaned()
    with kept_files(files, ProgrammeFile) as rows, transaction.atomic():
        place = locked(task.target.programme_id, task.target_id, task.pk)
        session = ProgrammeSession.objects.get(pk=session.pk) if session else None
        place = replace(place, session=session)
        assert place.task is not None, "the task was asked for"
        again = taken_before(place, kind, said, rows, by=by, seen=seen)
        if again is not None:
            for row in rows:
                row.SHELF.remove(row.stored_name)
            return again
        _require_session(place.task, details, session)
        kept = _session(place.task, details, session)
        entry = step(replace(place, session=kept), kind, said, rows, by=by)
        if kind is Kind.HOLD and _is_reportable(place.task):
            step(replace(place, session=None), Kind.REPORT, Said(), by=by)
    return entry


@for_its("reason")
@transaction.atomic
def call_off_session(session: ProgrammeSession, reason: str, *, by: User, seen: int) -> ProgrammeEntry:
    """Say that a session is not held, or was recorded by mistake; it counts no more and stays readable."""
    task = session.task
    place = locked(task.target.programme_id, task.target_id, task.pk)
    session = ProgrammeSession.objects.get(pk=session.pk)
    place = replace(place, session=session)
    said = Said(text=reason).cleaned()
    again = taken_before(place, Kind.CALL_OFF, said, by=by, seen=seen)
    if again is not None:
        return again
    if session.is_called_off:
        raise StepRefused(_("The session was called off before."))
    session.is_called_off = True
    session.save(update_fields=("is_called_off",))
    return step(place, Kind.CALL_OFF, said, by=by)


def _require_session(task: Task, details: SessionDetails, session: ProgrammeSession | None) -> None:
    if task.measure is not Measure.SESSIONS:
        raise StepRefused(_("This row counts no sessions."))
    if not clean_text(details.topic):
        raise StepRefused(_("Say what the session is about."))
    if details.attended is not None and details.held_on > timezone.localdate():
        raise StepRefused(_("A session that is yet to come has no attendance: leave it blank."))
    if session is not None and (session.task_id != task.pk or session.is_held or session.is_called_off):
        raise StepRefused(_("This session was held or called off before."))


def _session(task: Task, details: SessionDetails, session: ProgrammeSession | None) -> ProgrammeSession:
    kept = session or ProgrammeSession(task=task)
    kept.held_on, kept.topic = details.held_on, clean_text(details.topic)
    kept.place, kept.audience = clean_text(details.place), clean_text(details.audience)
    kept.planned, kept.attended = details.planned, details.attended
    kept.save()
    return kept


def _is_reportable(task: Task) -> bool:
    """Whether the row can be reported as done without anything else being said."""
    if task.state not in REPORTABLE or not task.reaches_goal:
        return False
    return not task.row.needs_evidence or has_evidence(task)
