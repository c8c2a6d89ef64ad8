"""The pages of a year: what they show to whom, their exports, their forms and their cost."""

import re
from io import BytesIO
from urllib.parse import unquote

import openpyxl
import pytest

from organizations.models import Organization, Role
from reviews.models import AnnualPublication, Disclosure, ReviewCycle, ReviewYear
from reviews.publishing import correct_publication, step_back, verify_cycle
from reviews.year_publishing import publish_year
from tests.factories.organizations import somebody
from tests.factories.reviews import (
    RubricFactory,
    cycle_with_totals,
    deduct,
    give_total,
    published,
    ready_host,
    scored_at_once,
)
from tests.reviews.views.answers import said_by, text_of
from tests.reviews.views.conftest import FIRST, SECOND

PAGE = "/years/2018/"


@pytest.fixture
def so_far(host: Organization) -> Organization:
    """Two published quarters of 2018, and a third that is being scored."""
    published(cycle_with_totals(FIRST, host=host, quarter="2018Q1"))
    second = cycle_with_totals(SECOND, host=host, quarter="2018Q2")
    deduct(second, "丙镇党委", "主题党日", 6, "会议记录不完整")
    published(second)
    cycle_with_totals(dict.fromkeys(FIRST, 50), host=host, quarter="2018Q3")
    return host


@pytest.fixture
def whole(so_far, staff):
    """The year, published on its two quarters."""
    return publish_year(so_far, 2018, by=staff, confirm=True)


def unit_page(unit) -> str:
    return f"{PAGE}units/{unit.pk}/"


# --- The year's page -----------------------------------------------------------------------------


def test_the_quarters_of_each_unit_stand_beside_the_year(so_far, leader, signed_in):
    shown = text_of(signed_in(leader).get(PAGE))
    row = shown[shown.index("乙镇党委</a>") :]
    assert re.search(r"95\.00 <span class=\"soft\">\(1\)</span></td>.*?95\.00 .*?\(2\)", row)
    assert '<td class="total">95.00</td>' in row
    assert "Year so far" in shown
    assert "<dt>前三名</dt><dd>乙镇党委；甲镇党委；丁镇党委</dd>" in shown
    assert "Progress and setback compare the places of 第二季度 and 第一季度." in shown


def test_on_a_phone_each_quarter_has_a_line_of_its_own(so_far, leader, signed_in):
    shown = text_of(signed_in(leader).get(PAGE))
    note = re.search(r'<span class="row-note">(.*?)</td>', shown[shown.index("乙镇党委</a>") :], re.DOTALL)
    first, second = note[1].split("<br>")
    assert "第一季度 95.00" in first
    assert "第二季度 95.00" in second


def test_a_published_year_says_as_what(whole, leader, signed_in):
    shown = text_of(signed_in(leader).get(PAGE))
    assert f"Publication 1, {whole.published_on:%Y-%m-%d}, digest {whole.digest[:16]}" in shown
    assert "Annual report</a>" in shown
    assert "Check and publish" not in shown


def test_weights_are_said(so_far, staff, signed_in):
    ReviewYear.objects.create(host=so_far, year=2018, first=10, second=20, third=30, fourth=40)
    assert "weighs the quarters: 10%, 20%, 30%, 40%" in text_of(signed_in(staff).get(PAGE))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "乙甲丁丙己戊"),
        ("sort=name", "甲乙丙丁戊己"),
        ("sort=2018Q2", "己戊丁丙乙甲"),
        ("sort=-2018Q1&group=9&page=nonsense", "乙甲丁丙己戊"),
    ],
)
def test_the_table_can_be_sorted_by_any_quarter(query, names, so_far, leader, signed_in):
    table = signed_in(leader).get(f"{PAGE}?{query}").context["table"]
    assert "".join(row.record.name[0] for row in table.rows) == names


def test_years_leads_to_the_newest_year(so_far, host, leader, signed_in):
    RubricFactory(group=host.groups.get(), year=2017, in_force=True)
    published(cycle_with_totals(FIRST, host=host, quarter="2017Q4"))
    client = signed_in(leader)
    assert client.get("/years/").url == PAGE
    assert 'Other years: <a href="/years/2017/">2017</a>' in text_of(client.get(PAGE))


