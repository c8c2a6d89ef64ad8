"""A host's year out of its published quarters, each in its newest publication. Two queries at any length.

Nothing else is read: what was entered since, or in an unpublished quarter, changes nothing (rule 15).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from organizations.models import Organization
from reviews.annual import QuarterResult, UnitYear, YearPlaced, YearRule, rank_year
from reviews.models import Publication, ReviewYear, Standing
from reviews.ranking import RankMethod
from reviews.scoring import round_half_up
from reviews.year_results import (
    QuarterAverage,
    QuarterCell,
    QuarterTaken,
    YearGroup,
    YearLine,
    YearResults,
)


def published_quarters(host: Organization, year: int) -> list[Publication]:
    """The newest publication of each quarter of the year, by time, each with its cycle. One query."""
    publications = Publication.objects.of_year(host, year).in_force().by_quarter()
    return list(publications.defer("document", "rectification", "texts"))


def year_results(
    host: Organization, year: int, publications: Sequence[Publication], settings: ReviewYear
) -> YearResults:
    """What these publications make of the year by the host's rule. One query.

    publications: as `published_quarters` gives them, at least one. Places are counted and lists made as in
    the last of them. A unit is itself whatever it was called; its name, group and order are those of the
    last quarter that has it.
    """
    newest = publications[-1]
    rows: dict[int, list[Standing]] = defaultdict(list)
    quarters = {publication.pk: publication.cycle.number for publication in publications}
    for row in Standing.objects.filter(publication__in=quarters).in_print_order().defer("scores"):
        rows[row.organization_id].append(row)
    units = {
        unit: sorted(found, key=lambda row: quarters[row.publication_id]) for unit, found in rows.items()
    }
    by_group: dict[int, list[list[Standing]]] = defaultdict(list)
    for found in units.values():
        by_group[found[-1].group_id].append(found)
    averages = _averages((row for found in units.values() for row in found), quarters)
    groups = [
        _group(members, quarters, averages[key], settings.rule, newest) for key, members in by_group.items()
    ]
    return YearResults(
        host_name=host.name,
        year=year,
        rule=settings.rule,
        rank_method=newest.rank_method,
        list_size=newest.list_size,
        quarters=tuple(_taken(publication) for publication in publications),
        groups=tuple(group for _order, group in sorted(groups, key=lambda pair: pair[0])),
    )


def _taken(publication: Publication) -> QuarterTaken:
    quarter = publication.cycle.quarter
    return QuarterTaken(quarter, publication.number, publication.digest, publication.published_on)


def _averages(rows: Iterable[Standing], quarters: Mapping[int, int]) -> dict[int, tuple[QuarterAverage, ...]]:
    """By group: what the circular of each quarter gave as its average."""
    ranked: dict[tuple[int, int], list[Standing]] = defaultdict(list)
    for row in rows:
        if row.total is not None:
            ranked[row.group_id, quarters[row.publication_id]].append(row)
    averages: dict[int, tuple[QuarterAverage, ...]] = defaultdict(tuple)
    for (group, number), found in sorted(ranked.items()):
        decimals = max(row.decimals for row in found)
        exact = sum((Fraction(row.total or 0) for row in found), Fraction(0)) / len(found)
        full_marks = max(row.full_marks for row in found)
        average = QuarterAverage(number, round_half_up(exact, decimals), decimals, full_marks)
        averages[group] = (*averages[group], average)
    return averages


def _group(
    members: Sequence[Sequence[Standing]],
    quarters: Mapping[int, int],
    averages: tuple[QuarterAverage, ...],
    rule: YearRule,
    newest: Publication,
) -> tuple[tuple[int, str, int], YearGroup]:
    """One group of the year with what it is ordered by; members: the standings of each unit, by time."""
    latest = max((found[-1] for found in members), key=lambda row: quarters[row.publication_id])
    decimals = max(row.decimals for found in members for row in found)
    full_marks = _full_marks(members, latest.publication_id)
    by_unit = {found[-1].organization_id: found for found in members}
    placed = rank_year(
        [_unit_year(found, quarters) for found in members],
        rule,
        published=sorted(quarters.values()),
        full_marks=full_marks,
        decimals=decimals,
        method=RankMethod(newest.rank_method),
        list_size=newest.list_size,
    )
    lines = tuple(_line(entry, by_unit[entry.unit], quarters, decimals) for entry in placed)
    group = YearGroup(latest.group_id, latest.group_name, full_marks, decimals, averages, lines)
    return (latest.group_position, latest.group_name, latest.group_id), group


def _full_marks(members: Sequence[Sequence[Standing]], publication: int) -> Decimal:
    """What the totals of the group were out of in its last quarter; the most, should its rubrics differ."""
    return max(found[-1].full_marks for found in members if found[-1].publication_id == publication)


def _unit_year(found: Sequence[Standing], quarters: Mapping[int, int]) -> UnitYear:
    return UnitYear(
        found[-1].organization_id,
        found[-1].position,
        tuple(
            QuarterResult(
                number=quarters[row.publication_id],
                group=row.group_id,
                rank=row.rank,
                total=row.total,
                full_marks=row.full_marks,
                rubric=row.rubric_key,
            )
            for row in found
        ),
    )


def _line(
    placed: YearPlaced, found: Sequence[Standing], quarters: Mapping[int, int], decimals: int
) -> YearLine:
    return YearLine(
        unit=placed.unit,
        name=found[-1].organization_name,
        position=placed.position,
        quarters=tuple(
            QuarterCell(
                number=quarters[row.publication_id],
                rank=row.rank,
                total=row.total,
                decimals=row.decimals,
                reason=row.unranked_reason,
                is_elsewhere=row.group_id != found[-1].group_id,
            )
            for row in found
        ),
        decimals=decimals,
        counted=placed.counted,
        rank=placed.rank,
        total=placed.total,
        absence=placed.absence,
        places=placed.places,
        top_place=placed.top_place,
        last_place=placed.last_place,
        progress_place=placed.progress_place,
        setback_place=placed.setback_place,
    )
