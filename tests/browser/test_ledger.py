"""The ledger as one uses it: many items at once, at a desk and on a phone; filters that are kept; paper."""

import io
import unicodedata

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from organizations.models import Role
from rectification.models import Item
from tests.browser.axe import violations
from tests.browser.chromium import has_no_sideways_scroll
from tests.factories.items import assigned, in_days, raised
from tests.factories.ledgers import made_late, raised_at_once
from tests.factories.organizations import HostFactory, UnitFactory, somebody
from tests.factories.reviews import add_group

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def unit(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return UnitFactory(parent=HostFactory(), name="丙乡党委")


@pytest.fixture
def staff(unit):
    return somebody(Role.STAFF, unit.parent)


def is_in_order(page: Page) -> bool:
    return violations(page) == [] and has_no_sideways_scroll(page)


@pytest.mark.parametrize("phone", [False, True])
def test_many_items_get_a_date_at_once(phone, unit, staff, open_page):
    new, dated = raised(unit), assigned(unit, days=10)
    page: Page = open_page(staff, phone=phone, locale="en")
    page.goto("/items/")
    everyone = page.get_by_label("All on this page")
    everyone.check()
    expect(page.get_by_text("Chosen: 2")).to_be_visible()
    page.get_by_label(str(new.serial)).uncheck()
    expect(page.get_by_text("Chosen: 1")).to_be_visible()
    expect(everyone).not_to_be_checked()
    everyone.check()
    assert is_in_order(page)
    page.get_by_role("button", name="Due date").click()
    assert is_in_order(page)
    page.get_by_label("Due date").fill(in_days(30).isoformat())
    page.get_by_label("Reason of the extension").fill("道路施工")
    page.get_by_role("button", name="See what will happen").click()
    expect(page.get_by_text(f"Extended from {in_days(10)} to {in_days(30)}")).to_be_visible()
    assert is_in_order(page)
    page.get_by_role("button", name="Set the due date: 2 items").click()
    expect(page.get_by_text("2 due dates set.")).to_be_visible()
    assert set(Item.objects.values_list("due_on", flat=True)) == {in_days(30)}
    dated.refresh_from_db()
    assert dated.original_due_on == in_days(10)


@pytest.mark.parametrize("phone", [False, True])
def test_what_is_refused_is_named(phone, unit, staff, open_page):
    item = assigned(unit)
    other = raised(unit)
    page: Page = open_page(staff, phone=phone, locale="en")
    page.goto("/items/")
    page.get_by_label("All on this page").check()
    page.get_by_role("button", name="Responsible person").click()
    page.get_by_label("Responsible person").fill("张三")
    page.get_by_role("button", name="See what will happen").click()
    expect(page.get_by_text("张三 is responsible already.")).to_be_visible()
    page.get_by_role("button", name="Name the responsible person: 1 item").click()
    expect(page.get_by_text("1 item assigned, 1 refused.")).to_be_visible()
    assert is_in_order(page)
    other.refresh_from_db()
    assert (other.responsible, item.responsible) == ("张三", "张三")


def test_sorting_and_paging_keep_the_boxes_working(unit, staff, open_page):
    raised_at_once(unit, 52)
    page: Page = open_page(staff, locale="en")
    page.goto("/items/")
    page.get_by_label("All on this page").check()
    expect(page.get_by_text("Chosen: 50")).to_be_visible()
    page.get_by_role("link", name="Next").click()
    expect(page.locator("#ledger tbody tr")).to_have_count(2)
    expect(page.get_by_label("All on this page")).not_to_be_checked()
    page.get_by_label("All on this page").check()
    expect(page.get_by_text("Chosen: 2")).to_be_visible()
    page.get_by_label("All 52 found").check()
    page.get_by_role("button", name="Send to the unit").click()
    expect(page.get_by_text("every item is refused")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True])
def test_a_filter_is_kept_and_chosen_again(phone, unit, staff, open_page):
    made_late(assigned(unit), 3)
    raised(unit)
    page: Page = open_page(staff, phone=phone, locale="en")
    page.goto("/items/")
    page.get_by_text("More filters").click()
    page.get_by_label("Overdue").check()
    page.get_by_role("button", name="Filter").click()
    expect(page).to_have_url("/items/?overdue=1")
    page.get_by_text("Save this filter").click()
    page.get_by_label("Name of the filter").fill("本季逾期")
    assert is_in_order(page)
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto("/items/")
    page.get_by_role("link", name="本季逾期").click()
    expect(page.locator("#ledger tbody tr")).to_have_count(1)


def test_on_paper_every_page_begins_with_the_columns(unit, staff, open_page):
    raised_at_once(unit, 60)
    page: Page = open_page(staff)
    page.goto("/items/print/")
    pages = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(pages) > 1
    assert all(each.mediabox.width > each.mediabox.height for each in pages)
    # What a PDF gives back of Chinese text may be the radicals that look the same.
    texts = [unicodedata.normalize("NFKC", each.extract_text()) for each in pages]
    assert all("整改时限" in text for text in texts)
    assert ["填表人" in text for text in texts] == [False] * (len(pages) - 1) + [True]


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_all_pages_about_items_are_in_sight_on_a_phone(locale, unit, staff, open_page):
    raised(unit)
    page: Page = open_page(staff, phone=True, locale=locale)
    page.goto("/items/handover/")
    for link in page.locator(".tabs a").all():
        box = link.bounding_box()
        assert 0 <= box["x"] <= page.viewport_size["width"] - box["width"]


@pytest.mark.parametrize("width", [1000, 1280])
def test_the_tools_of_the_header_stay_beside_the_name(width, staff, open_page):
    page: Page = open_page(staff)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/items/")
    name, tools = (page.locator(each).bounding_box() for each in (".brand", ".site-tools"))
    assert tools["y"] < name["y"] + name["height"]


def test_the_figures_of_all_units_are_printed_once_not_on_every_page(unit, staff, open_page):
    other = add_group(unit.parent, "系统单位")
    for number in range(1, 61):
        raised(UnitFactory(parent=unit.parent, name=f"{number}号镇党委"))
        raised(UnitFactory(parent=unit.parent, group=other, name=f"{number}号局党委"))
    page: Page = open_page(staff)
    page.goto("/items/figures/")
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    texts = [unicodedata.normalize("NFKC", sheet.extract_text()) for sheet in paper.pages]
    assert len(texts) > 3
    assert not any("合计" in text for text in texts[:3])
