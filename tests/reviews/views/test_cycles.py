"""The list of cycles, their settings, and the steps from draft to published."""

import pytest

from reviews.forms import CycleForm, NewCycleForm
from reviews.models import CycleState, ReviewCycle, ReviewState
from reviews.publishing import verify_cycle
from tests.factories.organizations import UnitFactory
from tests.factories.reviews import cycle_with_totals, give_total, opened_cycle, published
from tests.reviews.views.answers import text_of

PAGE = "/cycles/2018Q3/"
SETTINGS = {"rank_method": "dense", "list_size": 3, "measure": "places", "disclosure": "lists"}


@pytest.fixture
def client(staff, signed_in):
    return signed_in(staff)


class TestList:
    def test_an_empty_list_says_what_to_do_next(self, host, client):
        shown = text_of(client.get("/cycles/"))
        assert "No cycle yet" in shown
        assert 'href="/cycles/new/"' in shown

    def test_staff_see_state_and_progress(self, running, client):
        shown = text_of(client.get("/cycles/"))
        assert "Entry open" in shown
        assert "6 / 6" in shown

    def test_it_is_narrowed_by_year(self, running, client):
        assert "2018年第三季度" not in text_of(client.get("/cycles/?year=2017"))

    @pytest.mark.parametrize("cycles", [1, 3])
    def test_it_costs_the_same_at_any_length(self, cycles, host, client, django_assert_num_queries):
        for number in range(1, cycles + 1):
            published(cycle_with_totals({"甲镇党委": 90}, host=host, quarter=f"2018Q{number}"))
        with django_assert_num_queries(6):
            client.get("/cycles/")


class TestNewCycle:
    def test_the_form_proposes_the_next_quarter_with_the_same_settings(self, done, client):
        done.list_size = 2
        done.save()
        initial = client.get("/cycles/new/").context["form"].initial
        assert (initial["year"], initial["number"], initial["list_size"]) == (2018, 4, 2)

    def test_it_is_kept_as_a_draft(self, host, client):
        answer = client.post("/cycles/new/", {"year": 2018, "number": 2, **SETTINGS})
        assert answer.headers["Location"] == "/cycles/2018Q2/"
        assert ReviewCycle.objects.get().state == CycleState.DRAFT

    def test_it_is_opened_at_once_with_its_roster(self, host, client):
        client.post("/cycles/new/", {"year": 2018, "number": 2, "open": "1", **SETTINGS})
        assert ReviewCycle.objects.get().reviews.count() == 6

    def test_what_keeps_it_from_opening_is_said_and_the_draft_kept(self, host, client):
        answer = client.post(
            "/cycles/new/", {"year": 2019, "number": 1, "open": "1", **SETTINGS}, follow=True
        )
        assert "has no active rubric for 2019" in text_of(answer)
        assert ReviewCycle.objects.get().state == CycleState.DRAFT

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"number": 3}, "There is a cycle for this quarter already."),
            ({"number": 5}, "Select a valid choice"),
            ({"year": 1066}, "greater than or equal to 1949"),
            ({"list_size": 0}, "A list names 1 to 20 places."),
            ({"list_size": 21}, "A list names 1 to 20 places."),
            ({"year": 2017, "number": 1, "baseline": "newest"}, "The baseline must be an earlier quarter."),
        ],
    )
    def test_what_makes_no_sense_is_refused_in_place(self, changed, message, running, client):
        data = {"year": 2018, "number": 4, **SETTINGS, **changed}
        if "baseline" in data:
            data["baseline"] = running.pk
        answer = client.post("/cycles/new/", data)
        assert answer.status_code == 422
        assert message in text_of(answer)
        assert ReviewCycle.objects.count() == 2

    def test_a_quarter_that_another_made_at_the_same_time(self, host, client, monkeypatch):
        monkeypatch.setattr(NewCycleForm, "clean", lambda form: form.cleaned_data)
        opened_cycle(host, "2018Q2")
        answer = client.post("/cycles/new/", {"year": 2018, "number": 2, **SETTINGS})
        assert answer.status_code == 422
        assert "There is a cycle for this quarter already." in text_of(answer)

    def test_another_hosts_cycle_is_no_baseline(self, host, client):
        foreign = cycle_with_totals({"外镇党委": 90})
        answer = client.post("/cycles/new/", {"year": 2019, "number": 1, **SETTINGS, "baseline": foreign.pk})
        assert answer.status_code == 422


