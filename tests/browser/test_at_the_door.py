"""Logging in, in two steps, being locked out, and confirming who one is, as a browser shows it."""

from __future__ import annotations

import base64
import time

import pytest
from playwright.sync_api import Page, expect

from organizations.freshness import SESSION_KEY
from organizations.models import LoginSession, Role
from reviews.models import CycleState, ReviewCycle
from reviews.publishing import verify_cycle
from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import NOT_OK, broken_rules
from tests.factories.organizations import PASSWORD, somebody
from tests.factories.reviews import cycle_with_totals
from tests.factories.second_factors import code_of, patient

REASON = "甲镇党委“三会一课”记录有误，\n重新核对。"


@pytest.fixture
def cycle(transactional_db: None) -> ReviewCycle:
    return verify_cycle(cycle_with_totals({"甲镇党委": 96, "乙镇党委": 90}), by=None)


def log_in(page: Page, username: str, password: str = PASSWORD) -> None:
    page.goto("/login/?next=/help/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def grow_stale() -> None:
    """Of everybody who is logged in, the password was entered an hour ago."""
    for row in LoginSession.objects.all():
        session = LoginSession.get_session_store_class()(row.session_key)
        session[SESSION_KEY] = int(time.time()) - 3600
        session.save()


def test_a_second_factor_from_setting_it_up_to_logging_in_with_it(
    open_page: OpenPage, cycle: ReviewCycle
) -> None:
    user = somebody(Role.ADMINISTRATOR, cycle.host)
    page = open_page(locale="en-GB", tolerated=NOT_OK)
    log_in(page, user.username)
    page.goto("/settings/security/")
    found = broken_rules(page)
    page.get_by_label("Ask for a code").check()
    page.get_by_role("button", name="Save").click()
    # What the host demands leads from publishing to setting it up, and back.
    page.goto("/cycles/2018Q3/publish/")
    key = page.locator(".key").inner_text().replace(" ", "")
    expect(page.locator(".qr svg")).to_be_visible()
    found += broken_rules(page)
    code = code_of(_hexadecimal(key))
    page.get_by_label("Code that the app shows").fill(code)
    page.get_by_role("button", name="Turn the second factor on").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    found += broken_rules(page)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", name="Publish 2018")).to_be_visible()
    page.goto("/second-factor/")
    found += broken_rules(page)
    page.context.clear_cookies()
    log_in(page, user.username)
    field = page.get_by_label("Code")
    expect(field).to_be_focused()
    field.fill(code)  # the one from before
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("was used already")).to_be_visible()
    found += broken_rules(page)
    patient(user)
    field.fill(code_of(_hexadecimal(key), later=1))
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Help")).to_be_visible()
    assert "\n".join(found) == ""


def test_a_stale_password_costs_one_question_and_no_word(open_page: OpenPage, cycle: ReviewCycle) -> None:
    page = open_page(somebody(Role.STAFF, cycle.host), locale="en-GB", tolerated=NOT_OK)
    page.goto("/cycles/2018Q3/")
    form = page.locator("form[action$='/back/']")
    page.locator("details.confirm", has=form).locator("summary").click()
    form.locator("[name=reason]").fill(REASON)
    grow_stale()
    form.get_by_role("button").click()
    field = page.get_by_label("Password")
    expect(field).to_be_focused()
    found = broken_rules(page)
    field.fill("wrong")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("This is not your password.")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("status")).to_contain_text("2018")
    cycle.refresh_from_db()
    assert cycle.state == CycleState.OPEN
    assert cycle.steps.latest("pk").reason.split() == REASON.split()
    assert "\n".join(found) == ""


def test_the_page_of_a_lock_breaks_no_rule(open_page: OpenPage, transactional_db: None) -> None:
    page = open_page(locale="en-GB", tolerated=NOT_OK)
    for _time in range(5):
        log_in(page, "nobody-of-this-name", "wrong")
    expect(page.get_by_role("alert")).to_contain_text("You can try again from")
    assert "\n".join(broken_rules(page)) == ""


def _hexadecimal(key: str) -> str:
    return base64.b32decode(key).hex()
