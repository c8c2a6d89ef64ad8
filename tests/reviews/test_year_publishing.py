"""Publishing a year: what it asks for, what it freezes, and how it is corrected."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import translation

from organizations.models import Role
from reviews.models import AnnualPublication, ReviewYear
from reviews.publishing import correct_publication, step_back, verify_cycle
from reviews.reports.annual_content import published_annual_report
from reviews.triggers import drop_triggers, install_triggers
from reviews.year_publishing import (
    YearNeedsConfirmation,
    YearRefused,
    is_year_intact,
    publish_year,
)
from reviews.year_results import YearResults
from tests.factories.organizations import somebody
from tests.factories.reviews import cycle_with_totals, give_total, published, ready_host, year_with_totals

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


TOTALS = {"甲镇党委": 90, "乙镇党委": 80, "丙镇党委": 70}


@pytest.fixture
def host():
    return year_with_totals(TOTALS, TOTALS, TOTALS, TOTALS)


def totals_of(publication):
    year = YearResults.from_json(publication.content)
    return {line.name: line.total_text for group in year.groups for line in group.lines}


def set_rule(host, **rule):
    ReviewYear.objects.update_or_create(host=host, year=2018, defaults=rule)


def test_a_whole_year_is_frozen_with_its_rule_and_its_quarters(host, staff):
    publication = publish_year(host, 2018, by=staff)
    assert totals_of(publication) == {"甲镇党委": "90.00", "乙镇党委": "80.00", "丙镇党委": "70.00"}
    assert publication.content["rule"] == {"weights": [25, 25, 25, 25], "least_quarters": 2}
    digests = [each["digest"] for each in publication.content["quarters"]]
    assert digests == [cycle.latest_publication().digest for cycle in host.cycles.order_by("number")]
    assert is_year_intact(AnnualPublication.objects.get())


def test_a_missing_quarter_is_named_and_wants_a_yes():
    host = year_with_totals(TOTALS, TOTALS, None, TOTALS)
    staff = somebody(Role.STAFF, host)
    with pytest.raises(YearNeedsConfirmation, match="Not published: 2018年第三季度"):
        publish_year(host, 2018, by=staff)
    assert len(publish_year(host, 2018, by=staff, confirm=True).content["quarters"]) == 3


def test_a_quarter_that_is_being_corrected_wants_a_yes(host, staff):
    step_back(host.cycles.get(number=2), by=staff, reason="复核")
    with pytest.raises(YearNeedsConfirmation, match="Being corrected: 2018年第二季度"):
        publish_year(host, 2018, by=staff)


def test_a_year_without_published_quarters_is_refused(staff, host):
    with pytest.raises(YearRefused, match="No quarter of 2017 is published yet"):
        publish_year(host, 2017, by=staff)


def test_a_year_in_which_nobody_was_scored_often_enough_is_refused():
    host = year_with_totals(TOTALS)
    with pytest.raises(YearRefused, match="No unit is scored in enough quarters"):
        publish_year(host, 2018, by=somebody(Role.STAFF, host), confirm=True)


def test_a_second_click_publishes_nothing(host, staff):
    publish_year(host, 2018, by=staff)
    with pytest.raises(YearRefused, match="a correction needs its reason"):
        publish_year(host, 2018, by=staff)
    with pytest.raises(YearRefused, match="there is nothing to correct"):
        publish_year(host, 2018, by=staff, reason="再发一次")
    assert AnnualPublication.objects.count() == 1


def test_what_was_not_published_cannot_be_corrected(host, staff):
    with pytest.raises(YearRefused, match="was never published"):
        publish_year(host, 2018, by=staff, reason="更正")


def test_neither_a_new_rule_nor_a_corrected_quarter_changes_what_was_published(host, staff):
    publication = publish_year(host, 2018, by=staff)
    before = published_annual_report(publication)
    set_rule(host, first=100, second=0, third=0, fourth=0, least_quarters=1)
    cycle = host.cycles.get(number=1)
    step_back(cycle, by=staff, reason="漏记")
    give_total(cycle, "丙镇党委", 100)
    verify_cycle(cycle, by=staff)
    correct_publication(cycle, by=staff, reason="漏记", confirm=True)
    host.units.filter(name="甲镇党委").update(name="改名后")
    host.groups.update(name="改名后")
    assert published_annual_report(AnnualPublication.objects.get()) == before


def test_a_correction_is_a_new_publication_with_old_beside_new(host, staff):
    publish_year(host, 2018, by=staff)
    set_rule(host, first=40, second=20, third=20, fourth=20)
    cycle = host.cycles.get(number=1)
    step_back(cycle, by=staff, reason="漏记")
    give_total(cycle, "丙镇党委", 100)
    verify_cycle(cycle, by=staff)
    correct_publication(cycle, by=staff, reason="漏记", confirm=True)
    correction = publish_year(host, 2018, by=staff, reason="第一季度漏记。")
    assert (correction.number, totals_of(correction)["丙镇党委"]) == (2, "82.00")
    report = published_annual_report(correction)
    assert report.title == "关于2018年度基层党建工作督查情况的通报（更正）"
    assert report.paragraphs[0].text == (
        "本通报是对2018年度通报的第一次更正。更正原因：第一季度漏记。此前印发的通报以本通报为准。"
    )
    assert report.attachments[-1].name == "2018年度通报更正对照表"
    assert ("乡镇（街道）", "丙镇党委", "3", "70.00", "2", "82.00") in report.attachments[-1].rows
    first = AnnualPublication.objects.get(number=1)
    assert "更正" not in published_annual_report(first).title


def test_each_earlier_report_says_which_correction_is_in_force(host, staff):
    first = publish_year(host, 2018, by=staff)
    assert published_annual_report(first).superseded_by == ""
    for number, reason in enumerate(("补发文字号", "更改文字号"), 2):
        set_rule(host, document_number=f"×组通〔2019〕{number}号")
        last = publish_year(host, 2018, by=staff, reason=reason)
    note = published_annual_report(first).superseded_by
    assert note.startswith("本通报已于")
    assert note.endswith("以第二次更正为准。")
    assert published_annual_report(last).superseded_by == ""


def test_it_is_found_by_its_check_code_with_what_corrected_it(host, staff, stranger):
    first = publish_year(host, 2018, by=staff)
    set_rule(host, document_number="×组通〔2019〕2号")
    second = publish_year(host, 2018, by=staff, reason="补发文字号")
    found = AnnualPublication.objects.visible_to(staff).with_code(first.digest[:16])
    assert list(found) == [first]
    assert list(AnnualPublication.objects.correcting(first)) == [second]
    assert found.get().host_name == host.name
    assert not AnnualPublication.objects.visible_to(stranger).exists()


def test_the_database_refuses_to_change_it(host, staff):
    publication = publish_year(host, 2018, by=staff)
    with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic():
        AnnualPublication.objects.update(digest="0" * 64)
    with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic():
        publication.delete()


def test_what_somebody_changes_all_the_same_shows_by_the_digest(host, staff):
    publish_year(host, 2018, by=staff)
    drop_triggers(connection)
    kept = AnnualPublication.objects.get()
    kept.content["groups"][0]["lines"][0]["total"] = "99.0000"
    kept.save()
    install_triggers(connection)
    assert not is_year_intact(AnnualPublication.objects.get())


@pytest.mark.parametrize("rule", [{"first": 30}, {"least_quarters": 0}, {"least_quarters": 5}])
def test_the_database_refuses_a_rule_that_makes_no_whole(rule, host):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewYear.objects.create(host=host, year=2018, **rule)


@pytest.mark.parametrize("units", [2, 30])
def test_publishing_costs_the_same_at_any_length(units, django_assert_num_queries):
    totals = {f"第{number}镇党委": 90 - number for number in range(units)}
    host = ready_host(*totals)
    for quarter in ("2018Q1", "2018Q2"):
        published(cycle_with_totals(totals, host=host, quarter=quarter))
    staff = somebody(Role.STAFF, host)
    with django_assert_num_queries(11):  # two of them the transaction's
        publication = publish_year(host, 2018, by=staff, confirm=True)
    with django_assert_num_queries(1):
        published_annual_report(publication)
