"""What still stands between today and publishing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from organizations.models import Role
from reviews.models import ReviewCycle
from reviews.outstanding import open_points
from reviews.publishing import publication_obstacles, publish_cycle, start_reply, verify_cycle
from reviews.standings import baseline_publication
from reviews.visiting import Findings
from tests.factories.organizations import somebody
from tests.factories.reviews import cycle_with_totals, deduct, opened_cycle, ready_host
from tests.factories.visits import loss, made, planned

TOTALS = {"甲镇党委": 90, "乙镇党委": 80, "丙镇党委": 70}


@pytest.fixture
def host(db):
    return ready_host(*TOTALS)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Texts in the language they are written in."""
    with translation.override("en"):
        yield


def points_of(cycle, staff):
    """Text and whether it blocks, of each point."""
    cycle.refresh_from_db()
    cycle = ReviewCycle.objects.with_publications().get(pk=cycle.pk)
    return [(point.text, point.blocks) for point in open_points(cycle, staff)]


def test_a_draft_is_to_be_opened_first(host, staff):
    cycle = ReviewCycle.objects.create(host=host, year=2018, number=3)
    assert points_of(cycle, staff) == [("2018年第三季度 is a draft: open it for entry first.", True)]


def test_unfinished_units_block_and_so_does_entry_not_closed(host, staff):
    cycle = cycle_with_totals({**TOTALS, "丙镇党委": None}, host=host)
    assert points_of(cycle, staff) == [
        ("1 unit is not finished and has no reason: 丙镇党委", True),
        ("2018年第三季度 is “Entry open”: verify it first.", True),
    ]


def test_the_rest_is_worth_a_look_and_stands_before_closing_entry(host, staff):
    cycle = cycle_with_totals(TOTALS, host=host)
    deduct(cycle, "甲镇党委", "三会一课", 1, "")
    made(cycle, "乙镇党委", Findings(losses=[loss(cycle, "乙镇党委")]))
    planned(cycle, "丙镇党委")
    assert points_of(cycle, staff) == [
        ("1 planned visit is neither recorded nor cancelled.", False),
        ("1 deduction has no reason.", False),
        ("1 deduction of a visit has no photo.", False),
        ("1 finding has no rectification item yet.", False),
        ("2018年第三季度 is “Entry open”: verify it first.", True),
    ]


def test_a_record_that_is_held_waits_for_a_decision(host, staff):
    cycle = cycle_with_totals(TOTALS, host=host)
    visit = planned(cycle, "甲镇党委", visited_on="2018-09-01")
    visit.state, visit.sent_record = "held", {}
    visit.save()
    assert points_of(cycle, staff)[0] == ("1 record sent from a phone is not counted yet.", False)


def test_a_baseline_that_was_chosen_must_be_published(host, staff):
    earlier = cycle_with_totals(TOTALS, host=host, quarter="2018Q2")
    cycle = cycle_with_totals(TOTALS, host=host, baseline=earlier.quarter)
    cycle = verify_cycle(cycle, by=staff)
    assert points_of(cycle, staff) == [("The baseline 2018年第二季度 is not published yet.", True)]


def test_lists_that_ties_made_long_are_to_be_looked_at_once_all_units_are_finished(staff):
    host = ready_host(*(names := [f"第{number}镇党委" for number in range(7)]))
    cycle = cycle_with_totals({name: 80 if name == names[0] else 90 for name in names}, host=host)
    texts = [text for text, _blocks in points_of(cycle, somebody(Role.STAFF, host))]
    assert texts[0].startswith("Ties make these lists longer than 5")


def test_nothing_is_left_of_a_verified_or_a_published_cycle(host, staff):
    cycle = verify_cycle(cycle_with_totals(TOTALS, host=host), by=staff)
    assert points_of(cycle, staff) == []
    publish_cycle(cycle, by=staff, confirm=True)
    assert points_of(cycle, staff) == []


@pytest.mark.parametrize("state", ["draft", "unfinished", "open", "reply", "verified"])
def test_what_blocks_is_what_publishing_refuses(state, host, staff):
    if state == "draft":
        cycle = ReviewCycle.objects.create(host=host, year=2018, number=3)
    elif state == "unfinished":
        cycle = opened_cycle(host)
    else:
        cycle = cycle_with_totals(TOTALS, host=host)
    if state == "reply":
        cycle.reply_stage = True
        cycle.save()
        cycle = start_reply(cycle, by=staff)
    if state == "verified":
        cycle = verify_cycle(cycle, by=staff)
    refused = publication_obstacles(cycle, baseline_publication(cycle))
    blocking = {text for text, blocks in points_of(cycle, staff) if blocks}
    assert blocking == {obstacle.text for obstacle in refused}


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3, 50])
def test_it_costs_the_same_however_much_is_open(count, django_assert_num_queries):
    names = [f"第{number}镇党委" for number in range(count)]
    cycle = opened_cycle(ready_host(*names))
    staff = somebody(Role.STAFF, cycle.host)
    for name in names:
        planned(cycle, name, inspectors=(staff,))
    assert staff.access.memberships  # read once a request
    with django_assert_num_queries(8):
        open_points(cycle, staff)
