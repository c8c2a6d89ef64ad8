"""The pages of the reply stage: a unit's deductions, and the replies as the staff decide on them."""

from __future__ import annotations

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from organizations.models import Role
from reviews.models import Reply, ReplyStep, ReplyStepKind
from reviews.publishing import publish_cycle, step_back, verify_cycle
from reviews.replying import decide_reply
from tests.factories.items import proof
from tests.factories.organizations import MembershipFactory, somebody
from tests.factories.replies import deduction_of, last_day, replied, replying
from tests.factories.reviews import deduct, ready_host, score
from tests.factories.visits import picture
from tests.reviews.views.answers import said_by, text_of

UNIT, OTHER = "丙镇党委", "丁镇党委"
BOARD = "/cycles/2018Q3/replies/"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cycle(host):
    return replying(host)


@pytest.fixture
def deduction(cycle):
    return deduction_of(cycle, UNIT)


@pytest.fixture
def page(unit):
    return f"/cycles/2018Q3/units/{unit.pk}/replies/"


def form(deduction, text="签到表已补交", **more):
    return {"deduction": deduction.pk, "text": text, "client_uuid": str(uuid.uuid4()), **more}


def decision(reply, what="keep", reason="证据不足", **more):
    return {"decision": what, "reason": reason, "seen": reply.version, **more}


class TestTheUnit:
    def test_its_first_page_says_what_is_left_and_until_when(self, cycle, page, secretary, signed_in):
        last_day(cycle, 2)
        shown = text_of(signed_in(secretary).get("/"))
        assert f"reply until {cycle.reply_until.isoformat()}, 3 days left" in shown
        assert "Deductions: 1; replied to: 0; decided: 0." in shown
        assert f'href="{page}"' in shown

    def test_on_the_last_day_it_says_so(self, cycle, secretary, signed_in):
        last_day(cycle, 0)
        assert "last day today" in text_of(signed_in(secretary).get("/"))

    def test_it_replies_with_a_photo(self, deduction, page, secretary, signed_in):
        client = signed_in(secretary)
        photo = SimpleUploadedFile("签到表.jpg", picture(), "image/jpeg")
        answer = client.post(page, form(deduction, evidence=[photo]), follow=True)
        shown = text_of(answer)
        assert "Your reply is sent." in shown
        assert "签到表已补交" in shown
        assert "Replied, not decided yet" in shown
        address = re.search(r'img src="(/cycles/2018Q3/replies/files/\d+/)\?small"', shown).group(1)
        file = client.get(address)
        assert b"".join(file.streaming_content).startswith(b"\xff\xd8")
        assert file.headers["Content-Type"] == "image/jpeg"

    def test_what_is_wrong_comes_back_with_what_was_typed(self, deduction, page, secretary, signed_in):
        program = SimpleUploadedFile("签到表.exe", b"MZ")
        answer = signed_in(secretary).post(page, form(deduction, "见附件", evidence=[program]))
        assert answer.status_code == 422
        assert "is a file of another kind" in text_of(answer)
        assert "见附件</textarea>" in text_of(answer)
        assert not Reply.objects.exists()

    @pytest.mark.parametrize(
        "wrong", [{"text": ""}, {"client_uuid": "x"}, {"text": "长" * 1001}, {"client_uuid": ""}]
    )
    def test_bad_input_is_refused(self, wrong, deduction, page, secretary, signed_in):
        assert signed_in(secretary).post(page, form(deduction) | wrong).status_code == 422
        assert not Reply.objects.exists()

    @pytest.mark.parametrize("key", ["", "x", "9" * 30, "-1", "0"])
    def test_no_deduction_no_page(self, key, cycle, page, deduction, secretary, signed_in):
        sent = form(deduction) | {"deduction": key}
        assert signed_in(secretary).post(page, sent).status_code == 404

    def test_another_units_deduction_is_none_of_its_own(self, cycle, page, secretary, signed_in):
        sent = form(deduction_of(cycle, OTHER))
        assert signed_in(secretary).post(page, sent).status_code == 404
        assert not Reply.objects.exists()

    def test_after_the_last_day_it_is_told_so(self, cycle, deduction, page, secretary, signed_in):
        last_day(cycle, -1)
        client = signed_in(secretary)
        assert "The time to reply is over" in text_of(client.get(page))
        assert "<textarea" not in text_of(client.get(page))
        answer = client.post(page, form(deduction), follow=True)
        assert "units could reply until" in text_of(answer)
        assert not Reply.objects.exists()

    def test_whoever_was_still_writing_when_the_stage_ended_is_told_so(
        self, cycle, deduction, page, staff, secretary, signed_in
    ):
        verify_cycle(cycle, by=staff)
        answer = signed_in(secretary).post(page, form(deduction), follow=True)
        assert "2018年第三季度 takes no replies now. Nothing was recorded." in text_of(answer)
        assert signed_in(secretary).get(page).status_code == 404

    def test_a_quarter_without_a_reply_stage_answers_like_none(self, running, unit, secretary, signed_in):
        client = signed_in(secretary)
        there = client.post(f"/cycles/2018Q3/units/{unit.pk}/replies/", {})
        nowhere = client.post(f"/cycles/2017Q2/units/{unit.pk}/replies/", {})
        assert there.status_code == 404
        assert said_by(there) == said_by(nowhere)

    def test_it_reads_the_decision_and_its_reason_but_not_whose(
        self, deduction, page, staff, secretary, signed_in
    ):
        decide_reply(replied(deduction, by=secretary), ReplyStepKind.KEEP, "缺三人签名", seen=1, by=staff)
        shown = text_of(signed_in(secretary).get(page))
        assert "缺三人签名" in shown
        assert "Deduction kept" in shown
        assert staff.username not in shown
        assert "<textarea" not in shown

    def test_it_still_reads_them_once_the_quarter_is_published(
        self, cycle, deduction, page, staff, secretary, signed_in
    ):
        decide_reply(replied(deduction), ReplyStepKind.KEEP, "缺三人签名", seen=1, by=staff)
        verify_cycle(cycle, by=staff)
        publish_cycle(cycle, by=staff, confirm=True)
        assert "缺三人签名" in text_of(signed_in(secretary).get(page))


