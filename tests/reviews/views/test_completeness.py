"""The page that says what is missing from a quarter, and its workbook."""

from __future__ import annotations

import pytest

from organizations.models import Membership, Role
from reviews.models import ReviewCycle, ReviewState
from reviews.publishing import verify_cycle
from reviews.visiting import Findings
from tests.factories.reviews import (
    cycle_with_totals,
    deduct,
    give_total,
    opened_cycle,
    ready_host,
)
from tests.factories.visits import loss, made, photo, planned, unit_of
from tests.reviews.views.answers import said_by, text_of
from workbooks.reading import read_workbook

PAGE = "/cycles/2018Q3/completeness/"
FILE = "/cycles/2018Q3/completeness.xlsx"
PARTS = ("units", "deductions", "visits", "people")


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def client(staff, signed_in):
    return signed_in(staff)


@pytest.fixture
def cycle(host):
    return cycle_with_totals({"甲镇党委": 90}, host=host)


class TestUnits:
    def test_what_is_missing_leads_to_the_units_row_of_the_grid(self, cycle, client):
        shown = text_of(client.get(PAGE))
        assert f'<a href="/cycles/2018Q3/entry/?unit={unit_of(cycle, "乙镇党委").pk}">乙镇党委</a>' in shown
        assert "Nothing entered yet" in shown
        assert "2 / 2" in shown

    def test_a_unit_is_left_out_and_put_back_without_leaving_the_page(self, cycle, client):
        address = f"/cycles/2018Q3/units/{unit_of(cycle, '乙镇党委').pk}/"
        given = {"state": "not_visited", "reason": "道路中断", "back": "completeness"}
        assert client.post(address + "leave-out/", given).headers["Location"] == PAGE
        assert "道路中断" in text_of(client.get(PAGE))
        assert client.post(address + "put-back/", {"back": "completeness"}).headers["Location"] == PAGE
        assert cycle.reviews.get(organization__name="乙镇党委").state == ReviewState.UNSCORED

    def test_once_entry_is_closed_nothing_can_be_left_out(self, running, staff, client):
        verify_cycle(running, by=staff)
        shown = text_of(client.get(PAGE))
        assert "Leave out" not in shown

    def test_a_draft_has_no_units_yet(self, host, client):
        ReviewCycle.objects.create(host=host, year=2018, number=3)
        assert "No units take part yet" in text_of(client.get(PAGE))


class TestDeductions:
    def test_each_leads_to_its_cell_and_to_the_visits_photos(self, cycle, client):
        visit = made(cycle, "甲镇党委", Findings(losses=[loss(cycle, "甲镇党委", "")]))
        deduction = visit.deductions.get()
        shown = text_of(client.get(PAGE, {"part": "deductions"}))
        cell = f"/cycles/2018Q3/units/{visit.organization_id}/deductions/{deduction.indicator_id}/"
        assert f'href="{cell}"' in shown
        assert f'href="/visits/{visit.pk}/?deduction={deduction.pk}#add-photos"' in shown

    def test_many_imported_ones_do_not_drown_those_of_visits(self, cycle, client):
        for _ in range(55):
            deduct(cycle, "乙镇党委", "三会一课", "0.5", "")
        made(cycle, "甲镇党委", Findings(losses=[loss(cycle, "甲镇党委")]))
        page = client.get(PAGE, {"part": "deductions"})
        assert [row.without_photo for row in page.context["sources"]] == [1, None, None]
        assert page.context["table"].paginator.num_pages == 2
        narrowed = client.get(PAGE, {"part": "deductions", "source": "visit"}).context["table"]
        assert [row.record.review.organization.name for row in narrowed.rows] == ["甲镇党委"]

    def test_it_is_narrowed_by_what_is_lacking_and_by_unit(self, cycle, client):
        made(cycle, "甲镇党委", Findings(losses=[loss(cycle, "甲镇党委")]))
        deduct(cycle, "乙镇党委", "三会一课", 1, "")
        deduct(cycle, "乙镇党委", "三会一课", 1, "记录不全")
        for query, count in (
            ({}, 2),
            ({"lacks": "reason"}, 1),
            ({"lacks": "photo"}, 1),
            ({"unit": unit_of(cycle, "乙镇党委").pk}, 1),
            ({"unit": "x", "lacks": "y", "source": "z"}, 2),
        ):
            table = client.get(PAGE, {"part": "deductions", **query}).context["table"]
            assert len(table.rows) == count, query

    def test_with_a_reason_and_a_photo_it_is_off_the_list(self, cycle, client):
        visit = made(cycle, "甲镇党委", Findings(losses=[loss(cycle, "甲镇党委")], photos=[photo()]))
        visit.photos.update(deduction=visit.deductions.get())
        assert "No deduction lacks" in text_of(client.get(PAGE, {"part": "deductions"}))


