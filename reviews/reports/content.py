"""From a publication, or from what would be published, to what its documents print: the only module of the
reports that asks the database.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from reviews.freezing import Prepared, prepare
from reviews.models import AnnualPublication, Publication, ReviewCycle, Standing
from reviews.ranking import ListName, ProgressMeasure, RankMethod
from reviews.reports.blocks import Draft
from reviews.reports.correction import write_correction
from reviews.reports.document import Letterhead, OfficialDocument
from reviews.reports.facts import (
    GroupResult,
    Rectification,
    Results,
    Score,
    UnitResult,
    changes_between,
)
from reviews.reports.kinds import KINDS
from reviews.reports.material import Material
from reviews.reports.prose import Heading
from reviews.reports.superseding import superseded_note
from reviews.reports.wording import plain
from reviews.standings import baseline_publication, rank_reviews


def circular_content(publication: Publication) -> OfficialDocument:
    """The circular of a publication, from nothing but what it froze. Three queries."""
    return published_document(publication, "circular")


def published_document(publication: Publication, kind: str) -> OfficialDocument:
    """A document of a publication, from nothing but what it froze. Three queries.

    Nothing that was renamed, rescored, regrouped or set otherwise since changes it (rule 14). A correction
    shows old beside new, against the publication before it. One that was corrected since says so.
    """
    results, heading = published_results(publication), heading_of(publication)
    text = frozen_text(publication, kind) or KINDS[kind].draft(results, heading)
    document = KINDS[kind].document(text, results, heading)
    return told_of_correction(document, _in_force(publication), publication, KINDS[kind].noun)


def correction_notice(publication: Publication) -> OfficialDocument:
    """The notice of a correction, from nothing but it and the publication before it. Three queries.

    Raises ValueError for a first publication, which corrects nothing.
    """
    if not publication.is_correction:
        raise ValueError(f"{publication} corrects nothing.")
    publications = Publication.objects.filter(cycle=publication.cycle_id, number=publication.number - 1)
    earlier = publications.select_related("cycle").get()
    rows = Standing.objects.filter(publication__in=(earlier, publication)).in_print_order()
    old, new = (
        results_of(each, [row for row in rows if row.publication_id == each.pk], beside=())
        for each in (earlier, publication)
    )
    document = write_correction(old, new, heading_of(publication), heading_of(earlier))
    return told_of_correction(document, _in_force(publication), publication, "通知")


def _in_force(publication: Publication) -> Publication:
    """The newest of the same cycle. One query."""
    return Publication.objects.filter(cycle=publication.cycle_id).newest_first()[:1].get()


def told_of_correction(
    document: OfficialDocument,
    latest: Publication | AnnualPublication,
    publication: Publication | AnnualPublication,
    noun: str,
) -> OfficialDocument:
    """The document of a publication with the note that it was corrected since, where it was.

    latest: the one in force. noun: what the document calls itself.
    """
    if latest.number == publication.number:
        return document
    note = superseded_note(noun, latest=latest.number, on=latest.published_on)
    return replace(document, superseded_by=note)


def frozen_text(publication: Publication, kind: str) -> Draft | None:
    """The text a publication froze, with its fields; None where it is older than texts are."""
    kept = (publication.texts or {}).get(kind)
    return None if kept is None else Draft.from_json(kept)


def published_results(publication: Publication) -> Results:
    """What a publication says, beside the one before it. Two queries."""
    movers = Standing.objects.movers_of(publication)
    rows = list(Standing.objects.beside(publication, movers, publication.number))
    own = [row for row in rows if row.publication_id == publication.pk]
    return results_of(publication, own, beside=rows)


def draft_of_publication(cycle: ReviewCycle) -> Prepared:
    """What would be published now; the next correction of a cycle that was published."""
    latest = cycle.latest_publication()
    baseline = baseline_publication(cycle)
    reviews = list(cycle.reviews.select_related("organization", "group", "rubric").in_own_order())
    ranked = rank_reviews(cycle, reviews, baseline.standings.all() if baseline else ())
    return prepare(cycle, ranked, baseline=baseline, number=latest.number + 1 if latest else 1)


def prepared_results(prepared: Prepared) -> Results:
    """What a publication would say, beside the newest there is and its baseline. At most one query."""
    publication = prepared.publication
    movers = [row.organization_id for row in prepared.standings if row.is_mover]
    rows = Standing.objects.beside(publication, movers) if publication.has_something_beside else ()
    return results_of(publication, prepared.standings, beside=list(rows))


def heading_of(publication: Publication | AnnualPublication) -> Heading:
    """How its documents are headed and signed."""
    return _heading(publication.document)


def results_of(
    publication: Publication, standings: Sequence[Standing], *, beside: Sequence[Standing]
) -> Results:
    """The facts of a publication. standings: in print order. beside: those of the publication it corrects, of
    its movers in the one it is compared with, and its own, as far as they are.
    """
    baseline = publication.baseline_publication_id
    earlier = {row.organization_id: row for row in beside if row.publication_id == baseline}
    groups = _groups(standings, earlier)
    before = [row for row in beside if row.publication_id not in (publication.pk, baseline)]
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
        changes=changes_between(_groups(before), groups) if before else (),
        digest=publication.digest,
        rectification=Rectification.from_json(kept) if (kept := publication.rectification) else None,
        material=Material.from_json(publication.material),
        rank_method=RankMethod(publication.rank_method),
    )


def _groups(
    rows: Iterable[Standing], earlier: Mapping[int, Standing] | None = None
) -> tuple[GroupResult, ...]:
    """The standings by group; they come in print order. earlier: by unit, what the baseline published."""
    groups = []
    for (_position, name), members in groupby(rows, key=lambda row: (row.group_position, row.group_name)):
        standings = list(members)
        groups.append(
            GroupResult(
                key=standings[0].group_id,
                name=plain(name),
                units=tuple(_unit(row, (earlier or {}).get(row.organization_id)) for row in standings),
                decimals=max(standing.decimals for standing in standings),
            )
        )
    return tuple(groups)


def _unit(standing: Standing, earlier: Standing | None) -> UnitResult:
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
        earlier_scores=tuple(map(Score.from_json, earlier.scores)) if earlier and standing.is_mover else (),
    )


def _heading(frozen: dict[str, Any]) -> Heading:
    """The heading as a publication keeps it, see reviews.freezing."""
    return Heading(
        issuer=plain(frozen["issuer"]),
        area=plain(frozen["area"]),
        addressee=plain(frozen["addressee"]),
        copies_to=plain(frozen["copies_to"]),
        document_number=plain(frozen["document_number"]),
        letterhead=Letterhead(frozen["letterhead"]),
        rectify_by=_day(frozen["rectify_by"]),
        is_sealed=frozen.get("is_sealed", True),
        speaker=plain(frozen.get("speaker", "")),
        meeting=plain(frozen.get("meeting", "")),
        meeting_on=_day(frozen.get("meeting_on")),
        mark=plain(frozen.get("mark", "")),
        imprint_office=plain(frozen.get("imprint_office", "")),
    )


def _day(written: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(written) if written else None
