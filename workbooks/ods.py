"""Read .ods (LibreOffice, WPS). Its XML holds each value as exact text, so it is read directly:
calamine tells neither merged cells nor formulas without a result of this format."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from xml.parsers import expat

from django.utils.translation import gettext as _

from workbooks.archive import damaged, read_parts
from workbooks.cells import UNCALCULATED, ErrorValue, Value
from workbooks.limits import MAX_COLUMNS, Room
from workbooks.markup import local_name, parse
from workbooks.sheets import Block, Sheet, UnreadableWorkbook, Workbook, trim
from workbooks.values import number_value, text_value

CONTENT_PART = "content.xml"
_MANIFEST_PART = "META-INF/manifest.xml"
# Elements whose text or cells are not the sheet's: notes on cells, drawings, the log of changes.
_PASSED_OVER = frozenset({"annotation", "shapes", "tracked-changes", "frame", "custom-shape", "forms"})
# Where they stand within a cell they belong to a table inside it.
_TABLE_PARTS = frozenset({"table", "table-row", "table-cell", "covered-table-cell"})
_MAX_BLANKS = 100


def read_ods(data: bytes) -> Workbook:
    """Read an OpenDocument spreadsheet. Raises UnreadableWorkbook."""
    parts = read_parts(data, {CONTENT_PART, _MANIFEST_PART}.__contains__)
    if b"encryption-data" in parts.get(_MANIFEST_PART, b""):
        raise UnreadableWorkbook(_("It is protected by a password; save it without one."))
    reader = _ContentReader()
    parse(parts[CONTENT_PART], reader.start, reader.end, reader.attach)
    return Workbook(tuple(sheet for sheet in reader.sheets if sheet.rows))


class _ContentReader:
    """Follows the elements of content.xml. Blank cells and rows, however often repeated, are only counted."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self.room = Room()
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.passed_over = 0
        self.cells: dict[int, Value] = {}
        self.column = 0
        self.repeated_rows = 1
        self.start_table({})
        self.attributes: dict[str, str] | None = None
        self.text: list[str] = []

    def attach(self, parser: expat.XMLParserType) -> None:
        parser.CharacterDataHandler = self.characters

    def characters(self, text: str) -> None:
        if self.attributes is not None and not self.passed_over:
            self.text.append(text)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local_name(name)
        if self.passed_over or name in _PASSED_OVER or (self.attributes is not None and name in _TABLE_PARTS):
            self.passed_over += 1
        elif name in ("table-cell", "covered-table-cell"):
            self.attributes = attributes
            self.text.clear()
        elif self.attributes is not None:
            self.start_text(name, attributes)
        elif name == "table-row":
            self.cells = {}
            self.column = 0
            self.repeated_rows = _count(attributes, "table:number-rows-repeated")
        elif name == "table":
            self.start_table(attributes)
        elif name == "style":
            self.style = attributes.get("style:name", "")
        elif name == "table-properties" and attributes.get("table:display") == "false":
            self.hidden_styles.add(self.style)

    def end(self, name: str) -> None:
        name = local_name(name)
        if self.passed_over:
            self.passed_over -= 1
        elif name in ("table-cell", "covered-table-cell"):
            self.end_cell()
        elif name == "table-row":
            self.end_row()
        elif name == "table":
            self.end_table()

    def start_table(self, attributes: Mapping[str, str]) -> None:
        self.name = attributes.get("table:name", "")
        self.is_hidden = attributes.get("table:style-name") in self.hidden_styles
        self.rows: dict[int, dict[int, Value]] = {}
        self.row = self.right = 0
        self.merged: list[Block] = []

    def start_text(self, name: str, attributes: Mapping[str, str]) -> None:
        if (name == "p" and self.text) or name == "line-break":
            self.text.append("\n")
        elif name == "tab":
            self.text.append("\t")
        elif name == "s":
            self.text.append(" " * min(_count(attributes, "text:c"), _MAX_BLANKS))

    def end_cell(self) -> None:
        assert self.attributes is not None
        repeated = _count(self.attributes, "table:number-columns-repeated")
        value = _value(self.attributes, "".join(self.text))
        if value is not None:
            if self.column + repeated > MAX_COLUMNS:
                self.room.take(self.name, self.row + 1, self.column + repeated)
            for column in range(self.column + 1, self.column + repeated + 1):
                self.cells[column] = value
        rows = _count(self.attributes, "table:number-rows-spanned")
        columns = _count(self.attributes, "table:number-columns-spanned")
        if rows > 1 or columns > 1:
            top, left = self.row + 1, self.column + 1
            self.merged.append(Block(top, left, top + rows - 1, left + columns - 1))
        self.column += repeated
        self.attributes = None

    def end_row(self) -> None:
        if self.cells:
            right = max(self.cells)
            self.right = max(self.right, right)
            # Looked at here already: one row can say that it is repeated a million times.
            Room(self.room.left).take(self.name, self.row + self.repeated_rows, self.right)
            for row in range(self.row + 1, self.row + self.repeated_rows + 1):
                self.rows[row] = self.cells
        self.row += self.repeated_rows

    def end_table(self) -> None:
        bottom = max(self.rows, default=0)
        self.room.take(self.name, bottom, self.right)
        rows = (self.rows.get(row, {}) for row in range(1, bottom + 1))
        grid = trim([cells.get(column) for column in range(1, max(cells, default=0) + 1)] for cells in rows)
        self.sheets.append(Sheet(self.name, grid, tuple(self.merged), self.is_hidden))


def _count(attributes: Mapping[str, str], name: str) -> int:
    """How often something is repeated or how far it spans: 1 unless the attribute says more."""
    count = int(attributes.get(name, 1))
    if count < 1:
        raise ValueError(name)
    return count


def _value(attributes: Mapping[str, str], text: str) -> Value:
    """A cell's value. text: what the cell shows."""
    kind = attributes.get("office:value-type")
    shown = text_value(text)
    has_formula = "table:formula" in attributes
    if attributes.get("calcext:value-type") == "error" or (
        has_formula and shown is not None and shown.startswith(("#", "Err:"))
    ):
        return ErrorValue(shown or "#VALUE!")
    if kind in ("float", "percentage", "currency"):
        return _number(attributes.get("office:value", ""))
    if kind == "boolean":
        return attributes.get("office:boolean-value") == "true"
    if kind == "date":
        return _date(attributes.get("office:date-value", ""))
    if kind is None and shown is None:
        return UNCALCULATED if has_formula else None
    return text_value(attributes.get("office:string-value", "")) or shown


def _number(stored: str) -> Value:
    try:
        number = Decimal(stored)
    except InvalidOperation as error:
        raise damaged() from error
    return number_value(float(number))


def _date(stored: str) -> Value:
    try:
        moment = datetime.fromisoformat(stored)
    except ValueError:
        return text_value(stored)
    return moment if moment.time() != datetime.min.time() else date(moment.year, moment.month, moment.day)
