"""The dashboard of each role, the first-run page and the settings."""

import pytest
from django.test import Client

from organizations.founding import AlreadyFounded, found
from organizations.models import Organization, Role, User
from reviews.models import DocumentSettings, ReplySettings, ReviewCycle
from reviews.publishing import correct_publication, step_back, verify_cycle
from reviews.sheet import heaviest_losses
from tests.factories.organizations import HostFactory, UserFactory
from tests.factories.reviews import cycle_with_totals, deduct, published
from tests.reviews.views.answers import text_of

FOUNDING = {
    "host_name": "某区委组织部",
    "username": "zhuren",
    "full_name": "管理员",
    "password1": "quarterly-review-2018",
    "password2": "quarterly-review-2018",
}


class TestStaff:
    def test_the_next_step_stands_first(self, host, staff, signed_in):
        cycle_with_totals({"甲镇党委": 90}, host=host)
        shown = text_of(signed_in(staff).get("/"))
        assert "5 units are not finished." in shown
        assert 'href="/cycles/2018Q3/import/">Import scores' in shown

    def test_a_published_cycle_leads_to_its_circular(self, done, staff, signed_in):
        assert "/cycles/2018Q3/report/circular/" in text_of(signed_in(staff).get("/"))

    def test_a_draft_does_not_push_the_cycle_at_work_aside(self, running, staff, signed_in):
        ReviewCycle.objects.create(host=running.host, year=2030, number=1)
        home = signed_in(staff).get("/").context["home"]
        assert home.cycle == running
        assert "2030年第一季度" in [cycle.quarter.label for cycle in home.others]

    @pytest.mark.parametrize("cycles", [1, 3])
    def test_it_costs_the_same_with_every_cycle(
        self, cycles, host, staff, signed_in, django_assert_num_queries
    ):
        for number in range(1, cycles + 1):
            published(cycle_with_totals({"甲镇党委": 90}, host=host, quarter=f"2018Q{number}"))
        client = signed_in(staff)
        with django_assert_num_queries(14):
            client.get("/")


class TestLeader:
    def test_the_newest_published_lists_and_the_circular(self, done, leader, signed_in):
        shown = text_of(signed_in(leader).get("/"))
        assert "<dt>前三名</dt><dd>甲镇党委；乙镇党委；丙镇党委</dd>" in shown
        for address in ("circular/", "circular.docx", "circular.pdf"):
            assert f"/cycles/2018Q3/report/{address}" in shown

    def test_while_a_cycle_runs_the_one_before_is_shown(self, running, leader, signed_in):
        shown = text_of(signed_in(leader).get("/"))
        assert "2018年第一季度" in shown
        assert "2018年第三季度" not in shown

    def test_before_anything_is_published_it_says_so(self, host, leader, signed_in):
        assert "Nothing is published yet" in text_of(signed_in(leader).get("/"))


class TestSecretary:
    def test_place_change_and_reasons(self, running, unit, secretary, signed_in):
        deduct(running, "丙镇党委", "三会一课", 2, "会议记录不完整")
        published(running)
        shown = text_of(signed_in(secretary).get("/"))
        assert "Our review" in shown
        assert "会议记录不完整" in shown
        assert "<svg viewBox" in shown

    def test_losses_that_are_not_listed_are_summed_up(self):
        losses = heaviest_losses(
            {
                "section": "组织",
                "indicator": str(number),
                "full_marks": "10",
                "points": "9",
                "deductions": [],
            }
            for number in range(7)
        )
        assert len(losses.heaviest) == 5
        assert (losses.others, losses.others_lost) == (2, "2")

    def test_a_correction_is_announced_with_its_reason(self, done, staff, leader, secretary, signed_in):
        step_back(done, by=staff, reason="复核")
        verify_cycle(done, by=staff)
        correct_publication(done, by=staff, reason="甲镇得分漏记", confirm=True)
        for reader in (leader, secretary):
            assert "Correction (publication 2): 甲镇得分漏记" in text_of(signed_in(reader).get("/"))

    def test_its_review_and_the_standings_are_one_click_away(self, done, unit, secretary, signed_in):
        shown = text_of(signed_in(secretary).get("/"))
        assert f'href="/cycles/2018Q3/units/{unit.pk}/"' in shown
        assert 'href="/cycles/2018Q3/standings/"' in shown

    def test_before_anything_is_published_it_says_so(self, host, secretary, signed_in):
        assert "Nothing is published yet" in text_of(signed_in(secretary).get("/"))


