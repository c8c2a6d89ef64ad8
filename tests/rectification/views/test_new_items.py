"""Problems that no visit found: reported by their unit, raised by the staff, each once."""

from __future__ import annotations

import datetime
import uuid
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from files.folders import folder_of
from organizations.models import Role
from organizations.quarter import Quarter
from rectification.models import Audience, Evidence, Item, Source
from tests.factories.documents import pdf
from tests.factories.items import in_days, raised
from tests.factories.organizations import HostFactory, UnitFactory, somebody
from tests.factories.visits import picture
from tests.reviews.views.answers import text_of


def report(**more):
    """The form as a browser sends it."""
    return {
        "category": "规范化程度不高",
        "found_on": timezone.localdate().isoformat(),
        "text": "台账未更新",
        "client_uuid": str(uuid.uuid4()),
        **more,
    }


def raising(unit, **more):
    """The staff's form as a browser sends it."""
    now = str(Quarter.of(timezone.localdate()))
    return report(unit=unit.pk, source="superior", counts_in=now) | more


class TestReporting:
    def test_a_unit_reports_what_it_found_itself(self, unit, secretary, signed_in):
        files = [SimpleUploadedFile("台账.jpg", picture()), SimpleUploadedFile("说明.pdf", pdf())]
        details = {
            "place": "东山村党支部",
            "measures": "每月更新",
            "responsible": "张三",
            "due_on": in_days(20).isoformat(),
        }
        client = signed_in(secretary)
        answer = client.post("/items/new/", report(evidence=files, **details))
        item = Item.objects.get()
        assert answer.headers["Location"] == item.get_absolute_url()
        assert (item.unit, item.source, item.audience) == (unit, Source.SELF, Audience.HOST)
        assert (item.place, item.measures, item.responsible) == ("东山村党支部", "每月更新", "张三")
        assert (item.original_due_on, item.category.name) == (in_days(20), "规范化程度不高")
        assert item.quarter == Quarter.of(timezone.localdate())
        assert (item.steps.get().by, item.steps.get().for_unit) == (secretary, True)
        assert Evidence.objects.count() == 2
        assert f"{item.serial} is kept." in text_of(client.get(item.get_absolute_url()))

    def test_a_unit_reports_for_no_other(self, unit, other_unit, secretary, signed_in):
        signed_in(secretary).post("/items/new/", report(unit=other_unit.pk, source="superior"))
        assert (Item.objects.get().unit, Item.objects.get().source) == (unit, Source.SELF)

    @pytest.mark.parametrize("role", [Role.LEADER, Role.INSPECTOR])
    def test_those_who_neither_run_the_ledger_nor_answer_for_a_unit_may_not(self, role, host, signed_in):
        client = signed_in(somebody(role, host))
        assert [client.get("/items/new/").status_code, client.post("/items/new/").status_code] == [403, 403]

    def test_a_unit_that_has_ended_reports_no_more(self, unit, secretary, signed_in):
        unit.active_to = timezone.localdate()
        unit.save()
        assert signed_in(secretary).get("/items/new/").status_code == 403

    def test_an_account_of_nobody_finds_nothing(self, nobody, signed_in):
        assert signed_in(nobody).get("/items/new/").status_code == 404


