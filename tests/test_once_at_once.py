"""One form, sent twelve times at the same moment: its deed happens once, and each time is answered alike."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from organizations.models import Role, SentForm, User
from rectification.models import Item, Programme, Step
from reviews.models import Deduction, Publication, ReplyStep, ReviewState
from reviews.publishing import step_back, verify_cycle
from reviews.uploads import keep_upload
from tests.factories.items import submitted
from tests.factories.organizations import UnitFactory, somebody
from tests.factories.replies import deduction_of, replying
from tests.factories.reviews import cycle_with_totals, opened_cycle, published, ready_host
from tests.factories.visits import planned
from tests.rectification.test_views_programmes import filled
from tests.reviews.importing.test_load_at_once import DEDUCTIONS, at_once
from tests.reviews.views.test_visits import record_of

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 12
UNIT = "甲镇党委"


@dataclass(frozen=True)
class Deed:
    """Who sends what where, and the rows of which there must be `one` afterwards."""

    by: User
    address: str
    fields: Mapping[str, Any]
    rows: Callable[[], QuerySet[Any]]
    are: int = 1


def raise_item() -> Deed:
    unit = UnitFactory()
    fields = {
        "category": "规范化程度不高",
        "found_on": timezone.localdate().isoformat(),
        "text": "台账未更新",
    }
    return Deed(somebody(Role.SECRETARY, unit), "/items/new/", fields, Item.objects.all)


def strike_off() -> Deed:
    unit = UnitFactory()
    item = submitted(unit)
    fields = {"seen": item.version}
    rows = Step.objects.filter(kind="strike_off").all
    return Deed(somebody(Role.STAFF, unit.parent), f"/items/{item.serial}/strike-off/", fields, rows)


def publish() -> Deed:
    cycle = cycle_with_totals({UNIT: 90, "乙镇党委": 80}, host=ready_host(UNIT, "乙镇党委"))
    staff = somebody(Role.STAFF, cycle.host)
    verify_cycle(cycle, by=staff)
    return Deed(staff, "/cycles/2018Q3/publish/", {}, Publication.objects.all)


def correct() -> Deed:
    cycle = cycle_with_totals({UNIT: 90, "乙镇党委": 80}, host=ready_host(UNIT, "乙镇党委"))
    staff = somebody(Role.STAFF, cycle.host)
    published(cycle, by=staff)
    cycle.refresh_from_db()
    step_back(cycle, by=staff, reason="得分录入有误")
    cycle.refresh_from_db()
    verify_cycle(cycle, by=staff)
    fields = {"reason": "得分录入有误"}
    return Deed(staff, "/cycles/2018Q3/publish/", fields, Publication.objects.all, are=2)


def reply() -> Deed:
    deduction = deduction_of(replying(ready_host(UNIT)), UNIT)
    unit = deduction.review.organization
    fields = {"deduction": deduction.pk, "text": "签到表在此", "client_uuid": str(uuid.uuid4())}
    address = f"/cycles/2018Q3/units/{unit.pk}/replies/"
    return Deed(somebody(Role.SECRETARY, unit), address, fields, ReplyStep.objects.all)


def record_visit() -> Deed:
    cycle = opened_cycle(ready_host(UNIT))
    inspector = somebody(Role.INSPECTOR, cycle.host)
    visit = planned(cycle, UNIT, inspectors=(inspector,))
    fields = record_of(cycle, ("三会一课", "2", "", "缺签到表"))
    del fields["client_uuid"]
    return Deed(inspector, f"/visits/{visit.pk}/record/", fields, Deduction.objects.all)


def leave_out() -> Deed:
    cycle = opened_cycle(ready_host(UNIT))
    unit = cycle.host.units.get()
    fields = {"state": "not_visited", "reason": "道路中断"}
    rows = cycle.reviews.filter(state=ReviewState.NOT_VISITED).all
    address = f"/cycles/2018Q3/units/{unit.pk}/leave-out/"
    return Deed(somebody(Role.STAFF, cycle.host), address, fields, rows)


def import_scores() -> Deed:
    cycle = opened_cycle(ready_host(UNIT))
    staff = somebody(Role.STAFF, cycle.host)
    batch = keep_upload([DEDUCTIONS], "扣分.xlsx", cycle, by=staff)
    return Deed(staff, f"/cycles/2018Q3/import/{batch.pk}/commit/", {}, Deduction.objects.all, are=2)


def assign_programme() -> Deed:
    unit = UnitFactory()
    fields = filled(unit)
    del fields["client_uuid"]
    address = "/programmes/new/five-transformations/"
    return Deed(somebody(Role.STAFF, unit.parent), address, fields, Programme.objects.all)


DEEDS = [
    raise_item,
    strike_off,
    publish,
    correct,
    reply,
    record_visit,
    leave_out,
    import_scores,
    assign_programme,
]


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def clients(*people: User) -> list[Client]:
    signed_in = [Client(headers={"accept-language": "en"}) for _person in people]
    for client, user in zip(signed_in, people, strict=True):
        client.force_login(user)
    return signed_in


@pytest.mark.parametrize("prepared", DEEDS, ids=lambda prepared: prepared.__name__)
def test_twelve_at_once_are_one_deed_and_one_answer(prepared):
    deed = prepared()
    fields = {**deed.fields, "once": str(uuid.uuid4())}
    senders = clients(*[deed.by] * TIMES)
    answers = at_once(*(lambda c=client: c.post(deed.address, fields) for client in senders))
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert (deed.rows().count(), SentForm.objects.count()) == (deed.are, 1)
    # One of them was the first; the others are told so, after which all are told the same.
    lines = [answer.wsgi_request._messages for answer in answers]
    told = sorted(len(list(each)) for each in lines)
    assert told[1:] == [told[0] + 1] * (TIMES - 1)


def test_under_keys_of_their_own_people_never_wait_for_each_other_in_a_ring():
    """Each takes its key first and other locks after it: whoever waits for a key holds nothing."""
    unit = UnitFactory()
    staff = [somebody(Role.STAFF, unit.parent) for _person in range(4)]
    items = [submitted(unit) for _number in range(3)]
    keys = [[str(uuid.uuid4()) for _item in items] for _person in staff]

    def strike_all(client: Client, own: list[str], turn: int) -> list[int]:
        order = [*zip(items, own, strict=True)]
        return [
            client.post(f"/items/{item.serial}/strike-off/", {"seen": item.version, "once": key}).status_code
            for item, key in order[turn:] + order[:turn]
            for _time in range(2)
        ]

    answers = at_once(
        *(
            lambda c=client, own=own, turn=turn: strike_all(c, own, turn % 3)
            for turn, (client, own) in enumerate(zip(clients(*staff), keys, strict=True))
        )
    )
    assert {status for statuses in answers for status in statuses} <= {302, 409}
    assert Step.objects.filter(kind="strike_off").count() == len(items)


def test_of_two_windows_that_publish_one_does_and_the_other_is_told():
    deed = publish()
    windows = clients(deed.by, deed.by)
    answers = at_once(
        *(lambda c=client: c.post(deed.address, {"once": str(uuid.uuid4())}) for client in windows)
    )
    assert Publication.objects.count() == 1
    for client, answer in zip(windows, answers, strict=True):
        assert "is published" in client.get(answer.headers["Location"]).content.decode()
