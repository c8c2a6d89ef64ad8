"""Assign programmes, change them, choose targets, close them; and what they amount to on a day (rule 21).

Each deed raises StepRefused with one clear line, and then nothing was changed.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from audit.deeds import for_its
from organizations.models import Organization, User
from organizations.names import clean_text
from organizations.quarter import FIRST_YEAR, Quarter
from rectification.models import (
    DueClass,
    Programme,
    ProgrammeEntry,
    ProgrammeRow,
    Target,
    Task,
)
from rectification.models.programme import ProgrammeQuerySet
from rectification.programme_permissions import can_run_programmes
from rectification.programme_progress import Counts, outcome, progress_of, total
from rectification.programme_rules import Kind, ProgrammeStanding
from rectification.programme_stepping import Said, locked, take
from rectification.programme_templates import Template, require_checklist
from rectification.stepping import NotYourStep, StepRefused


@dataclass(frozen=True)
class Details:
    """What is said of a programme. lead_office: in words, where the host's own office leads."""

    name: str
    text: str = ""
    lead_unit: Organization | None = None
    lead_office: str = ""
    responsible: str = ""
    origin: str = ""


@dataclass(frozen=True)
class Due:
    """A due date; name: of the class it is for, blank where there is one date for all."""

    due_on: datetime.date
    name: str = ""


def assign_programme(
    host: Organization,
    quarter: Quarter,
    template: Template,
    details: Details,
    *,
    dues: Sequence[Due],
    targets: Sequence[Organization],
    target_class: int = 0,
    by: User,
    client_uuid: uuid.UUID | None = None,
) -> Programme:
    """Assign a programme with a copy of the template's rows.

    dues: the due dates by class, at least one. target_class: which of them the targets get. client_uuid: sent
    twice it is assigned once. Without targets the lead unit is the one.
    """
    if not can_run_programmes(by, host):
        raise NotYourStep(_("Only the host's staff assign work."))
    if not clean_text(details.name):
        raise StepRefused(_("The name is missing."))
    if not dues:
        raise StepRefused(_("Give a due date."))
    require_checklist(template.rows)
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=host.pk)
        if client_uuid is not None:
            known = Programme.objects.filter(host=host, client_uuid=client_uuid).first()
            if known is not None:
                return known
        programme = _described(Programme(host=host, client_uuid=client_uuid), details)
        programme.kind, programme.has_demonstrations = template.kind, template.has_demonstrations
        programme.year, programme.number = quarter.year, quarter.number
        programme.save()
        ProgrammeRow.objects.bulk_create(
            [
                ProgrammeRow(
                    programme=programme,
                    position=position,
                    name=row.name,
                    standard=row.standard,
                    measure=row.measure,
                    goal=row.goal,
                    needs_evidence=row.needs_evidence,
                )
                for position, row in enumerate(template.rows, 1)
            ]
        )
        classes = DueClass.objects.bulk_create(
            [
                DueClass(programme=programme, position=position, name=due.name, due_on=due.due_on)
                for position, due in enumerate(dues, 1)
            ]
        )
        ProgrammeEntry.objects.create(
            programme=programme,
            number=1,
            kind=Kind.ASSIGN.value,
            state=programme.state,
            at=timezone.now(),
            by=by,
            text=programme.origin,
        )
        chosen = list(targets) or ([details.lead_unit] if details.lead_unit else [])
        add_targets(programme, chosen, classes[target_class], by=by)
    return programme


@transaction.atomic
def add_targets(
    programme: Programme, organizations: Sequence[Organization], due_class: DueClass, *, by: User
) -> int:
    """Add units and branches, each with all tasks and the due date of the class; how many were new.

    One that is a target already, or was taken out, is left as it is.
    """
    # The host first, as a change of its roster does, which then takes the programmes of what it closed.
    Organization.objects.select_for_update().get(pk=programme.host_id)
    place = locked(programme.pk)
    programme = place.programme
    if not can_run_programmes(by, programme.host):
        raise NotYourStep(_("Only the host's staff choose targets."))
    if not programme.is_running:
        raise StepRefused(_("“%(programme)s” is closed: resume it first.") % {"programme": programme})
    if not organizations:
        raise StepRefused(_("Choose at least one unit or branch."))
    known = set(programme.targets.values_list("organization_id", flat=True))
    new = [each for each in dict.fromkeys(organizations) if each.pk not in known]
    rows = list(programme.rows.all())
    now = timezone.now()
    targets = [
        Target(
            programme=programme,
            organization=each,
            unit_id=_unit_of(each, programme.host),
            due_class=due_class,
            original_due_on=due_class.due_on,
            due_on=due_class.due_on,
        )
        for each in new
    ]
    for target in targets:
        target.progress_of = progress_of([Task(target=target, row=row).figure for row in rows]).of
    Target.objects.bulk_create(targets)
    Task.objects.bulk_create([Task(target=target, row=row) for target in targets for row in rows])
    ProgrammeEntry.objects.bulk_create(
        [
            ProgrammeEntry(
                programme=programme,
                target=target,
                number=1,
                kind=Kind.ADD.value,
                state=target.state,
                at=now,
                by=by,
                text=due_class.name,
                due_on=due_class.due_on,
            )
            for target in targets
        ]
    )
    return len(new)


