"""A phone that sends the same visit again and again: one visit, one record, its photos once."""

import json
import uuid
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from organizations.models import Role
from reviews.models import Deduction, Score, Visit, VisitPhoto
from reviews.photos import folder
from tests.factories.organizations import somebody
from tests.factories.phones import record_json
from tests.factories.reviews import opened_cycle, ready_host
from tests.factories.visits import picture, planned
from tests.reviews.importing.test_load_at_once import at_once
from tests.reviews.views.test_visits import plan_of, record_of

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 12


@pytest.fixture
def cycle(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return opened_cycle(ready_host("甲镇党委"))


@pytest.fixture
def inspector(cycle):
    return somebody(Role.INSPECTOR, cycle.host)


def clients(user):
    signed_in = [Client() for _ in range(TIMES)]
    for client in signed_in:
        client.force_login(user)
    return signed_in


def test_one_plan_posted_twelve_times_in_parallel_is_one_visit(cycle, inspector):
    plan = plan_of(cycle, inspector)
    answers = at_once(*(lambda c=c: c.post("/visits/new/", plan) for c in clients(inspector)))
    assert {answer.headers["Location"] for answer in answers} == {f"/visits/{Visit.objects.get().pk}/"}


def test_one_record_posted_twelve_times_in_parallel_counts_once(cycle, inspector):
    visit = planned(cycle, "甲镇党委", inspectors=(inspector,))
    data = record_of(cycle, ("三会一课", "2", "", "缺签到表"))

    def post(client):
        return client.post(
            f"/visits/{visit.pk}/record/", data | {"photos": [SimpleUploadedFile("a.jpg", picture())]}
        )

    answers = at_once(*(lambda c=c: post(c) for c in clients(inspector)))
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {
        (302, f"/visits/{visit.pk}/")
    }
    assert (Deduction.objects.count(), Score.objects.get().version) == (1, 1)
    assert len(list(folder().iterdir())) == VisitPhoto.objects.count() == 1


def test_records_and_photos_of_phones_posted_twelve_times_in_parallel_come_once(cycle, inspector):
    records = [
        record_json(cycle, "甲镇党委", inspector, ("三会一课", "0.5", f"第{number}次"), photos=[0])
        for number in range(5)
    ]

    def post(client):
        for record in records:
            body = json.dumps({"user": inspector.pk, "record": record})
            yield client.post("/m/visits/", body, content_type="application/json").status_code
            address = f"/m/visits/{record['uuid']}/photos/{record['photos'][0]['uuid']}/"
            yield client.post(address, {"photo": SimpleUploadedFile("a.jpg", picture())}).status_code

    answers = at_once(*(lambda c=c: list(post(c)) for c in clients(inspector)))
    assert {status for told in answers for status in told} == {200}
    assert (Visit.objects.count(), Deduction.objects.count(), VisitPhoto.objects.count()) == (5, 5, 5)
    assert len(list(folder().iterdir())) == 5
    assert Score.objects.get().points == 60 - Decimal("2.5")


def test_two_records_of_one_visit_at_once_keep_one_and_tell_the_other(cycle, inspector):
    visit = planned(cycle, "甲镇党委", inspectors=(inspector,))
    sent = [
        record_of(cycle, ("三会一课", "2", "", "缺"), client_uuid=str(uuid.uuid4())) for _ in range(TIMES)
    ]
    pairs = zip(clients(inspector), sent, strict=True)
    answers = at_once(
        *(lambda c=c, data=data: c.post(f"/visits/{visit.pk}/record/", data) for c, data in pairs)
    )
    assert sorted(answer.status_code for answer in answers) == [302] + [422] * (TIMES - 1)
    assert Deduction.objects.count() == 1
