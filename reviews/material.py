"""What a publication keeps beside its standings, so that its documents never change: what visits found done
well and wrong, the assigned work, and what the baseline said of the groups (rules 4, 14 and 21).

Neither inspectors nor persons responsible are kept; of visits only those that were made (rule 16).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

from django.db.models import prefetch_related_objects

from rectification.programmes import CountedProgramme, counted_in, counted_of
from reviews.models import Highlight, Problem, Publication, Review, ReviewCycle, Standing, Visit
from reviews.ranking import end_size
from reviews.scoring import round_half_up


def frozen_material(
    cycle: ReviewCycle, reviews: Sequence[Review], baseline: Publication | None, on: datetime.date
) -> dict[str, Any] | None:
    """All of it as JSON, None where there is nothing at all; units that are not reviewed are left out.

    on: the day of publication. At most eight queries, however much there is.
    """
    names = {review.organization_id: review.organization.name for review in reviews}
    material: dict[str, list[dict[str, Any]]] = {
        "highlights": [
            _where(each.visit, names) | {"text": each.text}
            for each in Highlight.objects.in_cycle(cycle).of_visits_made().with_places()
            if each.visit.organization_id in names
        ],
        "findings": [
            _where(each.visit, names)
            | {"text": each.text, "category": each.category.name, "category_position": each.category.position}
            for each in Problem.objects.in_cycle(cycle).of_visits_made().standing().with_places()
            if each.visit.organization_id in names
        ],
        "programmes": _programmes(cycle, on),
        "earlier": _earlier_groups(reviews, baseline),
    }
    return material if any(material.values()) else None


def _where(visit: Visit, names: Mapping[int, str]) -> dict[str, Any]:
    unit = visit.organization_id
    return {"unit": unit, "name": names[unit], "place": visit.place_label}


def _programmes(cycle: ReviewCycle, on: datetime.date) -> list[dict[str, Any]]:
    """What earlier quarters and this one assigned, as it stands at the end of the day."""
    earlier = counted_in(cycle.host, cycle.quarter, on).programmes
    here = counted_of(cycle.host, cycle.quarter, on).programmes
    prefetch_related_objects([each.programme for each in (*earlier, *here)], "due_classes")
    return [*(_programme(each) for each in earlier), *(_programme(each, is_new=True) for each in here)]


def _programme(counted: CountedProgramme, *, is_new: bool = False) -> dict[str, Any]:
    programme, counts = counted.programme, counted.counts
    return {
        "key": programme.pk,
        "name": programme.name,
        "quarter": str(programme.quarter),
        "lead": programme.lead,
        "lead_unit": programme.lead_unit_id,
        "task": programme.text,
        "dues": [{"due_on": due.due_on.isoformat(), "name": due.name} for due in programme.due_classes.all()],
        "targets": counts.targets,
        "done": counts.done,
        "overdue": counts.overdue,
        "outcome": counted.outcome,
        "is_new": is_new,
    }


def _earlier_groups(reviews: Iterable[Review], baseline: Publication | None) -> list[dict[str, Any]]:
    """What the baseline published of each group that is reviewed now and was ranked then."""
    if baseline is None:
        return []
    rubrics: dict[int, set[str]] = {}
    for review in reviews:
        rubrics.setdefault(review.group_id, set()).add(review.rubric.comparison_key)
    rows = Standing.objects.filter(publication=baseline).in_print_order().defer("scores")
    by_group = groupby(rows, key=lambda row: row.group_id)
    return [
        _earlier_group(group, ranked, rubrics[group], baseline.list_size)
        for group, members in by_group
        if group in rubrics and (ranked := [row for row in members if row.total is not None])
    ]


def _earlier_group(
    group: int, ranked: Sequence[Standing], rubrics: set[str], list_size: int
) -> dict[str, Any]:
    """average: as it printed then; None where the rubrics do not compare (rule 4)."""
    totals = [row.total for row in ranked if row.total is not None]
    average = round_half_up(
        Fraction(sum(totals, Decimal(0))) / len(totals), max(row.decimals for row in ranked)
    )
    is_comparable = {row.rubric_key for row in ranked} == rubrics and len(rubrics) == 1
    return {
        "group": group,
        "average": str(average) if is_comparable else None,
        "last_size": end_size(len(set(totals)), list_size),
        "last": [row.organization_id for row in ranked if row.last_place is not None],
    }
