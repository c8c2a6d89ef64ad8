"""Take in what phones send: each record once and each photo once, and what comes when no scores are taken.

A phone sends until it is told that it may forget. So whatever is repeated under its key is answered as the
first time, and a record that cannot count now is held for the staff instead of being turned away.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.deeds import for_its
from organizations.models import Organization, User
from organizations.names import clean_text
from reviews.models import Deduction, Indicator, ReviewCycle, Visit, VisitPhoto, VisitState
from reviews.phone_record import PhoneRecord, SentPhoto, read_record
from reviews.photos import NewPhoto, kept_photos
from reviews.recording import EntryClosed, entry_closed_message
from reviews.visiting import (
    Findings,
    NewLoss,
    VisitDetails,
    VisitRefused,
    check_day,
    check_inspectors,
    create_visit,
    keep_findings,
    record_new_visit,
    record_visit,
    require_planned,
)


@transaction.atomic
def receive_record(cycle: ReviewCycle, planned: Visit | None, record: PhoneRecord, *, by: User) -> Visit:
    """Record a visit as a phone wrote it down; under its key it is recorded once.

    planned: the visit it records, None where nobody planned it. While the cycle takes no scores it is held:
    kept whole, counted in nothing. Raises VisitRefused, and then nothing is kept.
    """
    locked = ReviewCycle.objects.select_for_update().get(pk=cycle.pk)
    sent = Visit.objects.with_names().filter(client_uuid=record.key).first()
    if sent is not None:
        if sent.sent_record != record.as_sent():
            message = _("This record came before with other content, which is kept: nothing was changed.")
            raise VisitRefused(message)
        return sent
    if not locked.takes_scores:
        visit = _held(locked, planned, record, by=by)
    elif planned is None:
        visit = record_new_visit(locked, _details(record), findings_of(record), by=by, client_uuid=record.key)
    else:
        visit = record_visit(
            planned,
            findings_of(record),
            visited_on=record.visited_on,
            note=record.note,
            by=by,
            client_uuid=record.key,
        )
    visit.sent_record, visit.noted_at = record.as_sent(), record.noted_at
    visit.save(update_fields=["sent_record", "noted_at"])
    return visit


def receive_photo(visit: Visit, key: uuid.UUID, photo: NewPhoto) -> VisitPhoto:
    """Keep one of the photos that a record named; under its key it is kept once, in any state of the cycle.

    Raises VisitRefused where the record named none of this key, PhotoRefused where it is no photo.
    """
    named = next((each for each in _photos_named(visit) if each.key == key), None)
    if named is None:
        raise VisitRefused(_("The record of this visit names no such photo."))
    if (kept := VisitPhoto.objects.filter(client_uuid=key).first()) is not None:
        return kept
    with kept_photos([photo], visit.cycle.host) as (row,), transaction.atomic():
        ReviewCycle.objects.select_for_update().get(pk=visit.cycle_id)
        if (kept := VisitPhoto.objects.filter(client_uuid=key).first()) is not None:
            return kept
        row.visit, row.client_uuid = visit, key
        row.deduction = _deduction_proved(named, list(visit.deductions.all()))
        row.save()
    return row


@transaction.atomic
def count_held(visit: Visit, *, by: User) -> Visit:
    """Let a held record count, now that its cycle takes scores. by: whoever decided so.

    Raises EntryClosed, or VisitRefused where it was decided already or does not fit the roster or rubric.
    """
    cycle = ReviewCycle.objects.select_for_update().get(pk=visit.cycle_id)
    if not cycle.takes_scores:
        raise EntryClosed(entry_closed_message(cycle))
    visit = _held_still(visit)
    visit.state, visit.decided_by, visit.decided_at = VisitState.DONE, by, timezone.now()
    visit.save(update_fields=["state", "decided_by", "decided_at"])
    keep_findings(cycle, visit, findings_of(read_record(visit.sent_record)), by=visit.recorded_by)
    deductions = list(visit.deductions.all())
    photos = {photo.client_uuid: photo for photo in visit.photos.all()}
    for named in _photos_named(visit):
        if (photo := photos.get(named.key)) is not None:
            photo.deduction = _deduction_proved(named, deductions)
            photo.save(update_fields=["deduction"])
    return visit


@for_its("reason")
@transaction.atomic
def set_aside(visit: Visit, *, reason: str, by: User) -> Visit:
    """Decide that a held record is not to count; it stays readable. Raises VisitRefused."""
    ReviewCycle.objects.select_for_update().get(pk=visit.cycle_id)
    visit = _held_still(visit)
    visit.state, visit.reason = VisitState.CANCELLED, clean_text(reason)[:200]
    if not visit.reason:
        raise VisitRefused(_("Say why the record is set aside."))
    visit.decided_by, visit.decided_at = by, timezone.now()
    visit.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    return visit


def findings_of(record: PhoneRecord) -> Findings:
    """What a record says was found; its photos come apart."""
    return Findings(
        losses=[NewLoss(each.indicator, each.points, each.reason) for each in record.losses],
        highlights=record.highlights,
        problems=record.problems,
    )


@dataclass(frozen=True)
class SentFinding:
    """What a record says was lost on one indicator, by name."""

    indicator: str
    points: str
    reason: str


@dataclass(frozen=True)
class SentFindings:
    """What a record that is not counted says, as a page shows it. problems: category and text each."""

    losses: tuple[SentFinding, ...]
    highlights: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]


def sent_findings(visit: Visit) -> SentFindings | None:
    """What the record that came for a visit says; None where it was written at the desk. One query."""
    if not visit.sent_record:
        return None
    record = read_record(visit.sent_record)
    names = Indicator.objects.in_bulk({loss.indicator for loss in record.losses})
    losses = (
        SentFinding(
            indicator=names[loss.indicator].name if loss.indicator in names else _("no longer known"),
            points=f"{loss.points:f}",
            reason=loss.reason,
        )
        for loss in record.losses
    )
    return SentFindings(tuple(losses), record.highlights, record.problems)


def photos_here(visit: Visit) -> set[uuid.UUID]:
    """The keys of the photos that a phone sent and that have come. Reads the visit's photos."""
    return {photo.client_uuid for photo in visit.photos.all() if photo.client_uuid is not None}


