"""Files are sent to those who may see what they belong to, by us and by the web server in front alike."""

from __future__ import annotations

import hashlib
import logging
import re

import pytest
from django.test import Client

from organizations.models import Role, User
from rectification.models import Evidence, ProgrammeFile
from reviews.models import ReplyFile, VisitPhoto
from reviews.photos import NewPhoto
from reviews.visiting import Findings
from tests.factories.items import proof, submitted
from tests.factories.organizations import HostFactory, UnitFactory, somebody
from tests.factories.programmes import OTHER, assigned_to, reported, target_of, task_of
from tests.factories.replies import deduction_of, replied, replying
from tests.factories.reviews import opened_cycle, ready_host
from tests.factories.visits import made, photo, picture

pytestmark = pytest.mark.django_db

UNIT, OTHER_UNIT = "甲镇党委", "乙镇党委"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(params=["", "/protected/"], ids=["by us", "by nginx"])
def sender(request, settings):
    settings.X_ACCEL = request.param
    return request.param


@pytest.fixture
def host():
    return ready_host(UNIT, OTHER_UNIT)


@pytest.fixture
def kept(host):
    """A photo of each kind that belongs to the first unit, by its address."""
    unit = host.units.get(name=UNIT)
    submitted(unit)
    reported(task_of(target_of(assigned_to(unit, template=OTHER), unit)))
    replied(deduction_of(replying(host), UNIT), "见照片", proof())
    made(opened_cycle(host, "2018Q4"), UNIT, Findings(photos=[photo()]))
    return {
        f"/items/files/{Evidence.objects.get().pk}/": Evidence.objects.get(),
        f"/programmes/files/{ProgrammeFile.objects.get().pk}/": ProgrammeFile.objects.get(),
        f"/cycles/2018Q3/replies/files/{ReplyFile.objects.get().pk}/": ReplyFile.objects.get(),
        f"/visits/photos/{VisitPhoto.objects.get().pk}/": VisitPhoto.objects.get(),
    }


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def read(answer) -> None:
    """To its end, as a browser does, which closes the file."""
    if answer.streaming:
        body(answer)


def words(answer, address: str) -> str:
    """The page but for its token, which is another one each time, and the address that was asked for."""
    return re.sub(r"\b\w{64}\b", "", answer.content.decode()).replace(address, "")


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_staff_get_what_is_shown_and_what_it_was_made_from(kept, staff, sender):
    client = client_of(staff)
    for address, file in kept.items():
        shown, original = client.get(address), client.get(f"{address}original/")
        assert (shown.status_code, original.status_code) == (200, 200)
        assert original["Content-Disposition"].startswith("attachment; ")
        if sender:
            assert shown["X-Accel-Redirect"] == f"/protected/{file.SHELF.kind}/{file.stored_name}"
            assert (
                original["X-Accel-Redirect"] == f"/protected/{file.SHELF.kind}-originals/{file.stored_name}"
            )
        else:
            assert hashlib.sha256(body(shown)).hexdigest() == file.sha256
            assert hashlib.sha256(body(original)).hexdigest() == file.original_sha256


@pytest.mark.usefixtures("sender")
def test_another_units_file_is_not_there(kept, host):
    stranger = somebody(Role.SECRETARY, host.units.get(name=OTHER_UNIT))
    another_host = somebody(Role.STAFF, HostFactory())
    unit_elsewhere = somebody(Role.SECRETARY, UnitFactory(parent=another_host.memberships.get().organization))
    for user in (stranger, another_host, unit_elsewhere):
        client = client_of(user)
        for address in kept:
            for place in (address, f"{address}original/", f"{address}?small"):
                answer = client.get(place)
                assert (place, answer.status_code) == (place, 404)
                assert "X-Accel-Redirect" not in answer
                absent = re.sub(r"(?<=/)\d+(?=/)", "999999", place)
                assert words(answer, place) == words(client.get(absent), absent)


@pytest.mark.usefixtures("sender")
def test_the_unit_sees_its_files_but_has_no_originals(kept, host):
    client = client_of(somebody(Role.SECRETARY, host.units.get(name=UNIT)))
    for address in kept:
        seen, original = client.get(address), client.get(f"{address}original/")
        # A visit is not the unit's to know of (rule 16).
        expected = (404, 404) if address.startswith("/visits/") else (200, 403)
        assert (seen.status_code, original.status_code) == expected
        assert "X-Accel-Redirect" not in original
        read(seen)


@pytest.mark.usefixtures("sender")
def test_whoever_is_not_signed_in_is_asked_to(kept):
    for address in kept:
        answer = Client().get(address)
        assert answer.status_code == 302
        assert "X-Accel-Redirect" not in answer


def test_who_takes_an_original_is_logged(kept, staff, caplog):
    with caplog.at_level(logging.INFO, logger="files.answers"):
        for address in kept:
            read(client_of(staff).get(f"{address}original/"))
    assert len(caplog.records) == len(kept)
    assert all(f"account {staff.pk}" in record.getMessage() for record in caplog.records)


def test_an_original_that_was_never_kept_is_not_there(kept, staff, monkeypatch):
    VisitPhoto.objects.update(original_sha256="", original_size=0, original_type="")
    address = next(each for each in kept if each.startswith("/visits/"))
    assert client_of(staff).get(f"{address}original/").status_code == 404


def test_parts_and_previews_are_sent_too(kept, staff):
    client = client_of(staff)
    for address, file in kept.items():
        part = client.get(address, headers={"range": "bytes=2-5"})
        assert (part.status_code, body(part)) == (206, file.SHELF.shown(file.stored_name).read_bytes()[2:6])
        small = client.get(f"{address}?small")  # a small photo is its own preview
        assert hashlib.sha256(body(small)).hexdigest() == file.sha256


def test_a_large_photo_has_a_preview(host, staff):
    made(opened_cycle(host), UNIT, Findings(photos=[NewPhoto("a.png", picture("PNG", (900, 600)))]))
    row = VisitPhoto.objects.get()
    small = client_of(staff).get(f"/visits/photos/{row.pk}/?small")
    assert small["Content-Type"] == "image/jpeg"
    assert body(small) == row.SHELF.preview(row.stored_name).read_bytes()


@pytest.mark.usefixtures("sender")
def test_head_sends_nothing(kept, staff):
    for address in kept:
        answer = client_of(staff).head(address)
        assert answer.status_code == 200
        read(answer)
