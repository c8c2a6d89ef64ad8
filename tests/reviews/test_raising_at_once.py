"""Several people who raise a quarter's findings at the same time: each finding becomes one item."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.test import Client

from organizations.models import Role
from rectification.merging import merge_items
from rectification.models import Audience, Item, Source, Step
from rectification.stepping import ItemChanged
from reviews.models import Deduction, Publication
from reviews.publishing import publish_cycle, verify_cycle
from tests.factories.items import raised
from tests.factories.organizations import somebody
from tests.factories.reviews import cycle_with_totals, deduct, ready_host
from tests.reviews.importing.test_load_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 6
FINDINGS = 8
PAIRS = 25


def test_each_finding_is_raised_once(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cycle = cycle_with_totals({"甲镇党委": 90}, host=ready_host("甲镇党委"))
    for number in range(FINDINGS):
        deduct(cycle, "甲镇党委", "三会一课", 1, f"第{number}处")
    clients = [Client() for _person in range(PEOPLE)]
    for client in clients:
        client.force_login(somebody(Role.STAFF, cycle.host))
    chosen = {"finding": [f"d{key}" for key in Deduction.objects.values_list("pk", flat=True)]}
    answers = at_once(*(lambda c=c: c.post("/cycles/2018Q3/items/", chosen) for c in clients))
    assert {answer.status_code for answer in answers} == {302}
    assert sorted(Item.objects.values_list("sequence", flat=True)) == list(range(1, FINDINGS + 1))
    assert Step.objects.count() == FINDINGS
    assert Deduction.objects.values("item").distinct().count() == FINDINGS


@pytest.mark.parametrize("_round", range(3))
def test_publishing_and_merging_never_wait_for_each_other(_round, settings, tmp_path):
    """Publishing credits items of which some are being merged into, each in an order of its own."""
    settings.MEDIA_ROOT = tmp_path
    cycle = cycle_with_totals({"甲镇党委": 90}, host=ready_host("甲镇党委"))
    unit = cycle.host.units.get()
    staff, other = (somebody(Role.STAFF, cycle.host) for _person in range(2))
    reported = [raised(unit, source=Source.SELF) for _number in range(PAIRS)]
    merged, merging = ([raised(unit, audience=Audience.STAFF) for _number in reported] for _time in range(2))
    for item, into in zip(merged, reported, strict=True):
        merge_items(item, into, "同一问题", by=staff, seen=1)
    verify_cycle(cycle, by=staff)

    def merge_the_others() -> None:
        for item, into in reversed([*zip(merging, reported, strict=True)]):
            with suppress(ItemChanged):  # the publication had shown it meanwhile
                merge_items(item, into, "同一问题", by=other, seen=1)

    results = at_once(lambda: publish_cycle(cycle, by=staff, confirm=True), merge_the_others)
    assert [type(result) for result in results] == [Publication, type(None)]
    assert {item.steps.filter(kind="confirm").count() for item in reported} <= {1, 2}
