"""The page on which staff choose who takes over what a closed unit left."""

import pytest

from organizations.changes import close_unit
from organizations.models import Organization
from tests.factories.items import in_days, raised
from tests.factories.organizations import UnitFactory
from tests.reviews.views.answers import text_of

PAGE = "/items/handover/"


@pytest.fixture
def left(unit):
    """Two items of a unit that is closed without a successor."""
    items = [raised(unit, "会议记录不完整"), raised(unit, "公开栏未更新")]
    close_unit(unit, in_days(0))
    return items


def test_staff_pass_the_ticked_items_on(unit, other_unit, staff, signed_in, left):
    client = signed_in(staff)
    assert left[0].text in text_of(client.get(PAGE))
    data = {"items": [left[0].pk], "successor": other_unit.pk}
    page = text_of(client.post(f"{PAGE}{unit.pk}/", data, follow=True))
    assert left[0].text not in page
    assert left[1].text in page
    left[0].refresh_from_db()
    assert (left[0].unit, left[0].steps.last().by) == (other_unit, staff)


@pytest.mark.parametrize(
    "wrong",
    [
        {"items": "x"},
        {"items": "9" * 30},
        {"successor": ""},
        {"successor": 99999},
        {"items": []},
        {"items": [99999]},
    ],
)
def test_what_cannot_be_passed_on_is_told_and_stays(unit, other_unit, staff, signed_in, left, wrong):
    data = {"items": [item.pk for item in left], "successor": other_unit.pk} | wrong
    answer = signed_in(staff).post(f"{PAGE}{unit.pk}/", data, follow=True)
    assert "notice-error" in text_of(answer)
    assert [item.steps.count() for item in left] == [1, 1]


def test_only_staff_see_it_and_only_units_of_the_host(
    unit, secretary, leader, staff, stranger, signed_in, left
):
    for user in (secretary, leader):
        assert signed_in(user).get(PAGE).status_code == 403
        assert signed_in(user).post(f"{PAGE}{unit.pk}/").status_code == 403
    assert left[0].text not in text_of(signed_in(stranger).get(PAGE))
    assert signed_in(stranger).post(f"{PAGE}{unit.pk}/").status_code == 404
    assert signed_in(staff).post(f"{PAGE}{UnitFactory().pk}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_it_costs_the_same_for_any_number_of_units_and_items(
    host, staff, signed_in, rows, django_assert_num_queries
):
    for _ in range(rows):
        raised(UnitFactory(parent=host))
    Organization.objects.under(host).update(active_to=in_days(0))
    client = signed_in(staff)
    with django_assert_num_queries(7):
        client.get(PAGE)
