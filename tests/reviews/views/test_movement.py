"""Why the place changed, on the page of a unit's review, and what of it who may read."""

import pytest

from organizations.models import Role
from reviews.models import Disclosure
from reviews.publishing import correct_publication, leave_out, start_reply, step_back, verify_cycle
from tests.factories.organizations import somebody
from tests.factories.reviews import (
    add_group,
    cycle_with_totals,
    give_total,
    published,
    ready_host,
    review_of,
    scored_at_once,
)
from tests.reviews.views.answers import text_of
from tests.reviews.views.conftest import FIRST, SECOND


@pytest.fixture
def page(unit) -> str:
    return f"/cycles/2018Q3/units/{unit.pk}/"


def explained(client, page):
    return client.get(page).context["explanation"]


def rows(points):
    return [(row.label, row.before, row.now, row.change.text) for row in points]


def causes(explanation):
    return [(row.label, row.names, row.places.text) for row in explanation.passes]


def test_the_points_add_up_to_the_totals_and_the_places_to_the_move(done, page, leader, signed_in):
    explanation = explained(signed_in(leader), page)
    assert rows(explanation.points) == [
        ("主题党日", "20", "34", "+14"),
        ("1 indicator as before", "60", "60", "0"),
    ]
    assert rows([explanation.total]) == [("Total", "80.00", "94.00", "+14.00")]
    places = [row.places.value for row in explanation.points]
    beyond = [row.places.value for row in explanation.beyond]
    assert places == [2, 0]
    assert (explanation.total.places.value, beyond, explanation.places.value) == (2, [-1], 1)


def test_those_who_work_for_the_host_read_who_passed_whom(done, page, leader, signed_in):
    explanation = explained(signed_in(leader), page)
    assert causes(explanation) == [("1 unit no longer ahead", ("丁镇党委",), "+1")]
    assert "丁镇党委" in text_of(signed_in(leader).get(page))


def test_a_unit_reads_its_own_points_and_counts_alone(done, page, secretary, signed_in):
    client = signed_in(secretary)
    explanation = explained(client, page)
    assert rows(explanation.points)[0] == ("主题党日", "20", "34", "+14")
    assert {row.places for row in (*explanation.points, explanation.total)} == {None}
    assert causes(explanation) == [("1 unit no longer ahead", (), "+1")]
    shown = text_of(client.get(page))
    assert not [name for name in FIRST if name != "丙镇党委" and name in shown]
    assert "Places gained in all" in shown


def test_counts_do_not_tell_who_tied_came_or_left(host, earlier, unit, secretary, page, signed_in):
    cycle = cycle_with_totals(SECOND | {"丁镇党委": 94}, host=host)
    leave_out(review_of(cycle, "甲镇党委"), state="exempt", reason="换届")
    published(cycle)
    labels = [label for label, _names, _places in causes(explained(signed_in(secretary), page))]
    assert labels == ["2 units no longer ahead"]


@pytest.mark.parametrize(
    ("now", "then", "names"),
    [
        (Disclosure.TABLE, Disclosure.TABLE, ("丁镇党委",)),
        (Disclosure.TABLE, Disclosure.LISTS, ()),
        (Disclosure.LISTS, Disclosure.TABLE, ()),
    ],
)
def test_a_unit_reads_names_where_both_tables_are_open_to_it(
    now, then, names, running, earlier, page, secretary, signed_in
):
    earlier.disclosure = then
    earlier.save()
    running.disclosure = now
    running.save()
    published(running)
    explanation = explained(signed_in(secretary), page)
    assert (explanation.is_whole, explanation.passes[0].names) == (bool(names), names)


def test_who_came_and_who_left_says_so(host, earlier, leader, signed_in):
    cycle = cycle_with_totals({"甲镇党委": 70, "戊镇党委": 95, "己镇党委": 70}, host=host)
    published(cycle)
    pages = {
        name: f"/cycles/2018Q3/units/{host.units.get(name=name).pk}/" for name in ("甲镇党委", "己镇党委")
    }
    assert causes(explained(signed_in(leader), pages["己镇党委"])) == [
        (
            "4 units no longer ahead",
            ("甲镇党委 (level now)", *remarked("乙镇党委", "丁镇党委", "丙镇党委")),
            "+4",
        ),
        ("1 unit newly ahead", ("戊镇党委",), "−1"),
    ]


def remarked(*names):
    return tuple(f"{name} (not ranked now)" for name in names)


def test_the_staff_read_it_before_publication_and_nobody_else(running, page, staff, leader, signed_in):
    assert explained(signed_in(staff), page).places.value == 1
    assert signed_in(leader).get(page).status_code == 404


def test_a_unit_that_replies_reads_nothing_of_places(running, staff, page, secretary, signed_in):
    running.reply_stage = True
    running.save()
    start_reply(running, by=staff)
    assert explained(signed_in(secretary), page) is None


def test_a_unit_that_cannot_be_compared_has_no_reasons(host, unit, page, leader, signed_in):
    published(
        cycle_with_totals({name: 90 for name in FIRST if name != "丙镇党委"}, host=host, quarter="2018Q1")
    )
    published(cycle_with_totals(SECOND, host=host))
    assert explained(signed_in(leader), page) is None


def test_kept_scores_that_do_not_give_the_total_leave_the_passing(host, unit, page, leader, signed_in):
    published(scored_at_once(host, "2018Q1", FIRST))
    published(cycle_with_totals(SECOND, host=host))
    explanation = explained(signed_in(leader), page)
    assert (explanation.points, explanation.total) == ((), None)
    assert causes(explanation) == [("1 unit no longer ahead", ("丁镇党委",), "+1")]


def test_it_is_measured_against_what_was_compared_then(host, earlier, running, page, leader, signed_in):
    """A correction of the baseline made since does not change it."""
    published(running)
    by = somebody(Role.STAFF, host)
    step_back(earlier, by=by, reason="复核")
    give_total(earlier, "丙镇党委", 99)
    verify_cycle(earlier, by=by)
    correct_publication(earlier, by=by, reason="复核")
    assert explained(signed_in(leader), page).total.before == "80.00"


@pytest.mark.parametrize("units", [1, 3, 50])
def test_it_costs_the_same_for_any_number_of_units(units, db, signed_in, django_assert_num_queries):
    host = ready_host("甲镇党委")
    names = [f"镇{number}" for number in range(units)]
    add_group(host, "系统单位", *names)
    for quarter in ("2018Q1", "2018Q3"):
        published(scored_at_once(host, quarter, {"甲镇党委": 90, **dict.fromkeys(names, 80)}))
    client = signed_in(somebody(Role.LEADER, host))
    page = f"/cycles/2018Q3/units/{host.units.get(name='镇0').pk}/"
    client.get(page)
    with django_assert_num_queries(11):
        client.get(page)
