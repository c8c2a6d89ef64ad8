"""Every step, in every state, by everybody, on the item of the own unit and of another one.

What is expected stands here as offices would say it, and is not read from the product's own table.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from files.folders import folder_of
from organizations.models import Organization, Role, User
from rectification.closing import reopen, return_to_unit, strike_off, submit, withdraw
from rectification.lifecycle import StepKind
from rectification.models import Evidence, Item, Step
from rectification.permissions import steps_open_to
from rectification.stepping import Given, StepRefused, take_step
from tests.factories.items import assigned, in_days, proof, raised
from tests.factories.organizations import HostFactory, MembershipFactory, UnitFactory, UserFactory, somebody
from tests.factories.visits import picture

# Step: in which states, by whom, and the state after it ("" leaves it).
UNSETTLED, CLOSED = "open submitted returned", "struck_off withdrawn"
EXPECTED = {
    "send": (f"{UNSETTLED} {CLOSED}", "staff", ""),
    "assign": ("open returned", "staff unit", ""),
    "note": (UNSETTLED, "staff unit", ""),
    "submit": ("open returned", "staff unit", "submitted"),
    "return": ("submitted", "staff", "returned"),
    "strike_off": ("submitted", "staff", "struck_off"),
    "extend": (UNSETTLED, "staff", ""),
    "reopen": (CLOSED, "staff", "open"),
    "hold_up": ("struck_off", "staff inspector", ""),
    "relapse": ("struck_off", "staff inspector", "open"),
    "pass_on": (UNSETTLED, "staff", ""),
    "confirm": (f"{UNSETTLED} struck_off", "staff", ""),
    "merge": (UNSETTLED, "staff", "withdrawn"),
    "withdraw": (UNSETTLED, "staff", "withdrawn"),
}
STATES = ("open", "submitted", "returned", "struck_off", "withdrawn")
# Who, and as what on an item of the own unit and of another unit. Nobody here has both units.
PEOPLE = {
    "staff": ("staff", "staff"),
    "administrator": ("staff", "staff"),
    "leader": ("", ""),
    "inspector": ("inspector", "inspector"),
    "secretary": ("unit", ""),
    "secretary of another unit": ("", "unit"),
    "staff of another host": ("", ""),
    "nobody": ("", ""),
    "staff and secretary": ("staff unit", "staff"),
    "staff who answered": ("staff", "staff"),
}
# Those who are shown neither or only one of the two items.
UNSEEN = {
    "secretary": {"another"},
    "secretary of another unit": {"own"},
    "staff of another host": {"own", "another"},
    "nobody": {"own", "another"},
}
NEVER_STRIKE_OFF_OWN = {"staff and secretary", "staff who answered"}
ADDRESSES = {
    "send": "send",
    "assign": "assign",
    "note": "note",
    "submit": "submit",
    "return": "return",
    "strike_off": "strike-off",
    "extend": "extend",
    "reopen": "reopen",
    "withdraw": "withdraw",
}


def may(kind: str, state: str, person: str, whose: str) -> bool:
    states, by, _to = EXPECTED[kind]
    parts = PEOPLE[person][whose == "another"].split()
    if kind == "strike_off" and whose == "own" and person in NEVER_STRIKE_OFF_OWN:
        return False
    return state in states.split() and any(part in by.split() for part in parts)


@dataclass
class District:
    """items: by unit ("own" or "another") and state. beside: one of each unit to merge them into."""

    people: dict[str, User]
    items: dict[tuple[str, str], Item]
    beside: dict[str, Item]
    successor: Organization


@pytest.fixture
def district(host: Organization, unit: Organization, other_unit: Organization) -> District:
    both = UserFactory()
    MembershipFactory(user=both, organization=host, role=Role.STAFF)
    MembershipFactory(user=both, organization=unit, role=Role.SECRETARY)
    people = {
        "staff": somebody(Role.STAFF, host),
        "administrator": somebody(Role.ADMINISTRATOR, host),
        "leader": somebody(Role.LEADER, host),
        "inspector": somebody(Role.INSPECTOR, host),
        "secretary": somebody(Role.SECRETARY, unit),
        "secretary of another unit": somebody(Role.SECRETARY, other_unit),
        "staff of another host": somebody(Role.STAFF, HostFactory()),
        "nobody": UserFactory(),
        "staff and secretary": both,
        "staff who answered": somebody(Role.STAFF, host),
    }
    answered, clerk = people["staff who answered"], somebody(Role.STAFF, host)
    items = {}
    for whose, owner, by in (("own", unit, answered), ("another", other_unit, None)):
        secretary = by or somebody(Role.SECRETARY, owner)
        for state in STATES:
            items[whose, state] = brought_to(state, owner, secretary, clerk)
    beside = {"own": raised(unit, "同类问题"), "another": raised(other_unit, "同类问题")}
    return District(people, items, beside, UnitFactory(parent=host, name="丙丁镇党委"))


def brought_to(state: str, owner: Organization, answering: User, clerk: User) -> Item:
    """An item in this state that this person answered for the unit before."""
    item = assigned(owner, by=clerk)
    item = submit(item, "已整改", by=answering, seen=item.version, files=[proof()]).item
    if state in ("struck_off", "open"):
        item = strike_off(item, by=clerk, seen=item.version).item
    if state == "open":
        item = reopen(item, "问题反弹", by=clerk, seen=item.version).item
    if state == "returned":
        item = return_to_unit(item, "照片不清", by=clerk, seen=item.version).item
    if state == "withdrawn":
        item = withdraw(item, "重复登记", by=clerk, seen=item.version).item
    assert item.state == state
    return item


def everything() -> list[Any]:
    """All that a step could change: the items, their logs, the files and what lies in their folder."""
    rows = [list(table.objects.order_by("pk").values()) for table in (Item, Step, Evidence)]
    return [*rows, sorted(path.name for path in folder_of("items").iterdir())]


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens in the block has not happened after it."""
    before, point = set(folder_of("items").iterdir()), transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)
        for path in set(folder_of("items").iterdir()) - before:
            path.unlink()


