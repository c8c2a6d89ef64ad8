"""Import a host's roster: plan what a workbook would change, then change all of it or nothing (rule 24)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Field
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.changes import roster_changed
from organizations.models import FormerName, Group, Kind, Organization
from organizations.names import normalize_name
from organizations.roster_matching import Entry, KnownUnits, Matching
from organizations.roster_rows import guessed_kind, read_roster
from workbooks.cells import Problem
from workbooks.sheets import Workbook

BATCH_SIZE = 500

_FIELDS = ("name", "short_name", "kind", "group", "position", "active_from", "active_to")


class RosterRefused(Exception):
    """The workbook cannot be imported; `problems` says all that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class UnitCreate:
    """A unit the import would add. kind: its label. group: empty for a sub-unit."""

    name: str
    group: str
    kind: str
    superior: str = ""


@dataclass(frozen=True)
class UnitChange:
    """One field of a known unit that would change, as the screen shows it."""

    unit: str
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class RosterPlan:
    """What importing would do, or did.

    closes: acting direct subordinates that the file does not list; they end only when asked for.
    unchanged: units listed that stay as they are. Nothing is imported while there are problems.
    """

    creates: tuple[UnitCreate, ...] = ()
    changes: tuple[UnitChange, ...] = ()
    closes: tuple[str, ...] = ()
    unchanged: int = 0
    new_groups: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()

    @property
    def can_apply(self) -> bool:
        return not self.problems

    @property
    def changes_nothing(self) -> bool:
        """Whether the roster already says what the file says, units to close aside."""
        return not (self.creates or self.changes or self.new_groups)


def plan_roster(workbook: Workbook, host: Organization | None) -> RosterPlan:
    """Work out what importing the roster would change. Writes nothing.

    host: None where it is not there yet. A unit is found by any of its names; the column 曾用名 renames it.
    """
    return _Roster(workbook, host).plan()


@transaction.atomic
def apply_roster(workbook: Workbook, host: Organization, *, close_missing: bool = False) -> RosterPlan:
    """Import the roster, all of it or nothing. Raises RosterRefused.

    close_missing: end, as of today, every acting direct subordinate that the file does not list.
    """
    # Two imports at once queue behind the host's row, and the second plans against what the first wrote.
    host = Organization.objects.select_for_update().get(pk=host.pk)
    roster = _Roster(workbook, host)
    plan = roster.plan()
    if plan.problems:
        raise RosterRefused(plan.problems)
    roster.write(host)
    if close_missing:
        ending = [unit.pk for unit in roster.missing]
        Organization.objects.filter(pk__in=ending).update(active_to=roster.today)
    roster_changed(host)
    return plan


class _Roster:
    """The workbook laid beside the roster: what each listed unit is to become."""

    def __init__(self, workbook: Workbook, host: Organization | None) -> None:
        self.today = timezone.localdate()
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self.known = KnownUnits(host, self.today)
        self.groups = {normalize_name(group.name): group for group in host.groups.all()} if host else {}
        self.new_groups: list[Group] = []
        rows = read_roster(workbook, self.problems, self.notes)
        self.sheets = [sheet.name for sheet in workbook.sheets]
        self.entries = Matching(self.known, self.problems, self.notes).entries(rows)
        groups = [self._group(entry) for entry in self.entries]
        positions = _positions(self.entries, groups)
        self.targets = [
            _target(entry, group, position, self.today)
            for entry, group, position in zip(self.entries, groups, positions, strict=True)
        ]
        self._refuse_backward_lives()

    def plan(self) -> RosterPlan:
        known = [target for target in self.targets if not target.entry.is_new]
        changes = {target.entry.unit.pk: tuple(target.changes()) for target in known}
        return RosterPlan(
            creates=tuple(_create(target) for target in self.targets if target.entry.is_new),
            changes=tuple(change for of_unit in changes.values() for change in of_unit),
            closes=tuple(unit.name for unit in self.missing),
            unchanged=sum(not of_unit for of_unit in changes.values()),
            new_groups=tuple(group.name for group in self.new_groups),
            problems=tuple(sorted(self.problems, key=self._reading_order)),
            notes=tuple(self.notes),
        )

    def _reading_order(self, problem: Problem) -> tuple[int, int, int]:
        """By sheet, row and column; what concerns the whole file comes first."""
        where = problem.where
        return (self.sheets.index(where.sheet), where.row or 0, where.column or 0) if where else (-1, 0, 0)

    @property
    def missing(self) -> list[Organization]:
        """Acting direct subordinates that no row means."""
        listed = {entry.unit.pk for entry in self.entries}
        return [
            unit
            for unit in self.known.units
            if unit.parent_id == self.known.host_id and unit.pk not in listed and unit.is_active(self.today)
        ]

    def write(self, host: Organization) -> None:
        """Write groups, units, names and predecessors. Call inside a transaction, without problems."""
        for group in self.new_groups:
            group.host = host
            group.save()
        fresh = [target for target in self.targets if target.entry.is_new]
        known = [target for target in self.targets if not target.entry.is_new and target.differs]
        for target in (*fresh, *known):
            for name, value in target.values.items():
                setattr(target.entry.unit, name, value)
        # A sub-unit needs the key of its superior, which may be new itself.
        for is_direct in (True, False):
            units = []
            for entry in (target.entry for target in fresh):
                if (entry.superior is None) is is_direct:
                    entry.unit.parent = entry.superior or host
                    units.append(entry.unit)
            Organization.objects.bulk_create(units, batch_size=BATCH_SIZE)
        units = [target.entry.unit for target in known]
        Organization.objects.bulk_update(units, _FIELDS, batch_size=BATCH_SIZE)
        self._write_names()
        for target in self.targets:
            if target.new_predecessors:
                target.entry.unit.predecessors.add(*target.new_predecessors)

    def _write_names(self) -> None:
        names = [
            FormerName(
                organization=target.entry.unit,
                name=name,
                used_until=self.today if name == target.old_name else None,
            )
            for target in self.targets
            for name in target.new_former_names
        ]
        FormerName.objects.bulk_create(names, batch_size=BATCH_SIZE)

    def _refuse_backward_lives(self) -> None:
        """A date in the file may stand on the wrong side of the one already known."""
        for target in self.targets:
            begins, ends = target.values["active_from"], target.values["active_to"]
            if begins is not None and ends is not None and ends < begins:
                message = _("The unit would end on %(end)s, before it begins on %(begin)s.")
                where = target.entry.row.where
                self.problems.append(Problem(where, message % {"end": ends, "begin": begins}))

    def _group(self, entry: Entry) -> Group | None:
        """The group a direct subordinate is ranked in; a new one where the host has none of the name."""
        if entry.superior is not None:
            return entry.unit.group
        name = entry.row.group
        if not name:
            # A sheet for each group often has no column for it: its name then says the group.
            group = entry.unit.group or self.groups.get(normalize_name(entry.row.where.sheet))
            if group is None:
                message = _("“%(unit)s” has no group: fill in the column 类别.") % {"unit": entry.row.name}
                self.problems.append(Problem(entry.row.where, message))
            return group
        key = normalize_name(name)
        if key not in self.groups:
            position = max((group.position for group in self.groups.values()), default=0) + 1
            self.groups[key] = Group(name=name, position=position)
            self.new_groups.append(self.groups[key])
        return self.groups[key]