class TestSettings:
    def test_they_can_be_changed(self, running, client):
        changed = {
            "list_size": 2,
            "meeting_on": "2018-10-20",
            "document_number": "×组通〔2018〕18号",
            "rectify_by": "2018-10-31",
        }
        answer = client.post(PAGE + "edit/", SETTINGS | changed)
        running.refresh_from_db()
        assert answer.status_code == 302
        assert (running.list_size, str(running.meeting_on)) == (2, "2018-10-20")
        assert (running.document_number, str(running.rectify_by)) == ("×组通〔2018〕18号", "2018-10-31")
        shown = text_of(client.get(PAGE))
        assert "×组通〔2018〕18号" in shown
        assert "2018-10-31" in shown

    def test_saving_them_takes_no_step_back_that_another_took_meanwhile(self, running, staff):
        seen_before = ReviewCycle.objects.get(pk=running.pk)
        verify_cycle(running, by=staff)
        form = CycleForm(SETTINGS, instance=seen_before, host=running.host)
        assert form.is_valid()
        form.save()
        running.refresh_from_db()
        assert running.state == CycleState.VERIFIED

    def test_a_mistake_is_shown_in_place(self, running, client):
        assert client.post(PAGE + "edit/", {**SETTINGS, "rank_method": "fair"}).status_code == 422

    def test_a_cycle_is_not_compared_with_itself_or_a_later_one(self, earlier, running, client):
        baselines = client.get("/cycles/2018Q1/edit/").context["form"].fields["baseline"].queryset
        assert list(baselines) == []


class TestOverview:
    def test_it_says_what_is_missing_unit_by_unit(self, host, client):
        cycle_with_totals({"甲镇党委": 90}, host=host)
        shown = text_of(client.get(PAGE))
        assert "乡镇（街道）: 5 units not finished" in shown
        assert "2 indicators missing" in shown

    def test_the_steps_show_where_the_cycle_is(self, running, client):
        marks = client.get(PAGE).context["step_marks"]
        assert [(mark.label, mark.state) for mark in marks] == [
            ("Draft", "done"),
            ("Entry open", "current"),
            ("Verified", "todo"),
            ("Published", "todo"),
        ]

    def test_the_reply_stage_is_a_step_only_where_it_is_wanted(self, running, client):
        running.reply_stage = True
        running.save()
        assert "Units reply" in [mark.label for mark in client.get(PAGE).context["step_marks"]]

    def test_a_reply_stage_that_was_passed_over_is_not_shown_as_done(self, running, staff, client):
        running.reply_stage = True
        running.save()
        verify_cycle(running, by=staff)
        marks = {mark.label: mark.state for mark in client.get(PAGE).context["step_marks"]}
        assert (marks["Entry open"], marks["Units reply"]) == ("done", "skipped")

    def test_leaders_come_from_a_published_cycle_to_its_circular(self, done, leader, signed_in):
        assert f'href="{PAGE}report/circular/"' in text_of(signed_in(leader).get(PAGE))

    def test_the_log_holds_who_did_what_and_why(self, done, staff, client):
        client.post(PAGE + "back/", {"reason": "复核甲镇得分"})
        shown = text_of(client.get(PAGE))
        assert "Published → Entry open" in shown
        assert "Reason: 复核甲镇得分" in shown
        assert str(staff) in shown


