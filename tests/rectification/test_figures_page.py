"""The page and the workbook of a day's figures, and the counts on first pages that must agree with them."""

from __future__ import annotations

import datetime
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from organizations.models import Role
from organizations.quarter import Quarter
from rectification.closing import extend, return_to_unit, withdraw
from rectification.current import current_quarter
from rectification.figures import figures
from rectification.figures_page import figures_on, quarter_ends
from rectification.histories import histories_of
from rectification.models import Audience, Item, Source
from rectification.pressing import pressing_of
from rectification.sending import send_quarter
from tests.factories.items import assigned, category_of, in_days, raised, struck_off, submitted
from tests.factories.organizations import GroupFactory, UnitFactory, somebody
from tests.factories.reviews import add_group
from tests.rectification.clocks import clock_that_stands
from tests.reviews.views.answers import text_of

PAGE = "/items/figures/"


@pytest.fixture
def leader(host):
    return somebody(Role.LEADER, host)


def a_ledger(unit, other_unit, staff):
    """Items of every kind, over forty days up to today."""
    start = timezone.localdate() - datetime.timedelta(days=40)
    with clock_that_stands(start) as clock:
        struck_off(unit, by=staff, days=10)
        assigned(unit, days=5)
        assigned(unit, days=37, quarter="2018Q2")
        late = submitted(other_unit, days=20)
        return_to_unit(late, "照片不清", by=staff, seen=late.version)
        raised(other_unit, source=Source.SELF)
        mistaken = assigned(other_unit, days=1)
        withdraw(mistaken, "误报", by=staff, seen=mistaken.version)
        clock.day += datetime.timedelta(days=15)
        moved = assigned(unit, days=20)
        extend(moved, clock.day + datetime.timedelta(days=40), "道路中断", by=staff, seen=moved.version)
    assigned(unit, days=0)
    assigned(other_unit, days=7)
    assigned(other_unit, days=8)
    submitted(unit, days=3)
    struck_off(unit, by=staff, days=0)


def test_the_counts_of_the_first_page_are_the_figures_of_today(unit, other_unit, staff):
    a_ledger(unit, other_unit, staff)
    today = timezone.localdate()
    from_log = figures(histories_of(Item.objects.all()), today)
    counted = pressing_of(staff, unit.parent)
    names = ("raised", "unsettled", "submitted", "overdue", "due", "on_time", "on_time_text")
    assert {name: getattr(counted, name) for name in names} == {
        name: getattr(from_log, name) for name in names
    }
    assert counted.soon == Item.objects.all().due_within(today, 7).count() == 3


def test_units_stand_in_the_hosts_order_with_those_that_have_nothing(host, staff):
    last = UnitFactory(parent=host, name="甲镇党委", position=9)
    first = UnitFactory(parent=host, name="乙镇党委", position=1)
    system = add_group(host, "系统单位", "区林业局直属机关党委")
    assigned(last)
    found = figures_on(staff, host, timezone.localdate())
    assert [
        (group.name, [(row.name, row.figures.raised) for row in group.rows]) for group in found.groups
    ] == [
        ("乡镇（街道）", [(first.name, 0), (last.name, 1)]),
        (system.name, [("区林业局直属机关党委", 0)]),
    ]


def test_a_closed_unit_keeps_its_line_in_the_group_it_was_in(host, unit, staff):
    assigned(unit)
    unit.group = GroupFactory(host=host, name="新类别", position=2)
    unit.active_to = timezone.localdate()
    unit.save()
    found = figures_on(staff, host, timezone.localdate())
    assert [(group.name, [row.name for row in group.rows]) for group in found.groups] == [
        ("乡镇（街道）", ["丙乡党委"])
    ]


def test_categories_stand_in_the_hosts_order_and_none_at_the_end(host, unit, staff):
    raised(unit)
    raised(unit, category=category_of(host, "督促指导力度不够"))
    raised(unit, category=category_of(host))
    found = figures_on(staff, host, timezone.localdate())
    assert [row.figures.raised for row in found.categories] == [1, 1, 1]
    assert [row.name for row in found.categories][:2] == ["党建业务不熟悉", "督促指导力度不够"]


def test_the_current_quarter_is_the_newest_that_all_were_shown(host, unit, staff):
    with clock_that_stands(datetime.date(2018, 9, 1)) as clock:
        raised(unit, quarter="2018Q2")
        raised(unit, quarter="2018Q3", audience=Audience.STAFF)
        clock.day = datetime.date(2018, 10, 10)
        send_quarter(host, Quarter(2018, 3), Audience.HOST, by=staff)
    days = (datetime.date(2018, 8, 31), datetime.date(2018, 10, 9), datetime.date(2018, 10, 10))
    assert [current_quarter(host, day) for day in days] == [None, Quarter(2018, 2), Quarter(2018, 3)]


