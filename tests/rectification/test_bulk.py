"""One deed for many items: announced before it is done, each item by itself, and safe to send twice."""

import re

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from organizations.models import Role
from rectification.bulk import (
    MOST,
    BulkRefused,
    Deed,
    Order,
    carry_out,
    foresee,
    items_of,
    picks_of,
    read_picks,
)
from rectification.categories import DEFAULTS
from rectification.closing import strike_off, submit
from rectification.models import Audience, Item, Source, Step
from tests.factories.items import assigned, category_of, in_days, proof, raised, struck_off, submitted
from tests.factories.ledgers import raised_at_once
from tests.factories.organizations import HostFactory, UnitFactory, somebody
from tests.reviews.views.answers import text_of

BULK = "/items/bulk/"


@pytest.fixture
def client(staff, signed_in):
    return signed_in(staff)


def picked(*items):
    """What the boxes of these items send."""
    return [f"{item.pk}.{item.version}" for item in items]


def announced(answer):
    """The hidden fields of a page that announces the deed, as its button sends them."""
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text_of(answer))
    sent = {}
    for name, value in fields:
        sent.setdefault(name, []).append(value)
    return sent | {"stage": ["do"]}


def done(client, deed, items, **given):
    """The whole way: choose, see what will happen, do it. What the last page or its redirect says."""
    sent = {"deed": deed, "item": picked(*items), "stage": "show", **given}
    return client.post(BULK, announced(client.post(BULK, sent)), follow=True)


class TestAnnounced:
    def test_nothing_happens_before_it_is_confirmed(self, unit, client):
        item = submitted(unit)
        answer = client.post(BULK, {"deed": "strike_off", "item": picked(item)})
        assert "Will be done" in text_of(answer)
        assert Item.objects.get().state == "submitted"

    def test_what_is_refused_says_why(self, unit, staff, client):
        open_one, closed = assigned(unit), struck_off(unit)
        own = assigned(unit)
        submit(own, "已整改", by=staff, seen=own.version, files=[proof()])
        own.refresh_from_db()
        answer = client.post(BULK, {"deed": "strike_off", "item": picked(open_one, closed, own)})
        reasons = {fate.item: fate.refusal for fate in answer.context["refused"]}
        assert "“Open”" in reasons[open_one]
        assert "“Struck off”" in reasons[closed]
        assert "You answered for the unit" in reasons[own]
        assert "every item is refused" in text_of(answer)

    def test_a_date_is_first_for_some_and_an_extension_for_others(self, unit, client):
        new, dated = raised(unit), assigned(unit, days=10)
        sent = {"deed": "date", "item": picked(new, dated), "stage": "show", "due_on": in_days(20)}
        answer = client.post(BULK, sent)
        assert answer.status_code == 422
        assert "1 of the items has a due date already" in text_of(answer)
        answer = client.post(BULK, sent | {"reason": "道路施工"})
        words = {fate.item: fate.words for fate in answer.context["done"]}
        assert words[new] == f"First date: {in_days(20)}"
        assert f"Extended from {in_days(10)} to {in_days(20)}" in words[dated]

    def test_what_was_changed_since_it_was_shown_is_refused(self, unit, client):
        item = submitted(unit)
        strike_off(item, by=somebody(Role.STAFF, unit.parent), seen=item.version)
        answer = client.post(BULK, {"deed": "strike_off", "item": picked(item)})
        assert "was faster" in answer.context["refused"][0].refusal

    def test_what_would_change_nothing_is_refused(self, unit, client):
        item = assigned(unit)
        for deed, given in (("person", {"responsible": "张三"}), ("category", {"category": DEFAULTS[0]})):
            answer = client.post(BULK, {"deed": deed, "item": picked(item), "stage": "show", **given})
            assert "already" in answer.context["refused"][0].refusal

    @pytest.mark.parametrize("rows", [1, 3, 50])
    def test_it_costs_the_same_for_any_number(self, rows, unit, staff, django_assert_num_queries):
        raised_at_once(unit, rows)
        ledger = Item.objects.visible_to(staff)
        with django_assert_num_queries(4):
            picks = picks_of(ledger)
            foresee(Order(Deed.STRIKE_OFF), picks, items_of(picks, ledger), by=staff)

    def test_what_is_announced_is_what_is_done(self, unit, other_unit, staff, client):
        """Every deed on items in every state: refused beforehand just where it is refused in the end."""
        for deed, given in (
            (Deed.PERSON, {"responsible": "李四"}),
            (Deed.DATE, {"due_on": in_days(40), "reason": "道路施工"}),
            (Deed.CATEGORY, {"category": category_of(unit.parent, DEFAULTS[2])}),
            (Deed.STRIKE_OFF, {}),
            (Deed.SEND, {}),
        ):
            made = [
                raised(unit, audience=Audience.STAFF),
                raised(unit, source=Source.SELF, by=staff),
                assigned(unit, days=50),
                submitted(other_unit),
                struck_off(other_unit),
            ]
            picks = read_picks(deed, picked(*made))
            items = items_of(picks, Item.objects.all())
            order = Order(deed, **given)
            foreseen = foresee(order, picks, items, by=staff)
            became = carry_out(order, picks, items, by=staff)
            assert [fate.refusal for fate in foreseen] == [fate.refusal for fate in became], deed
            assert len({fate.is_done for fate in became}) == 2, deed


