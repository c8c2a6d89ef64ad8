"""Good workbooks of every kind, and the odd but honest ones."""

import codecs
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
import xlwt

from tests.workbooks import build
from workbooks.cells import UNCALCULATED, ErrorValue, Place
from workbooks.reading import Block, Sheet, UnreadableWorkbook, read_workbook

ROWS = [["单位", "三会一课"], ["甲镇党委", 9.5], ["乙乡党委", 10]]
VALUES = (("单位", "三会一课"), ("甲镇党委", Decimal("9.5")), ("乙乡党委", Decimal(10)))
TEXTS = (("单位", "三会一课"), ("甲镇党委", "9.5"), ("乙乡党委", "10"))


def only_sheet(data: bytes, name: str = "file") -> Sheet:
    (sheet,) = read_workbook(data, name).sheets
    return sheet


@pytest.mark.parametrize("write", [build.xlsx, build.xls_rows, build.ods_rows])
def test_the_same_table_reads_the_same_from_every_spreadsheet_format(write):
    assert tuple(map(tuple, only_sheet(write(ROWS)).rows)) == VALUES


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_text_is_read_in_any_encoding_delimiter_and_newline(encoding, delimiter, newline):
    data = build.csv_text(ROWS, delimiter=delimiter, newline=newline).encode(encoding)
    assert only_sheet(data).rows == TEXTS


def test_text_in_big_endian_utf_16_is_read():
    data = codecs.BOM_UTF16_BE + build.csv_text(ROWS).encode("utf-16-be")
    assert only_sheet(data).rows == TEXTS


def test_the_type_is_known_by_content_not_by_name():
    assert only_sheet(build.xlsx(ROWS), "scores.xls").rows == VALUES
    assert only_sheet(build.csv_text(ROWS).encode(), "scores.xls").rows == TEXTS


def test_quoted_fields_keep_delimiters_quotes_and_line_breaks():
    data = '单位,原因\r\n甲镇,"一是""空"",\r\n二是乱"\r\n乙乡,无\r\n'.encode()
    assert only_sheet(data).rows == (("单位", "原因"), ("甲镇", '一是"空",\n二是乱'), ("乙乡", "无"))


def test_commas_in_tab_separated_text_part_nothing():
    data = "单位\t扣分原因\n甲镇\ta,b,c\n乙乡\td,e\n".encode()
    assert only_sheet(data).rows[1] == ("甲镇", "a,b,c")


def test_the_delimiter_that_a_first_line_declares_is_used():
    assert only_sheet("sep=;\n单位;得分\n甲镇;9,5\n".encode()).rows == (("单位", "得分"), ("甲镇", "9,5"))


def test_blank_lines_of_text_keep_their_row_numbers():
    sheet = only_sheet("标题\n\n单位,得分\n".encode())
    assert sheet.value(3, 2) == "得分"


def test_a_formula_in_text_is_no_text():
    assert only_sheet("合计,=SUM(A1:A2)\n".encode()).rows == (("合计", UNCALCULATED),)


@pytest.mark.parametrize(
    ("stored", "exact"),
    [(0.1 + 0.2, "0.3"), (9.3 + 1e-15, "9.3"), (95.35, "95.35"), (1e26, "1E+26"), (0, "0")],
)
def test_numbers_are_what_the_cell_shows(stored, exact):
    assert only_sheet(build.xlsx([["x", stored]])).value(1, 2) == Decimal(exact)


def test_text_loses_what_cannot_be_seen_and_white_space_is_blank():
    sheet = only_sheet(build.xlsx([["x"], ["\u3000甲\u200b镇\ufeff \u00a0", " \u3000"]]))
    assert sheet.rows == (("x",), ("甲镇",))


def test_control_characters_in_text_are_removed():
    text = "甲\x00镇,9.5" + "\n乙乡,8" * 50
    assert only_sheet(text.encode()).rows[0] == ("甲镇", "9.5")


