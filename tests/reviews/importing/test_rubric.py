"""Importing rubrics: one a group, all of them or none."""

from decimal import Decimal

import pytest

from organizations.models import Organization
from reviews.importing.rubric import Outcome, RubricsRefused, import_rubrics, plan_rubrics
from reviews.models import Indicator, Rubric, RubricState, Section
from reviews.opening import refresh_roster
from tests.factories.organizations import GroupFactory, HostFactory, UnitFactory
from tests.factories.reviews import opened_cycle, review_of, score
from tests.workbooks.build import xlsx, xlsx_of
from workbooks.reading import read_workbook

pytestmark = pytest.mark.django_db

HEADER = ("类别", "一级指标", "指标", "满分", "扣分标准", "步长", "最多扣分", "加分")
TOWNS, SYSTEMS = "乡镇（街道）", "系统单位"


def rubric(*rows, header=HEADER, **options):
    return read_workbook(xlsx([header, *rows], **options), "细则.xlsx")


def full(*rows):
    """A rubric of the townships that makes 100 with one more indicator."""
    rest = 100 - sum(row[3] for row in rows if len(row) < 8 or row[7] != "是")
    return rubric(*rows, (TOWNS, "责任落实", "其余工作", rest))


@pytest.fixture
def host():
    host = HostFactory(group=None)
    GroupFactory(host=host, name=TOWNS, position=1)
    GroupFactory(host=host, name=SYSTEMS, position=2)
    return host


def active(host, group=TOWNS):
    return Rubric.objects.of_host(host).active().get(group__name=group)


def indicators(host, group=TOWNS):
    return [
        (row.section.name, row.name, row.full_marks)
        for row in active(host, group).indicators.select_related("section")
    ]


def dump():
    return [list(model.objects.order_by("pk").values()) for model in (Rubric, Section, Indicator)]


def problems_of(workbook, host):
    before = dump()
    with pytest.raises(RubricsRefused) as refusal:
        import_rubrics(workbook, host, 2018)
    assert dump() == before
    return refusal.value.problems


# --- What is imported ----------------------------------------------------------------------------


def test_each_group_gets_a_rubric_in_force(host):
    import_rubrics(
        rubric(
            (TOWNS, "基础工作", "三会一课", 60, "记录不完整的，每处扣0.5分"),
            (TOWNS, "重点任务", "五化建设", 40),
            (SYSTEMS, "基础工作", "三会一课", 100),
        ),
        host,
        2018,
    )
    assert indicators(host) == [("基础工作", "三会一课", 60), ("重点任务", "五化建设", 40)]
    assert indicators(host, SYSTEMS) == [("基础工作", "三会一课", 100)]
    first = active(host).indicators.first()
    assert (first.step, first.cap, first.is_bonus) == (Decimal("0.5"), None, False)
    assert first.standard == "记录不完整的，每处扣0.5分"


def test_step_cap_and_bonus_are_optional_columns(host):
    import_rubrics(
        full(
            (TOWNS, "基础工作", "三会一课", 60, None, 1, 5, None),
            (TOWNS, "加分项", "创新工作", 5, None, "0.25", None, "是"),
        ),
        host,
        2018,
    )
    first, bonus, __ = active(host).indicators.all()
    assert (first.step, first.cap, first.is_bonus) == (1, 5, False)
    assert (bonus.step, bonus.cap, bonus.is_bonus) == (Decimal("0.25"), None, True)


def test_merged_cells_speak_for_every_row_they_cover(host):
    rows = [
        (TOWNS, "基础工作", "三会一课", 60),
        (None, None, "主题党日", 20),
        (None, "重点任务", "五化建设", 20),
    ]
    import_rubrics(rubric(*rows, merged=["A2:A4", "B2:B3"]), host, 2018)
    assert indicators(host) == [
        ("基础工作", "三会一课", 60),
        ("基础工作", "主题党日", 20),
        ("重点任务", "五化建设", 20),
    ]


@pytest.mark.parametrize("column", ["指标", "一级指标"])
def test_a_row_of_the_sum_states_the_total(host, column):
    total = (TOWNS, "合计", None, 60) if column == "一级指标" else (TOWNS, None, "总分", 60)
    import_rubrics(rubric((TOWNS, "基础工作", "三会一课", 60), total), host, 2018)
    assert active(host).full_total == 60


def test_a_sum_that_no_program_worked_out_is_noted(host):
    workbook = rubric((TOWNS, "基础工作", "三会一课", 100), (TOWNS, "合计", None, "=SUM(D2:D2)"))
    assert len(import_rubrics(workbook, host, 2018).notes) == 1
    assert active(host).full_total == 100


def test_a_group_may_be_split_over_sheets_that_bear_its_name(host):
    header = ("一级指标", "指标", "满分")
    sheets = {
        TOWNS: [header, ("基础工作", "三会一课", 100)],
        SYSTEMS: [header, ("基础工作", "三会一课", 60), ("重点任务", "五化建设", 40)],
    }
    import_rubrics(read_workbook(xlsx_of(sheets), "细则.xlsx"), host, 2018)
    assert len(indicators(host, SYSTEMS)) == 2
    split = {
        "一": [HEADER, (TOWNS, "基础工作", "三会一课", 60)],
        "二": [HEADER, (TOWNS, "重点任务", "五化建设", 40)],
    }
    import_rubrics(read_workbook(xlsx_of(split), "细则.xlsx"), host, 2019)
    assert Rubric.objects.get(year=2019).indicators.count() == 2


