"""The workbook to fill in: what stands in it, what it lets be entered, and that it comes back unchanged."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.models import Role
from reviews.activating import activate_rubric, copy_to_new_version
from reviews.deducting import give_reason
from reviews.importing.load import commit_import, preview_import
from reviews.models import Deduction, Score
from reviews.opening import refresh_roster
from reviews.publishing import leave_out
from reviews.score_template import NothingToFill, score_template
from reviews.score_template_xlsx import draw_template
from tests.factories.organizations import somebody
from tests.factories.reviews import (
    add_group,
    deduct,
    give_total,
    opened_cycle,
    ready_host,
    review_of,
    score,
)
from workbooks.reading import read_workbook

pytestmark = pytest.mark.django_db

TOWNSHIPS, SYSTEMS = "乡镇（街道）", "系统单位"


@pytest.fixture
def cycle():
    host = ready_host("甲镇党委", "乙镇党委")
    add_group(host, SYSTEMS, "区林业局党委", marks={"三会一课": 5, "阵地建设": 95})
    return opened_cycle(host)


def drawn(cycle) -> bytes:
    return draw_template(score_template(cycle))


def opened(cycle) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(drawn(cycle)))


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def preview(data: bytes, cycle):
    return preview_import(read_workbook(data, "得分.xlsx"), cycle, "2018年第三季度得分填报表.xlsx")


def commit(data: bytes, cycle) -> None:
    commit_import(read_workbook(data, "a.xlsx"), cycle, by=None, file_name="a.xlsx", sha256="")


# --- What stands in it ---------------------------------------------------------------------------


def test_a_group_has_its_sheet_with_its_units_in_the_hosts_order(cycle):
    book = opened(cycle)
    assert book.sheetnames == [TOWNSHIPS, SYSTEMS, "扣分", "选项"]
    sheet = book[TOWNSHIPS]
    assert "2018年第三季度乡镇（街道）" in sheet["A1"].value
    assert [cell.value for cell in sheet[4]][2:4] == ["三会一课\n（60分）", "主题党日\n（40分）"]
    assert [sheet.cell(row, 2).value for row in (5, 6)] == ["甲镇党委", "乙镇党委"]


def test_what_is_recorded_stands_in_it(cycle):
    score(cycle, "甲镇党委", {"三会一课": "58.5", "主题党日": None})
    sheet = opened(cycle)[TOWNSHIPS]
    assert [sheet["C5"].value, sheet["D5"].value, sheet["C6"].value] == [58.5, "不适用", None]


def test_a_unit_left_out_says_why(cycle):
    leave_out(review_of(cycle, "乙镇党委"), state="exempt", reason="撤并中")
    assert opened(cycle)[TOWNSHIPS]["F6"].value == "本季度不评：撤并中"


def test_a_bonus_indicator_is_marked(cycle):
    rubric = copy_to_new_version(review_of(cycle, "甲镇党委").rubric)
    section = rubric.sections.get()
    section.indicators.create(
        rubric=rubric, name="先进典型", position=9, full_marks=Decimal(3), is_bonus=True
    )
    activate_rubric(rubric)
    refresh_roster(cycle)
    sheet = opened(cycle)[TOWNSHIPS]
    assert (sheet["E3"].value, sheet["E4"].value) == ("基础工作（加分）", "先进典型\n（最高3分）")
    sheet["E5"] = 2
    assert [change.indicator for change in preview(saved(sheet.parent), cycle).new] == ["先进典型"]


def test_text_never_becomes_a_formula():
    cycle = opened_cycle(ready_host("=1+1党委", marks={"=cmd()": 100}))
    deduct(cycle, "=1+1党委", "=cmd()", 1, "=HYPERLINK(1)")
    book = opened(cycle)
    sheet, deductions = book.worksheets[:2]
    texts = [sheet["B5"], deductions["A4"], deductions["B4"], deductions["D4"], book["选项"]["A1"]]
    assert [cell.data_type for cell in texts] == ["s"] * 5
    assert "cmd" not in sheet["C5"].value  # the formula of a derived cell holds addresses only


def test_without_units_there_is_nothing_to_fill(cycle):
    cycle.reviews.all().delete()
    with pytest.raises(NothingToFill):
        score_template(cycle)


def test_it_costs_the_same_queries_at_any_size():
    counts = []
    for size in (1, 30):
        cycle = opened_cycle(ready_host(*(f"第{size}-{number}镇党委" for number in range(size))))
        deduct(cycle, f"第{size}-0镇党委", "三会一课", 1)
        with CaptureQueriesContext(connection) as queries:
            score_template(cycle)
        counts.append(len(queries))
    assert counts == [4, 4]


# --- What it lets be entered ---------------------------------------------------------------------


def rules(sheet) -> dict[str, openpyxl.worksheet.datavalidation.DataValidation]:
    return {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}


def test_few_points_are_a_drop_down_and_many_are_tested(cycle):
    few = rules(opened(cycle)[SYSTEMS])["C5"]
    assert few.formula1 == '"5,4.5,4,3.5,3,2.5,2,1.5,1,0.5,0,不适用"'
    many = rules(opened(cycle)[TOWNSHIPS])["C5:C6"]
    assert (many.type, '"不适用"' in many.formula1) == ("custom", True)
    assert "0～60 分，每 0.5 分一档" in many.error


def test_only_cells_to_fill_in_are_unlocked(cycle):
    deduct(cycle, "甲镇党委", "三会一课", 2)
    sheet = opened(cycle)[TOWNSHIPS]
    assert sheet.protection.sheet
    assert sheet.freeze_panes == "C5"
    locked = {name: sheet[name].protection.locked for name in ("A1", "B5", "C4", "C5", "C6", "D5", "E5")}
    assert [name for name, is_locked in locked.items() if not is_locked] == ["C6", "D5"]


def test_deductions_choose_from_the_hidden_list(cycle):
    book = opened(cycle)
    found = rules(book["扣分"])
    assert found["A4:A503"].formula1 == "'选项'!$A$1:$A$3"
    assert found["B4:B503"].formula1 == "'选项'!$B$1:$B$3"
    assert [cell.value for cell in book["选项"]["B"]] == ["三会一课", "主题党日", "阵地建设"]
    assert book["选项"].sheet_state == "hidden"


# --- The way back --------------------------------------------------------------------------------


@pytest.mark.parametrize("through_another_program", [False, True])
def test_unchanged_it_comes_back_without_a_word(cycle, through_another_program):
    score(cycle, "甲镇党委", {"三会一课": 50, "主题党日": None})
    deduct(cycle, "乙镇党委", "三会一课", 2, "记录不完整")
    deduct(cycle, "乙镇党委", "三会一课", 1, "程序不规范")
    data = drawn(cycle)
    if through_another_program:  # which leaves the formulas without results
        data = saved(openpyxl.load_workbook(io.BytesIO(data)))
    found = preview(data, cycle)
    assert (found.problems, found.notes, found.changes_nothing) == ((), (), True)


def test_a_reason_given_later_comes_back_without_a_word(cycle):
    deduct(cycle, "乙镇党委", "三会一课", 2, "")
    give_reason(Deduction.objects.get(), reason="缺签到表", by=somebody(Role.STAFF, cycle.host))
    found = preview(drawn(cycle), cycle)
    assert (found.problems, found.notes, found.changes_nothing) == ((), (), True)


def test_filled_in_it_is_imported(cycle):
    deduct(cycle, "乙镇党委", "三会一课", 2, "记录不完整")
    book = opened(cycle)
    townships, deductions = book[TOWNSHIPS], book["扣分"]
    townships["C5"], townships["D5"] = 59.5, "不适用"
    for row in (
        ("乙镇党委", "三会一课", 1, "程序不规范"),
        ("区林业局党委", "阵地建设", 5, None),
    ):
        for column, value in enumerate(row, 1):
            deductions.cell(5 if row[1] == "三会一课" else 6, column, value)
    commit(saved(book), cycle)
    recorded = {
        (one.review.organization.name, one.indicator.name): one.points
        for one in Score.objects.select_related("review__organization", "indicator")
    }
    assert recorded == {
        ("甲镇党委", "三会一课"): Decimal("59.5"),
        ("甲镇党委", "主题党日"): None,
        ("乙镇党委", "三会一课"): Decimal(57),
        ("区林业局党委", "阵地建设"): Decimal(90),
    }


def test_the_points_of_deductions_follow_the_list_of_them(cycle):
    """What the formula comes to in a spreadsheet program is what the import expects."""
    deduct(cycle, "乙镇党委", "三会一课", 2, "记录不完整")
    formula = opened(cycle)[TOWNSHIPS]["C6"].value
    assert formula == (
        "=60-MIN(60,SUMPRODUCT(('扣分'!$A$4:$A$504=$B6)*('扣分'!$B$4:$B$504='选项'!$B$1),'扣分'!$C$4:$C$504))"
    )


def test_a_great_many_such_cells_are_blank_and_leave_room_for_further_deductions(cycle, monkeypatch):
    monkeypatch.setattr("reviews.score_template_xlsx.MOST_FORMULAS", 0)
    deduct(cycle, "乙镇党委", "三会一课", 2, "记录不完整")
    book = opened(cycle)
    sheet = book[TOWNSHIPS]
    assert (sheet["C6"].value, sheet["C6"].protection.locked) == (None, True)
    assert sheet["E6"].value == "=SUM(C6:D6)+58"
    assert "灰色空格不用填" in sheet["A2"].value
    found = preview(drawn(cycle), cycle)
    assert (found.problems, found.notes, found.changes_nothing) == ((), (), True)
    for column, value in enumerate(("乙镇党委", "三会一课", 1, "程序不规范"), 1):
        book["扣分"].cell(5, column, value)
    commit(saved(book), cycle)
    assert Score.objects.get().points == 57


def test_two_versions_of_a_rubric_have_a_sheet_each(cycle):
    give_total(cycle, "甲镇党委", 90)
    newer = copy_to_new_version(review_of(cycle, "甲镇党委").rubric)
    newer.indicators.filter(name="主题党日").update(name="主题教育")
    activate_rubric(newer)
    refresh_roster(cycle)
    book = opened(cycle)
    assert book.sheetnames[:2] == [f"{TOWNSHIPS} 细则第1版", f"{TOWNSHIPS} 细则第2版"]
    book.worksheets[1]["D5"] = 39
    found = preview(saved(book), cycle)
    assert (found.problems, found.notes) == ((), ())
    assert [(change.unit, change.indicator) for change in found.new] == [("乙镇党委", "主题教育")]


def test_a_group_called_like_a_sheet_of_ours_comes_back_too():
    cycle = opened_cycle(ready_host("甲镇党委", group="扣分"))
    book = opened(cycle)
    assert book.sheetnames == ["扣分 (2)", "扣分", "选项"]
    book.worksheets[0]["C5"] = 60
    assert len(preview(saved(book), cycle).new) == 1
