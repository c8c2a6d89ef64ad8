"""The record of a visit as one uses it: rows without asking the server, reasons that follow the indicator."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from organizations.models import Role
from reviews.activating import activate_rubric
from reviews.models import Deduction, Indicator, Visit
from tests.browser.chromium import has_no_sideways_scroll
from tests.factories.organizations import GroupFactory, HostFactory, UnitFactory, somebody
from tests.factories.reviews import RubricFactory, opened_cycle
from tests.factories.visits import branch_of, picture, planned, unit_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cycle(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    group = GroupFactory(host=HostFactory(group=None))
    rubric = RubricFactory(group=group)
    Indicator.objects.filter(rubric=rubric, name="三会一课").update(
        standard="会议记录不完整，每处扣0.5分；缺签到表"
    )
    activate_rubric(rubric)
    UnitFactory(parent=group.host, group=group, name="甲镇党委")
    return opened_cycle(group.host)


@pytest.fixture
def inspector(cycle):
    return somebody(Role.INSPECTOR, cycle.host)


@pytest.mark.parametrize("phone", [False, True])
def test_a_visit_is_recorded_with_more_rows_than_were_there(phone, cycle, inspector, open_page):
    visit = planned(cycle, "甲镇党委", inspectors=(inspector,))
    page: Page = open_page(inspector, phone=phone, locale="en")
    page.goto(f"/visits/{visit.pk}/record/")
    page.locator("[data-add-row=losses]").click()
    indicators = page.locator(".record-indicator select")
    expect(indicators).to_have_count(4)
    indicators.nth(3).select_option(label="三会一课 (60, step 0.5)")
    reason = page.locator("#id_losses-3-reason")
    key = Indicator.objects.get(name="三会一课").pk
    expect(reason).to_have_attribute("list", f"reasons-{key}")
    page.locator("#id_losses-3-count").fill("3")
    reason.fill("缺签到表")
    page.locator("#id_losses-3-photos").set_input_files(files(1))
    page.locator("#id_photos").set_input_files(files(20))
    assert page.locator("#id_photos").evaluate("input => input.validationMessage").startswith("At most 20")
    page.locator("#id_photos").set_input_files(files(2))
    assert page.locator("form[data-once]").evaluate("form => form.checkValidity()")
    assert has_no_sideways_scroll(page)
    page.get_by_role("button", name="Save the record").click()
    expect(page.get_by_text("The visit is recorded.")).to_be_visible()
    expect(page.locator(".photos img")).to_have_count(3)
    deduction = Deduction.objects.get(visit=visit)
    assert (deduction.points, deduction.photos.count()) == (Decimal("1.5"), 1)
    page.locator("#add-photos summary").click()
    page.locator("#id_photos").set_input_files(files(1, "PNG"))
    page.locator("#id_proves").select_option(index=1)
    page.get_by_role("button", name="Add photos").click()
    expect(page.get_by_text("1 photo is added.")).to_be_visible()
    assert deduction.photos.count() == 2
    assert has_no_sideways_scroll(page)


def files(count, kind="JPEG"):
    """So many photos, as a file input takes them."""
    named = {"mimeType": f"image/{kind.lower()}", "buffer": picture(kind)}
    return [{"name": f"{number}.{kind.lower()}", **named} for number in range(count)]


def test_the_places_follow_the_unit(cycle, inspector, open_page):
    branch_of(unit_of(cycle, "甲镇党委"), "东山村党支部")
    page: Page = open_page(inspector, locale="en")
    page.goto("/visits/new/")
    page.locator("#id_organization").select_option(label="甲镇党委")
    page.locator("#id_place").select_option(label="东山村党支部")
    page.get_by_role("button", name="Plan the visit").click()
    expect(page.get_by_text("The visit is planned.")).to_be_visible()
    assert Visit.objects.get().place_label == "东山村党支部"
