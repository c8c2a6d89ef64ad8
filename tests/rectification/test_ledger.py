"""The ledger's list: who sees what in it, in which order, by which filters, and at what cost."""

import pytest
from django.db import connection

from organizations.models import Role
from rectification.categories import DEFAULTS
from rectification.closing import extend, return_to_unit, withdraw
from rectification.lifecycle import StepKind
from rectification.models import Audience, Item, Source
from rectification.stepping import Given, take_step
from tests.factories.items import assigned, category_of, in_days, raised, struck_off, submitted
from tests.factories.ledgers import made_late, raised_at_once
from tests.factories.organizations import GroupFactory, UnitFactory, somebody
from tests.reviews.views.answers import text_of

LIST, EXPORT, PRINT, REPEATS = "/items/", "/items/export.xlsx", "/items/print/", "/items/repeats/"


@pytest.fixture
def inspector(host):
    return somebody(Role.INSPECTOR, host)


@pytest.fixture
def client(staff, signed_in):
    return signed_in(staff)


def found(client, query=""):
    """The serials the list finds, in its order."""
    answer = client.get(f"{LIST}?{query}" if query else LIST)
    assert answer.status_code == 200, query
    return [str(row.record.serial) for row in answer.context["table"].page.object_list]


class TestWhoSeesWhat:
    def test_a_unit_sees_its_own_and_nothing_of_others(self, unit, other_unit, secretary, signed_in):
        own, other = raised(unit, "缺签到表"), raised(other_unit, "台账不全")
        client = signed_in(secretary)
        assert found(client) == [str(own.serial)]
        for address in (LIST, f"{LIST}?q=台账", f"{LIST}?q={other.serial}", PRINT, REPEATS):
            text = text_of(client.get(address))
            assert "台账不全" not in text
            assert other_unit.name not in text

    def test_counts_tell_a_unit_nothing_of_others(self, unit, other_unit, secretary, signed_in):
        made_late(raised(unit, due_on=in_days(1)), 3)
        raised_at_once(other_unit, 3)
        context = signed_in(secretary).get(LIST).context
        assert (context["tally"].total, context["tally"].overdue) == (1, 1)
        assert [view.count for view in context["views"]] == [1, 1, 0, 0, 0]

    def test_units_and_groups_are_no_filters_of_a_unit(self, unit, other_unit, secretary, signed_in):
        item = raised(unit)
        answer = signed_in(secretary).get(LIST)
        assert not {"unit", "group"} & answer.context["filter"].filters.keys()
        # Nor do they have an effect: such an address is answered with a tidier one.
        assert signed_in(secretary).get(f"{LIST}?unit={other_unit.pk}").headers["Location"] == LIST
        assert item.text in text_of(answer)

    def test_what_is_not_sent_is_the_staffs_alone(self, unit, staff, leader, inspector, secretary, signed_in):
        raised(unit, "未下发的问题", audience=Audience.STAFF)
        assert len(found(signed_in(staff))) == 1
        for person in (leader, inspector, secretary):
            assert found(signed_in(person)) == []
            for address in (LIST, f"{LIST}?q=未下发", PRINT, REPEATS):
                assert "未下发的问题" not in text_of(signed_in(person).get(address))

    def test_leaders_and_inspectors_see_published_quarters_only(self, unit, leader, inspector, signed_in):
        raised(unit, quarter="2018Q4", audience=Audience.UNIT)
        public = raised(unit, quarter="2018Q3", audience=Audience.HOST)
        for person in (leader, inspector):
            answer = signed_in(person).get(LIST)
            assert [row.record for row in answer.context["table"].page.object_list] == [public]
            # Not even that there is such a quarter.
            assert "2018Q4" not in text_of(answer)

    def test_a_repeat_mark_tells_nothing_of_what_one_may_not_see(self, unit, staff, leader, signed_in):
        category = category_of(unit.parent)
        raised(unit, quarter="2018Q1", category=category, audience=Audience.STAFF)
        raised(unit, quarter="2018Q3", category=category)
        assert len(found(signed_in(staff), "repeat=1")) == 1
        assert found(signed_in(leader), "repeat=1") == []
        assert "Repeat</span>" not in text_of(signed_in(leader).get(LIST))

    def test_another_host_sees_nothing(self, unit, stranger, signed_in):
        raised(unit, "缺签到表")
        assert found(signed_in(stranger)) == []

    def test_who_acts_for_nobody_has_no_ledger(self, nobody, signed_in):
        for address in (LIST, EXPORT, PRINT, REPEATS):
            assert signed_in(nobody).get(address).status_code == 404

    def test_only_the_staff_may_choose_items(self, unit, staff, leader, secretary, signed_in):
        raised(unit)
        assert 'name="item"' in text_of(signed_in(staff).get(LIST))
        for person in (leader, secretary):
            text = text_of(signed_in(person).get(LIST))
            assert 'name="item"' not in text
            assert "/items/bulk/" not in text


