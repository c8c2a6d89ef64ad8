"""Plan a visit, record what it found, call it off (rules 10, 11, 12 and 16).

All of it queues behind the cycle's row, as all entry does; what was sent twice under one key happens once.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.deeds import for_its
from organizations.models import VISITOR_ROLES, Membership, Organization, User
from organizations.names import clean_text
from rectification.categories import category_named
from rectification.models import ProblemCategory
from reviews.models import (
    CycleState,
    Draw,
    Highlight,
    Indicator,
    Problem,
    Review,
    ReviewCycle,
    Visit,
    VisitPhoto,
    VisitState,
)
from reviews.photos import NewPhoto, kept_photos
from reviews.recording import (
    EntryClosed,
    NewDeduction,
    apply_plan,
    entry_closed_message,
    plan_recording,
)
from reviews.scoring import check_points


class VisitRefused(Exception):
    """A visit that cannot be planned, recorded or called off as asked; its text is for the user."""


@dataclass(frozen=True)
class VisitDetails:
    """Who is to go where and when. place, place_name: at most one of them; neither: the unit itself."""

    organization: Organization
    inspectors: Collection[User]
    place: Organization | None = None
    place_name: str = ""
    visited_on: datetime.date | None = None
    note: str = ""


@dataclass(frozen=True)
class NewLoss:
    """Points that a visit takes from one indicator. indicator: its key."""

    indicator: int
    points: Decimal
    reason: str = ""


@dataclass(frozen=True)
class Findings:
    """What a visit found. problems: category and text each."""

    losses: Sequence[NewLoss] = ()
    highlights: Sequence[str] = ()
    problems: Sequence[tuple[str, str]] = ()
    photos: Sequence[NewPhoto] = field(default=(), repr=False)


@transaction.atomic
def plan_visit(
    cycle: ReviewCycle,
    details: VisitDetails,
    *,
    by: User,
    client_uuid: uuid.UUID | None = None,
    draw: Draw | None = None,
) -> Visit:
    """Plan a visit. Sent again under the same key, the first is returned. Raises VisitRefused."""
    cycle = _lock_for_visits(cycle)
    sent = _sent_before(cycle, client_uuid)
    return sent or create_visit(cycle, details, by=by, client_uuid=client_uuid, draw=draw)


def record_visit(
    visit: Visit,
    findings: Findings,
    *,
    visited_on: datetime.date,
    by: User,
    client_uuid: uuid.UUID | None = None,
    note: str | None = None,
) -> Visit:
    """Write down what a planned visit found: all of it, with the totals it makes, or nothing.

    Sent again under the same key, it is returned as recorded. note: None leaves the plan's.
    Raises VisitRefused where somebody recorded it first or something in it is wrong, PhotoRefused,
    EntryClosed.
    """
    with kept_photos(findings.photos, visit.cycle.host) as photos, transaction.atomic():
        cycle = _lock_to_record(visit.cycle, client_uuid)
        sent = _sent_before(cycle, client_uuid)
        if sent is not None and sent.is_done:
            return sent
        visit = Visit.objects.with_names().get(pk=visit.pk)
        require_planned(visit)
        visit.visited_on, visit.client_uuid = visited_on, client_uuid or visit.client_uuid
        visit.note = visit.note if note is None else clean_text(note)
        check_inspectors(visit.cycle, visit.organization, list(visit.inspectors.all()), visited_on)
        write_findings(cycle, visit, findings, photos, by=by)
    return visit


def record_new_visit(
    cycle: ReviewCycle, details: VisitDetails, findings: Findings, *, by: User, client_uuid: uuid.UUID
) -> Visit:
    """Record a visit that nobody planned, in one step; under one key it is recorded once.

    Raises as `record_visit` does.
    """
    with kept_photos(findings.photos, cycle.host) as photos, transaction.atomic():
        cycle = _lock_to_record(cycle, client_uuid)
        if (sent := _sent_before(cycle, client_uuid)) is not None:
            return sent
        visit = create_visit(cycle, details, by=by, client_uuid=client_uuid)
        write_findings(cycle, visit, findings, photos, by=by)
    return visit


@for_its("reason")
@transaction.atomic
def cancel_visit(visit: Visit, *, by: User, reason: str) -> Visit:
    """Call a planned visit off. Raises VisitRefused where it was made or called off already."""
    ReviewCycle.objects.select_for_update().get(pk=visit.cycle_id)
    visit = Visit.objects.with_names().get(pk=visit.pk)
    require_planned(visit)
    visit.state, visit.reason = VisitState.CANCELLED, clean_text(reason)[:200]
    if not visit.reason:
        raise VisitRefused(_("Say why the visit is cancelled."))
    visit.recorded_by, visit.recorded_at = by, timezone.now()
    visit.save(update_fields=["state", "reason", "recorded_by", "recorded_at"])
    return visit


def own_unit_message(inspector: User, unit: Organization) -> str:
    """Why somebody cannot visit a unit, for the user."""
    return _("%(inspector)s belongs to %(unit)s: nobody inspects the own unit.") % {
        "inspector": inspector,
        "unit": unit.name,
    }


def those_who_belong(people: Collection[User], unit: Organization, on: datetime.date) -> list[User]:
    """Who of these acts that day for the unit or for one of its sub-units, in any role. One query."""
    memberships = Membership.objects.running(on).filter(user__in=people)
    members = {
        row.user_id
        for row in memberships.select_related("organization")
        if unit.pk in (row.organization_id, row.organization.parent_id)
    }
    return [person for person in people if person.pk in members]


def _lock_for_visits(cycle: ReviewCycle) -> ReviewCycle:
    """Take the cycle's row and make sure that visits may still be planned for it. Raises VisitRefused."""
    locked = ReviewCycle.objects.select_for_update().get(pk=cycle.pk)
    if not (locked.takes_scores or locked.state == CycleState.DRAFT):
        raise VisitRefused(
            _("%(quarter)s is “%(state)s”: no visit is planned for it any more.")
            % {"quarter": locked.quarter.label, "state": locked.get_state_display()}
        )
    return locked


