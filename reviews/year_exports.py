"""A year as .xlsx and .csv for those who may see it; text never becomes a formula."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from reviews.seen_years import SeenYear, SeenYearGroup, absence_in_words
from reviews.year_results import YearLine
from workbooks.writing import XLSX, Table, Written, write_csv, write_xlsx


def year_xlsx(seen: SeenYear) -> bytes:
    """A sheet for each group: its table and its lists; then a sheet of notes."""
    groups = [
        Table(group.name, _header(seen), [*_lines(seen, group), *_lists(group)]) for group in seen.groups
    ]
    return write_xlsx([*groups, Table(_("Notes"), [_("Notes"), ""], _notes(seen))])


def year_csv(seen: SeenYear) -> bytes:
    """All groups below each other, with the group in the first column; notes in the last rows."""
    rows: list[list[Written]] = [[_("Group"), *_header(seen)]]
    for group in seen.groups:
        rows += [[group.name, *row] for row in [*_lines(seen, group), *_lists(group)]]
    rows += [[_("Notes"), None, label, value] for label, value in _notes(seen)]
    return write_csv(rows)


def year_export_name(seen: SeenYear, extension: str) -> str:
    """What the file is called, so that no year so far is taken for published: 2018年度名次（未发布）.csv."""
    publication = seen.publication
    if publication is None:
        what = "（未发布）"
    else:
        what = f"（第{publication.number - 1}次更正）" if publication.is_correction else ""
    return f"{seen.year}年度名次{what}.{extension}"


YEAR_EXPORTS = {
    "xlsx": (year_xlsx, XLSX),
    "csv": (year_csv, "text/csv; charset=utf-8"),
}


def _header(seen: SeenYear) -> list[str]:
    quarters = [
        said % {"quarter": quarter.ordinal}
        for quarter in seen.quarters
        for said in (_("%(quarter)s total"), _("%(quarter)s place"))
    ]
    if not seen.has_places:
        return [_("Unit"), *quarters]
    return [_("Annual place"), _("Unit"), *quarters, _("Annual total"), _("Remarks")]


def _lines(seen: SeenYear, group: SeenYearGroup) -> Iterable[list[Written]]:
    for line in group.lines:
        unit: list[Written] = [line.name, *_cells(seen, line)]
        if seen.has_places:
            annual = Decimal(line.total_text) if line.total_text else None
            unit = [line.rank, *unit, annual, absence_in_words(line, seen.results)]
        yield unit


def _cells(seen: SeenYear, line: YearLine) -> Iterable[Written]:
    for quarter in seen.quarters:
        cell = line.in_quarter(quarter.number)
        yield Decimal(cell.total_text) if cell and cell.total_text else None
        yield cell.rank if cell else None


def _lists(group: SeenYearGroup) -> Iterable[list[Written]]:
    for clause in group.clauses:
        yield [None, f"{clause.label}：{clause.units}"]


def _notes(seen: SeenYear) -> list[list[Written]]:
    """What the figures are: of which year and quarters, by which weights, published or not, and as what."""
    weights = [
        f"{each.quarter.ordinal} {seen.results.rule.weight(each.quarter.number)}%"
        for each in seen.results.quarters
        if each.quarter in seen.quarters
    ]
    notes: list[list[Written]] = [[_("Year"), seen.year], [_("Weights"), "；".join(weights)]]
    publication = seen.publication
    if publication is None:
        return [*notes, [_("State"), _("The year so far, not published")]]
    notes += [[_("Publication"), publication.number], [_("Published on"), publication.published_on]]
    if publication.is_correction:
        notes.append([_("Reason for the correction"), publication.reason])
    return [*notes, [_("Digest"), publication.digest]]
