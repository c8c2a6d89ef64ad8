"""Photos are told by decoding them; what is shown is written anew, upright and without metadata."""

from io import BytesIO

import pytest
from PIL import ExifTags, Image, ImageCms

from files import pictures
from files.pictures import PhotoFormat, PhotoRefused, written_anew
from tests.factories.visits import as_taken, picture

KINDS = ["JPEG", "PNG", "WEBP"]
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def saved(image: Image.Image, kind: str, **more) -> bytes:
    file = BytesIO()
    image.save(file, kind, **more)
    return file.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_what_it_is_is_told_by_decoding_not_by_its_name(kind):
    seen = written_anew("说明.txt", picture(kind))
    assert (seen.content_type, seen.width, seen.height) == (PhotoFormat[kind], 40, 30)
    assert opened(seen.data).format == kind


@pytest.mark.parametrize("kind", ["HEIF", "MPO"])
def test_what_phones_send_becomes_a_jpeg(kind):
    seen = written_anew("IMG_0001.HEIC", as_taken(kind))
    assert seen.content_type == PhotoFormat.JPEG
    assert opened(seen.data).format == "JPEG"


@pytest.mark.parametrize("kind", [*KINDS, "MPO", "HEIF"])
def test_nothing_that_was_written_beside_the_picture_is_shown(kind):
    sent = as_taken(kind)
    assert opened(sent).getexif()
    shown = opened(written_anew("a.jpg", sent).data)
    assert dict(shown.getexif()) == {}
    assert not {"xmp", "comment", "icc_profile", "exif"} & shown.info.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_was_hung_on_behind_is_shown(kind):
    page = b"<html><script>alert(1)</script></html>PK\x03\x04"
    assert page not in written_anew("a.jpg", picture(kind) + page).data


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_stands_as_the_camera_was_held(kind):
    image, exif = Image.new("RGB", (64, 32), "white"), Image.Exif()
    image.paste((255, 0, 0), (0, 0, 32, 32))  # red on the left
    exif[ExifTags.Base.Orientation] = 6  # to be turned to the right
    seen = written_anew("a.jpg", saved(image, kind, exif=exif))
    shown = opened(seen.data).convert("RGB")
    assert (seen.width, seen.height) == shown.size == (32, 64)
    assert shown.getpixel((16, 8))[1] < 60 < 200 < shown.getpixel((16, 56))[1]  # red is above now


@pytest.mark.parametrize("turned", range(1, 9))
def test_each_way_of_holding_a_camera_is_understood(turned):
    """Against the same picture turned by Pillow itself."""
    image, exif = Image.new("L", (48, 24), 255), Image.Exif()
    image.paste(0, (0, 0, 12, 12))
    exif[ExifTags.Base.Orientation] = turned
    shown = opened(written_anew("a.png", saved(image, "PNG", exif=exif)).data)
    wanted = image if turned == 1 else image.transpose(pictures._TURNED[turned])
    corners = [(0, 0), (wanted.width - 1, 0), (0, wanted.height - 1), (wanted.width - 1, wanted.height - 1)]
    assert [shown.getpixel(each) for each in corners] == [wanted.getpixel(each) for each in corners]


def test_a_large_photo_is_shown_smaller_and_with_a_preview():
    seen = written_anew("a.jpg", picture(size=(5000, 2500)))
    assert (seen.width, seen.height) == (4096, 2048)
    assert seen.preview is not None
    assert opened(seen.preview).size == (480, 240)


def test_a_small_photo_is_its_own_preview():
    assert written_anew("a.jpg", picture(size=(480, 480))).preview is None


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_is_shown(mode):
    image = Image.new(mode, (600, 30))
    assert written_anew("a.png", saved(image, "PNG")).width == 600


def test_what_can_be_seen_through_stays_so():
    image = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    assert opened(written_anew("a.png", saved(image, "PNG")).data).getpixel((0, 0))[3] == 0


def test_a_printers_jpeg_is_shown_in_the_colours_of_a_screen():
    assert opened(written_anew("a.jpg", saved(Image.new("CMYK", (9, 9)), "JPEG")).data).mode == "RGB"


@pytest.mark.parametrize("profile", [SRGB, b"x"])
def test_a_colour_profile_is_worked_in_and_not_sent_along(profile):
    sent = saved(Image.new("RGB", (9, 9), "red"), "JPEG", icc_profile=profile)
    shown = opened(written_anew("a.jpg", sent).data)
    assert "icc_profile" not in shown.info
    assert shown.getpixel((4, 4))[0] > 240


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused(kind, english):
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    moving = saved(frames[0], kind, save_all=True, append_images=frames[1:])
    with pytest.raises(PhotoRefused, match=r"“a\.png” is a moving picture"):
        written_anew("a.png", moving)


def gif() -> bytes:
    return saved(Image.new("P", (4, 4)), "GIF")


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
        as_taken("HEIF")[:-100],
    ],
)
def test_what_only_says_that_it_is_a_photo_is_refused_by_name(data):
    with pytest.raises(PhotoRefused, match=r"假照片\.jpg"):
        written_anew("假照片.jpg", data)


@pytest.mark.parametrize("kind", [*KINDS, "HEIF"])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(kind, monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100)
    monkeypatch.setattr(pictures, "MOST_PIXELS_TWICE", 100)
    with pytest.raises(PhotoRefused, match=r"pixels|像素"):
        written_anew("会议室.jpg", picture(kind))


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(pictures, "LARGEST_PHOTO", 100)
    with pytest.raises(PhotoRefused):
        written_anew("会议室.jpg", picture())