def test_an_inspector_is_not_told_of_a_correction(done, staff, inspector, signed_in):
    client = signed_in(inspector)
    before = text_of(client.get("/")).partition("<main")[2]
    step_back(done, by=staff, reason="复核")
    assert text_of(client.get("/")).partition("<main")[2] == before


def test_an_inspector_finds_the_rubric_and_the_roster(running, inspector, signed_in):
    shown = text_of(signed_in(inspector).get("/"))
    assert "2018年第三季度" in shown
    assert 'href="/rubrics/"' in shown
    assert 'href="/units/"' in shown


def test_an_account_of_no_organization_is_told_whom_to_ask(nobody, signed_in):
    assert "belongs to no organization" in text_of(signed_in(nobody).get("/"))


class TestFirstRun:
    """An empty installation makes its first account here, and only there and then."""

    def test_an_empty_installation_leads_to_its_first_steps(self, db, client):
        assert client.get("/").headers["Location"] == "/start/"
        assert client.get("/start/").status_code == 200

    def test_the_first_account_administers_the_first_host(self, db, client):
        client.post("/start/", FOUNDING)
        user = User.objects.get()
        host = Organization.objects.get()
        assert host.name == "某区委组织部"
        assert user.access.holds(host, Role.ADMINISTRATOR)
        assert text_of(client.get("/start/")).count("first-step-done") == 1  # and is signed in

    @pytest.mark.parametrize(
        "changed", [{"password2": "another"}, {"password1": "12345", "password2": "12345"}, {"host_name": ""}]
    )
    def test_a_mistake_makes_nothing(self, changed, db, client):
        answer = client.post("/start/", FOUNDING | changed)
        assert answer.status_code == 422
        assert not User.objects.exists()
        assert not Organization.objects.exists()

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_strangers_find_nothing_once_there_is_an_account(self, method, nobody, client):
        answer = getattr(client, method)("/start/", FOUNDING)
        assert answer.status_code == 404
        assert User.objects.count() == 1
        assert client.get("/").headers["Location"] == "/login/?next=/"

    def test_two_visitors_at_once_found_one_installation(self, nobody):
        with pytest.raises(AlreadyFounded):
            found(host_name="另一个", username="b", full_name="", password="x")
        assert not Organization.objects.exists()

    def test_a_superuser_without_a_host_names_it(self, db, signed_in):
        admin = UserFactory(is_superuser=True)
        client = signed_in(admin)
        assert client.get("/").headers["Location"] == "/start/"
        client.post("/start/", {"host_name": "某区委组织部"})
        assert Organization.objects.get().memberships.get().user == admin

    def test_the_steps_lead_to_roster_rubric_and_cycle(self, db, signed_in):
        admin = UserFactory(is_superuser=True)
        client = signed_in(admin)
        client.post("/start/", {"host_name": "某区委组织部"})
        shown = text_of(client.get("/", follow=True))
        for address in ("/units/import/", "/rubrics/import/", "/cycles/new/"):
            assert f'href="{address}"' in shown
        assert shown.count('aria-current="step"') == 1

    def test_a_forged_form_is_refused(self, db):
        assert Client(enforce_csrf_checks=True).post("/start/", FOUNDING).status_code == 403


class TestSettings:
    DATA = {
        "host-name": "某市委组织部",
        "host-short_name": "市委组织部",
        "documents-area": "全市",
        "documents-letterhead": "electronic",
        "documents-speaker": "市委组织部部长",
        "replies-days": "7",
    }

    def test_they_are_saved_together(self, host, staff, signed_in):
        signed_in(staff).post("/settings/", self.DATA)
        host.refresh_from_db()
        documents = DocumentSettings.objects.get(host=host)
        assert (host.name, documents.area, documents.letterhead) == ("某市委组织部", "全市", "electronic")
        assert (documents.speaker, documents.is_sealed) == ("市委组织部部长", False)
        assert ReplySettings.of_host(host).days == 7

    def test_a_mistake_saves_neither(self, host, staff, signed_in):
        answer = signed_in(staff).post("/settings/", self.DATA | {"documents-letterhead": "golden"})
        host.refresh_from_db()
        assert answer.status_code == 422
        assert host.name != "某市委组织部"

    def test_two_hosts_never_bear_one_name(self, host, staff, signed_in):
        HostFactory(name="某市委组织部")
        answer = signed_in(staff).post("/settings/", self.DATA)
        assert answer.status_code == 422
        assert "There is another organization of this name." in text_of(answer)

    def test_they_are_those_of_the_host_one_works_in(self, host, staff, signed_in):
        other = HostFactory()
        signed_in(staff).post("/settings/", self.DATA)
        other.refresh_from_db()
        assert other.name != "某市委组织部"
