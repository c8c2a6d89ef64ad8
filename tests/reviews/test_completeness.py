"""What is missing from a quarter, who entered what and who visited whom."""

from __future__ import annotations

import pytest

from organizations.models import Membership, Role
from reviews.activating import activate_rubric
from reviews.completeness import (
    deductions_of,
    entry_by_person,
    entry_by_unit,
    gaps_of,
    lacks_by_source,
    visiting_of,
)
from reviews.deducting import withdraw_deduction
from reviews.importing.load import commit_import
from reviews.models import Deduction, Visit, VisitPhoto
from reviews.publishing import leave_out
from reviews.undoing import undo_batch
from reviews.visiting import Findings, cancel_visit
from tests.factories.organizations import somebody
from tests.factories.reviews import (
    IndicatorFactory,
    RubricFactory,
    deduct,
    opened_cycle,
    ready_host,
    review_of,
    score,
)
from tests.factories.visits import loss, made, photo, planned, unit_of
from tests.workbooks.build import xlsx
from workbooks.reading import read_workbook

UNITS = ("甲镇党委", "乙镇党委", "丙镇党委")


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def host(db):
    return ready_host(*UNITS)


@pytest.fixture
def cycle(host):
    return opened_cycle(host)


def units(cycle):
    return {unit.review.organization.name: unit for group in entry_by_unit(cycle) for unit in group.units}


def imported(cycle, by, *rows, name="得分.xlsx"):
    """Commit a wide sheet of these rows: unit and points each."""
    data = xlsx([("单位", "三会一课（60分）", "主题党日（40分）"), *rows])
    return commit_import(read_workbook(data, name), cycle, by=by, file_name=name, sha256="0" * 64)


class TestUnits:
    def test_the_missing_indicators_are_named(self, cycle, staff):
        score(cycle, "甲镇党委", {"主题党日": 40}, by=staff)
        unit = units(cycle)["甲镇党委"]
        assert (unit.entered, unit.expected, unit.missing) == (1, 2, ("三会一课",))
        assert units(cycle)["乙镇党委"].is_untouched

    def test_what_does_not_apply_is_not_missing(self, cycle, staff):
        score(cycle, "甲镇党委", {"三会一课": None, "主题党日": 0}, by=staff)
        assert units(cycle)["甲镇党委"].missing == ()

    def test_a_blank_bonus_is_not_missing(self, host, staff):
        group = host.groups.get()
        rubric = RubricFactory(group=group, year=2019, marks={"三会一课": 100})
        IndicatorFactory(home=rubric.sections.get(), name="加分项", bonus=True)
        activate_rubric(rubric)
        cycle = opened_cycle(host, "2019Q1")
        score(cycle, "甲镇党委", {"三会一课": 90}, by=staff)
        assert (units(cycle)["甲镇党委"].expected, units(cycle)["甲镇党委"].missing) == (1, ())

    def test_who_entered_last_stands_first(self, cycle, staff):
        colleague = somebody(Role.STAFF, cycle.host)
        score(cycle, "甲镇党委", {"主题党日": 40}, by=staff)
        score(cycle, "甲镇党委", {"三会一课": 50}, by=colleague)
        work = units(cycle)["甲镇党委"].work
        assert [(each.who, each.cells) for each in work] == [(str(colleague), 1), (str(staff), 1)]

    def test_what_an_import_brought_names_its_workbook_until_it_is_typed_over(self, cycle, staff):
        imported(cycle, staff, ("甲镇党委", 50, 40))
        assert [(work.workbook, work.cells) for work in units(cycle)["甲镇党委"].work] == [("得分.xlsx", 2)]
        score(cycle, "甲镇党委", {"三会一课": 51}, by=staff)
        work = units(cycle)["甲镇党委"].work
        assert {(each.workbook, each.cells) for each in work} == {("得分.xlsx", 1), ("", 1)}

    def test_an_import_that_was_undone_brought_nothing(self, cycle, staff):
        undo_batch(imported(cycle, staff, ("甲镇党委", 50, 40)), by=staff)
        assert units(cycle)["甲镇党委"].work == ()
        assert units(cycle)["甲镇党委"].is_untouched

    def test_the_order_is_the_hosts(self, cycle):
        assert tuple(units(cycle)) == UNITS


class TestPeople:
    def test_cells_and_deductions_are_counted_for_who_entered_them(self, cycle, staff):
        imported(cycle, staff, ("甲镇党委", 50, 40))
        inspector = somebody(Role.INSPECTOR, cycle.host)
        made(cycle, "乙镇党委", Findings(losses=[loss(cycle, "乙镇党委")]), inspectors=(inspector,))
        people = {person.who: person for person in entry_by_person(cycle)}
        assert (people[str(staff)].cells, people[str(staff)].deductions) == (2, 0)
        assert people[str(staff)].workbooks == ("得分.xlsx",)
        assert (people[str(inspector)].cells, people[str(inspector)].deductions) == (1, 1)

    def test_who_entered_last_stands_first_however_much_it_was(self, cycle, staff):
        colleague = somebody(Role.STAFF, cycle.host)
        score(cycle, "甲镇党委", {"三会一课": 50, "主题党日": 40}, by=staff)
        score(cycle, "乙镇党委", {"三会一课": 50}, by=colleague)
        assert [person.who for person in entry_by_person(cycle)] == [str(colleague), str(staff)]

    def test_what_a_command_entered_has_no_name(self, cycle):
        score(cycle, "甲镇党委", {"三会一课": 50})
        assert [person.who for person in entry_by_person(cycle)] == [""]


