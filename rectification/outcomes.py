"""How the items of earlier quarters stand when a new quarter is published (rule 19)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, F, Q

from organizations.models import Organization
from organizations.quarter import Quarter
from rectification.lifecycle import State
from rectification.models import Audience, Item


@dataclass(frozen=True)
class Outcome:
    """The items of one quarter: raised = on_time + late + carried_over.

    on_time, late: struck off by the original due date, or after it. carried_over: not struck off; overdue: of
    these, past the original date.
    """

    quarter: Quarter
    raised: int
    on_time: int
    late: int
    carried_over: int
    overdue: int


def outcomes_before(host: Organization, quarter: Quarter, on: datetime.date) -> list[Outcome]:
    """Quarter by quarter, the newest first, as the items stand today. One query.

    What only the staff know of is left out: it belongs to a quarter that is not published.
    """
    is_off, in_time = Q(state=State.STRUCK_OFF), Q(struck_off_on__lte=F("original_due_on"))
    rows = (
        Item.objects.of_host(host)
        .before(quarter)
        .exclude(audience=Audience.STAFF)
        .exclude(state=State.WITHDRAWN)
        .order_by("-year", "-number")
        .values("year", "number")
        .annotate(
            raised=Count("pk"),
            on_time=Count("pk", filter=is_off & in_time),
            late=Count("pk", filter=is_off & ~in_time),
            carried_over=Count("pk", filter=Q(is_closed=False)),
            overdue=Count("pk", filter=Q(is_closed=False, original_due_on__lt=on)),
        )
    )
    counts = rows.values_list("year", "number", "raised", "on_time", "late", "carried_over", "overdue")
    return [Outcome(Quarter(year, number), *row) for year, number, *row in counts]
