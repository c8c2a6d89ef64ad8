"""Replies and decisions at the same moment: each happens once, and whoever comes second is told."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from files.folders import folder_of
from organizations.models import Role
from reviews.models import Reply, ReplyFile, ReplyStep, ReplyStepKind
from reviews.publishing import NotReadyToPublish, StepRefused, verify_cycle
from reviews.replying import ReplyChanged, ReplyOver, decide_reply
from tests.factories.organizations import somebody
from tests.factories.replies import deduction_of, replied, replying
from tests.factories.reviews import ready_host, review_of
from tests.factories.visits import picture
from tests.reviews.importing.test_load_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

UNIT = "丙乡党委"
ROUNDS = 3


@pytest.fixture
def cycle(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return replying(ready_host("甲镇党委", UNIT))


@pytest.fixture
def deduction(cycle):
    return deduction_of(cycle, UNIT)


def test_one_form_sent_eight_times_in_parallel_is_one_reply(cycle, deduction):
    secretary = somebody(Role.SECRETARY, deduction.review.organization)
    clients = [Client() for _time in range(8)]
    for client in clients:
        client.force_login(secretary)
    page = f"/cycles/2018Q3/units/{deduction.review.organization_id}/replies/"
    sent = {"deduction": deduction.pk, "text": "签到表在此", "client_uuid": str(uuid.uuid4())}

    def post(client):
        return client.post(page, sent | {"evidence": [SimpleUploadedFile("a.jpg", picture())]})

    answers = at_once(*(lambda c=c: post(c) for c in clients))
    assert {answer.status_code for answer in answers} == {302}
    assert (Reply.objects.count(), ReplyStep.objects.count(), ReplyFile.objects.count()) == (1, 1, 1)
    assert len(list(folder_of("replies").iterdir())) == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_those_who_decide_at_once_one_does_and_the_others_are_told(_round, cycle, deduction):
    reply = replied(deduction)
    people = [somebody(Role.STAFF, cycle.host) for _person in range(4)]
    kinds = [ReplyStepKind.ACCEPT, ReplyStepKind.KEEP] * 2
    results = at_once(
        *(
            lambda by=by, kind=kind: decide_reply(reply, kind, "理由", seen=1, full_marks=True, by=by)
            for by, kind in zip(people, kinds, strict=True)
        )
    )
    assert sorted(type(result).__name__ for result in results) == ["Reply", *["ReplyChanged"] * 3]
    assert {isinstance(result, Reply | ReplyChanged) for result in results} == {True}
    reply.refresh_from_db()
    assert ReplyStep.objects.count() == 2
    assert review_of(cycle, UNIT).total == (100 if reply.state == "accepted" else 98)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_reply_and_the_end_of_the_stage_never_pass_each_other(_round, cycle, deduction):
    staff = somebody(Role.STAFF, cycle.host)
    sent, verified = at_once(lambda: replied(deduction), lambda: verify_cycle(cycle, by=staff))
    if isinstance(sent, Reply):
        assert isinstance(verified, NotReadyToPublish)
    else:
        assert isinstance(sent, ReplyOver)
        assert not isinstance(verified, StepRefused)
