"""Read a long sheet: a row for each score or deduction, in columns 单位, 指标, 得分, 扣分, 扣分原因."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from organizations.names import clean_text
from organizations.quarter import Quarter
from reviews.importing.columns import fullest_column
from reviews.importing.expected import EnteredScore, ExpectedIndicator, ExpectedUnit, RecordedDeduction
from reviews.importing.findings import Findings, Names, StatedScore, ambiguous_unit, number, shown
from reviews.importing.points import CannotBePoints, deduction_of, plain_number, score_of
from reviews.importing.words import COLUMN_WORDS, is_date, is_footer, is_indicator_heading, is_unit_heading
from reviews.models.rubric import LONGEST_REASON
from workbooks.cells import Place, Value
from workbooks.layout import Header, find_header
from workbooks.sheets import Sheet


def find_long_header(sheet: Sheet, names: Names, after: int = 0) -> Header | None:
    """The next header of a long table: a unit, an indicator, and 得分 or 扣分 or both."""
    header = find_header(sheet, COLUMN_WORDS, ["unit", "indicator"], after)
    if header is None or not {"score", "deduction"} & header.columns.keys():
        return None
    # 考核项目 may be the section of the 考核内容 beside it.
    indicator = fullest_column(sheet, header, "indicator", is_indicator_heading, names.is_indicator_name)
    unit = fullest_column(sheet, header, "unit", is_unit_heading, names.is_unit)
    return replace(header, columns={**header.columns, "indicator": indicator, "unit": unit})


def read_long(sheet: Sheet, header: Header, last_row: int, names: Names, findings: Findings) -> None:
    """Add a table's scores, deductions and problems to the findings. last_row: of the table, from 1."""
    reader = _LongTable(sheet, header, names, findings)
    reader.repeats_units = reader.names_a_unit_twice_running(last_row)
    for row in findings.rows(header.bottom + 1, last_row):
        reader.read_row(row)
    if not reader.has_units and any(sheet.rows[header.bottom : last_row]):
        findings.note(sheet.place(), _("The sheet lists no unit of the roster."))