def test_line_breaks_within_a_cell_are_kept_as_one_kind():
    assert only_sheet(build.xlsx([["三会一课\r\n（10分）"]])).value(1, 1) == "三会一课\n（10分）"


def test_booleans_and_dates_keep_their_type():
    sheet = only_sheet(build.xlsx([[True, date(2018, 9, 5)]]))
    assert sheet.rows == ((True, date(2018, 9, 5)),)


def test_text_behind_the_last_cell_is_no_part_of_it():
    """The limits of a cell and the page's header stand behind the cells, as text of the sheet."""

    def write(sheet):
        sheet.write_string("A1", "甲镇党委")
        sheet.data_validation("B1", {"validate": "custom", "value": "=B1<10"})
        sheet.set_header("&C考核表")

    assert only_sheet(build.xlsx_by_xlsxwriter(write)).rows == (("甲镇党委",),)


def test_rich_text_is_joined():
    cells = '<row r="2"><c r="A2" t="inlineStr"><is><r><t>甲</t></r><r><t>镇</t></r></is></c></row>'
    assert only_sheet(build.with_cells(build.xlsx([["x"]]), cells)).value(2, 1) == "甲镇"


def test_a_sheet_that_starts_further_down_keeps_its_row_numbers():
    workbook = openpyxl.Workbook()
    workbook.active["C7"] = "单位"
    sheet = only_sheet(build.saved(workbook))
    assert sheet.value(7, 3) == "单位"
    assert sheet.place(7, 3) == Place("Sheet", 7, 3)


def test_places_outside_the_used_cells_are_blank():
    sheet = only_sheet(build.xlsx(ROWS))
    assert [sheet.value(99, 1), sheet.value(1, 99), sheet.value(0, 0), sheet.covering(99, 99)] == [None] * 4


# --- Merged cells --------------------------------------------------------------------------------


def test_a_merged_value_covers_its_block_and_stands_in_the_top_left_cell():
    rows = [["单位", "指标"], ["甲镇", "一"], [None, "二"], ["乙乡", "一"]]
    sheet = only_sheet(build.xlsx(rows, merged=["A2:A3"]))
    assert [sheet.covering(row, 1) for row in (2, 3, 4)] == ["甲镇", "甲镇", "乙乡"]
    assert sheet.value(3, 1) is None
    assert sheet.merged == (Block(2, 1, 3, 1),)


def test_merged_cells_of_xls_are_known():
    data = build.xls(lambda sheet: (sheet.write_merge(0, 0, 0, 1, "基础工作"), sheet.write(1, 1, "x")))
    assert only_sheet(data).covering(1, 2) == "基础工作"


def test_merged_cells_of_ods_are_known():
    rows = [
        [build.ods_cell("甲镇", numberrowsspanned=2, numbercolumnsspanned=1), build.ods_cell("一")],
        [build.ods_covered(), build.ods_cell("二")],
    ]
    sheet = only_sheet(build.ods(rows))
    assert sheet.covering(2, 1) == "甲镇"
    assert sheet.value(2, 2) == "二"


# --- Formulas and errors -------------------------------------------------------------------------


def test_a_formula_without_a_result_is_not_blank():
    assert only_sheet(build.xlsx([["x", "=SUM(A1:A1)"]])).value(1, 2) is UNCALCULATED


def test_a_formula_beyond_the_last_value_is_not_lost():
    assert only_sheet(build.xlsx([["x"], [None, None, "=A1"]])).value(2, 3) is UNCALCULATED


def test_a_result_that_nobody_calculated_is_no_result():
    data = build.xlsx_by_xlsxwriter(lambda sheet: sheet.write_formula("A1", "=9+1"))
    assert only_sheet(data).value(1, 1) is UNCALCULATED


def test_a_result_is_read():
    data = build.xlsx_by_xlsxwriter(lambda sheet: sheet.write_formula("A1", "=9+0.5", None, 9.5))
    assert only_sheet(data).value(1, 1) == Decimal("9.5")


