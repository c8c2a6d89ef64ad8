"""Copy a cycle's results into a publication that nothing edits, and seal it with a digest (rule 14)."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from organizations.models import User
from rectification.lifecycle import State
from rectification.models import Item
from rectification.outcomes import outcomes_before
from reviews.models import (
    Deduction,
    DocumentSettings,
    Indicator,
    Publication,
    Review,
    ReviewCycle,
    ReviewYear,
    Score,
    Standing,
)
from reviews.ranking import Placed
from reviews.standings import unranked_reason

SEALED_FIELDS = (
    "organization_name",
    "group_name",
    "group_position",
    "position",
    "rank",
    "total",
    "decimals",
    "full_marks",
    "baseline_rank",
    "baseline_total",
    "places",
    "total_change",
    "unranked_reason",
    "top_place",
    "last_place",
    "progress_place",
    "setback_place",
    "scores",
)


@dataclass(frozen=True)
class Prepared:
    """A publication with its standings in print order, not saved yet."""

    publication: Publication
    standings: list[Standing]


def prepare(
    cycle: ReviewCycle,
    ranked: Sequence[tuple[Review, Placed]],
    *,
    baseline: Publication | None,
    number: int,
    reason: str = "",
    by: User | None = None,
) -> Prepared:
    """What publishing the cycle now would freeze; nothing is written. Five reads.

    ranked: every review of the cycle with what the rules gave it, group by group in print order.
    """
    now = timezone.now()
    publication = Publication(
        cycle=cycle,
        number=number,
        reason=reason,
        host_name=cycle.host.name,
        baseline_publication=baseline,
        baseline_year=baseline.cycle.year if baseline else None,
        baseline_number=baseline.cycle.number if baseline else None,
        rank_method=cycle.rank_method,
        list_size=cycle.list_size,
        measure=cycle.measure,
        document=frozen_document(cycle),
        rectification=frozen_rectification(cycle, timezone.localdate(now)),
        published_at=now,
        published_by=by,
    )
    scores = frozen_scores([review for review, _placed in ranked])
    return Prepared(publication, [_standing(review, placed, scores[review.pk]) for review, placed in ranked])


def freeze(prepared: Prepared, texts: dict[str, Any]) -> Publication:
    """Seal what was prepared and write it, with the texts of its documents. Call under the cycle's lock.

    Two writes.
    """
    publication, standings = prepared.publication, prepared.standings
    publication.texts = texts
    publication.digest = digest_of(publication, standings)
    publication.save(force_insert=True)
    for standing in standings:
        standing.publication = publication
    Standing.objects.bulk_create(standings, batch_size=500)
    return publication


def digest_of(publication: Publication, standings: Iterable[Standing]) -> str:
    """SHA-256 over everything the publication says, as canonical JSON: 64 hexadecimal digits.

    Keys of the database are left out, so that a restored copy has the same digest. What a publication does
    not say has no key either: one from before items were kept still has the digest it was published with.
    """
    content: dict[str, Any] = {
        "host": publication.host_name,
        "cycle": str(publication.cycle.quarter),
        "number": publication.number,
        "reason": publication.reason,
        "baseline": str(publication.baseline_quarter or ""),
        "rank_method": publication.rank_method,
        "list_size": publication.list_size,
        "measure": publication.measure,
        "document": publication.document,
        "published_at": publication.published_at.isoformat(timespec="microseconds"),
        "standings": sorted(
            ({name: _plain(getattr(standing, name)) for name in SEALED_FIELDS} for standing in standings),
            key=lambda row: (
                row["group_position"],
                row["group_name"],
                row["position"],
                row["organization_name"],
            ),
        ),
    }
    for name in ("rectification", "texts"):
        if (kept := getattr(publication, name)) is not None:
            content[name] = kept
    return sealed(content)


def sealed(content: dict[str, Any]) -> str:
    """SHA-256 of plain values as canonical JSON: 64 hexadecimal digits."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def is_intact(publication: Publication) -> bool:
    """Whether what is stored still has the digest it was published with."""
    return digest_of(publication, publication.standings.all()) == publication.digest


