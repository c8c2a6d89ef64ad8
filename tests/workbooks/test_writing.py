import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from workbooks.reading import read_workbook
from workbooks.writing import Table, stream_xlsx, write_csv, write_xlsx

HEADER = ["单位", "得分"]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")']


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_what_is_written_is_what_is_read():
    rows = [
        ["甲镇党委", Decimal("9.50")],
        ["乙乡党委", None],
        ["丙乡党委", 3],
        ["", True],
        ["日期", date(2018, 9, 5)],
    ]
    (sheet,) = read_workbook(write_xlsx([Table("得分", HEADER, rows)]), "f").sheets
    assert sheet.name == "得分"
    assert sheet.rows == (
        ("单位", "得分"),
        ("甲镇党委", Decimal("9.5")),
        ("乙乡党委",),
        ("丙乡党委", Decimal(3)),
        (None, True),
        ("日期", date(2018, 9, 5)),
    )


@pytest.mark.parametrize("text", [*FORMULAS, "http://example.org", "0012"])
def test_text_is_never_a_formula_a_link_or_a_number(text):
    cell = opened(write_xlsx([Table("表", HEADER, [[text, None]])])).active["A2"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert cell.value.strip() == text.strip()


def test_a_number_shows_the_decimals_it_has():
    sheet = opened(
        write_xlsx([Table("表", HEADER, [["甲镇", Decimal("96.50")], ["乙乡", Decimal(96)]])])
    ).active
    assert [sheet["B2"].number_format, sheet["B3"].number_format] == ["0.00", "0"]
    assert sheet["B2"].value == 96.5


def test_the_header_is_bold_and_stays_in_sight():
    sheet = opened(write_xlsx([Table("表", HEADER, [])])).active
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold


def test_columns_are_as_wide_as_chinese_text_needs():
    sheet = opened(write_xlsx([Table("表", HEADER, [["区委办公室机关党总支", None]])])).active
    assert 20 <= sheet.column_dimensions["A"].width <= 26


@pytest.mark.parametrize(
    ("wanted", "written"),
    [
        ("乡镇（街道）", "乡镇（街道）"),
        ("2018/Q1: [a]*?\\", "2018-Q1- -a----"),
        ("", "Sheet"),
        ("'引号'", "引号"),
        ("History", "History-"),
        ("长" * 40, "长" * 31),
        ("𠮷" * 20, "𠮷" * 15),
    ],
)
def test_sheet_names_are_made_valid(wanted, written):
    assert opened(write_xlsx([Table(wanted, HEADER, [])])).sheetnames == [written]


def test_sheet_names_are_made_different():
    tables = [Table(name, HEADER, []) for name in ("表", "表", "A", "a")]
    assert opened(write_xlsx(tables)).sheetnames == ["表", "表 (2)", "A", "a (2)"]


def test_no_table_at_all_is_still_a_workbook():
    assert len(opened(write_xlsx([])).sheetnames) == 1


def test_text_longer_than_a_cell_is_cut_not_lost():
    sheet = opened(write_xlsx([Table("表", HEADER, [["长" * 40_000, None]])])).active
    assert sheet["A2"].value == "长" * 32_767


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_text_is_never_a_formula_and_comes_back_as_it_was(text):
    data = write_csv([HEADER, [text, Decimal("-1.50")]])
    assert ",-1.50" in data.decode("utf-8-sig")
    field = data.decode("utf-8-sig").splitlines()[1].lstrip('"')
    assert field.startswith("'")
    (sheet,) = read_workbook(data, "f").sheets
    assert sheet.value(2, 1) == text.strip()


class TestStreamed:
    ROWS = [["甲镇党委", Decimal("9.50")], ["=1+1", None], ["乙乡党委", date(2018, 9, 5)]]

    def streamed(self, **more):
        with stream_xlsx(Table("得分", HEADER, iter(self.ROWS), **more)) as file:
            return file.read()

    def test_it_reads_like_what_is_written_at_once(self):
        (sheet,) = read_workbook(self.streamed(), "f").sheets
        assert sheet.rows == read_workbook(write_xlsx([Table("得分", HEADER, self.ROWS)]), "f").sheets[0].rows
        cells = opened(self.streamed()).active
        assert (cells["A3"].data_type, cells["B2"].number_format) == ("s", "0.00")
        assert cells.freeze_panes == "A2"

    def test_title_lines_stand_above_the_header(self):
        cells = opened(self.streamed(title=("整改台账", "共3项"), landscape=True)).active
        assert [cells["A1"].value, cells["A2"].value, cells["A3"].value] == ["整改台账", "共3项", "单位"]
        assert {str(each) for each in cells.merged_cells.ranges} == {"A1:B1", "A2:B2"}
        assert (cells.freeze_panes, cells.print_title_rows) == ("A4", "$3:$3")
        assert cells.column_dimensions["A"].width <= 27
        assert (cells.page_setup.orientation, cells.page_setup.paperSize) == ("landscape", 9)

    def test_nothing_is_left_behind_even_where_it_fails(self, monkeypatch, tmp_path):
        def failing():
            yield self.ROWS[0]
            raise ValueError

        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        self.streamed()
        with pytest.raises(ValueError, match=r"^$"):
            stream_xlsx(Table("得分", HEADER, failing()))
        assert list(tmp_path.iterdir()) == []


def test_csv_is_known_as_utf_8_by_excel():
    assert write_csv([HEADER]) == b"\xef\xbb\xbf" + "单位,得分\r\n".encode()
