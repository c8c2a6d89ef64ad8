"""Bad files at every door: one clear line, nothing half kept, never an error of ours.

Here every fourth file goes to one door, in turn; `python -m tests.trust bad_uploads` sends each to all of
them, and measures.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from files import taking
from tests.access import ACCESS
from tests.factories.bad_files import DOCUMENT, PHOTO, TEMPLATE, WORKBOOK, BadFile, bad_files
from tests.factories.pages import district_of_pages
from tests.factories.sending import faults_of
from tests.factories.upload_doors import upload_doors
from tests.factories.visits import picture

FILES = bad_files()
# Too much work for every change; the long form has them.
LONG = ("too large", "bomb", "an archive in an archive")


def test_there_are_many_and_no_two_are_called_the_same():
    names = [file.what for file in FILES]
    assert len(names) == len(set(names)) > 150


@pytest.mark.django_db
def test_each_bad_file_is_refused_or_made_harmless(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    doors = upload_doors(district_of_pages())
    assert {door.name for door in doors} <= ACCESS.keys()
    clients = {}
    for door in doors:
        client = clients[door.by] = Client(raise_request_exception=False)
        client.force_login(door.by)
    short = [file for file in FILES if not any(word in file.what for word in LONG)]
    faults = []
    for number, file in enumerate(short[::4]):
        door = doors[number % len(doors)]
        faults += faults_of(door, clients[door.by], file, file.make())
    assert faults == []
    # A good one is taken by all that take photos, and decoded before a transaction makes others wait.
    depths = []
    decode = taking.written_anew
    monkeypatch.setattr(
        taking,
        "written_anew",
        lambda *args: (depths.append(len(connection.savepoint_ids)), decode(*args))[1],
    )
    good = BadFile("a good photo", "好照片.jpg", bytes, frozenset({WORKBOOK, TEMPLATE}))
    for door in doors:
        faults += faults_of(door, clients[door.by], good, picture(size=(51, 33)))
    assert faults == []
    assert depths == [1] * sum(door.takes in (PHOTO, DOCUMENT) for door in doors)
