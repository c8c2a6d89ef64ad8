"""Raise rectification items: give each its serial number and the first entry of its log (rule 17)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import Organization, User
from organizations.names import clean_text
from organizations.quarter import Quarter
from rectification.evidence import FileToKeep, kept_evidence
from rectification.lifecycle import State, StepKind
from rectification.models import Audience, Evidence, Item, ProblemCategory, Source, Step
from rectification.stepping import StepRefused


@dataclass(frozen=True)
class NewItem:
    """A problem to raise. place, indicator: in words. due_on: also its original date from now on."""

    unit: Organization
    source: Source
    text: str
    found_on: datetime.date
    category: ProblemCategory | None = None
    indicator: str = ""
    place: str = ""
    responsible: str = ""
    measures: str = ""
    due_on: datetime.date | None = None
    audience: Audience = Audience.STAFF
    note: str = ""
    files: Sequence[FileToKeep] = ()
    client_uuid: uuid.UUID | None = None


class _RaisedBefore(Exception):
    """The problem was sent before, under the same key."""

    def __init__(self, item: Item) -> None:
        super().__init__(str(item))
        self.item = item


def raise_once(host: Organization, quarter: Quarter, new: NewItem, *, by: User) -> Item:
    """Raise one item from a form that carries a key: sent again, by a second click, it is raised once.

    Raises as `raise_items` does, and StepRefused where the key came with another problem before.
    """
    try:
        return raise_item(host, quarter, new, by=by)
    except _RaisedBefore as before:
        return before.item


def raise_item(host: Organization, quarter: Quarter, new: NewItem, *, by: User | None) -> Item:
    """Raise one item; see `raise_items`."""
    return raise_items(host, quarter, [new], by=by)[0]


def raise_items(
    host: Organization, quarter: Quarter, new: Sequence[NewItem], *, by: User | None
) -> list[Item]:
    """Raise these problems in this order, all or none; their serial numbers follow on each other.

    quarter: the one they were found in. Raises StepRefused for a problem without words or a date that is
    past, FileRefused or PhotoRefused for a file.
    """
    for each in new:
        _require_sound(each)
    files = [file for each in new for file in each.files]
    with kept_evidence(files) as rows, transaction.atomic():
        Organization.objects.select_for_update().get(pk=host.pk)
        for each in new:
            _require_not_raised(host, each, by)
        last = Item.objects.of_host(host).in_quarter(quarter).aggregate(last=Max("sequence"))["last"] or 0
        now = timezone.now()
        items = [_item(host, quarter, last + place, each, by) for place, each in enumerate(new, 1)]
        Item.objects.bulk_create(items)
        steps = [_raising(item, each, now, by) for item, each in zip(items, new, strict=True)]
        Step.objects.bulk_create(steps)
        owners = [step for step, each in zip(steps, new, strict=True) for _file in each.files]
        for row, step in zip(rows, owners, strict=True):
            row.step = step
        Evidence.objects.bulk_create(rows)
    return items


def _require_not_raised(host: Organization, new: NewItem, by: User | None) -> None:
    """Raise where the key is known, so that the files that came again go. Call under the lock."""
    if new.client_uuid is None:
        return
    item = Item.objects.of_host(host).sent_under(new.client_uuid).first()
    if item is None:
        return
    is_the_same = item.unit_id == new.unit.pk and item.text == clean_text(new.text)
    if is_the_same and item.steps.raised_by(by).exists():
        raise _RaisedBefore(item)
    raise StepRefused(_("This form was sent already; its problem is kept. Send it again to add another."))


def _require_sound(new: NewItem) -> None:
    if not clean_text(new.text):
        raise StepRefused(_("Say what the problem is."))
    if new.due_on is not None and new.due_on < timezone.localdate():
        raise StepRefused(_("%(day)s is past: choose today or later.") % {"day": new.due_on.isoformat()})


def _item(host: Organization, quarter: Quarter, sequence: int, new: NewItem, by: User | None) -> Item:
    return Item(
        host=host,
        unit=new.unit,
        group=new.unit.group,
        year=quarter.year,
        number=quarter.number,
        sequence=sequence,
        source=new.source,
        category=new.category,
        indicator=clean_text(new.indicator),
        place=clean_text(new.place),
        text=clean_text(new.text),
        found_on=new.found_on,
        responsible=clean_text(new.responsible),
        measures=clean_text(new.measures),
        original_due_on=new.due_on,
        due_on=new.due_on,
        audience=new.audience,
        client_uuid=new.client_uuid,
    )


def _raising(item: Item, new: NewItem, at: datetime.datetime, by: User | None) -> Step:
    return Step(
        item=item,
        number=1,
        kind=StepKind.RAISE.value,
        state=State.OPEN.value,
        at=at,
        by=by,
        for_unit=new.source == Source.SELF,
        text=clean_text(new.note),
        responsible=item.responsible,
        measures=item.measures,
        due_on=item.due_on,
        unit=item.unit,
        group=item.group,
        category=item.category,
        audience=item.audience,
    )
