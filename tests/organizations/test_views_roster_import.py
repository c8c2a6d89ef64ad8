"""Bringing a roster in through the browser: upload, preview, import."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from organizations.models import Organization, Role, User
from organizations.uploads import FOLDER, KEPT_FOR
from tests.factories.organizations import HostFactory, MembershipFactory, UnitFactory
from workbooks.writing import write_csv

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parents[2] / "samples" / "units.xlsx"
PREVIEW = "/units/import/preview/"


@pytest.fixture(autouse=True)
def own_uploads(settings, tmp_path):
    """Uploads of one test are not those of another."""
    here = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": here}


def roster(*names: str) -> bytes:
    return write_csv([("单位全称", "类别"), *((name, "乡镇（街道）") for name in names)])


def upload(client: Client, data: bytes, name: str = "名册.csv"):
    return client.post("/units/import/", {"file": SimpleUploadedFile(name, data)})


def commit(client: Client, **ticked: str):
    """Press the button of the preview as it stands."""
    return client.post(PREVIEW, {"digest": client.get(PREVIEW).context["digest"], **ticked})


def acting_units(host: Organization) -> list[str]:
    units = Organization.objects.under(host).active(timezone.localdate())
    return [unit.name for unit in units.in_own_order()]


def kept_files() -> list[str]:
    return default_storage.listdir(FOLDER)[1] if default_storage.exists(FOLDER) else []


def test_a_roster_is_shown_before_it_is_imported(signed_in, staff, host):
    client = signed_in(staff)
    assert upload(client, SAMPLE.read_bytes(), "units.xlsx").url == PREVIEW
    page = client.get(PREVIEW)
    assert len(page.context["plan"].creates) == 35
    assert "乙街道筹备办临时党工委" in page.content.decode()
    assert acting_units(host) == []
    assert commit(client).url == "/"  # the first roster leads on to the next of the first steps
    assert acting_units(host)[:2] == ["甲镇党委", "乙街道筹备办临时党工委"]
    assert len(acting_units(host)) == 35


def test_units_missing_from_the_file_stay_unless_asked_to_go(signed_in, staff, host, unit):
    client = signed_in(staff)
    upload(client, roster("乙镇党委"))
    assert client.get(PREVIEW).context["plan"].closes == ("甲镇党委",)
    commit(client)
    assert set(acting_units(host)) == {"甲镇党委", "乙镇党委"}
    upload(client, roster("乙镇党委"))
    commit(client, close_missing="on")
    assert acting_units(host) == ["乙镇党委"]


def test_what_was_exported_comes_back_without_a_change(signed_in, staff, host, unit):
    client = signed_in(staff)
    UnitFactory(parent=host, name="乙街道党工委", kind="working_committee")
    upload(client, client.get("/units.xlsx").content, "单位名册.xlsx")
    plan = client.get(PREVIEW).context["plan"]
    assert plan.changes_nothing
    assert plan.closes == ()
    assert plan.unchanged == 2


def test_the_import_can_be_pressed_twice(signed_in, staff, host):
    client = signed_in(staff)
    upload(client, roster("甲镇党委"))
    digest = client.get(PREVIEW).context["digest"]
    assert client.post(PREVIEW, {"digest": digest}).url == "/"
    assert client.post(PREVIEW, {"digest": digest}).url == "/units/import/"
    assert acting_units(host) == ["甲镇党委"]


def test_a_roster_that_changed_meanwhile_is_shown_again_instead_of_imported(signed_in, staff, host):
    client = signed_in(staff)
    upload(client, roster("甲镇党委", "乙镇党委"))
    digest = client.get(PREVIEW).context["digest"]
    UnitFactory(parent=host, name="甲镇党委")
    answer = client.post(PREVIEW, {"digest": digest})
    assert answer.status_code == 422
    assert "Look once more" in answer.content.decode()
    assert acting_units(host) == ["甲镇党委"]


def test_all_problems_are_listed_at_once_and_nothing_is_kept(signed_in, staff, host):
    data = write_csv(
        [("单位全称", "组织类型"), ("甲镇党委", "党委"), ("甲镇党委", "党委"), ("乙镇党委", "某某委")]
    )
    answer = upload(signed_in(staff), data)
    assert answer.status_code == 422
    assert len(answer.context["plan"].problems) >= 2
    assert "某某委" in answer.content.decode()
    assert kept_files() == []
    assert acting_units(host) == []


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "empty.xlsx"),
        (SAMPLE.read_bytes()[:2000], "truncated.xlsx"),
        (b"PK\x03\x04 but no archive", "fake.xlsx"),
        (b"<html><table></table></html>", "page.xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "broken.xls"),
        ("某某,无关\n1,2\n".encode(), "unrelated.csv"),
        (b"\x00\x01\x02\x03" * 100, "bytes.csv"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_roster_is_answered_with_a_message(signed_in, staff, host, data, name):
    answer = upload(signed_in(staff), data, name)
    assert answer.status_code == 422
    assert answer.context["form"].errors or answer.context["plan"].problems
    assert acting_units(host) == []
    assert kept_files() == []


def test_too_large_a_file_is_refused_before_it_is_read(signed_in, staff, monkeypatch):
    monkeypatch.setattr("organizations.forms.MAX_FILE", 0)
    answer = upload(signed_in(staff), roster("甲镇党委"))
    assert answer.status_code == 422
    assert "larger than 0 MB" in answer.content.decode()


def test_a_form_without_a_file_is_answered_with_a_message(signed_in, staff):
    assert signed_in(staff).post("/units/import/").status_code == 422


@pytest.mark.django_db(transaction=True)
def test_a_file_is_gone_from_the_server_once_it_is_imported(signed_in, staff):
    client = signed_in(staff)
    upload(client, roster("甲镇党委"))
    upload(client, roster("乙镇党委"))
    assert len(kept_files()) == 1  # the second took the place of the first
    commit(client)
    assert kept_files() == []


def test_a_forgotten_file_goes_a_day_later(signed_in, staff, host, monkeypatch):
    upload(signed_in(staff), roster("甲镇党委"))
    later = timezone.now() + KEPT_FOR + datetime.timedelta(minutes=1)
    monkeypatch.setattr("organizations.uploads.timezone.now", lambda: later)
    upload(signed_in(staff), roster("乙镇党委"))
    assert len(kept_files()) == 1


def test_an_uploaded_roster_belongs_to_the_host_it_was_uploaded_for(signed_in, staff, host):
    other = HostFactory()
    MembershipFactory(user=staff, organization=other, role=Role.STAFF)
    client = signed_in(staff)
    upload(client, roster("甲镇党委"))
    client.post("/host/", {"host": other.pk})
    assert client.get(PREVIEW).url == "/units/import/"


def test_the_template_is_a_workbook_that_the_import_reads(signed_in, staff):
    client = signed_in(staff)
    template = client.get("/units/import/template.xlsx").content
    answer = upload(client, template, "模板.xlsx")
    assert answer.status_code == 422
    assert "lists no units" in answer.content.decode()


@pytest.mark.parametrize("who", ["leader", "secretary", "nobody"])
def test_only_staff_import_a_roster(request, signed_in, who):
    user: User = request.getfixturevalue(who)
    client = signed_in(user)
    assert client.get("/units/import/").status_code == 403
    assert upload(client, roster("甲镇党委")).status_code == 403
    assert client.get(PREVIEW).status_code == 403
    assert client.get("/units/import/template.xlsx").status_code == 403
