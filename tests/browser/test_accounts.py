"""Accounts in a real browser: what only an answer shows, and what a new person sees first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from organizations.account_rows import HEADER
from organizations.models import Role, User
from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import broken_rules
from tests.factories.organizations import HostFactory, UnitFactory, somebody
from workbooks.writing import Table, write_xlsx

NEW = "my own words 2019"


@pytest.fixture
def administrator(transactional_db: None, settings: Any, tmp_path: Path) -> User:
    settings.MEDIA_ROOT = tmp_path
    host = HostFactory()
    UnitFactory(parent=host, name="甲镇党委")
    return somebody(Role.ADMINISTRATOR, host)


def change_password(page: Page, old: str) -> None:
    page.get_by_label("The password you were given").fill(old)
    page.get_by_label("New password", exact=False).first.fill(NEW)
    page.get_by_label("New password confirmation").fill(NEW)
    page.get_by_role("button", name="Change password").click()


def test_a_new_person_gets_a_slip_logs_in_and_chooses_a_password(
    open_page: OpenPage, administrator: User
) -> None:
    desk = open_page(administrator, locale="en")
    desk.goto("/accounts/new/")
    desk.get_by_label("Account name").fill("wang")
    desk.locator("[name=full_name]").fill("王某")
    desk.get_by_label("Role").select_option("leader")
    desk.get_by_role("button", name="Open the account").click()
    password = desk.locator(".slip-password").inner_text()
    assert broken_rules(desk) == []

    page = open_page(locale="en", phone=True)
    page.goto("/login/?next=/units/")
    page.locator("[name=username]").fill("wang")
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    expect(page.get_by_role("heading", name="Choose your password")).to_be_visible()
    change_password(page, password)
    expect(page).to_have_url("/")
    page.goto("/units/")
    expect(page.get_by_role("heading", name="Units")).to_be_visible()


def test_a_workbook_of_accounts_is_previewed_and_its_slips_are_printed_two_beside_each_other(
    open_page: OpenPage, administrator: User, tmp_path: Path
) -> None:
    rows = [(f"第{number}人", f"person{number}", "甲镇党委", None, "单位书记") for number in range(1, 5)]
    file = tmp_path / "账号.xlsx"
    file.write_bytes(write_xlsx([Table("账号", HEADER[:5], rows)]))
    page = open_page(administrator, locale="en")
    page.goto("/accounts/import/")
    page.locator("main input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", name="What the workbook would add")).to_be_visible()
    assert broken_rules(page) == []
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator(".slip")).to_have_count(4)
    page.emulate_media(media="print")
    first, second = (page.locator(".slip").nth(number).bounding_box() for number in (0, 1))
    assert first is not None
    assert second is not None
    assert (first["y"], first["x"] < second["x"]) == (second["y"], True)
    expect(page.get_by_role("button", name="Print the slips")).to_be_hidden()
