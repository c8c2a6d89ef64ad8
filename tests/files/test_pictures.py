"""Photos are told by decoding them, and lose the place they were taken at."""

from io import BytesIO

import pytest
from PIL import ExifTags, Image

from files import pictures
from files.pictures import PhotoFormat, PhotoRefused, look_at, without_place
from tests.factories.visits import picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_it_is_is_told_by_decoding_not_by_its_name(kind):
    seen = look_at("说明.txt", picture(kind))
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
    assert look_at("a.jpg", as_taken("MPO")).content_type == PhotoFormat.JPEG


@pytest.mark.parametrize("kind", ["JPEG", "MPO", "PNG", "WEBP"])
def test_where_it_was_taken_is_removed_and_when_is_not(kind):
    with Image.open(BytesIO(without_place(as_taken(kind)))) as image:
        exif = image.getexif()
        assert exif.get_ifd(ExifTags.IFD.GPSInfo) == {}
        assert exif[ExifTags.Base.DateTime] == "2018:09:01 10:00:00"
        assert image.size == (40, 30)


def test_a_photo_that_names_no_place_stays_as_it_is():
    sent = as_taken("JPEG", with_place=False)
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
        look_at("假照片.jpg", data)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100)
    with pytest.raises(PhotoRefused, match=r"pixels|像素"):
        look_at("会议室.jpg", picture())


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(pictures, "LARGEST", 100)
    with pytest.raises(PhotoRefused):
        look_at("会议室.jpg", picture())
