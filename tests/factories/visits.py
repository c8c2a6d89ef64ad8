"""Visits, made by the product's own deeds, and photos that are really photos."""

from __future__ import annotations

import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.utils import timezone
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

import files.pictures  # noqa: F401 - teaches Pillow to write HEIC
from organizations.models import Organization, Role, User
from reviews.models import ReviewCycle, Visit
from reviews.photos import NewPhoto
from reviews.visiting import Findings, NewLoss, VisitDetails, plan_visit, record_visit
from tests.factories.organizations import UnitFactory, somebody
from tests.factories.reviews import indicator_of


def unit_of(cycle: ReviewCycle, name: str) -> Organization:
    return cycle.host.units.get(name=name)


def branch_of(unit: Organization, name: str, position: int = 1) -> Organization:
    """A sub-unit, in no group."""
    return UnitFactory(parent=unit, group=None, name=name, position=position)


def planned(
    cycle: ReviewCycle,
    unit: str,
    *,
    by: User | None = None,
    inspectors: tuple[User, ...] = (),
    **details: Any,
) -> Visit:
    """A planned visit to a unit, by a new inspector unless told who."""
    inspectors = inspectors or (somebody(Role.INSPECTOR, cycle.host),)
    details.setdefault("organization", unit_of(cycle, unit))
    return plan_visit(cycle, VisitDetails(inspectors=inspectors, **details), by=by or inspectors[0])


def made(
    cycle: ReviewCycle,
    unit: str,
    findings: Findings | None = None,
    *,
    visited_on: datetime.date | None = None,
    **plan: Any,
) -> Visit:
    """A visit that was planned and recorded."""
    visit = planned(cycle, unit, **plan)
    return record_visit(
        visit,
        findings or Findings(),
        visited_on=visited_on or timezone.localdate(),
        by=visit.inspectors.all()[0],
    )


def loss(cycle: ReviewCycle, unit: str, reason: str = "缺签到表", *, indicator: str = "三会一课") -> NewLoss:
    """A point that a visit takes from a unit."""
    return NewLoss(indicator_of(cycle, unit, indicator).pk, Decimal(1), reason)


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30)) -> bytes:
    """A small photo as a file."""
    file = BytesIO()
    Image.new("RGB", size, (179, 20, 29)).save(file, kind)
    return file.getvalue()


def photo(name: str = "会议室.jpg", kind: str = "JPEG") -> NewPhoto:
    return NewPhoto(name, picture(kind))


def as_taken(kind: str = "JPEG", *, noisy: bool = False) -> bytes:
    """A photo that says when, with what and where it was taken, the last in every way that cameras know.

    kind: as Pillow names it; an MPO is a JPEG with a second picture in it.
    """
    image = Image.effect_noise((40, 30), 90).convert("RGB") if noisy else Image.new("RGB", (40, 30), "red")
    exif, file = Image.Exif(), BytesIO()
    exif[ExifTags.Base.DateTime] = "2018:09:01 10:00:00"
    exif[ExifTags.Base.Model] = "P20"
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (30.0, 1.0, 2.0)}
    exif[ExifTags.IFD.Exif] = {
        ExifTags.Base.DateTimeOriginal: "2018:09:01 10:00:00",
        ExifTags.Base.MakerNote: b"a maker's own note",
    }
    more: dict[str, Any] = {"xmp": b"<x:xmpmeta><GPSLatitude>30,1N</GPSLatitude></x:xmpmeta>"}
    if kind in ("JPEG", "WEBP"):
        exif[ExifTags.Base.Orientation] = 6
    if kind == "MPO":
        more |= {"save_all": True, "append_images": [image]}
    if kind == "PNG":
        more = {"pnginfo": _text("XML:com.adobe.xmp", "<GPSLatitude>30,1N</GPSLatitude>")}
    image.save(file, kind, exif=exif, **more)
    return file.getvalue()


def _text(key: str, text: str) -> PngInfo:
    chunk = PngInfo()
    chunk.add_itxt(key, text)
    return chunk