class TestSteps:
    def test_from_a_draft_to_published(self, host, earlier, client):
        client.post("/cycles/new/", {"year": 2018, "number": 3, **SETTINGS})
        client.post(PAGE + "open/")
        cycle = ReviewCycle.objects.newest_first().first()
        for total, unit in enumerate(host.units.all(), 80):
            give_total(cycle, unit.name, total)
        client.post(PAGE + "verify/")
        answer = client.post(PAGE + "publish/")
        assert answer.headers["Location"] == PAGE + "standings/"
        cycle.refresh_from_db()
        assert cycle.state == CycleState.PUBLISHED

    def test_the_reply_stage_may_come_between(self, running, client):
        running.reply_stage = True
        running.save()
        client.post(PAGE + "reply/")
        running.refresh_from_db()
        assert running.state == CycleState.REPLY

    def test_entry_does_not_close_over_a_missing_unit(self, host, client):
        cycle = cycle_with_totals({"甲镇党委": 90}, host=host)
        shown = text_of(client.post(PAGE + "verify/", follow=True))
        assert "5 units are not finished and have no reason" in shown
        cycle.refresh_from_db()
        assert cycle.state == CycleState.OPEN

    def test_one_reason_may_be_given_for_all_that_is_missing(self, host, client):
        cycle = cycle_with_totals({"甲镇党委": 90}, host=host)
        client.post(PAGE + "verify/", {"exempt_reason": "汛期停止督查"})
        assert set(cycle.reviews.exclude(reason="").values_list("reason", flat=True)) == {"汛期停止督查"}

    @pytest.mark.parametrize("step", ["open/", "reply/", "verify/", "roster/"])
    def test_a_step_from_a_stale_page_is_answered_with_a_message(self, step, done, client):
        answer = client.post(PAGE + step, follow=True)
        assert answer.status_code == 200
        assert "notice-error" in text_of(answer)

    def test_a_step_back_without_a_reason_shows_its_form_again(self, done, client):
        answer = client.post(PAGE + "back/", {"reason": "  "})
        done.refresh_from_db()
        assert answer.status_code == 422
        assert "This field is required" in text_of(answer)
        assert done.state == CycleState.PUBLISHED

    def test_the_roster_is_taken_again(self, host, running, client):
        UnitFactory(parent=host, name="庚镇党委", group=host.groups.get(), position=7)
        answer = client.post(PAGE + "roster/", follow=True)
        assert "1 units added, 0 removed" in text_of(answer)
        assert running.reviews.count() == 7


class TestDeletingADraft:
    def test_a_draft_made_by_mistake_goes(self, host, client):
        client.post("/cycles/new/", {"year": 2030, "number": 1, **SETTINGS})
        assert "Delete the draft" in text_of(client.get("/cycles/2030Q1/"))
        answer = client.post("/cycles/2030Q1/delete/", follow=True)
        assert "is deleted" in text_of(answer)
        assert not ReviewCycle.objects.exists()

    def test_a_cycle_that_was_opened_stays(self, running, client):
        assert "Delete the draft" not in text_of(client.get(PAGE))
        assert "only a draft can be deleted" in text_of(client.post(PAGE + "delete/", follow=True))
        assert ReviewCycle.objects.filter(pk=running.pk).exists()

    def test_a_draft_that_another_quarter_is_compared_with_stays(self, running, client):
        draft = ReviewCycle.objects.create(host=running.host, year=2018, number=2)
        running.baseline = draft
        running.save()
        assert "is in use" in text_of(client.post("/cycles/2018Q2/delete/", follow=True))
        assert ReviewCycle.objects.filter(pk=draft.pk).exists()

    def test_leaders_may_not(self, running, leader, signed_in):
        assert signed_in(leader).post(PAGE + "delete/").status_code == 403