class TestVisits:
    def test_who_visited_whom_and_whom_nobody_visits(self, cycle, inspector, client):
        made(cycle, "甲镇党委", inspectors=(inspector,))
        planned(cycle, "乙镇党委", inspectors=(inspector,), place_name="东山村")
        shown = text_of(client.get(PAGE, {"part": "visits"}))
        assert "4 units nobody visits this quarter" in shown
        assert "东山村" in shown
        assert str(inspector) in shown

    def test_staff_of_a_unit_see_the_same_whether_it_is_visited_or_not(self, cycle, staff, client):
        unit = unit_of(cycle, "乙镇党委")
        Membership.objects.create(user=staff, organization=unit, role=Role.SECRETARY)
        pages = [(PAGE, {"part": part}) for part in PARTS] + [("/cycles/2018Q3/", {}), ("/", {})]
        before = [said_by(client.get(page, query)) for page, query in pages]
        planned(cycle, "乙镇党委")
        assert [said_by(client.get(page, query)) for page, query in pages] == before


def test_who_entered_how_much(cycle, staff, client):
    give_total(cycle, "乙镇党委", 80)
    deduct(cycle, "甲镇党委", "三会一课", 1)
    (person,) = client.get(PAGE, {"part": "people"}).context["people"]
    assert (person.cells, person.deductions) == (4, 1)


def test_the_workbook_has_a_sheet_for_each_part(cycle, inspector, client):
    made(cycle, "甲镇党委", Findings(losses=[loss(cycle, "甲镇党委", "")]), inspectors=(inspector,))
    answer = client.get(FILE)
    assert "%E5%AE%8C%E6%95%B4%E6%80%A7" in answer.headers["Content-Disposition"]
    sheets = {sheet.name: sheet for sheet in read_workbook(answer.content, "a.xlsx").sheets}
    assert list(sheets) == [
        "Scores by unit",
        "Reasons and photos",
        "Who visited whom",
        "Inspectors and units",
        "Who entered what",
    ]


@pytest.mark.parametrize("part", ["", "x", "²", "units' OR 1=1"])
def test_an_odd_part_is_the_first(part, cycle, client):
    assert client.get(PAGE, {"part": part}).context["part"] == "units"


@pytest.mark.parametrize("person", ["leader", "inspector", "secretary", "stranger", "nobody"])
@pytest.mark.parametrize("page", [PAGE, FILE])
def test_nobody_but_the_hosts_staff_sees_it(person, page, request, running, signed_in):
    assert signed_in(request.getfixturevalue(person)).get(page).status_code in (403, 404)


@pytest.mark.parametrize("count", [1, 3, 50])
@pytest.mark.parametrize(("part", "queries"), [("units", 8), ("deductions", 8), ("visits", 7), ("people", 6)])
def test_each_part_costs_the_same_at_any_length(
    part, queries, count, host, staff, client, django_assert_num_queries
):
    names = [f"第{number}镇党委" for number in range(count)]
    cycle = opened_cycle(ready_host(*names))
    Membership.objects.create(user=staff, organization=cycle.host, role=Role.STAFF)
    Membership.objects.filter(user=staff, organization=host).delete()
    for name in names:
        made(cycle, name, Findings(losses=[loss(cycle, name, "")]), inspectors=(staff,))
    with django_assert_num_queries(queries):
        assert client.get(PAGE, {"part": part}).status_code == 200