@pytest.mark.parametrize("person", ["secretary", "leader", "inspector", "stranger"])
def test_the_staffs_pages_are_the_staffs(person, request, deduction, signed_in):
    reply = replied(deduction)
    client = signed_in(request.getfixturevalue(person))
    assert client.get(BOARD).status_code in (403, 404)
    for address in (f"{BOARD}{reply.pk}/decide/", BOARD + "until/"):
        assert client.post(address, decision(reply)).status_code in (403, 404)
    reply.refresh_from_db()
    assert reply.is_open


def test_files_are_for_the_unit_and_the_staff_alone(
    cycle, deduction, staff, leader, inspector, stranger, secretary, host, signed_in
):
    reply = replied(deduction, "见照片", proof(), by=secretary)
    file = f"{BOARD}files/{reply.steps.get().files.get().pk}/"
    other = somebody(Role.SECRETARY, host.units.get(name=OTHER))
    for person in (staff, secretary):
        assert b"".join(signed_in(person).get(file).streaming_content).startswith(b"\xff\xd8")
    for person in (other, leader, inspector, stranger):
        assert signed_in(person).get(file).status_code == 404


def test_the_staff_do_not_write_for_the_unit(deduction, page, staff, signed_in):
    assert signed_in(staff).get(page).status_code == 403
    assert signed_in(staff).post(page, form(deduction)).status_code == 403


@pytest.mark.parametrize("points", [("40", "1"), ("0", "30")])
def test_what_a_unit_reads_never_depends_on_the_scores_of_others(
    points, deduction, page, secretary, signed_in
):
    """Rule 13: neither a place nor anything that a place could be inferred from."""
    cycle = deduction.review.cycle
    reply = replied(deduction, "见照片", proof(), by=secretary)
    file = f"{BOARD}files/{reply.steps.get().files.get().pk}/"
    pages = ("/", page, page.replace("replies/", ""), page.replace("replies/", "?draft=1"), "/cycles/", file)
    client = signed_in(secretary)

    def read():
        return [_without_keys(client.get(address)) for address in pages] + [
            client.get("/cycles/2018Q3/standings/").status_code
        ]

    before = read()
    for name in (OTHER, "甲镇党委"):
        score(cycle, name, {"主题党日": points[0]})
        deduct(cycle, name, "三会一课", points[1], "他单位的问题")
        replied(deduction_of(cycle, name), "他单位的申诉", proof())
    assert read() == before


