"""Publish a host's year, and correct what was published of it (rule 14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.deeds import for_its
from organizations.models import Organization, User
from organizations.quarter import Quarter
from reviews.freezing import frozen_document, sealed
from reviews.models import AnnualPublication, CycleState, Publication, ReviewYear
from reviews.reports.annual_content import items_of_year, scores_of_year
from reviews.reports.annual_facts import AnnualFacts
from reviews.reports.annual_prose import annual_document, draft_annual
from reviews.reports.blocks import Draft
from reviews.reports.content import heading_of
from reviews.reports.document import OfficialDocument
from reviews.year_results import YearResults
from reviews.years import published_quarters, year_results


class YearRefused(Exception):
    """A year that cannot be published as it is; the message says why and what to do."""


class YearNeedsConfirmation(YearRefused):
    """Quarters are missing or being corrected: publishing without them wants a yes."""


@dataclass(frozen=True)
class PreparedYear:
    """An annual publication that is not saved yet, and all that its report says. latest: what it corrects."""

    publication: AnnualPublication
    latest: AnnualPublication | None
    facts: AnnualFacts
    text: Draft
    quarters: Sequence[Publication]

    def document(self) -> OfficialDocument:
        """The report as it would be published."""
        return annual_document(self.text, self.facts, heading_of(self.publication))


def prepare_year(
    settings: ReviewYear,
    quarters: Sequence[Publication],
    *,
    latest: AnnualPublication | None,
    reason: str = "",
    by: User | None = None,
) -> PreparedYear:
    """What publishing the year now would freeze; nothing is written. A fixed number of queries.

    quarters: as `years.published_quarters` gives them, at least one. latest: what was published of it so far.
    """
    host, now = settings.host, timezone.now()
    results = year_results(host, settings.year, quarters, settings)
    publication = AnnualPublication(
        host=host,
        year=settings.year,
        number=latest.number + 1 if latest else 1,
        reason=reason,
        content=results.to_json(),
        document=frozen_document(settings),
        published_at=now,
        published_by=by,
    )
    facts = AnnualFacts(
        year=results,
        published_on=publication.published_on,
        scores=scores_of_year(quarters),
        items=items_of_year(host, quarters, publication.published_on),
        number=publication.number,
        reason=reason,
        before=YearResults.from_json(latest.content) if latest else None,
    )
    text = draft_annual(facts, heading_of(publication))
    return PreparedYear(publication, latest, facts, text, quarters)


@for_its("reason")
@transaction.atomic
def publish_year(
    host: Organization, year: int, *, by: User, reason: str = "", confirm: bool = False
) -> AnnualPublication:
    """Freeze the year as its quarters and the host's rule make it, with its report. Raises YearRefused.

    Published before, it is corrected under the next number, which needs a reason. confirm: that it is meant
    although quarters are missing.
    """
    Organization.objects.select_for_update().get(pk=host.pk)
    latest = AnnualPublication.objects.of_year(host, year).newest_first().first()
    quarters = published_quarters(host, year)
    reason = reason.strip()
    _require_reason(latest, reason, year)
    if not quarters:
        raise YearRefused(_("No quarter of %(year)s is published yet.") % {"year": year})
    settings = ReviewYear.of_host(host, year)
    prepared = prepare_year(settings, quarters, latest=latest, reason=reason, by=by)
    if not prepared.facts.year.is_ranked:
        raise YearRefused(
            _("No unit is scored in enough quarters of %(year)s to have an annual total.") % {"year": year}
        )
    if latest and not differs(prepared, latest):
        raise YearRefused(_("The year is published already as it is: there is nothing to correct."))
    if (warning := gaps_warning(prepared.facts.year, quarters)) and not confirm:
        raise YearNeedsConfirmation(warning)
    publication = prepared.publication
    publication.text = prepared.text.to_json()
    publication.digest = digest_of_year(publication)
    publication.save(force_insert=True)
    return publication


def digest_of_year(publication: AnnualPublication) -> str:
    """SHA-256 over everything the publication says: 64 hexadecimal digits."""
    return sealed(
        {
            "year": publication.year,
            "number": publication.number,
            "reason": publication.reason,
            "content": publication.content,
            "document": publication.document,
            "text": publication.text,
            "published_at": publication.published_at.isoformat(timespec="microseconds"),
        }
    )


def is_year_intact(publication: AnnualPublication) -> bool:
    """Whether what is stored still has the digest it was published with."""
    return digest_of_year(publication) == publication.digest


def differs(prepared: PreparedYear, published: AnnualPublication) -> bool:
    """Whether publishing now would say anything else of the units, or by another heading."""
    now = prepared.publication
    return (now.content, now.document) != (published.content, published.document)


def gaps_warning(year: YearResults, quarters: Sequence[Publication]) -> str:
    """A sentence that names the quarters which are not published or are being corrected; empty if none."""
    corrected = [each.cycle.quarter for each in quarters if each.cycle.state != CycleState.PUBLISHED]
    said = []
    if year.missing:
        said.append(_("Not published: %(quarters)s.") % {"quarters": _named(year.missing)})
    if corrected:
        said.append(_("Being corrected: %(quarters)s.") % {"quarters": _named(corrected)})
    if not said:
        return ""
    return " ".join([*said, _("Confirm to publish the year all the same.")])


def _named(quarters: Sequence[Quarter]) -> str:
    return _(", ").join(quarter.label for quarter in quarters)


def _require_reason(latest: AnnualPublication | None, reason: str, year: int) -> None:
    if latest and not reason:
        raise YearRefused(_("%(year)s is published already; a correction needs its reason.") % {"year": year})
    if reason and not latest:
        raise YearRefused(_("%(year)s was never published: there is nothing to correct.") % {"year": year})
