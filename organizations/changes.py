"""Deeds on one unit: found, change, close and reopen it (rule 24). Each is done whole or not at all."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from organizations.models import FormerName, Group, Kind, Organization
from organizations.names import clean_text, normalize_name

# What the apps above do when a roster has changed: each is called with the superior whose units changed, at
# the end of the deed and inside its transaction, so that the change and what follows from it happen together
# or not at all. An app adds its own in `AppConfig.ready`; what it adds may be called again and again.
after_change: list[Callable[[Organization], object]] = []


def roster_changed(superior: Organization | None) -> None:
    """Let the apps above follow a change among the units of this superior. Call inside the transaction."""
    if superior is not None:
        for follow in after_change:
            follow(superior)


class ChangeRefused(Exception):
    """The unit cannot be changed so. Its text is one clear, translated line for the user."""


@dataclass(frozen=True)
class UnitDetails:
    """What is said of a unit. position: in the host's own order; None puts it at its group's end."""

    name: str
    short_name: str = ""
    kind: str = Kind.COMMITTEE
    group: Group | None = None
    position: int | None = None
    active_from: datetime.date | None = None


@transaction.atomic
def found_unit(
    superior: Organization,
    details: UnitDetails,
    *,
    predecessors: Sequence[Organization] = (),
    ending: datetime.date | None = None,
) -> Organization:
    """Add a unit under a superior; a merged or split one names the units it came from.

    ending: the first day on which the predecessors no longer act; None leaves them acting.
    Raises ChangeRefused.
    """
    superior = _locked(superior)
    if ending is not None:
        # First, for the new unit may well carry the name of one of them.
        for predecessor in predecessors:
            if predecessor.active_to is None:
                _end(_locked(predecessor), ending)
    unit = Organization(parent=superior)
    _describe(unit, details)
    unit.save()
    unit.predecessors.set(predecessors)
    roster_changed(superior)
    return unit


@transaction.atomic
def change_unit(unit: Organization, details: UnitDetails, *, on: datetime.date) -> Organization:
    """Describe a unit anew; where its name changes, the old one is kept as used until this day.

    Published standings keep the name they were published with (rule 14). Raises ChangeRefused.
    """
    unit = _locked(unit)
    if details.active_from and unit.active_to and unit.active_to < details.active_from:
        raise ChangeRefused(_("A unit cannot begin to act after the day it was closed."))
    old_name = unit.name
    _describe(unit, details)
    unit.save()
    if unit.name != old_name:
        _keep_former_name(unit, old_name, on)
    roster_changed(unit.parent)
    return unit


@transaction.atomic
def close_unit(unit: Organization, on: datetime.date) -> Organization:
    """End a unit: this is the first day on which it no longer acts; its history stays. Or ChangeRefused."""
    unit = _locked(unit)
    _end(unit, on)
    roster_changed(unit.parent)
    return unit


@transaction.atomic
def reopen_unit(unit: Organization) -> Organization:
    """Let a unit that was closed by mistake act again. Raises ChangeRefused."""
    unit = _locked(unit)
    _refuse_taken_name(unit)
    unit.active_to = None
    unit.save(update_fields=["active_to"])
    roster_changed(unit.parent)
    return unit


def _locked(unit: Organization) -> Organization:
    """The unit as it is now. Changes under one superior queue behind the superior's row."""
    if unit.parent_id is not None:
        Organization.objects.select_for_update().get(pk=unit.parent_id)
    return Organization.objects.select_for_update().get(pk=unit.pk)


def _end(unit: Organization, on: datetime.date) -> None:
    if unit.active_from is not None and on < unit.active_from:
        raise ChangeRefused(
            _("“%(unit)s” began to act on %(day)s; it cannot end before that.")
            % {"unit": unit.name, "day": unit.active_from.isoformat()}
        )
    unit.active_to = on
    unit.save(update_fields=["active_to"])


def _describe(unit: Organization, details: UnitDetails) -> None:
    unit.name = clean_text(details.name)
    unit.short_name = clean_text(details.short_name)
    unit.kind = details.kind
    unit.group = details.group
    unit.active_from = details.active_from
    unit.position = _last_position(unit) if details.position is None else details.position
    _refuse_taken_name(unit)


def _last_position(unit: Organization) -> int:
    beside = Organization.objects.filter(parent=unit.parent, group=unit.group).exclude(pk=unit.pk)
    return (beside.aggregate(last=Max("position"))["last"] or 0) + 1


def _refuse_taken_name(unit: Organization) -> None:
    """Two acting units that a workbook could not tell apart would both be lost to an import."""
    beside = Organization.objects.filter(parent=unit.parent, active_to__isnull=True).exclude(pk=unit.pk)
    key = normalize_name(unit.name)
    if any(normalize_name(name) == key for name in beside.values_list("name", flat=True)):
        raise ChangeRefused(_("Another unit is already called “%(name)s”.") % {"name": unit.name})


def _keep_former_name(unit: Organization, name: str, on: datetime.date) -> None:
    # Whoever takes an old name back no longer has it as a former one.
    FormerName.objects.filter(organization=unit, name=unit.name).delete()
    FormerName.objects.update_or_create(organization=unit, name=name, defaults={"used_until": on})
