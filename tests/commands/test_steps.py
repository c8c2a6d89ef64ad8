"""The steps of a cycle by commands: closing, publishing, correcting, undoing."""

import io
import re

import pytest
from django.core.management import call_command

from organizations.models import Organization, Role, User
from reviews.models import ImportBatch, Publication
from tests.factories.organizations import UnitFactory, somebody
from tests.factories.reviews import opened_cycle, published, ready_host, scored_at_once
from tests.workbooks import build

HEADER = ("序号", "单位", "三会一课（60分）", "主题党日（40分）")
UNITS = ("甲镇党委", "乙镇党委", "丙镇党委")


def scores(**totals):
    """A score workbook in which each unit has this total; one left out is not listed."""
    rows = [
        (number, unit, min(total, 60), max(total - 60, 0))
        for number, (unit, total) in enumerate(totals.items(), 1)
    ]
    return build.xlsx([HEADER, *rows], name="得分")


@pytest.fixture
def cycle(db):
    return opened_cycle(ready_host(*UNITS))


@pytest.fixture
def staff(cycle) -> User:
    return somebody(Role.STAFF, cycle.host)


@pytest.fixture
def scored(cycle, staff, must, saved):
    path = saved(scores(甲镇党委=96.5, 乙镇党委=95, 丙镇党委=90))
    must("import_scores", path, "--cycle", "2018Q3")
    return cycle


def ranks(must):
    groups = must("standings", "2018Q3", "--format", "json").json["groups"]
    return [(line["organization"], line["rank"]) for group in groups for line in group["standings"]]


def publish(must, staff, *options):
    must("verify_cycle", "2018Q3")
    return must("publish_cycle", "2018Q3", "--by", staff.username, *options)


def test_publishing_twice_is_refused(scored, staff, must, run, dump):
    publish(must, staff)
    before = dump()
    ran = run("publish_cycle", "2018Q3", "--by", staff.username)
    assert (ran.status, len(ran.errors)) == (1, 1)
    assert dump() == before


def test_what_is_renamed_or_rescored_later_leaves_the_publication_alone(scored, staff, must, saved):
    publish(must, staff)
    before = must("standings", "2018Q3", "--format", "json").output
    must("reopen_cycle", "2018Q3", "--reason", "核对有误")
    must("import_scores", saved(scores(丙镇党委=99)), "--cycle", "2018Q3")
    Organization.objects.filter(name="甲镇党委").update(name="甲街道党工委")
    assert must("standings", "2018Q3", "--format", "json").output == before


def test_a_correction_is_published_with_its_reason_and_the_first_stays(scored, staff, must, run, saved):
    publish(must, staff)
    must("reopen_cycle", "2018Q3", "--reason", "核对有误")
    must("import_scores", saved(scores(丙镇党委=99)), "--cycle", "2018Q3")
    must("verify_cycle", "2018Q3")
    refused = run("publish_cycle", "2018Q3", "--by", staff.username, "--correction", " ")
    assert refused.status == 1
    told = must("publish_cycle", "2018Q3", "--by", staff.username, "--correction", "漏计一项").output
    assert ranks(must) == [("丙镇党委", 1), ("甲镇党委", 2), ("乙镇党委", 3)]
    first, second = Publication.objects.order_by("number")
    assert (second.number, second.reason) == (2, "漏计一项")
    assert second.digest in told
    assert [row.organization_name for row in first.standings.in_print_order()] == list(UNITS)


def test_long_lists_of_ties_want_confirmation(cycle, staff, must, run, saved):
    names = [f"第{number}乡党委" for number in range(6)]
    for name in names:
        UnitFactory(parent=cycle.host, group=cycle.host.groups.get(), name=name)
    must("open_cycle", "2018Q4", "--list-size", 1)
    totals = dict.fromkeys(names, 95) | dict.fromkeys(UNITS, 80)
    must("import_scores", saved(scores(**totals)), "--cycle", "2018Q4")
    must("verify_cycle", "2018Q4")
    refused = run("publish_cycle", "2018Q4", "--by", staff.username)
    assert (refused.status, len(refused.errors)) == (1, 1)
    assert "--confirm" in refused.errors[0]
    must("publish_cycle", "2018Q4", "--by", staff.username, "--confirm")


