"""Other settings tried on a cycle before it is published: whom the lists would name, without saving anything.

For the host's staff. Three queries, four where another baseline is tried, however many units there are.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviews.disclosing import ListClause, named_lists
from reviews.firmness import NEAR, Cut
from reviews.models import ReviewCycle
from reviews.models.cycle import MeasureChoice, RankMethodChoice
from reviews.ranking import ListName
from reviews.reports.wording import short_points
from reviews.standings import (
    GroupStandings,
    Line,
    Standings,
    baseline_rows,
    cuts_by_group,
    reviews_to_rank,
    standings_of,
)

SETTINGS = ("baseline_id", "rank_method", "list_size", "measure")


@dataclass(frozen=True)
class Settings:
    """What decides a cycle's places and lists. baseline: the key of a cycle, None = the last before."""

    baseline: int | None
    rank_method: str
    list_size: int
    measure: str

    @classmethod
    def of(cls, cycle: ReviewCycle) -> Settings:
        return cls(*(getattr(cycle, name) for name in SETTINGS))

    @property
    def key(self) -> str:
        """One text that tells them from any others."""
        return f"{self.baseline or ''}/{self.rank_method}/{self.list_size}/{self.measure}"


def settings_in_words(cycle: ReviewCycle) -> dict[str, str]:
    """Each setting by the name of its field: what it is called, and what it says."""
    last = _("The last one published before")
    return {
        _("Compared with"): cycle.baseline.quarter.label if cycle.baseline else last,
        _("Rank method"): str(RankMethodChoice(cycle.rank_method).label),
        _("List size"): str(cycle.list_size),
        _("Progress measured by"): str(MeasureChoice(cycle.measure).label),
    }


def list_labels() -> dict[ListName, str]:
    """What each list is called on a page."""
    return {
        ListName.TOP: _("First places"),
        ListName.LAST: _("Last places"),
        ListName.PROGRESS: _("Progress"),
        ListName.SETBACK: _("Setback"),
    }


@dataclass(frozen=True)
class TriedList:
    """One list of a group as it is set now and as it is tried; None: it names nobody."""

    label: str
    now: ListClause | None
    tried: ListClause | None
    enters: tuple[str, ...]
    leaves: tuple[str, ...]

    @property
    def is_changed(self) -> bool:
        return bool(self.enters or self.leaves)


@dataclass(frozen=True)
class TriedLine:
    """One unit whose place, or change of place, would be another."""

    now: Line
    tried: Line


@dataclass(frozen=True)
class FirmList:
    """How firm one list is, in words. gap: the points the first one out lacks, empty where none would do."""

    label: str
    last_in: tuple[str, ...]
    first_out: tuple[str, ...]
    gap: str
    inside: tuple[str, ...]
    outside: tuple[str, ...]

    @property
    def is_tied(self) -> bool:
        return len(self.last_in) > 1

    @property
    def near(self) -> int:
        return len(self.inside) + len(self.outside)


@dataclass(frozen=True)
class TriedGroup:
    """One group under both settings."""

    name: str
    lists: tuple[TriedList, ...]
    moved: tuple[TriedLine, ...]
    firm: tuple[FirmList, ...]


@dataclass(frozen=True)
class Trial:
    """A cycle's standings as set and as tried. is_same: nothing else was tried than what is set."""

    now: Standings
    tried: Standings
    groups: tuple[TriedGroup, ...]
    is_same: bool

    @property
    def changes(self) -> int:
        """How many units would enter or leave a list."""
        lists = (each for group in self.groups for each in group.lists)
        return sum(len(each.enters) + len(each.leaves) for each in lists)

    @property
    def moved(self) -> int:
        return sum(len(group.moved) for group in self.groups)


def with_settings_of(cycle: ReviewCycle) -> ReviewCycle:
    """A copy of the cycle to try settings on, which nobody saves."""
    return copy.copy(cycle)


