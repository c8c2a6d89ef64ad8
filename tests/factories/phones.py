"""Records as a phone writes them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from organizations.models import User
from reviews.models import ReviewCycle, Visit
from reviews.phone_record import PhoneRecord, read_record
from tests.factories.reviews import indicator_of
from tests.factories.visits import unit_of


def record_json(
    cycle: ReviewCycle,
    unit: str,
    by: User,
    *losses: tuple[str, str, str],
    photos: Sequence[int | None] = (),
    visit: Visit | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """The record of a visit by this user. losses: indicator, points, reason; photos: the loss each proves."""
    return {
        "uuid": str(uuid.uuid4()),
        "cycle": cycle.pk,
        "visit": visit.pk if visit else None,
        "organization": unit_of(cycle, unit).pk,
        "place": None,
        "place_name": "",
        "inspectors": [by.pk],
        "visited_on": timezone.localdate().isoformat(),
        "noted_at": timezone.now().isoformat(),
        "note": "",
        "losses": [
            {"indicator": indicator_of(cycle, unit, name).pk, "points": points, "reason": reason}
            for name, points, reason in losses
        ],
        "highlights": [],
        "problems": [],
        "photos": [
            {"uuid": str(uuid.uuid4()), "name": f"{number}.jpg", "loss": loss}
            for number, loss in enumerate(photos, 1)
        ],
    } | changes


def phone_record(*args: Any, **options: Any) -> PhoneRecord:
    """The same, read."""
    return read_record(record_json(*args, **options))
