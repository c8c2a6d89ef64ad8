"""The demo's district: what its ledger has to show, by the same rules as everybody's."""

from __future__ import annotations

from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.utils import timezone

from organizations.models import Organization, User
from rectification.figures import figures
from rectification.histories import histories_of
from rectification.lifecycle import RULES, State, StepKind, may_take, state_after
from rectification.models import Evidence, Item, Step
from rectification.permissions import parts_of
from rectification.pressing import pressing_of
from reviews.findings_to_raise import count_to_raise
from reviews.models import Publication, ReviewCycle
from tests.rectification.test_replay import replayed, row_of


@pytest.fixture
def demo(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    call_command("demo", stdout=StringIO())


def holds_to_the_rules(item, steps, people):
    """Whether each entry of a log could have been taken where it was, in the order of time."""
    for before, step in pairwise(steps):
        kind, state = StepKind(step.kind), State(before.state)
        assert (before.number + 1, before.at <= step.at) == (step.number, True)
        assert step.state == state_after(kind, state)
        assert state in RULES[kind].states
        if step.by_id is not None:
            acted = any(each.for_unit and each.by_id == step.by_id for each in steps[: step.number - 1])
            assert may_take(kind, state, parts_of(people[step.by_id], item), acted_for_unit=acted)
    return True


def test_the_demo_has_items_in_every_state_by_the_rules_and_can_be_set_up_again(demo):
    host, staff = Organization.objects.get(parent=None), User.objects.get(username="staff")
    people = User.objects.in_bulk()
    items = list(Item.objects.select_related("unit"))
    logs: dict[int, list[Step]] = {}
    for step in Step.objects.order_by("item", "number"):
        logs.setdefault(step.item_id, []).append(step)
    assert all(holds_to_the_rules(item, logs[item.pk], people) for item in items)
    for item in items[::9]:
        assert row_of(replayed(item)) == row_of(item)
    assert {item.responsible for item in items} <= {f"{item.unit.name}组织委员" for item in items}

    pressing = pressing_of(staff, host)
    assert min(pressing.overdue, pressing.soon, pressing.submitted, pressing.on_time) > 0
    found = figures(histories_of(Item.objects.all()), timezone.localdate())
    told = ("overdue_week", "overdue_month", "overdue_longer", "carried_over", "returned", "confirmed")
    assert min(getattr(found, name) for name in told) > 0
    assert found.unsettled < found.raised / 4
    assert Item.objects.answerable().filter(unit__name="丙乡党委").exists()

    newest = ReviewCycle.objects.get(number=3)
    assert count_to_raise(newest, staff) > 0
    assert not any(count_to_raise(cycle, staff) for cycle in ReviewCycle.objects.filter(number__lt=3))
    assert [each["quarter"] for each in Publication.objects.get(cycle=newest).rectification["quarters"]] == [
        "2018Q2",
        "2018Q1",
    ]
    counts = (Item.objects.count(), Step.objects.count(), Evidence.objects.count())
    call_command("demo", stdout=StringIO())
    assert (Item.objects.count(), Step.objects.count(), Evidence.objects.count()) == counts
