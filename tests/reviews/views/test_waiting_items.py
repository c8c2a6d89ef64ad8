"""What waits for a unit stands on top of its secretary's first page, the most pressing first."""

import pytest
from django.utils import timezone

from organizations.quarter import Quarter
from rectification.due import Due, due_of
from rectification.models import Audience, Item
from rectification.raising import NewItem, raise_items
from tests.factories.items import assigned, in_days, raised, struck_off, submitted
from tests.reviews.views.answers import text_of


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def waiting(client) -> list[str]:
    return [each.item.text for each in client.get("/").context["home"].waiting.shown]


def test_overdue_first_then_as_it_falls_due_then_without_a_date(unit, secretary, signed_in):
    raised(unit, "无时限")
    late, soon, later = (assigned(unit, text=text, days=30) for text in ("逾期", "临期", "宽裕"))
    for item, days in ((late, -3), (soon, 5), (later, 40)):
        Item.objects.filter(pk=item.pk).update(original_due_on=in_days(days), due_on=in_days(90))
    client = signed_in(secretary)
    assert waiting(client) == ["逾期", "临期", "宽裕", "无时限"]
    shown = text_of(client.get("/"))
    for words in (
        "3 days overdue",
        "5 days left",
        "no due date yet",
        "4 items to put right",
        "extended; originally",
    ):
        assert words in shown
    assert f'href="{late.get_absolute_url()}"' in shown


def test_only_what_waits_for_the_unit_and_was_sent_to_it(host, unit, secretary, signed_in):
    assigned(unit, text="待整改")
    assigned(unit, text="未下发", audience=Audience.STAFF)
    assigned(host.units.get(name="甲镇党委"), text="别的单位")
    submitted(unit, text="已提交")
    struck_off(unit, text="已销号")
    assert waiting(signed_in(secretary)) == ["待整改"]


def test_eight_are_listed_and_the_rest_is_counted(unit, secretary, signed_in):
    for _ in range(11):
        raised(unit)
    client = signed_in(secretary)
    assert len(waiting(client)) == 8
    assert "and 3 more" in text_of(client.get("/"))


def test_a_unit_without_anything_to_do_is_not_told_of_it(secretary, signed_in):
    shown = text_of(signed_in(secretary).get("/"))
    assert "to put right" not in shown
    assert 'href="/items/new/"' in shown


@pytest.mark.parametrize("items", [1, 3, 50])
def test_it_costs_the_same_with_every_item(items, unit, secretary, signed_in, django_assert_num_queries):
    new = NewItem(unit=unit, source="visit", text="缺", found_on=timezone.localdate(), audience=Audience.HOST)
    raise_items(unit.parent, Quarter(2018, 3), [new] * items, by=None)
    client = signed_in(secretary)
    with django_assert_num_queries(8):
        client.get("/")


def test_whoever_is_not_a_secretary_has_no_such_list(unit, leader, signed_in):
    assigned(unit)
    assert "to put right" not in text_of(signed_in(leader).get("/"))


def test_the_due_day_itself_is_in_time(unit):
    item = assigned(unit, days=0)
    assert due_of(item, in_days(0)) == Due(is_overdue=False, days=0)
    assert due_of(item, in_days(1)) == Due(is_overdue=True, days=1)
    assert due_of(struck_off(unit), in_days(99)) is None