def test_before_anything_is_published_a_page_says_so(host, staff, signed_in):
    assert "Nothing is published yet" in text_of(signed_in(staff).get("/years/"))


def test_who_has_no_annual_place_stands_below_with_the_reason(host, leader, signed_in):
    published(cycle_with_totals(FIRST, host=host, quarter="2018Q1"))
    published(cycle_with_totals(SECOND | {"丙镇党委": None}, host=host, quarter="2018Q2"))
    shown = text_of(signed_in(leader).get(PAGE))
    assert "Scored in 1 quarter; at least 2 are needed" in shown[shown.index("Without an annual place") :]


# --- Who sees what -------------------------------------------------------------------------------

PAGES = {
    "/years/": {"staff": 302, "leader": 302, "inspector": 302, "secretary": 302, "stranger": 200},
    PAGE: {"staff": 200, "leader": 200, "inspector": 200, "secretary": 200, "stranger": 404},
    PAGE + "?draft=1": {"staff": 200, "leader": 404, "inspector": 404, "secretary": 404, "stranger": 404},
    PAGE + "?publication=2": {"staff": 404, "secretary": 404},
    "/years/2018.xlsx": {"staff": 200, "leader": 200, "secretary": 200, "stranger": 404},
    "/years/2018.odt": {"leader": 404},
    PAGE + "units/own/": {"staff": 200, "leader": 200, "secretary": 200, "stranger": 404},
    PAGE + "units/other/": {"staff": 200, "leader": 200, "secretary": 404, "stranger": 404},
    PAGE + "units/99999999999999/": {"staff": 404},
    PAGE + "settings/": {"staff": 200, "leader": 403, "inspector": 403, "secretary": 403},
    PAGE + "publish/": {"staff": 200, "leader": 403, "inspector": 403, "secretary": 403},
    "/years/2016/publish/": {"staff": 404},
    "/years/2016/": {"staff": 404, "leader": 404, "secretary": 404},
    "/years/0000/": {"staff": 404},
    PAGE + "report/": {"staff": 200, "leader": 200, "inspector": 200, "secretary": 403, "stranger": 404},
    PAGE + "report/print/": {"leader": 200, "secretary": 403, "stranger": 404},
    PAGE + "report.docx": {"leader": 200, "secretary": 403, "stranger": 404},
    PAGE + "report.odt": {"leader": 404},
    PAGE + "report.pdf?draft=1": {"staff": 200, "leader": 404, "secretary": 404},
}


@pytest.mark.parametrize("path", PAGES)
def test_each_page_for_each_kind_of_person(path, request, whole, unit, host, signed_in):
    other = host.units.get(name="丁镇党委")
    address = path.replace("own", str(unit.pk)).replace("other", str(other.pk))
    for person, status in PAGES[path].items():
        answer = signed_in(request.getfixturevalue(person)).get(address)
        assert answer.status_code == status, f"{person} gets {answer.status_code}"


class TestWhatAUnitSees:
    """Rule 15: its own quarters; of the year and of the others what was published and is disclosed."""

    def test_before_the_year_is_published_its_own_quarters_alone(self, so_far, secretary, signed_in):
        shown = text_of(signed_in(secretary).get(PAGE))
        assert "80.00" in shown
        assert "95.00" not in shown
        assert "前三名" not in shown
        assert "Annual total</a>" not in shown
        assert "Annual totals and places are shown once the host has published the year." in shown

    def test_afterwards_its_annual_place_and_the_lists(self, whole, secretary, signed_in):
        shown = text_of(signed_in(secretary).get(PAGE))
        assert "<dt>前三名</dt><dd>乙镇党委；甲镇党委；丁镇党委</dd>" in shown
        assert '<td class="total">87.00</td>' in shown
        assert '<td class="total">95.00</td>' not in shown

    @pytest.mark.parametrize(("disclosed", "is_whole"), [((1, 2), True), ((1,), False)])
    def test_the_whole_table_only_where_every_quarter_shows_it(
        self, disclosed, is_whole, whole, host, secretary, signed_in
    ):
        host.cycles.filter(number__in=disclosed).update(disclosure=Disclosure.TABLE)
        client = signed_in(secretary)
        assert ('<td class="total">95.00</td>' in text_of(client.get(PAGE))) is is_whole
        assert client.get(PAGE + "report/").status_code == (200 if is_whole else 403)
        assert len(re.findall(rf'href="{PAGE}units/', text_of(client.get(PAGE)))) == 1

    def test_a_disclosed_table_is_in_the_hosts_order_before_the_year_is_published(
        self, so_far, secretary, signed_in
    ):
        so_far.cycles.update(disclosure=Disclosure.TABLE)
        table = signed_in(secretary).get(PAGE).context["table"]
        assert "".join(row.record.name[0] for row in table.rows) == "甲乙丙丁戊己"
        assert all(row.record.rank is None and row.record.total is None for row in table.rows)

    def test_exports_obey_the_same(self, so_far, staff, secretary, signed_in):
        before = signed_in(secretary).get("/years/2018.csv").content.decode("utf-8-sig")
        assert "80.00" in before
        assert "95.00" not in before
        assert "Annual" not in before
        publish_year(so_far, 2018, by=staff, confirm=True)
        after = signed_in(secretary).get("/years/2018.csv").content.decode("utf-8-sig")
        assert "87.00" in after
        assert "93.00" not in after


