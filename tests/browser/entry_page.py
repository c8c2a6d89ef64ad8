"""The page of the entry grid, as its tests read it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from reviews.models import ReviewCycle, Score
from tests.factories.reviews import review_of

GRID = "/cycles/2018Q3/entry/"
MARKS = {"三会一课": 60, "主题党日": 40}
UNITS = ("甲镇党委", "乙街道筹备办临时党工委", "丙乡党委")
CUT_OFF = ("ERR_INTERNET_DISCONNECTED", "Failed to load resource")


def cell(page: Page, row: int, column: int) -> Any:
    return page.locator(f"tbody tr:nth-of-type({row}) td:nth-of-type({column}) input")


def box(page: Page, row: int, column: int) -> Any:
    return page.locator(f"tbody tr:nth-of-type({row}) td:nth-of-type({column})")


def everything_is_saved(page: Page) -> None:
    expect(page.locator("#entry-grid")).to_have_attribute("data-state", "saved")


def points_of(cycle: ReviewCycle, unit: str = "甲镇党委") -> list[str]:
    scores = Score.objects.filter(review=review_of(cycle, unit)).order_by("indicator__position")
    return [str(score.points) if score.applies else "不适用" for score in scores]
