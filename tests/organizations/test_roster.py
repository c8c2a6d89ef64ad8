"""Importing a roster: which unit a row means, what changes, and what is refused."""

import io
from datetime import date

import openpyxl
import pytest
from django.utils import timezone

from organizations.models import FormerName, Group, Kind, Organization
from organizations.roster import RosterRefused, apply_roster, plan_roster
from tests.factories.organizations import GroupFactory, HostFactory, UnitFactory
from tests.workbooks.build import saved, xlsx, xlsx_of
from workbooks.reading import read_workbook

pytestmark = pytest.mark.django_db

HEADER = ("序号", "单位全称", "简称", "类别", "组织类型")
TOWNS = "乡镇（街道）"


def roster(*rows, header=HEADER, **options):
    return read_workbook(xlsx([header, *rows], **options), "名册.xlsx")


def towns(*names):
    """A roster of townships in this order."""
    return roster(*((number, name, None, TOWNS, None) for number, name in enumerate(names, 1)))


@pytest.fixture
def host():
    return HostFactory(name="某区委组织部", group=None)


def units_of(host):
    return [unit.name for unit in Organization.objects.under(host).in_own_order()]


def dump():
    """All rows an import may touch."""
    return [list(model.objects.order_by("pk").values()) for model in (Organization, Group, FormerName)]


def problems_of(workbook, host):
    before = dump()
    with pytest.raises(RosterRefused) as refusal:
        apply_roster(workbook, host)
    assert dump() == before
    assert plan_roster(workbook, host).problems == refusal.value.problems
    return [str(problem) for problem in refusal.value.problems]


# --- What is created -----------------------------------------------------------------------------


def test_units_and_groups_are_created_in_the_files_order(host):
    plan = apply_roster(
        roster(
            (1, "甲镇党委", "甲镇", TOWNS, "党委"),
            (2, "乙街道筹备办临时党工委", None, TOWNS, "临时党工委"),
            (1, "区林业局直属机关党委", None, "系统单位", None),
        ),
        host,
    )
    assert [unit.name for unit in plan.creates] == units_of(host)
    assert plan.new_groups == (TOWNS, "系统单位")
    unit = Organization.objects.get(name="甲镇党委")
    assert (unit.short_name, unit.kind, unit.position) == ("甲镇", Kind.COMMITTEE, 1)
    assert Organization.objects.get(name="区林业局直属机关党委").kind == Kind.AFFILIATED_COMMITTEE


def test_importing_the_same_roster_again_changes_nothing(host):
    workbook = roster(
        (1, "甲镇党委", "甲镇", TOWNS, "党委"),
        (2, "新镇党委", None, TOWNS, None),
    )
    apply_roster(workbook, host)
    before = dump()
    plan = apply_roster(workbook, host)
    assert (plan.creates, plan.changes, plan.closes, plan.unchanged) == ((), (), (), 2)
    assert plan.changes_nothing
    assert dump() == before


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("甲镇党委", Kind.COMMITTEE),
        ("乙街道党工委", Kind.WORKING_COMMITTEE),
        ("乙街道筹备办临时党工委", Kind.INTERIM_WORKING_COMMITTEE),
        ("区委组织部系统党工委", Kind.SYSTEM_WORKING_COMMITTEE),
        ("区住建局直属机关党委", Kind.AFFILIATED_COMMITTEE),
        ("区医药公司党总支", Kind.GENERAL_BRANCH),
        ("某村党支部", Kind.BRANCH),
        ("中共某镇委员会", Kind.COMMITTEE),
    ],
)
def test_a_blank_kind_is_guessed_from_the_names_ending(host, name, kind):
    apply_roster(towns(name), host)
    assert Organization.objects.get(name=name).kind == kind