class TestPublishing:
    def test_the_lists_are_shown_before(self, running, client, staff):
        verify_cycle(running, by=staff)
        shown = text_of(client.get(PAGE + "publish/"))
        assert "<dt>前三名</dt><dd>甲镇党委；乙镇党委；丙镇党委</dd>" in shown
        assert "6 ranked, 0 not ranked" in shown

    def test_what_stands_between_is_shown_instead_of_the_button(self, running, client):
        shown = text_of(client.get(PAGE + "publish/"))
        assert "verify it first" in shown
        assert ">Publish</button>" not in shown

    def test_publishing_a_cycle_that_is_not_ready_says_why(self, running, client):
        shown = text_of(client.post(PAGE + "publish/", follow=True))
        assert "notice-error" in shown
        assert shown.count("verify it first") == 1
        assert not running.publications.exists()

    def test_a_second_click_does_not_publish_twice(self, running, staff, client):
        verify_cycle(running, by=staff)
        client.post(PAGE + "publish/")
        client.post(PAGE + "publish/")
        client.post(PAGE + "publish/", {"reason": "又点了一次"})
        assert running.publications.count() == 1

    def test_the_first_publication_asks_once_more(self, running, client, staff):
        verify_cycle(running, by=staff)
        shown = text_of(client.get(PAGE + "publish/"))
        assert "it cannot be taken back" in shown
        assert "there will be no lists of progress" not in shown

    def test_without_an_earlier_quarter_it_says_which_lists_will_be_missing(self, host, client):
        cycle_with_totals(dict.fromkeys(["甲镇党委"], 90), host=host)
        client.post(PAGE + "verify/", {"exempt_reason": "汛期停止督查"})
        assert "there will be no lists of progress" in text_of(client.get(PAGE + "publish/"))

    def test_a_published_cycle_offers_a_correction_instead(self, done, client):
        shown = text_of(client.get(PAGE + "publish/"))
        assert "2018年第三季度 is published." in shown
        assert f'action="{PAGE}back/"' in shown

    def test_a_correction_in_the_making_is_announced_with_its_reason(self, done, client):
        client.post(PAGE + "back/", {"reason": "复核甲镇得分"})
        for page in ("/", PAGE):
            assert "A correction is being prepared: 复核甲镇得分" in text_of(client.get(page))

    def test_lists_that_ties_made_long_want_a_yes(self, host, staff, client):
        ties = dict.fromkeys(["甲镇党委", "乙镇党委", "丙镇党委", "丁镇党委", "戊镇党委"], 90)
        cycle = cycle_with_totals({**ties, "己镇党委": 80}, host=host)
        verify_cycle(cycle, by=staff)
        assert "Ties make these lists longer" in text_of(client.get(PAGE + "publish/"))
        assert client.post(PAGE + "publish/").status_code == 422
        assert not cycle.publications.exists()
        client.post(PAGE + "publish/", {"confirm": "on"})
        assert cycle.publications.count() == 1

    def test_a_correction_wants_its_reason_and_shows_what_it_changes(self, done, staff, client):
        client.post(PAGE + "back/", {"reason": "己镇党委得分漏记"})
        give_total(done, "己镇党委", 100)
        client.post(PAGE + "verify/")
        assert '<td>己镇党委</td> <td class="number">6</td><td class="number changed">1</td>' in text_of(
            client.get(PAGE + "publish/")
        )
        assert client.get(PAGE + "publish/").context["form"].initial["reason"] == "己镇党委得分漏记"
        assert client.post(PAGE + "publish/", {"reason": ""}).status_code == 422
        answer = client.post(PAGE + "publish/", {"reason": "己镇党委得分漏记"}, follow=True)
        assert "The correction of 2018年第三季度 is published." in text_of(answer)
        assert [each.number for each in done.publications.newest_first()] == [2, 1]


class TestLeavingOut:
    def test_a_unit_is_left_out_with_a_reason_and_put_back(self, host, unit, client):
        cycle = opened_cycle(host)
        address = f"{PAGE}units/{unit.pk}/"
        client.post(address + "leave-out/", {"state": "not_visited", "reason": "道路中断"})
        assert cycle.reviews.get(organization=unit).state == ReviewState.NOT_VISITED
        assert "道路中断" in text_of(client.get(PAGE))
        client.post(address + "put-back/")
        assert cycle.reviews.get(organization=unit).state == ReviewState.UNSCORED

    @pytest.mark.parametrize(
        "data", [{"state": "not_visited", "reason": " "}, {"state": "scored", "reason": "x"}]
    )
    def test_not_without_a_reason_or_in_another_state(self, data, host, unit, client):
        cycle = opened_cycle(host)
        shown = text_of(client.post(f"{PAGE}units/{unit.pk}/leave-out/", data, follow=True))
        assert "say why it is not scored" in shown
        assert cycle.reviews.get(organization=unit).state == ReviewState.UNSCORED

    @pytest.mark.parametrize("deed", ["leave-out/", "put-back/"])
    def test_not_any_more_once_entry_is_closed(self, deed, done, unit, client):
        data = {"state": "exempt", "reason": "迟了"}
        shown = text_of(client.post(f"{PAGE}units/{unit.pk}/{deed}", data, follow=True))
        assert "notice-error" in shown
        assert done.reviews.get(organization=unit).state == ReviewState.SCORED
