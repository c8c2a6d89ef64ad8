"""Which quarter is the current one on a day, against which items are carried over (rule 19)."""

from __future__ import annotations

import datetime

from django.utils import timezone

from organizations.models import Organization
from organizations.quarter import Quarter
from rectification.models import Audience, Item, Step


def current_quarter(host: Organization, on: datetime.date) -> Quarter | None:
    """The newest quarter of which all who work for the host had been shown items by the end of this day.

    Everybody reckons by the same quarter, and nobody learns from it of one that is not published (rule 15),
    not even from how long it takes: quarters of which nothing was shown are not looked at.
    As a rule two queries.
    """
    midnight = datetime.datetime.combine(on + datetime.timedelta(days=1), datetime.time())
    end = timezone.make_aware(midnight)
    quarters = Item.objects.of_host(host).shown_to_host().order_by().values_list("year", "number").distinct()
    for year, number in sorted(quarters, reverse=True):
        shown = Step.objects.shown_to(Audience.HOST).filter(item__year=year, item__number=number)
        if shown.filter(item__host=host, at__lt=end).exists():
            return Quarter(year, number)
    return None