@pytest.mark.parametrize("is_published", [False, True])
@pytest.mark.parametrize("person", ["staff", "leader", "inspector", "secretary"])
def test_nothing_of_a_quarter_shows_before_it_is_published(
    person, is_published, request, so_far, unit, staff, signed_in
):
    """Byte by byte, whatever is entered in the running quarter, and even where there is none yet."""
    if is_published:
        publish_year(so_far, 2018, by=staff, confirm=True)
    client = signed_in(request.getfixturevalue(person))
    paths = ["/years/", PAGE, "/years/2018.csv", unit_page(unit), PAGE + "report/"]
    before = [said_by(client.get(path)) for path in paths]
    running = so_far.cycles.get(number=3)
    give_total(running, "甲镇党委", 1)
    give_total(running, "丙镇党委", 100)
    cycle_with_totals(FIRST, host=so_far, quarter="2018Q4")
    assert [said_by(client.get(path)) for path in paths] == before


# --- Corrections ---------------------------------------------------------------------------------


@pytest.fixture
def outdated(whole, host, staff):
    """The published year, one of whose quarters was corrected since."""
    cycle = host.cycles.get(number=2)
    step_back(cycle, by=staff, reason="漏记")
    give_total(cycle, "己镇党委", 100)
    verify_cycle(cycle, by=staff)
    correct_publication(cycle, by=staff, reason="漏记", confirm=True)
    return whole


def test_a_year_goes_on_saying_what_was_published_and_that_a_quarter_changed(
    outdated, staff, leader, secretary, signed_in
):
    for person in (staff, leader, secretary):
        shown = text_of(signed_in(person).get(PAGE))
        assert "Published or corrected since: 2018年第二季度" in shown
        assert ("Correct the year" in shown) is (person == staff)
    assert '<td class="total">83.00</td>' in text_of(signed_in(leader).get(PAGE))
    assert '<td class="total">87.50</td>' in text_of(signed_in(staff).get(PAGE + "?draft=1"))


def test_a_quarter_published_after_the_year_is_named_to_the_units_it_reviewed(
    whole, host, secretary, leader, signed_in
):
    published(host.cycles.get(number=3))
    for person in (secretary, leader):
        assert "Published or corrected since: 2018年第三季度" in text_of(signed_in(person).get(PAGE))


def test_the_draft_leads_to_the_drafts_of_the_units(outdated, unit, staff, signed_in):
    shown = text_of(signed_in(staff).get(PAGE + "?draft=1"))
    assert f'href="{unit_page(unit)}?draft=1"' in shown
    assert f'href="{unit_page(unit)}"' in text_of(signed_in(staff).get(PAGE))


def test_a_correction_shows_old_beside_new_and_the_earlier_one_stays(outdated, staff, leader, signed_in):
    client = signed_in(staff)
    page = text_of(client.get(PAGE + "publish/"))
    row = page[page.index("Total now") :]
    assert re.search(
        r"己镇党委</td><td class=\"number\">5</td>.*?83\.00</td><td class=\"number\">87\.50", row
    )
    answer = client.post(PAGE + "publish/", {"reason": "第二季度漏记", "confirm": "on"})
    assert answer.url == PAGE
    shown = text_of(signed_in(leader).get(PAGE))
    assert "Correction (publication 2): 第二季度漏记" in shown
    assert "87.50" in shown
    earlier = text_of(signed_in(leader).get(PAGE + "?publication=1"))
    assert "This publication was corrected" in earlier
    assert '<td class="total">83.00</td>' in earlier
    report = text_of(signed_in(leader).get(PAGE + "report/?publication=1"))
    assert "己镇党委" in report
    assert "（更正）" not in report