@contextmanager
def ready_for(kind: str, item: Item) -> Iterator[None]:
    """The item as it is, but for sending: shown to its unit alone."""
    with undone():
        if kind == "send":
            Item.objects.filter(pk=item.pk).update(audience="unit")
        yield


def given(kind: str, district: District, whose: str) -> Given:
    """All that the step needs."""
    return Given(
        text="道路施工",
        responsible="李四" if kind == "assign" else "",
        due_on=in_days(90) if kind == "extend" else None,
        unit=district.successor if kind == "pass_on" else None,
        other=district.beside[whose] if kind == "merge" else None,
        audience="host" if kind == "send" else "",
        files=[proof()] if kind == "submit" else [],
    )


def told(capsys: pytest.CaptureFixture[str], count: str) -> None:
    """Print the count beside the test's dot."""
    with capsys.disabled():
        sys.stdout.write(f" {count} ")


def test_every_step_in_every_state_by_everybody(district, capsys):
    before, counted = everything(), Counter()
    for kind, state, person, whose in product(EXPECTED, STATES, PEOPLE, ("own", "another")):
        item, case = district.items[whose, state], (kind, state, person, whose)
        with ready_for(kind, item):
            sent = everything() if kind == "send" else before
            try:
                step = take_step(
                    item,
                    StepKind(kind),
                    given(kind, district, whose),
                    by=district.people[person],
                    seen=item.version,
                )
            except StepRefused:
                assert not may(*case), f"{case} is refused"
                assert everything() == sent, f"{case} is refused and changes something"
                counted["refused"] += 1
            else:
                assert may(*case), f"{case} is taken"
                after = Item.objects.get(pk=item.pk)
                assert (after.state, after.version) == (EXPECTED[kind][2] or state, item.version + 1), case
                assert (step.kind, step.number, step.by) == (kind, after.version, district.people[person])
                counted["taken"] += 1
    told(capsys, f"{counted.total():,} tried, {counted['taken']:,} taken, {counted['refused']:,} refused")
    assert everything() == before
    assert counted == {"taken": 288, "refused": 1_112}


def test_the_steps_that_are_offered_are_those_that_may_be_taken(district):
    for state, person, whose in product(STATES, PEOPLE, ("own", "another")):
        offered = steps_open_to(district.people[person], district.items[whose, state])
        assert offered == {kind for kind in EXPECTED if may(kind, state, person, whose)}, (state, person)


def status_of(kind: str, state: str, person: str, whose: str) -> int:
    """What the address answers."""
    sees_only_when_sent = kind == "send" and person in ("leader", "inspector")
    if whose in UNSEEN.get(person, ()) or sees_only_when_sent:
        return 404
    parts = PEOPLE[person][whose == "another"].split()
    if not set(parts) & set(EXPECTED[kind][1].split()):
        return 403
    if may(kind, state, person, whose):
        return 302
    return 403 if (kind, state) == ("strike_off", "submitted") else 422


def sent(kind: str, item: Item) -> dict[str, Any]:
    """The step's form, as a browser sends it."""
    fields: dict[str, Any] = {"seen": item.version, "text": "道路施工"}
    if kind == "assign":
        fields["responsible"] = "李四"
    if kind == "extend":
        fields["due_on"] = in_days(90).isoformat()
    if kind == "send":
        fields["audience"] = "host"
    if kind == "submit":
        fields["evidence"] = SimpleUploadedFile("整改后.jpg", picture())
    return fields


@pytest.mark.any_database
def test_every_address_in_every_state_by_everybody(district, signed_in, capsys):
    clients = {person: signed_in(user) for person, user in district.people.items()}
    before, counted = everything(), Counter()
    for kind, state, person, whose in product(ADDRESSES, STATES, PEOPLE, ("own", "another")):
        item, case = district.items[whose, state], (kind, state, person, whose)
        with ready_for(kind, item):
            unsent = everything() if kind == "send" else before
            answer = clients[person].post(f"/items/{item.serial}/{ADDRESSES[kind]}/", sent(kind, item))
            assert answer.status_code == status_of(*case), case
            after = Item.objects.get(pk=item.pk)
            if answer.status_code == 302:
                assert (after.state, after.version) == (EXPECTED[kind][2] or state, item.version + 1), case
            else:
                assert everything() == unsent, f"{case} is refused and changes something"
            counted[answer.status_code] += 1
    told(capsys, f"{counted.total():,} sent, by answer: {dict(sorted(counted.items()))}")
    assert everything() == before
    assert counted == {302: 188, 403: 222, 404: 290, 422: 200}


def test_pages_of_items_are_seen_by_those_who_may(district, signed_in):
    for person, whose in product(PEOPLE, ("own", "another")):
        answer = signed_in(district.people[person]).get(f"/items/{district.items[whose, 'open'].serial}/")
        assert answer.status_code == (404 if whose in UNSEEN.get(person, ()) else 200), (person, whose)
