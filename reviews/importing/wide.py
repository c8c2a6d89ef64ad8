"""Read a wide sheet: a row for each unit, a column for each indicator."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from organizations.names import normalize_name
from organizations.quarter import Quarter
from reviews.importing.expected import EnteredScore, Expected, ExpectedUnit
from reviews.importing.findings import Findings, Names, ambiguous_unit, number, shown
from reviews.importing.points import CannotBePoints, plain_number, score_of
from reviews.importing.words import (
    COLUMN_WORDS,
    FULL_MARKS_ROWS,
    NOT_APPLICABLE,
    PASSED_OVER_WORDS,
    TOTAL_WORDS,
    is_footer,
    without_numbering,
)
from reviews.scoring import Mark, round_half_up, total_of
from workbooks.cells import UNCALCULATED, Value
from workbooks.layout import Header, find_header, header_key, split_full_marks
from workbooks.sheets import Sheet


def find_wide_header(sheet: Sheet, names: Names, after: int = 0) -> Header | None:
    """The next header of a wide table; None where no heading is an indicator or states full marks.

    A list of totals and ranks that goes with the scores has none, and is not read.
    """
    header = find_header(sheet, {"unit": COLUMN_WORDS["unit"]}, ["unit"], after)
    while header is not None:
        for text in header.labels.values():
            key, full_marks = names.heading(text)
            if names.is_indicator(key) or (full_marks is not None and key not in TOTAL_WORDS):
                return header
        header = find_header(sheet, {"unit": COLUMN_WORDS["unit"]}, ["unit"], header.bottom)
    return None


def read_wide(
    sheet: Sheet, header: Header, last_row: int, expected: Expected, names: Names, findings: Findings
) -> None:
    """Add the scores and problems of a table to the findings. last_row: of the table, from 1."""
    _WideTable(sheet, header, expected, names, findings).read(last_row)


class _WideTable:
    def __init__(
        self, sheet: Sheet, header: Header, expected: Expected, names: Names, findings: Findings
    ) -> None:
        self.sheet = sheet
        self.header = header
        self.expected = expected
        self.names = names
        self.findings = findings
        self.unit_column = header.columns["unit"]
        self.indicators: dict[int, str] = {}  # the indicator's key by column
        self.full_marks: dict[int, tuple[int, Decimal]] = {}  # by column: where stated (row), and what
        self.totals: list[int] = []
        self.unknown: dict[int, str] = {}  # headings that are neither an indicator nor passed over
        self.groups: dict[str, None] = {}  # the groups of the units listed, in order
        self.complained: set[tuple[int, str]] = set()

    def read(self, last_row: int) -> None:
        self.sort_columns(last_row)
        for row in range(self.header.bottom + 1, last_row + 1):
            self.read_row(row)
        for group in self.groups:
            self.check_full_marks(group)
            self.note_missing(group)
        if not self.groups:
            self.findings.note(self.sheet.place(), _("The sheet lists no unit of the roster."))

    def sort_columns(self, last_row: int) -> None:
        """Tell indicators, totals, columns that are passed over and unknown ones apart."""
        passed_over = {header_key(word) for word in PASSED_OVER_WORDS | COLUMN_WORDS["unit"]}
        for column, text in self.header.labels.items():
            key, full_marks = self.names.heading(text)
            if self.names.is_indicator(key):
                self.add_indicator(column, key, text)
            elif split_full_marks(text)[0] in TOTAL_WORDS:
                self.totals.append(column)
            elif column != self.unit_column and header_key(text) not in passed_over:
                self.unknown[column] = text
            if full_marks is not None and column in self.indicators:
                self.full_marks[column] = (self.header.bottom, full_marks)
        width = max(map(len, self.sheet.rows[self.header.bottom : last_row]), default=0)
        for column in range(1, width + 1):
            if column not in self.header.labels:
                self.unknown[column] = ""

    def add_indicator(self, column: int, key: str, text: str) -> None:
        first = next((other for other, taken in self.indicators.items() if taken == key), None)
        if first is None:
            self.indicators[column] = key
            return
        self.findings.problem(
            self.sheet.place(self.header.bottom, column),
            _("“%(name)s” already has a column: %(place)s.")
            % {"name": shown(text), "place": self.sheet.place(column=first)},
        )

    def read_row(self, row: int) -> None:
        text = self.sheet.covering(row, self.unit_column)
        if text is None:
            self.check_nameless(row)
            return
        name = str(text)
        units = self.names.units(name)
        place = self.sheet.place(row, self.unit_column)
        if len(units) == 1:
            self.read_unit(row, units[0])
        elif units:
            self.findings.problem(place, ambiguous_unit(name, units))
        elif header_key(name) in FULL_MARKS_ROWS:
            self.read_full_marks(row)
        elif not self.is_no_unit(row, name):
            self.findings.problem(place, self.names.unknown_unit(name))

    def is_no_unit(self, row: int, name: str) -> bool:
        """A footer, a line over the whole width, a title or a heading between groups."""
        if is_footer(name):
            return True
        block = self.sheet.block(row, self.unit_column)
        if block is not None and any(block.left <= column <= block.right for column in self.indicators):
            return True
        if any(self.score_cells(row)):
            return False
        return self.names.is_group(without_numbering(name)) or Quarter.find_in(name) is not None

    def score_cells(self, row: int) -> Iterator[int]:
        """The indicator columns that hold anything in this row."""
        return (column for column in self.indicators if self.sheet.value(row, column) is not None)

    def check_nameless(self, row: int) -> None:
        """A row without a unit may hold text of any kind, and figures only where it says which."""
        texts = [value for value in self.sheet.rows[row - 1] if isinstance(value, str)]
        if any(is_footer(text) or header_key(text) in FULL_MARKS_ROWS for text in texts):
            if any(header_key(text) in FULL_MARKS_ROWS for text in texts):
                self.read_full_marks(row)
            return
        filled = next((column for column in self.score_cells(row)), None)
        if filled is not None:
            self.findings.problem(
                self.sheet.place(row, self.unit_column), _("The row has scores, but names no unit.")
            )

    def read_full_marks(self, row: int) -> None:
        """A row 满分 below the header states the full marks as the header might."""
        for column in self.indicators:
            full_marks = plain_number(self.sheet.value(row, column))
            if full_marks is not None:
                self.full_marks[column] = (row, full_marks)

    def read_unit(self, row: int, unit: ExpectedUnit) -> None:
        place = self.sheet.place(row, self.unit_column)
        first = self.findings.unit_rows.setdefault(unit.review, place)
        self.groups.setdefault(unit.group)
        if first != place:
            self.findings.problem(
                place, _("“%(name)s” is listed already: %(place)s.") % {"name": unit.name, "place": first}
            )
            return
        if not self.names.has_rubric(unit.group):
            self.findings.problem(
                place,
                _("“%(name)s” belongs to “%(group)s”, which has no rubric.")
                % {"name": unit.name, "group": unit.group},
            )
            return
        known = len(self.findings.problems)
        marks = self.read_marks(row, unit)
        self.check_unknown_columns(row)
        if len(self.findings.problems) == known:
            self.check_totals(row, marks)

    def read_marks(self, row: int, unit: ExpectedUnit) -> list[Mark]:
        """Read the row's score cells; give what its total is made of."""
        marks = []
        for column, key in self.indicators.items():
            value = self.sheet.covering(row, column)
            if value is None:
                continue
            indicator = self.names.indicator(unit.group, key)
            if indicator is None:
                self.check_not_its_own(row, column, value, unit.group)
                continue
            try:
                self.refuse_spread(row, column, value)
                points = score_of(value, indicator)
            except CannotBePoints as reason:
                self.findings.problem(self.sheet.place(row, column), str(reason))
                continue
            applies = points is not None
            self.findings.scores.append(
                EnteredScore(
                    unit.review, indicator.indicator, points, applies, "", self.sheet.place(row, column)
                )
            )
            marks.append(Mark(indicator.full_marks, points, applies, indicator.is_bonus))
        return marks

    def refuse_spread(self, row: int, column: int, value: Value) -> None:
        """Points merged over several cells may be meant once or for each; 不适用 is for each."""
        block = self.sheet.block(row, column)
        if block is not None and block.area > 1 and not _is_not_applicable(value):
            raise CannotBePoints(
                _("“%(value)s” is merged over several cells; give every cell its own points.")
                % {"value": shown(value)}
            )

    def check_not_its_own(self, row: int, column: int, value: Value, group: str) -> None:
        """An indicator of another group's rubric: its cell is blank or 不适用."""
        if _is_not_applicable(value) or (column, group) in self.complained:
            return
        self.complained.add((column, group))
        self.findings.problem(
            self.sheet.place(row, column),
            _("“%(name)s” is not an indicator of the rubric for “%(group)s”; leave it blank there.")
            % {"name": shown(self.header.labels[column]), "group": group},
        )

    def check_unknown_columns(self, row: int) -> None:
        for column in [column for column in self.unknown if self.sheet.value(row, column) is not None]:
            text = self.unknown.pop(column)
            if text:
                message = self.names.unknown_indicator(text)
            else:
                message = _("The column holds values, but has no heading.")
            self.findings.problem(self.sheet.place(self.header.bottom, column), message)

    def check_totals(self, row: int, marks: list[Mark]) -> None:
        """Compare what the sheet gives as the total with what its row adds up to."""
        for column in self.totals:
            value = self.sheet.value(row, column)
            total = None if value is UNCALCULATED else plain_number(value)
            if total is None or not total.is_finite():
                continue
            places = self.expected.precision
            sums = [round_half_up(exact, places) for exact in self.allowed_totals(marks)]
            if round_half_up(total, places) not in sums:
                self.findings.problem(
                    self.sheet.place(row, column),
                    _("%(label)s is given as %(total)s, but the row adds up to %(sum)s.")
                    % {
                        "label": shown(self.header.labels[column]),
                        "total": number(total),
                        "sum": number(sums[0]),
                    },
                )

    def allowed_totals(self, marks: list[Mark]) -> list[Decimal]:
        """The plain sum; beside a second total also the sum without bonus; with 不适用 the scaled total."""
        points = [mark.points for mark in marks if mark.points is not None]
        allowed = [sum(points, Decimal(0))]
        if len(self.totals) > 1:
            regular = (mark.points for mark in marks if mark.points is not None and not mark.is_bonus)
            allowed.append(sum(regular, Decimal(0)))
        if any(not mark.applies for mark in marks):
            full_total = sum((mark.full_marks for mark in marks if not mark.is_bonus), Decimal(0))
            scaled = total_of(marks, full_total, self.expected.precision).total
            allowed += [] if scaled is None else [scaled]
        return allowed

    def check_full_marks(self, group: str) -> None:
        for column, (row, stated) in self.full_marks.items():
            indicator = self.names.indicator(group, self.indicators[column])
            if indicator is not None and indicator.full_marks != stated:
                self.findings.problem(
                    self.sheet.place(row, column),
                    _("“%(name)s” has %(stated)s points here, %(full_marks)s in the rubric for “%(group)s”.")
                    % {
                        "name": indicator.name,
                        "stated": number(stated),
                        "group": group,
                        "full_marks": number(indicator.full_marks),
                    },
                )

    def note_missing(self, group: str) -> None:
        present = set(self.indicators.values())
        missing = [
            indicator.name
            for indicator in self.expected.indicators.get(group, ())
            if not indicator.is_bonus and normalize_name(indicator.name) not in present
        ]
        if missing:
            self.findings.note(
                self.sheet.place(),
                _("No column for “%(group)s” indicators: %(names)s. They stay unscored.")
                % {"group": group, "names": "、".join(missing)},
            )


def _is_not_applicable(value: Value) -> bool:
    return isinstance(value, str) and normalize_name(value) == NOT_APPLICABLE
