"""What one user sees of a cycle's standings, and nothing beyond it (rule 15)."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace

from organizations.models import User
from organizations.names import normalize_name
from organizations.quarter import Quarter
from reviews.models import Publication, ReviewCycle
from reviews.permissions import can_see_draft, can_see_whole_table
from reviews.ranking import ListName, ProgressMeasure
from reviews.reports.facts import GroupResult, UnitResult
from reviews.reports.rankings import end_lists, move_lists
from reviews.standings import GroupStandings, Line, Standings, frozen_side_by_side, live_standings


@dataclass(frozen=True)
class ListClause:
    """One of the four lists in the circular's wording: 前三名, 甲镇党委；乙乡党委、丙乡党委（并列第二）."""

    label: str
    units: str


@dataclass(frozen=True)
class ChangedLine:
    """One unit whose place or total differs between two publications; old is None where it had no line."""

    group_name: str
    old: Line | None
    new: Line

    @property
    def is_moved(self) -> bool:
        return self.old is None or self.old.rank != self.new.rank

    @property
    def is_rescored(self) -> bool:
        return self.old is None or self.old.total_text != self.new.total_text


@dataclass(frozen=True)
class SeenGroup:
    """One group: its four lists, and the lines this user may read: all of them or those of own units."""

    number: int
    name: str
    clauses: tuple[ListClause, ...]
    ranked: tuple[Line, ...]
    unranked: tuple[Line, ...]


@dataclass(frozen=True)
class SeenStandings:
    """Standings as one user sees them. is_whole: every unit's line, not only that of one's own.

    own_group: the number of the group of the reader's own unit, else of the first group.
    publication: None for the live standings of a cycle, which only the host's staff ever get.
    publications: all of the cycle, newest first. changes: against the publication before, of the lines this
    user may read; lists_changed: whether one of the four lists, which all may read, differs from it.
    """

    quarter: Quarter
    baseline: Quarter | None
    rank_method: str
    groups: tuple[SeenGroup, ...]
    is_whole: bool
    own_group: int
    publication: Publication | None
    publications: tuple[Publication, ...]
    changes: tuple[ChangedLine, ...]
    lists_changed: bool

    @property
    def is_latest(self) -> bool:
        return not self.publications or self.publication in (None, self.publications[0])

    def group(self, number: int | None) -> SeenGroup:
        """The group under this tab; the reader's own where there is no such one."""
        by_number = {group.number: group for group in self.groups}
        return by_number[number if number in by_number else self.own_group]


def seen_standings(
    user: User, cycle: ReviewCycle, *, number: int | None = None, draft: bool = False
) -> SeenStandings | None:
    """The standings of a cycle fetched `with_publications`, or None where this user may see none.

    number: an earlier publication; None the latest. draft: the live standings although there is a
    publication, while a correction is prepared. Two queries.
    """
    if draft or cycle.latest_number is None:
        return _seen_live(cycle) if can_see_draft(user, cycle) else None
    publications = tuple(cycle.publications.visible_to(user).newest_first())
    wanted = next((each for each in publications if number in (None, each.number)), None)
    if wanted is None:
        return None
    before = [each for each in publications if each.number == wanted.number - 1]
    new, *old = frozen_side_by_side([wanted, *before])
    is_whole = can_see_whole_table(user, cycle)
    own = user.access.unit_ids
    units = None if is_whole else own
    seen = _seen(new, units, own=own, publications=publications)
    if not old:
        return seen
    changes = changed_lines(old[0], new, units)
    return replace(seen, changes=changes, lists_changed=_all_clauses(old[0]) != _all_clauses(new))


def matching(lines: Iterable[Line], *, name: str = "", named_in: str = "") -> list[Line]:
    """The lines whose unit's name contains this text and whom this list names; blank asks for all.

    named_in: a `ListName`; any other text is no list and leaves the lines alone.
    """
    wanted = normalize_name(name)
    return [
        line
        for line in lines
        if wanted in normalize_name(line.organization_name)
        and (named_in not in set(ListName) or named_in in list_places(line))
    ]


