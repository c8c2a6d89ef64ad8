"""Draw the workbook to fill in: choices and limits in the cells, everything else locked without a password.

The only formulas are of our own making, from numbers and addresses; no text ever becomes part of one.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from reviews.importing.findings import number, shown
from reviews.importing.words import CHOICES_SHEET, NOT_APPLICABLE
from reviews.score_template import ScoreTemplate, TemplateCell, TemplateColumn, TemplateSheet
from workbooks.writing import valid_name

DEDUCTIONS_SHEET = "扣分"
MORE_DEDUCTIONS = 500  # rows to fill in, below those recorded
# Cells that follow the list of deductions: each formula reads all of it, and many stop Excel.
MOST_FORMULAS = 2_000
MOST_CHOICES = 25  # points that a drop-down lists; past that people type
_LONGEST_LIST = 255  # characters of a list that stands in the cell itself
_FIRST_ROW = 4  # of the units, from 0: below title, hint, sections and indicators

_HINT = "只填白色单元格：未评的留空，不适用的填“不适用”；有扣分的指标只填“扣分”表，不再填得分。"
_WITHOUT_FORMULAS = "由扣分得出的得分过多，未列出，灰色空格不用填；合计按已记录的扣分计算。"
_DEDUCTIONS_HINT = "每处扣分填一行，单位和指标从下拉列表中选；灰色各行已经记录，不能在此修改。"
_LOCKED = {"format_columns": True, "format_rows": True}


def draw_template(template: ScoreTemplate) -> bytes:
    """The workbook: a wide sheet a rubric, a long sheet of deductions, and a hidden sheet of choices."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as workbook:
        _Drawing(workbook, template).draw()
    return buffer.getvalue()


class _Drawing:
    def __init__(self, workbook: xlsxwriter.Workbook, template: ScoreTemplate) -> None:
        self.workbook = workbook
        self.template = template
        self.has_formulas = template.derived_count <= MOST_FORMULAS
        self.indicators = {name: row for row, name in enumerate(template.indicators)}
        line = {"border": 1, "border_color": "#8a8f96", "valign": "vcenter"}
        middle = {**line, "align": "center", "text_wrap": True}
        self.title = workbook.add_format({"bold": True, "font_size": 16, "align": "center"})
        self.hint = workbook.add_format({"font_color": "#5c6168", "text_wrap": True, "valign": "vcenter"})
        self.heading = workbook.add_format({**middle, "bold": True, "bg_color": "#f1f2f4"})
        self.bonus = workbook.add_format({**middle, "bold": True, "bg_color": "#e3eefb"})
        self.locked = workbook.add_format({**line, "text_wrap": True, "bg_color": "#f1f2f4"})
        self.points = workbook.add_format({**middle, "bg_color": "#f1f2f4"})
        self.total = workbook.add_format({**middle, "bold": True, "bg_color": "#f1f2f4"})
        self.entry = workbook.add_format({**middle, "locked": False})
        self.words = workbook.add_format({**line, "locked": False, "text_wrap": True})

    def draw(self) -> None:
        taken = {CHOICES_SHEET, DEDUCTIONS_SHEET}
        for sheet in self.template.sheets:
            name = valid_name(sheet.name, taken)
            taken.add(name.casefold())
            _ScoreSheet(self, self.workbook.add_worksheet(name), sheet).draw()
        self.draw_deductions(self.workbook.add_worksheet(DEDUCTIONS_SHEET))
        self.draw_choices(self.workbook.add_worksheet(CHOICES_SHEET))

    def head(self, sheet: Worksheet, title: str, hint: str, last_column: int) -> None:
        sheet.merge_range(0, 0, 0, last_column, title, self.title)
        sheet.merge_range(1, 0, 1, last_column, hint, self.hint)
        sheet.set_row(0, 28)
        sheet.set_row(1, 32)

    def draw_deductions(self, sheet: Worksheet) -> None:
        """Those recorded, locked; below them rows to fill in."""
        self.head(sheet, f"{self.template.quarter.label}扣分明细", _DEDUCTIONS_HINT, 3)
        for column, (text, width) in enumerate((("单位", 34), ("指标", 30), ("扣分", 10), ("扣分原因", 60))):
            sheet.write_string(2, column, text, self.heading)
            sheet.set_column(column, column, width)
        row = 2
        for row, known in enumerate(self.template.deductions, 3):
            for column, text in ((0, known.unit), (1, known.indicator), (3, known.reason)):
                sheet.write_string(row, column, text, self.locked)
            sheet.write_number(row, 2, known.points, self.points)
        first, last = row + 1, row + MORE_DEDUCTIONS
        for row in range(first, last + 1):
            for column in range(4):
                sheet.write_blank(row, column, None, self.entry if column == 2 else self.words)
        units, indicators = len(self.template.units), len(self.indicators)
        self.choose(sheet, first, last, 0, xl_range_abs(0, 0, units - 1, 0), "单位")
        self.choose(sheet, first, last, 1, xl_range_abs(0, 1, indicators - 1, 1), "指标")
        sheet.data_validation(first, 2, last, 2, self.any_deduction())
        sheet.freeze_panes(3, 0)
        _print_on_a4(sheet, header=(2, 2))
        sheet.protect("", {**_LOCKED, "autofilter": True})

    def choose(self, sheet: Worksheet, first: int, last: int, column: int, choices: str, what: str) -> None:
        sheet.data_validation(
            first,
            column,
            last,
            column,
            {
                "validate": "list",
                "source": f"='{CHOICES_SHEET}'!{choices}",
                "error_title": f"{what}不在名单中",
                "error_message": f"请从下拉列表中选择{what}。",
            },
        )

    def any_deduction(self) -> dict[str, Any]:
        most = max(column.full_marks for sheet in self.template.sheets for column in sheet.columns)
        return {
            "validate": "decimal",
            "criteria": "between",
            "minimum": 0.0001,
            "maximum": float(most),
            "error_title": "扣分不符合要求",
            "error_message": f"扣分应大于 0，不超过该指标的满分（最高 {number(most)} 分）。",
        }

    def draw_choices(self, sheet: Worksheet) -> None:
        for row, unit in enumerate(self.template.units):
            sheet.write_string(row, 0, unit)
        for name, row in self.indicators.items():
            sheet.write_string(row, 1, name)
        sheet.protect()
        sheet.hide()

    def lost(self, sheet_row: int, column: TemplateColumn) -> str:
        """The part of a formula that adds up what the sheet of deductions takes from a cell."""
        last = 2 + len(self.template.deductions) + MORE_DEDUCTIONS
        units, indicators, points = (
            f"'{DEDUCTIONS_SHEET}'!{xl_range_abs(3, place, last, place)}" for place in range(3)
        )
        unit = xl_rowcol_to_cell(sheet_row, 1, col_abs=True)
        indicator = xl_rowcol_to_cell(self.indicators[column.name], 1, row_abs=True, col_abs=True)
        return f"SUMPRODUCT(({units}={unit})*({indicators}='{CHOICES_SHEET}'!{indicator}),{points})"


