"""What presses today, for the first page: counted by the database from the rows, not from the log."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, F, Q
from django.utils import timezone

from organizations.models import Organization, User
from rectification.lifecycle import State
from rectification.models import Item

SOON = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Pressing:
    """Counts of items as they stand today; withdrawn ones count nowhere. due, on_time: see `figures`."""

    raised: int
    unsettled: int
    submitted: int
    overdue: int
    soon: int
    due: int
    on_time: int

    @property
    def on_time_text(self) -> str:
        """The on-time rate as a fraction; "—" where nothing was due."""
        return f"{self.on_time}/{self.due}" if self.due else "—"


def pressing_of(user: User, host: Organization) -> Pressing | None:
    """As far as this user may see; None where there is no item. One query."""
    today = timezone.localdate()
    unsettled, is_off = Q(is_closed=False), Q(state=State.STRUCK_OFF)
    late = unsettled & Q(original_due_on__lt=today)
    due_off = is_off & Q(original_due_on__lte=today)
    counts = (
        Item.objects.visible_to(user)
        .of_host(host)
        .aggregate(
            raised=Count("pk", filter=~Q(state=State.WITHDRAWN)),
            unsettled=Count("pk", filter=unsettled),
            submitted=Count("pk", filter=Q(state=State.SUBMITTED)),
            overdue=Count("pk", filter=late),
            soon=Count("pk", filter=unsettled & Q(original_due_on__range=(today, today + SOON))),
            due=Count("pk", filter=late | due_off),
            on_time=Count("pk", filter=due_off & Q(struck_off_on__lte=F("original_due_on"))),
        )
    )
    return Pressing(**counts) if counts["raised"] else None
