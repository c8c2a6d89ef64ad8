"""Everything that the words of a quarter's documents are held against."""

from __future__ import annotations

from organizations.models import Organization
from reviews.models import ReviewCycle
from reviews.reports.claims import Checker
from reviews.reports.facts import Results
from reviews.reports.prose import Heading
from reviews.reports.truths import OtherName, Truth


def checker_for(cycle: ReviewCycle, results: Results, heading: Heading) -> Checker:
    """What is true of these results, with every name that the host's units bear or bore. Two queries."""
    truth = Truth(
        results,
        rectify_by=heading.rectify_by,
        meeting_on=cycle.meeting_on,
        area=heading.area,
        names=_names_under(cycle.host),
    )
    return Checker(truth)


def _names_under(host: Organization) -> tuple[OtherName, ...]:
    """Names of now, short and former ones, of all units of the host, closed ones too."""
    names = []
    for unit in Organization.objects.under(host).prefetch_related("former_names"):
        names += [OtherName(name, unit.pk) for name in (unit.name, unit.short_name) if name]
        names += [OtherName(former.name, unit.pk, unit.name) for former in unit.former_names.all()]
    return tuple(names)