def list_places(line: Line) -> dict[ListName, int]:
    """The lists that name a unit, each with the place it has there."""
    placed = line.placed
    places = {
        ListName.TOP: placed.top_place,
        ListName.LAST: placed.last_place,
        ListName.PROGRESS: placed.progress_place,
        ListName.SETBACK: placed.setback_place,
    }
    return {name: place for name, place in places.items() if place is not None}


def changed_lines(old: Standings, new: Standings, units: set[int] | None = None) -> tuple[ChangedLine, ...]:
    """Whose place, total or group is no longer what it was, in the order of the new tables.

    units: keys of those to tell about; None all. Units are matched by their identity, not their names.
    """
    before = {line.organization_id: line for group in old.groups for line in group.lines}
    changes = []
    for group in new.groups:
        for line in _lines_for(group.lines, units):
            earlier = before.get(line.organization_id)
            if earlier is None or _printed(earlier) != _printed(line):
                changes.append(ChangedLine(group.name, earlier, line))
    return tuple(changes)


def list_clauses(group: GroupStandings, *, list_size: int, measure: str) -> tuple[ListClause, ...]:
    """The four lists of a group as the circular words them; an empty one is left out."""
    return tuple(named_lists(group, list_size=list_size, measure=measure).values())


def named_lists(group: GroupStandings, *, list_size: int, measure: str) -> dict[ListName, ListClause]:
    """The same by their names."""
    result = GroupResult(group.name, tuple(_unit_result(line) for line in group.lines))
    lists = [*end_lists(result, list_size), *move_lists(result, ProgressMeasure(measure))]
    return {name: ListClause(label, units) for name, label, units in lists}


def _all_clauses(standings: Standings) -> dict[str, tuple[ListClause, ...]]:
    """The four lists by the name of their group."""
    size, measure = standings.list_size, standings.measure
    return {group.name: list_clauses(group, list_size=size, measure=measure) for group in standings.groups}


def _seen_live(cycle: ReviewCycle) -> SeenStandings:
    return _seen(live_standings(cycle), None)


def _seen(
    standings: Standings,
    units: set[int] | None,
    *,
    own: Set[int] = frozenset(),
    publications: tuple[Publication, ...] = (),
) -> SeenStandings:
    groups_of_own = [
        number
        for number, group in enumerate(standings.groups, 1)
        if any(line.organization_id in own for line in group.lines)
    ]
    clauses = _all_clauses(standings)
    return SeenStandings(
        quarter=standings.quarter,
        baseline=standings.baseline,
        rank_method=standings.rank_method,
        groups=tuple(
            SeenGroup(
                number=number,
                name=group.name,
                clauses=clauses[group.name],
                ranked=tuple(_lines_for(group.ranked, units)),
                unranked=tuple(_lines_for(group.unranked, units)),
            )
            for number, group in enumerate(standings.groups, 1)
        ),
        is_whole=units is None,
        own_group=next(iter(groups_of_own), 1),
        publication=standings.publication,
        publications=publications,
        changes=(),
        lists_changed=False,
    )


def _lines_for(lines: Iterable[Line], units: set[int] | None) -> Iterable[Line]:
    return lines if units is None else (line for line in lines if line.organization_id in units)


def _printed(line: Line) -> tuple[object, ...]:
    return (line.group_name, line.rank, line.total_text, line.unranked_reason)


def _unit_result(line: Line) -> UnitResult:
    placed = line.placed
    return UnitResult(
        unit=line.organization_id,
        name=line.organization_name,
        position=placed.position,
        rank=line.rank,
        total=placed.total,
        baseline_rank=line.baseline_rank,
        places=line.places,
        total_change=placed.total_change,
        unranked_reason=line.unranked_reason,
        list_places=list_places(line),
    )
