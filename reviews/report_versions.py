"""The versions of a document: who saved what, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reviews.composer_page import LEVELS
from reviews.models import ReportVersion, ReviewCycle
from reviews.report_texts import composition
from reviews.reports.blocks import SavedText
from reviews.reports.comparing import Change, Row, compared
from reviews.reports.document import Level


@dataclass(frozen=True)
class ShownRow:
    """A row of a comparison. before_level, after_level: in words, where they differ."""

    row: Row
    before_level: str
    after_level: str


@dataclass(frozen=True)
class Comparison:
    """Two versions side by side. rows: all of them; changed: how many say something else."""

    before: ReportVersion
    after: ReportVersion
    rows: Sequence[ShownRow]

    @property
    def changed(self) -> int:
        return sum(shown.row.change is not Change.SAME for shown in self.rows)


def comparison(cycle: ReviewCycle, before: ReportVersion, after: ReportVersion) -> Comparison:
    """What `after` changed of `before`, figures as they are now. A fixed number of queries."""
    fields = composition(cycle, after.kind).text.fields
    old, new = SavedText.from_json(before.text), SavedText.from_json(after.text)
    rows = [_shown(row) for row in compared(old.blocks, new.blocks, fields)]
    return Comparison(before, after, rows)


def _shown(row: Row) -> ShownRow:
    if row.before_level == row.after_level or not (row.before_level and row.after_level):
        return ShownRow(row, "", "")
    return ShownRow(row, str(LEVELS[Level(row.before_level)]), str(LEVELS[Level(row.after_level)]))