@pytest.mark.parametrize(
    ("numbers", "order"),
    [
        ((2, 3, 1), ["丙", "甲", "乙"]),
        ((1, 1, 2), ["甲", "乙", "丙"]),  # a number twice: the order of the rows
        ((3, None, 1), ["甲", "乙", "丙"]),
        (("一", "二", "三"), ["甲", "乙", "丙"]),
        (("=ROW()", "=ROW()", "=ROW()"), ["甲", "乙", "丙"]),
        ((0, -1, 2.5), ["甲", "乙", "丙"]),
        (("３", "２", "１"), ["丙", "乙", "甲"]),
    ],
)
def test_the_own_order_is_the_number_where_it_can_be_one(host, numbers, order):
    rows = zip(numbers, ("甲", "乙", "丙"), strict=True)
    apply_roster(roster(*((number, name, None, TOWNS, None) for number, name in rows)), host)
    assert units_of(host) == order


def test_offices_lay_their_rosters_out_in_many_ways(host):
    rows = [
        ("某区党组织名册",),
        (),
        ("类别", "单位", "组织类型"),
        (TOWNS, "甲镇党委", "党委"),
        (None, "乙街道筹备办\n临时党工委", None),
        ("系统单位", "区医药公司　党总支", "党总支"),
    ]
    apply_roster(read_workbook(xlsx(rows, merged=["A1:C1", "A4:A5"]), "名册.xlsx"), host)
    assert units_of(host) == ["甲镇党委", "乙街道筹备办临时党工委", "区医药公司 党总支"]


def test_a_roster_may_stand_on_several_sheets(host):
    sheets = {
        "乡镇": [HEADER, (1, "甲镇党委", None, TOWNS, None)],
        "说明": [("填报要求",)],
        "乡镇续": [HEADER, (1, "乙镇党委", None, TOWNS, None)],
    }
    plan = apply_roster(read_workbook(xlsx_of(sheets), "名册.xlsx"), host)
    assert units_of(host) == ["甲镇党委", "乙镇党委"]
    assert "说明" in str(plan.notes[0])


def test_a_sheet_without_that_column_may_be_named_after_a_known_group(host):
    GroupFactory(host=host, name=TOWNS)
    apply_roster(read_workbook(xlsx([("单位",), ("甲镇党委",)], name=TOWNS), "名册.xlsx"), host)
    assert Organization.objects.get(name="甲镇党委").group.name == TOWNS


# --- Which unit a row means ----------------------------------------------------------------------


def test_a_unit_is_found_whatever_the_width_and_brackets_of_its_name(host):
    apply_roster(towns("乙街道筹备办（临时）党工委"), host)
    plan = apply_roster(towns("乙街道筹备办(临时) 党工委"), host)
    assert plan.changes_nothing
    assert units_of(host) == ["乙街道筹备办（临时）党工委"]


def test_the_column_of_former_names_renames_a_unit_and_keeps_the_old_name(host):
    apply_roster(towns("甲乡党委"), host)
    unit = Organization.objects.get(name="甲乡党委")
    renamed = roster((1, "甲镇党委", TOWNS, "甲乡党委"), header=("序号", "单位全称", "类别", "曾用名"))

    plan = apply_roster(renamed, host)

    unit.refresh_from_db()
    assert unit.name == "甲镇党委"
    assert [(former.name, former.used_until) for former in unit.former_names.all()] == [
        ("甲乡党委", timezone.localdate())
    ]
    assert ("甲乡党委", "甲镇党委") in [(change.old, change.new) for change in plan.changes]
    assert apply_roster(renamed, host).changes_nothing


def test_several_former_names_are_kept(host):
    header = ("单位全称", "类别", "曾用名")
    apply_roster(roster(("甲镇党委", TOWNS, "甲乡党委、甲公社党委；甲区党委"), header=header), host)
    unit = Organization.objects.get(name="甲镇党委")
    assert {former.name for former in unit.former_names.all()} == {"甲乡党委", "甲公社党委", "甲区党委"}


@pytest.mark.parametrize("name", ["甲镇", "甲乡党委"])
def test_a_short_or_former_name_finds_the_unit_and_leaves_its_name(host, name):
    unit = UnitFactory(
        parent=host, group=GroupFactory(host=host), name="甲镇党委", short_name="甲镇", position=1
    )
    unit.former_names.create(name="甲乡党委")
    plan = apply_roster(towns(name), host)
    assert plan.changes_nothing
    assert units_of(host) == ["甲镇党委"]
    assert "甲镇党委" in str(plan.notes[0])