class TestDone:
    def test_a_responsible_person(self, unit, client):
        items = [raised(unit), raised(unit)]
        assert "2 items assigned." in text_of(done(client, "person", items, responsible=" 李四 "))
        assert set(Item.objects.values_list("responsible", flat=True)) == {"李四"}

    def test_dates_first_or_extended(self, unit, client):
        new, dated = raised(unit), assigned(unit, days=10)
        done(client, "date", [new, dated], due_on=in_days(20), reason="道路施工")
        assert {(item.original_due_on, item.due_on) for item in Item.objects.all()} == {
            (in_days(20), in_days(20)),
            (in_days(10), in_days(20)),
        }
        assert Step.objects.get(kind="extend").text == "道路施工"

    def test_a_category(self, unit, client):
        done(client, "category", [raised(unit)], category=DEFAULTS[1])
        assert Item.objects.get().category.name == DEFAULTS[1]

    def test_sending_shows_it_to_the_unit(self, unit, secretary, client, signed_in):
        item = raised(unit, "缺签到表", audience=Audience.STAFF)
        assert "缺签到表" not in text_of(signed_in(secretary).get("/items/"))
        assert "1 item sent to its unit." in text_of(done(client, "send", [item]))
        assert "缺签到表" in text_of(signed_in(secretary).get("/items/"))

    def test_the_rest_is_done_and_what_is_refused_is_named(self, unit, client):
        ready, bare = [submitted(unit), submitted(unit)], assigned(unit)
        text = text_of(done(client, "strike_off", [*ready, bare]))
        assert "2 items struck off, 1 refused." in text
        assert f"{bare.serial} is “Open”" in text
        assert Item.objects.filter(state="struck_off").count() == 2

    def test_a_second_click_does_it_once(self, unit, client):
        new, dated = raised(unit), assigned(unit, days=10)
        sent = {
            "deed": "date",
            "item": picked(new, dated),
            "stage": "show",
            "due_on": in_days(20),
            "reason": "雨",
        }
        order = announced(client.post(BULK, sent))
        for _click in range(2):
            assert "2 due dates set." in text_of(client.post(BULK, order, follow=True))
        assert Step.objects.filter(due_on=in_days(20)).count() == 2

    def test_whoever_comes_second_loses_nothing_of_the_first(self, unit, client, signed_in):
        items = [submitted(unit), submitted(unit)]
        order = announced(client.post(BULK, {"deed": "strike_off", "item": picked(*items)}))
        second = signed_in(somebody(Role.STAFF, unit.parent))
        done(second, "strike_off", items[:1])
        text = text_of(client.post(BULK, order))
        assert "1 item struck off, 1 refused." in text
        assert "was faster" in text
        assert Step.objects.filter(kind="strike_off").count() == 2

    def test_all_that_the_filter_finds(self, unit, other_unit, client):
        raised_at_once(unit, 60)
        raised_at_once(other_unit, 1)
        sent = {
            "deed": "person",
            "all": "1",
            "query": f"unit={unit.pk}",
            "stage": "show",
            "responsible": "李四",
        }
        answer = client.post(BULK, announced(client.post(BULK, sent)))
        assert answer.headers["Location"] == f"/items/?unit={unit.pk}"
        assert Item.objects.filter(responsible="李四").count() == 60

    def test_each_item_is_a_transaction_of_its_own(self, unit, staff):
        raised_at_once(unit, 3)
        picks = picks_of(Item.objects.all())
        with CaptureQueriesContext(connections["default"]) as queries:
            carry_out(
                Order(Deed.PERSON, responsible="李四"), picks, items_of(picks, Item.objects.all()), by=staff
            )
        savepoints = [query["sql"] for query in queries if query["sql"].startswith("RELEASE SAVEPOINT")]
        assert len(savepoints) == 3


