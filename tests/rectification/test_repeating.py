"""Repeat problems: the same unit and the same indicator or category in more than one quarter (rule 20)."""

import pytest

from rectification.categories import DEFAULTS
from rectification.closing import withdraw
from rectification.models import Audience, Item
from rectification.repeating import repeats_of, with_items
from tests.factories.items import category_of, raised
from tests.factories.ledgers import raised_at_once
from tests.reviews.views.answers import text_of

PAGE = "/items/repeats/"


def listed(ledger=None):
    """Unit, what came again and how often, in the order of the list."""
    ledger = Item.objects.all() if ledger is None else ledger
    shown = with_items(repeats_of(ledger), ledger)
    return [(each.unit.name, each.what, each.repeat.quarters) for each in shown]


def test_what_came_most_often_leads_then_the_hosts_own_order(unit, other_unit):
    for quarter in ("2018Q1", "2018Q2", "2018Q3"):
        raised(other_unit, quarter=quarter, indicator="三会一课")
    for each in (other_unit, unit):
        for quarter in ("2018Q1", "2018Q2"):
            raised(each, quarter=quarter, indicator="主题党日")
    assert listed() == [
        (other_unit.name, "三会一课", 3),
        (unit.name, "主题党日", 2),
        (other_unit.name, "主题党日", 2),
    ]


def test_one_quarter_is_no_repeat_however_many_items(unit):
    raised(unit, indicator="三会一课")
    raised(unit, indicator="三会一课")
    assert listed() == []


def test_a_mistake_makes_no_repeat(unit, staff):
    mistaken = raised(unit, quarter="2018Q1", indicator="三会一课")
    raised(unit, quarter="2018Q2", indicator="三会一课")
    withdraw(mistaken, "误登", by=staff, seen=mistaken.version)
    assert listed() == []


def test_a_category_that_says_no_more_than_its_indicator_is_left_out(unit, host):
    category = category_of(host)
    for quarter in ("2018Q1", "2018Q2"):
        raised(unit, quarter=quarter, indicator="三会一课", category=category)
    assert listed() == [(unit.name, "三会一课", 2)]
    raised(unit, quarter="2018Q3", category=category)
    assert listed() == [(unit.name, DEFAULTS[0], 3), (unit.name, "三会一课", 2)]


def test_it_names_the_quarters_and_the_items(unit, staff, signed_in):
    for quarter in ("2018Q1", "2018Q3"):
        raised(unit, quarter=quarter, indicator="三会一课")
    text = text_of(signed_in(staff).get(PAGE))
    assert "2018Q1、2018Q3" in text
    assert '<a href="/items/2018Q1-001/">2018Q1-001</a> <span class="soft">Open</span>' in text


def test_long_rows_name_the_newest_and_count_the_others(unit, host):
    category = category_of(host)
    for quarter in ("2018Q1", "2018Q2"):
        raised_at_once(unit, 15, quarter=quarter, category=category)
    (shown,) = with_items(repeats_of(Item.objects.all()), Item.objects.all())
    assert (str(shown.items[0].serial), len(shown.items), shown.others) == ("2018Q2-015", 20, 10)


def test_a_unit_sees_its_own_only(unit, other_unit, secretary, leader, signed_in):
    for each in (unit, other_unit):
        for quarter in ("2018Q1", "2018Q2"):
            raised(each, quarter=quarter, indicator="三会一课")
    text = text_of(signed_in(secretary).get(PAGE))
    assert "三会一课" in text
    assert other_unit.name not in text
    assert text_of(signed_in(leader).get(PAGE)).count("三会一课") == 2


def test_what_is_not_sent_is_no_repeat_to_others(unit, secretary, leader, signed_in):
    raised(unit, quarter="2018Q1", indicator="三会一课", audience=Audience.STAFF)
    raised(unit, quarter="2018Q2", indicator="三会一课")
    for person in (secretary, leader):
        assert "三会一课" not in text_of(signed_in(person).get(PAGE))


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_it_costs_the_same_at_any_length(rows, unit, other_unit, staff, signed_in, django_assert_num_queries):
    for number in range(rows):
        for quarter in ("2018Q1", "2018Q2"):
            raised(unit, quarter=quarter, indicator=f"指标{number}")
    client = signed_in(staff)
    with django_assert_num_queries(8):
        client.get(PAGE)
