"""The workbook to fill in for a quarter: its units and indicators, with all that is recorded already.

What is recorded stands in it, so that it is also the cycle's scores as a file; imported unchanged it changes
nothing. A file speaks the words of the office, whatever the language of the screen.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from organizations.quarter import Quarter
from reviews.cells import KeptCell, kept_cells
from reviews.entry_grid import GridTab, grid_tabs
from reviews.models import Deduction, Indicator, Review, ReviewCycle


class NothingToFill(Exception):
    """The cycle has no roster yet, so there is nothing to score."""


@dataclass(frozen=True)
class TemplateColumn:
    """One indicator as its heading names it. cap: the most that deductions can take."""

    name: str
    section: str
    full_marks: Decimal
    step: Decimal
    cap: Decimal
    is_bonus: bool


@dataclass(frozen=True)
class TemplateCell:
    """What is recorded of one cell; is_derived: deductions make its points."""

    points: Decimal | None
    applies: bool
    is_derived: bool


@dataclass(frozen=True)
class TemplateRow:
    """One unit. remark: why it is left out, or ""."""

    unit: str
    remark: str
    cells: tuple[TemplateCell, ...]


@dataclass(frozen=True)
class TemplateSheet:
    """The units that one rubric scores: a group, or those of it that one version scores."""

    name: str
    group: str
    columns: tuple[TemplateColumn, ...]
    rows: tuple[TemplateRow, ...]


@dataclass(frozen=True)
class TemplateDeduction:
    """A deduction that is recorded already."""

    unit: str
    indicator: str
    points: Decimal
    reason: str


@dataclass(frozen=True)
class ScoreTemplate:
    """All that the workbook shows."""

    quarter: Quarter
    sheets: tuple[TemplateSheet, ...]
    deductions: tuple[TemplateDeduction, ...]

    @property
    def units(self) -> list[str]:
        """Every unit, in the host's order."""
        return [row.unit for sheet in self.sheets for row in sheet.rows]

    @property
    def indicators(self) -> list[str]:
        """Every indicator's name once, in the order of the rubrics."""
        return list(dict.fromkeys(column.name for sheet in self.sheets for column in sheet.columns))

    @property
    def derived_count(self) -> int:
        """How many cells have points that deductions make."""
        return sum(cell.is_derived for sheet in self.sheets for row in sheet.rows for cell in row.cells)

    @property
    def file_name(self) -> str:
        return f"{self.quarter.label}得分填报表.xlsx"


def score_template(cycle: ReviewCycle) -> ScoreTemplate:
    """The template of a cycle. Four queries, however many units. Raises NothingToFill."""
    tabs = grid_tabs(cycle)
    if not tabs:
        raise NothingToFill
    indicators: dict[int, list[Indicator]] = defaultdict(list)
    used = {tab.rubric.pk for tab in tabs}
    for indicator in Indicator.objects.filter(rubric__in=used).select_related("section"):
        indicators[indicator.rubric_id].append(indicator)
    cells = {cell.key: cell for cell in kept_cells(cycle.reviews.all())}
    return ScoreTemplate(
        quarter=cycle.quarter,
        sheets=tuple(_sheet(tab, indicators[tab.rubric.pk], cells) for tab in tabs),
        deductions=tuple(
            TemplateDeduction(
                unit=deduction.review.organization.name,
                indicator=deduction.indicator.name,
                points=deduction.points,
                reason=deduction.reason,
            )
            for deduction in Deduction.objects.in_force()
            .filter(review__cycle=cycle)
            .select_related("review__organization", "indicator")
        ),
    )


def _sheet(
    tab: GridTab, indicators: list[Indicator], cells: dict[tuple[int, int], KeptCell]
) -> TemplateSheet:
    group, version = tab.reviews[0].group.name, tab.rubric.version
    return TemplateSheet(
        name=group if tab.name == group else f"{group} 细则第{version}版",
        group=group,
        columns=tuple(map(_column, indicators)),
        rows=tuple(
            _row(review, [cells[review.pk, each.pk] for each in indicators]) for review in tab.reviews
        ),
    )


def _column(indicator: Indicator) -> TemplateColumn:
    return TemplateColumn(
        name=indicator.name,
        section=indicator.section.name,
        full_marks=indicator.full_marks,
        step=indicator.step,
        cap=indicator.full_marks if indicator.cap is None else indicator.cap,
        is_bonus=indicator.is_bonus,
    )


def _row(review: Review, cells: list[KeptCell]) -> TemplateRow:
    remark = f"本季度不评：{review.reason}" if review.is_left_out else ""
    return TemplateRow(
        unit=review.organization.name,
        remark=remark,
        cells=tuple(TemplateCell(cell.points, cell.applies, cell.is_derived) for cell in cells),
    )
