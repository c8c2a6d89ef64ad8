"""What one user sees of a host's year, and nothing beyond it (rule 15)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.models import Organization, User
from organizations.quarter import Quarter
from reviews.annual import Absence
from reviews.disclosing import ListClause
from reviews.models import AnnualPublication, ReviewYear
from reviews.permissions import can_read_work, can_see_whole_year
from reviews.ranking import ProgressMeasure
from reviews.reports.annual_facts import group_results
from reviews.reports.facts import GroupResult
from reviews.reports.rankings import end_lists, move_lists
from reviews.year_results import YearGroup, YearLine, YearResults
from reviews.years import published_quarters, year_results


@dataclass(frozen=True)
class SeenYearGroup:
    """One group: the year's lists, and the lines this user may read: all of them or those of own units.

    lowest: the last place among the quarters of these lines, which their small charts share.
    """

    number: int
    name: str
    full_marks: Decimal
    clauses: tuple[ListClause, ...]
    ranked: tuple[YearLine, ...]
    unranked: tuple[YearLine, ...]
    lowest: int

    @property
    def lines(self) -> tuple[YearLine, ...]:
        return (*self.ranked, *self.unranked)

    @property
    def has_moved(self) -> bool:
        """Whether a unit stood in another group in one of the quarters."""
        return any(cell.is_elsewhere for line in self.lines for cell in line.quarters)


@dataclass(frozen=True)
class SeenYear:
    """A year as one user sees it. quarters: those whose results it holds, by time.

    has_places: whether annual totals, places and lists are shown: to those who work for the host always, to
    units once the year is published. is_whole: every unit's line. publication: None for the year so far.
    since: quarters published or corrected after that publication. is_outdated: that publishing anew would
    say something else; known to those who may do it alone.
    """

    host: Organization
    year: int
    results: YearResults
    quarters: tuple[Quarter, ...]
    groups: tuple[SeenYearGroup, ...]
    has_places: bool
    is_whole: bool
    own_group: int
    publication: AnnualPublication | None
    publications: tuple[AnnualPublication, ...]
    since: tuple[Quarter, ...]
    is_outdated: bool

    @property
    def is_latest(self) -> bool:
        return not self.publications or self.publication in (None, self.publications[0])

    @property
    def missing(self) -> tuple[Quarter, ...]:
        """The quarters of the year that are not shown."""
        there = {quarter.number for quarter in self.quarters}
        return tuple(Quarter(self.year, number) for number in range(1, 5) if number not in there)

    def group(self, number: int | None) -> SeenYearGroup:
        """The group under this tab; the reader's own where there is no such one."""
        by_number = {group.number: group for group in self.groups}
        return by_number[number if number in by_number else self.own_group]

    def line_of(self, unit: int) -> tuple[SeenYearGroup, YearLine] | None:
        """A unit's line and its group, as far as this user may read it."""
        found = ((group, line) for group in self.groups for line in group.lines if line.unit == unit)
        return next(found, None)


def seen_year(
    user: User, host: Organization, year: int, *, number: int | None = None, draft: bool = False
) -> SeenYear | None:
    """The year as this user may see it; None where nothing of it is published to them. Four queries.

    number: an earlier annual publication; None the latest. draft: the year as it would be published now.
    """
    quarters = published_quarters(host, year)
    if not quarters:
        return None
    live = year_results(host, year, quarters, ReviewYear.of_host(host, year))
    own_quarters = _quarters_of(live, user.access.unit_ids)
    works_here = host.pk in user.access.host_ids
    if not works_here and not own_quarters:
        return None
    publications = tuple(
        AnnualPublication.objects.visible_to(user).of_year(host, year).newest_first().defer("text")
    )
    wanted = next((each for each in publications if number in (None, each.number)), None)
    if wanted is None and number is not None:
        return None
    if draft:
        if not can_read_work(user, host):
            return None
        wanted = None
    results = YearResults.from_json(wanted.content) if wanted else live
    cycles = [publication.cycle for publication in quarters]
    own_cycles = {cycle.pk for cycle in cycles if cycle.number in own_quarters}
    is_whole = can_see_whole_year(user, host, cycles, own_cycles)
    has_places = works_here or wanted is not None
    seen = _seen(results, None if is_whole else user.access.unit_ids, has_places=has_places)
    shown = {cell.number for group in seen for line in group.lines for cell in line.quarters}
    return SeenYear(
        host=host,
        year=year,
        results=results,
        quarters=tuple(
            taken.quarter for taken in results.quarters if is_whole or taken.quarter.number in shown
        ),
        groups=tuple(group for group in seen if group.lines or has_places),
        has_places=has_places,
        is_whole=is_whole,
        own_group=_own_group(results, user.access.unit_ids),
        publication=wanted,
        publications=publications,
        since=tuple(
            quarter for quarter in _since(results, live) if is_whole or quarter.number in own_quarters
        ),
        is_outdated=wanted is not None and can_read_work(user, host) and live != results,
    )