@dataclass(frozen=True)
class _Target:
    """What one listed unit is to become. values: of every field in _FIELDS."""

    entry: Entry
    values: dict[str, Any]
    old_name: str
    new_former_names: tuple[str, ...]
    new_predecessors: tuple[Organization, ...]

    @property
    def differs(self) -> list[str]:
        """The fields whose value would change."""
        return [name for name in _FIELDS if getattr(self.entry.unit, name) != self.values[name]]

    def changes(self) -> Iterator[UnitChange]:
        unit = self.entry.unit
        for name in self.differs:
            old, new = _shown(name, getattr(unit, name)), _shown(name, self.values[name])
            yield UnitChange(unit.name, _label(name), old, new)
        for former in self.new_former_names:
            yield UnitChange(unit.name, _("former name"), "", former)
        for predecessor in self.new_predecessors:
            yield UnitChange(unit.name, _("predecessors"), "", predecessor.name)


def _target(entry: Entry, group: Group | None, position: int, today: datetime.date) -> _Target:
    """A listed unit acts unless the file gives it an end: one that had ended begins again."""
    unit, row = entry.unit, entry.row
    name = row.name if entry.is_new or entry.renames else unit.name
    kind = row.kind or (guessed_kind(row.name) if entry.is_new else Kind(unit.kind))
    former = list(row.former_names)
    if entry.renames:
        former.insert(0, unit.name)
    # A name the unit still bears is no former one; one it is known by already is kept once.
    taken = {normalize_name(name)}
    if not entry.is_new:
        taken |= {normalize_name(known.name) for known in unit.former_names.all()}
    new_former = []
    for old in former:
        if normalize_name(old) not in taken:
            taken.add(normalize_name(old))
            new_former.append(old)
    before = set() if entry.is_new else {known.pk for known in unit.predecessors.all()}
    return _Target(
        entry=entry,
        values={
            "name": name,
            "short_name": row.short_name or unit.short_name,
            "kind": kind.value,
            "group": group,
            "position": position,
            "active_from": row.active_from or unit.active_from,
            "active_to": row.active_to or (unit.active_to if unit.is_active(today) else None),
        },
        old_name=unit.name if entry.renames else "",
        new_former_names=tuple(new_former),
        new_predecessors=tuple(
            unit for unit in entry.predecessors if unit.pk is None or unit.pk not in before
        ),
    )


def _positions(entries: Sequence[Entry], groups: Sequence[Group | None]) -> list[int]:
    """Each unit's own order: 序号 where a group has it complete and once each, else the file's order."""
    together: dict[tuple[int, str], list[int]] = defaultdict(list)
    for index, (entry, group) in enumerate(zip(entries, groups, strict=True)):
        together[id(entry.superior), group.name if group else ""].append(index)
    positions = [0] * len(entries)
    for members in together.values():
        numbers = [entries[index].row.number for index in members]
        given = [number for number in numbers if number is not None]
        if len(set(given)) < len(members):
            given = list(range(1, len(members) + 1))
        for index, position in zip(members, given, strict=True):
            positions[index] = position
    return positions


def _create(target: _Target) -> UnitCreate:
    group, superior = target.values["group"], target.entry.superior
    return UnitCreate(
        name=target.values["name"],
        group=group.name if group else "",
        kind=str(Kind(target.values["kind"]).label),
        superior=superior.name if superior else "",
    )


def _label(name: str) -> str:
    """The field's name on the screen."""
    field = Organization._meta.get_field(name)
    assert isinstance(field, Field)  # no reverse relation
    return str(field.verbose_name)


def _shown(name: str, value: Any) -> str:
    """The field's value on the screen."""
    if value is None:
        return ""
    return str(Kind(value).label) if name == "kind" else str(value)
