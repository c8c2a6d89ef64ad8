"""From what a review found to rectification items (rules 17 and 20), and who may see them when (rule 15).

Rectification knows nothing of scores: deductions and problems point at their items, never the other way.
All of it queues behind the cycle's row, so that two people who raise at once raise each thing once.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import User
from rectification.confirming import confirm_found_again
from rectification.evidence import CarriedFile
from rectification.lifecycle import StepKind
from rectification.locking import lock_ledger
from rectification.models import Audience, Item, Source
from rectification.raising import NewItem, raise_items
from rectification.sending import send_quarter
from rectification.stepping import Given, take_step
from reviews.findings_to_raise import (
    Finding,
    FindingKey,
    deductions_to_raise,
    findings_among,
    problems_to_raise,
)
from reviews.models import CycleState, Deduction, Problem, ReviewCycle
from reviews.models.review import DeductionQuerySet
from reviews.photos import path_of

UNDONE = "所依据的导入已整体撤销"  # logs are the office's own record: always Chinese


class RaisingRefused(Exception):
    """A finding cannot be raised or linked; nothing was changed. Its text is for the user."""


@dataclass(frozen=True)
class Raised:
    """What came of raising. findings, items: in the same order. linked: to what units had reported."""

    findings: tuple[Finding, ...]
    items: tuple[Item, ...]
    linked: tuple[Item, ...] = ()


@transaction.atomic
def raise_findings(
    cycle: ReviewCycle,
    chosen: Mapping[FindingKey, int | None] | None,
    *,
    due_on: datetime.date | None,
    by: User,
) -> Raised:
    """Raise these findings as items, in the units' own order; what has its item already is left alone.

    chosen: each with the key of the self-found item that it is linked to instead, or None; without any, all
    findings of the cycle that say something. Raises RaisingRefused, or StepRefused for a date that is past.
    """
    cycle = ReviewCycle.objects.select_for_update().get(pk=cycle.pk)
    found = _waiting(cycle, chosen, by)
    links = {key: item for key, item in (chosen or {}).items() if item is not None}
    for finding in found:
        if not finding.is_raisable:
            raise RaisingRefused(
                _("%(unit)s, %(indicator)s: the deduction has no reason yet. Give it one first.")
                % {"unit": finding.unit.name, "indicator": finding.indicator}
            )
    audience = audience_of(cycle)
    anew = [finding for finding in found if finding.key not in links]
    items = raise_items(
        cycle.host, cycle.quarter, [_new_item(finding, audience, due_on) for finding in anew], by=by
    )
    linked = [(finding, _reported(finding, links[finding.key])) for finding in found if finding.key in links]
    _point([*zip(anew, items, strict=True), *linked])
    if audience != Audience.STAFF:
        for finding, item in linked:
            confirm_found_again(item, _words_of_finding(cycle, finding), audience, by=by)
    return Raised(tuple(anew), tuple(items), tuple(item for _finding, item in linked))


def audience_of(cycle: ReviewCycle) -> Audience:
    """Who sees the cycle's items as it stands: what a unit may read of its review, it may read there."""
    if cycle.state == CycleState.PUBLISHED:
        return Audience.HOST
    return Audience.UNIT if cycle.state == CycleState.REPLY else Audience.STAFF


def usual_due_date(cycle: ReviewCycle) -> datetime.date | None:
    """The day by which the cycle asks for everything to be put right, while that still lies ahead."""
    by_when = cycle.rectify_by
    return by_when if by_when is not None and by_when >= timezone.localdate() else None


def show_items(cycle: ReviewCycle, *, by: User | None) -> None:
    """Show the cycle's items to those who may now see what it found, and credit what units had reported.

    Call with the step of the cycle, in its transaction and under its lock.
    """
    audience = audience_of(cycle)
    if audience == Audience.STAFF:
        return
    send_quarter(cycle.host, cycle.quarter, audience, by=by)
    deductions = Deduction.objects.in_cycle(cycle).in_force().filter(item__source=Source.SELF)
    problems = Problem.objects.in_cycle(cycle).filter(item__source=Source.SELF)
    for finding in findings_among(cycle, deductions, problems):
        assert finding.source.item is not None
        confirm_found_again(finding.source.item, _words_of_finding(cycle, finding), audience, by=None)


