"""What a unit that no longer acts leaves unsettled passes to its successor, with its whole log (rule 24).

It happens by itself where there is exactly one successor; of several, or of none, the staff choose.
`organizations.changes.after_change` calls it whenever a roster changes, the daily command for a unit whose
last day has come.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from organizations.models import Organization, User
from rectification.lifecycle import StepKind
from rectification.models import Item, Step
from rectification.models.item import ItemQuerySet
from rectification.stepping import StepRefused, apply_step


@dataclass(frozen=True)
class Estate:
    """What one unit left: its items, and the units it became that act now or will, in the host's order.

    is_passed_on: the items went to the first successor before there were others; the staff may choose anew.
    """

    unit: Organization
    items: Sequence[Item]
    heirs: Sequence[Organization]
    is_passed_on: bool = False


@transaction.atomic
def pass_on_to_successors(host: Organization, *, by: User | None = None) -> int:
    """Pass on what waits with units that have exactly one successor, which acts today; how many items.

    May be called again and again. Call it with the host's row locked, or let it take it.
    """
    today = timezone.localdate()
    if not Item.objects.of_host(host).with_units_that_ended(today).exists():
        return 0
    Organization.objects.select_for_update().get(pk=host.pk)
    waiting = _of_ended_units(host, today)
    heirs = Heirs(host, today)
    moves = []
    for item in waiting.select_for_update(of=("self",)).select_related("unit").order_by("pk"):
        successor = heirs.answering_for(item.unit_id)
        if successor is not None:
            moves.append((item, successor))
    return _pass_on(moves, by=by)


@transaction.atomic
def hand_over(unit: Organization, items: Collection[int], successor: Organization, *, by: User) -> int:
    """Pass these items of a unit on to the unit that the staff chose. Raises StepRefused, then all stay.

    items: their keys. The successor may be the unit that has them, where a machine chose it before.
    """
    assert unit.parent is not None, "the host itself has no successor"
    host = Organization.objects.select_for_update().get(pk=unit.parent.pk)
    today = timezone.localdate()
    unit = Organization.objects.get(pk=unit.pk)
    if unit.active_to is None or unit.active_to > today:
        raise StepRefused(_("%(unit)s acts again and keeps its items.") % {"unit": unit})
    successor = Organization.objects.select_related("group").get(pk=successor.pk)
    if successor.parent_id != host.pk or not successor.is_active(today):
        raise StepRefused(_("%(unit)s does not act today: choose another unit.") % {"unit": successor})
    chosen = Item.objects.of_host(host).unsettled().filter(pk__in=items)
    chosen = chosen.filter(Q(unit=unit) | Q(pk__in=_passed_on_by_machine(host, [unit.pk]).values("pk")))
    found = list(chosen.select_for_update(of=("self",)).select_related("unit").order_by("pk"))
    if not items:
        raise StepRefused(_("Choose the items to pass on."))
    if len(found) < len(set(items)):
        raise StepRefused(_("Somebody else has passed on or closed some of these: look once more."))
    return _pass_on([(item, successor) for item in found], by=by)


def waiting_items(host: Organization | None, on: datetime.date) -> ItemQuerySet:
    """Unsettled items whose unit no longer acts on this day: they wait for a successor."""
    return Item.objects.of_host(host).with_units_that_ended(on)


def acting_units(host: Organization, on: datetime.date) -> list[Organization]:
    """Whom items can be passed on to, in the host's order. One query."""
    return list(Organization.objects.under(host).active(on).select_related("group").in_own_order())


def estates(host: Organization, on: datetime.date) -> list[Estate]:
    """What the staff are to decide, unit by unit in the host's order. Four queries, whatever there is."""
    heirs = Heirs(host, on)
    waiting = _by_unit(_of_ended_units(host, on).with_names(), lambda item: item.unit_id)
    split = [pk for pk in heirs.ended if len(heirs.of(pk)) > 1]
    passed_on = _by_unit(_passed_on_by_machine(host, split).with_names(), lambda item: item.origin_unit_id)
    return [
        Estate(heirs.units[pk], items, heirs.of(pk), is_passed_on)
        for found, is_passed_on in ((waiting, False), (passed_on, True))
        for pk, items in sorted(found.items(), key=lambda pair: heirs.place(pair[0]))
    ]


