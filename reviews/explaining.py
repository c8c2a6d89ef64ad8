"""An explanation of a field in words: its rule, its working, and what the rows behind it say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reviews.reports.explained import Column, Counted, Explanation, Row, Rule, Says, Step
from reviews.reports.fields import FieldKind
from reviews.reports.wording import short_points
from reviews.standings import format_points

DASH = "—"

KINDS: Mapping[FieldKind, Promise] = {
    FieldKind.SETTING: pgettext_lazy("field", "Setting"),
    FieldKind.BASELINE: _("Baseline quarter"),
    FieldKind.COUNT: _("Number of units ranked"),
    FieldKind.AVERAGE: _("Average total"),
    FieldKind.HIGHEST: _("Highest total"),
    FieldKind.LOWEST: _("Lowest total"),
    FieldKind.TOP: pgettext_lazy("list", "The first"),
    FieldKind.LAST: pgettext_lazy("list", "The last"),
    FieldKind.PROGRESS: pgettext_lazy("list", "Progress"),
    FieldKind.SETBACK: pgettext_lazy("list", "Setback"),
    FieldKind.UNRANKED: _("Units without a place"),
    FieldKind.UNIT: _("Unit"),
    FieldKind.TOTAL: pgettext_lazy("field", "Total"),
    FieldKind.PLACES: _("Furthest rise"),
    FieldKind.MOVE: _("Why a unit moved"),
    FieldKind.RISERS: _("Units that rose"),
    FieldKind.STRENGTH: _("Where least was lost"),
    FieldKind.LOSSES: _("Units that lost points"),
    FieldKind.REASONS: _("Reasons for losses"),
    FieldKind.INDICATOR: _("Indicator"),
    FieldKind.RECTIFICATION: _("Rectification"),
    FieldKind.ATTACHMENT: _("Attachment"),
    FieldKind.CORRECTION: _("Correction"),
    FieldKind.AVERAGE_CHANGE: _("Change of the average"),
    FieldKind.CAUGHT_UP: _("Out of the last places"),
    FieldKind.LAST_AGAIN: _("Last again"),
    FieldKind.HIGHLIGHT: _("Highlight"),
    FieldKind.FINDING: _("Problem found"),
    FieldKind.CATEGORY: _("Problem category"),
    FieldKind.PROGRAMME: _("Programme"),
}

RULES: Mapping[Rule, Promise] = {
    Rule.NAMED: _("Nothing is worked out here: it names what the document tells about."),
    Rule.HOST: _("The host's name on the day of publication."),
    Rule.AREA: _("What the host's document settings call its area."),
    Rule.QUARTER: _("The quarter that was scored."),
    Rule.RECTIFY_BY: _("The day set for this quarter, by which the units put right what was found."),
    Rule.GROUP: _("The group's name on the day of publication, with the units that were in it."),
    Rule.BASELINE: _(
        "Places are compared with those of an earlier published quarter: the one chosen for the "
        "cycle, else the one before."
    ),
    Rule.COUNT: _(
        "All units of the group that have a total. Who was not scored has no place and is not counted."
    ),
    Rule.AVERAGE: _(
        "The sum of the totals of all ranked units, divided by their number and rounded once, "
        "half up. Who was not scored is not counted."
    ),
    Rule.HIGHEST: _("The largest total of the ranked units."),
    Rule.LOWEST: _("The smallest total of the ranked units."),
    Rule.TOP: _(
        "Every unit whose place is among the first n, all who tie included. A group with fewer "
        "than 2n different totals is shared out evenly, so that nobody is among the first and the "
        "last."
    ),
    Rule.LAST: _(
        "Every unit whose place, counted from the bottom, is among the last n, all who tie "
        "included; the worst stands last. A group with fewer than 2n different totals is shared "
        "out evenly."
    ),
    Rule.PROGRESS: _(
        "Places gained against the published baseline, then the rise of the total; equal in both "
        "share a place. Only real risers, the n furthest."
    ),
    Rule.SETBACK: _(
        "Places lost against the published baseline, then the fall of the total; equal in both "
        "share a place. Only real fallers, the n furthest."
    ),
    Rule.PROGRESS_BY_TOTAL: _(
        "The rise of the total as a share of the full marks against the published baseline; only "
        "real risers, the n furthest."
    ),
    Rule.SETBACK_BY_TOTAL: _(
        "The fall of the total as a share of the full marks against the published baseline; only "
        "real fallers, the n furthest."
    ),
    Rule.UNRANKED: _(
        "Not scored is not zero: a unit that is exempt, was not visited or is not finished has a "
        "reason and no place, and counts in no average."
    ),
    Rule.RISERS: _("The units whose place is better than in the published baseline."),
    Rule.FURTHEST: _("The most places gained: the place in the baseline less the place now."),
    Rule.MOVE: _(
        "The fewest indicators that make up at least half of all points the unit gained, or lost, against "
        "the published baseline, the largest first; told where place and total moved the same way."
    ),
    Rule.UNIT: _("The unit's name on the day of publication, where it stands and what its total is made of."),
    Rule.TOTAL: _("The sum of the points of all indicators, rounded once, half up."),
    Rule.FAULTLESS: _(
        "Indicators where no ranked unit of the group lost anything, in the order of the rubric."
    ),
    Rule.LEAST_LOST: _(
        "Points lost by all ranked units at an indicator, as a share of its full marks: at most "
        "three indicators with the smallest share, below a tenth."
    ),
    Rule.LOSSES: _("All units that lost points at this indicator, who lost most first."),
    Rule.REASONS: _(
        "What was written down as the reason, the most frequent first; each reason counts once a unit."
    ),
    Rule.INDICATOR: _("An indicator where points were lost, and the units that lost them."),
    Rule.SECTION: _("A section of the rubric; how often units lost points at its indicators."),
    Rule.RECTIFICATION: _(
        "Items of earlier quarters as they stood on the day of publication: raised is struck off "
        "in time, struck off late and carried over together. Overdue is counted from the original "
        "due date."
    ),
    Rule.AS_OF: _("The day of publication, on which the items of earlier quarters were counted."),
    Rule.CORRECTION: _(
        "A correction is a publication of its own with a number and a reason; the earlier one stays readable."
    ),
    Rule.ATTACHMENT: _("The attachment that lists the problems with the units that put them right."),
    Rule.AVERAGE_CHANGE: _(
        "The group's average less the average that the baseline published, both as printed; only where "
        "both quarters used comparable rubrics."
    ),
    Rule.CAUGHT_UP: _(
        "Units of the baseline's last list that rose since and are not in this quarter's last list."
    ),
    Rule.LAST_AGAIN: _("Units that are in the last list of the baseline and in this quarter's."),
    Rule.HIGHLIGHT: _("What a visit of this quarter recorded as done well, in its own words."),
    Rule.FINDING: _(
        "What visits of this quarter recorded as a problem, in their own words. A problem whose "
        "rectification item was withdrawn is left out."
    ),
    Rule.CATEGORY: _(
        "Problems that visits of this quarter recorded under this category, each once a place; the most "
        "frequent category stands first."
    ),
    Rule.PROGRAMME: _("Assigned work as its log told of it at the end of the day of publication."),
    Rule.PROGRAMMES: _(
        "Programmes that earlier quarters assigned, as they stood at the end of the day of publication; "
        "those finished before the quarter began are told of only in the quarter after they were assigned."
    ),
}

STEPS: Mapping[Says, Promise] = {
    Says.SUM_OF_TOTALS: _("Totals of the units ranked (%(count)s) added up: %(sum)s"),
    Says.QUOTIENT: _("%(sum)s ÷ %(count)s = %(quotient)s"),
    Says.ROUNDED: _("Rounded half up to %(decimals)s decimals: %(result)s"),
    Says.ROSTER: _("Units that take part: %(roster)s = ranked %(ranked)s + without a place %(unranked)s"),
    Says.EXTREME: _("Of %(count)s totals: %(result)s"),
    Says.DISTINCT: _("Units ranked: %(ranked)s; different totals: %(distinct)s"),
    Says.DENSE: _(
        "Places are counted without gaps: equal totals share a place, the next total has the next place."
    ),
    Says.COMPETITION: _(
        "Equal totals share a place; the places they take up are left out after them (1, 2, 2, 4)."
    ),
    Says.FULL_SIZE: _("n = %(size)s, as set for the cycle"),
    Says.SHARED_SIZE: _(
        "n = %(wanted)s would meet in the middle: %(distinct)s ÷ 2, rounded down, gives n = %(size)s"
    ),
    Says.TIE: _("%(total)s: %(units)s share place %(rank)s"),
    Says.COMPARED: _("Ranked both now and in %(baseline)s, in the same group: %(comparable)s"),
    Says.MOVED: _("Of these moved that way: %(movers)s"),
    Says.MOST_TAKEN: _("n = %(size)s furthest, equals together"),
    Says.MOST_PLACES: _("Nobody gained more than %(places)s"),
    Says.PLACE_CHANGE: _("Place then %(before)s − place now %(now)s = %(places)s"),
    Says.POINT_CHANGE: _("%(indicator)s: points then %(before)s, now %(now)s, difference %(change)s"),
    Says.PLACE: _("Place %(rank)s of %(ranked)s ranked"),
    Says.POINTS_SUM: _("Points: %(parts)s = %(sum)s"),
    Says.SCALED: _("Not every indicator applies: %(sum)s × %(full)s ÷ %(applying)s = %(result)s"),
    Says.BONUS: _("With the bonus: %(sum)s + %(bonus)s = %(result)s"),
    Says.TOTAL_ROUNDED: _("Rounded half up to %(decimals)s decimals, the total is %(result)s"),
    Says.LOSERS: _("Units concerned: %(count)s"),
    Says.OCCURRENCES: _("Losses, each unit counted once an indicator: %(count)s"),
    Says.ADDS_UP: _(
        "%(quarter)s: raised %(raised)s = in time %(on_time)s + late %(late)s + carried over %(carried_over)s"
    ),
    Says.OVERDUE_OF: _("Of the %(carried_over)s carried over, past their original due date: %(overdue)s"),
    Says.OLDER_SUM: _("Quarters before that: %(parts)s = %(sum)s"),
    Says.CHANGED: _("Units whose place or total changed: %(count)s"),
    Says.DIFFERENCE: _("%(now)s − %(then)s = %(change)s"),
}

COLUMNS: Mapping[Column, Promise] = {
    Column.RANK: pgettext_lazy("column", "Place"),
    Column.TOTAL: pgettext_lazy("column", "Total"),
    Column.BASELINE_RANK: _("Place then"),
    Column.PLACES: pgettext_lazy("column", "Change"),
    Column.TOTAL_CHANGE: _("Change of total"),
    Column.LIST_PLACE: _("In the list"),
    Column.LOST: pgettext_lazy("column", "Points lost"),
    Column.REASON: _("Why not ranked"),
}

TALLIES: Mapping[Counted, tuple[Promise, ...]] = {
    Counted.SHARES: (
        _("Indicator"),
        pgettext_lazy("column", "Points lost"),
        _("Full marks"),
        _("Share lost"),
    ),
    Counted.REASONS: (_("Reason"), _("Times")),
    Counted.INDICATORS: (_("Indicator"), pgettext_lazy("column", "Units")),
    Counted.OUTCOMES: (
        _("Quarter"),
        pgettext_lazy("items", "Raised"),
        pgettext_lazy("items", "In time"),
        pgettext_lazy("items", "Late"),
        pgettext_lazy("items", "Carried over"),
        pgettext_lazy("items", "Overdue"),
    ),
    Counted.CHANGES: (_("Unit"), _("Place before"), _("Total before"), _("Place now"), _("Total now")),
}


@dataclass(frozen=True)
class Cell:
    """One cell: a text, or a change of places where `is_change`."""

    text: str = ""
    is_change: bool = False
    places: int | None = None
    is_text: bool = False

    @property
    def fallen(self) -> int | None:
        return None if self.places is None else -self.places


@dataclass(frozen=True)
class Heading:
    """How a column is headed; text is set flush left."""

    text: Promise
    is_text: bool


def kind_of(explanation: Explanation) -> Promise:
    """What kind of figure or name it is; kinds without a word of their own are just that."""
    return kind_label(explanation.field.kind)


def kind_label(kind: FieldKind) -> Promise:
    """What a kind of field is called."""
    return KINDS.get(kind, _("Figure or name"))


def rule_of(explanation: Explanation) -> Promise:
    """The rule in words."""
    return RULES[explanation.rule]


def steps_of(explanation: Explanation) -> list[str]:
    """The working, line by line, with its very numbers."""
    return [_said(step) for step in explanation.steps]


def headings_of(explanation: Explanation) -> list[Heading]:
    """Of the rows, after the unit's name."""
    return [Heading(COLUMNS[column], column is Column.REASON) for column in explanation.columns]