def test_what_differs_is_listed_field_by_field(host):
    apply_roster(roster((1, "甲镇党委", "甲镇", TOWNS, "党委")), host)
    plan = apply_roster(roster((2, "甲镇党委", "甲", "镇街", "党工委")), host)
    assert {(change.old, change.new) for change in plan.changes} == {
        ("甲镇", "甲"),
        (TOWNS, "镇街"),
        ("1", "2"),
        (str(Kind.COMMITTEE.label), str(Kind.WORKING_COMMITTEE.label)),
    }
    assert plan.new_groups == ("镇街",)


def test_blank_cells_leave_a_known_unit_as_it_is(host):
    apply_roster(roster((1, "甲镇党委", "甲镇", TOWNS, "党工委")), host)
    plan = apply_roster(roster((1, "甲镇党委", None, None, None)), host)
    assert plan.changes_nothing


# --- Sub-units, predecessors, lives --------------------------------------------------------------


def test_a_sub_unit_stands_below_a_unit_of_the_file_or_the_roster(host):
    header = ("单位全称", "类别", "上级单位")
    apply_roster(towns("甲镇党委"), host)
    apply_roster(
        roster(
            ("甲镇某村党支部", None, "甲镇党委"),
            ("乙镇党委", TOWNS, "某区委组织部"),
            ("乙镇某村党支部", None, "乙镇党委"),
            header=header,
        ),
        host,
    )
    assert Organization.objects.get(name="甲镇某村党支部").parent.name == "甲镇党委"
    assert Organization.objects.get(name="乙镇某村党支部").parent.name == "乙镇党委"
    assert units_of(host) == ["甲镇党委", "乙镇党委"]


def test_sub_units_of_two_units_may_share_a_name(host):
    header = ("单位全称", "类别", "上级单位")
    rows = [
        ("甲镇党委", TOWNS, None),
        ("乙镇党委", TOWNS, None),
        ("机关党支部", None, "甲镇党委"),
        ("机关党支部", None, "乙镇党委"),
    ]
    apply_roster(roster(*rows, header=header), host)
    assert Organization.objects.filter(name="机关党支部").count() == 2
    assert apply_roster(roster(*rows, header=header), host).changes_nothing


def test_a_merged_unit_names_its_predecessors(host):
    header = ("单位全称", "类别", "前身", "启用日期", "撤销日期")
    apply_roster(towns("甲镇党委", "乙镇党委"), host)
    merged = roster(
        ("甲镇党委", TOWNS, None, None, date(2018, 6, 30)),
        ("乙镇党委", TOWNS, None, None, "2018年6月30日"),
        ("新镇党委", TOWNS, "甲镇党委、乙镇党委", "2018-07-01", None),
        header=header,
    )
    apply_roster(merged, host)
    new = Organization.objects.get(name="新镇党委")
    assert {unit.name for unit in new.predecessors.all()} == {"甲镇党委", "乙镇党委"}
    assert new.active_from == date(2018, 7, 1)
    assert {unit.active_to for unit in new.predecessors.all()} == {date(2018, 6, 30)}
    assert apply_roster(merged, host).changes_nothing


def test_units_that_the_file_does_not_list_end_only_when_asked(host):
    apply_roster(towns("甲镇党委", "乙镇党委"), host)
    plan = apply_roster(towns("甲镇党委"), host)
    assert plan.closes == ("乙镇党委",)
    assert Organization.objects.get(name="乙镇党委").active_to is None

    apply_roster(towns("甲镇党委"), host, close_missing=True)
    assert Organization.objects.get(name="乙镇党委").active_to == timezone.localdate()
    assert plan_roster(towns("甲镇党委"), host).closes == ()


def test_a_unit_that_had_ended_begins_again_when_it_is_listed_again(host):
    apply_roster(towns("甲镇党委", "乙镇党委"), host)
    apply_roster(towns("甲镇党委"), host, close_missing=True)
    apply_roster(towns("甲镇党委", "乙镇党委"), host)
    unit = Organization.objects.get(name="乙镇党委")
    assert unit.is_active(timezone.localdate())


