"""Find the unit that each row of a roster means, by any name it bears or bore (rule 24)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from organizations.models import Organization
from organizations.names import normalize_name
from organizations.roster_rows import UnitRow
from workbooks.cells import Problem


@dataclass
class Entry:
    """One row and the unit it means: a known one, or a new one not yet saved.

    superior: None directly under the host. renames: whether the row's 曾用名 is the unit's present name.
    """

    row: UnitRow
    unit: Organization
    superior: Organization | None = None
    renames: bool = False
    predecessors: list[Organization] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.unit.pk is None


class KnownUnits:
    """The host's direct subordinates and their sub-units, found by name below one superior."""

    def __init__(self, host: Organization | None, today: datetime.date) -> None:
        below = Organization.objects.none()
        if host is not None:
            below = Organization.objects.filter(Q(parent=host) | Q(parent__parent=host))
        rows = below.select_related("group", "parent").prefetch_related("former_names", "predecessors")
        self.units: list[Organization] = list(rows.order_by("pk"))
        self.host = host
        self._by_full_name: dict[tuple[int | None, str], list[Organization]] = defaultdict(list)
        self._by_any_name: dict[tuple[int | None, str], list[Organization]] = defaultdict(list)
        self._ended: dict[tuple[int | None, str], Organization] = {}
        for unit in self.units:
            full = (unit.parent_id, normalize_name(unit.name))
            if unit.active_to is not None and unit.active_to <= today:
                self._ended[full] = unit
                continue
            self._by_full_name[full].append(unit)
            for key in set(unit.name_keys()):
                self._by_any_name[unit.parent_id, key].append(unit)

    @property
    def host_id(self) -> int | None:
        return self.host.pk if self.host else None

    def acting(self, superior_id: int | None, key: str) -> list[Organization]:
        """Those whose full name it is; else those that have or had it as another name."""
        if superior_id is None:
            return []
        return self._by_full_name[superior_id, key] or self._by_any_name[superior_id, key]

    def ended(self, superior_id: int | None, key: str) -> Organization | None:
        """The one of this full name that acts no more."""
        return self._ended.get((superior_id, key))

    def named(self, superior_id: int | None, name: str) -> Organization | None:
        """The one unit of this name, acting or else ended; None where two would fit."""
        key = normalize_name(name)
        found = self.acting(superior_id, key)
        return found[0] if len(found) == 1 else self.ended(superior_id, key)