class TestOrder:
    def test_the_longest_overdue_leads_and_what_is_closed_comes_last(self, unit, client):
        closed = struck_off(unit)
        without_date = raised(unit)
        due = assigned(unit, days=5)
        late = made_late(assigned(unit), 2)
        later = made_late(assigned(unit), 9)
        expected = [later, late, due, without_date, closed]
        assert found(client) == [str(item.serial) for item in expected]

    def test_days_overdue_count_from_the_original_date(self, unit, staff, client):
        item = made_late(assigned(unit), 9)
        extend(item, in_days(20), "道路施工", by=staff, seen=item.version)
        text = text_of(client.get(LIST))
        assert "9 days overdue" in text
        assert f"originally {in_days(-9)}" in text

    def test_a_column_sorts_it_both_ways(self, unit, other_unit, client):
        raised_at_once(other_unit, 1)
        raised_at_once(unit, 1)
        assert found(client, "sort=unit") == ["2018Q3-002", "2018Q3-001"]
        assert found(client, "sort=-unit") == ["2018Q3-001", "2018Q3-002"]
        assert found(client, "sort=-serial") == ["2018Q3-002", "2018Q3-001"]
        assert found(client, "sort=-due_on") == ["2018Q3-002", "2018Q3-001"]

    def test_pages_hold_fifty(self, unit, client):
        raised_at_once(unit, 51)
        assert len(found(client)) == 50
        assert found(client, "page=2") == ["2018Q3-051"]
        assert found(client, "page=99") == ["2018Q3-051"]


class TestFilters:
    @pytest.fixture
    def ledger(self, host, unit, other_unit, staff):
        """Items by what is special about them; each is found by one of the queries below."""
        system = UnitFactory(parent=host, group=GroupFactory(host=host, name="系统单位"), name="区林业局党委")
        other = category_of(host, DEFAULTS[1])
        items = {
            "late": made_late(assigned(unit, quarter="2018Q4"), 3),
            "soon": assigned(other_unit, days=7, quarter="2018Q4", category=other, source=Source.SUPERIOR),
            "answered": submitted(other_unit, quarter="2018Q4", category=other),
            "closed": struck_off(other_unit, quarter="2018Q4", category=other),
            "bare": raised(system, "党费收缴不及时", place="东山村", quarter="2018Q4"),
            "early": assigned(system, quarter="2018Q2", text="流动党员底数不清"),
        }
        returned = submitted(system, quarter="2018Q4")
        items["returned"] = return_to_unit(returned, "照片不清", by=staff, seen=returned.version).item
        moved = raised(other_unit, quarter="2018Q4", category=category_of(host, DEFAULTS[2]))
        take_step(moved, StepKind.PASS_ON, Given(text="撤并", unit=unit), by=staff, seen=moved.version)
        items["moved"] = moved
        mistaken = raised(unit, "误登", quarter="2018Q4")
        items["withdrawn"] = withdraw(mistaken, "重复登记", by=staff, seen=mistaken.version).item
        return items

    QUERIES = {
        "unit={unit}": "late moved",
        "group={system}": "bare early returned",
        "category={second}": "soon answered closed",
        "source=superior": "soon",
        "quarter=2018Q2": "early",
        "state=submitted": "answered",
        "state=unsettled": "late soon answered bare early returned moved",
        "state=withdrawn": "withdrawn",
        "overdue=1": "late",
        "soon=1": "soon",
        "repeat=1": "returned",
        "carried=1": "early",
        "passed_on=1": "moved",
        "unassigned=1": "bare moved",
        "q=党费 东山": "bare",
        "q=党费 西河": "",
        "q=流动": "early",
        "q=2018q2-001": "early",
        "q=２０１８Ｑ２-001": "early",
        "group={system}&state=unsettled&quarter=2018Q4": "bare returned",
        "overdue=1&soon=1": "",
    }

    @pytest.mark.parametrize("query", QUERIES)
    def test_each_finds_what_it_says_and_they_combine(self, query, ledger, host, unit, client):
        keys = {
            "unit": unit.pk,
            "system": host.groups.get(name="系统单位").pk,
            "second": category_of(host, DEFAULTS[1]).pk,
        }
        expected = sorted(str(ledger[name].serial) for name in self.QUERIES[query].split())
        assert sorted(found(client, query.format(**keys))) == expected

    def test_what_was_passed_on_says_whose_it_was(self, ledger, other_unit, client):
        assert f"raised with {other_unit.name}" in text_of(client.get(f"{LIST}?passed_on=1"))

    def test_a_mistake_is_found_by_its_serial_number(self, ledger, client):
        serial = str(ledger["withdrawn"].serial)
        assert serial not in found(client)
        assert found(client, f"q={serial}") == [serial]

    def test_the_numbers_are_those_of_the_filter(self, ledger, unit, client):
        context = client.get(f"{LIST}?unit={unit.pk}").context
        assert (context["tally"].total, context["tally"].overdue) == (2, 1)
        assert {view.query: view.count for view in context["views"]} == {
            "": 8,
            "overdue=1": 1,
            "soon=1": 1,
            "state=submitted": 1,
            "state=returned": 1,
        }

    def test_every_quick_view_finds_as_many_as_it_says(self, ledger, client):
        for view in client.get(LIST).context["views"]:
            assert len(found(client, view.query)) == view.count, view

    @pytest.mark.parametrize(
        ("sent", "tidied"),
        [
            ("q=&unit=&state=", ""),
            ("q=&overdue=1&group=", "?overdue=1"),
            ("overdue=1&utm=x", "?overdue=1"),
            ("q=+&sort=unit", "?sort=unit"),
        ],
    )
    def test_what_has_no_effect_leaves_the_address(self, sent, tidied, unit, client):
        raised(unit)
        assert client.get(f"{LIST}?{sent}").headers["Location"] == f"{LIST}{tidied}"

    BAD = (
        "unit=x",
        "unit=99999999999999999999",
        "group=-1",
        "category=²",
        "source=nobody",
        "state=gone",
        "quarter=2018Q9",
        "q=" + "字" * 101,
    )

    @pytest.mark.parametrize("query", BAD)
    def test_a_bad_value_is_one_clear_message(self, query, unit, client):
        raised(unit)
        answer = client.get(f"{LIST}?{query}")
        assert answer.status_code == 422
        assert text_of(answer).count("Left out, because what is asked for does not exist") == 1
        for address in (EXPORT, PRINT):
            assert client.get(f"{address}?{query}").status_code == 302

    @pytest.mark.parametrize("query", ["page=x", "page=-1", "sort=nothing", "sort=text", "q=%00", "q=%25"])
    def test_nonsense_is_no_error(self, query, unit, client):
        raised(unit)
        assert client.get(f"{LIST}?{query}", follow=True).status_code in (200, 422)


