"""Read what a phone sends: the record of one visit as JSON of a known shape, or nothing of it."""

from __future__ import annotations

import datetime
import json
import re
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from files.limits import MOST_PHOTOS

MOST_ROWS = 100  # of one kind in one visit, as at the desk
_LARGEST_KEY = 2**63 - 1
_POINTS = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4})?")


class MalformedRecord(ValueError):
    """Not what the phone's page sends."""


@dataclass(frozen=True)
class SentLoss:
    """Points taken from one indicator, by its key."""

    indicator: int
    points: Decimal
    reason: str


@dataclass(frozen=True)
class SentPhoto:
    """A photo that follows in a request of its own. loss: the place of the loss it proves, from 0."""

    key: uuid.UUID
    name: str
    loss: int | None


@dataclass(frozen=True)
class PhoneRecord:
    """One visit as it was written down without a connection.

    visit: the key of the planned visit it records; None where nobody planned it, and then organization and
    inspectors say who went where. noted_at: by the phone's clock.
    """

    key: uuid.UUID
    cycle: int
    visit: int | None
    organization: int
    place: int | None
    place_name: str
    inspectors: tuple[int, ...]
    visited_on: datetime.date
    noted_at: datetime.datetime
    note: str
    losses: tuple[SentLoss, ...]
    highlights: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]  # category, text
    photos: tuple[SentPhoto, ...]

    def as_sent(self) -> dict[str, Any]:
        """The same as JSON: to be kept word for word, and compared with what comes under this key again."""
        return {
            "uuid": str(self.key),
            "cycle": self.cycle,
            "visit": self.visit,
            "organization": self.organization,
            "place": self.place,
            "place_name": self.place_name,
            "inspectors": list(self.inspectors),
            "visited_on": self.visited_on.isoformat(),
            "noted_at": self.noted_at.isoformat(),
            "note": self.note,
            "losses": [
                {"indicator": each.indicator, "points": f"{each.points:f}", "reason": each.reason}
                for each in self.losses
            ],
            "highlights": list(self.highlights),
            "problems": [{"category": category, "text": text} for category, text in self.problems],
            "photos": [{"uuid": str(each.key), "name": each.name, "loss": each.loss} for each in self.photos],
        }


@dataclass(frozen=True)
class PhoneRequest:
    """A record and the account that wrote it; another may be signed in by the time it is sent."""

    user: int
    record: PhoneRecord


def read_request(body: bytes) -> PhoneRequest:
    """{"user": 1, "record": {…}} as `PhoneRecord.as_sent` writes it. Raises MalformedRecord."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedRecord from error
    if not isinstance(data, dict):
        raise MalformedRecord
    return PhoneRequest(_key(data.get("user")), read_record(data.get("record")))


def read_record(data: Any) -> PhoneRecord:
    """The record that this JSON says. Raises MalformedRecord."""
    if not isinstance(data, dict):
        raise MalformedRecord
    losses = tuple(_loss(row) for row in _rows(data, "losses"))
    return PhoneRecord(
        key=_uuid(data.get("uuid")),
        cycle=_key(data.get("cycle")),
        visit=_key_or_none(data.get("visit")),
        organization=_key(data.get("organization")),
        place=_key_or_none(data.get("place")),
        place_name=_text(data.get("place_name"), 100),
        inspectors=tuple(_key(row) for row in _rows(data, "inspectors")),
        visited_on=_day(data.get("visited_on")),
        noted_at=_moment(data.get("noted_at")),
        note=_text(data.get("note"), 500),
        losses=losses,
        highlights=tuple(_text(row, 500) for row in _rows(data, "highlights")),
        problems=tuple(_problem(row) for row in _rows(data, "problems")),
        photos=tuple(_photo(row, len(losses)) for row in _rows(data, "photos", MOST_PHOTOS)),
    )


def _loss(row: Any) -> SentLoss:
    points = _text(_of(row, "points"), 20)
    if not _POINTS.fullmatch(points):
        raise MalformedRecord
    return SentLoss(_key(_of(row, "indicator")), Decimal(points), _text(_of(row, "reason"), 500))


def _problem(row: Any) -> tuple[str, str]:
    return _text(_of(row, "category"), 50), _text(_of(row, "text"), 500)


def _photo(row: Any, losses: int) -> SentPhoto:
    loss = _key_or_none(_of(row, "loss"))
    if loss is not None and loss >= losses:
        raise MalformedRecord
    return SentPhoto(_uuid(_of(row, "uuid")), _text(_of(row, "name"), 200), loss)


def _of(row: Any, name: str) -> Any:
    if not isinstance(row, dict):
        raise MalformedRecord
    return row.get(name)


def _rows(data: dict[str, Any], name: str, most: int = MOST_ROWS) -> list[Any]:
    rows = data.get(name)
    if not isinstance(rows, list) or len(rows) > most:
        raise MalformedRecord
    return rows


def _key(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _LARGEST_KEY:
        raise MalformedRecord
    return value


def _key_or_none(value: Any) -> int | None:
    return None if value is None else _key(value)


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        raise MalformedRecord
    try:
        value.encode()
    except UnicodeEncodeError as error:  # half of a character
        raise MalformedRecord from error
    return value


def _uuid(value: Any) -> uuid.UUID:
    try:
        return uuid.UUID(_text(value, 36))
    except ValueError as error:
        raise MalformedRecord from error


def _day(value: Any) -> datetime.date:
    try:
        return datetime.date.fromisoformat(_text(value, 10))
    except ValueError as error:
        raise MalformedRecord from error


def _moment(value: Any) -> datetime.datetime:
    try:
        moment = datetime.datetime.fromisoformat(_text(value, 40))
        aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
        return aware.astimezone(datetime.UTC)
    except (ValueError, OverflowError) as error:
        raise MalformedRecord from error