def _without_keys(answer):
    """What an answer says, without the keys that every blank form has anew."""
    if answer.streaming:
        return b"".join(answer.streaming_content)
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "key", said_by(answer)[1])


class TestTheBoard:
    @pytest.fixture
    def client(self, staff, signed_in):
        return signed_in(staff)

    def test_the_cycle_leads_there(self, cycle, deduction, client):
        replied(deduction)
        for address in ("/", "/cycles/2018Q3/"):
            shown = text_of(client.get(address))
            assert "1 reply of a unit is undecided." in shown
            assert f'href="{BOARD}"' in shown

    def test_it_shows_the_undecided_ones_unit_by_unit_with_counts(self, cycle, client, staff):
        decided = replied(deduction_of(cycle, "甲镇党委"), "甲的申诉")
        decide_reply(decided, ReplyStepKind.KEEP, "证据不足", seen=1, by=staff)
        replied(deduction_of(cycle, UNIT), "丙的申诉")
        answer = client.get(BOARD)
        counts = answer.context["counts"]
        assert (counts.undecided, counts.accepted, counts.kept) == (1, 0, 1)
        assert [(unit.name, *rest) for unit, *rest in counts.units] == [("甲镇党委", 0, 1), (UNIT, 1, 1)]
        assert "丙的申诉" in text_of(answer)
        assert "甲的申诉" not in text_of(answer)

    def test_it_is_narrowed_to_the_decided_and_to_a_unit(self, cycle, client, unit, staff):
        decided = replied(deduction_of(cycle, UNIT), "丙的申诉")
        decide_reply(decided, ReplyStepKind.KEEP, "证据不足", seen=1, by=staff)
        replied(deduction_of(cycle, OTHER), "丁的申诉")
        assert "丙的申诉" in text_of(client.get(BOARD + "?show=decided"))
        shown = text_of(client.get(f"{BOARD}?show=all&unit={unit.pk}"))
        assert "丙的申诉" in shown
        assert "丁的申诉" not in shown

    @pytest.mark.parametrize("query", ["?show=x", "?unit=x", "?unit=" + "9" * 30, "?page=x&show=all"])
    def test_what_makes_no_sense_narrows_nothing(self, query, deduction, client):
        replied(deduction, "丙的申诉")
        assert "丙的申诉" in text_of(client.get(BOARD + query))

    def test_accepting_comes_back_to_what_was_looked_at(self, deduction, client):
        reply = replied(deduction)
        answer = client.post(
            f"{BOARD}{reply.pk}/decide/?show=all", decision(reply, "accept", full_marks="on")
        )
        assert answer.headers["Location"] == BOARD + "?show=all"
        deduction.refresh_from_db()
        assert deduction.withdrawn_at is not None

    def test_points_that_no_longer_count_are_struck_through(self, deduction, client):
        reply = replied(deduction)
        assert "<del" not in text_of(client.get(BOARD))
        client.post(f"{BOARD}{reply.pk}/decide/", decision(reply, "accept", full_marks="on"))
        assert re.search(r"<del[^>]*>−\d", text_of(client.get(BOARD + "?show=all")))

    def test_without_a_reason_the_form_comes_back(self, deduction, client):
        reply = replied(deduction)
        answer = client.post(f"{BOARD}{reply.pk}/decide/", decision(reply, reason=""))
        assert answer.status_code == 422
        assert ReplyStep.objects.count() == 1

    @pytest.mark.parametrize("wrong", [{"decision": "send"}, {"seen": "x"}, {"seen": "9" * 30}])
    def test_bad_input_is_refused(self, wrong, deduction, client):
        reply = replied(deduction)
        assert client.post(f"{BOARD}{reply.pk}/decide/", decision(reply) | wrong).status_code == 422

    def test_the_second_to_decide_is_told_who_was_first(self, deduction, client, host):
        reply = replied(deduction)
        first = somebody(Role.STAFF, host)
        decide_reply(reply, ReplyStepKind.KEEP, "证据不足", seen=1, by=first)
        answer = client.post(f"{BOARD}{reply.pk}/decide/", decision(reply, "accept"))
        assert answer.status_code == 409
        assert f"{first} decided at" in text_of(answer)

    def test_what_was_typed_stays_where_the_unit_added_something(self, deduction, client, secretary):
        reply = replied(deduction, by=secretary)
        replied(deduction, "又找到一份签到表", by=secretary)
        answer = client.post(f"{BOARD}{reply.pk}/decide/", decision(reply, reason="我的理由"))
        assert answer.status_code == 409
        shown = text_of(answer)
        assert "added to its reply meanwhile" in shown
        assert "我的理由</textarea>" in shown
        assert 'name="seen" value="2"' in shown

    def test_whoever_belongs_to_the_unit_only_reads(self, deduction, client, staff, unit):
        reply = replied(deduction)
        MembershipFactory(user=staff, organization=unit, role=Role.SECRETARY)
        assert "You belong to this unit" in text_of(client.get(BOARD))
        assert client.post(f"{BOARD}{reply.pk}/decide/", decision(reply)).status_code == 403

    def test_the_last_day_is_changed_here(self, cycle, client):
        answer = client.post(BOARD + "until/", {"until": "2030-01-31"}, follow=True)
        assert "Units reply until 2030-01-31." in text_of(answer)
        cycle.refresh_from_db()
        assert cycle.reply_until.isoformat() == "2030-01-31"

    @pytest.mark.parametrize("day", ["", "x", "2018-13-40", "0001-01-01"])
    def test_a_day_that_is_none_is_refused(self, day, cycle, client):
        assert client.post(BOARD + "until/", {"until": day}).status_code == 422

    def test_a_day_that_is_past_is_refused(self, cycle, client):
        answer = client.post(BOARD + "until/", {"until": "2018-01-31"}, follow=True)
        assert "2018-01-31 is past" in text_of(answer)

    def test_a_quarter_without_replies_says_so(self, running, client):
        assert "No unit has replied yet" in text_of(client.get(BOARD))

    def test_after_verifying_nothing_is_decided_any_more(self, cycle, deduction, client, staff):
        reply = decide_reply(replied(deduction), ReplyStepKind.KEEP, "证据不足", seen=1, by=staff)
        verify_cycle(cycle, by=staff)
        assert client.post(f"{BOARD}{reply.pk}/decide/", decision(reply, "accept")).status_code == 422


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_the_pages_cost_the_same_at_any_length(rows, signed_in, django_assert_num_queries, db):
    host = ready_host(*(f"第{number}镇党委" for number in range(rows)))
    cycle = replying(host)
    unit = host.units.first()
    for _number in range(rows - 1):
        deduct(cycle, unit.name, "三会一课", "0.5", "又一处")
    secretary, staff = somebody(Role.SECRETARY, unit), somebody(Role.STAFF, host)
    for deduction in unit.reviews.get().deductions.all():
        replied(deduction, by=secretary)
    for each in host.units.all()[1:]:
        replied(deduction_of(cycle, each.name), by=staff)
    of_unit, of_staff = signed_in(secretary), signed_in(staff)
    with django_assert_num_queries(10):
        of_unit.get(f"/cycles/2018Q3/units/{unit.pk}/replies/")
    with django_assert_num_queries(12):
        of_staff.get(BOARD)


def test_while_entry_is_open_again_the_unit_reads_nothing(
    cycle, deduction, page, staff, secretary, signed_in
):
    replied(deduction, "签到表在此", by=secretary)
    step_back(cycle, by=staff, reason="复核")
    assert signed_in(secretary).get(page).status_code == 404
