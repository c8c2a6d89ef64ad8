"""What publishing a host's year now would say. For the host's staff."""

from __future__ import annotations

from dataclasses import dataclass

from organizations.models import Organization
from reviews.models import AnnualPublication, ReviewYear
from reviews.reports.document import OfficialDocument
from reviews.reports.facts import Change
from reviews.seen_years import SeenYearGroup, groups_in_full
from reviews.year_publishing import PreparedYear, differs, gaps_warning, prepare_year
from reviews.years import published_quarters


@dataclass(frozen=True)
class YearPreview:
    """warning: names quarters that are missing or being corrected; empty where none is. changes: against what
    was published before, of a correction alone. differs: whether there is anything to correct.
    """

    groups: tuple[SeenYearGroup, ...]
    warning: str
    is_ranked: bool
    is_correction: bool
    differs: bool
    changes: tuple[Change, ...]

    @property
    def can_be_published(self) -> bool:
        return self.is_ranked and self.differs


def preview_year(host: Organization, year: int) -> YearPreview | None:
    """What publishing the year would say, beside what was published; None while no quarter is."""
    prepared = prepared_year(host, year)
    if prepared is None:
        return None
    facts = prepared.facts
    return YearPreview(
        groups=groups_in_full(facts.year),
        warning=gaps_warning(facts.year, prepared.quarters),
        is_ranked=facts.year.is_ranked,
        is_correction=prepared.latest is not None,
        differs=prepared.latest is None or differs(prepared, prepared.latest),
        changes=facts.changes,
    )


def draft_report(host: Organization, year: int) -> OfficialDocument:
    """The report as it would be published; of a year with a published quarter."""
    prepared = prepared_year(host, year)
    assert prepared is not None
    return prepared.document()


def prepared_year(host: Organization, year: int) -> PreparedYear | None:
    """What would be frozen now; None while no quarter is published."""
    quarters = published_quarters(host, year)
    if not quarters:
        return None
    latest = AnnualPublication.objects.of_year(host, year).newest_first().first()
    return prepare_year(ReviewYear.of_host(host, year), quarters, latest=latest)
