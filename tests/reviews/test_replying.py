"""A unit replies to its deductions for some days; the host decides on each reply once (rule 13)."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone, translation

from files.folders import folder_of
from files.kinds import FileRefused
from organizations.models import Role
from rectification.evidence import NewFile
from rectification.models import Item
from reviews.deducting import WithdrawalRefused, withdraw_deduction
from reviews.models import (
    Deduction,
    Reply,
    ReplyFile,
    ReplySettings,
    ReplyState,
    ReplyStep,
    ReplyStepKind,
    Score,
)
from reviews.outstanding import open_points
from reviews.publishing import (
    NotReadyToPublish,
    StepRefused,
    change_reply_until,
    publication_obstacles,
    start_reply,
    step_back,
    verify_cycle,
)
from reviews.raising import raise_findings
from reviews.replying import ReplyChanged, ReplyOver, ReplyRefused, decide_reply, send_reply
from reviews.undoing import UndoRefused, undo_batch
from tests.factories.documents import pdf
from tests.factories.items import proof
from tests.factories.organizations import MembershipFactory, somebody
from tests.factories.replies import deduction_of, last_day, replied, replying
from tests.factories.reviews import deduct, ready_host, review_of
from tests.reviews.test_triggers import is_refused

UNIT = "丙乡党委"
ACCEPT, KEEP = ReplyStepKind.ACCEPT, ReplyStepKind.KEEP


@pytest.fixture(autouse=True)
def own_folder_in_english(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with translation.override("en"):
        yield


@pytest.fixture
def host(db):
    return ready_host("甲镇党委", UNIT)


@pytest.fixture
def unit(host):
    return host.units.get(name=UNIT)


@pytest.fixture
def cycle(host):
    return replying(host)


@pytest.fixture
def deduction(cycle):
    return deduction_of(cycle, UNIT)


def today():
    return timezone.localdate()


class TestTheLastDay:
    def test_it_lies_as_many_days_ahead_as_the_host_sets(self, host):
        ReplySettings.objects.create(host=host, days=7)
        assert replying(host).reply_until == today() + datetime.timedelta(days=7)

    def test_it_is_still_in_time(self, cycle, deduction):
        last_day(cycle, 0)
        assert replied(deduction).is_open

    def test_after_it_no_reply_is_taken(self, cycle, deduction):
        last_day(cycle, -1)
        with pytest.raises(ReplyOver, match="units could reply until"):
            replied(deduction)
        assert not Reply.objects.exists()

    def test_the_staff_change_it_and_it_is_logged(self, cycle, deduction, staff):
        last_day(cycle, -1)
        change_reply_until(cycle, today(), by=staff)
        assert replied(deduction).is_open
        assert cycle.steps.last().reason == f"Units reply until {today().isoformat()}."

    def test_a_day_that_is_past_is_refused(self, cycle, staff):
        with pytest.raises(StepRefused, match="is past"):
            change_reply_until(cycle, today() - datetime.timedelta(days=1), by=staff)

    def test_a_stage_that_starts_again_gets_a_new_one(self, cycle, staff):
        last_day(cycle, -9)
        step_back(cycle, by=staff, reason="复核")
        assert start_reply(cycle, by=staff).reply_until > today()


class TestReplying:
    def test_a_reply_keeps_its_words_and_files(self, deduction, secretary):
        replied(deduction, "签到表在此", proof(), NewFile("签到表.pdf", pdf()), by=secretary)
        step = ReplyStep.objects.get()
        assert (step.text, step.by, step.kind) == ("签到表在此", secretary, "send")
        assert {file.original_name for file in step.files.all()} == {"整改后.jpg", "签到表.pdf"}
        assert len(list(folder_of("replies").iterdir())) == 2

    def test_what_is_no_evidence_is_refused_and_nothing_is_kept(self, deduction):
        with pytest.raises(FileRefused):
            replied(deduction, "见附件", NewFile("x.exe", b"MZ"))
        assert not Reply.objects.exists()
        assert not folder_of("replies").exists()

    def test_a_reply_says_something(self, deduction):
        with pytest.raises(ReplyRefused, match="Say what is wrong"):
            replied(deduction, " \u200b\n ")

    def test_the_same_form_sent_again_is_one_reply_with_its_files_once(self, deduction, secretary):
        key = uuid.uuid4()
        for _time in range(2):
            replied(deduction, "签到表在此", proof(), by=secretary, client_uuid=key)
        assert (ReplyStep.objects.count(), ReplyFile.objects.count()) == (1, 1)
        assert len(list(folder_of("replies").iterdir())) == 1

    def test_more_may_be_added_until_it_is_decided(self, deduction, secretary):
        replied(deduction, by=secretary)
        replied(deduction, "补充照片", proof(), by=secretary)
        assert list(ReplyStep.objects.values_list("kind", "number")) == [("send", 1), ("add", 2)]
        assert Reply.objects.get().version == 2

    def test_what_is_decided_is_not_replied_to_again(self, deduction, staff):
        decide_reply(replied(deduction), KEEP, "签到表缺三人", seen=1, by=staff)
        with pytest.raises(ReplyRefused, match="a decision stands"):
            replied(deduction)

    def test_a_withdrawn_deduction_takes_no_reply(self, deduction, staff):
        withdraw_deduction(deduction, reason="误扣", by=staff)
        with pytest.raises(ReplyRefused, match="nothing to reply to"):
            replied(deduction)

    def test_outside_the_stage_no_reply_is_taken(self, cycle, deduction, staff):
        verify_cycle(cycle, by=staff)
        with pytest.raises(ReplyOver, match="takes no replies now"):
            replied(deduction)


class TestDeciding:
    def test_accepting_withdraws_the_deduction_with_the_reason(self, deduction, staff):
        decide_reply(replied(deduction), ACCEPT, "签到表属实", seen=1, by=staff)
        deduction.refresh_from_db()
        assert (deduction.withdrawal_reason, deduction.withdrawn_by) == ("签到表属实", staff)
        assert Reply.objects.get().state == ReplyState.ACCEPTED

    def test_the_total_follows_at_once(self, cycle, deduction, staff):
        deduct(cycle, UNIT, "三会一课", 5, "缺记录")
        assert review_of(cycle, UNIT).total == 93
        decide_reply(replied(deduction), ACCEPT, "属实", seen=1, by=staff)
        assert review_of(cycle, UNIT).total == 95

    @pytest.mark.parametrize(("full_marks", "total"), [(True, 100), (False, None)])
    def test_where_nothing_else_is_deducted_the_staff_say_what_the_points_are(
        self, full_marks, total, cycle, deduction, staff
    ):
        decide_reply(replied(deduction), ACCEPT, "属实", seen=1, full_marks=full_marks, by=staff)
        assert review_of(cycle, UNIT).total == total

    def test_full_marks_are_never_given_over_another_deduction(self, cycle, deduction, staff):
        deduct(cycle, UNIT, "三会一课", 5, "缺记录")
        decide_reply(replied(deduction), ACCEPT, "属实", seen=1, full_marks=True, by=staff)
        assert review_of(cycle, UNIT).total == 95

    def test_the_item_of_the_deduction_is_withdrawn_with_it(self, cycle, deduction, staff):
        raise_findings(cycle, None, due_on=None, by=staff)
        decide_reply(replied(deduction), ACCEPT, "属实", seen=1, by=staff)
        assert Item.objects.get(unit__name=UNIT).state == "withdrawn"
        assert Item.objects.get(unit__name="甲镇党委").state == "open"

    def test_keeping_changes_nothing_but_the_reply(self, cycle, deduction, staff):
        before = list(Score.objects.order_by("pk").values())
        decide_reply(replied(deduction), KEEP, "签到表缺三人", seen=1, by=staff)
        assert list(Score.objects.order_by("pk").values()) == before
        assert Deduction.objects.in_force().count() == 2
        assert Reply.objects.get().state == ReplyState.KEPT

    def test_it_needs_a_reason(self, deduction, staff):
        with pytest.raises(ReplyRefused, match="reason for the decision"):
            decide_reply(replied(deduction), ACCEPT, " ", seen=1, by=staff)
        assert Deduction.objects.in_force().count() == 2

    def test_nobody_decides_for_his_own_unit(self, deduction, staff, unit):
        MembershipFactory(user=staff, organization=unit, role=Role.SECRETARY)
        with pytest.raises(ReplyRefused, match="belongs to the unit"):
            decide_reply(replied(deduction), ACCEPT, "属实", seen=1, by=staff)

    def test_the_second_to_decide_is_told(self, deduction, staff, host):
        reply = replied(deduction)
        decide_reply(reply, KEEP, "证据不足", seen=1, by=staff)
        with pytest.raises(ReplyChanged, match=f"{staff} decided at .* already: Deduction kept"):
            decide_reply(reply, ACCEPT, "属实", seen=1, by=somebody(Role.STAFF, host))
        assert ReplyStep.objects.count() == 2

    def test_a_double_click_decides_once_without_a_word(self, deduction, staff):
        reply = replied(deduction)
        for _time in range(2):
            decide_reply(reply, ACCEPT, "属实", seen=1, by=staff)
        assert ReplyStep.objects.count() == 2

    def test_what_the_unit_added_meanwhile_is_read_first(self, deduction, staff, secretary):
        reply = replied(deduction, by=secretary)
        replied(deduction, "又找到一份签到表", by=secretary)
        with pytest.raises(ReplyChanged, match="added to its reply meanwhile"):
            decide_reply(reply, KEEP, "证据不足", seen=1, by=staff)

    def test_a_deduction_that_was_replied_to_is_withdrawn_by_its_reply_alone(self, deduction, staff):
        replied(deduction)
        with pytest.raises(WithdrawalRefused, match="accept its reply"):
            withdraw_deduction(deduction, reason="误扣", by=staff)


class TestClosing:
    def test_a_cycle_is_not_verified_over_undecided_replies(self, cycle, deduction, staff):
        replied(deduction)
        with pytest.raises(NotReadyToPublish, match="1 reply of a unit is undecided"):
            verify_cycle(cycle, by=staff)
        decide_reply(Reply.objects.get(), KEEP, "证据不足", seen=1, by=staff)
        assert verify_cycle(cycle, by=staff).state == "verified"

    def test_they_stand_among_what_is_open_with_the_way_there(self, cycle, deduction, staff):
        replied(deduction)
        points = {point.text: point for point in open_points(cycle, staff)}
        point = points["1 reply of a unit is undecided."]
        assert point.blocks
        assert point.url == "/cycles/2018Q3/replies/"
        assert "1 reply of a unit is undecided." in [each.text for each in publication_obstacles(cycle, None)]

    def test_the_staff_are_told_that_units_may_still_reply(self, cycle, staff):
        texts = [point.text for point in open_points(cycle, staff)]
        assert f"Units may still reply, until {cycle.reply_until.isoformat()}." in texts

    def test_a_reply_is_decided_although_entry_was_opened_again(self, cycle, deduction, staff):
        replied(deduction)
        step_back(cycle, by=staff, reason="复核")
        assert decide_reply(Reply.objects.get(), KEEP, "证据不足", seen=1, by=staff).state == "kept"

    def test_an_import_whose_deductions_were_replied_to_is_not_undone(self, cycle, deduction, staff):
        batch = cycle.batches.create(
            file_name="扣分.xlsx", state="committed", committed_at=timezone.now(), sha256="0" * 64
        )
        Deduction.objects.update(batch=batch)
        replied(deduction)
        with pytest.raises(UndoRefused, match="A unit replied to 1 deduction"):
            undo_batch(batch, by=staff)
        assert Deduction.objects.count() == 2


class TestTheDatabase:
    @pytest.fixture
    def decided(self, deduction, staff):
        return decide_reply(replied(deduction, "见照片", proof()), KEEP, "证据不足", seen=1, by=staff)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE reviews_replystep SET text = '改写'",
            "DELETE FROM reviews_replystep",
            "UPDATE reviews_replyfile SET original_name = 'x'",
            "DELETE FROM reviews_replyfile",
            "DELETE FROM reviews_reply",
            "UPDATE reviews_reply SET state = 'open'",
        ],
    )
    def test_it_keeps_the_history(self, decided, statement):
        assert is_refused(statement)

    def test_it_takes_one_reply_a_deduction(self, decided):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reply.objects.create(deduction=decided.deduction)

    def test_it_takes_one_decision_a_reply(self, decided, staff):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReplyStep.objects.create(
                reply=decided, number=3, kind=ACCEPT, text="属实", by=staff, at=timezone.now()
            )

    def test_whoever_wrote_for_the_unit_never_decides(self, deduction, secretary):
        reply = replied(deduction, by=secretary)
        with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic():
            ReplyStep.objects.create(
                reply=reply, number=2, kind=ACCEPT, text="属实", by=secretary, at=timezone.now()
            )


def test_a_reply_sent_by_somebody_else_under_the_same_key_is_the_first_one(deduction, secretary, host):
    key = uuid.uuid4()
    first = replied(deduction, by=secretary, client_uuid=key)
    again = send_reply(
        deduction, "另一份", by=somebody(Role.SECRETARY, deduction.review.organization), client_uuid=key
    )
    assert again == first