def change_programme(programme: Programme, details: Details, *, by: User, seen: int) -> ProgrammeEntry | None:
    """Describe it anew; the log says what was changed. None where nothing was."""
    if not clean_text(details.name):
        raise StepRefused(_("The name is missing."))
    before = _told(programme)
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=programme.host_id)  # as in `add_targets`
        after = _told(_described(Programme(host=programme.host), details))
        changes = [f"{label}：{old or '—'} → {after[label] or '—'}" for label, old in before.items()]
        changes = [line for line, label in zip(changes, before, strict=True) if before[label] != after[label]]
        if not changes:
            return None
        entry = take(programme, Kind.CHANGE, Said(text="\n".join(changes)[:1_000]), by=by, seen=seen)
        changed = _described(Programme.objects.get(pk=programme.pk), details)
        changed.save()
    return entry


@for_its("reason")
def finish_programme(programme: Programme, reason: str, *, by: User, seen: int) -> ProgrammeEntry:
    """Close a programme although targets are not done; they are overdue no more."""
    return take(programme, Kind.FINISH, Said(text=reason), by=by, seen=seen)


@for_its("reason")
def resume_programme(programme: Programme, reason: str, *, by: User, seen: int) -> ProgrammeEntry:
    """Let a closed programme run on."""
    return take(programme, Kind.RESUME, Said(text=reason), by=by, seen=seen)


@for_its("reason")
def withdraw_programme(programme: Programme, reason: str, *, by: User, seen: int) -> ProgrammeEntry:
    """Say that it was assigned by mistake; it stays readable and counts nowhere."""
    return take(programme, Kind.WITHDRAW, Said(text=reason), by=by, seen=seen)


@dataclass(frozen=True)
class CountedProgramme:
    """A programme at the end of a day. outcome: finished, overdue or running."""

    programme: Programme
    counts: Counts
    outcome: str


@dataclass(frozen=True)
class Counted:
    """What was assigned in earlier quarters, at the end of a day; in the order of assigning."""

    programmes: tuple[CountedProgramme, ...]

    @property
    def targets(self) -> Counts:
        """Of all of them together."""
        return total(each.counts for each in self.programmes)

    @property
    def finished(self) -> int:
        return self._with("finished")

    @property
    def overdue(self) -> int:
        return self._with("overdue")

    @property
    def running(self) -> int:
        """In time: neither finished nor overdue."""
        return self._with("running")

    def _with(self, wanted: str) -> int:
        return sum(each.outcome == wanted for each in self.programmes)


def counted_in(host: Organization, quarter: Quarter, on: datetime.date) -> Counted:
    """What the review of this quarter tells of work assigned in earlier ones, at the end of a day.

    All of the quarter before, and what is older unless it was finished before this quarter began. From the
    log alone, so that the figures of a past day never improve by themselves (rule 19). Two queries.
    """
    if quarter == Quarter(FIRST_YEAR, 1):
        return Counted(())
    programmes = (
        Programme.objects.of_host(host)
        .assigned_before(quarter)
        .as_of(_end_of(on))
        .told_of_in(quarter, _midnight(quarter.first_day))
    )
    return _counted(programmes, on)


def counted_of(host: Organization, quarter: Quarter, on: datetime.date) -> Counted:
    """The same of what this quarter itself assigned. Two queries."""
    programmes = Programme.objects.of_host(host).assigned_in(quarter).as_of(_end_of(on))
    return _counted(programmes.standing_then(), on)


def _counted(found: ProgrammeQuerySet, on: datetime.date) -> Counted:
    """Programmes `as_of` the end of a day with what their targets amount to then."""
    programmes = list(found.select_related("lead_unit").order_by("year", "number", "pk"))
    targets = Target.objects.filter(programme__in=programmes).as_of(_end_of(on))
    running = [each.pk for each in programmes if each.state_then == ProgrammeStanding.RUNNING]
    counts = {key: Counts(*figures) for key, *figures in targets.counted(on, running)}
    return Counted(
        tuple(
            CountedProgramme(each, of_it, outcome(each.state_then, of_it))
            for each in programmes
            for of_it in [counts.get(each.pk, Counts())]
        )
    )


def _end_of(day: datetime.date) -> datetime.datetime:
    """The moment after which nothing is of this day."""
    return _midnight(day + datetime.timedelta(days=1))


def _midnight(day: datetime.date) -> datetime.datetime:
    """The moment a day begins here."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _described(programme: Programme, details: Details) -> Programme:
    programme.name = clean_text(details.name)
    programme.text = "\n".join(filter(None, map(clean_text, details.text.splitlines())))
    programme.lead_unit = details.lead_unit
    programme.lead_office = "" if details.lead_unit else clean_text(details.lead_office)
    programme.responsible = clean_text(details.responsible)
    programme.origin = clean_text(details.origin)
    return programme


def _told(programme: Programme) -> dict[str, str]:
    """What the log tells of a change, by what it is called."""
    with translation.override(settings.LANGUAGE_CODE):  # the log reads the same to all
        return {
            _("Name"): programme.name,
            _("Task"): programme.text,
            _("Lead"): programme.lead,
            _("Responsible person"): programme.responsible,
            _("Assigned by"): programme.origin,
        }


def _unit_of(organization: Organization, host: Organization) -> int:
    """The unit that answers for a target. Raises StepRefused for one that is none of the host's."""
    superior = organization.parent
    if organization.pk == host.pk or (superior is not None and superior.pk == host.pk):
        return organization.pk
    if superior is not None and superior.parent_id == host.pk:
        return superior.pk
    raise StepRefused(_("%(name)s is none of the host's units.") % {"name": organization})