class _ScoreSheet:
    """One wide sheet: 序号, 单位, an indicator a column, 合计 and 备注."""

    def __init__(self, drawing: _Drawing, sheet: Worksheet, content: TemplateSheet) -> None:
        self.drawing = drawing
        self.sheet = sheet
        self.content = content
        self.total_column = 2 + len(content.columns)
        self.last_row = _FIRST_ROW + len(content.rows) - 1

    def draw(self) -> None:
        quarter, group = self.drawing.template.quarter.label, self.content.group
        title = f"{quarter}{group}基层党建工作督查得分表"
        hint = _HINT if self.drawing.has_formulas else _HINT + _WITHOUT_FORMULAS
        self.drawing.head(self.sheet, title, hint, self.total_column + 1)
        self.draw_headings()
        for row, unit in enumerate(self.content.rows, _FIRST_ROW):
            self.sheet.write_number(row, 0, row - _FIRST_ROW + 1, self.drawing.points)
            self.sheet.write_string(row, 1, unit.unit, self.drawing.locked)
            for column, cell in enumerate(unit.cells, 2):
                self.draw_cell(row, column, cell)
            self.draw_total(row, unit.cells)
            self.sheet.write_string(row, self.total_column + 1, unit.remark, self.drawing.locked)
        for place, indicator in enumerate(self.content.columns, 2):
            self.sheet.data_validation(_FIRST_ROW, place, self.last_row, place, _limits(indicator, place))
        self.lay_out()

    def draw_headings(self) -> None:
        ends = ((0, "序号"), (1, "单位"), (self.total_column, "合计"), (self.total_column + 1, "备注"))
        for column, text in ends:
            self.sheet.merge_range(2, column, 3, column, text, self.drawing.heading)
        place = 2
        for (section, is_bonus), members in groupby(
            self.content.columns, lambda column: (column.section, column.is_bonus)
        ):
            headings = list(map(_heading, members))
            kind = self.drawing.bonus if is_bonus else self.drawing.heading
            text = f"{section}（加分）" if is_bonus else section
            if len(headings) > 1:
                self.sheet.merge_range(2, place, 2, place + len(headings) - 1, text, kind)
            else:
                self.sheet.write_string(2, place, text, kind)
            for heading in headings:
                self.sheet.write_string(3, place, heading, kind)
                place += 1

    def draw_cell(self, row: int, column: int, cell: TemplateCell) -> None:
        if not cell.applies:
            self.sheet.write_string(row, column, NOT_APPLICABLE, self.drawing.entry)
        elif cell.is_derived:
            self.draw_derived(row, column, cell.points or Decimal(0))
        elif cell.points is None:
            self.sheet.write_blank(row, column, None, self.drawing.entry)
        else:
            self.sheet.write_number(row, column, cell.points, self.drawing.entry)

    def draw_derived(self, row: int, column: int, points: Decimal) -> None:
        """Points that follow the list of deductions, so that a further one there does not contradict them;
        blank where that would be too many formulas, which the import takes for no change.
        """
        if not self.drawing.has_formulas:
            self.sheet.write_blank(row, column, None, self.drawing.points)
            return
        indicator = self.content.columns[column - 2]
        full_marks, cap = number(indicator.full_marks), number(indicator.cap)
        formula = f"={full_marks}-MIN({cap},{self.drawing.lost(row, indicator)})"
        self.sheet.write_formula(row, column, formula, self.drawing.points, points)

    def draw_total(self, row: int, cells: Sequence[TemplateCell]) -> None:
        """Blank while the row has no points, so that nobody takes it for a total of 0."""
        points = [cell.points for cell in cells if cell.points is not None]
        scores = f"{xl_rowcol_to_cell(row, 2)}:{xl_rowcol_to_cell(row, self.total_column - 1)}"
        formula = f'=IF(COUNT({scores})=0,"",SUM({scores}))'
        if not self.drawing.has_formulas and any(cell.is_derived for cell in cells):
            derived = sum((cell.points or Decimal(0) for cell in cells if cell.is_derived), Decimal(0))
            formula = f"=SUM({scores})+{number(derived)}"
        known = sum(points, Decimal(0)) if points else ""
        self.sheet.write_formula(row, self.total_column, formula, self.drawing.total, known)

    def lay_out(self) -> None:
        self.sheet.set_column(0, 0, 6)
        longest = max(len(row.unit) for row in self.content.rows)
        self.sheet.set_column(1, 1, min(max(2 * longest + 2, 16), 40))
        self.sheet.set_column(2, self.total_column, 11)
        self.sheet.set_column(self.total_column + 1, self.total_column + 1, 24)
        self.sheet.set_row(3, 48)
        self.sheet.freeze_panes(_FIRST_ROW, 2)
        _print_on_a4(self.sheet, header=(2, 3))
        self.sheet.protect("", _LOCKED)