def test_quarters_that_nobody_was_shown_do_not_even_take_time(host, unit, django_assert_num_queries):
    raised(unit, quarter="2018Q2")
    raised(unit, quarter="2018Q3", audience=Audience.STAFF)
    raised(unit, quarter="2018Q4", audience=Audience.UNIT)
    with django_assert_num_queries(2):
        assert current_quarter(host, timezone.localdate()) == Quarter(2018, 2)


def test_the_last_four_quarter_ends_are_offered():
    assert [(str(quarter), str(day)) for quarter, day in quarter_ends(datetime.date(2018, 10, 10))] == [
        ("2018Q3", "2018-09-30"),
        ("2018Q2", "2018-06-30"),
        ("2018Q1", "2018-03-31"),
        ("2017Q4", "2017-12-31"),
    ]


def test_a_past_day_is_shown_as_it_was(unit, other_unit, staff, signed_in):
    a_ledger(unit, other_unit, staff)
    client = signed_in(staff)
    day = timezone.localdate() - datetime.timedelta(days=30)
    assert client.get(f"{PAGE}?on={day}").context["found"].total.figures.raised == 5
    assert client.get(PAGE).context["found"].total.figures.raised == 11


@pytest.mark.parametrize("on", ["9999-12-31", "2018-02-30", "x", "0000-00-00"])
def test_a_day_that_cannot_be_is_said_and_today_is_shown(on, unit, staff, signed_in):
    raised(unit)
    client = signed_in(staff)
    answer = client.get(PAGE, {"on": on})
    assert (answer.status_code, answer.context["found"].on) == (422, timezone.localdate())
    assert client.get("/items/figures.xlsx", {"on": on}).status_code == 302


def test_before_the_first_item_the_page_says_so(unit, staff, signed_in):
    raised(unit)
    assert "No item had been raised by then" in text_of(signed_in(staff).get(f"{PAGE}?on=2018-01-01"))


def test_each_reader_sees_the_own_share(
    host, unit, other_unit, staff, leader, secretary, stranger, signed_in
):
    raised(unit, audience=Audience.HOST)
    raised(other_unit, audience=Audience.HOST)
    raised(unit, audience=Audience.UNIT)
    raised(unit, audience=Audience.STAFF)
    people = {staff: 4, leader: 2, secretary: 2, stranger: 0}
    counts = {person: signed_in(person).get(PAGE).context["found"].total.figures.raised for person in people}
    assert counts == people
    assert other_unit.name not in text_of(signed_in(secretary).get(PAGE))


def test_the_workbook_says_the_same_and_what_each_figure_means(unit, other_unit, staff, signed_in):
    a_ledger(unit, other_unit, staff)
    answer = signed_in(staff).get("/items/figures.xlsx")
    sheets = load_workbook(BytesIO(answer.content))
    units, categories, notes = (list(sheet.iter_rows(values_only=True)) for sheet in sheets)
    total = dict(zip(units[0], units[-1], strict=True))
    assert (total["All items"], total["On time"], total["Due"], total["On-time rate"]) == (11, 2, 6, "2/6")
    assert len(categories) > 1
    assert any("due day itself is still in time" in str(row[1]) for row in notes)


@pytest.mark.parametrize("count", [1, 3, 50])
def test_it_costs_the_same_with_any_number_of_items(
    count, unit, other_unit, staff, signed_in, django_assert_num_queries
):
    for number in range(count):
        raised(unit if number % 2 else other_unit, category=category_of(unit.parent))
    client = signed_in(staff)
    with django_assert_num_queries(9):
        client.get(PAGE)


@pytest.mark.parametrize("count", [1, 3, 50])
def test_a_units_own_page_costs_the_same_with_any_number_of_items(
    count, unit, staff, signed_in, django_assert_num_queries
):
    for _number in range(count):
        raised(unit)
    client = signed_in(staff)
    with django_assert_num_queries(13):
        page = text_of(client.get(f"/units/{unit.pk}/"))
    assert ("40 more are in the ledger." in page) == (count == 50)


def test_a_units_page_tells_its_rate_and_what_presses(unit, other_unit, staff, secretary, signed_in):
    a_ledger(unit, other_unit, staff)
    late = Item.objects.of_unit(unit).overdue(timezone.localdate()).earliest("original_due_on")
    for person in (staff, secretary):
        page = text_of(signed_in(person).get(f"/units/{unit.pk}/"))
        assert f"/items/{late.serial}/" in page
        assert "on-time rate" in page
    assert in_days(0) == timezone.localdate()
