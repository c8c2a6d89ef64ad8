"""Take one step of a programme, a target or a task: the rules, the log and the row in one transaction.

All of them first take the programme's row, so that its targets, their tasks and what follows from them agree.
The verbs people use stand in `programmes` and `programme_work`; this is what all of them do.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import User
from organizations.names import clean_text
from rectification.evidence import NewFile, kept_files, require_room
from rectification.lifecycle import UNIT_SIDE, Part
from rectification.models import (
    Programme,
    ProgrammeEntry,
    ProgrammeFile,
    ProgrammeSession,
    Target,
    Task,
)
from rectification.programme_permissions import parts_in_programme, parts_in_target
from rectification.programme_progress import WHOLE, Measure, progress_of
from rectification.programme_rules import (
    BY_UNIT,
    RULES,
    Kind,
    ProgrammeStanding,
    Surroundings,
    TargetStanding,
    confirmed_state,
)
from rectification.stepping import ItemChanged, NotYourStep, StepRefused


@dataclass(frozen=True)
class Said:
    """What a step says and sets; what is empty it leaves alone."""

    text: str = ""
    responsible: str = ""
    helper: str = ""
    value: int | None = None
    due_on: datetime.date | None = None
    files: Sequence[NewFile] = ()

    def cleaned(self) -> Said:
        text = "\n".join(filter(None, map(clean_text, self.text.splitlines())))
        return replace(
            self, text=text, responsible=clean_text(self.responsible), helper=clean_text(self.helper)
        )


@dataclass(frozen=True)
class Place:
    """Where a step is taken: in the programme's log, a target's or a task's."""

    programme: Programme
    target: Target | None = None
    task: Task | None = None
    session: ProgrammeSession | None = None

    @property
    def subject(self) -> Programme | Target | Task:
        return self.task or self.target or self.programme

    @property
    def around(self) -> Surroundings:
        return Surroundings(self.programme.state, self.target.state if self.target else None)

    def log(self) -> models.QuerySet[ProgrammeEntry]:
        """This subject's own entries, the newest first."""
        entries = ProgrammeEntry.objects.filter(programme=self.programme, target=self.target, task=self.task)
        return entries.select_related("by").order_by("-number")

    def parts_of(self, user: User) -> frozenset[Part]:
        if self.target is None:
            return parts_in_programme(user, self.programme)
        return parts_in_target(user, self.target)


def locked(programme_id: int, target_id: int | None = None, task_id: int | None = None) -> Place:
    """The rows as they stand, behind the programme's lock. In a transaction."""
    programme = Programme.objects.select_for_update().get(pk=programme_id)
    target = task = None
    if target_id is not None:
        target = Target.objects.select_related("organization").get(pk=target_id)
        target.programme = programme
    if task_id is not None:
        task = Task.objects.select_related("row").get(pk=task_id)
    return Place(programme, target, task)


def take(
    subject: Programme | Target | Task, kind: Kind, said: Said, *, by: User, seen: int
) -> ProgrammeEntry:
    """Take the step and write it to the log.

    seen: the subject's version the user decided on; another one means that somebody was faster. A step that
    is sent twice is taken once: the second time answers with the first. Raises StepRefused, FileRefused or
    PhotoRefused; then nothing is changed.
    """
    said = said.cleaned()
    with kept_files(said.files, ProgrammeFile) as files, transaction.atomic():
        place = locked(*_keys(subject))
        again = taken_before(place, kind, said, files, by=by, seen=seen)
        if again is not None:
            for file in files:
                file.SHELF.remove(file.stored_name)
            return again
        return step(place, kind, said, files, by=by)


def taken_before(
    place: Place, kind: Kind, said: Said, files: Sequence[ProgrammeFile] = (), *, by: User, seen: int
) -> ProgrammeEntry | None:
    """The same step where this person took it on the version seen. Raises ItemChanged for any other."""
    if place.subject.version == seen:
        return None
    log = place.log()
    entry = log.filter(number=seen + 1).first() if seen >= 0 else None
    if entry is not None and _is_the_same(entry, place, kind, said, files, by):
        return entry
    newest = log.first()
    if newest is None:
        raise ItemChanged(_("The page was out of date: nothing was changed. Look at it and decide again."))
    raise ItemChanged(
        _("%(who)s was faster (%(what)s, %(at)s): nothing was changed. Look at it and decide again.")
        % {
            "who": newest.by or _("The system"),
            "what": newest.get_kind_display(),
            "at": f"{timezone.localtime(newest.at):%H:%M}",
        }
    )