class Matching:
    """Lays the rows beside the known units, direct subordinates first, then what stands below them."""

    def __init__(self, known: KnownUnits, problems: list[Problem], notes: list[Problem]) -> None:
        self._known = known
        self._problems = problems
        self._notes = notes

    def entries(self, rows: Sequence[UnitRow]) -> list[Entry]:
        """An entry for each row whose unit is clear, in the file's order; problems for all the others."""
        host_key = normalize_name(self._known.host.name) if self._known.host else ""
        entries: dict[int, Entry] = {}
        direct: list[Entry] = []
        below: list[int] = []
        for number, row in enumerate(rows):
            if row.superior and normalize_name(row.superior) != host_key:
                below.append(number)
            elif row.key == host_key:
                self._refuse(row, _("“%(name)s” is the host itself.") % {"name": row.name})
            elif (entry := self._entry(row, self._known.host_id, None)) is not None:
                entries[number] = entry
                direct.append(entry)
        for number in below:
            row = rows[number]
            superior = self._superior(row, direct)
            if superior is None:
                self._refuse(
                    row,
                    _("The superior unit “%(name)s” is neither in the roster nor in this file.")
                    % {"name": row.superior},
                )
            elif (entry := self._entry(row, superior.pk, superior)) is not None:
                entries[number] = entry
        in_order = [entries[number] for number in sorted(entries)]
        self._refuse_repeated(in_order)
        self._find_predecessors(in_order)
        return in_order

    def _superior(self, row: UnitRow, direct: Iterable[Entry]) -> Organization | None:
        key = normalize_name(row.superior)
        for entry in direct:
            if key == entry.row.key or key in entry.row.other_keys:
                return entry.unit
        found = self._known.acting(self._known.host_id, key)
        return found[0] if len(found) == 1 else None

    def _entry(self, row: UnitRow, superior_id: int | None, superior: Organization | None) -> Entry | None:
        found = self._known.acting(superior_id, row.key)
        bears_it = [unit for unit in found if normalize_name(unit.name) == row.key]
        once: dict[int, Organization] = {}
        for name in row.former_names:
            once.update({unit.pk: unit for unit in self._known.acting(superior_id, normalize_name(name))})
        renames = not bears_it and bool(once)
        units = list({unit.pk: unit for unit in (bears_it or ([] if once else found))}.values())
        units += [unit for unit in once.values() if unit not in units]
        if len(units) > 1:
            self._refuse(
                row,
                _("The names of “%(name)s” fit several units: %(units)s.")
                % {"name": row.name, "units": "、".join(unit.name for unit in units)},
            )
            return None
        if units:
            if not bears_it and not renames:
                self._note_other_name(row, units[0])
            return Entry(row, units[0], superior, renames=renames)
        ended = self._known.ended(superior_id, row.key)
        if ended is not None and not _begins_after(row, ended):
            return Entry(row, ended, superior)
        return Entry(row, Organization(name=row.name), superior)

    def _note_other_name(self, row: UnitRow, unit: Organization) -> None:
        self._notes.append(
            Problem(
                row.where,
                _(
                    "“%(name)s” is another name of “%(unit)s”, which keeps its name; "
                    "to rename it, put its old name under 曾用名."
                )
                % {"name": row.name, "unit": unit.name},
            )
        )

    def _refuse_repeated(self, entries: Sequence[Entry]) -> None:
        """Two rows for one unit, whether by one name, by two of its names or by names that swap."""
        by_unit: dict[int, Entry] = {}
        by_name: dict[tuple[int, str], Entry] = {}
        for entry in entries:
            first = by_name.setdefault((id(entry.superior), entry.row.key), entry)
            if first is entry and not entry.is_new:
                first = by_unit.setdefault(entry.unit.pk, entry)
            if first is not entry:
                self._refuse_second(entry, first)
        for entry in entries:
            for key in sorted(entry.row.other_keys):
                other = by_name.get((id(entry.superior), key))
                if other is not None and other is not entry and (entry.is_new or other.is_new):
                    self._refuse_second(other, entry)

    def _refuse_second(self, entry: Entry, first: Entry) -> None:
        self._refuse(
            entry.row,
            _("“%(name)s” is the same unit as “%(other)s” (%(place)s); list each unit once.")
            % {"name": entry.row.name, "other": first.row.name, "place": first.row.where},
        )

    def _find_predecessors(self, entries: Sequence[Entry]) -> None:
        in_file = {(id(entry.superior), entry.row.key): entry.unit for entry in entries}
        for entry in entries:
            superior_id = entry.superior.pk if entry.superior else self._known.host_id
            for name in entry.row.predecessors:
                unit = in_file.get((id(entry.superior), normalize_name(name))) or self._known.named(
                    superior_id, name
                )
                if unit is None:
                    self._refuse(entry.row, _("The predecessor “%(name)s” is unknown.") % {"name": name})
                elif unit is entry.unit:
                    self._refuse(
                        entry.row,
                        _("“%(name)s” cannot precede itself; a name it had goes under 曾用名.")
                        % {"name": name},
                    )
                else:
                    entry.predecessors.append(unit)

    def _refuse(self, row: UnitRow, message: str) -> None:
        self._problems.append(Problem(row.where, message))


def _begins_after(row: UnitRow, ended: Organization) -> bool:
    """A row that begins when the old one had ended means a new unit of the same name."""
    return row.active_from is not None and ended.active_to is not None and row.active_from >= ended.active_to
