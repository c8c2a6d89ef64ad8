"""Check a quarter's score workbook against its roster and rubrics, before anything is written."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext as _

from organizations.quarter import Quarter
from reviews.importing.agreement import agreed_scores
from reviews.importing.expected import (
    CellNames,
    Checked,
    EnteredScore,
    Expected,
    ExpectedIndicator,
    ExpectedUnit,
    HeldDeduction,
    RecordedDeduction,
)
from reviews.importing.findings import Findings, Names, shown
from reviews.importing.held import merge_deductions, note_only_held
from reviews.importing.long import find_long_header, read_long
from reviews.importing.wide import find_wide_header, note_missing_columns, read_wide
from reviews.importing.words import CHOICES_SHEET, is_unit_heading
from reviews.progress import Report, silent
from workbooks.cells import Place, Problem
from workbooks.layout import Header
from workbooks.sheets import Sheet, Workbook

__all__ = [
    "Checked",
    "EnteredScore",
    "Expected",
    "ExpectedIndicator",
    "ExpectedUnit",
    "HeldDeduction",
    "RecordedDeduction",
    "check_scores",
    "merge_deductions",
]


def check_scores(
    workbook: Workbook, expected: Expected, file_name: str = "", report: Report = silent
) -> Checked:
    """Check a workbook and say all that is wrong with it, in reading order. Writes nothing.

    A sheet is wide (a row for each unit, a column for each indicator) or long (单位, 指标, 得分 or 扣分),
    whichever its headings say, and is read for the units it lists, whatever its title. Blank cells are
    not scored; 不适用 does not apply; anything else that is no points the rubric allows is a problem.
    file_name: what the user calls the file; it may name the quarter where no title does. report: hears how
    many rows were read, and may stop it.

    `deductions` holds every deduction row of the file, those already recorded as well: what is to be
    added is for `merge_deductions` to say, by which the points were checked here too.
    """
    findings = Findings(report=report, row_count=row_count(workbook))
    names = Names(expected)
    titles_name_quarter = has_table = False
    for sheet in workbook.sheets:
        if sheet.hidden:
            if sheet.name != CHOICES_SHEET:
                findings.note(sheet.place(), _("The sheet is hidden and was not read."))
            continue
        titles = _read_sheet(sheet, expected, names, findings)
        if titles is not None:
            has_table = True
            titles_name_quarter |= _check_titles(sheet, titles, expected.quarter, findings)
    if not has_table:
        findings.problem(None, _no_table())
    elif not titles_name_quarter:
        _check_file_name(file_name, expected.quarter, findings)
    cell_names = CellNames(expected)
    note_missing_columns(expected, findings)
    scores = agreed_scores(findings, expected, cell_names)
    note_only_held(findings, expected, cell_names, file_name)
    order = {sheet.name: number for number, sheet in enumerate(workbook.sheets)}
    return Checked(
        scores=tuple(sorted(scores, key=lambda score: _reading_order(score.where, order))),
        deductions=tuple(findings.deductions),
        problems=_in_reading_order(findings.problems, order),
        notes=_in_reading_order(findings.notes, order),
        unknown_headings=tuple(findings.unknown_headings.values()),
    )


def row_count(workbook: Workbook) -> int:
    """How many rows there are to check."""
    return sum(len(sheet.rows) for sheet in workbook.sheets if not sheet.hidden)


def _read_sheet(sheet: Sheet, expected: Expected, names: Names, findings: Findings) -> list[int] | None:
    """Read a sheet's tables; give the rows of their titles, or None where there is no table of scores."""
    tables = list(_tables(sheet, lambda after: find_long_header(sheet, names, after)))
    is_long = bool(tables)
    if not is_long:
        tables = list(_tables(sheet, lambda after: find_wide_header(sheet, names, after)))
    for header, last_row in tables:
        if is_long:
            read_long(sheet, header, last_row, names, findings)
        else:
            read_wide(sheet, header, last_row, expected, names, findings)
    if not tables:
        findings.note(sheet.place(), _("The sheet has no heading row of a score table and was not read."))
        return None
    titles = list(range(1, tables[0][0].bottom))
    for (above, _last), (header, _last_row) in itertools.pairwise(tables):
        titles += [row for row in range(above.bottom + 1, header.top) if _is_title_row(sheet, row)]
    return titles


def _tables(sheet: Sheet, find: Callable[[int], Header | None]) -> Iterator[tuple[Header, int]]:
    """Each table's header and last row: offices stack the tables of all groups in one sheet.

    find: gives the next header below a row. A further one is looked for where the unit column says 单位.
    """
    header = find(0)
    while header is not None:
        unit_column = header.columns["unit"]
        below = None
        for row in range(header.bottom + 1, len(sheet.rows) + 1):
            text = sheet.covering(row, unit_column)
            if isinstance(text, str) and is_unit_heading(text):
                below = find(row - 1)
                # A heading of a group, such as 乡镇（街道）, may stand directly below the header.
                if below is None or below.top > header.bottom:
                    break
                below = None
        yield header, below.top - 1 if below is not None else len(sheet.rows)
        header = below


def _is_title_row(sheet: Sheet, row: int) -> bool:
    """Between two tables: one text and nothing beside it."""
    return len({value for value in sheet.rows[row - 1] if value is not None}) == 1


def _no_table() -> str:
    return _(
        "No score table was found. A table has a heading row with 单位 and the indicators' names, "
        "or one with 单位, 指标 and 得分 or 扣分."
    )


def _check_titles(sheet: Sheet, rows: list[int], quarter: Quarter, findings: Findings) -> bool:
    """Refuse titles that name another quarter; say whether any names a quarter at all."""
    titles = [(sheet.place(), sheet.name)]
    for row in rows:
        for column, value in enumerate(sheet.rows[row - 1], 1):
            if isinstance(value, str):
                titles.append((sheet.place(row, column), value))
    named = False
    for place, text in titles:
        found = Quarter.find_in(text)
        named |= found is not None
        if found is not None and found != quarter:
            findings.problem(place, _wrong_quarter(text, found, quarter))
    return named


def _check_file_name(file_name: str, quarter: Quarter, findings: Findings) -> None:
    found = Quarter.find_in(file_name)
    if found is not None and found != quarter:
        findings.problem(None, _wrong_quarter(file_name, found, quarter))


def _wrong_quarter(text: str, found: Quarter, expected: Quarter) -> str:
    return _("“%(text)s” is about %(found)s, but scores of %(expected)s are to be imported.") % {
        "text": shown(text),
        "found": found.label,
        "expected": expected.label,
    }


def _in_reading_order(problems: Iterable[Problem], order: dict[str, int]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: _reading_order(problem.where, order)))


def _reading_order(where: Place | None, order: dict[str, int]) -> tuple[int, int, int]:
    """By sheet, row and column; what concerns a whole file, sheet or row before its parts."""
    if where is None:
        return (-1, 0, 0)
    return (order[where.sheet], where.row or 0, where.column or 0)
