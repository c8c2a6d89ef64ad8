"""The standings page: what it shows to whom, its filters, its exports and its cost."""

import re
from io import BytesIO
from urllib.parse import unquote

import openpyxl
import pytest

from organizations.models import Role
from reviews.models import Disclosure
from reviews.publishing import correct_publication, step_back, verify_cycle
from tests.factories.organizations import somebody
from tests.factories.reviews import (
    add_group,
    cycle_with_totals,
    give_total,
    published,
    ready_host,
    scored_at_once,
)
from tests.reviews.views.answers import said_by, text_of

PAGE = "/cycles/2018Q3/standings/"


@pytest.fixture
def page(done, signed_in, leader):
    return text_of(signed_in(leader).get(PAGE))


def test_the_four_lists_stand_in_the_words_of_the_circular(page):
    assert "<dt>前三名</dt><dd>甲镇党委；乙镇党委；丙镇党委</dd>" in page
    assert "<dt>后三名</dt><dd>丁镇党委；戊镇党委；己镇党委</dd>" in page
    assert "<dt>进步较快的是</dt><dd>戊镇党委、丙镇党委、甲镇党委（均上升1位）</dd>" in page


def test_a_change_of_place_is_a_sign_and_words(page):
    assert '<span class="change-rise"><span aria-hidden="true">▲</span> up 1 place</span>' in page
    assert '<span class="change-fall"><span aria-hidden="true">▼</span> down 1 place</span>' in page
    assert "&lt;span" not in page


def test_the_header_names_the_publication_and_its_digest(done, page):
    publication = done.latest_publication()
    assert f"Publication 1, {publication.published_on:%Y-%m-%d}, digest {publication.digest[:16]}" in page
    assert "Compared with 2018年第一季度" in page


def test_units_that_are_not_ranked_stand_at_the_end_with_their_reason(host, staff, signed_in):
    published(cycle_with_totals({"甲镇党委": 90, "乙镇党委": None, "丙镇党委": 0}, host=host))
    shown = text_of(signed_in(staff).get(PAGE))
    assert shown.index("丙镇党委</a>") < shown.index("Not ranked</h2>") < shown.index("乙镇党委</a>")
    assert "本季度免检" in shown
    assert ">0.00</td>" in shown  # a real nought is ranked


def test_live_standings_are_marked_as_unpublished(running, staff, signed_in):
    shown = text_of(signed_in(staff).get(PAGE))
    assert "Unpublished: do not pass on" in shown
    assert "digest" not in shown
    assert "Check and publish" not in shown  # it is not verified yet
    assert "Go and verify" in shown


def test_without_an_earlier_quarter_there_are_no_columns_of_change(host, staff, signed_in):
    published(cycle_with_totals({"甲镇党委": 90, "乙镇党委": 80}, host=host))
    table = signed_in(staff).get(PAGE).context["table"]
    assert [column.name for column in table.columns] == ["rank", "organization_name", "total_text"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("sort=total_text", ["己", "戊", "丁", "丙", "乙", "甲"]),
        ("sort=organization_name", ["甲", "乙", "丙", "丁", "戊", "己"]),
        ("name=丙", ["丙"]),
        ("show=top", ["甲", "乙", "丙"]),
        ("show=last&sort=-rank", ["己", "戊", "丁"]),
        ("show=unranked", []),
        ("group=9", ["甲", "乙", "丙", "丁", "戊", "己"]),
        ("show=nonsense&page=nonsense&sort=nonsense", ["甲", "乙", "丙", "丁", "戊", "己"]),
    ],
)
def test_sorting_and_filtering(query, names, done, leader, signed_in):
    answer = signed_in(leader).get(f"{PAGE}?{query}")
    table = answer.context["table"]
    shown = [row.record.organization_name[0] for row in table.rows] if table else []
    assert answer.status_code == 200
    assert shown == names