class TestLacks:
    def test_visits_desk_and_imports_are_counted_apart(self, cycle, staff):
        losses = [loss(cycle, "甲镇党委", reason) for reason in ("缺签到表", "", "记录不全")]
        visit = made(cycle, "甲镇党委", Findings(losses=losses, photos=[photo()]))
        VisitPhoto.objects.update(deduction=visit.deductions.first())
        deduct(cycle, "乙镇党委", "三会一课", 1, "")
        counted = {
            row.source: (row.deductions, row.without_reason, row.without_photo)
            for row in lacks_by_source(cycle, staff)
        }
        assert counted == {"visit": (3, 1, 2), "desk": (1, 1, None), "import": (0, 0, None)}

    def test_two_photos_of_one_deduction_count_it_once(self, cycle, staff):
        findings = Findings(losses=[loss(cycle, "甲镇党委")], photos=[photo("一.jpg"), photo("二.jpg")])
        visit = made(cycle, "甲镇党委", findings)
        VisitPhoto.objects.update(deduction=visit.deductions.get())
        assert lacks_by_source(cycle, staff)[0].deductions == 1
        assert not deductions_of(cycle, staff).incomplete().exists()

    def test_what_was_withdrawn_lacks_nothing(self, cycle, staff):
        deduct(cycle, "乙镇党委", "三会一课", 1, "")
        withdraw_deduction(Deduction.objects.get(), reason="误录", by=staff)
        assert gaps_of(cycle, staff).without_reason == 0


class TestVisits:
    def test_units_that_nobody_visits_are_told(self, cycle, staff):
        made(cycle, "甲镇党委")
        planned(cycle, "乙镇党委")
        cancelled = planned(cycle, "丙镇党委")
        cancel_visit(cancelled, by=staff, reason="道路中断")
        visiting = visiting_of(cycle, staff)
        assert [row.unit.name for row in visiting.unvisited] == ["丙镇党委"]
        gaps = gaps_of(cycle, staff)
        assert (gaps.planned, gaps.held) == (1, 0)

    def test_each_inspector_with_the_units_that_were_visited(self, cycle, staff):
        inspector = somebody(Role.INSPECTOR, cycle.host)
        made(cycle, "甲镇党委", inspectors=(inspector, staff))
        made(cycle, "甲镇党委", inspectors=(inspector,))
        planned(cycle, "乙镇党委", inspectors=(inspector,))
        rows = {row.who: row for row in visiting_of(cycle, staff).inspectors}
        row = rows[str(inspector)]
        assert (row.done, row.planned, dict(row.visits)) == (2, 1, {unit_of(cycle, "甲镇党委").pk: 2})
        assert rows[str(staff)].done == 1

    def test_staff_who_belong_to_a_unit_learn_nothing_of_its_visits(self, cycle, staff):
        losses = [loss(cycle, "甲镇党委", "")]
        made(cycle, "甲镇党委", Findings(losses=losses))
        planned(cycle, "甲镇党委")
        Membership.objects.create(user=staff, organization=unit_of(cycle, "甲镇党委"), role=Role.SECRETARY)
        visiting = visiting_of(cycle, staff)
        assert [row.unit.name for row in visiting.units] == ["乙镇党委", "丙镇党委"]
        assert visiting.inspectors == ()
        gaps = gaps_of(cycle, staff)
        assert (gaps.planned, gaps.without_photo) == (0, 0)
        assert [row.source for row in deductions_of(cycle, staff)] == ["desk"]

    def test_a_unit_off_the_roster_that_was_visited_is_shown(self, cycle, staff):
        visit = made(cycle, "甲镇党委")
        cycle.reviews.filter(organization=visit.organization).delete()
        assert [row.unit.name for row in visiting_of(cycle, staff).units] == [
            "乙镇党委",
            "丙镇党委",
            "甲镇党委",
        ]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3, 50])
def test_each_part_costs_the_same_at_any_length(count, django_assert_num_queries):
    names = [f"第{number}镇党委" for number in range(count)]
    cycle = opened_cycle(ready_host(*names))
    staff = somebody(Role.STAFF, cycle.host)
    for name in names:
        made(cycle, name, Findings(losses=[loss(cycle, name, "")]), inspectors=(staff,))
    leave_out(review_of(cycle, names[0]), state="exempt", reason="新设")
    assert staff.access.memberships  # read once a request
    for read, queries in (
        (lambda: entry_by_unit(cycle), 4),
        (lambda: entry_by_person(cycle), 2),
        (lambda: lacks_by_source(cycle, staff), 1),
        (lambda: visiting_of(cycle, staff), 3),
        (lambda: gaps_of(cycle, staff), 2),
    ):
        with django_assert_num_queries(queries):
            read()
    assert Visit.objects.count() == count
