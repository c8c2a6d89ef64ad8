"""Photos: only real ones are kept, whole, under a random name; what fails leaves nothing behind."""

import hashlib
import os

import pytest

from files.folders import folder_of
from files.pictures import PhotoRefused
from reviews import photos
from reviews.models import VisitSettings
from reviews.photos import NewPhoto, kept_photos
from tests.factories.organizations import HostFactory
from tests.factories.visits import as_taken, photo, picture


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def files(kind: str = "visits") -> list[str]:
    folder = folder_of(kind)
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def all_files() -> list[str]:
    return [name for kind in ("visits", "visits-originals", "visits-previews") for name in files(kind)]


@pytest.fixture
def host(db):
    return HostFactory()


def test_no_more_than_a_visit_holds(monkeypatch, host):
    monkeypatch.setattr(photos, "MOST_PHOTOS", 1)
    with pytest.raises(PhotoRefused), kept_photos([photo(), photo()], host):
        pass
    assert all_files() == []


@pytest.mark.django_db
class TestKept:
    def test_a_photo_lies_whole_under_a_random_name_before_its_row(self, host):
        data = picture(size=(600, 400))
        with kept_photos([NewPhoto("C:\\照片\\会议室.jpg", data)], host) as (row,):
            assert files() == files("visits-originals") == files("visits-previews") == [row.stored_name]
            shown = photos.path_of(row).read_bytes()
            assert shown != data
            assert (row.original_name, row.size) == ("会议室.jpg", len(shown))
            assert row.sha256 == hashlib.sha256(shown).hexdigest()
            assert photos.path_of(row).stat().st_mode & 0o077 == 0

    def test_the_original_is_kept_beside_it_with_its_digest(self, host):
        data = picture()
        with kept_photos([NewPhoto("a.jpg", data)], host) as (row,):
            assert row.SHELF.original(row.stored_name).read_bytes() == data
            assert row.SHELF.original(row.stored_name).stat().st_mode & 0o077 == 0
            assert row.original_sha256 == row.sent_sha256 == hashlib.sha256(data).hexdigest()
            assert (row.original_size, row.original_type) == (len(data), "image/jpeg")

    @pytest.mark.parametrize("keeps", [True, False])
    def test_the_original_says_where_it_was_taken_only_where_the_host_wants_it(self, keeps, host):
        VisitSettings.objects.create(host=host, keeps_photo_places=keeps)
        sent = as_taken()
        with kept_photos([NewPhoto("a.jpg", sent)], host) as (row,):
            kept = row.SHELF.original(row.stored_name).read_bytes()
            assert b"GPSLatitude" not in photos.path_of(row).read_bytes()
        assert (kept == sent, b"GPSLatitude" in kept) == (keeps, keeps)
        assert row.original_sha256 == hashlib.sha256(kept).hexdigest()
        assert row.sent_sha256 == hashlib.sha256(sent).hexdigest()

    def test_without_an_original_where_its_place_cannot_be_taken_out(self, host, monkeypatch):
        monkeypatch.setattr("files.taking.without_place", lambda _data: None)
        with kept_photos([photo()], host) as (row,):
            assert files("visits-originals") == []
        assert (row.has_original, row.original_size, row.original_type) == (False, 0, "")
        assert row.sent_sha256

    def test_one_that_got_no_row_is_taken_away(self, host):
        with kept_photos([photo()], host):
            pass
        assert all_files() == []

    def test_nothing_stays_where_the_block_fails(self, host):
        with pytest.raises(RuntimeError), kept_photos([photo(), photo()], host):
            raise RuntimeError("the power is gone")
        assert all_files() == []

    def test_one_bad_photo_keeps_none(self, host):
        with pytest.raises(PhotoRefused), kept_photos([photo(), NewPhoto("x.jpg", b"no")], host):
            pass
        assert all_files() == []

    def test_files_are_synced_before_they_are_renamed(self, monkeypatch, host):
        synced = []
        sync = os.fsync
        monkeypatch.setattr(os, "fsync", lambda file: (synced.append(len(files())), sync(file)))
        with kept_photos([photo()], host):
            assert len(synced) == 4  # the original, then what is shown; each time its folder after it
