"""Draw the places of a quarter's visits, and show that a draw was fair.

The lots are those of `organizations.drawing`.
"""

from __future__ import annotations

import datetime
import secrets
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.drawing import Lot, draw, weight_of
from organizations.models import Organization, User
from reviews.models import CycleState, Draw, ReviewCycle, Visit, VisitState


class DrawRefused(Exception):
    """Nothing can be drawn as asked; the text is for the user."""


@dataclass(frozen=True)
class DrawnPlace:
    """One line of a draw as a page shows it. order: 1 for the first drawn of its unit, None: not drawn."""

    unit: int
    unit_name: str
    place: int
    name: str
    last_visited: datetime.date | None
    weight: int
    order: int | None


@transaction.atomic
def draw_places(
    cycle: ReviewCycle,
    units: Collection[Organization],
    *,
    per_unit: int,
    by: User,
    seed: str | None = None,
) -> Draw:
    """Draw places among the units' active sub-units and keep the draw. Raises DrawRefused.

    seed: for tests; else a random one that nobody can choose.
    """
    cycle = ReviewCycle.objects.select_for_update().get(pk=cycle.pk)
    if not (cycle.takes_scores or cycle.state == CycleState.DRAFT):
        raise DrawRefused(
            _("%(quarter)s is “%(state)s”: nothing is drawn for it any more.")
            % {"quarter": cycle.quarter.label, "state": cycle.get_state_display()}
        )
    today = timezone.localdate()
    candidates = _candidates(units, today)
    if not candidates:
        raise DrawRefused(_("These units have no branches in the roster: add them there first."))
    seed = seed or secrets.token_hex(16)
    drawn = draw(_lots(candidates), seed, per_unit)
    kept = Draw.objects.create(
        cycle=cycle,
        seed=seed,
        per_unit=per_unit,
        drawn_on=today,
        candidates=candidates,
        result=_result(drawn),
        drawn_by=by,
    )
    kept.units.set({candidate["unit"] for candidate in candidates})
    return kept


def is_repeatable(kept: Draw) -> bool:
    """Whether drawing again from what is kept gives the same places, with the weights of the rule."""
    fair_weights = all(
        candidate["weight"] == weight_of(_day(candidate["last_visited"]), kept.drawn_on)
        for candidate in kept.candidates
    )
    return fair_weights and _result(draw(_lots(kept.candidates), kept.seed, kept.per_unit)) == kept.result


def places_of(kept: Draw) -> list[DrawnPlace]:
    """Every candidate of a draw, as it was on that day; the drawn ones with their order."""
    order: dict[int, int] = {}
    seen: dict[int, int] = defaultdict(int)
    for row in kept.result:
        seen[row["unit"]] += 1
        order[row["place"]] = seen[row["unit"]]
    return [
        DrawnPlace(
            unit=row["unit"],
            unit_name=row["unit_name"],
            place=row["place"],
            name=row["name"],
            last_visited=_day(row["last_visited"]),
            weight=row["weight"],
            order=order.get(row["place"]),
        )
        for row in kept.candidates
    ]


def _candidates(units: Collection[Organization], today: datetime.date) -> list[dict[str, Any]]:
    """The active sub-units with when each was last visited, in the host's order. Two queries."""
    places = list(
        Organization.objects.filter(parent__in=units)
        .active(today)
        .select_related("parent")
        .order_by("parent__group__position", "parent__position", "parent", "position", "pk")
    )
    last = _last_visited([place.pk for place in places], today)
    return [
        {
            "unit": place.parent_id,
            "unit_name": place.parent.name if place.parent else "",
            "place": place.pk,
            "name": place.name,
            "last_visited": day.isoformat() if (day := last.get(place.pk)) else None,
            "weight": weight_of(day, today),
        }
        for place in places
    ]


def _last_visited(places: Sequence[int], today: datetime.date) -> Mapping[int, datetime.date]:
    """By place: when it was visited last; today where a visit to it is planned."""
    visits = Visit.objects.filter(place__in=places)
    done = visits.done().values_list("place").annotate(last=Max("visited_on"))
    planned = visits.filter(state=VisitState.PLANNED).values_list("place", flat=True)
    return dict(done) | dict.fromkeys(filter(None, planned), today)


def _lots(candidates: Sequence[dict[str, Any]]) -> list[Lot]:
    return [Lot(row["unit"], row["place"], row["weight"]) for row in candidates]


def _result(drawn: Sequence[Lot]) -> list[dict[str, int]]:
    return [{"unit": lot.unit, "place": lot.place} for lot in drawn]


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