class TestCost:
    @pytest.mark.parametrize("rows", [1, 3, 50, 500])
    def test_it_costs_the_staff_the_same_at_any_length(
        self, rows, unit, other_unit, client, django_assert_num_queries
    ):
        raised_at_once(unit, rows)
        raised_at_once(other_unit, 1, quarter="2018Q1")
        with django_assert_num_queries(12):
            client.get(LIST)
        with django_assert_num_queries(14):
            client.get(f"{LIST}?unit={unit.pk}&state=unsettled")

    @pytest.mark.parametrize("rows", [1, 3, 50, 500])
    def test_it_costs_a_unit_the_same_at_any_length(
        self, rows, unit, secretary, signed_in, django_assert_num_queries
    ):
        raised_at_once(unit, rows)
        client = signed_in(secretary)
        with django_assert_num_queries(10):
            client.get(LIST)

    @pytest.mark.parametrize("rows", [1, 3, 50, 500])
    def test_files_and_paper_cost_the_same_at_any_length(self, rows, unit, client, django_assert_num_queries):
        raised_at_once(unit, rows)
        for address, queries in ((EXPORT, 8), (PRINT, 7)):  # that a file was taken is recorded
            with django_assert_num_queries(queries):
                b"".join(client.get(address))

    def test_the_index_gives_the_order(self, unit):
        raised_at_once(unit, 3)
        if connection.vendor == "postgresql":  # which would rather sort three rows
            with connection.cursor() as cursor:
                for way in ("sort", "seqscan", "bitmapscan"):
                    cursor.execute(f"SET LOCAL enable_{way} = off")
        plan = Item.objects.of_host(unit.parent).counted().most_pressing_first()[:50].explain()
        assert "item_pressing" in plan
        assert "Sort" not in plan
        assert "TEMP B-TREE" not in plan


def test_an_empty_ledger_says_so(client):
    assert "No rectification item yet" in text_of(client.get(LIST))


def test_everybody_with_a_host_finds_the_ledger_in_the_header(staff, leader, secretary, nobody, signed_in):
    for person in (staff, leader, secretary):
        text = text_of(signed_in(person).get(LIST))
        assert '<a class="site-nav-link" href="/items/" aria-current="page">' in text
    assert 'href="/items/"' not in text_of(signed_in(nobody).get("/"))
