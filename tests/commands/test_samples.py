"""The sample district from an empty database to the four lists of the source speech, by commands alone."""

import csv
import io
import json

import pytest

from organizations.models import Organization, User
from reviews.freezing import is_intact
from reviews.models import Deduction, Publication, Score
from tests.commands.conftest import SAMPLES
from tests.organizations.at_the_door import logs_in

TOWNS, SYSTEMS = "乡镇（街道）", "系统单位"
LISTS = {
    TOWNS: {
        "top": ["甲镇党委", "乙街道筹备办临时党工委", "丙乡党委", "丁镇党委"],
        "last": ["辰镇党委", "巳镇党委", "午乡党委"],
        "progress": ["戊镇党委", "己乡党委", "庚镇党委"],
        "setback": ["辛镇党委", "壬镇党委", "癸街道筹备办临时党工委"],
    },
    SYSTEMS: {
        "top": ["区林业局直属机关党委", "区水电公司党委", "区委组织部系统党工委"],
        "last": ["区经信局系统党工委", "邮政集团某分公司党总支", "区国税局直属机关党委"],
        "progress": ["区林业局直属机关党委", "区住建局直属机关党委", "区发改局直属机关党委"],
        "setback": ["区委宣传部系统党工委", "区安监局党总支", "区经信局系统党工委"],
    },
}


@pytest.fixture
def ready(must):
    """Units and rubrics imported, an account to publish by."""
    must("import_units", SAMPLES / "units.xlsx")
    must("import_rubric", SAMPLES / "rubric-2018.xlsx", "--year", 2018)
    return User.objects.create_user("publisher")


def publish(must, quarter, *options):
    must("open_cycle", quarter, *options)
    must("import_scores", SAMPLES / f"scores-{quarter}.xlsx", "--cycle", quarter)
    must("import_scores", SAMPLES / f"deductions-{quarter}.xlsx", "--cycle", quarter)
    must("verify_cycle", quarter)
    must("publish_cycle", quarter, "--by", "publisher")


def lists_of(standings):
    return {group["group"]: {name: group[name] for name in LISTS[TOWNS]} for group in standings["groups"]}


def test_the_samples_give_the_lists_of_the_speech(ready, must):
    publish(must, "2018Q1")
    publish(must, "2018Q3", "--baseline", "2018Q1")
    standings = must("standings", "2018Q3", "--format", "json").json
    assert lists_of(standings) == LISTS
    assert list(standings) == ["cycle", "baseline", "rank_method", "published", "groups"]
    assert (standings["cycle"], standings["baseline"]) == ("2018Q3", "2018Q1")
    assert (standings["rank_method"], standings["published"]) == ("dense", True)
    assert standings["groups"][0]["standings"][0] == {
        "organization": "甲镇党委",
        "rank": 1,
        "total": "96.50",
        "baseline_rank": 3,
        "places": 2,
        "total_change": "4.00",
    }
    assert all(is_intact(publication) for publication in Publication.objects.all())


@pytest.mark.parametrize(("tab", "group"), [(1, TOWNS), (2, SYSTEMS)])
def test_the_page_names_the_lists_of_the_speech(tab, group, must, client):
    must("demo")
    client.force_login(User.objects.get(username="leader"))
    seen = client.get(f"/cycles/2018Q3/standings/?group={tab}")
    page = seen.content.decode()
    clauses = seen.context["group"].clauses
    assert seen.context["group"].name == group
    for clause, units in zip(clauses, LISTS[group].values(), strict=True):
        assert f"<dt>{clause.label}</dt><dd>{clause.units}</dd>" in page
        places = [clause.units.index(unit) for unit in units]
        assert places == sorted(places)
        others = {line.organization_name for line in seen.context["group"].ranked} - set(units)
        assert not any(other in clause.units for other in others)


def test_live_standings_are_those_that_get_published(ready, must):
    publish(must, "2018Q1")
    must("open_cycle", "2018Q3", "--baseline", "2018Q1")
    must("import_scores", SAMPLES / "scores-2018Q3.xlsx", "--cycle", "2018年第三季度")
    live = must("standings", "2018-3", "--format", "json").json
    assert lists_of(live) == LISTS
    assert live["published"] is False
    must("import_scores", SAMPLES / "deductions-2018Q3.xlsx", "--cycle", "2018Q3")
    assert must("standings", "2018Q3", "--format", "json").json == live


def test_importing_everything_twice_changes_nothing(ready, must, dump):
    must("open_cycle", "2018Q3")
    imports = [
        ("import_units", SAMPLES / "units.xlsx"),
        ("import_rubric", SAMPLES / "rubric-2018.xlsx", "--year", 2018),
        ("import_scores", SAMPLES / "scores-2018Q3.xlsx", "--cycle", "2018Q3"),
        ("import_scores", SAMPLES / "deductions-2018Q3.xlsx", "--cycle", "2018Q3"),
    ]
    for arguments in imports:
        must(*arguments)
    before = dump()
    for arguments in imports:
        must(*arguments)
    assert dump() == before
    assert (Score.objects.count(), Deduction.objects.count()) == (454, 344)


