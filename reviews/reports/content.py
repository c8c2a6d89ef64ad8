"""From a frozen publication to what its documents print: the only module here that asks the database."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from reviews.models import Publication, Standing
from reviews.ranking import ListName, ProgressMeasure
from reviews.reports.document import Letterhead, OfficialDocument
from reviews.reports.facts import (
    GroupResult,
    Rectification,
    Results,
    Score,
    UnitResult,
    changes_between,
)
from reviews.reports.prose import Heading, write_circular
from reviews.reports.wording import plain


def circular_content(publication: Publication) -> OfficialDocument:
    """The circular of a publication, from nothing but what it froze. Two queries.

    Nothing that was renamed, rescored, regrouped or set otherwise since changes it (rule 14). A correction
    shows old beside new, against the publication before it.
    """
    return write_circular(_results(publication), _heading(publication.document))


def _results(publication: Publication) -> Results:
    standings = (
        Standing.objects.filter(
            publication__cycle=publication.cycle_id,
            publication__number__in=(publication.number, publication.number - 1),
        )
        .in_print_order()
        .select_related("publication")
    )
    rows = list(standings)
    groups = _groups(row for row in rows if row.publication_id == publication.pk)
    before = _groups(row for row in rows if row.publication_id != publication.pk)
    return Results(
        host_name=plain(publication.host_name),
        quarter=publication.cycle.quarter,
        groups=groups,
        published_on=publication.published_on,
        baseline=publication.baseline_quarter,
        list_size=publication.list_size,
        measure=ProgressMeasure(publication.measure),
        number=publication.number,
        reason=plain(publication.reason),
        changes=changes_between(before, groups) if before else (),
        digest=publication.digest,
        rectification=Rectification.from_json(kept) if (kept := publication.rectification) else None,
    )


def _groups(rows: Iterable[Standing]) -> tuple[GroupResult, ...]:
    """The standings by group; they come in print order."""
    groups = []
    for (_position, name), members in groupby(rows, key=lambda row: (row.group_position, row.group_name)):
        standings = list(members)
        groups.append(
            GroupResult(
                name=plain(name),
                units=tuple(map(_unit, standings)),
                decimals=max(standing.decimals for standing in standings),
            )
        )
    return tuple(groups)


def _unit(standing: Standing) -> UnitResult:
    places = {
        ListName.TOP: standing.top_place,
        ListName.LAST: standing.last_place,
        ListName.PROGRESS: standing.progress_place,
        ListName.SETBACK: standing.setback_place,
    }
    return UnitResult(
        unit=standing.organization_id,
        name=plain(standing.organization_name),
        position=standing.position,
        rank=standing.rank,
        total=standing.total,
        baseline_rank=standing.baseline_rank,
        places=standing.places,
        total_change=standing.total_change,
        unranked_reason=plain(standing.unranked_reason),
        list_places={name: place for name, place in places.items() if place is not None},
        scores=tuple(map(Score.from_json, standing.scores)),
    )


def _heading(frozen: dict[str, Any]) -> Heading:
    """The heading as a publication keeps it, see reviews.freezing."""
    rectify_by = frozen["rectify_by"]
    return Heading(
        issuer=plain(frozen["issuer"]),
        area=plain(frozen["area"]),
        addressee=plain(frozen["addressee"]),
        copies_to=plain(frozen["copies_to"]),
        document_number=plain(frozen["document_number"]),
        letterhead=Letterhead(frozen["letterhead"]),
        rectify_by=datetime.date.fromisoformat(rectify_by) if rectify_by else None,
    )