class TestRefused:
    @pytest.mark.parametrize(
        "sent", [{}, {"item": []}, {"item": ["x"]}, {"item": ["1.2.3.4"]}, {"item": ["²"]}]
    )
    def test_nothing_chosen_or_nonsense_is_one_message(self, sent, unit, client):
        raised(unit)
        answer = client.post(BULK, {"deed": "person", **sent}, follow=True)
        assert answer.status_code == 200
        assert text_of(answer).count("notice-error") == 1

    def test_an_unknown_deed_is_one_message(self, unit, client):
        answer = client.post(BULK, {"deed": "burn", "item": picked(raised(unit))}, follow=True)
        assert "Choose what is to be done" in text_of(answer)

    @pytest.mark.parametrize(
        ("deed", "given"),
        [
            ("person", {"responsible": " "}),
            ("person", {"responsible": "字" * 51}),
            ("date", {"due_on": "yesterday", "reason": "雨"}),
            ("date", {"due_on": "0001-01-01", "reason": "雨"}),
            ("category", {"category": "没有"}),
            ("category", {}),
        ],
    )
    def test_what_cannot_be_set_is_said_in_the_form(self, deed, given, unit, client):
        item = assigned(unit)
        for stage in ("show", "do"):
            answer = client.post(BULK, {"deed": deed, "item": picked(item), "stage": stage, **given})
            assert answer.status_code == 422
        assert Item.objects.get().version == item.version

    def test_a_day_that_is_past_is_refused_item_by_item(self, unit, client):
        answer = client.post(
            BULK, {"deed": "date", "item": picked(raised(unit)), "stage": "show", "due_on": "2018-01-01"}
        )
        assert "2018-01-01 is past" in answer.context["refused"][0].refusal

    def test_a_step_that_does_not_fit_the_deed_is_refused(self, unit, client):
        item = submitted(unit)
        sent = {"deed": "send", "item": [f"{item.pk}.{item.version}.strike_off"], "stage": "do"}
        assert "cannot be read" in text_of(client.post(BULK, sent, follow=True))
        assert Item.objects.get().state == "submitted"

    def test_too_many_are_refused(self, unit):
        with pytest.raises(BulkRefused):
            read_picks(Deed.SEND, (f"{number}.1" for number in range(MOST + 1)))
        raised_at_once(unit, MOST + 1)
        with pytest.raises(BulkRefused):
            picks_of(Item.objects.all())

    def test_items_of_another_host_are_not_found(self, unit, client):
        foreign = raised(UnitFactory(parent=HostFactory()))
        for item in (f"{foreign.pk}.1", "999999.1"):
            assert client.post(BULK, {"deed": "send", "item": [item], "stage": "do"}).status_code == 404

    def test_only_the_staff_may(self, unit, leader, secretary, signed_in):
        item = submitted(unit)
        for person in (leader, secretary):
            answer = signed_in(person).post(BULK, {"deed": "strike_off", "item": picked(item), "stage": "do"})
            assert answer.status_code == 403
        assert Item.objects.get().state == "submitted"

    def test_the_address_alone_leads_to_the_ledger(self, client):
        assert client.get(BULK).headers["Location"] == "/items/"