def _is_the_same(
    entry: ProgrammeEntry, place: Place, kind: Kind, said: Said, files: Sequence[ProgrammeFile], by: User
) -> bool:
    """Whether the entry is what is being sent again, by a second click or after a lost answer."""
    # What a confirmation is worth follows from the report; a session that is new has no key to compare.
    value = entry.value if kind is Kind.CONFIRM else said.value
    session = place.session.pk if place.session else entry.session_id
    sent = (kind.value, by.pk, said.text, said.responsible, said.helper, value, said.due_on, session)
    kept = (
        entry.kind,
        entry.by_id,
        entry.text,
        entry.responsible,
        entry.helper,
        entry.value,
        entry.due_on,
        entry.session_id,
    )
    if sent != kept:
        return False
    sent_files = sorted(file.sent_sha256 for file in files)
    return sent_files == sorted(entry.files.values_list("sent_sha256", flat=True))


def step(
    place: Place, kind: Kind, said: Said, files: Sequence[ProgrammeFile] = (), *, by: User
) -> ProgrammeEntry:
    """One step in a transaction that holds the lock; what follows from it is done as well."""
    parts = place.parts_of(by)
    _require_allowed(place, kind, parts, by)
    _require_complete(place, kind, said, has_files=bool(files))
    if files and place.target is not None:
        require_room(ProgrammeFile.objects.of_target(place.target).count(), len(files))
    value, state = said.value, RULES[kind].to or place.subject.state
    if kind is Kind.CONFIRM and place.task is not None:
        state = confirmed_state(place.task.reaches_goal)
        value = place.task.reported
    entry = write(
        place,
        kind,
        replace(said, value=value),
        state,
        by=by,
        for_unit=bool(parts & UNIT_SIDE) or kind in BY_UNIT,
    )
    for file in files:
        file.entry = entry
    ProgrammeFile.objects.bulk_create(files)
    _apply(place, kind, said)
    if place.task is not None:
        settle_target(place, said.text, by=by)
    elif place.target is not None:
        settle_programme(place.programme, by=by)
    return entry


def write(
    place: Place, kind: Kind, said: Said, state: str, *, by: User, for_unit: bool = False
) -> ProgrammeEntry:
    """Add an entry to the subject's log, with its number and the state after it, on the row as well."""
    subject = place.subject
    newest = place.log().first()
    now = timezone.now()
    subject.version += 1
    subject.state = state
    entry = ProgrammeEntry.objects.create(
        programme=place.programme,
        target=place.target,
        task=place.task,
        session=place.session,
        number=subject.version,
        kind=kind.value,
        state=state,
        at=max(now, newest.at) if newest else now,  # a clock that was put back must not reorder the past
        by=by,
        for_unit=for_unit,
        text=said.text,
        responsible=said.responsible,
        helper=said.helper,
        value=said.value,
        due_on=said.due_on,
    )
    if isinstance(subject, Target):
        done = state == TargetStanding.DONE
        subject.done_on = (subject.done_on or timezone.localdate(entry.at)) if done else None
    subject.save()
    return entry


def settle_target(place: Place, text: str, *, by: User) -> None:
    """Bring a target's progress up to its tasks; done with its last one, open again with a reopened one."""
    target = place.target
    assert target is not None, "only a target is settled"
    figures = [task.figure for task in target.tasks.select_related("row").in_order()]
    progress = progress_of(figures)
    if progress != target.progress:
        target.progress_done, target.progress_of = progress.done, progress.of
        target.save(update_fields=("progress_done", "progress_of"))
    above = replace(place, task=None, session=None)
    is_done = all(figure.is_passed for figure in figures)
    if is_done and target.state == TargetStanding.OPEN:
        write(above, Kind.COMPLETE, Said(), TargetStanding.DONE, by=by)
    elif not is_done and target.state == TargetStanding.DONE:
        write(above, Kind.REOPEN, Said(text=text), TargetStanding.OPEN, by=by)
    settle_programme(place.programme, by=by)


def settle_programme(programme: Programme, *, by: User) -> None:
    """Finish a running programme with its last target."""
    if programme.state != ProgrammeStanding.RUNNING:
        return
    states = set(programme.targets.present().values_list("state", flat=True))
    if states == {TargetStanding.DONE.value}:
        write(Place(programme), Kind.COMPLETE, Said(), ProgrammeStanding.FINISHED, by=by)


def has_evidence(task: Task) -> bool:
    """Whether the unit's side sent a file with this row."""
    return ProgrammeFile.objects.filter(entry__task=task, entry__for_unit=True).exists()


def _keys(subject: Programme | Target | Task) -> tuple[int, int | None, int | None]:
    if isinstance(subject, Programme):
        return subject.pk, None, None
    if isinstance(subject, Target):
        return subject.programme_id, subject.pk, None
    return subject.target.programme_id, subject.target_id, subject.pk