def test_a_changed_rule_shows_to_the_staff_alone(whole, host, staff, leader, signed_in):
    ReviewYear.objects.create(host=host, year=2018, first=70, second=10, third=10, fourth=10)
    assert "The rule of the year was changed" in text_of(signed_in(staff).get(PAGE))
    assert "The rule of the year was changed" not in text_of(signed_in(leader).get(PAGE))


# --- One unit ------------------------------------------------------------------------------------


def test_a_units_quarters_stand_side_by_side_with_what_was_lost(whole, unit, secretary, signed_in):
    shown = text_of(signed_in(secretary).get(unit_page(unit)))
    assert '<div class="figure-value">87.00</div>' in shown
    assert "主题党日" in shown
    assert '<span class="soft">第二季度 −6</span> 会议记录不完整' in shown
    assert "Places of 丙镇党委 over the quarters" in shown
    assert 'href="/cycles/2018Q2/units/' in shown


def test_a_unit_reads_no_annual_place_before_the_year_is_published(so_far, unit, secretary, signed_in):
    shown = text_of(signed_in(secretary).get(unit_page(unit)))
    assert "Annual place" not in shown
    assert "80.00" in shown


def test_a_corrected_quarter_is_shown_as_the_year_was_made_of_it(outdated, host, leader, signed_in):
    shown = text_of(signed_in(leader).get(unit_page(host.units.get(name="己镇党委"))))
    assert '<td class="total">91.00</td>' in shown
    assert "Published or corrected since" in shown


# --- Exports -------------------------------------------------------------------------------------


def file_name(answer) -> str:
    return unquote(answer.headers["Content-Disposition"].partition("utf-8''")[2])


def test_the_workbook_opens_with_numbers_as_numbers(whole, leader, signed_in):
    answer = signed_in(leader).get("/years/2018.xlsx")
    book = openpyxl.load_workbook(BytesIO(answer.content))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]][:4] == [
        "Annual place",
        "Unit",
        "第一季度 total",
        "第一季度 place",
    ]
    assert [cell.value for cell in sheet[2]][:7] == [1, "乙镇党委", 95, 1, 95, 2, 95]
    assert sheet["G2"].number_format == "0.00"
    notes = {row[0]: row[1] for row in book["Notes"].values}
    assert notes["Weights"] == "第一季度 25%；第二季度 25%"
    assert notes["Digest"] == whole.digest
    assert file_name(answer) == "2018年度名次.xlsx"


def test_a_year_so_far_is_named_as_such(so_far, leader, signed_in):
    answer = signed_in(leader).get("/years/2018.csv")
    assert file_name(answer) == "2018年度名次（未发布）.csv"
    assert "The year so far, not published" in answer.content.decode("utf-8-sig")


# --- Forms ---------------------------------------------------------------------------------------

RULE = {"first": 10, "second": 20, "third": 30, "fourth": 40, "least_quarters": 2}


def test_the_rule_is_kept(so_far, staff, signed_in):
    client = signed_in(staff)
    given = RULE | {"document_number": "×组通〔2019〕2号", "rectify_by": "2019-03-31"}
    assert client.post(PAGE + "settings/", given).url == PAGE
    assert client.post(PAGE + "settings/", given | {"least_quarters": 1}).url == PAGE
    assert ReviewYear.objects.get().rule.weights == (10, 20, 30, 40)
    assert ReviewYear.objects.get().least_quarters == 1
    report = text_of(client.get(PAGE + "report/print/?draft=1"))
    assert "×组通〔2019〕2号" in report


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"first": 11}, "The four quarters must add up to 100."),
        ({"first": -10, "second": 40}, "greater than or equal to 0"),
        ({"first": "99999999999999999999"}, "less than or equal to"),
        ({"first": "x"}, "Enter a whole number."),
        ({"first": 0, "second": 0, "third": 0, "fourth": 100}, "Only 1 quarters have a weight."),
        ({"least_quarters": 9}, "Only 4 quarters have a weight."),
        ({"least_quarters": 0}, "A year has 1 to 4 quarters to be scored in."),
        ({"rectify_by": "2019-02-30"}, "Enter a valid date."),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_one_message(given, message, so_far, staff, signed_in):
    answer = signed_in(staff).post(PAGE + "settings/", RULE | given)
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert not ReviewYear.objects.exists()


