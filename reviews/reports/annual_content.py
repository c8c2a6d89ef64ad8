"""From a host's year, published or not, to its annual report: what asks the database for it."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence

from organizations.models import Organization
from rectification.figures import figures
from rectification.histories import histories_of
from rectification.models import Audience, Item
from reviews.models import AnnualPublication, Publication, Standing
from reviews.reports.annual_facts import AnnualFacts, YearItems
from reviews.reports.annual_prose import annual_document
from reviews.reports.blocks import Draft
from reviews.reports.content import heading_of, told_of_correction
from reviews.reports.document import OfficialDocument
from reviews.reports.facts import Score
from reviews.year_results import YearResults


def published_annual_report(publication: AnnualPublication) -> OfficialDocument:
    """The annual report of a publication, from nothing but what it froze; one that was corrected since says
    so. One query, two for a correction.
    """
    facts = AnnualFacts(
        year=YearResults.from_json(publication.content),
        published_on=publication.published_on,
        scores={},
        number=publication.number,
        reason=publication.reason,
        digest=publication.digest,
        before=corrected_by(publication),
    )
    document = annual_document(Draft.from_json(publication.text), facts, heading_of(publication))
    return told_of_correction(document, _in_force(publication), publication, "通报")


def _in_force(publication: AnnualPublication) -> AnnualPublication:
    """The newest of the same year."""
    of_year = AnnualPublication.objects.of_year(publication.host, publication.year)
    return of_year.newest_first().defer("content", "text")[:1].get()


def corrected_by(publication: AnnualPublication) -> YearResults | None:
    """What the publication before a correction said; None for a first one."""
    if not publication.is_correction:
        return None
    of_year = AnnualPublication.objects.of_year(publication.host, publication.year)
    return YearResults.from_json(of_year.get(number=publication.number - 1).content)


def scores_of_year(publications: Sequence[Publication]) -> dict[int, list[Score]]:
    """By unit: what it got for each indicator in all these quarters, by time. One query."""
    rows = Standing.objects.filter(publication__in=publications).by_quarter()
    scores: dict[int, list[Score]] = defaultdict(list)
    for unit, frozen in rows.values_list("organization", "scores"):
        scores[unit] += map(Score.from_json, frozen)
    return scores


def items_of_year(host: Organization, publications: Sequence[Publication], on: datetime.date) -> YearItems:
    """How the items found in these quarters stand at the end of this day (rule 19). One query.

    What only the staff know of is left out: it belongs to what is not published.
    """
    quarters = [publication.cycle.number for publication in publications]
    found = Item.objects.of_host(host).filter(year=publications[-1].cycle.year, number__in=quarters)
    of_day = figures(histories_of(found.exclude(audience=Audience.STAFF)), on)
    return YearItems(
        as_of=on,
        raised=of_day.raised,
        struck_off=of_day.struck_off,
        unsettled=of_day.unsettled,
        overdue=of_day.overdue,
        due=of_day.due,
        on_time=of_day.on_time,
        self_found=of_day.self_found,
    )
