"""From a live field to the rule that gives it, the working with its very numbers, and the rows. Pure.

A kind of field without a function of its own is told about plainly: whom it names, and their rows.
"""

from __future__ import annotations

from collections.abc import Mapping

from reviews.reports import provenance_lists as lists
from reviews.reports import provenance_losses as losses
from reviews.reports import provenance_ranks as ranks
from reviews.reports.explained import (
    Explain,
    Explanation,
    Row,
    Rule,
    group_of,
    rank_columns,
    units_of,
)
from reviews.reports.facts import Results
from reviews.reports.fields import Field, FieldKind

SETTINGS = {"host": Rule.HOST, "area": Rule.AREA, "quarter": Rule.QUARTER, "rectify-by": Rule.RECTIFY_BY}

EXPLAIN: Mapping[FieldKind, Explain] = {
    FieldKind.BASELINE: losses.baseline,
    FieldKind.COUNT: ranks.count,
    FieldKind.AVERAGE: ranks.average,
    FieldKind.HIGHEST: ranks.highest,
    FieldKind.LOWEST: ranks.lowest,
    FieldKind.TOP: lists.top,
    FieldKind.LAST: lists.last,
    FieldKind.PROGRESS: lists.progress,
    FieldKind.SETBACK: lists.setback,
    FieldKind.UNRANKED: ranks.unranked,
    FieldKind.UNIT: ranks.unit,
    FieldKind.TOTAL: ranks.total,
    FieldKind.PLACES: ranks.furthest,
    FieldKind.RISERS: ranks.risers,
    FieldKind.STRENGTH: losses.strength,
    FieldKind.LOSSES: losses.losses,
    FieldKind.REASONS: losses.reasons,
    FieldKind.INDICATOR: losses.indicator,
    FieldKind.RECTIFICATION: losses.rectification,
    FieldKind.CORRECTION: losses.correction,
}


def explain(field: Field, results: Results) -> Explanation:
    """Where a field's value comes from, by the figures that it was written from."""
    own = EXPLAIN.get(field.kind)
    return (own(field, results) if own else None) or _told(field, results)


def _told(field: Field, results: Results) -> Explanation:
    """Whom or what a field tells of, with nothing to work out."""
    rows = tuple(Row(unit, group) for unit, group in units_of(field, results))
    rule = SETTINGS.get(field.key, Rule.NAMED)
    group = group_of(field, results)
    if field.kind is FieldKind.SETTING and group is not None:
        rule, rows = Rule.GROUP, tuple(Row(unit, group) for unit in group.units)
    if field.kind is FieldKind.ATTACHMENT:
        rule = Rule.ATTACHMENT
    return Explanation(field, rule, rows=rows, columns=rank_columns(results) if rows else (), is_own=False)
