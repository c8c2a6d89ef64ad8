"""What the first page holds for each kind of user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from organizations.models import Organization, User
from rectification.due import Waiting, waiting_for
from rectification.models import SelfCheckAnswer
from rectification.permissions import can_report_problem
from rectification.pressing import Pressing, pressing_of
from rectification.self_checks import answers_awaited
from rectification.succession import waiting_items
from reviews.charts import Place, PlacesChart, places_chart
from reviews.disclosing import SeenStandings, seen_standings
from reviews.findings_to_raise import count_to_raise
from reviews.first_steps import FirstStep, first_steps
from reviews.models import CycleState, ImportBatch, ReviewCycle, Standing, Visit
from reviews.models.cycle import ReviewCycleQuerySet
from reviews.models.visit import VisitQuerySet
from reviews.outstanding import OpenPoint, open_points
from reviews.overview import (
    CycleProgress,
    NextStep,
    StepMark,
    correction_reason,
    next_step,
    progress_of,
    step_marks,
)
from reviews.replies import ReplyCall, calls_to_reply
from reviews.sheet import Losses, heaviest_losses, published_history
from reviews.standings import Line, frozen_line

# What is being worked on comes before a draft, which may be a plan or a mistake.
UNDER_WAY = frozenset({CycleState.OPEN, CycleState.REPLY, CycleState.VERIFIED})


@dataclass(frozen=True)
class StaffHome:
    """The cycle at work and what stands between today and its publication."""

    cycle: ReviewCycle | None
    correction_reason: str
    progress: CycleProgress | None
    step: NextStep | None
    step_marks: Sequence[StepMark]
    open_points: Sequence[OpenPoint]
    held: int  # records from phones that await a decision, and are none of the open points
    to_raise: int  # findings of a published cycle without an item; before, they are among the open points
    rectification: Pressing | None
    without_unit: int  # items of closed units that wait for a successor
    batches: Sequence[ImportBatch]
    others: Sequence[ReviewCycle]
    first_steps: Sequence[FirstStep]

    @property
    def is_set_up(self) -> bool:
        return all(step.is_done for step in self.first_steps)


def staff_home(user: User, host: Organization) -> StaffHome:
    """For those who run the cycles."""
    cycles, at_work = _newest_cycles(host)
    progress = progress_of(at_work) if at_work else None
    return StaffHome(
        cycle=at_work,
        correction_reason=correction_reason(at_work) if at_work else "",
        progress=progress,
        step=next_step(at_work, progress) if at_work and progress else None,
        step_marks=step_marks(at_work) if at_work else (),
        open_points=open_points(at_work, user) if at_work else (),
        held=_held_elsewhere(user, host, at_work).count(),
        to_raise=count_to_raise(at_work, user) if at_work and at_work.state == CycleState.PUBLISHED else 0,
        rectification=pressing_of(user, host),
        without_unit=waiting_items(host, timezone.localdate()).count(),
        batches=_newest_batches(host),
        others=[cycle for cycle in cycles if cycle != at_work],
        first_steps=first_steps(host),
    )


def _held_elsewhere(user: User, host: Organization, at_work: ReviewCycle | None) -> VisitQuerySet:
    held = Visit.objects.visible_to(user).of_host(host).held()
    return held if at_work is None or at_work.state == CycleState.PUBLISHED else held.exclude(cycle=at_work)


@dataclass(frozen=True)
class AuditorHome:
    """The cycle at work as it stands, and the others: all of it to read."""

    cycle: ReviewCycle | None
    correction_reason: str
    progress: CycleProgress | None
    step_marks: Sequence[StepMark]
    rectification: Pressing | None
    batches: Sequence[ImportBatch]
    others: Sequence[ReviewCycle]


def auditor_home(user: User, host: Organization) -> AuditorHome:
    """For those who read everything of the host and change nothing."""
    cycles, at_work = _newest_cycles(host)
    return AuditorHome(
        cycle=at_work,
        correction_reason=correction_reason(at_work) if at_work else "",
        progress=progress_of(at_work) if at_work else None,
        step_marks=step_marks(at_work) if at_work else (),
        rectification=pressing_of(user, host),
        batches=_newest_batches(host),
        others=[cycle for cycle in cycles if cycle != at_work],
    )


def _newest_cycles(host: Organization) -> tuple[list[ReviewCycle], ReviewCycle | None]:
    """The newest five, and among them the one that is worked on, or else the newest."""
    newest = ReviewCycle.objects.of_host(host).select_related("baseline").newest_first()
    cycles = list(newest.with_publications()[:5])
    return cycles, next(
        (cycle for cycle in cycles if cycle.state in UNDER_WAY), cycles[0] if cycles else None
    )


def _newest_batches(host: Organization) -> list[ImportBatch]:
    return list(ImportBatch.objects.of_host(host).kept().select_related("cycle", "uploaded_by")[:5])


@dataclass(frozen=True)
class LeaderHome:
    """The newest published standings."""

    cycle: ReviewCycle | None
    seen: SeenStandings | None
    earlier: Sequence[ReviewCycle]
    rectification: Pressing | None


def leader_home(user: User, host: Organization) -> LeaderHome:
    """For those who read and print the circular."""
    cycles = list(_published_cycles(user, host)[:6])
    newest = cycles[0] if cycles else None
    seen = seen_standings(user, newest) if newest else None
    return LeaderHome(newest, seen, cycles[1:], pressing_of(user, host))


@dataclass(frozen=True)
class InspectorHome:
    """The cycles that run, the newest published one, and the visits the inspector is to make."""

    running: Sequence[ReviewCycle]
    published: ReviewCycle | None
    visits: Sequence[Visit]


def inspector_home(user: User, host: Organization) -> InspectorHome:
    """For those who visit the units. They are not told that a published cycle is being corrected."""
    cycles = ReviewCycle.objects.visible_to(user).of_host(host)
    visits = Visit.objects.visible_to(user).of_host(host).planned().by_inspector(user)
    return InspectorHome(
        running=list(cycles.running().unpublished().newest_first()),
        published=_published_cycles(user, host).first(),
        visits=list(visits.with_names().own_first(user)),
    )


@dataclass(frozen=True)
class SecretaryHome:
    """What waits for the own unit, its newest published place, where points were lost, the places before."""

    unit: Organization | None
    waiting: Waiting | None
    may_report: bool
    cycle: ReviewCycle | None
    standing: Standing | None
    line: Line | None
    losses: Losses
    chart: PlacesChart | None
    history: Sequence[Standing]
    replying: Sequence[ReplyCall]
    waiting_checks: Sequence[SelfCheckAnswer]


def secretary_home(user: User, host: Organization, unit: Organization | None) -> SecretaryHome:
    """For those who answer for a unit."""
    history = published_history(unit, host.pk) if unit else ()
    newest = history[-1] if history else None
    replying = ReviewCycle.objects.visible_to(user).of_host(host).in_reply().newest_first()
    return SecretaryHome(
        unit=unit,
        waiting=waiting_for(user, unit, timezone.localdate()) if unit else None,
        may_report=can_report_problem(user, unit),
        cycle=newest.publication.cycle if newest else None,
        standing=newest,
        line=frozen_line(newest) if newest else None,
        losses=heaviest_losses(newest.scores if newest else ()),
        chart=places_chart([Place(row.publication.cycle.quarter, row.rank) for row in history]),
        history=tuple(reversed(history)),
        replying=calls_to_reply(list(replying), unit, timezone.localdate()),
        waiting_checks=list(answers_awaited(unit, timezone.localdate())),
    )


def _published_cycles(user: User, host: Organization) -> ReviewCycleQuerySet:
    cycles = ReviewCycle.objects.visible_to(user).of_host(host)
    return cycles.published().newest_first().with_publications()
