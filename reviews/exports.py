"""Standings as .xlsx and .csv for those who may see them; text never becomes a formula."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from reviews.disclosing import SeenGroup, SeenStandings
from reviews.standings import Line
from workbooks.writing import XLSX, Table, Written, write_csv, write_xlsx


def standings_xlsx(seen: SeenStandings) -> bytes:
    """A sheet for each group: its table, its unranked units and its four lists; then a sheet of notes."""
    groups = [Table(group.name, _header(), [*_lines(group), *_lists(group)]) for group in seen.groups]
    notes = Table(_("Notes"), [_("Notes"), ""], _notes(seen))
    return write_xlsx([*groups, notes])


def standings_csv(seen: SeenStandings) -> bytes:
    """All groups below each other, with the group in the first column; notes in the last rows."""
    rows: list[list[Written]] = [[_("Group"), *_header()]]
    for group in seen.groups:
        rows += [[group.name, *row] for row in [*_lines(group), *_lists(group)]]
    rows += [[_("Notes"), None, label, value] for label, value in _notes(seen)]
    return write_csv(rows)


def export_name(seen: SeenStandings, extension: str) -> str:
    """What the file is called, so that no draft is taken for published: 2018年第三季度名次（未发布）.csv."""
    publication = seen.publication
    if publication is None:
        what = "（未发布）"
    else:
        what = f"（第{publication.number - 1}次更正）" if publication.is_correction else ""
    return f"{seen.quarter.label}名次{what}.{extension}"


EXPORTS = {
    "xlsx": (standings_xlsx, XLSX),
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


def _notes(seen: SeenStandings) -> list[list[Written]]:
    """What the figures are: of which quarter, published or not, and as what."""
    notes: list[list[Written]] = [[_("Quarter"), seen.quarter.label]]
    if seen.baseline:
        notes.append([_("Compared with"), seen.baseline.label])
    publication = seen.publication
    if publication is None:
        return [*notes, [_("State"), _("Unpublished: do not pass on")]]
    notes += [[_("Publication"), publication.number], [_("Published on"), publication.published_on]]
    if publication.is_correction:
        notes.append([_("Reason for the correction"), publication.reason])
    return [*notes, [_("Digest"), publication.digest]]


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
