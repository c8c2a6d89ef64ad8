"""Choosing a programme's targets in bulk: groups, units, all branches of them, or one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import Organization


@dataclass(frozen=True)
class Box:
    """One box to tick. value: what is sent. organizations: what it stands for."""

    value: str
    label: str
    organizations: tuple[Organization, ...]
    is_ticked: bool = False

    @property
    def number(self) -> int:
        return len(self.organizations)


@dataclass(frozen=True)
class UnitBoxes:
    """A unit, all its branches, and each of them."""

    unit: Box
    all_branches: Box | None
    branches: tuple[Box, ...]

    @property
    def has_ticked_branches(self) -> bool:
        return any(box.is_ticked for box in (self.all_branches, *self.branches) if box)

    def boxes(self) -> Iterator[Box]:
        yield self.unit
        if self.all_branches:
            yield self.all_branches
        yield from self.branches


@dataclass(frozen=True)
class GroupBoxes:
    """A group's units together, all their branches together, and each unit."""

    name: str
    whole: tuple[Box, ...]
    units: tuple[UnitBoxes, ...]

    @property
    def has_ticked_units(self) -> bool:
        return any(box.is_ticked for unit in self.units for box in unit.boxes())

    def boxes(self) -> Iterator[Box]:
        yield from self.whole
        for unit in self.units:
            yield from unit.boxes()


@dataclass(frozen=True)
class Choice:
    """All that can be chosen, in the host's own order."""

    host: Box | None
    groups: tuple[GroupBoxes, ...]

    def boxes(self) -> Iterator[Box]:
        if self.host:
            yield self.host
        for group in self.groups:
            yield from group.boxes()

    def chosen(self, values: Iterable[str]) -> list[Organization]:
        """What these values stand for, each once, in the host's own order."""
        wanted = set(values)
        organizations = [each for box in self.boxes() if box.value in wanted for each in box.organizations]
        return list(dict.fromkeys(organizations))


@dataclass
class _Group:
    name: str
    units: list[Organization] = field(default_factory=list)


def choice_of(host: Organization, taken: Collection[int] = (), ticked: Collection[str] = ()) -> Choice:
    """What of the host's active units and branches can be chosen today. One query.

    taken: keys of those that are targets already, which are left out. ticked: values that were sent.
    """
    active = Organization.objects.within(host).active(timezone.localdate()).in_own_order()
    rows = list(active.select_related("group", "parent"))
    units = [each for each in rows if each.parent_id == host.pk]
    below: dict[int, list[Organization]] = {}
    for each in rows:
        if each.parent_id != host.pk and each.parent_id is not None:
            below.setdefault(each.parent_id, []).append(each)
    groups: dict[int | None, _Group] = {}
    for unit in units:
        name = unit.group.name if unit.group else _("In no group")
        groups.setdefault(unit.group_id, _Group(name)).units.append(unit)

    def box(value: str, label: str, organizations: Iterable[Organization]) -> Box | None:
        free = tuple(each for each in organizations if each.pk not in taken)
        return Box(value, label, free, value in ticked) if free else None

    def of_unit(unit: Organization) -> UnitBoxes | None:
        own = box(f"unit-{unit.pk}", unit.name, [unit])
        branches = below.get(unit.pk, [])
        single = (box(f"unit-{each.pk}", each.name, [each]) for each in branches)
        every = box(f"branches-{unit.pk}", _("All branches"), branches)
        if own is None and every is None:
            return None
        shown = own or Box("", unit.name, ())
        return UnitBoxes(shown, every, tuple(filter(None, single)))

    def of_group(key: int | None, group: _Group) -> GroupBoxes:
        branches = [each for unit in group.units for each in below.get(unit.pk, [])]
        whole = (
            box(f"group-{key or 0}", _("All units"), group.units),
            box(f"group-branches-{key or 0}", _("All branches"), branches),
        )
        return GroupBoxes(
            group.name, tuple(filter(None, whole)), tuple(filter(None, map(of_unit, group.units)))
        )

    return Choice(
        box("host", host.name, [host]), tuple(of_group(key, group) for key, group in groups.items())
    )
