"""What the entry grid shows: the units of one group against the indicators of their rubric."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from reviews.cells import ShownCell, shown_cells
from reviews.importing.findings import number
from reviews.models import Indicator, Review, ReviewCycle, ReviewState, Rubric

# Everything is text already, and the cells are HTML: a template takes long for a thousand. The script makes
# inputs of them.
_BLANK = ShownCell("", 0, is_derived=False)


@dataclass(frozen=True)
class GridTab:
    """One group (and one rubric: units that joined later may be scored by a newer version)."""

    number: int
    name: str
    missing: int
    reviews: tuple[Review, ...]

    @property
    def rubric(self) -> Rubric:
        return self.reviews[0].rubric


@dataclass(frozen=True)
class GridColumn:
    """One indicator. limits: what its cells may say."""

    indicator: str
    name: str
    full_marks: str
    step: str
    is_bonus: bool
    limits: str


@dataclass(frozen=True)
class GridRow:
    """One unit. left_out: why it is not scored this quarter, or "". versions: of its cells."""

    review: str
    unit: str
    name: str
    left_out: str
    versions: str
    cells: SafeString


@dataclass(frozen=True)
class EntryGrid:
    """All of one tab. sections: each heading with the number of its columns."""

    sections: tuple[tuple[str, int], ...]
    columns: tuple[GridColumn, ...]
    rows: tuple[GridRow, ...]
    full_total: str
    places: int


def grid_tabs(cycle: ReviewCycle) -> tuple[GridTab, ...]:
    """The groups of a cycle in the host's order. One query."""
    reviews: dict[tuple[int, int], list[Review]] = defaultdict(list)
    for review in cycle.reviews.select_related("organization", "group", "rubric").in_own_order():
        reviews[review.group_id, review.rubric_id].append(review)
    groups = [group for group, _rubric in reviews]
    return tuple(
        GridTab(
            number=place,
            name=_tab_name(members[0], is_split=groups.count(group) > 1),
            missing=sum(each.missing for each in members if each.state == ReviewState.UNSCORED),
            reviews=tuple(members),
        )
        for place, ((group, _rubric), members) in enumerate(reviews.items(), 1)
    )


def chosen_tab(tabs: Sequence[GridTab], *, place: int | None, unit: int | None) -> GridTab:
    """The tab that holds this unit, or has this number; else the first."""
    for tab in tabs:
        if any(review.organization_id == unit for review in tab.reviews):
            return tab
    return next((tab for tab in tabs if tab.number == place), tabs[0])


def entry_grid(cycle: ReviewCycle, tab: GridTab) -> EntryGrid:
    """The units of a tab and what their cells say now. Two queries."""
    rubric = tab.rubric
    indicators = list(rubric.indicators.select_related("section"))
    shown = shown_cells(tab.reviews)
    return EntryGrid(
        sections=tuple(
            (name, len(list(members))) for name, members in groupby(each.section.name for each in indicators)
        ),
        columns=tuple(_column(indicator) for indicator in indicators),
        rows=tuple(
            _row(cycle, review, indicators, [shown.get((review.pk, each.pk), _BLANK) for each in indicators])
            for review in tab.reviews
        ),
        full_total=number(rubric.full_total),
        places=rubric.places,
    )


def _tab_name(review: Review, *, is_split: bool) -> str:
    if not is_split:
        return review.group.name
    return _("%(group)s, rubric version %(version)s") % {
        "group": review.group.name,
        "version": review.rubric.version,
    }


def _left_out(review: Review) -> str:
    if review.state in (ReviewState.EXEMPT, ReviewState.NOT_VISITED):
        return f"{review.get_state_display()}: {review.reason}"
    return ""


def _column(indicator: Indicator) -> GridColumn:
    full_marks, step = number(indicator.full_marks), number(indicator.step)
    return GridColumn(
        indicator=str(indicator.pk),
        name=indicator.name,
        full_marks=full_marks,
        step=step,
        is_bonus=indicator.is_bonus,
        limits=_("0 – %(full_marks)s, in steps of %(step)s") % {"full_marks": full_marks, "step": step},
    )


def _row(
    cycle: ReviewCycle, review: Review, indicators: Sequence[Indicator], shown: Sequence[ShownCell]
) -> GridRow:
    cells = (
        _derived_cell(cycle, review, indicator, cell.text)
        if cell.is_derived
        else f"<td>{escape(cell.text)}</td>"
        for indicator, cell in zip(indicators, shown, strict=True)
    )
    return GridRow(
        review=str(review.pk),
        unit=str(review.organization_id),
        name=review.organization.name,
        left_out=_left_out(review),
        versions=" ".join(str(cell.version) for cell in shown),
        cells=mark_safe("".join(cells)),  # both kinds escape what they show
    )


def _derived_cell(cycle: ReviewCycle, review: Review, indicator: Indicator, text: str) -> str:
    """A link to the deductions that make the points (rule 10)."""
    address = reverse("reviews:deductions", args=[cycle.quarter, review.organization_id, indicator.pk])
    return format_html(
        '<td><a href="{}" data-value="{}">{} <span class="cell-state">{}</span></a></td>',
        address, text, text, _("deducted"),
    )  # fmt: skip
