"""Settling marked places with the page's buttons, which send forms that stand elsewhere."""

from __future__ import annotations

import pytest

from organizations.models import Role
from reviews.models import ReportAcceptance
from reviews.publishing import verify_cycle
from reviews.report_texts import composition
from tests.browser.axe import violations
from tests.browser.conftest import OpenPage
from tests.factories.organizations import somebody
from tests.factories.reports import wrote_in
from tests.factories.reviews import cycle_with_totals

TOTALS = {"甲镇党委": 96, "乙镇党委": 90, "丙镇党委": 80, "丁镇党委": 70}


@pytest.mark.parametrize("phone", [False, True])
def test_one_place_is_replaced_and_the_other_accepted(phone: bool, open_page: OpenPage, transactional_db):
    cycle = cycle_with_totals(TOTALS)
    staff = somebody(Role.STAFF, cycle.host)
    verify_cycle(cycle, by=staff)
    wrote_in(cycle, "丁镇党委得分75分，工作扎实。", "乙镇党委位居第一名。", by=staff)
    page = open_page(staff, phone=phone, locale="en")
    page.goto("/cycles/2018Q3/report/circular/check/")
    page.locator("details.confirm > summary").nth(1).click()
    assert violations(page) == []
    page.get_by_role("button", name="Replace with what is true").first.click()
    page.get_by_text("It is mended, in version 2.").wait_for()
    page.locator("details.confirm > summary").first.click()
    page.get_by_placeholder("Reason").fill("会议口径")
    page.get_by_role("button", name="Accept with this reason").click()
    page.get_by_text("Everything that people wrote agrees with the results, or was accepted.").wait_for()
    assert ReportAcceptance.objects.get().says == "位居第一名"
    assert "丁镇党委得分70.00分" in "".join(
        block.text for block in composition(cycle, "circular").text.blocks
    )