def groups_in_full(results: YearResults) -> tuple[SeenYearGroup, ...]:
    """Every group with all its lines and lists, for those who may see all of it."""
    return _seen(results, None, has_places=True)


def absence_in_words(line: YearLine, results: YearResults) -> str:
    """Why a unit has no annual place, for the screen; empty where it has one."""
    if line.absence is None:
        return ""
    if line.absence is Absence.LEFT:
        said = _("No longer on the roster in %(quarter)s")
        return said % {"quarter": results.last.label}
    counted, least = len(line.counted), results.rule.least_quarters
    said = ngettext(
        "Scored in %(counted)s quarter; at least %(least)s are needed",
        "Scored in %(counted)s quarters; at least %(least)s are needed",
        counted,
    )
    return said % {"counted": counted, "least": least}


def _quarters_of(live: YearResults, units: Set[int]) -> set[int]:
    """The numbers of the quarters that reviewed one of these units."""
    lines = (line for group in live.groups for line in group.lines if line.unit in units)
    return {cell.number for line in lines for cell in line.quarters}


def _seen(results: YearResults, units: Set[int] | None, *, has_places: bool) -> tuple[SeenYearGroup, ...]:
    groups = zip(results.groups, group_results(results), strict=True)
    return tuple(
        _seen_group(number, group, result, units, results.list_size, has_places=has_places)
        for number, (group, result) in enumerate(groups, 1)
    )


def _seen_group(
    number: int,
    group: YearGroup,
    result: GroupResult,
    units: Set[int] | None,
    list_size: int,
    *,
    has_places: bool,
) -> SeenYearGroup:
    lines = [line for line in group.lines if units is None or line.unit in units]
    if not has_places:
        lines = sorted(map(_without_place, lines), key=lambda line: (line.position, line.unit))
    ranks = [cell.rank or 0 for line in lines for cell in line.quarters]
    return SeenYearGroup(
        number=number,
        name=group.name,
        full_marks=group.full_marks,
        clauses=_clauses(result, list_size) if has_places else (),
        ranked=tuple(line for line in lines if line.rank is not None or not has_places),
        unranked=tuple(line for line in lines if line.rank is None and has_places),
        lowest=max(ranks, default=0),
    )


def _clauses(group: GroupResult, list_size: int) -> tuple[ListClause, ...]:
    """The year's lists in the wording of the annual report."""
    lists = [*end_lists(group, list_size), *move_lists(group, ProgressMeasure.PLACES)]
    return tuple(ListClause(label, units) for _name, label, units in lists)


def _without_place(line: YearLine) -> YearLine:
    """Its quarters alone, which are published."""
    return replace(
        line,
        counted=(),
        rank=None,
        total=None,
        absence=None,
        places=None,
        top_place=None,
        last_place=None,
        progress_place=None,
        setback_place=None,
    )


def _own_group(results: YearResults, own: Set[int]) -> int:
    """The number of the group of the reader's own unit, else of the first group."""
    numbers = (
        number
        for number, group in enumerate(results.groups, 1)
        if any(line.unit in own for line in group.lines)
    )
    return next(numbers, 1)


def _since(results: YearResults, live: YearResults) -> tuple[Quarter, ...]:
    """The quarters that are not, or not in the same publication, in these results."""
    taken = {(each.quarter, each.number) for each in results.quarters}
    return tuple(each.quarter for each in live.quarters if (each.quarter, each.number) not in taken)
