"""Photos: only real ones are kept, whole, under a random name; what fails leaves nothing behind."""

import hashlib
import os
import time
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import ExifTags, Image

from reviews import photos
from reviews.models import PhotoFormat
from reviews.photos import (
    NewPhoto,
    PhotoRefused,
    folder,
    kept_photos,
    look_at,
    remove_orphans,
    shown_name,
    without_place,
)
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


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_it_is_is_told_by_decoding_not_by_its_name(kind):
    seen = look_at(NewPhoto("说明.txt", picture(kind)))
    assert (seen.content_type, seen.width, seen.height) == (PhotoFormat[kind], 40, 30)


def as_taken(kind: str, *, with_place: bool = True) -> bytes:
    """A photo that says when it was taken, and where. An MPO is a JPEG with a second picture in it."""
    image, file, exif = Image.new("RGB", (40, 30), (179, 20, 29)), BytesIO(), Image.Exif()
    exif[ExifTags.Base.DateTime] = "2018:09:01 10:00:00"
    if with_place:
        exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (30.0, 1.0, 2.0)}
    more = {"save_all": True, "append_images": [image]} if kind == "MPO" else {}
    image.save(file, kind, exif=exif, **more)
    return file.getvalue()


def test_a_photo_that_carries_a_second_picture_is_a_jpeg():
    assert look_at(NewPhoto("a.jpg", as_taken("MPO"))).content_type == PhotoFormat.JPEG


@pytest.mark.parametrize("kind", ["JPEG", "MPO", "PNG", "WEBP"])
def test_where_it_was_taken_is_removed_and_when_is_not(kind):
    with Image.open(BytesIO(without_place(NewPhoto("a.jpg", as_taken(kind))).data)) as image:
        exif = image.getexif()
        assert exif.get_ifd(ExifTags.IFD.GPSInfo) == {}
        assert exif[ExifTags.Base.DateTime] == "2018:09:01 10:00:00"
        assert image.size == (40, 30)


def test_a_photo_that_names_no_place_stays_as_it_is():
    sent = NewPhoto("a.jpg", as_taken("JPEG", with_place=False))
    assert without_place(sent) is sent


def gif() -> bytes:
    file = BytesIO()
    Image.new("P", (4, 4)).save(file, "GIF")
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff\xe0 says JPEG",
        b"<script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture()[:-200],
        picture("PNG")[:40],
        gif(),
    ],
)
def test_what_only_says_that_it_is_a_photo_is_refused_by_name(data):
    with pytest.raises(PhotoRefused, match=r"假照片\.jpg"):
        look_at(NewPhoto("假照片.jpg", data))


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(monkeypatch):
    monkeypatch.setattr(photos, "MOST_PIXELS", 100)
    with pytest.raises(PhotoRefused, match=r"pixels|像素"):
        look_at(photo())


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(photos, "LARGEST", 100)
    with pytest.raises(PhotoRefused):
        look_at(photo())


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

    def test_what_a_power_cut_left_is_cleared_a_day_later(self):
        folder().mkdir(parents=True)
        for name, age in (("old", 2), ("new", 0)):
            (folder() / name).write_bytes(b"")
            then = time.time() - timedelta(days=age).total_seconds()
            os.utime(folder() / name, (then, then))
        assert remove_orphans() == 1
        assert files() == ["new"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd", "passwd"), ("a\r\nb.jpg", "a b.jpg"), ("照" * 300 + ".jpg", "照" * 196 + ".jpg")],
)
def test_a_name_is_one_line_without_folders(name, kept):
    assert shown_name(name) == kept
