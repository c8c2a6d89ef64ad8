"""A year out of published quarters: what counts, under which name and group, and what never shows."""

from decimal import Decimal

import pytest

from reviews.models import ReviewYear
from reviews.publishing import correct_publication, step_back, verify_cycle
from reviews.year_results import YearResults
from reviews.years import published_quarters, year_results
from tests.factories.reviews import (
    add_group,
    cycle_with_totals,
    give_total,
    published,
    ready_host,
    scored_at_once,
    year_with_totals,
)

pytestmark = pytest.mark.django_db

FIRST = {"甲镇党委": 90, "乙镇党委": 80, "丙镇党委": 70}
SECOND = {"甲镇党委": 91, "乙镇党委": 92, "丙镇党委": None}


def year_of(host, **rule) -> YearResults:
    return year_results(host, 2018, published_quarters(host, 2018), ReviewYear(host=host, year=2018, **rule))


def lines_of(host, **rule):
    """By name: each unit's line, in print order."""
    return {line.name: line for group in year_of(host, **rule).groups for line in group.lines}


def test_the_year_is_made_of_the_published_quarters():
    lines = lines_of(year_with_totals(FIRST, SECOND))
    assert {name: line.total_text for name, line in lines.items()} == {
        "甲镇党委": "90.50",
        "乙镇党委": "86.00",
        "丙镇党委": "",
    }
    assert [cell.total_text for cell in lines["甲镇党委"].quarters] == ["90.00", "91.00"]
    assert [cell.reason for cell in lines["丙镇党委"].quarters] == ["", "本季度免检"]


def test_the_hosts_weights_decide():
    lines = lines_of(
        year_with_totals(FIRST, SECOND), first=0, second=50, third=25, fourth=25, least_quarters=1
    )
    assert list(lines) == ["乙镇党委", "甲镇党委", "丙镇党委"]


def test_what_is_entered_in_an_unpublished_quarter_changes_nothing():
    host = year_with_totals(FIRST, SECOND)
    before = year_of(host)
    cycle_with_totals({"甲镇党委": 10, "乙镇党委": 99}, host=host, quarter="2018Q3")
    assert year_of(host) == before


def test_a_quarter_counts_as_it_was_last_corrected(staff, host):
    cycle = cycle_with_totals(FIRST, host=host, quarter="2018Q1")
    published(cycle)
    step_back(cycle, by=staff, reason="漏记")
    give_total(cycle, "丙镇党委", 100)
    assert lines_of(host, least_quarters=1)["丙镇党委"].total == 70
    verify_cycle(cycle, by=staff)
    correct_publication(cycle, by=staff, reason="漏记", confirm=True)
    assert lines_of(host, least_quarters=1)["丙镇党委"].total == 100
    assert [taken.number for taken in year_of(host).quarters] == [2]


@pytest.fixture
def host():
    return ready_host(*FIRST)


def test_a_renamed_unit_is_one_line_under_its_last_name(host):
    published(cycle_with_totals(FIRST, host=host, quarter="2018Q1"))
    unit = host.units.get(name="甲镇党委")
    unit.name = "甲街道党工委"
    unit.save()
    published(cycle_with_totals({"甲街道党工委": 96, "乙镇党委": 80}, host=host, quarter="2018Q2"))
    lines = lines_of(host)
    assert lines["甲街道党工委"].total == 93
    assert "甲镇党委" not in lines


def test_a_unit_that_changed_its_group_is_ranked_where_it_is_now(host):
    group = add_group(host, "系统单位", "区林业局直属机关党委")
    published(cycle_with_totals(FIRST | {"区林业局直属机关党委": 99}, host=host, quarter="2018Q1"))
    host.units.filter(name="丙镇党委").update(group=group)
    published(
        cycle_with_totals(
            {"甲镇党委": 90, "乙镇党委": 80, "丙镇党委": 90, "区林业局直属机关党委": 95},
            host=host,
            quarter="2018Q2",
        )
    )
    townships, systems = year_of(host).groups
    assert [line.name for line in systems.lines] == ["区林业局直属机关党委", "丙镇党委"]
    assert [cell.is_elsewhere for cell in systems.lines[1].quarters] == [True, False]
    assert systems.lines[1].places is None
    # The averages are those of the circulars: three townships in the first quarter, two in the second.
    assert [each.text for each in townships.averages] == ["80.00", "85.00"]


def test_a_unit_that_was_closed_stands_at_the_end_with_the_reason(host):
    published(cycle_with_totals(FIRST, host=host, quarter="2018Q1"))
    published(cycle_with_totals(FIRST, host=host, quarter="2018Q2"))
    host.units.filter(name="甲镇党委").update(active_to="2018-07-01")
    published(cycle_with_totals({"乙镇党委": 80, "丙镇党委": 70}, host=host, quarter="2018Q3"))
    lines = lines_of(host)
    assert list(lines) == ["乙镇党委", "丙镇党委", "甲镇党委"]
    assert (lines["甲镇党委"].absence, lines["甲镇党委"].total) == ("left", None)


def test_what_is_kept_as_json_reads_back_the_same():
    year = year_of(year_with_totals(FIRST, SECOND))
    assert YearResults.from_json(year.to_json()) == year
    assert year.to_json()["groups"][0]["lines"][0]["total"] == "90.5000"


def test_points_stay_exact():
    host = year_with_totals({"甲镇党委": "90.5"}, {"甲镇党委": "90"}, {"甲镇党委": "90"})
    assert lines_of(host)["甲镇党委"].total == Decimal("90.17")


@pytest.mark.parametrize("units", [1, 3, 50])
@pytest.mark.parametrize("quarters", [1, 4])
def test_it_costs_two_queries_at_any_length(units, quarters, django_assert_num_queries):
    totals = {f"第{number}镇党委": number % 90 for number in range(units)}
    host = ready_host(*totals)
    for number in range(1, quarters + 1):
        published(scored_at_once(host, f"2018Q{number}", totals))
    with django_assert_num_queries(2):
        assert len(year_of(host, least_quarters=1).groups[0].lines) == units