def cells_of(row: Row, columns: Iterable[Column]) -> list[Cell]:
    """What a row says under each heading."""
    return [_cell(row, column) for column in columns]


def tally_headings(explanation: Explanation) -> tuple[Promise, ...]:
    """Of the tally, the name first."""
    return TALLIES[explanation.tally.counted] if explanation.tally else ()


def _said(step: Step) -> str:
    return str(STEPS[step.says]) % step.numbers


def _cell(row: Row, column: Column) -> Cell:
    unit = row.unit
    if column is Column.PLACES:
        return Cell(is_change=True, places=unit.places)
    if column is Column.REASON:
        return Cell(unit.unranked_reason, is_text=True)
    figures = {
        Column.RANK: unit.rank,
        Column.TOTAL: format_points(unit.total, row.group.decimals),
        Column.BASELINE_RANK: unit.baseline_rank,
        Column.TOTAL_CHANGE: _signed(format_points(unit.total_change, row.group.decimals)),
        Column.LIST_PLACE: row.place,
        Column.LOST: f"−{short_points(row.lost)}" if row.lost else "0",
    }
    return Cell(str(figures[column] or DASH))


def _signed(points: str) -> str:
    """With + before a gain and a minus of its own width before a loss."""
    if points.startswith("-"):
        return f"−{points[1:]}"
    return f"+{points}" if points.strip("0.") else points