class Heirs:
    """Who came of whom among a host's units. Two queries."""

    def __init__(self, host: Organization, on: datetime.date) -> None:
        self.on = on
        units = Organization.objects.under(host).select_related("group").in_own_order()
        self.units = {unit.pk: unit for unit in units}
        self._places = {pk: place for place, pk in enumerate(self.units)}
        self._successors: dict[int, list[int]] = defaultdict(list)
        pairs = Organization.predecessors.through.objects.filter(from_organization__parent=host)
        for successor, predecessor in pairs.values_list("from_organization", "to_organization"):
            self._successors[predecessor].append(successor)

    @property
    def ended(self) -> list[int]:
        return [pk for pk, unit in self.units.items() if self._has_ended(unit)]

    def place(self, unit: int) -> int:
        return self._places[unit]

    def of(self, unit: int) -> list[Organization]:
        """The units it became, through those that ended as well; they act, or will from a later day."""
        found: set[int] = set()
        seen, ahead = {unit}, list(self._successors[unit])
        while ahead:
            successor = ahead.pop()
            if successor in seen:
                continue
            seen.add(successor)
            if self._has_ended(self.units[successor]):
                ahead += self._successors[successor]
            else:
                found.add(successor)
        return [self.units[pk] for pk in sorted(found, key=self.place)]

    def answering_for(self, unit: int) -> Organization | None:
        """The unit itself as long as it has not ended, then its successor where there is one that acts today;
        None where somebody has to choose.
        """
        if unit not in self.units:
            return None
        if not self._has_ended(self.units[unit]):
            return self.units[unit]
        successors = self.of(unit)
        return successors[0] if len(successors) == 1 and successors[0].is_active(self.on) else None

    def _has_ended(self, unit: Organization) -> bool:
        return unit.active_to is not None and unit.active_to <= self.on


def _of_ended_units(host: Organization, on: datetime.date) -> ItemQuerySet:
    return waiting_items(host, on).filter(unit__parent=host)


def _passed_on_by_machine(host: Organization, units: Sequence[int]) -> ItemQuerySet:
    """Items of these units that nobody but the product has passed on."""
    newest = Step.objects.filter(item=OuterRef("pk"), kind=StepKind.PASS_ON.value).order_by("-number")
    items = Item.objects.of_host(host).unsettled().filter(origin_unit__in=units)
    return items.annotate(chosen_by=Subquery(newest.values("by")[:1])).filter(chosen_by__isnull=True)


def _by_unit(items: ItemQuerySet, unit_of: Callable[[Item], int | None]) -> Mapping[int, list[Item]]:
    found: dict[int, list[Item]] = defaultdict(list)
    for item in items.most_pressing_first():
        unit = unit_of(item)
        if unit is not None:
            found[unit].append(item)
    return found


def _pass_on(moves: Iterable[tuple[Item, Organization]], *, by: User | None) -> int:
    """Write the step of every item, and the item after it. Call with the items' rows locked."""
    moves = list(moves)
    now = timezone.now()
    steps = [
        Step(
            item=item,
            number=item.version + 1,
            kind=StepKind.PASS_ON.value,
            state=item.state,
            at=now,
            by=by,
            text=reason_to_pass_on(item.unit, successor),
            unit=successor,
            group=successor.group,
        )
        for item, successor in moves
    ]
    Step.objects.bulk_create(steps, batch_size=500)
    for (item, _successor), step in zip(moves, steps, strict=True):
        apply_step(item, step)
    changed = ["unit", "group", "origin_unit", "version"]
    Item.objects.bulk_update([item for item, _successor in moves], changed, batch_size=500)
    return len(moves)


def reason_to_pass_on(unit: Organization, successor: Organization) -> str:
    """For the log, which reads the same to all. unit: the one that answered before."""
    words = {"unit": unit.name, "day": unit.active_to, "successor": successor.name}
    with translation.override(settings.LANGUAGE_CODE):
        if unit.pk == successor.pk:
            text = _("Stays with “%(successor)s”")
        elif unit.active_to is None:
            text = _("From “%(unit)s” to “%(successor)s”")
        else:
            text = _("“%(unit)s” no longer acts as of %(day)s; “%(successor)s” takes it over")
        return text % words
