"""Return visits (回访“回头看”): choose an item by hand, record the result, call it off (rules 16 and 17)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.deeds import for_its
from organizations.models import Organization, User
from organizations.names import clean_text
from organizations.quarter import Quarter
from rectification.categories import category_named
from rectification.evidence import NewFile, taken_in
from rectification.lifecycle import State, StepKind
from rectification.models import (
    Audience,
    Item,
    ProblemCategory,
    ReturnVisit,
    ReturnVisitFinding,
    ReturnVisitState,
    Source,
)
from rectification.models.item import LONGEST_TEXT
from rectification.raising import NewItem, raise_items
from rectification.stepping import Given, take_step


class ReturnVisitRefused(Exception):
    """A return visit that cannot be planned, recorded or called off as asked; its text is for the user."""


@dataclass(frozen=True)
class OtherProblem:
    """Another problem met on the visit. category: in the host's words."""

    text: str
    category: str
    place: str = ""


@dataclass(frozen=True)
class Result:
    """What a return visit found. due_on: of a failed one, until when it is to be put right now."""

    is_passed: bool
    visited_on: datetime.date
    words: str = ""
    due_on: datetime.date | None = None
    files: Sequence[NewFile] = field(default=(), repr=False)
    problems: Sequence[OtherProblem] = ()


@transaction.atomic
def plan_by_hand(item: Item, *, by: User) -> ReturnVisit:
    """Plan a return visit to an item that nobody drew; the one that is planned already is returned.

    Raises ReturnVisitRefused.
    """
    Organization.objects.select_for_update().get(pk=item.host_id)  # draws queue there as well
    item = Item.objects.select_for_update(of=("self",)).select_related("unit").get(pk=item.pk)
    planned = ReturnVisit.objects.of_item(item).planned().first()
    if planned is not None:
        return planned
    _refuse_own_unit(item, by)
    if item.state != State.STRUCK_OFF:
        raise ReturnVisitRefused(
            _("%(serial)s is not struck off: there is nothing to look at again.") % {"serial": item.serial}
        )
    return ReturnVisit.objects.create(item=item, planned_by=by)


def record_result(
    visit: ReturnVisit, result: Result, *, by: User, client_uuid: uuid.UUID | None = None
) -> ReturnVisit:
    """Write down what a planned return visit found: all of it or nothing.

    Passed: the item's log says so. Failed: it is open again, which counts as a relapse. Other problems become
    items that all of the host see. Sent again under the same key, it is returned as recorded. Raises
    ReturnVisitRefused, StepRefused, FileRefused or PhotoRefused.
    """
    files = [taken_in(file) for file in result.files]
    with transaction.atomic():
        visit = _locked(visit)
        if client_uuid is not None and visit.client_uuid == client_uuid and visit.is_made:
            return visit
        _require_planned(visit)
        if client_uuid is not None and ReturnVisit.objects.recorded_under(client_uuid).exists():
            raise ReturnVisitRefused(_("This form was sent for another return visit: open the page again."))
        _refuse_own_unit(visit.item, by)
        item = visit.item
        _require_sound(item, result)
        # The problems first: only the step has files, which a refusal after it would leave on the disk; and
        # whoever takes the host's row takes it before an item's.
        found = _raise(visit, result, by)
        kind = StepKind.HOLD_UP if result.is_passed else StepKind.RELAPSE
        given = Given(text=result.words, due_on=result.due_on, files=files)
        visit.step = take_step(item, kind, given, by=by, seen=item.version)
        visit.state = ReturnVisitState.PASSED if result.is_passed else ReturnVisitState.FAILED
        visit.visited_on, visit.words = result.visited_on, visit.step.text
        visit.client_uuid = client_uuid
        _sign(visit, by)
        ReturnVisitFinding.objects.bulk_create(
            ReturnVisitFinding(return_visit=visit, item=item) for item in found
        )
    return visit


@for_its("reason")
@transaction.atomic
def cancel_return_visit(visit: ReturnVisit, reason: str, *, by: User) -> ReturnVisit:
    """Call a planned return visit off. Raises ReturnVisitRefused where it was made or called off already."""
    visit = _locked(visit)
    _require_planned(visit)
    visit.words = clean_text(reason)[:LONGEST_TEXT]
    if not visit.words:
        raise ReturnVisitRefused(_("Say why the return visit is cancelled."))
    visit.state = ReturnVisitState.CANCELLED
    _sign(visit, by)
    return visit


def _locked(visit: ReturnVisit) -> ReturnVisit:
    return ReturnVisit.objects.select_for_update(of=("self",)).with_names().get(pk=visit.pk)


def _sign(visit: ReturnVisit, by: User) -> None:
    visit.recorded_by, visit.recorded_at = by, timezone.now()
    visit.save()


def _require_planned(visit: ReturnVisit) -> None:
    if visit.is_planned:
        return
    if visit.is_made:
        message = _("%(who)s recorded this return visit at %(when)s already: nothing was changed.")
    else:
        message = _("%(who)s cancelled this return visit at %(when)s: nothing was changed.")
    when = f"{timezone.localtime(visit.recorded_at):%Y-%m-%d %H:%M}"
    raise ReturnVisitRefused(message % {"who": visit.recorded_by, "when": when})


def _refuse_own_unit(item: Item, by: User) -> None:
    if item.unit_id in by.access.own_organization_ids:
        raise ReturnVisitRefused(
            _("%(inspector)s belongs to %(unit)s: nobody inspects the own unit.")
            % {"inspector": by, "unit": item.unit.name}
        )


def _require_sound(item: Item, result: Result) -> None:
    if result.visited_on > timezone.localdate():
        raise ReturnVisitRefused(_("A return visit cannot be recorded before its day."))
    if item.struck_off_on is not None and result.visited_on < item.struck_off_on:
        raise ReturnVisitRefused(
            _("%(serial)s was struck off on %(day)s: a return visit comes after it.")
            % {"serial": item.serial, "day": item.struck_off_on.isoformat()}
        )
    if not result.is_passed and not clean_text(result.words):
        raise ReturnVisitRefused(_("Say what was not put right."))
    if result.is_passed and result.due_on is not None:
        raise ReturnVisitRefused(_("A due date is given only where the return visit failed."))


def _raise(visit: ReturnVisit, result: Result, by: User) -> list[Item]:
    if not result.problems:
        return []
    new = [
        NewItem(
            unit=visit.item.unit,
            source=Source.RETURN_VISIT,
            text=problem.text,
            found_on=result.visited_on,
            category=_category(visit, problem.category),
            place=problem.place,
            audience=Audience.HOST,
        )
        for problem in result.problems
    ]
    return raise_items(visit.item.host, Quarter.of(result.visited_on), new, by=by)


def _category(visit: ReturnVisit, name: str) -> ProblemCategory:
    try:
        return category_named(visit.item.host, name)
    except ProblemCategory.DoesNotExist:
        message = _("“%(name)s” is no category of problems here: choose another.")
        raise ReturnVisitRefused(message % {"name": name}) from None
