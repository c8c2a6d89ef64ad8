"""Draw struck-off items for return visits, and show that a draw was fair.

The lots are those of `organizations.drawing`: with at least one of each unit, every unit first draws one of
its items under its own number; what is still wanted is then drawn from all that are left, under the host's.
"""

from __future__ import annotations

import datetime
import secrets
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from organizations.drawing import Lot, draw
from organizations.models import Group, Organization, User
from organizations.quarter import Quarter
from rectification.models import Audience, Item, ReturnDraw, ReturnVisit

MOST_LOTS = 5  # of one item
MOST_CANDIDATES = 10_000
_NARROWEST_FIRST = (Audience.STAFF, Audience.UNIT, Audience.HOST)


class DrawRefused(Exception):
    """Nothing can be drawn as asked; the text is for the user."""


@dataclass(frozen=True)
class Sample:
    """Among which items to draw, and how many. quarters, group, since: empty for all.

    since: the first day of having been struck off. number or percent: one of them. each_unit: at least one
    of every unit, even where that makes more than asked for.
    """

    quarters: Collection[Quarter] = ()
    group: Group | None = None
    since: datetime.date | None = None
    number: int | None = None
    percent: int | None = None
    each_unit: bool = False


@dataclass(frozen=True)
class DrawnItem:
    """One line of a draw as a page shows it. order: 1 for the first drawn, None: not drawn."""

    item: int
    serial: str
    unit: int
    unit_name: str
    struck_off_on: str
    weight: int
    order: int | None


def lots_of(returned: int, relapses: int) -> int:
    """How many lots an item has: one, and one more for each time its answer was returned or it relapsed;
    at most 5.
    """
    return min(MOST_LOTS, 1 + returned + relapses)


@transaction.atomic
def draw_items(
    host: Organization,
    sample: Sample,
    *,
    by: User,
    seed: str | None = None,
    client_uuid: uuid.UUID | None = None,
) -> ReturnDraw:
    """Draw, keep the draw, and plan a return visit to every item drawn. Raises DrawRefused.

    seed: for tests; else a random one that nobody can choose. Sent again under the same key, the first draw
    is returned.
    """
    host = Organization.objects.select_for_update().get(pk=host.pk)
    client_uuid = client_uuid or uuid.uuid4()
    sent = ReturnDraw.objects.of_host(host).filter(client_uuid=client_uuid).first()
    if sent is not None:
        return sent
    items = _candidates(host, sample, by)
    if not items:
        raise DrawRefused(
            _("No struck-off item waits for a return visit here: choose other quarters or units.")
        )
    if len(items) > MOST_CANDIDATES:
        raise DrawRefused(
            _("%(count)s items are too many for one draw (at most %(most)s): choose fewer quarters.")
            % {"count": len(items), "most": MOST_CANDIDATES}
        )
    kept = ReturnDraw(
        host=host,
        seed=seed or secrets.token_hex(16),
        wanted=_wanted(sample, len(items)),
        each_unit=sample.each_unit,
        asked=_in_words(sample),
        candidates=[_candidate(item) for item in items],
        audience=min((Audience(item.audience) for item in items), key=_NARROWEST_FIRST.index),
        drawn_by=by,
        client_uuid=client_uuid,
    )
    kept.result = _drawn(kept)
    kept.save()
    kept.units.set({item.unit_id for item in items})
    ReturnVisit.objects.bulk_create(ReturnVisit(item_id=pk, draw=kept, planned_by=by) for pk in kept.result)
    return kept


def is_repeatable(kept: ReturnDraw) -> bool:
    """Whether drawing again from what is kept gives the same items, with the lots of the rule."""
    fair = all(row["weight"] == lots_of(row["returned"], row["relapses"]) for row in kept.candidates)
    return fair and _drawn(kept) == kept.result


def items_of(kept: ReturnDraw) -> list[DrawnItem]:
    """Every candidate of a draw, as it was on that day; the drawn ones with their order."""
    order = {pk: place for place, pk in enumerate(kept.result, 1)}
    names = ("item", "serial", "unit", "unit_name", "struck_off_on", "weight")
    return [
        DrawnItem(**{name: row[name] for name in names}, order=order.get(row["item"]))
        for row in kept.candidates
    ]


def _candidates(host: Organization, sample: Sample, by: User) -> list[Item]:
    """Struck off and not visited since, of acting units that are not the drawer's own. One query."""
    acting = Organization.objects.under(host).active(timezone.localdate())
    waiting = (
        Item.objects.of_host(host)
        .struck_off()
        .filter(
            ~Exists(ReturnVisit.objects.that_spare_an_item()),
            unit__in=acting.exclude(pk__in=by.access.own_organization_ids),
        )
    )
    if sample.quarters:
        found_then = (Q(year=quarter.year, number=quarter.number) for quarter in sample.quarters)
        waiting = waiting.filter(reduce(or_, found_then))
    if sample.group is not None:
        waiting = waiting.filter(group=sample.group)
    if sample.since is not None:
        waiting = waiting.filter(struck_off_on__gte=sample.since)
    return list(waiting.select_related("unit").order_by("year", "number", "sequence")[: MOST_CANDIDATES + 1])


def _candidate(item: Item) -> dict[str, Any]:
    assert item.struck_off_on is not None  # the database sees to it
    return {
        "item": item.pk,
        "serial": str(item.serial),
        "unit": item.unit_id,
        "unit_name": item.unit.name,
        "struck_off_on": item.struck_off_on.isoformat(),
        "returned": item.times_returned,
        "relapses": item.relapses,
        "weight": lots_of(item.times_returned, item.relapses),
    }


def _wanted(sample: Sample, candidates: int) -> int:
    """How many are asked for; a share is rounded up to whole items."""
    if sample.number is not None:
        return sample.number
    return -(-candidates * (sample.percent or 100) // 100)


def _drawn(kept: ReturnDraw) -> list[int]:
    """The keys of the items drawn, in the order drawn."""
    rows: Sequence[dict[str, Any]] = kept.candidates
    first = []
    if kept.each_unit:
        first = draw((Lot(row["unit"], row["item"], row["weight"]) for row in rows), kept.seed, 1)
    taken = [lot.place for lot in first]
    left = [row for row in rows if row["item"] not in set(taken)]
    wanted = max(0, kept.wanted - len(taken))
    rest = draw((Lot(kept.host_id, row["item"], row["weight"]) for row in left), kept.seed, wanted)
    return taken + [lot.place for lot in rest]


def _in_words(sample: Sample) -> str:
    parts = [quarter.label for quarter in sorted(sample.quarters)]
    if sample.group is not None:
        parts.append(sample.group.name)
    if sample.since is not None:
        with translation.override(settings.LANGUAGE_CODE):  # kept, and read by all
            parts.append(_("struck off since %(day)s") % {"day": sample.since.isoformat()})
    return "、".join(parts)[:500]
