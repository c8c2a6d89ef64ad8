"""Read .xlsx and .xlsm: calamine for the values, a look at the XML for what calamine does not tell.

calamine reads a formula that was never calculated and an error as blank, and allocates the whole
rectangle around a sheet's cells. So each sheet's XML is read through once beforehand: how far it
reaches, and which cells hold a formula without a value or an error.
"""

from __future__ import annotations

import io
import posixpath
from dataclasses import dataclass
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from workbooks.archive import damaged, read_parts, stored
from workbooks.cells import UNCALCULATED, ErrorValue, Value, column_number
from workbooks.grid import Extent, RawSheet, complete_sheet
from workbooks.limits import Room
from workbooks.markup import local_name, parse
from workbooks.sheets import Workbook

WORKBOOK_PART = "xl/workbook.xml"
# Parts that hold no cells: not worth inflating, and where most of a file's weight lies.
_LEFT_OUT = ("xl/media/", "xl/drawings/", "xl/charts/", "xl/theme/", "xl/pivot", "xl/tables/", "xl/persons/",
             "xl/externalLinks/", "xl/embeddings/", "customXml/", "docProps/")  # fmt: skip


def read_xlsx(data: bytes) -> Workbook:
    """Read a zipped Office workbook, transitional or strict. Raises UnreadableWorkbook."""
    parts = read_parts(data, _is_wanted)
    listed = _listed_sheets(parts)
    for name in parts.keys() - {sheet.part for sheet in listed}:
        parse(parts[name])
    room = Room()
    extents = {}
    for sheet in listed:
        extents[sheet] = extent = _scan(parts[sheet.part], sheet)
        room.take(sheet.name, extent.bottom, extent.right)
    archive = io.BytesIO(stored(parts))
    parts.clear()  # dozens of megabytes that calamine is about to take again
    try:
        with CalamineWorkbook.from_filelike(archive) as workbook:
            sheets = [
                complete_sheet(_raw(workbook.get_sheet_by_name(sheet.name), sheet), extents[sheet])
                for sheet in listed
                if extents[sheet].bottom
            ]
    except CalamineError as error:
        raise damaged() from error
    return Workbook(tuple(sheets))


def _raw(source: CalamineSheet, sheet: _Listed) -> RawSheet:
    rows = source.to_python(skip_empty_area=False)
    return RawSheet(sheet.name, sheet.is_hidden, rows, source.merged_cell_ranges or ())


def _is_wanted(name: str) -> bool:
    return name.endswith((".xml", ".rels")) and not name.startswith(_LEFT_OUT)


@dataclass(frozen=True)
class _Listed:
    """A worksheet as the workbook lists it."""

    name: str
    part: str
    is_hidden: bool
    # The program that wrote the file left the calculating to whoever opens it; its results are fillers.
    is_to_be_calculated: bool


def _listed_sheets(parts: dict[str, bytes]) -> list[_Listed]:
    """The worksheets in order; sheets of charts and macros have no cells and are left out."""
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str, bool]] = []
    calculated_on_load = False

    def relationship(name: str, attributes: dict[str, str]) -> None:
        if local_name(name) == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            targets[attributes.get("Id", "")] = posixpath.normpath(
                posixpath.join("/xl", attributes.get("Target", ""))
            ).lstrip("/")

    def workbook(name: str, attributes: dict[str, str]) -> None:
        nonlocal calculated_on_load
        if local_name(name) == "calcPr":
            calculated_on_load = attributes.get("fullCalcOnLoad") in ("1", "true")
        elif local_name(name) == "sheet":
            link = next((value for key, value in attributes.items() if local_name(key) == "id"), "")
            is_hidden = attributes.get("state", "visible") != "visible"
            sheets.append((attributes.get("name", ""), link, is_hidden))

    parse(parts.get("xl/_rels/workbook.xml.rels", b""), relationship)
    parse(parts.get(WORKBOOK_PART, b""), workbook)
    listed = [
        _Listed(name, targets[link], is_hidden, calculated_on_load)
        for name, link, is_hidden in sheets
        if link in targets
    ]
    if len({sheet.name for sheet in listed}) < len(listed) or any(
        sheet.part not in parts for sheet in listed
    ):
        raise damaged()
    return listed


def _scan(part: bytes, sheet: _Listed) -> Extent:
    reader = _SheetReader(sheet.is_to_be_calculated)
    parse(part, reader.start, with_parser=reader.attach)
    reader.finish_cell()
    return reader.extent


class _SheetReader:
    """Follows the elements of one sheet. Text is listened to only where it decides something."""

    def __init__(self, is_to_be_calculated: bool) -> None:
        self.extent = Extent()
        self.is_to_be_calculated = is_to_be_calculated
        self.row = self.column = 0
        self.kind: str | None = None
        self.has_formula = self.has_value = False
        self.text: list[str] = []
        self.columns: dict[str, int] = {}

    def attach(self, parser: expat.XMLParserType) -> None:
        self.parser = parser

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local_name(name)
        if name == "c":
            self.finish_cell()
            self.start_cell(attributes)
        elif name in ("v", "is"):
            self.has_value = True
            self.text.clear()
            self.extent.use(self.row, self.column)
        elif name == "f":
            self.has_formula = True
            self.listen()
        elif name == "row":
            self.finish_cell()
            self.row = _counted(attributes.get("r", self.row + 1))
            self.column = 0

    def start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self.kind = attributes.get("t")
        if reference is None:
            self.column += 1
        else:
            letters = reference.rstrip("0123456789")
            if letters not in self.columns:
                self.columns[letters] = _counted(column_number(letters[:4]))
            self.column = self.columns[letters]
            self.row = _counted(reference[len(letters) :])
        if self.kind in ("e", "s"):
            self.listen()

    def listen(self) -> None:
        """Take in the text up to the end of the cell: behind the last a sheet has text of its own."""
        self.parser.CharacterDataHandler = self.text.append
        self.parser.EndElementHandler = self.end

    def end(self, name: str) -> None:
        if local_name(name) == "c":
            self.finish_cell()

    def finish_cell(self) -> None:
        """Look back at the cell that has just been read, if its text was listened to."""
        if self.has_formula or self.kind in ("e", "s"):
            self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
            text = "".join(self.text).strip() if self.has_value else ""
            if self.kind == "s":
                _check_shared(text)
            elif (value := self.replacement(text)) is not None:
                self.extent.put(self.row, self.column, value)
        self.text.clear()
        self.kind = None
        self.has_formula = self.has_value = False

    def replacement(self, text: str) -> Value:
        if self.kind == "e":
            return ErrorValue(text or "#VALUE!")
        if self.kind == "str" and self.has_value:
            return None  # worked out, and the result is text, perhaps none
        # Writers that do not calculate leave no result, or 0 and a request to calculate on opening.
        if not text or (text == "0" and self.is_to_be_calculated):
            return UNCALCULATED
        return None


def _check_shared(text: str) -> None:
    """A shared string is named by its number; calamine takes anything else for the first one."""
    if text and not (text.isascii() and text.isdigit()):
        raise damaged()


def _counted(number: str | int) -> int:
    """A row or column number, which starts at 1. Raises ValueError for anything else."""
    if (counted := int(number)) < 1:
        raise ValueError(number)
    return counted
