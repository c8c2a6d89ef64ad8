"""What is done without a row that changes is told as well: signing in, taking a file."""

import pytest
from django.db import DatabaseError

from audit.models import Entry, Operation
from organizations.models import Group, User
from tests.audit.trail import newly_told
from tests.factories.organizations import GroupFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(staff):
    staff.set_password("ein langes Kennwort")
    staff.save()
    return staff


def log_in(client, username, password):
    return client.post("/login/", {"username": username, "password": password}, REMOTE_ADDR="192.0.2.5")


def test_signing_in_and_out_is_told_with_the_address(client, known):
    with newly_told(table="") as told:
        log_in(client, known.username, "ein langes Kennwort")
        client.post("/logout/")
    assert [entry.operation for entry in told] == [Operation.LOGIN, Operation.LOGOUT]
    assert {entry.actor for entry in told} == {known.pk}
    assert (told[0].address, told[0].source) == ("192.0.2.5", "web")
    assert told[0].request_id != told[1].request_id


def test_a_wrong_password_is_told_of_the_account_and_never_kept(client, known):
    with newly_told() as told:
        log_in(client, known.username, "geheim123")
    (entry,) = told
    assert (entry.operation, entry.subject_key, entry.actor) == (Operation.LOGIN_FAILED, known.pk, None)
    assert "geheim123" not in f"{entry.new}{entry.why}"


def test_a_name_that_is_nobodys_may_be_a_password_and_is_not_kept(client, known):
    with newly_told() as told:
        log_in(client, "geheim123", "x")
    (entry,) = told
    assert (entry.subject_key, entry.new) == (None, {"unknown_name": True})


def test_what_a_page_changes_is_the_deed_of_its_user(signed_in, staff, unit):
    client = signed_in(staff)
    with newly_told(table="organizations_organization") as told:
        answer = client.post(
            f"/units/{unit.pk}/edit/",
            {"name": "甲镇新党委", "kind": "committee", "group": unit.group_id, "position": 1},
            REMOTE_ADDR="192.0.2.5",
        )
    assert {(entry.actor, entry.source, entry.address) for entry in told} == {(staff.pk, "web", "192.0.2.5")}
    assert {entry.request_id for entry in told} == {answer.headers["X-Request-ID"]}


def test_a_file_that_is_taken_is_told_by_its_name(signed_in, staff):
    with newly_told(operation=Operation.DOWNLOAD) as told:
        signed_in(staff).get("/units.xlsx")
    (entry,) = told
    assert (entry.actor, entry.new["path"]) == (staff.pk, "/units.xlsx")
    assert entry.new["name"].endswith(".xlsx")


def test_looking_at_pages_is_not_told(signed_in, staff):
    client = signed_in(staff)
    with newly_told() as told:
        client.get("/units/")
        client.head("/units.xlsx")
    assert told == []


def test_a_file_whose_sending_cannot_be_recorded_is_not_sent(signed_in, staff, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("read-only")

    client = signed_in(staff)
    monkeypatch.setattr("organizations.sent_files.record_event", fail)
    answer = client.get("/units.xlsx")
    assert answer.status_code == 503
    assert "Content-Disposition" not in answer.headers
    assert Entry.objects.filter(operation=Operation.DOWNLOAD).count() == 0


def test_commands_are_told_by_their_name(db):
    from django.core.management import call_command

    group = GroupFactory()
    with newly_told() as told:
        call_command("import_units", "samples/units.xlsx", host=group.host.name, verbosity=0)
    assert {entry.source for entry in told} == {"command import_units"}
    assert Group.objects.count() > 1
    assert User.objects.count() == 0
