"""Draws of places: kept whole, repeatable, never edited."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from organizations.models import Role
from reviews.casting import DrawRefused, draw_places, is_repeatable, places_of
from reviews.models import Draw
from tests.factories.organizations import somebody
from tests.factories.reviews import opened_cycle, ready_host
from tests.factories.visits import branch_of, made, planned, unit_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle():
    cycle = opened_cycle(ready_host("甲镇党委", "乙镇党委", "丙镇党委"))
    for unit in ("甲镇党委", "乙镇党委"):
        for position, name in enumerate(("东山村党支部", "西河村党支部", "南坪村党支部"), 1):
            branch_of(unit_of(cycle, unit), name, position)
    return cycle


@pytest.fixture
def staff(cycle):
    return somebody(Role.STAFF, cycle.host)


def drawn(cycle, staff, **options):
    return draw_places(cycle, list(cycle.host.units.all()), **{"per_unit": 1, "by": staff, **options})


def test_one_of_each_unit_that_has_branches(cycle, staff):
    chosen = [place for place in places_of(drawn(cycle, staff)) if place.order]
    assert [place.unit_name for place in chosen] == ["甲镇党委", "乙镇党委"]


def test_the_kept_seed_gives_the_same_again(cycle, staff):
    kept = drawn(cycle, staff, per_unit=2)
    assert is_repeatable(Draw.objects.get(pk=kept.pk))
    assert drawn(cycle, staff, per_unit=2, seed=kept.seed).result == kept.result


def test_every_draw_has_a_seed_of_its_own(cycle, staff):
    assert drawn(cycle, staff).seed != drawn(cycle, staff).seed


@pytest.mark.parametrize("part", ["seed", "result", "weight"])
def test_a_draw_that_was_tampered_with_shows_it(cycle, staff, part):
    kept = drawn(cycle, staff, seed="3f")
    if part == "weight":
        kept.candidates[0]["weight"] = 7
    elif part == "result":
        drawn_place = kept.result[0]["place"]
        others = [row for row in kept.candidates if row["unit"] == kept.result[0]["unit"]]
        kept.result[0]["place"] = next(row["place"] for row in others if row["place"] != drawn_place)
    else:
        results = {}
        for number in range(40):
            kept.seed = f"{number}"
            results[is_repeatable(kept)] = True
        assert False in results
        return
    assert not is_repeatable(kept)


def test_the_database_refuses_to_change_or_delete_a_draw(cycle, staff):
    kept = drawn(cycle, staff)
    for deed in (lambda: Draw.objects.update(seed="3f"), lambda: Draw.objects.filter(pk=kept.pk).delete()):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            deed()


def test_a_place_just_visited_or_planned_has_the_fewest_lots(cycle, staff):
    unit = unit_of(cycle, "甲镇党委")
    first, second, _third = unit.units.order_by("position")
    made(cycle, "甲镇党委", place=first, visited_on=timezone.localdate() - timedelta(days=65))
    planned(cycle, "甲镇党委", place=second)
    weights = {place.name: place.weight for place in places_of(drawn(cycle, staff)) if place.unit == unit.pk}
    assert weights == {"东山村党支部": 3, "西河村党支部": 1, "南坪村党支部": 12}


def test_a_branch_that_ended_is_not_drawn(cycle, staff):
    unit = unit_of(cycle, "甲镇党委")
    unit.units.filter(position__gt=1).update(active_to=timezone.localdate())
    names = [place.name for place in places_of(drawn(cycle, staff)) if place.unit == unit.pk]
    assert names == ["东山村党支部"]


def test_units_without_branches_have_nothing_to_draw(cycle, staff):
    with pytest.raises(DrawRefused):
        draw_places(cycle, [unit_of(cycle, "丙镇党委")], per_unit=1, by=staff)
