"""A back-up taken while people work restores to what was there; what is no back-up is refused untouched."""

from __future__ import annotations

import datetime
import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from operations import archive
from operations.archive import MANIFEST, Manifest, Unusable
from operations.backing_up import back_up, name_for
from operations.databases import take_the_place_of
from operations.drilling import drill
from operations.restoring import restore
from organizations.models import FormerName, Organization
from rectification.models import Evidence
from reviews.models import Publication
from tests.factories.items import submitted
from tests.factories.organizations import HostFactory, UnitFactory
from tests.factories.reviews import cycle_with_totals, published


@pytest.fixture(autouse=True)
def installation(settings, tmp_path: Path) -> Path:
    """A folder of data of its own."""
    settings.DATA_DIR = tmp_path / "data"
    settings.MEDIA_ROOT = settings.DATA_DIR / "uploads"
    settings.MEDIA_ROOT.mkdir(parents=True)
    return settings.DATA_DIR


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A sound archive, though of a database that says nothing."""
    database, path = tmp_path / "dumped", tmp_path / "kept.review-backup"
    database.write_bytes(b"tables" * 50)
    manifest = Manifest(connection.vendor, "2018-10-08T09:00:00+08:00", [], {}, [])
    archive.write(path, database, tmp_path / "uploads", manifest)
    return path


class Writers:
    """People who go on working: each name is acknowledged before it is counted."""

    def __init__(self, units: list[Organization]) -> None:
        self.acknowledged: dict[int, int] = dict.fromkeys((unit.pk for unit in units), 0)
        self._stop = threading.Event()
        self._busy = threading.Barrier(len(units) + 1)
        self._threads = [threading.Thread(target=self._write, args=(unit,)) for unit in units]

    def _write(self, unit: Organization) -> None:
        try:
            while not self._stop.is_set():
                number = self.acknowledged[unit.pk] + 1
                FormerName.objects.create(organization=unit, name=f"曾用名{number}")
                self.acknowledged[unit.pk] = number
                if number == 1:
                    self._busy.wait(timeout=30)
        finally:
            connection.close()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        for thread in self._threads:
            thread.start()
        self._busy.wait(timeout=30)
        try:
            yield
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join()


@pytest.mark.django_db(transaction=True)
def test_a_back_up_under_load_restores_to_the_same(tmp_path):
    cycle = cycle_with_totals({"甲镇党委": 96, "乙镇党委": 90})
    host = cycle.host
    published(cycle)
    submitted(UnitFactory(parent=host))
    writers = Writers([UnitFactory(parent=host) for _ in range(3)])
    path = tmp_path / "now.review-backup"
    with writers.at_work():
        before = dict(writers.acknowledged)
        manifest = back_up(path)
        assert set(writers.acknowledged.values()) != {1}  # nobody was kept waiting until it was done
    assert manifest.publications == [Publication.objects.get().digest]
    file = Evidence.objects.get()
    assert f"uploads/{file.SHELF.kind}/{file.stored_name}" in manifest.files
    assert manifest.tables["organizations_formername"].rows >= sum(before.values())
    drilled = drill(path)
    assert drilled.passed, drilled.said


def changed(path: Path, **said: Any) -> Path:
    """The back-up with another manifest."""
    other = path.with_name("changed.review-backup")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, json.dumps(json.loads(data) | said) if name == MANIFEST else data)
    return other


class TestRefused:
    """Nothing is restored, and one line says why."""

    @pytest.mark.parametrize("part", [0, 1, 100, 0.5, 0.99])
    def test_a_file_that_was_cut_off(self, part, backup, empty):
        data = backup.read_bytes()
        backup.write_bytes(data[: int(part * len(data)) if part < 1 else part])
        with pytest.raises(Unusable, match="不是备份文件，或不完整、已损坏"):
            restore(backup)

    def test_a_changed_upload(self, backup, empty, settings):
        other = changed(backup)
        with zipfile.ZipFile(other, "a") as target:
            target.writestr("uploads/items/added", b"photo")
        with pytest.raises(Unusable, match="与清单所列不一致"):
            restore(other)
        assert not list(settings.MEDIA_ROOT.rglob("*"))

    def test_a_part_that_leads_outside(self, backup, empty, tmp_path):
        files = json.loads(zipfile.ZipFile(backup).read(MANIFEST))["files"]
        other = changed(backup, files=files | {"uploads/../../outside": "0" * 64})
        with zipfile.ZipFile(other, "a") as target:
            target.writestr("uploads/../../outside", b"photo")
        with pytest.raises(Unusable, match="与清单所列不一致"):
            restore(other)
        assert not list(tmp_path.rglob("outside"))

    def test_a_database_that_is_not_the_one_backed_up(self, backup, empty):
        files = json.loads(zipfile.ZipFile(backup).read(MANIFEST))["files"]
        with pytest.raises(Unusable, match="“database”已损坏"):
            restore(changed(backup, files=files | {"database": "0" * 64}))

    @pytest.mark.parametrize(
        ("said", "why"),
        [
            ({"format": 2}, "格式为 2"),
            ({"vendor": "oracle"}, "oracle"),
            ({"migrations": ["reviews.9999_tomorrow"]}, "reviews.9999_tomorrow"),
            ({"surprise": 1}, "不是备份文件"),
        ],
    )
    def test_a_back_up_of_another_kind(self, said, why, backup, empty):
        with pytest.raises(Unusable, match=why):
            restore(changed(backup, **said))

    def test_into_an_installation_in_use(self, backup, db):
        host = HostFactory()
        with pytest.raises(Unusable, match="正在使用"):
            restore(backup)
        assert Organization.objects.get() == host

    def test_over_uploads(self, backup, empty, settings):
        (settings.MEDIA_ROOT / "photo").write_bytes(b"kept")
        with pytest.raises(Unusable, match="不是空的"):
            restore(backup)
        assert (settings.MEDIA_ROOT / "photo").read_bytes() == b"kept"

    def test_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(CommandError, match="不存在"):
            call_command("restore", tmp_path / "missing")

    @pytest.fixture
    def empty(self, db: None) -> None:
        """An installation without accounts and organizations."""


class TestTarget:
    def test_an_existing_file_is_never_written_over(self, backup):
        before = backup.read_bytes()
        with pytest.raises(CommandError, match="已存在"):
            call_command("backup", backup)
        assert backup.read_bytes() == before

    @pytest.mark.django_db(transaction=True)
    def test_a_folder_that_is_not_there_is_said(self, tmp_path, installation):
        with pytest.raises(CommandError, match="无法写入"):
            call_command("backup", tmp_path / "missing" / "file")
        assert [path.name for path in installation.iterdir()] == ["uploads"]

    def test_only_its_owner_reads_it(self, backup):
        assert backup.stat().st_mode & 0o777 == 0o600

    @pytest.mark.django_db(transaction=True)
    def test_the_newest_are_kept(self, tmp_path):
        folder = tmp_path / "kept"
        folder.mkdir()
        for day in ("20180101", "20180102", "20180103"):
            (folder / f"{day}-000000.review-backup").touch()
        (folder / "notes.txt").touch()
        call_command("backup", folder, keep="2")
        kept = sorted(path.name for path in folder.iterdir())
        assert kept[0] == "20180103-000000.review-backup"
        assert archive.read_manifest(folder / kept[1]).files.keys() == {"database"}
        assert kept[2:] == ["notes.txt"]

    @pytest.mark.parametrize("keep", ["0", "-1", "x", "1" * 5000])
    def test_keeping_none_is_refused(self, keep, tmp_path):
        with pytest.raises(CommandError, match="--keep"):
            call_command("backup", tmp_path, keep=keep)


def test_what_a_killed_back_up_left_does_not_stand_in_the_way(backup):
    left = backup.with_name(".again.review-backup.part")
    left.write_bytes(b"half")
    archive.write(backup.with_name("again.review-backup"), backup, left, archive.read_manifest(backup))
    assert not left.exists()


def test_a_journal_left_beside_is_not_played_into_the_restored_database(tmp_path):
    path, backup = tmp_path / "db.sqlite3", tmp_path / "backup"
    for file, value in ((path, "later"), (backup, "backed up")):
        database = connect(file)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE word (value)")
        database.execute("INSERT INTO word VALUES (?)", (value,))
        database.commit()
        if file == path:
            journal = Path(f"{path}-wal").read_bytes()
        database.close()
    Path(f"{path}-wal").write_bytes(journal)
    take_the_place_of(backup, path)
    assert connect(path).execute("SELECT value FROM word").fetchall() == [("backed up",)]


def test_a_manifest_is_read_as_it_was_written(backup):
    manifest = archive.read_manifest(backup)
    assert (manifest.vendor, manifest.tables) == (connection.vendor, {})
    assert manifest.files.keys() == {"database"}


def test_names_sort_by_age():
    moments = [timezone.now() + datetime.timedelta(seconds=seconds) for seconds in (0, 1, 60, 86_400)]
    assert sorted(map(name_for, moments)) == [name_for(moment) for moment in moments]
