"""Programmes as one uses them: a row reported with a photo on a phone, targets ticked in bulk at a desk."""

import pytest
from playwright.sync_api import Page, expect

from organizations.models import Role
from rectification.models import Programme, ProgrammeFile, Task
from tests.browser.chromium import has_no_sideways_scroll
from tests.factories.organizations import HostFactory, UnitFactory, somebody
from tests.factories.programmes import WEAK, assigned_to, branches_of, target_of, task_of
from tests.factories.visits import picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def unit(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return UnitFactory(parent=HostFactory(), name="丙乡党委")


def test_a_secretary_reports_a_row_with_a_photo_from_a_phone(unit, open_page):
    (branch,) = branches_of(unit, 1)
    programme = assigned_to(branch, template=WEAK, days=[10, 20])
    task = task_of(target_of(programme, branch), "一名第一书记驻村")
    page: Page = open_page(somebody(Role.SECRETARY, unit), phone=True, locale="en")
    page.goto("/")
    page.get_by_role("link", name="Programmes").click()
    page.get_by_role("link", name=programme.name).click()
    page.get_by_role("link", name=branch.name).click()
    row = page.locator(".task", has_text="一名第一书记驻村")
    row.locator("summary", has_text="Report as done").click()
    row.get_by_label("What was done").fill("第一书记已到村")
    photo = {"name": "驻村.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    row.locator("input[type=file]").first.set_input_files([photo])
    assert has_no_sideways_scroll(page)
    row.get_by_role("button", name="Report as done").click()
    expect(page.get_by_role("status")).to_have_text("一名第一书记驻村: Reported as done.")
    expect(page.locator(".task-files img")).to_have_count(1)
    assert (Task.objects.get(pk=task.pk).state, ProgrammeFile.objects.count()) == ("reported", 1)
    assert has_no_sideways_scroll(page)


def test_all_branches_of_a_group_are_made_targets_in_two_steps(unit, open_page):
    branches_of(unit, 3)
    page: Page = open_page(somebody(Role.STAFF, unit.parent), locale="en")
    page.goto("/programmes/")
    page.get_by_role("link", name="Assign work").first.click()
    page.get_by_role("link", name="党支部“五化”建设").click()
    page.get_by_label("Due date").fill("2999-12-31")
    page.locator(".target-whole").get_by_label("All branches").check()
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.locator(".lines tbody tr")).to_have_count(3)
    assert Programme.objects.get().targets.count() == 3


def test_the_table_of_a_programme_fits_its_page(unit, open_page):
    programme = assigned_to(*branches_of(unit, 3), template=WEAK, days=[10, 20])
    desk, phone = (open_page(somebody(Role.STAFF, unit.parent), phone=phone) for phone in (False, True))
    for page in (desk, phone):
        page.goto(f"/programmes/{programme.pk}/table/")
        assert has_no_sideways_scroll(page)
    box = desk.locator(".table-scroll").evaluate("box => [box.scrollWidth, box.clientWidth]")
    assert box[0] == box[1]
    unit_name = phone.locator(".grid-table tbody td").nth(1)
    assert unit_name.evaluate("cell => cell.getClientRects()[0].width") > 100
