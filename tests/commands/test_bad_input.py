"""Bad input: exit status 1, a clear line for each problem, and the data as it was, row by row."""

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.factories.reviews import add_group, opened_cycle, ready_host
from tests.workbooks import build
from workbooks.compound import SIGNATURE

ROOT = Path(__file__).resolve().parents[2]
WIDE = ("序号", "单位", "三会一课（60分）", "主题党日（40分）")
LONG = ("单位", "指标", "得分", "扣分", "扣分原因")


def scores(*rows, title="2018年第三季度得分表", header=WIDE):
    return build.xlsx([(title,), header, *rows], name="得分")


GOOD = scores((1, "甲镇党委", 55, 38.5), (2, "乙镇党委", 60, 40))


def bomb():
    """A workbook that would unpack to far more than anybody's memory."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 30_000_000)
    return buffer.getvalue()


UNREADABLE = {
    "empty": b"",
    "truncated": GOOD[: len(GOOD) // 2],
    "encrypted": SIGNATURE + b"\0" * 4096,
    "a bomb": bomb(),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "a page": b"<html><table><tr><td>1</td></tr></table></html>",
    "random bytes": bytes(range(256)) * 20,
    "no cells": build.xlsx([]),
}
WRONG_SCORES = {
    "an unknown unit": scores((1, "丁镇党委", 55, 38.5)),
    "a unit twice": scores((1, "甲镇党委", 55, 38.5), (2, "甲 镇党委", 55, 38.5)),
    "text for a number": scores((1, "甲镇党委", "五十五", 38.5)),
    "a number too large": scores((1, "甲镇党委", "1e999", 38.5)),
    "no number": scores((1, "甲镇党委", "NaN", 38.5)),
    "a signalling no number": scores((1, "甲镇党委", "sNaN", 38.5)),
    "infinity": scores((1, "甲镇党委", "Infinity", 38.5)),
    "off the step": scores((1, "甲镇党委", 55.3, 38.5)),
    "over the full marks": scores((1, "甲镇党委", 60.5, 38.5)),
    "below zero": scores((1, "甲镇党委", -0.5, 38.5)),
    "a formula nobody worked out": scores((1, "甲镇党委", "=50+5", 38.5)),
    "another quarter": scores((1, "甲镇党委", 55, 38.5), title="2018年第二季度得分表"),
    "other full marks": scores((1, "甲镇党委", 5), header=("序号", "单位", "三会一课（10分）")),
    "an unknown indicator": scores((1, "甲镇党委", 5), header=("序号", "单位", "四史学习（10分）")),
    "a deduction of nothing": build.xlsx([LONG, ("甲镇党委", "三会一课", None, 0, "无")]),
    "points that deductions do not leave": build.xlsx([LONG, ("甲镇党委", "三会一课", 60, 2, "缺")]),
    "no table": build.xlsx([("关于报送材料的通知",), ("请各单位于月底前报送",)]),
}


@pytest.fixture
def cycle(db):
    host = ready_host("甲镇党委", "乙镇党委")
    add_group(host, "系统单位", "区林业局直属机关党委")
    return opened_cycle(host)


def assert_refused(ran, *, lines=1):
    assert ran.status == 1
    assert len(ran.errors) == lines, ran.errors
    assert all(line.strip() and "Traceback" not in line for line in ran.errors)


@pytest.mark.parametrize("name", UNREADABLE)
@pytest.mark.parametrize(
    "command",
    [("import_scores", "--cycle", "2018Q3"), ("import_units",), ("import_rubric", "--year", "2018")],
)
def test_an_unreadable_file_is_refused_in_one_line(cycle, run, dump, saved, command, name):
    before = dump()
    first, *options = command
    assert_refused(run(first, saved(UNREADABLE[name]), *options))
    assert dump() == before


@pytest.mark.parametrize("name", WRONG_SCORES)
def test_wrong_scores_are_refused_in_one_line(cycle, run, dump, saved, name):
    before = dump()
    path = saved(WRONG_SCORES[name])
    assert_refused(run("import_scores", path, "--cycle", "2018Q3"))
    assert_refused(run("import_scores", path, "--cycle", "2018Q3", "--dry-run"))
    assert dump() == before


def test_every_problem_has_a_line_with_its_place(cycle, run, dump, saved):
    before = dump()
    data = scores((1, "甲镇党委", 61, 38.3), (2, "丁镇党委", 60, 40))
    ran = run("import_scores", saved(data), "--cycle", "2018Q3")
    assert_refused(ran, lines=3)
    assert all("得分" in line for line in ran.errors)
    assert dump() == before


def test_a_good_file_after_all_that_is_imported(cycle, run, must, saved):
    run("import_scores", saved(WRONG_SCORES["off the step"]), "--cycle", "2018Q3")
    must("import_scores", saved(GOOD), "--cycle", "2018Q3")
    assert cycle.reviews.scored().count() == 2


def test_a_file_that_is_no_file_is_refused(cycle, run, dump, tmp_path):
    before = dump()
    for path in (tmp_path / "没有.xlsx", tmp_path):
        for command in (
            ("import_scores", "--cycle", "2018Q3"),
            ("import_units",),
            ("import_rubric", "--year", 2018),
        ):
            ran = run(command[0], path, *command[1:])
            assert_refused(ran)
            assert path.name in ran.errors[0]
    assert dump() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("open_cycle", "2018Q5"),
        ("open_cycle", "二零一八年三季度"),
        ("open_cycle", "2018Q3"),
        ("open_cycle", "2018Q4", "--baseline", "2019Q1"),
        ("open_cycle", "2018Q4", "--baseline", "2018Q1"),
        ("open_cycle", "2018Q4", "--rank-method", "olympic"),
        ("open_cycle", "2018Q4", "--list-size", "0"),
        ("open_cycle", "2018Q4", "--list-size", "three"),
        ("open_cycle", "2018Q4", "--host", "某市委组织部"),
        ("open_cycle", "2019Q1"),
        ("verify_cycle", "2018Q4"),
        ("verify_cycle", "2018Q3", "--exempt-unscored", "免" * 201),
        ("publish_cycle", "2018Q4", "--by", "nobody"),
        ("publish_cycle", "2018Q3", "--by", "nobody"),
        ("reopen_cycle", "2018Q3", "--reason", "核对"),
        ("standings", "2018Q4"),
        ("standings", "2018Q3", "--format", "xml"),
        ("report", "2018Q3", "--format", "docx", "--output", "out.docx"),
        ("report", "2018Q3", "--format", "odt", "--output", "out.odt"),
        ("undo_import", "1"),
        ("undo_import", "first"),
        ("undo_import", "9" * 30),
        ("import_rubric", "samples/rubric-2018.xlsx", "--year", "18"),
        ("import_units", "samples/units.xlsx", "--host", "  "),
    ],
)
def test_wrong_arguments_are_refused_in_one_line(cycle, run, dump, arguments, monkeypatch):
    monkeypatch.chdir(ROOT)
    before = dump()
    assert_refused(run(*arguments))
    assert dump() == before


def test_a_host_must_be_named_where_there_are_several(cycle, run, must):
    ready_host("丙县党委")
    assert_refused(run("standings", "2018Q3"))
    must("standings", "2018Q3", "--host", cycle.host.name)


def test_an_unfinished_cycle_is_neither_verified_nor_published(cycle, run, dump):
    before = dump()
    assert_refused(run("verify_cycle", "2018Q3"))
    assert dump() == before


# --- As a process --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def manage(tmp_path_factory):
    """manage("standings", "2018Q3") → the finished process, on a database and in a locale of its own."""
    folder = tmp_path_factory.mktemp("installation")
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {
        "DATA_DIR": str(folder),
        "SECRET_KEY": "only for tests",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONIOENCODING": "ascii",
        "LC_ALL": "C",
    }

    def manage_py(*arguments):
        command = [sys.executable, "manage.py", *map(str, arguments)]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)

    return manage_py


def test_a_process_speaks_utf8_and_ends_with_a_status(manage, tmp_path):
    early = manage("standings", "2018Q3")
    assert (early.returncode, len(early.stderr.splitlines())) == (1, 1)

    assert manage("migrate", "--verbosity", "0").returncode == 0
    imported = manage("import_units", "samples/units.xlsx", "--host", "某区委组织部")
    assert imported.returncode == 0
    assert "甲镇党委" in imported.stdout.decode("utf-8")

    (tmp_path / "空.xlsx").write_bytes(b"")
    refused = manage("import_scores", tmp_path / "空.xlsx", "--cycle", "2018Q3")
    assert refused.returncode == 1
    assert len(refused.stderr.decode("utf-8").splitlines()) == 1
    assert b"Traceback" not in refused.stderr

    for name in ("import_units", "import_rubric", "open_cycle", "import_scores", "verify_cycle"):
        assert manage(name, "--help").returncode == 0
    assert manage("open_cycle", "--no-such-option").returncode != 0


@pytest.mark.parametrize(
    "name",
    ["publish_cycle", "reopen_cycle", "undo_import", "standings", "report", "demo"],
)
def test_every_command_explains_itself(name, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command(name, "--help")
    assert ended.value.code == 0
    assert len(capsys.readouterr().out.splitlines()) > 5