def _lock_to_record(cycle: ReviewCycle, client_uuid: uuid.UUID | None) -> ReviewCycle:
    """Take the cycle's row and make sure that it takes scores, or has this record already.

    Raises EntryClosed. What comes a second time after entry closed is no reason to send it a third time.
    """
    locked = ReviewCycle.objects.select_for_update().get(pk=cycle.pk)
    sent = _sent_before(locked, client_uuid)
    if not locked.takes_scores and not (sent and sent.is_done):
        raise EntryClosed(entry_closed_message(locked))
    return locked


def _sent_before(cycle: ReviewCycle, client_uuid: uuid.UUID | None) -> Visit | None:
    """The visit that came under this key. Call under the cycle's lock. Raises VisitRefused."""
    if client_uuid is None:
        return None
    sent = Visit.objects.with_names().filter(client_uuid=client_uuid).first()
    if sent is not None and sent.cycle_id != cycle.pk:
        raise VisitRefused(_("This was sent before, for another quarter."))
    return sent


def create_visit(
    cycle: ReviewCycle,
    details: VisitDetails,
    *,
    by: User,
    client_uuid: uuid.UUID | None,
    draw: Draw | None = None,
) -> Visit:
    """A planned visit, as the roster and the inspectors allow. Call under the lock. Raises VisitRefused."""
    unit, place = details.organization, details.place
    place_name = clean_text(details.place_name)
    if unit.parent_id != cycle.host_id:
        raise VisitRefused(_("%(unit)s is no unit of this host.") % {"unit": unit.name})
    if place is not None and place.parent_id != unit.pk:
        raise VisitRefused(
            _("%(place)s does not belong to %(unit)s.") % {"place": place.name, "unit": unit.name}
        )
    if place is not None and place_name:
        raise VisitRefused(_("Choose a place or write it in words, not both."))
    if draw is not None and (place is None or place.pk not in {row["place"] for row in draw.result}):
        draw = None  # it was planned for another place than the drawn one after all
    check_inspectors(cycle, unit, details.inspectors, details.visited_on)
    visit = Visit.objects.create(
        cycle=cycle,
        organization=unit,
        place=place,
        place_name=place_name,
        visited_on=details.visited_on,
        note=clean_text(details.note),
        client_uuid=client_uuid or uuid.uuid4(),
        draw=draw,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    visit.inspectors.set(details.inspectors)
    return visit


def check_inspectors(
    cycle: ReviewCycle, unit: Organization, inspectors: Collection[User], on: datetime.date | None
) -> None:
    """Somebody goes, all of them work for the host, and none of them belongs to the unit."""
    day = on or timezone.localdate()
    if not inspectors:
        raise VisitRefused(_("Say who makes the visit."))
    rows = Membership.objects.running(timezone.localdate()).filter(
        organization=cycle.host_id, role__in=VISITOR_ROLES, user__in=inspectors
    )
    at_work = set(rows.values_list("user", flat=True))
    for inspector in inspectors:
        if inspector.pk not in at_work:
            raise VisitRefused(_("%(inspector)s does not inspect for this host.") % {"inspector": inspector})
    for inspector in those_who_belong(inspectors, unit, day):
        raise VisitRefused(own_unit_message(inspector, unit))


def require_planned(visit: Visit) -> None:
    """Refuse what was recorded or cancelled already, and say by whom. Raises VisitRefused."""
    if visit.is_planned:
        return
    who, at = visit.recorded_by, visit.recorded_at
    if visit.is_done or visit.is_held:
        message = _("%(who)s recorded this visit at %(when)s already: nothing was changed.")
    else:
        who, at = visit.decided_by or who, visit.decided_at or at
        message = _("%(who)s cancelled this visit at %(when)s: nothing was changed.")
    raise VisitRefused(message % {"who": who, "when": f"{timezone.localtime(at):%Y-%m-%d %H:%M}"})


def write_findings(
    cycle: ReviewCycle, visit: Visit, findings: Findings, photos: Sequence[VisitPhoto], *, by: User
) -> None:
    """Call under the cycle's lock: the visit is done, its deductions count, the rest is kept beside."""
    check_day(visit)
    visit.state, visit.recorded_by, visit.recorded_at = VisitState.DONE, by, timezone.now()
    visit.save()
    keep_findings(cycle, visit, findings, by=by)
    deductions = list(visit.deductions.all()) if findings.losses else []
    for photo, sent in zip(photos, findings.photos, strict=True):
        photo.visit = visit
        photo.deduction = None if sent.loss is None else deductions[sent.loss]
    VisitPhoto.objects.bulk_create(photos)


def check_day(visit: Visit) -> None:
    """A visit was made on a day, and not on one to come. Raises VisitRefused."""
    if visit.visited_on is None:
        raise VisitRefused(_("Say on which day the visit was made."))
    if visit.visited_on > timezone.localdate():
        raise VisitRefused(_("A visit cannot be recorded before its day."))


def keep_findings(cycle: ReviewCycle, visit: Visit, findings: Findings, *, by: User) -> None:
    """Deduct what a done visit found and keep its highlights and problems; photos are the caller's.

    The visit's deductions, by their keys, are in the order of the losses. Raises VisitRefused.
    """
    if findings.losses:
        new = _new_deductions(cycle, visit, findings.losses)
        apply_plan(cycle, plan_recording(cycle, [], new), by=by, visit=visit)
    Highlight.objects.bulk_create(
        Highlight(visit=visit, text=text) for text in map(clean_text, findings.highlights) if text
    )
    problems = [(category, clean_text(text)) for category, text in findings.problems]
    Problem.objects.bulk_create(
        Problem(visit=visit, category=_category(cycle.host, category), text=text)
        for category, text in problems
        if text
    )


def _category(host: Organization, name: str) -> ProblemCategory:
    try:
        return category_named(host, name)
    except ProblemCategory.DoesNotExist:
        message = _("“%(name)s” is no category of problems here: choose another.")
        raise VisitRefused(message % {"name": name}) from None


def _new_deductions(cycle: ReviewCycle, visit: Visit, losses: Sequence[NewLoss]) -> list[NewDeduction]:
    """The deductions as entry takes them. Raises VisitRefused for what rules 9 to 11 do not allow."""
    review = Review.objects.filter(cycle=cycle, organization=visit.organization_id).first()
    if review is None:
        raise VisitRefused(
            _("%(unit)s is not on the roster of %(quarter)s: points cannot be deducted.")
            % {"unit": visit.organization.name, "quarter": cycle.quarter.label}
        )
    indicators = {each.pk: each for each in Indicator.objects.filter(rubric=review.rubric_id, is_bonus=False)}
    for loss in losses:
        indicator = indicators.get(loss.indicator)
        if indicator is None:
            raise VisitRefused(
                _("An indicator is not in the rubric of %(unit)s.") % {"unit": visit.organization}
            )
        if loss.points == 0 or check_points(loss.points, indicator.full_marks, indicator.step) is not None:
            raise VisitRefused(loss_range_message(indicator))
    return [NewDeduction(review.pk, loss.indicator, loss.points, clean_text(loss.reason)) for loss in losses]


def loss_range_message(indicator: Indicator) -> str:
    """What may be deducted from an indicator, for the user (rule 11)."""
    return _("%(indicator)s: above 0, at most %(full_marks)s, in steps of %(step)s.") % {
        "indicator": indicator.name,
        "full_marks": indicator.full_marks,
        "step": indicator.step,
    }