def photos_awaited(visit: Visit) -> int:
    """How many photos the record named that have not come yet. Reads the visit's photos."""
    here = photos_here(visit)
    return sum(each.key not in here for each in _photos_named(visit))


def _held(cycle: ReviewCycle, planned: Visit | None, record: PhoneRecord, *, by: User) -> Visit:
    """The visit with its record beside it, checked as far as it does not depend on the cycle's state."""
    if planned is None:
        visit = create_visit(cycle, _details(record), by=by, client_uuid=record.key)
    else:
        visit = Visit.objects.with_names().get(pk=planned.pk)
        require_planned(visit)
        inspectors = list(visit.inspectors.all())
        check_inspectors(cycle, visit.organization, inspectors, record.visited_on)
        visit.client_uuid, visit.note = record.key, clean_text(record.note)
    visit.visited_on = record.visited_on
    check_day(visit)
    visit.state, visit.recorded_by, visit.recorded_at = VisitState.HELD, by, timezone.now()
    visit.sent_record = record.as_sent()
    visit.save()
    return visit


def _held_still(visit: Visit) -> Visit:
    """The visit as it is under the lock. Raises VisitRefused where somebody decided meanwhile."""
    visit = Visit.objects.select_related("organization", "recorded_by", "decided_by").get(pk=visit.pk)
    if not visit.is_held:
        raise VisitRefused(
            _("%(who)s decided about this record already: nothing was changed.")
            % {"who": visit.decided_by or visit.recorded_by}
        )
    return visit


def _details(record: PhoneRecord) -> VisitDetails:
    """Who went where. Raises VisitRefused where a unit, place or account is gone."""
    keys = {record.organization} | ({record.place} if record.place is not None else set())
    organizations = Organization.objects.in_bulk(keys)
    inspectors = User.objects.in_bulk(set(record.inspectors))
    if len(organizations) < len(keys) or len(inspectors) < len(set(record.inspectors)):
        raise VisitRefused(_("A unit, place or inspector of this record is no longer known here."))
    return VisitDetails(
        organization=organizations[record.organization],
        inspectors=list(inspectors.values()),
        place=organizations[record.place] if record.place is not None else None,
        place_name=record.place_name,
        visited_on=record.visited_on,
        note=record.note,
    )


def _photos_named(visit: Visit) -> Iterable[SentPhoto]:
    return read_record(visit.sent_record).photos if visit.sent_record else ()


def _deduction_proved(named: SentPhoto, deductions: list[Deduction]) -> Deduction | None:
    """The deduction a photo is of; None where it is of the visit as a whole, or of a record not counted."""
    if named.loss is None or named.loss >= len(deductions):
        return None
    return deductions[named.loss]
