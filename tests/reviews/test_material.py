"""What a publication keeps beside its standings, and that nothing later changes it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.models import Organization, Role, User
from rectification.closing import withdraw
from rectification.models import ProblemCategory
from rectification.programmes import finish_programme, withdraw_programme
from reviews.findings_to_raise import FindingKey
from reviews.freezing import is_intact
from reviews.models import Publication, Visit
from reviews.raising import raise_findings
from reviews.reports.content import draft_of_publication, published_document
from reviews.visiting import Findings, cancel_visit
from tests.factories.items import in_days
from tests.factories.organizations import somebody
from tests.factories.programmes import assigned_to, finished_target, target_of, template_with
from tests.factories.reviews import cycle_with_totals, published
from tests.factories.visits import made, planned

pytestmark = pytest.mark.django_db

UNTIDY = "规范化程度不高"
TOTALS = {"甲镇党委": 95, "乙镇党委": 90, "丙镇党委": 85, "丁镇党委": 80}


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cycle():
    return cycle_with_totals(TOTALS)


def unit_of(cycle, name) -> Organization:
    return cycle.host.units.get(name=name)


def found(*problems: str, highlights=()) -> Findings:
    return Findings(highlights=highlights, problems=[(UNTIDY, text) for text in problems])


def text_of(publication, kind="circular") -> str:
    return "\n".join(each.lead + each.text for each in published_document(publication, kind).paragraphs)


def test_without_anything_of_it_a_publication_keeps_nothing(cycle):
    assert published(cycle).material is None


def test_findings_of_visits_are_kept_with_unit_and_place(cycle):
    made(cycle, "甲镇党委", found("台账缺页", highlights=["推行积分制管理"]), place_name="东村党支部")
    kept = published(cycle).material
    where = {"unit": unit_of(cycle, "甲镇党委").pk, "name": "甲镇党委", "place": "东村党支部"}
    assert kept["highlights"] == [where | {"text": "推行积分制管理"}]
    assert kept["findings"] == [where | {"text": "台账缺页", "category": UNTIDY, "category_position": 2}]


def test_neither_inspectors_nor_responsible_persons_are_kept(cycle):
    inspector = somebody(Role.INSPECTOR, cycle.host)
    User.objects.filter(pk=inspector.pk).update(full_name="某督查员")
    made(cycle, "甲镇党委", found("台账缺页"), inspectors=(inspector,), note="内部记录")
    assigned_to(unit_of(cycle, "甲镇党委"), responsible="某负责人", quarter="2018Q2")
    kept = str(published(cycle).material)
    assert "台账缺页" in kept
    assert not any(word in kept for word in ("某督查员", "某负责人", "内部记录"))


def test_planned_and_cancelled_visits_leave_no_trace(cycle):
    planned(cycle, "甲镇党委", place_name="东村党支部")
    staff = somebody(Role.STAFF, cycle.host)
    cancel_visit(planned(cycle, "乙镇党委", place_name="西村党支部"), by=staff, reason="改期")
    assert published(cycle).material is None


def test_a_problem_whose_item_was_withdrawn_was_none(cycle):
    staff = somebody(Role.STAFF, cycle.host)
    made(cycle, "甲镇党委", found("台账缺页", "记录不全"))
    problems = Visit.objects.get().problems.all()
    raise_findings(cycle, {FindingKey("p", problems[0].pk): None}, due_on=in_days(30), by=staff)
    item = Visit.objects.get().problems.get(text="台账缺页").item
    assert [row["text"] for row in draft_of_publication(cycle).publication.material["findings"]] == [
        "台账缺页",
        "记录不全",
    ]
    withdraw(item, "核实后不属实", by=staff, seen=item.version)
    assert [row["text"] for row in published(cycle, by=staff).material["findings"]] == ["记录不全"]


def test_programmes_of_this_and_earlier_quarters_are_kept_as_they_stand(cycle):
    one, other = unit_of(cycle, "甲镇党委"), unit_of(cycle, "乙镇党委")
    template = template_with("一")
    earlier = assigned_to(one, other, template=template, quarter="2018Q2", name="甲", lead_office="区委党校")
    finished_target(target_of(earlier, one))
    assigned_to(one, template=template, quarter="2018Q3", name="乙", days=-3, lead_unit=other)
    assigned_to(one, template=template, quarter="2018Q4", name="丙")
    withdraw_programme(
        assigned_to(one, template=template, quarter="2018Q3", name="丁"),
        "重复布置",
        by=somebody(Role.STAFF, cycle.host),
        seen=1,
    )
    first, second = published(cycle).material["programmes"]
    assert (first["name"], first["lead"], first["is_new"]) == ("甲", "区委党校", False)
    assert (first["targets"], first["done"], first["overdue"], first["outcome"]) == (2, 1, 0, "running")
    assert first["dues"] == [{"due_on": in_days(30).isoformat(), "name": ""}]
    assert (second["name"], second["lead"], second["lead_unit"]) == ("乙", "乙镇党委", other.pk)
    assert (second["overdue"], second["outcome"], second["is_new"]) == (1, "overdue", True)


def test_the_baselines_averages_and_last_lists_are_kept(cycle):
    first = published(cycle_with_totals({**TOTALS, "乙镇党委": 70}, host=cycle.host, quarter="2018Q1"))
    publication = published(cycle)
    assert publication.baseline_publication == first
    group = publication.standings.first().group_id
    last = [unit_of(cycle, name).pk for name in ("丁镇党委", "乙镇党委")]
    assert publication.material["earlier"] == [
        {"group": group, "average": "82.50", "last_size": 2, "last": last}
    ]
    assert "平均得分87.50分，比第一季度提高5.00分" in text_of(publication)
    assert "摆脱第一季度后两名的是：乙镇党委（由第4名升至第2名）" in text_of(publication)


def test_averages_of_rubrics_that_do_not_compare_are_not_compared(cycle):
    first = published(cycle_with_totals(TOTALS, host=cycle.host, quarter="2018Q1"))
    review = cycle.reviews.first()
    type(review.rubric).objects.filter(pk=review.rubric_id).update(comparison_key="another")
    publication = published(cycle)
    assert publication.baseline_publication == first
    assert [row["average"] for row in publication.material["earlier"]] == [None]
    assert "比第一季度" not in text_of(publication)


def test_what_happens_later_leaves_both_documents_alone(cycle):
    made(cycle, "甲镇党委", found("台账缺页", highlights=["推行积分制管理"]))
    programme = assigned_to(unit_of(cycle, "甲镇党委"), quarter="2018Q3", name="送课下乡")
    publication = published(cycle)
    before = [text_of(publication, kind) for kind in ("circular", "speech")]
    ProblemCategory.objects.filter(name=UNTIDY).update(name="改名后的类别")
    Organization.objects.filter(name="甲镇党委").update(name="改名后的单位")
    finish_programme(programme, "不再推进", by=somebody(Role.STAFF, cycle.host), seen=1)
    again = Publication.objects.get(pk=publication.pk)
    assert [text_of(again, kind) for kind in ("circular", "speech")] == before
    assert "送课下乡" in before[0]
    assert is_intact(again)


def test_the_digest_covers_it(cycle):
    made(cycle, "甲镇党委", found("台账缺页"))
    publication = published(cycle)
    publication.material["findings"][0]["text"] = "另一个问题"
    assert not is_intact(publication)


def test_it_costs_the_same_queries_at_any_length():
    counts = []
    for size in (1, 3, 12):
        units = [f"第{size}-{number}镇党委" for number in range(4)]
        cycle = cycle_with_totals(dict.fromkeys(units, 90), quarter="2018Q2")
        published(cycle)
        cycle = cycle_with_totals(dict.fromkeys(units, 90), host=cycle.host)
        for number in range(size):
            findings = found(f"问题{number}", highlights=[f"亮点{number}"])
            made(cycle, units[number % 4], findings, place_name=f"{number}村")
            lead = unit_of(cycle, units[0])
            for quarter in ("2018Q2", "2018Q3"):
                assigned_to(lead, quarter=quarter, name=f"专项{number}", lead_unit=lead)
        with CaptureQueriesContext(connection) as queries:
            draft_of_publication(cycle)
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
