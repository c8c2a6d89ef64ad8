"""The command that writes the annual report of a year."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from organizations.models import Role
from reviews.year_publishing import publish_year
from tests.factories.organizations import somebody
from tests.factories.reviews import year_with_totals

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


TOTALS = {"甲镇党委": 90, "乙镇党委": 80}


@pytest.mark.parametrize(("kind", "start"), [("html", b"<!doctype"), ("docx", b"PK"), ("pdf", b"%PDF-")])
def test_it_writes_the_report_of_a_published_year(kind, start, tmp_path, capsys):
    host = year_with_totals(TOTALS, TOTALS)
    publication = publish_year(host, 2018, by=somebody(Role.STAFF, host), confirm=True)
    target = tmp_path / f"通报.{kind}"
    call_command("annual_report", "2018", "--format", kind, "--output", str(target))
    assert target.read_bytes().startswith(start)
    assert publication.digest in capsys.readouterr().out


@pytest.mark.parametrize(
    ("year", "kind", "message"),
    [
        ("2018", "pdf", "2018 is not published"),
        ("18", "pdf", "“18” is not a year"),
        ("9999", "pdf", "“9999” is not a year"),
        ("2018", "odt", "“odt” is not possible here"),
    ],
)
def test_what_it_cannot_write_it_refuses_in_one_line(year, kind, message, tmp_path):
    year_with_totals(TOTALS)
    target = tmp_path / "out"
    with pytest.raises(CommandError, match=message):
        call_command("annual_report", year, "--format", kind, "--output", str(target))
    assert not target.exists()