def try_settings(cycle: ReviewCycle, trial: ReviewCycle) -> Trial:
    """Rank the cycle by its own settings and by those of its copy."""
    reviews, rows = reviews_to_rank(cycle), baseline_rows(cycle)
    is_other = trial.baseline_id != cycle.baseline_id
    tried_rows = baseline_rows(trial) if is_other else rows
    now, tried = standings_of(cycle, reviews, rows), standings_of(trial, reviews, tried_rows)
    cuts = cuts_by_group(trial, reviews, tried_rows)
    pairs = zip(now.groups, tried.groups, strict=True)
    return Trial(
        now=now,
        tried=tried,
        groups=tuple(_group(cycle, trial, *pair, cuts[pair[0].name]) for pair in pairs),
        is_same=Settings.of(cycle) == Settings.of(trial),
    )


def _group(
    cycle: ReviewCycle,
    trial: ReviewCycle,
    now: GroupStandings,
    tried: GroupStandings,
    cuts: Mapping[ListName, Cut],
) -> TriedGroup:
    return TriedGroup(
        name=now.name,
        lists=tuple(_lists(cycle, trial, now, tried)),
        moved=tuple(_moved(now, tried)),
        firm=firm_lists(tried, cuts),
    )


def _lists(
    cycle: ReviewCycle, trial: ReviewCycle, now: GroupStandings, tried: GroupStandings
) -> Iterator[TriedList]:
    said_now = named_lists(now, list_size=cycle.list_size, measure=cycle.measure)
    said_tried = named_lists(tried, list_size=trial.list_size, measure=trial.measure)
    for name, label in list_labels().items():
        named_now = {line.organization_id for line in now.lines_of(now.lists[name])}
        named_tried = {line.organization_id for line in tried.lines_of(tried.lists[name])}
        yield TriedList(
            label=label,
            now=said_now.get(name),
            tried=said_tried.get(name),
            enters=_names(tried, named_tried - named_now),
            leaves=_names(now, named_now - named_tried),
        )


def _moved(now: GroupStandings, tried: GroupStandings) -> Iterator[TriedLine]:
    for line in tried.lines:
        before = now.line_of(line.organization_id)
        if before is not None and (before.rank, before.places) != (line.rank, line.places):
            yield TriedLine(before, line)


def _names(group: GroupStandings, units: set[int]) -> tuple[str, ...]:
    return tuple(line.organization_name for line in group.lines if line.organization_id in units)


def firm_lists(group: GroupStandings, cuts: Mapping[ListName, Cut]) -> tuple[FirmList, ...]:
    """How firm the lists of a group are, those that name anybody."""
    names = {line.organization_id: line.organization_name for line in group.lines}
    return tuple(
        FirmList(
            label=label,
            last_in=tuple(names[unit] for unit in cuts[name].last_in),
            first_out=tuple(names[unit] for unit in cuts[name].first_out),
            gap="" if (gap := cuts[name].gap) is None else short_points(gap),
            inside=_near(cuts[name], names, is_in=True),
            outside=_near(cuts[name], names, is_in=False),
        )
        for name, label in list_labels().items()
        if name in cuts
    )


def _near(cut: Cut, names: Mapping[int, str], *, is_in: bool) -> tuple[str, ...]:
    shown = _("%(unit)s (%(remark)s)")
    return tuple(
        shown % {"unit": names[each.unit], "remark": short_points(each.margin)}
        for each in cut.near
        if each.is_in is is_in
    )


def firm_in_brief(firm: Sequence[FirmList]) -> tuple[str, ...]:
    """A line for each list: its gap, and how many units are near its cut."""
    return tuple(map(_in_brief, firm))


def _in_brief(each: FirmList) -> str:
    said = _("%(list)s: %(gap)s points") % {"list": each.label, "gap": each.gap} if each.gap else each.label
    if not each.near:
        return said
    near = ngettext(
        "%(count)s unit within %(near)s points", "%(count)s units within %(near)s points", each.near
    )
    shown = _("%(unit)s (%(remark)s)")
    return shown % {"unit": said, "remark": near % {"count": each.near, "near": short_points(NEAR)}}
