"""Standings as .xlsx and .csv for those who may see them; text never becomes a formula."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from reviews.disclosing import SeenGroup, SeenStandings
from reviews.standings import Line
from workbooks.writing import Table, Written, write_csv, write_xlsx


def standings_xlsx(seen: SeenStandings) -> bytes:
    """A sheet for each group: its table, then its unranked units, then its four lists."""
    return write_xlsx(Table(group.name, _header(), [*_lines(group), *_lists(group)]) for group in seen.groups)


def standings_csv(seen: SeenStandings) -> bytes:
    """All groups below each other, with the group in the first column."""
    rows: list[list[Written]] = [[_("Group"), *_header()]]
    for group in seen.groups:
        rows += [[group.name, *row] for row in [*_lines(group), *_lists(group)]]
    return write_csv(rows)


EXPORTS = {
    "xlsx": (standings_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (standings_csv, "text/csv; charset=utf-8"),
}


def _header() -> list[str]:
    return [
        _("Place"),
        _("Unit"),
        _("Total"),
        _("Last place"),
        _("Places gained"),
        _("Change of total"),
        _("Remarks"),
    ]


def _lines(group: SeenGroup) -> Iterable[list[Written]]:
    for line in (*group.ranked, *group.unranked):
        yield [
            line.rank,
            line.organization_name,
            _as_printed(line.total_text),
            line.baseline_rank,
            line.places,
            _as_printed(line.total_change_text),
            line.unranked_reason or _comparability(line),
        ]


def _as_printed(text: str) -> Decimal | None:
    """A number that shows the decimals the page shows: 9.50."""
    return Decimal(text) if text else None


def _comparability(line: Line) -> str:
    return "" if line.places is not None else _("Not comparable")


def _lists(group: SeenGroup) -> Iterable[list[Written]]:
    for clause in group.clauses:
        yield [None, f"{clause.label}：{clause.units}", None, None, None, None, None]