def _print_on_a4(sheet: Worksheet, *, header: tuple[int, int]) -> None:
    """As wide as a page, with the heading rows on each."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(*header)


def _heading(column: TemplateColumn) -> str:
    most = "最高" if column.is_bonus else ""
    return f"{column.name}\n（{most}{number(column.full_marks)}分）"


def _limits(column: TemplateColumn, place: int) -> dict[str, Any]:
    """What a cell takes: a drop-down where the points are few, else a test; 不适用 either way."""
    full_marks, step = number(column.full_marks), number(column.step)
    limits: dict[str, Any] = {
        "error_title": "得分不符合要求",
        "error_message": f"{shown(column.name)}：0～{full_marks} 分，每 {step} 分一档；"
        f"未评的留空，不适用的填“{NOT_APPLICABLE}”。",
    }
    choices = _choices(column)
    if len(choices) <= MOST_CHOICES and len(",".join(choices)) <= _LONGEST_LIST:
        return {**limits, "validate": "list", "source": choices}
    cell = xl_rowcol_to_cell(_FIRST_ROW, place)
    return {
        **limits,
        "validate": "custom",
        "value": f'=OR({cell}="{NOT_APPLICABLE}",IF(ISNUMBER({cell}),AND({cell}>=0,{cell}<={full_marks},'
        f"ABS({cell}/{step}-ROUND({cell}/{step},0))<0.000001),FALSE))",
    }


def _choices(column: TemplateColumn) -> list[str]:
    """The points that are allowed, best first, as far as a drop-down may list them; then 不适用."""
    steps = min(int(column.full_marks // column.step), MOST_CHOICES)
    points = [column.step * n for n in range(steps, -1, -1)]
    return [*map(number, points), NOT_APPLICABLE]
