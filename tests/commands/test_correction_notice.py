"""The correction notice of a quarter by command."""

import pytest

from tests.factories.reviews import corrected_once, cycle_with_totals, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def publication():
    return published(cycle_with_totals({"甲镇党委": 96, "乙镇党委": 95}))


@pytest.mark.parametrize(
    ("kind", "start"), [("html", b"<!doctype html>"), ("docx", b"PK"), ("pdf", b"%PDF-")]
)
def test_it_is_written_of_the_newest_correction(kind, start, publication, must, tmp_path):
    corrected_once(publication, 甲镇党委=90)
    path = tmp_path / f"更正.{kind}"
    said = must("report", "2018Q3", "--kind", "correction", "--format", kind, "--output", str(path))
    assert path.read_bytes().startswith(start)
    assert "2" in said.output


def test_without_a_correction_there_is_none(publication, run, tmp_path):
    path = tmp_path / "更正.pdf"
    ran = run("report", "2018Q3", "--kind", "correction", "--format", "pdf", "--output", str(path))
    assert (ran.status, len(ran.errors)) == (1, 1)
    assert not path.exists()