def _apply(place: Place, kind: Kind, said: Said) -> None:
    """What the step sets besides the state."""
    target, task = place.target, place.task
    if task is not None:
        if kind is Kind.REPORT:
            task.reported = said.value if task.measure is Measure.PERCENT else None
        elif kind in (Kind.CONFIRM, Kind.SEND_BACK):
            if kind is Kind.CONFIRM and task.reported is not None:
                task.value = task.reported
            task.reported = None
        elif kind is Kind.REOPEN and task.measure is Measure.PERCENT:
            task.value = min(task.value, WHOLE - 1)  # no longer all of it
        elif kind in (Kind.HOLD, Kind.CALL_OFF):
            task.value = task.sessions.held().count()
        task.save()
    elif target is not None:
        if kind is Kind.NAME:
            target.responsible, target.helper = said.responsible, said.helper
        target.due_on = said.due_on or target.due_on
        if kind in (Kind.MARK, Kind.UNMARK):
            target.is_demonstration = kind is Kind.MARK
        target.save()


def _require_allowed(place: Place, kind: Kind, parts: frozenset[Part], by: User) -> None:
    rule = RULES[kind]
    if not parts & rule.by:
        raise NotYourStep(_("You may not do this in “%(programme)s”.") % {"programme": place.programme})
    if not place.around.allow(kind):
        raise StepRefused(_closed(place))
    if place.subject.state not in rule.states:
        message = _("It is “%(state)s”: this cannot be done now.")
        raise StepRefused(message % {"state": place.subject.get_state_display()})
    if rule.second_person:
        acted = place.log().filter(for_unit=True, by=by).exists()
        if acted or parts & UNIT_SIDE:
            raise NotYourStep(_("You reported this for the unit: somebody else must confirm it."))


def _closed(place: Place) -> str:
    if place.programme.state != ProgrammeStanding.RUNNING:
        message = _("“%(programme)s” is closed: resume it first.")
        return message % {"programme": place.programme}
    name = place.target.organization if place.target else place.programme
    return _("%(target)s was taken out of the programme.") % {"target": name}


def _require_complete(place: Place, kind: Kind, said: Said, *, has_files: bool) -> None:
    if RULES[kind].says_why and not said.text:
        raise StepRefused(_("Say why."))
    if kind is Kind.NOTE and not (said.text or has_files):
        raise StepRefused(_("Write a note or add a file."))
    if kind is Kind.NAME and not (said.responsible or said.helper):
        raise StepRefused(_("Name the responsible or the helping person."))
    if kind is Kind.EXTEND and place.target is not None:
        _require_later(place.target, said.due_on)
    if kind in (Kind.MARK, Kind.UNMARK) and place.target is not None:
        _require_site(place.target, kind)
    if place.task is not None:
        _require_task_complete(place, place.task, kind, said, has_files=has_files)


def _require_site(target: Target, kind: Kind) -> None:
    if kind is Kind.MARK and not target.programme.has_demonstrations:
        raise StepRefused(_("This programme has no demonstration sites."))
    if target.is_demonstration == (kind is Kind.MARK):
        named, unnamed = _("It is a demonstration site already."), _("It is no demonstration site.")
        raise StepRefused(named if target.is_demonstration else unnamed)


def _require_later(target: Target, due_on: datetime.date | None) -> None:
    if due_on is None:
        raise StepRefused(_("Give the new due date."))
    if due_on <= target.due_on:
        message = _("It is due on %(day)s: an extension is later.")
        raise StepRefused(message % {"day": target.due_on.isoformat()})


def _require_task_complete(place: Place, task: Task, kind: Kind, said: Said, *, has_files: bool) -> None:
    is_percent = task.measure is Measure.PERCENT
    if kind is Kind.REPORT:
        if is_percent and (said.value is None or not 0 <= said.value <= WHOLE):
            raise StepRefused(_("Give a percentage from 0 to 100."))
        if is_percent and not said.text:
            raise StepRefused(_("Say what was done."))
        if task.measure is Measure.SESSIONS and not task.reaches_goal:
            counts = {"held": task.value, "goal": task.row.goal}
            raise StepRefused(_("%(held)s of %(goal)s sessions are held: record the others first.") % counts)
        if task.row.needs_evidence and not has_files and not has_evidence(task):
            raise StepRefused(_("This row needs a photo or a document as evidence."))
    if kind in (Kind.PLAN, Kind.HOLD, Kind.CALL_OFF) and place.session is None:
        raise StepRefused(_("This row counts no sessions."))
    if kind is Kind.CONFIRM and task.measure is Measure.SESSIONS and not task.reaches_goal:
        counts = {"held": task.value, "goal": task.row.goal}
        raise StepRefused(_("%(held)s of %(goal)s sessions are held: send it back.") % counts)
