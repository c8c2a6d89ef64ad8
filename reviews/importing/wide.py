"""Read a wide sheet: a row for each unit, a column for each indicator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from organizations.names import normalize_name
from organizations.quarter import Quarter
from reviews.importing.columns import fullest_column
from reviews.importing.expected import EnteredScore, Expected, ExpectedUnit
from reviews.importing.findings import Findings, Names, ambiguous_unit, number, shown
from reviews.importing.points import CannotBePoints, plain_number, score_of
from reviews.importing.words import (
    NOT_APPLICABLE,
    is_date,
    is_footer,
    is_full_marks_row,
    is_passed_over,
    is_passed_over_text,
    is_total,
    is_unit_heading,
    without_numbering,
)
from reviews.scoring import Mark, round_half_up, total_of
from workbooks.cells import UNCALCULATED, Value
from workbooks.layout import Header, find_header, full_marks_alone
from workbooks.sheets import Sheet


def find_wide_header(sheet: Sheet, names: Names, after: int = 0) -> Header | None:
    """The next header of a wide table; None where no heading is an indicator or states full marks.

    A list of totals and ranks that goes with the scores has none, and is not read.
    """

    def is_unit_column(text: str) -> bool:
        return is_unit_heading(text) and not names.is_indicator_name(text)

    words = {"unit": is_unit_column}
    header = find_header(sheet, words, ["unit"], after)
    while header is not None:
        for text in header.labels.values():
            key, full_marks = names.heading(text)
            if names.is_indicator(key) or (full_marks is not None and not is_total(text)):
                unit = fullest_column(sheet, header, "unit", is_unit_column, names.is_unit)
                return replace(header, columns={**header.columns, "unit": unit})
        header = find_header(sheet, words, ["unit"], header.bottom)
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
        self.held = expected.recorded_deductions
        self.names = names
        self.findings = findings
        self.unit_column = header.columns["unit"]
        self.indicators: dict[int, str] = {}  # the indicator's key by column
        self.full_marks: dict[tuple[int, int], Decimal] = {}  # by the row and column where stated
        self.totals: list[int] = []
        self.unknown: dict[int, str] = {}  # headings that are neither an indicator nor passed over
        self.texts: set[int] = set()  # those of them that are passed over while they hold no points
        self.groups: dict[str, None] = {}  # the groups of the units listed, in order
        self.complained: set[tuple[int, str]] = set()

    def read(self, last_row: int) -> None:
        self.sort_columns(last_row)
        for row in self.findings.rows(self.header.bottom + 1, last_row):
            self.read_row(row)
        for group in self.groups:
            self.check_full_marks(group)
            _place, present = self.findings.wide_columns.setdefault(group, (self.sheet.place(), set()))
            present.update(self.indicators.values())
        if not self.groups:
            self.findings.note(self.sheet.place(), _("The sheet lists no unit of the roster."))

    def sort_columns(self, last_row: int) -> None:
        """Tell indicators, totals, columns that are passed over and unknown ones apart."""
        for column, text in self.header.labels.items():
            key, full_marks = self.names.heading(text)
            self.findings.note_reading(self.sheet.place(self.header.bottom, column), text, self.names)
            if self.names.is_indicator(key):
                self.add_indicator(column, key, text)
            elif is_total(text):
                self.totals.append(column)
            elif column != self.unit_column and not self.is_beside(text):
                self.unknown[column] = text
                if is_passed_over_text(text):
                    self.texts.add(column)
            if full_marks is not None and column in self.indicators:
                self.full_marks[self.header.bottom, column] = full_marks
            if column in self.indicators and column in self.header.numbers:
                row, number_below = self.header.numbers[column]
                self.full_marks[row, column] = number_below
        width = max(map(len, self.sheet.rows[self.header.bottom : last_row]), default=0)
        for column in range(1, width + 1):
            if column not in self.header.labels:
                self.unknown[column] = ""

    def is_beside(self, text: str) -> bool:
        """Is this heading passed over, because of what it says or of what is remembered?"""
        return is_passed_over(text) or self.names.remembered(text) == ""

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
        elif is_full_marks_row(name):
            self.read_full_marks(row)
        elif not self.is_no_unit(row, name):
            if self.stands_alone(row):
                self.findings.note(place, self.names.unknown_unit(name))
            else:
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
        is_heading = self.names.is_group(without_numbering(name)) or Quarter.find_in(name) is not None
        return is_heading or is_date(name)

    def stands_alone(self, row: int) -> bool:
        """Nothing beside the name: whoever signs the table, and in no case a score that would be lost."""
        cells = enumerate(self.sheet.rows[row - 1], 1)
        return all(value is None for column, value in cells if column != self.unit_column)

    def score_cells(self, row: int) -> Iterator[int]:
        """The indicator columns that hold anything in this row."""
        return (column for column in self.indicators if self.sheet.value(row, column) is not None)

    def check_nameless(self, row: int) -> None:
        """A row without a unit may hold text of any kind, and figures only where it says which."""
        filled = any(self.score_cells(row))
        # Beside scores a remark does not say what the row is; only what stands before them does.
        end = min(self.indicators, default=1) - 1 if filled else None
        texts = [value for value in self.sheet.rows[row - 1][:end] if isinstance(value, str)]
        if any(map(is_full_marks_row, texts)) or self.looks_like_full_marks(row):
            self.read_full_marks(row)
            return
        if any(map(is_footer, texts)):
            return
        if filled:
            self.findings.problem(
                self.sheet.place(row, self.unit_column), _("The row has scores, but names no unit.")
            )

    def read_full_marks(self, row: int) -> None:
        """A row 满分 below the header states the full marks as the header might."""
        for column in self.indicators:
            full_marks = full_marks_alone(self.sheet.value(row, column))
            if full_marks is not None:
                self.full_marks[row, column] = full_marks

    def looks_like_full_marks(self, row: int) -> bool:
        """Directly below the header: no name, and for most indicators the full marks of a rubric."""
        if row != self.header.bottom + 1:
            return False
        values = {key: self.sheet.value(row, column) for column, key in self.indicators.items()}
        stated = {key: full_marks_alone(value) for key, value in values.items() if value is not None}
        if None in stated.values():
            return False
        return any(
            2 * sum(self.is_full_marks(group, key, number) for key, number in stated.items()) > len(stated)
            for group in self.expected.indicators
        )

    def is_full_marks(self, group: str, key: str, stated: Decimal | None) -> bool:
        indicator = self.names.indicator(group, key)
        return indicator is not None and indicator.full_marks == stated

    def read_unit(self, row: int, unit: ExpectedUnit) -> None:
        place = self.sheet.place(row, self.unit_column)
        # The same unit again with other indicators is one section after another; agreement.py tells of
        # cells that are given twice.
        columns = frozenset(self.indicators.values())
        first = self.findings.unit_rows.setdefault((unit.review, columns), place)
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
        all_marks = self.findings.marks[unit.review]
        all_marks += marks
        if len(self.findings.problems) == known and not self.leaves_out_derived(row, unit):
            self.check_totals(row, marks, all_marks)

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
            if value is UNCALCULATED and (unit.review, indicator.indicator) in self.held:
                continue  # the points follow from the deductions, whatever the formula would say
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

    def leaves_out_derived(self, row: int, unit: ExpectedUnit) -> bool:
        """Does the row lack points that follow from deductions? Its total may hold them all the same."""
        if not self.held:
            return False
        blank = (key for column, key in self.indicators.items() if self.sheet.covering(row, column) is None)
        indicators = (self.names.indicator(unit.group, key) for key in blank)
        return any(one is not None and (unit.review, one.indicator) in self.held for one in indicators)

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
        for column in list(self.unknown):
            value = self.sheet.value(row, column)
            if value is None or (column in self.texts and not _may_be_points(value)):
                continue
            text = self.unknown.pop(column)
            place = self.sheet.place(self.header.bottom, column)
            if text:
                self.findings.unknown(self.names.unknown_indicator(text, place))
            else:
                self.findings.problem(place, _("The column holds values, but has no heading."))

    def check_totals(self, row: int, marks: list[Mark], all_marks: list[Mark]) -> None:
        """Compare what the sheet gives as the total with what its row adds up to.

        all_marks: the unit's so far, those of the tables above too, which the last total may include.
        """
        for column in self.totals:
            value = self.sheet.value(row, column)
            total = None if value is UNCALCULATED else plain_number(value)
            if total is None or not total.is_finite():
                continue
            places = self.expected.precision
            allowed = [*self.allowed_totals(marks), *self.allowed_totals(all_marks)]
            sums = [round_half_up(exact, places) for exact in allowed]
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
        for (row, column), stated in self.full_marks.items():
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


def note_missing_columns(expected: Expected, findings: Findings) -> None:
    """Name the indicators for which none of the file's wide tables has a column, group by group."""
    for group, (place, present) in findings.wide_columns.items():
        missing = [
            indicator.name
            for indicator in expected.indicators.get(group, ())
            if not indicator.is_bonus and normalize_name(indicator.name) not in present
        ]
        if missing:
            findings.note(
                place,
                _("No column for “%(group)s” indicators: %(names)s. They stay unscored.")
                % {"group": group, "names": "、".join(missing)},
            )


def _is_not_applicable(value: Value) -> bool:
    return isinstance(value, str) and normalize_name(value) == NOT_APPLICABLE


def _may_be_points(value: Value) -> bool:
    """Would it count, were its column an indicator's?"""
    return value is UNCALCULATED or _is_not_applicable(value) or plain_number(value) is not None
