"""Two items that tell of the same problem become one (rule 20)."""

from __future__ import annotations

import pytest

from organizations.models import Role
from rectification.closing import reopen, withdraw
from rectification.confirming import confirm_found_again
from rectification.figures import figures
from rectification.histories import histories_of
from rectification.merging import candidates_for, merge_items
from rectification.models import Audience, Item, Source
from rectification.sending import send_items
from rectification.stepping import ItemChanged, NotYourStep, StepRefused
from tests.factories.items import category_of, in_days, raised, struck_off
from tests.factories.organizations import somebody
from tests.reviews.views.answers import text_of


@pytest.fixture
def own(unit):
    """What the unit reported itself."""
    return raised(unit, "自查：记录不完整", source=Source.SELF)


@pytest.fixture
def found(unit):
    return raised(unit, indicator="三会一课")


def merge(item, into, staff, **options):
    return merge_items(item, into, "同一问题", by=staff, seen=item.version, **options)


def fresh(item):
    return Item.objects.get(pk=item.pk)


def test_the_other_goes_on_counts_once_and_is_credited(own, found, staff):
    merge(found, own, staff)
    assert (fresh(found).state, fresh(found).merged_into) == ("withdrawn", own)
    assert own.steps.last().text == f"与{found.serial}为同一问题，已并入本事项：同一问题"
    counted = figures(histories_of(Item.objects.all()), in_days(0))
    assert (counted.raised, counted.self_found, counted.confirmed) == (1, 1, 1)


def test_the_unit_learns_of_it_no_sooner_than_of_the_merged_item(unit, own, staff):
    secret = raised(unit, audience=Audience.STAFF)
    merge(secret, own, staff)
    assert own.steps.count() == 1
    for audience in (Audience.UNIT, Audience.HOST):
        send_items(Item.objects.of_unit(unit), audience, by=staff)
    assert [step.kind for step in own.steps.all()] == ["raise", "confirm"]


def test_others_learn_of_it_no_sooner_than_of_the_merged_item(unit, own, staff):
    """All who work for the host see what the unit reported; what it was merged with, only the unit so far."""
    merge(raised(unit, audience=Audience.UNIT), own, staff)
    assert own.steps.count() == 1
    send_items(Item.objects.of_unit(unit), Audience.HOST, by=staff)
    assert [step.kind for step in own.steps.all()] == ["raise", "confirm"]


def test_what_was_taken_apart_again_before_it_was_sent_credits_nothing(unit, own, staff):
    secret = raised(unit, audience=Audience.STAFF)
    step = merge(secret, own, staff)
    reopen(fresh(secret), "不是同一问题", by=staff, seen=step.number)
    send_items(Item.objects.of_unit(unit), Audience.HOST, by=staff)
    assert own.steps.count() == 1


@pytest.mark.parametrize("others", ["other_unit", "withdrawn", "itself"])
def test_only_a_living_item_of_the_same_unit_takes_it_in(others, unit, other_unit, found, staff):
    mistaken = raised(unit)
    withdraw(mistaken, "误报", by=staff, seen=1)
    into = {"other_unit": raised(other_unit), "withdrawn": mistaken, "itself": found}[others]
    with pytest.raises(StepRefused):
        merge(found, into, staff)
    assert fresh(found).state == "open"


def test_what_was_found_after_the_other_was_struck_off_is_not_settled_by_it(unit, staff):
    """Or a problem that came again would be gone without evidence and without a second person (rule 18)."""
    settled = struck_off(unit, source=Source.SELF, by=staff)
    Item.objects.filter(pk=settled.pk).update(struck_off_on=in_days(-1))
    again = raised(unit, found_on=in_days(0))
    with pytest.raises(StepRefused, match=str(settled.serial)):
        merge(again, settled, staff)
    assert fresh(again).state == "open"
    assert settled not in candidates_for(again, Item.objects.visible_to(staff))
    before = raised(unit, found_on=in_days(-1))
    merge(before, settled, staff)
    assert fresh(before).merged_into == settled


