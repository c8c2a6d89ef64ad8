"""Several people who raise a quarter's findings at the same time: each finding becomes one item."""

from __future__ import annotations

import pytest
from django.test import Client

from organizations.models import Role
from rectification.models import Item, Step
from reviews.models import Deduction
from tests.factories.organizations import somebody
from tests.factories.reviews import cycle_with_totals, deduct, ready_host
from tests.reviews.importing.test_load_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 6
FINDINGS = 8


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