def test_the_year_is_published_once_the_gap_is_confirmed(so_far, staff, signed_in):
    client = signed_in(staff)
    page = text_of(client.get(PAGE + "publish/"))
    assert "Not published: 2018年第三季度, 2018年第四季度." in page
    assert client.post(PAGE + "publish/").status_code == 422
    assert not AnnualPublication.objects.exists()
    assert client.post(PAGE + "publish/", {"confirm": "on"}).url == PAGE
    assert AnnualPublication.objects.get().published_by == staff
    again = text_of(client.get(PAGE + "publish/"))
    assert "there is nothing to correct" in again
    assert "Publish now" not in again
    assert client.post(PAGE + "publish/", {"confirm": "on", "reason": "再发"}).url == PAGE + "publish/"
    assert AnnualPublication.objects.count() == 1


@pytest.mark.parametrize("person", ["leader", "inspector", "secretary"])
def test_only_the_staff_publish_a_year(person, request, so_far, signed_in):
    client = signed_in(request.getfixturevalue(person))
    assert client.post(PAGE + "publish/", {"confirm": "on"}).status_code == 403
    assert client.post(PAGE + "settings/", RULE).status_code == 403
    assert not AnnualPublication.objects.exists()


# --- The report ----------------------------------------------------------------------------------


def test_before_the_year_is_published_its_report_is_the_staffs_alone(so_far, staff, leader, signed_in):
    client = signed_in(staff)
    assert client.get(PAGE + "report/").status_code == 404
    draft = client.get(PAGE + "report.docx?draft=1")
    assert file_name(draft) == "关于2018年度基层党建工作督查情况的通报（送审稿）.docx"
    assert "Draft for review: not published yet" in text_of(client.get(PAGE + "report/?draft=1"))
    assert signed_in(leader).get(PAGE + "report/?draft=1").status_code == 404


@pytest.mark.parametrize(("extension", "start"), [("docx", b"PK"), ("pdf", b"%PDF-")])
def test_the_report_is_a_file_with_its_chinese_name(extension, start, whole, leader, signed_in):
    answer = signed_in(leader).get(f"{PAGE}report.{extension}")
    assert answer.content.startswith(start)
    assert file_name(answer) == f"关于2018年度基层党建工作督查情况的通报.{extension}"


def test_the_print_view_leads_to_the_files_and_back(whole, leader, signed_in):
    shown = text_of(signed_in(leader).get(PAGE + "report/print/"))
    assert "乡镇（街道）年度前三名：乙镇党委；甲镇党委；丁镇党委。" in shown
    assert "第三季度、第四季度未计入。" in shown
    assert "Draft for review" not in shown
    assert f"{PAGE}report.pdf?publication=1" in shown
    assert f"（全文：{whole.digest}）" in shown


# --- Cost ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("units", [1, 3, 50])
@pytest.mark.parametrize("quarters", [1, 4])
@pytest.mark.parametrize("is_published", [False, True])
def test_the_pages_cost_the_same_at_any_length(
    units, quarters, is_published, db, signed_in, django_assert_num_queries
):
    totals = {f"第{number}镇党委": number % 90 for number in range(units)}
    host = ready_host(*totals)
    ReviewYear.objects.create(host=host, year=2018, least_quarters=1)
    for number in range(1, quarters + 1):
        published(scored_at_once(host, f"2018Q{number}", totals))
    staff = somebody(Role.STAFF, host)
    if is_published:
        publish_year(host, 2018, by=staff, confirm=True)
    client = signed_in(staff)
    unit = host.units.first()
    client.get(PAGE)
    with django_assert_num_queries(8):  # session, user, memberships; quarters, rule, standings, year, years
        assert client.get(PAGE).status_code == 200
    with django_assert_num_queries(9):  # no years; the unit's scores and its items
        assert client.get(unit_page(unit)).status_code == 200
    assert ReviewCycle.objects.count() == quarters