def frozen_document(cycle: ReviewCycle | ReviewYear) -> dict[str, str | None]:
    """How a cycle's or year's documents are headed and signed: the host's settings, and what is its own.

    issuer is never empty. rectify_by: ISO date or None. One query.
    """
    settings = DocumentSettings.of_host(cycle.host)
    return {
        "issuer": settings.issuer or cycle.host.name,
        "area": settings.area,
        "addressee": settings.addressee,
        "copies_to": settings.copies_to,
        "letterhead": str(settings.letterhead),
        "document_number": cycle.document_number,
        "rectify_by": cycle.rectify_by.isoformat() if cycle.rectify_by else None,
    }


def frozen_rectification(cycle: ReviewCycle, on: datetime.date) -> dict[str, Any] | None:
    """How the items of earlier quarters stand, the newest first; None where there are none. One query."""
    outcomes = outcomes_before(cycle.host, cycle.quarter, on)
    if not outcomes:
        return None
    quarters = [asdict(outcome) | {"quarter": str(outcome.quarter)} for outcome in outcomes]
    return {"as_of": on.isoformat(), "quarters": quarters}


def frozen_scores(reviews: Sequence[Review]) -> dict[int, list[dict[str, Any]]]:
    """By review: each indicator with its points, what was lost and why, numbers as text. Three queries."""
    keys = [review.pk for review in reviews]
    scores = {(row.review_id, row.indicator_id): row for row in Score.objects.filter(review__in=keys)}
    deductions: dict[tuple[int, int], list[dict[str, str]]] = defaultdict(list)
    for row in Deduction.objects.in_force().filter(review__in=keys).select_related("item__merged_into"):
        lost = {"points": str(row.points), "reason": row.reason}
        deductions[row.review_id, row.indicator_id].append(lost | _frozen_item(row.item))
    indicators: dict[int, list[Indicator]] = defaultdict(list)
    used = {review.rubric_id for review in reviews}
    for indicator in Indicator.objects.filter(rubric__in=used).select_related("section"):
        indicators[indicator.rubric_id].append(indicator)
    return {
        review.pk: [
            _frozen_score(
                indicator, scores.get((review.pk, indicator.pk)), deductions[review.pk, indicator.pk]
            )
            for indicator in indicators[review.rubric_id]
        ]
        for review in reviews
    }


def _frozen_item(item: Item | None) -> dict[str, str]:
    """Who puts a deduction right and by when, as far as its item says; a merged one speaks by the other."""
    item = item.merged_into or item if item else None
    if item is None or item.state == State.WITHDRAWN:
        return {}
    said = {"responsible": item.responsible, "due_on": item.due_on.isoformat() if item.due_on else ""}
    return {name: value for name, value in said.items() if value}


def _frozen_score(indicator: Indicator, score: Score | None, lost: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "section": indicator.section.name,
        "indicator": indicator.name,
        "is_bonus": indicator.is_bonus,
        "full_marks": str(indicator.full_marks),
        "points": None if score is None or score.points is None else str(score.points),
        "applies": score.applies if score else True,
        "reason": score.reason if score else "",
        "deductions": lost,
    }


def _standing(review: Review, placed: Placed, scores: list[dict[str, Any]]) -> Standing:
    return Standing(
        organization=review.organization,
        organization_name=review.organization.name,
        group=review.group,
        group_name=review.group.name,
        group_position=review.group.position,
        position=placed.position,
        rank=placed.rank,
        total=placed.total,
        decimals=review.rubric.places,
        full_marks=review.rubric.full_total,
        rubric_key=review.rubric.comparison_key,
        baseline_rank=placed.baseline_rank,
        baseline_total=placed.baseline_total,
        places=placed.places,
        total_change=placed.total_change,
        unranked_reason=unranked_reason(review),
        top_place=placed.top_place,
        last_place=placed.last_place,
        progress_place=placed.progress_place,
        setback_place=placed.setback_place,
        scores=scores,
    )


def _plain(value: Any) -> Any:
    """A value as JSON holds it; points always with four decimals, however they were written."""
    return f"{value:.4f}" if isinstance(value, Decimal) else value