def test_what_the_unit_reported_is_never_merged_away(own, found, staff):
    with pytest.raises(StepRefused, match=str(own.serial)):
        merge(own, found, staff)
    assert fresh(own).state == "open"


def test_nothing_is_merged_twice_over(unit, own, found, staff):
    third = raised(unit)
    merge(third, found, staff)
    with pytest.raises(StepRefused):
        merge(found, own, staff)


def test_only_the_staff_merge_and_whoever_comes_second_is_told(unit, own, found, staff):
    with pytest.raises(NotYourStep):
        merge(found, own, somebody(Role.SECRETARY, unit))
    merge(found, own, staff)
    with pytest.raises(ItemChanged):
        merge(found, own, somebody(Role.STAFF, unit.parent))


def test_the_same_words_are_credited_once_and_never_where_nothing_was_reported(own, found, staff):
    for _time in range(2):
        confirm_found_again(own, "督查再次发现", Audience.HOST, by=staff)
    assert confirm_found_again(found, "督查再次发现", Audience.HOST, by=staff) is None
    assert (own.steps.count(), found.steps.count()) == (2, 1)


def test_what_the_unit_reported_is_offered_first_then_what_is_alike(unit, other_unit, own, found, staff):
    alike = raised(unit, indicator="三会一课")
    newest = struck_off(unit, by=staff)
    raised(other_unit)
    assert list(candidates_for(found, Item.objects.visible_to(staff))) == [own, alike, newest]


class TestThePage:
    def test_it_merges_and_leads_to_the_item_that_goes_on(self, own, found, staff, signed_in):
        client = signed_in(staff)
        page = f"/items/{found.serial}/merge/"
        assert str(own.serial) in text_of(client.get(page))
        answer = client.post(page, {"into": own.pk, "why": "同一问题", "seen": 1})
        assert (answer.status_code, answer.url) == (302, f"/items/{own.serial}/")
        assert fresh(found).merged_into == own

    @pytest.mark.parametrize(
        "sent", [{"why": " "}, {"into": ""}, {"into": "999999"}, {"seen": "x"}, {"seen": "7"}]
    )
    def test_what_cannot_be_merged_is_said(self, sent, own, found, staff, signed_in):
        given = {"into": own.pk, "why": "同一问题", "seen": 1} | sent
        answer = signed_in(staff).post(f"/items/{found.serial}/merge/", given)
        assert (answer.status_code, fresh(found).state) == (422, "open")

    def test_a_closed_item_is_not_merged(self, unit, staff, signed_in):
        closed = struck_off(unit, by=staff)
        answer = signed_in(staff).get(f"/items/{closed.serial}/merge/", follow=True)
        assert "it cannot be merged" in text_of(answer)

    def test_without_another_item_the_page_says_so(self, found, staff, signed_in):
        assert "no other item" in text_of(signed_in(staff).get(f"/items/{found.serial}/merge/"))

    @pytest.mark.parametrize(("person", "status"), [("secretary", 403), ("stranger", 404), ("nobody", 404)])
    def test_nobody_else_may(self, person, status, own, found, request, signed_in):
        client = signed_in(request.getfixturevalue(person))
        page = f"/items/{found.serial}/merge/"
        assert client.get(page).status_code == status
        assert client.post(page, {"into": own.pk, "why": "同", "seen": 1}).status_code == status
        assert fresh(found).state == "open"

    @pytest.mark.parametrize("count", [1, 3, 50])
    def test_it_costs_the_same_with_any_number_of_others(
        self, count, unit, staff, found, signed_in, django_assert_num_queries
    ):
        for _number in range(count):
            raised(unit, category=category_of(unit.parent))
        client = signed_in(staff)
        with django_assert_num_queries(6):
            client.get(f"/items/{found.serial}/merge/")
