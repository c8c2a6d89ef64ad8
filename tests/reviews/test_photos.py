"""Photos: only real ones are kept, whole, under a random name; what fails leaves nothing behind."""

import hashlib
import os

import pytest

from files.pictures import PhotoRefused
from reviews import photos
from reviews.photos import NewPhoto, folder, kept_photos
from tests.factories.organizations import HostFactory
from tests.factories.visits import photo, picture


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def files() -> list[str]:
    return sorted(path.name for path in folder().iterdir()) if folder().exists() else []


@pytest.fixture
def host(db):
    return HostFactory()


def test_no_more_than_a_visit_holds(monkeypatch, host):
    monkeypatch.setattr(photos, "MOST_PHOTOS", 1)
    with pytest.raises(PhotoRefused), kept_photos([photo(), photo()], host):
        pass
    assert files() == []


@pytest.mark.django_db
class TestKept:
    def test_a_photo_lies_whole_under_a_random_name_before_its_row(self, host):
        data = picture()
        with kept_photos([NewPhoto("C:\\照片\\会议室.jpg", data)], host) as (row,):
            assert files() == [row.stored_name]
            assert photos.path_of(row).read_bytes() == data
            assert (row.original_name, row.size) == ("会议室.jpg", len(data))
            assert row.sha256 == hashlib.sha256(data).hexdigest()
            assert photos.path_of(row).stat().st_mode & 0o077 == 0

    def test_one_that_got_no_row_is_taken_away(self, host):
        with kept_photos([photo()], host):
            pass
        assert files() == []

    def test_nothing_stays_where_the_block_fails(self, host):
        with pytest.raises(RuntimeError), kept_photos([photo(), photo()], host):
            raise RuntimeError("the power is gone")
        assert files() == []

    def test_one_bad_photo_keeps_none(self, host):
        with pytest.raises(PhotoRefused), kept_photos([photo(), NewPhoto("x.jpg", b"no")], host):
            pass
        assert files() == []

    def test_files_are_synced_before_they_are_renamed(self, monkeypatch, host):
        synced = []
        sync = os.fsync
        monkeypatch.setattr(os, "fsync", lambda file: (synced.append(len(files())), sync(file)))
        with kept_photos([photo()], host):
            assert len(synced) == 2  # the file, then its folder