def test_units_not_scored_are_exempt_with_the_given_reason(cycle, staff, must, saved):
    must("import_scores", saved(scores(甲镇党委=96)), "--cycle", "2018Q3")
    must("verify_cycle", "2018Q3", "--exempt-unscored", "换届")
    group = must("standings", "2018Q3", "--format", "json").json["groups"][0]
    assert group["unranked"] == [
        {"organization": "乙镇党委", "reason": "换届"},
        {"organization": "丙镇党委", "reason": "换届"},
    ]


def test_an_import_is_undone_by_its_number(scored, must, run, saved):
    before = must("standings", "2018Q3", "--format", "json").output
    told = must("import_scores", saved(scores(甲镇党委=80, 乙镇党委=99)), "--cycle", "2018Q3").output
    number = re.search(r"undo_import (\d+)", told)
    assert number is not None
    assert must("standings", "2018Q3", "--format", "json").output != before
    must("undo_import", number[1])
    assert must("standings", "2018Q3", "--format", "json").output == before
    must("undo_import", number[1])
    assert must("standings", "2018Q3", "--format", "json").output == before


def test_an_import_is_not_undone_after_a_later_change(scored, must, run, saved, dump):
    first = ImportBatch.objects.get()
    must("import_scores", saved(scores(甲镇党委=80)), "--cycle", "2018Q3")
    before = dump()
    refused = run("undo_import", first.pk)
    assert refused.status == 1
    assert "甲镇党委" in refused.errors[0]
    assert dump() == before


def test_a_roster_creates_its_host_once(db, must, saved):
    roster = saved(build.xlsx([("单位全称", "类别"), ("甲镇党委", "乡镇（街道）")]))
    assert "组织部" in must("import_units", roster).output
    must("import_units", roster)
    must("import_units", roster, "--host", "某县委组织部")
    assert [host.name for host in Organization.objects.hosts().order_by("pk")] == ["组织部", "某县委组织部"]


def test_a_units_own_units_make_it_a_host(db, must, saved):
    must("import_units", saved(build.xlsx([("单位全称", "类别"), ("甲镇党委", "乡镇")])))
    villages = saved(build.xlsx([("单位全称", "类别"), ("某村党支部", "村")]))
    must("import_units", villages, "--host", "甲镇党委")
    assert Organization.objects.get(name="某村党支部").parent.name == "甲镇党委"
    assert Organization.objects.filter(name="甲镇党委").count() == 1


def test_a_roster_tried_out_writes_nothing(db, must, saved, dump):
    before = dump()
    told = must("import_units", saved(build.xlsx([("单位全称", "类别"), ("甲镇党委", "乡镇")])), "--dry-run")
    assert "甲镇党委" in told.output
    assert dump() == before


def test_units_missing_from_the_file_are_ended_when_asked(db, must, saved):
    header = ("单位全称", "类别")
    must("import_units", saved(build.xlsx([header, ("甲镇党委", "乡镇"), ("乙镇党委", "乡镇")])))
    fewer = saved(build.xlsx([header, ("甲镇党委", "乡镇")]))
    assert "乙镇党委" in must("import_units", fewer).output
    assert Organization.objects.get(name="乙镇党委").active_to is None
    must("import_units", fewer, "--close-missing")
    assert Organization.objects.get(name="乙镇党委").active_to is not None


@pytest.mark.parametrize("units", [5, 50, 500])
def test_standings_cost_the_same_at_any_length(units, db, django_assert_num_queries):
    totals = {f"第{number}镇党委": number % 90 for number in range(units)}
    host = ready_host(*totals)
    published(scored_at_once(host, "2018Q1", totals))
    cycle = scored_at_once(host, "2018Q3", totals)
    with django_assert_num_queries(5):  # hosts, cycle, publication; reviews and the baseline's standings
        call_command("standings", "2018Q3", stdout=io.StringIO())
    published(cycle)
    with django_assert_num_queries(4):  # hosts, cycle, publication, its standings
        call_command("standings", "2018Q3", stdout=io.StringIO())