def withdraw_items_of(
    cycle: ReviewCycle, deductions: DeductionQuerySet, *, reason: str, by: User | None
) -> None:
    """Withdraw what was raised from deductions that count no more, with the same reason.

    An item stays where it is struck off, where the unit had reported it itself, and where something else that
    was found still points at it. Call with the deed that withdraws or removes the deductions, before it does,
    under the cycle's lock.
    """
    lock_ledger(cycle.host_id)
    gone = deductions.filter(item__isnull=False)
    points_here = Q(item=OuterRef("pk")) | Q(item__merged_into=OuterRef("pk"))
    others = Deduction.objects.in_force().exclude(pk__in=gone.values("pk")).filter(points_here)
    raised = Q(pk__in=gone.values("item")) | Q(pk__in=gone.values("item__merged_into"))
    items = (
        Item.objects.unsettled()
        .filter(raised, Exists(Deduction.objects.filter(item=OuterRef("pk"))), source=Source.VISIT)
        .exclude(Exists(others))
        .exclude(Exists(Problem.objects.filter(points_here)))
    )
    for item in items.select_for_update().order_by("pk"):
        take_step(item, StepKind.WITHDRAW, Given(text=reason), by=by, seen=item.version)


def _waiting(
    cycle: ReviewCycle, chosen: Mapping[FindingKey, int | None] | None, by: User
) -> Sequence[Finding]:
    """Those of the chosen findings that still have no item. Call under the cycle's lock."""
    deductions, problems = deductions_to_raise(cycle, by), problems_to_raise(cycle, by)
    if chosen is None:
        deductions = deductions.with_a_reason()
    else:
        deductions = deductions.filter(pk__in=[key.pk for key in chosen if key.letter == "d"])
        problems = problems.filter(pk__in=[key.pk for key in chosen if key.letter == "p"])
    return findings_among(cycle, deductions, problems)


def _new_item(finding: Finding, audience: Audience, due_on: datetime.date | None) -> NewItem:
    kept = [(photo, path_of(photo)) for photo in finding.photos]
    return NewItem(
        unit=finding.unit,
        source=Source.VISIT,
        text=finding.text,
        found_on=finding.found_on,
        category=finding.category,
        indicator=finding.indicator,
        place=finding.place,
        due_on=due_on,
        audience=audience,
        # A photo that is gone from the disk keeps no problem from being put right.
        files=[
            CarriedFile(
                photo.original_name,
                path,
                photo.content_type,
                row=photo,
                original=photo.SHELF.original(photo.stored_name),
                preview=photo.SHELF.preview(photo.stored_name),
            )
            for photo, path in kept
            if path.is_file()
        ],
    )


def _reported(finding: Finding, key: int) -> Item:
    """The self-found item that a finding is linked to. Raises RaisingRefused."""
    for item in finding.reported:
        if item.pk == key:
            return item
    raise RaisingRefused(
        _("%(unit)s: choose an item that the unit reported itself, of the same category or indicator.")
        % {"unit": finding.unit.name}
    )


def _point(pairs: Sequence[tuple[Finding, Item]]) -> None:
    """Let each finding's row say what it was raised as."""
    for finding, item in pairs:
        finding.source.item = item
    sources = [finding.source for finding, _item in pairs]
    deductions = [row for row in sources if isinstance(row, Deduction)]
    problems = [row for row in sources if isinstance(row, Problem)]
    Deduction.objects.bulk_update(deductions, ["item"], batch_size=500)
    Problem.objects.bulk_update(problems, ["item"], batch_size=500)


def _words_of_finding(cycle: ReviewCycle, finding: Finding) -> str:
    """What found a self-found item again, for its log. Logs are the office's own record: always Chinese."""
    what = "，".join(filter(None, (finding.indicator, finding.text)))
    return f"{cycle.quarter.label}督查再次发现：{what}"