def test_a_formula_whose_result_is_no_text_is_blank():
    cells = '<row r="2"><c r="A2" t="str"><f>IF(1,"","x")</f><v></v></c></row>'
    assert only_sheet(build.with_cells(build.xlsx([["x"]]), cells)).value(2, 1) is None


def test_an_error_is_not_blank():
    cells = '<row r="2"><c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B2" t="e"><v>#REF!</v></c></row>'
    sheet = only_sheet(build.with_cells(build.xlsx([["x"]]), cells))
    assert sheet.rows[1] == (ErrorValue("#DIV/0!"), ErrorValue("#REF!"))


def test_a_formula_without_a_result_in_xls_is_not_blank():
    data = build.xls(lambda sheet: (sheet.write(0, 0, "x"), sheet.write(0, 1, xlwt.Formula("SUM(A1)"))))
    assert only_sheet(data).value(1, 2) is UNCALCULATED


def test_a_formula_without_a_result_in_ods_is_not_blank():
    sheet = only_sheet(build.ods([[build.ods_cell("x"), build.ods_cell(formula="of:=SUM([.A1])")]]))
    assert sheet.value(1, 2) is UNCALCULATED


def test_an_error_in_ods_is_not_text():
    cell = build.ods_cell(formula="of:=1/0", valuetype="string", stringvalue="", shown="#DIV/0!")
    assert only_sheet(build.ods([[cell]])).value(1, 1) == ErrorValue("#DIV/0!")


# --- Extent --------------------------------------------------------------------------------------


def test_formatted_but_blank_cells_far_away_cost_nothing():
    data = build.with_cells(build.xlsx(ROWS), '<row r="1048576"><c r="XFD1048576" s="0"/></row>')
    assert only_sheet(data).rows == VALUES


def test_a_dimension_that_lies_is_not_believed():
    lying = build.edited(
        build.xlsx(ROWS),
        build.SHEET_PART,
        lambda xml: xml.replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1:XFD1048576"'),
    )
    assert only_sheet(lying).rows == VALUES


def test_blank_rows_and_columns_to_the_end_of_an_ods_sheet_cost_nothing():
    rows = [[build.ods_cell("x"), build.ods_cell(numbercolumnsrepeated=16383)], [build.ods_cell()]]
    assert only_sheet(build.ods(rows, repeated=[1, 1048575])).rows == (("x",),)


def test_repeated_values_in_ods_stand_in_every_cell():
    rows = [[build.ods_cell(9.5, numbercolumnsrepeated=3)], [build.ods_cell("y")]]
    sheet = only_sheet(build.ods(rows, repeated=[2, 1]))
    assert sheet.rows == ((Decimal("9.5"),) * 3, (Decimal("9.5"),) * 3, ("y",))


def test_notes_on_ods_cells_are_not_their_text():
    data = build.edited(
        build.ods([[build.ods_cell("甲镇")]]),
        "content.xml",
        lambda xml: xml.replace(
            b"<text:p>", b"<office:annotation><text:p>note</text:p></office:annotation><text:p>"
        ),
    )
    assert only_sheet(data).rows == (("甲镇",),)


# --- Several sheets ------------------------------------------------------------------------------


def test_hidden_sheets_are_marked_and_sheets_without_cells_left_out():
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "x"
    workbook.create_sheet("空")
    hidden = workbook.create_sheet("旧")
    hidden["A1"] = "y"
    hidden.sheet_state = "veryHidden"
    sheets = read_workbook(build.saved(workbook), "file").sheets
    assert [(sheet.name, sheet.hidden) for sheet in sheets] == [("Sheet", False), ("旧", True)]


def test_charts_beside_the_table_are_passed_over():
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "x"
    workbook.create_chartsheet("图")
    assert [sheet.name for sheet in read_workbook(build.saved(workbook), "file").sheets] == ["Sheet"]


def test_a_message_names_the_file():
    with pytest.raises(UnreadableWorkbook, match=r"“得分\.xlsx”: The file is empty"):
        read_workbook(b"", "得分.xlsx")
