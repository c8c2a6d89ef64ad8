"""The ledger as a workbook and on paper, in the form that offices use."""

import datetime
import io
from urllib.parse import unquote

import openpyxl
import pytest
from django.utils import timezone

from rectification.closing import assign, extend
from rectification.views import ledger as views
from tests.factories.items import assigned, in_days, raised, struck_off
from tests.factories.ledgers import made_late, raised_at_once
from tests.reviews.views.answers import text_of

FORM = ["序号", "单位", "问题", "类别", "来源", "责任人", "整改时限", "整改措施", "整改情况", "状态", "编号"]


@pytest.fixture
def client(staff, signed_in):
    return signed_in(staff)


def exported(client, query=""):
    """Title lines, header and rows of the exported workbook."""
    answer = client.get(f"/items/export.xlsx{query}")
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active
    title, about, header, *rows = sheet.iter_rows()
    return title[0].value, about[0].value, [cell.value for cell in header], rows


def values(row):
    return [cell.value for cell in row]


def test_it_has_the_columns_of_the_office_and_the_serial_last(unit, staff, client):
    item = assigned(unit, days=10, text="会议记录不完整", place="东山村")
    assign(item, by=staff, seen=item.version, measures="补齐记录")
    _title, _about, header, rows = exported(client)
    assert header == FORM
    assert [values(row) for row in rows] == [
        [
            1,
            "丙乡党委",
            "会议记录不完整",
            "党建业务不熟悉",
            "区级督查",
            "张三",
            in_days(10).isoformat(),
            "补齐记录",
            None,
            "待整改",
            "2018Q3-001",
        ]
    ]


def test_an_extension_prints_both_dates_and_overdue_its_days(unit, staff, client):
    late = made_late(assigned(unit), 4)
    extend(late, in_days(9), "道路施工", by=staff, seen=late.version)
    (row,) = exported(client)[3]
    assert row[6].value == f"{in_days(-4)}\n延期至{in_days(9)}"
    assert row[9].value == "待整改\n逾期4天"


def test_what_is_struck_off_says_what_was_done_and_when(unit, client):
    struck_off(unit)
    (row,) = exported(client)[3]
    assert (row[8].value, row[9].value) == ("已补齐会议记录", f"销号\n{in_days(0)}")


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "http://example.org"]
)
def test_text_stays_text(text, unit, client):
    raised(unit, text)
    (row,) = exported(client)[3]
    assert (row[2].value, row[2].data_type, row[2].hyperlink) == (text, "s", None)


def test_its_title_says_whose_when_and_what(host, unit, client):
    raised_at_once(unit, 2)
    today = timezone.localdate()
    day = f"{today.year}年{today.month}月{today.day}日"
    title, about, *_rest = exported(client, f"?unit={unit.pk}&state=unsettled")
    assert title == f"{host.name}整改台账"
    assert about == f"截至{day}　状态：未销号；单位：{unit.name}　共2项"
    assert exported(client)[1] == f"截至{day}　全部事项　共2项"


def test_its_name_says_no_more_than_host_and_day(host, unit, client):
    raised(unit)
    answer = client.get(f"/items/export.xlsx?q=会议&unit={unit.pk}")
    answer.close()
    name = unquote(answer.headers["Content-Disposition"])
    assert name == f"attachment; filename*=utf-8''{host.name}整改台账{timezone.localdate()}.xlsx"


def test_it_has_what_the_filter_finds_in_the_order_of_the_list(unit, other_unit, client):
    raised_at_once(unit, 3)
    raised_at_once(other_unit, 1)
    made_late(raised(unit, due_on=in_days(1)), 2)
    assert [row[10].value for row in exported(client, f"?unit={unit.pk}")[3]] == [
        "2018Q3-005",
        "2018Q3-001",
        "2018Q3-002",
        "2018Q3-003",
    ]


def test_a_unit_takes_its_own_and_nobody_elses(unit, other_unit, secretary, signed_in):
    raised_at_once(unit, 1)
    raised_at_once(other_unit, 2)
    assert [row[1].value for row in exported(signed_in(secretary))[3]] == [unit.name]


def test_its_file_is_gone_once_it_is_sent(unit, client, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    raised_at_once(unit, 3)
    answer = client.get("/items/export.xlsx")
    assert list(tmp_path.iterdir()) == []
    assert len(b"".join(answer)) == int(answer.headers["Content-Length"])


class TestPaper:
    def test_it_shows_the_form_with_a_line_to_sign(self, host, unit, client):
        made_late(assigned(unit), 4)
        text = text_of(client.get("/items/print/"))
        for word in (*FORM, f"{host.name}整改台账", "逾期4天", "填表人：", "审核人：", "日期："):
            assert word in text

    def test_text_is_escaped(self, unit, client):
        raised(unit, "<script>alert(1)</script>")
        assert "<script>alert" not in text_of(client.get("/items/print/"))

    def test_more_than_a_book_is_not_printed(self, unit, client, monkeypatch):
        monkeypatch.setattr(views, "MOST_PRINTED", 2)
        raised_at_once(unit, 3)
        answer = client.get("/items/print/")
        assert answer.status_code == 422
        assert "The filter finds 3 items; at most 2 are printed." in text_of(answer)
        assert client.get("/items/print/?q=没有").status_code == 200


def test_documents_are_chinese_whatever_the_screen_speaks(unit, client):
    raised(unit, due_on=timezone.localdate() + datetime.timedelta(days=1))
    (row,) = exported(client)[3]
    assert values(row)[4] == "区级督查"