class TestRaising:
    def test_the_staff_raise_what_a_superior_found_and_the_unit_sees_it(
        self, unit, staff, secretary, signed_in
    ):
        signed_in(staff).post("/items/new/", raising(unit))
        item = Item.objects.get()
        assert (item.unit, item.source, item.steps.get().for_unit) == (unit, Source.SUPERIOR, False)
        assert signed_in(secretary).get(item.get_absolute_url()).status_code == 200

    def test_whoever_reports_for_a_unit_answered_for_it(self, unit, staff, signed_in):
        signed_in(staff).post("/items/new/", raising(unit, source="self"))
        assert Item.objects.get().steps.for_unit_by(staff).exists()

    def test_visits_raise_their_problems_themselves(self, unit, staff, signed_in):
        answer = signed_in(staff).post("/items/new/", raising(unit, source="visit"))
        assert (answer.status_code, Item.objects.count()) == (422, 0)

    def test_the_quarter_is_the_present_one_or_one_of_the_ledger(self, unit, staff, signed_in):
        raised(unit, quarter="2018Q3")
        client = signed_in(staff)
        field = client.get("/items/new/").context["form"].fields["counts_in"]
        now = str(Quarter.of(timezone.localdate()))
        assert (field.initial, [value for value, _label in field.choices]) == (now, [now, "2018Q3"])
        client.post("/items/new/", raising(unit, counts_in="2018Q3"))
        assert str(Item.objects.latest("pk").serial) == "2018Q3-002"
        assert client.post("/items/new/", raising(unit, counts_in="2017Q1")).status_code == 422

    def test_the_quarter_is_that_of_the_local_day(self, staff, signed_in):
        """1 October, seven in the morning in Shanghai, is still September in UTC."""
        morning = datetime.datetime(2026, 9, 30, 23, tzinfo=datetime.UTC)
        client = signed_in(staff)
        with mock.patch("django.utils.timezone.now", return_value=morning):
            form = client.get("/items/new/").context["form"]
        assert form.fields["counts_in"].initial == "2026Q4"

    def test_only_units_of_the_host_that_act_are_offered(self, host, unit, staff, signed_in):
        UnitFactory(parent=host, name="庚镇党委", active_to="2017-12-31")
        stranger = UnitFactory(parent=HostFactory())
        client = signed_in(staff)
        assert list(client.get("/items/new/").context["form"].fields["unit"].queryset) == [unit]
        assert client.post("/items/new/", raising(stranger)).status_code == 422

    @pytest.mark.parametrize("units", [1, 3, 50])
    def test_it_costs_the_same_with_every_unit(
        self, units, host, staff, signed_in, django_assert_num_queries
    ):
        for _ in range(units):
            raised(UnitFactory(parent=host))
        client = signed_in(staff)
        with django_assert_num_queries(6):
            client.get("/items/new/")


class TestOnce:
    def test_a_second_click_raises_nothing_more(self, secretary, signed_in):
        client, sent = signed_in(secretary), report()
        answers = [
            client.post("/items/new/", sent | {"evidence": SimpleUploadedFile("a.jpg", picture())})
            for _ in range(2)
        ]
        assert answers[0].headers["Location"] == answers[1].headers["Location"]
        assert (Item.objects.count(), Evidence.objects.count(), len(list(folder_of("items").iterdir()))) == (
            1,
            1,
            1,
        )

    def test_the_same_problem_on_a_new_form_is_another(self, secretary, signed_in):
        client = signed_in(secretary)
        for _ in range(2):
            client.post("/items/new/", report())
        assert Item.objects.count() == 2

    def test_another_problem_on_an_old_form_is_raised_when_it_is_sent_again(self, secretary, signed_in):
        client, sent = signed_in(secretary), report()
        client.post("/items/new/", sent)
        answer = client.post("/items/new/", sent | {"text": "缺签到表"})
        assert answer.status_code == 422
        assert "This form was sent already; its problem is kept." in text_of(answer)
        key = str(answer.context["form"].key)
        assert f'name="client_uuid" value="{key}"' in answer.content.decode()
        client.post("/items/new/", sent | {"text": "缺签到表", "client_uuid": key})
        assert Item.objects.count() == 2

    def test_a_key_of_somebody_else_leads_to_nothing_of_theirs(self, other_unit, secretary, signed_in):
        sent = report()
        signed_in(somebody(Role.SECRETARY, other_unit)).post("/items/new/", sent)
        assert signed_in(secretary).post("/items/new/", sent).status_code == 422
        assert Item.objects.count() == 1

    def test_a_key_of_another_host_is_unknown(self, secretary, signed_in):
        sent = report()
        signed_in(somebody(Role.SECRETARY, UnitFactory(parent=HostFactory()))).post("/items/new/", sent)
        assert signed_in(secretary).post("/items/new/", sent).status_code == 302


class TestMistakes:
    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"text": ""}, "This field is required."),
            ({"text": "\u200b"}, "Say what the problem is."),
            ({"text": "长" * 1001}, "at most 1000 characters"),
            ({"category": ""}, "This field is required."),
            ({"category": "别的"}, "Select a valid choice."),
            ({"due_on": "2018-01-01"}, "2018-01-01 is past: choose today or later."),
            ({"found_on": "2999-12-31"}, "A problem cannot be found before its day."),
            ({"client_uuid": "x"}, "Nothing was saved yet"),
            (
                {"evidence": SimpleUploadedFile("程序.pdf", b"MZ\x90\0")},
                "“程序.pdf” is a file",
            ),
        ],
    )
    def test_a_mistake_is_told_and_nothing_is_kept(self, fields, told, secretary, signed_in):
        answer = signed_in(secretary).post("/items/new/", report(measures="每月更新") | fields)
        assert answer.status_code == 422
        assert told in text_of(answer)
        assert "每月更新</textarea>" in answer.content.decode()
        assert (Item.objects.count(), list(folder_of("items").glob("*"))) == (0, [])