class _LongTable:
    def __init__(self, sheet: Sheet, header: Header, names: Names, findings: Findings) -> None:
        self.sheet = sheet
        self.top = header.bottom + 1
        self.columns = header.columns
        self.names = names
        self.findings = findings
        self.has_units = False
        self.above: tuple[int, ExpectedUnit] | None = None  # the last row that was read, and its unit
        self.repeats_units = False
        self.reasons: dict[str, str] = {}  # as stored, by the cell's text: most rows share a few

    def read_row(self, row: int) -> None:
        unit = self.find_unit(row)
        if unit is None:
            return
        self.has_units = True
        self.above = (row, unit)
        if self.is_sum(row):
            return
        indicator = self.find_indicator(row, unit)
        if indicator is None:
            return
        deduction, score = self.value(row, "deduction"), self.value(row, "score")
        if deduction is not None and not self.lost_nothing(deduction, score, indicator):
            self.read_deduction(row, unit, indicator, deduction)
        elif score is not None:
            self.read_score(row, unit, indicator, score)
        else:
            self.problem(row, "indicator", _("The row has neither a score nor a deduction."))

    def names_a_unit_twice_running(self, last_row: int) -> bool:
        """Does every row name its unit, the one above's too? A blank is then no repetition, but forgotten."""
        column = self.columns["unit"]
        units = [self.sheet.value(row, column) for row in range(self.top, last_row + 1)]
        return any(unit is not None and unit == below for unit, below in itertools.pairwise(units))

    def is_sum(self, row: int) -> bool:
        """小计 or 合计 among a unit's indicators: what it gives follows from the rows above."""
        text = self.sheet.covering(row, self.columns["indicator"])
        return isinstance(text, str) and not self.names.is_indicator_name(text) and is_footer(text)

    def lost_nothing(self, deduction: Value, score: Value, indicator: ExpectedIndicator) -> bool:
        """扣分 0 beside full marks; without them it is not certain that anybody looked."""
        return plain_number(deduction) == 0 and plain_number(score) == indicator.full_marks

    def find_unit(self, row: int) -> ExpectedUnit | None:
        text = self.sheet.covering(row, self.columns["unit"])
        if text is None:
            return self.unit_above(row)
        self.above = None
        name = str(text)
        units = self.names.units(name)
        if len(units) == 1:
            return units[0]
        if units:
            self.problem(row, "unit", ambiguous_unit(name, units))
        elif not is_footer(name) and Quarter.find_in(name) is None and not is_date(name):
            if any(value is not None for value in self.others(row)):
                self.problem(row, "unit", self.names.unknown_unit(name))
            else:
                place = self.sheet.place(row, self.columns["unit"])
                self.findings.note(place, self.names.unknown_unit(name))
        return None

    def others(self, row: int) -> Iterator[Value]:
        """What the row's cells hold, except that of the unit."""
        cells = enumerate(self.sheet.rows[row - 1], 1)
        return (value for column, value in cells if column != self.columns["unit"])

    def unit_above(self, row: int) -> ExpectedUnit | None:
        """A row without a unit goes on with the one directly above it, where units are named only once."""
        remarks = {self.columns.get("reason"), self.columns.get("remark")}
        cells = enumerate(self.sheet.rows[row - 1], 1)
        texts = [value for column, value in cells if isinstance(value, str) and column not in remarks]
        if any(map(is_footer, texts)):
            return None
        if not any(self.value(row, key) is not None for key in ("indicator", "score", "deduction")):
            return None
        indicator = self.sheet.covering(row, self.columns["indicator"])
        if indicator is not None and not self.repeats_units and self.above and self.above[0] == row - 1:
            return self.above[1]
        self.problem(row, "unit", _("The row names no unit."))
        return None

    def find_indicator(self, row: int, unit: ExpectedUnit) -> ExpectedIndicator | None:
        text = self.sheet.covering(row, self.columns["indicator"])
        if text is None:
            if any(self.value(row, key) is not None for key in ("score", "deduction", "reason")):
                self.problem(row, "indicator", _("The row names no indicator."))
            return None
        key, stated = self.names.heading(str(text))
        place = self.sheet.place(row, self.columns["indicator"])
        self.findings.note_reading(place, str(text), self.names)
        if self.names.remembered(str(text)) == "":
            return None
        indicator = self.names.indicator(unit.group, key)
        if indicator is None:
            self.tell_of_unknown(place, str(text), key, unit)
        elif stated is not None and stated != indicator.full_marks:
            self.problem(
                row,
                "indicator",
                _("“%(name)s” has %(stated)s points here, %(full_marks)s in the rubric for “%(group)s”.")
                % {
                    "name": indicator.name,
                    "stated": number(stated),
                    "group": unit.group,
                    "full_marks": number(indicator.full_marks),
                },
            )
            return None
        return indicator

    def tell_of_unknown(self, place: Place, text: str, key: str, unit: ExpectedUnit) -> None:
        if not self.names.has_rubric(unit.group):
            message = _("“%(name)s” belongs to “%(group)s”, which has no rubric.")
            self.findings.problem(place, message % {"name": unit.name, "group": unit.group})
        elif self.names.is_indicator(key):
            message = _("“%(name)s” is not an indicator of the rubric for “%(group)s”.")
            self.findings.problem(place, message % {"name": shown(text), "group": unit.group})
        else:
            self.findings.unknown(self.names.unknown_indicator(text, place))

    def read_deduction(
        self, row: int, unit: ExpectedUnit, indicator: ExpectedIndicator, value: Value
    ) -> None:
        cell = (unit.review, indicator.indicator)
        try:
            points = deduction_of(value, indicator)
        except CannotBePoints as reason:
            self.findings.doubtful.add(cell)
            self.problem(row, "deduction", str(reason))
            return
        place = self.sheet.place(row, self.columns["deduction"])
        self.findings.deductions.append(RecordedDeduction(*cell, points, self.reason(row), place))
        stated = self.value(row, "score")
        if stated is None:
            return
        try:
            left = score_of(stated, indicator)
        except CannotBePoints as reason:
            self.problem(row, "score", str(reason))
            return
        if left is None:
            self.problem(row, "score", _("An indicator that does not apply cannot have a deduction."))
        else:
            place = self.sheet.place(row, self.columns["score"])
            self.findings.stated.append(StatedScore(cell, left, place))

    def read_score(self, row: int, unit: ExpectedUnit, indicator: ExpectedIndicator, value: Value) -> None:
        try:
            points = score_of(value, indicator)
        except CannotBePoints as reason:
            self.problem(row, "score", str(reason))
            return
        place = self.sheet.place(row, self.columns["score"])
        applies = points is not None
        score = EnteredScore(unit.review, indicator.indicator, points, applies, self.reason(row), place)
        self.findings.scores.append(score)
        self.findings.long_scores.append(score)

    def reason(self, row: int) -> str:
        """扣分原因 or, where that is blank or no column, 备注; one merged over several rows is each one's."""
        for key in ("reason", "remark"):
            value = self.sheet.covering(row, self.columns[key]) if key in self.columns else None
            if value is not None:
                text = str(value)
                if text not in self.reasons:
                    self.reasons[text] = clean_text(text)
                if len(self.reasons[text]) > LONGEST_REASON:
                    self.problem(row, key, _too_long(self.reasons[text]))
                return self.reasons[text]
        return ""

    def value(self, row: int, key: str) -> Value:
        """The row's own value in one of the columns; None where the sheet has no such column."""
        return self.sheet.value(row, self.columns[key]) if key in self.columns else None

    def problem(self, row: int, key: str, message: str) -> None:
        self.findings.problem(self.sheet.place(row, self.columns[key]), message)


def _too_long(reason: str) -> str:
    message = _("“%(reason)s” has %(length)s characters; a reason has at most %(limit)s.")
    return message % {"reason": shown(reason), "length": len(reason), "limit": LONGEST_REASON}