# --- Versions ------------------------------------------------------------------------------------


def test_the_same_rubric_again_stays_untouched(host):
    workbook = full((TOWNS, "基础工作", "三会一课", 60))
    import_rubrics(workbook, host, 2018)
    before = dump()
    plan = import_rubrics(workbook, host, 2018)
    assert [planned.outcome for planned in plan.rubrics] == [Outcome.UNCHANGED]
    assert dump() == before


def test_another_rubric_becomes_a_new_version(host):
    import_rubrics(full((TOWNS, "基础工作", "三会一课", 60)), host, 2018)
    plan = import_rubrics(full((TOWNS, "基础工作", "三会一课", 50)), host, 2018)
    assert [(planned.outcome, planned.version) for planned in plan.rubrics] == [(Outcome.NEW_VERSION, 2)]
    assert active(host).version == 2
    assert Rubric.objects.get(version=1).state == RubricState.RETIRED


def test_the_roster_taken_again_gives_unscored_reviews_the_new_version(host):
    towns = host.groups.get(name=TOWNS)
    for name in ("甲镇党委", "乙镇党委"):
        UnitFactory(parent=host, group=towns, name=name)
    import_rubrics(full((TOWNS, "基础工作", "三会一课", 60)), host, 2018)
    cycle = opened_cycle(host)
    score(cycle, "甲镇党委", {"三会一课": 50})
    import_rubrics(full((TOWNS, "基础工作", "三会一课", 50)), host, 2018)
    refresh_roster(cycle)
    versions = [review_of(cycle, name).rubric.version for name in ("甲镇党委", "乙镇党委")]
    assert versions == [1, 2]


def test_planning_writes_nothing(host):
    plan = plan_rubrics(full((TOWNS, "基础工作", "三会一课", 60)), host, 2018)
    assert [planned.outcome for planned in plan.rubrics] == [Outcome.NEW]
    assert not Rubric.objects.exists()


# --- What is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("村（社区）", "基础工作", "三会一课", 10), 1),
        ((TOWNS, "基础工作", None, 10), 3),
        ((TOWNS, "基础工作", "三会一课", None), 4),
        ((TOWNS, "基础工作", "三会一课", 0), 4),
        ((TOWNS, "基础工作", "三会一课", -1), 4),
        ((TOWNS, "基础工作", "三会一课", "十分"), 4),
        ((TOWNS, "基础工作", "三会一课", "1e999"), 4),
        ((TOWNS, "基础工作", "三会一课", "NaN"), 4),
        ((TOWNS, "基础工作", "三会一课", 0.00001), 4),
        ((TOWNS, "基础工作", "三会一课", "=D9"), 4),
        ((TOWNS, "基础工作", "其余工作", 10), 3),
        ((TOWNS, "基础工作", "三会一课", 10, None, 0), 6),
        ((TOWNS, "基础工作", "三会一课", 10, None, 0.5, 11), 7),
        ((TOWNS, "基础工作", "三会一课", 10, None, 0.5, None, "也许"), 8),
        ((TOWNS, "基础工作", "很" * 101, 10), 3),
    ],
)
def test_each_fault_is_said_with_its_cell(host, row, column):
    workbook = rubric((TOWNS, "责任落实", "其余工作", 90), row)
    (problem,) = problems_of(workbook, host)
    assert problem.where is not None
    assert (problem.where.row, problem.where.column) == (3, column)


def test_an_unknown_group_is_told_which_ones_there_are(host):
    (problem,) = problems_of(rubric(("村（社区）", "基础工作", "三会一课", 100)), host)
    assert TOWNS in problem.message
    assert SYSTEMS in problem.message


def test_marks_that_do_not_make_the_total_are_refused_for_all_groups(host):
    workbook = rubric((TOWNS, "基础工作", "三会一课", 100), (SYSTEMS, "基础工作", "三会一课", 90))
    (problem,) = problems_of(workbook, host)
    assert SYSTEMS in problem.message
    assert problem.where.row == 3


def test_full_marks_that_no_step_reaches_are_refused_in_their_row(host):
    problems = problems_of(full((TOWNS, "基础工作", "三会一课", 10, None, 3)), host)
    assert [problem.where.row for problem in problems] == [2]


def test_two_totals_of_a_group_are_refused(host):
    workbook = rubric(
        (TOWNS, "基础工作", "三会一课", 60), (TOWNS, "合计", None, 60), (TOWNS, "合计", None, 100)
    )
    assert len(problems_of(workbook, host)) == 1


def test_a_workbook_without_a_rubric_is_refused(host):
    assert len(problems_of(read_workbook(xlsx([("通知",)]), "通知.xlsx"), host)) == 1
    assert len(problems_of(rubric(), host)) == 1


def test_a_host_without_groups_is_told_to_import_its_roster():
    empty = HostFactory(group=None)
    problems_of(rubric((TOWNS, "基础工作", "三会一课", 100)), empty)
    assert Organization.objects.get(pk=empty.pk).groups.count() == 0