def test_a_dry_run_says_what_the_real_one_does_and_writes_nothing(ready, must, dump):
    must("open_cycle", "2018Q3")
    before = dump()
    told = must("import_scores", SAMPLES / "scores-2018Q3.xlsx", "--cycle", "2018Q3", "--dry-run").output
    assert "甲镇党委" in told
    assert dump() == before


def test_the_other_formats_say_the_same(ready, must):
    publish(must, "2018Q1")
    table = must("standings", "2018Q1").output
    assert "甲镇党委" in table
    rows = list(csv.reader(io.StringIO(must("standings", "2018Q1", "--format", "csv").output)))
    standings = must("standings", "2018Q1", "--format", "json").json
    told = [
        [group["group"], line["organization"], str(line["rank"]), line["total"]]
        for group in standings["groups"]
        for line in group["standings"]
    ]
    assert [row[:4] for row in rows[1:]] == told


def test_one_group_can_be_asked_for(ready, must, run):
    publish(must, "2018Q1")
    standings = must("standings", "2018Q1", "--format", "json", "--group", "系统单位").json
    assert [group["group"] for group in standings["groups"]] == [SYSTEMS]
    assert standings["baseline"] is None
    assert {line["places"] for line in standings["groups"][0]["standings"]} == {None}
    refused = run("standings", "2018Q1", "--group", "村")
    assert refused.status == 1
    assert TOWNS in refused.errors[0]


def test_json_is_written_as_people_read_it(ready, must):
    publish(must, "2018Q1")
    output = must("standings", "2018Q1", "--format", "json").output
    assert output == json.dumps(json.loads(output), ensure_ascii=False, indent=2) + "\n"


def test_the_demo_publishes_three_quarters_and_repeats_without_harm(must, dump, client):
    told = must("demo").output
    assert lists_of(must("standings", "2018Q3", "--format", "json").json) == LISTS
    assert Publication.objects.count() == 3
    for username in ("staff", "leader", "secretary", "inspector", "admin"):
        assert username in told
        password = next(line.split()[1] for line in told.splitlines() if line.split()[:1] == [username])
        assert logs_in(client, username, password)
        client.logout()
    before = dump()
    must("demo")
    after = dump()
    del before["organizations_loginsession"], after["organizations_loginsession"]
    assert after == before


@pytest.mark.any_database
def test_the_demo_leaves_passwords_and_names_alone(must, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    must("demo")
    staff = User.objects.get(username="staff")
    staff.set_password("a secret of mine")
    staff.save()
    Organization.objects.filter(name="甲镇党委").update(name="甲街道党工委")
    assert "demo-2018" in must("demo").output
    staff.refresh_from_db()
    assert staff.check_password("a secret of mine")
    assert Organization.objects.filter(name="甲街道党工委").exists()


def test_the_demo_keeps_away_from_a_real_district(must, run, dump):
    must("import_units", SAMPLES / "units.xlsx", "--host", "区委组织部")
    before = dump()
    assert run("demo").status == 1
    assert dump() == before


@pytest.mark.any_database
def test_a_demo_that_others_can_reach_has_passwords_nobody_knows(must, settings):
    settings.ALLOWED_HOSTS = ["review.example"]
    assert "demo-2018" not in must("demo").output


FORMATS = (("html", b"<!"), ("docx", b"PK"), ("pdf", b"%PDF"))


@pytest.mark.parametrize(("format_name", "start"), FORMATS)
def test_the_circular_is_written_in_every_format(ready, must, run, tmp_path, format_name, start):
    target = tmp_path / f"通报.{format_name}"
    arguments = ("report", "2018Q1", "--kind", "circular", "--format", format_name, "--output", target)
    must("open_cycle", "2018Q1")
    must("import_scores", SAMPLES / "scores-2018Q1.xlsx", "--cycle", "2018Q1")
    refused = run(*arguments)
    assert (refused.status, len(refused.errors)) == (1, 1)
    assert not target.exists()
    must("verify_cycle", "2018Q1")
    must("publish_cycle", "2018Q1", "--by", "publisher")
    must(*arguments)
    assert target.read_bytes().lstrip().lower().startswith(start.lower())
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_the_speech_is_written_in_every_format_from_what_was_published(ready, must, run, tmp_path):
    publish(must, "2018Q1")
    for format_name, start in FORMATS:
        target = tmp_path / f"讲话.{format_name}"
        must("report", "2018Q1", "--kind", "speech", "--format", format_name, "--output", target)
        assert target.read_bytes().lstrip().lower().startswith(start.lower())
    assert "同志们" in (tmp_path / "讲话.html").read_text(encoding="utf-8")
    refused = run("report", "2018Q1", "--kind", "toast", "--format", "html", "--output", tmp_path / "x")
    assert (refused.status, len(refused.errors)) == (1, 1)