class TestWhatAUnitSees:
    """Rule 15: its own line and, of the others, what the cycle discloses."""

    def test_the_lists_and_its_own_line(self, done, secretary, signed_in):
        shown = text_of(signed_in(secretary).get(PAGE))
        assert "前三名" in shown
        assert "94.00" in shown
        assert "93.00" not in shown
        assert "Filter" not in shown

    def test_the_whole_table_where_the_cycle_says_so(self, done, secretary, signed_in):
        done.disclosure = Disclosure.TABLE
        done.save()
        shown = text_of(signed_in(secretary).get(PAGE))
        assert "93.00" in shown
        assert len(re.findall(r'href="/cycles/2018Q3/units/', shown)) == 1  # to its own review alone

    def test_its_own_group_comes_first(self, host, signed_in):
        add_group(host, "系统单位", "区林业局直属机关党委")
        published(cycle_with_totals({"甲镇党委": 90, "区林业局直属机关党委": 80}, host=host))
        unit = host.units.get(name="区林业局直属机关党委")
        answer = signed_in(somebody(Role.SECRETARY, unit)).get(PAGE)
        assert answer.context["group"].name == "系统单位"

    def test_exports_obey_the_same(self, done, secretary, signed_in):
        lists_only = signed_in(secretary).get("/cycles/2018Q3/standings.csv").content.decode("utf-8-sig")
        assert "94.00" in lists_only
        assert "93.00" not in lists_only

    def test_while_a_correction_is_made_it_sees_what_was_published(self, done, staff, secretary, signed_in):
        before = said_by(signed_in(secretary).get(PAGE))
        step_back(done, by=staff, reason="复核")
        give_total(done, "己镇党委", 100)
        assert said_by(signed_in(secretary).get(PAGE)) == before
        assert signed_in(secretary).get("/cycles/2018Q3/").status_code == 200
        assert "Entry open" not in text_of(signed_in(secretary).get("/cycles/"))


@pytest.mark.parametrize("state", ["open", "reply"])
def test_before_publication_no_answer_depends_on_the_scores_of_others(state, db, signed_in):
    """The same requests in two worlds that differ only in what the other units scored."""
    worlds = []
    for others in (10, 99):
        host = ready_host("甲镇党委", "乙镇党委", "丙镇党委")
        published(
            cycle_with_totals({"甲镇党委": 90, "乙镇党委": 80, "丙镇党委": 70}, host=host, quarter="2018Q1")
        )
        cycle = cycle_with_totals({"甲镇党委": others, "乙镇党委": others, "丙镇党委": 50}, host=host)
        cycle.state = state
        cycle.save()
        unit = host.units.get(name="丙镇党委")
        client = signed_in(somebody(Role.SECRETARY, unit))
        paths = ["/", "/cycles/", "/cycles/2018Q3/", PAGE, PAGE + "?publication=1", PAGE + "?draft=1"]
        paths += ["/cycles/2018Q3/standings.csv", "/cycles/2018Q3/report/circular/"]
        paths += [f"/cycles/2018Q3/units/{each.pk}/" for each in host.units.all()]
        worlds.append([anonymous(client.get(path), host) for path in paths])
    assert worlds[0] == worlds[1]


def anonymous(answer, host) -> tuple[int, str]:
    """An answer without the names and keys in which two worlds differ by their nature."""
    status, text = said_by(answer)
    return status, re.sub(r"/units/\d+/|user\d+", "", text.replace(host.name, ""))


class TestCorrection:
    @pytest.fixture
    def corrected(self, done, staff):
        step_back(done, by=staff, reason="己镇党委得分漏记")
        give_total(done, "己镇党委", 100)
        verify_cycle(done, by=staff)
        correct_publication(done, by=staff, reason="己镇党委得分漏记", confirm=True)
        return done

    def test_it_shows_old_beside_new_and_the_reason(self, corrected, leader, signed_in):
        shown = text_of(signed_in(leader).get(PAGE))
        assert "Correction (publication 2)" in shown
        assert "己镇党委得分漏记" in shown
        row = shown[shown.index("Place before") :]
        assert '<td>己镇党委</td> <td class="number">6</td><td class="number changed">1</td>' in row

    def test_the_earlier_publication_stays_readable(self, corrected, leader, signed_in):
        shown = text_of(signed_in(leader).get(PAGE + "?publication=1"))
        assert "This publication was corrected" in shown
        assert "91.00" in shown

    def test_a_publication_that_is_not_there_is_not_found(self, corrected, leader, signed_in):
        assert signed_in(leader).get(PAGE + "?publication=3").status_code == 404

    def test_a_unit_sees_only_its_own_change(self, corrected, secretary, signed_in):
        shown = text_of(signed_in(secretary).get(PAGE))
        assert '<td>丙镇党委</td> <td class="number">3</td><td class="number changed">4</td>' in shown
        assert "<td>己镇党委</td>" not in shown

    def test_a_unit_whose_line_stayed_is_told_so_of_itself_and_that_the_lists_changed(
        self, done, staff, secretary, signed_in
    ):
        step_back(done, by=staff, reason="戊镇党委得分漏记")
        give_total(done, "戊镇党委", 92.5)
        give_total(done, "己镇党委", 92.6)
        verify_cycle(done, by=staff)
        correct_publication(done, by=staff, reason="戊镇党委得分漏记", confirm=True)
        shown = text_of(signed_in(secretary).get(PAGE))
        assert "Neither the place nor the total of your unit changed." in shown
        assert "No place and no total changed." not in shown
        assert "The lists of units named for their places or their moves changed" in shown


