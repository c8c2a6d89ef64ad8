"""Originals lose the place they were taken at, and not one bit of the picture."""

from io import BytesIO

import pytest
from PIL import ExifTags, Image

from files.metadata import without_place
from tests.factories.visits import as_taken, picture

KINDS = ["JPEG", "MPO", "PNG", "WEBP", "HEIF"]


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("kind", KINDS)
def test_where_it_was_taken_is_gone_and_when_and_with_what_is_not(kind):
    kept = without_place(as_taken(kind))
    exif = opened(kept).getexif()
    assert exif.get_ifd(ExifTags.IFD.GPSInfo) == {}
    assert exif[ExifTags.Base.DateTime] == "2018:09:01 10:00:00"
    assert exif[ExifTags.Base.Model] == "P20"
    assert exif.get_ifd(ExifTags.IFD.Exif) == {ExifTags.Base.DateTimeOriginal: "2018:09:01 10:00:00"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_could_name_a_place_otherwise_is_gone_too(kind):
    kept = without_place(as_taken(kind))
    assert b"GPSLatitude" not in kept  # of XMP
    assert b"maker's own note" not in kept


@pytest.mark.parametrize("kind", KINDS)
def test_the_picture_is_the_same_to_the_bit(kind):
    sent = as_taken(kind, noisy=True)
    assert opened(without_place(sent)).tobytes() == opened(sent).tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_that_names_no_place_stays_as_it_is(kind):
    sent = picture(kind) if kind != "MPO" else picture()
    assert without_place(sent) == sent


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_how_it_is_turned_stays(kind):
    assert opened(without_place(as_taken(kind))).getexif()[ExifTags.Base.Orientation] == 6


def test_a_jpeg_in_several_scans_keeps_them_all():
    file = BytesIO()
    Image.effect_noise((80, 60), 90).save(file, "JPEG", progressive=True, comment="30.1 N")
    kept = without_place(file.getvalue())
    assert b"30.1 N" not in kept
    assert opened(kept).tobytes() == opened(file.getvalue()).tobytes()


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff",
        b"\xff\xd8 no segment",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 30,
        picture("PNG")[:-20],
        b"\0\0\0\x18ftypheic",
        b"",
    ],
)
def test_what_is_laid_out_in_another_way_is_not_kept(data):
    assert without_place(data) is None