def test_planning_writes_nothing_and_needs_no_host(host):
    before = dump()
    assert len(plan_roster(towns("甲镇党委"), None).creates) == 1
    assert len(plan_roster(towns("甲镇党委"), host).creates) == 1
    assert dump() == before


# --- What is refused -----------------------------------------------------------------------------


def test_everything_wrong_is_said_at_once_with_its_place(host):
    workbook = roster(
        (1, "甲镇党委", None, TOWNS, "党小组"),
        (2, None, "乙镇", TOWNS, "党委"),
        (3, "丙镇党委", None, None, None),
        (4, "甲 镇 党委", None, TOWNS, None),
        (5, "很" * 101, None, TOWNS, None),
        (6, "=A1", None, TOWNS, None),
        (7, 2018, None, TOWNS, None),
    )
    assert "临时党工委" in problems_of(workbook, host)[0]
    places = [problem.where for problem in plan_roster(workbook, host).problems]
    assert [place.row for place in places] == [2, 3, 4, 5, 6, 7, 8]
    assert {place.sheet for place in places} == {"Sheet"}


def test_a_name_that_fits_two_units_is_refused(host):
    group = GroupFactory(host=host)
    for name in ("甲镇党委", "甲乡党委"):
        UnitFactory(parent=host, group=group, name=name, short_name="甲")
    (problem,) = problems_of(towns("甲"), host)
    assert "甲镇党委" in problem
    assert "甲乡党委" in problem


def test_two_rows_that_mean_one_unit_by_different_names_are_refused(host):
    UnitFactory(parent=host, group=GroupFactory(host=host), name="甲镇党委", short_name="甲镇")
    assert len(problems_of(towns("甲镇党委", "甲镇"), host)) == 1


def test_the_host_does_not_review_itself(host):
    assert len(problems_of(towns("某区委组织部"), host)) == 1


def test_an_unknown_superior_or_predecessor_is_refused(host):
    header = ("单位全称", "类别", "上级单位", "前身")
    problems = problems_of(
        roster(("某村党支部", None, "丁镇党委", None), ("甲镇党委", TOWNS, None, "戊镇党委"), header=header),
        host,
    )
    assert "丁镇党委" in problems[0]
    assert "戊镇党委" in problems[1]


@pytest.mark.parametrize("day", ["2018-06-31", "明年", 12.5])
def test_what_is_no_day_is_refused(host, day):
    workbook = roster(("甲镇党委", TOWNS, day), header=("单位全称", "类别", "启用日期"))
    assert len(problems_of(workbook, host)) == 1


def test_an_end_before_the_beginning_is_refused(host):
    header = ("单位全称", "类别", "启用日期", "撤销日期")
    workbook = roster(("甲镇党委", TOWNS, "2018-07-01", "2018-06-30"), header=header)
    assert len(problems_of(workbook, host)) == 1


def test_a_workbook_without_a_roster_is_refused(host):
    assert len(problems_of(read_workbook(xlsx([("通知",), ("请各单位填报",)]), "通知.xlsx"), host)) == 1
    assert len(problems_of(roster(), host)) == 1


def test_more_units_than_anybody_has_are_refused(host, monkeypatch):
    monkeypatch.setattr("organizations.roster_rows.MAX_UNITS", 2)
    (problem,) = problems_of(towns("甲镇党委", "乙镇党委", "丙镇党委"), host)
    assert "3" in problem


def test_a_hidden_sheet_is_not_read(host):
    rows = [HEADER, (1, "甲镇党委", None, TOWNS, None)]
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of({"名册": rows, "去年": rows})))
    book["去年"].sheet_state = "hidden"
    plan = apply_roster(read_workbook(saved(book), "名册.xlsx"), host)
    assert len(plan.creates) == 1
    assert "去年" in str(plan.notes[0])


# --- Cost ----------------------------------------------------------------------------------------


def test_planning_costs_the_same_queries_at_any_size(host, django_assert_num_queries):
    for size in (3, 60):
        apply_roster(towns(*(f"第{number}镇党委" for number in range(size))), host)
        with django_assert_num_queries(4):
            plan_roster(towns(*(f"第{number}镇党委" for number in range(size))), host)