class TestExports:
    def test_the_workbook_opens_with_numbers_as_numbers(self, done, leader, signed_in):
        answer = signed_in(leader).get("/cycles/2018Q3/standings.xlsx")
        sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
        assert [cell.value for cell in sheet[2]][:4] == [1, "甲镇党委", 96, 2]
        assert sheet["C2"].number_format == "0.00"
        assert "filename*=utf-8''2018%E5%B9%B4" in answer.headers["Content-Disposition"]

    def test_a_name_that_looks_like_a_formula_stays_text(self, db, signed_in):
        host = ready_host("=1+1", "乙镇党委")
        published(cycle_with_totals({"=1+1": 90, "乙镇党委": 80}, host=host))
        client = signed_in(somebody(Role.LEADER, host))
        answer = client.get("/cycles/2018Q3/standings.xlsx")
        cell = openpyxl.load_workbook(BytesIO(answer.content)).active["B2"]
        assert (cell.value, cell.data_type) == ("=1+1", "s")
        assert "'=1+1" in client.get("/cycles/2018Q3/standings.csv").content.decode("utf-8-sig")

    def test_a_file_says_what_was_published_and_when(self, done, leader, signed_in):
        published_now = done.latest_publication()
        client = signed_in(leader)
        book = openpyxl.load_workbook(BytesIO(client.get("/cycles/2018Q3/standings.xlsx").content))
        notes = {row[0]: row[1] for row in book["Notes"].values}
        assert notes["Publication"] == 1
        assert notes["Digest"] == published_now.digest
        lines = client.get("/cycles/2018Q3/standings.csv").content.decode("utf-8-sig").splitlines()
        assert lines[0].startswith("Group,Place,Unit")
        assert f"Notes,,Digest,{published_now.digest}" in lines

    def test_a_draft_and_a_correction_are_named_as_such(self, done, staff, signed_in):
        client = signed_in(staff)
        step_back(done, by=staff, reason="复核")
        draft = client.get("/cycles/2018Q3/standings.csv?draft=1")
        assert file_name(draft) == "2018年第三季度名次（未发布）.csv"
        assert "Unpublished: do not pass on" in draft.content.decode("utf-8-sig")
        verify_cycle(done, by=staff)
        correct_publication(done, by=staff, reason="复核", confirm=True)
        assert file_name(client.get("/cycles/2018Q3/standings.csv")) == "2018年第三季度名次（第1次更正）.csv"
        earlier = client.get("/cycles/2018Q3/standings.csv?publication=1")
        assert file_name(earlier) == "2018年第三季度名次.csv"

    def test_no_other_format_is_offered(self, done, leader, signed_in):
        assert signed_in(leader).get("/cycles/2018Q3/standings.exe").status_code == 404


def file_name(answer) -> str:
    """What the browser calls the file."""
    return unquote(answer.headers["Content-Disposition"].partition("utf-8''")[2])


@pytest.mark.parametrize("units", [5, 50, 500])
@pytest.mark.parametrize("state", ["live", "published"])
def test_the_page_costs_the_same_at_any_length(units, state, db, signed_in, django_assert_num_queries):
    totals = {f"第{number}镇党委": number % 90 for number in range(units)}
    host = ready_host(*totals)
    for quarter in ("2018Q1", "2018Q3"):
        cycle = scored_at_once(host, quarter, totals)
        if quarter == "2018Q1" or state == "published":
            published(cycle)
    client = signed_in(somebody(Role.STAFF, host))
    client.get(PAGE)
    # Session, user, memberships, cycle; the publication that may be kept; and two for the standings.
    with django_assert_num_queries(6 + (state == "published")):
        answer = client.get(PAGE)
    assert answer.context["table"].data.data[0].rank == 1
    assert len(answer.context["group"].ranked) == units
