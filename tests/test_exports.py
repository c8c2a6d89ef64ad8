"""Whatever people typed, no exported cell is a formula: every address that gives a table is asked."""

from __future__ import annotations

import csv
import io
import re
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from organizations.models import Group, Organization, Role, User
from rectification.models import Programme
from reviews.year_publishing import publish_year
from tests.browser.pages import FILE, NO_PAGE
from tests.factories.organizations import somebody
from tests.factories.pages import District, district_of_pages
from tests.factories.reviews import cycle_with_totals, published
from tests.workbooks.test_writing import opened
from workbooks.reading import read_workbook
from workbooks.writing import Table, valid_file_name, write_csv, write_xlsx

pytestmark = pytest.mark.any_database

STARTS = "=+-@\t\r\n＝＋－＠"
EVIL = '=HYPERLINK("http://x.example","点")'
NUMBER = re.compile(r"-?\d+(\.\d+)?")

LIVE = {
    "organizations:unit-export": ["/units.xlsx", "/units.csv"],
    "rectification:item-export": ["/items/export.xlsx"],
    "rectification:check-export": ["/items/checks/{check}.xlsx"],
    "rectification:programme-export": ["/programmes/{programme}/table.xlsx"],
    "rectification:figures-export": ["/items/figures.xlsx"],
    "reviews:completeness-export": ["/cycles/{open}/completeness.xlsx"],
    "reviews:import-template": ["/cycles/{open}/import/template.xlsx"],
    "reviews:standings-export": ["/cycles/{verified}/standings.xlsx", "/cycles/{verified}/standings.csv"],
}
FROZEN = {
    "reviews:standings-export": ["/cycles/2018Q3/standings.xlsx", "/cycles/2018Q3/standings.csv"],
    "reviews:year-export": ["/years/2018.xlsx", "/years/2018.csv", "/years/2018.csv?draft=1"],
}
# Photos and papers as they were handed in, documents, and a form with nothing in it.
NO_TABLES = {
    "organizations:account-template",
    "organizations:unit-template",
    "rectification:evidence",
    "rectification:evidence-original",
    "rectification:programme-file-original",
    "reviews:reply-file-original",
    "reviews:visit-photo-original",
    "trail:entry-export",  # whoever reads it reads all tables: test_the_trail_leaves_by_the_same_door
    "rectification:programme-file",
    "rectification:return-visit-photo",
    "reviews:correction-file",
    "reviews:reply-file",
    "reviews:report-file",
    "reviews:template-file",
    "reviews:visit-photo",
    "reviews:year-report-file",
}


def test_every_file_is_known_to_be_a_table_or_none() -> None:
    files = {name for name, reason in NO_PAGE.items() if reason == FILE}
    assert sorted(files - LIVE.keys() - FROZEN.keys() - NO_TABLES) == [], "add these above"
    assert sorted((LIVE.keys() | FROZEN.keys() | NO_TABLES) - files) == [], "these are gone"


def renamed(model: Any, field: str = "name") -> None:
    """Every row's name begins like a formula that calls somebody, and they differ all the same."""
    model.objects.update(**{field: Concat(Value(EVIL), Cast(F("pk"), CharField()))})


@pytest.fixture
def district(db: None, settings: Any, tmp_path: Any) -> District:
    settings.MEDIA_ROOT = tmp_path
    district = district_of_pages()
    for model in (Organization, Group, Programme):
        renamed(model)
    return district


def test_no_cell_of_any_export_is_a_formula(district: District) -> None:
    client = Client()
    client.force_login(district.people["staff"])
    for addresses in LIVE.values():
        for address in addresses:
            check(client.get(address.format(**district.keys)), address)


def test_the_trail_leaves_by_the_same_door(district: District) -> None:
    host = district.people["leader"].memberships.get().organization
    client = Client()
    client.force_login(somebody(Role.ADMINISTRATOR, host))
    for address in ("/audit/export.xlsx", "/audit/export.csv"):
        check(client.get(address), address)


def test_nor_of_what_is_published(db: None) -> None:
    units = {f"{start}{EVIL}": 90 - place for place, start in enumerate(["", "＝", "+", "-", "@"])}
    first = cycle_with_totals(units, quarter="2018Q1")
    staff: User = somebody(Role.STAFF, first.host)
    for cycle in (first, cycle_with_totals(units, host=first.host, quarter="2018Q3")):
        published(cycle, by=staff)
    publish_year(first.host, 2018, by=staff, confirm=True)
    client = Client()
    client.force_login(staff)
    for addresses in FROZEN.values():
        for address in addresses:
            check(client.get(address), address)


def check(answer: Any, address: str) -> None:
    """Text that would call somebody is there, as text."""
    assert answer.status_code == 200, address
    body = answer.getvalue()
    name = unquote(answer.headers["Content-Disposition"]).partition("''")[2]
    assert not set('\\/:*?"<>|') & set(name), address
    if ".csv" in address:
        fields = [field for row in csv.reader(io.StringIO(body.decode("utf-8-sig"))) for field in row]
        risky = [each for each in fields if each.startswith(tuple(STARTS)) and not NUMBER.fullmatch(each)]
        assert risky == [], address
        assert any(EVIL in field for field in fields), address
        return
    cells = [
        cell
        for sheet in openpyxl.load_workbook(io.BytesIO(body)).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert [cell.coordinate for cell in cells if cell.hyperlink] == [], address
    formulas = [cell.value for cell in cells if cell.data_type == "f"]
    # The workbook to fill in adds up what is typed into it; no text is ever part of that.
    assert formulas == [] or "template" in address
    assert not any("HYPERLINK" in str(formula) for formula in formulas), address
    assert any(EVIL in str(cell.value) for cell in cells), address


texts = st.text(max_size=12) | st.builds("".join, st.tuples(st.sampled_from(STARTS), st.text(max_size=12)))


@settings(max_examples=40)
@given(st.lists(texts, min_size=1, max_size=4), texts)
def test_no_text_is_a_formula(row: list[str], name: str) -> None:
    sheet = opened(write_xlsx([Table(name, row, [row], title=row)])).worksheets[0]
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n", "inlineStr"}
    assert not any(isinstance(cell.value, int | float) for line in sheet.iter_rows() for cell in line)
    text = write_csv([row]).decode("utf-8-sig")
    for field in next(csv.reader(io.StringIO(text, newline="")), []):
        assert not field.startswith(tuple(STARTS))


@settings(max_examples=40)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-1000, max_value=1000))
def test_a_number_of_ours_stays_a_number(number: Any) -> None:
    (sheet,) = read_workbook(write_csv([["变化"], [number]]), "f").sheets
    assert NUMBER.fullmatch(write_csv([[number]]).decode("utf-8-sig").strip())
    assert opened(write_xlsx([Table("表", ["变化"], [[number]])])).active["A2"].data_type == "n"
    assert sheet.rows


@given(st.text(max_size=300), st.sampled_from(["xlsx", "docx"]))
def test_every_system_can_keep_a_file_under_its_name(stem: str, ending: str) -> None:
    name = valid_file_name(f"{stem}.{ending}")
    assert name.endswith(f".{ending}")
    assert not set('\\/:*?"<>|\n\r\x00\u202e') & set(name)
    assert len(name.encode(errors="replace")) <= 255
    assert not name.startswith((".", " "))
