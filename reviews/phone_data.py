"""What a phone takes along into a village without signal: units, rubrics, categories and the visits to make.

Plain values for JSON. Nothing of it tells a score or a rank, and nothing names the own unit of whoever takes
it (rules 15 and 16).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.utils import timezone

from files.limits import MOST_PHOTOS
from organizations.models import Organization, User
from rectification.categories import offered_categories
from reviews.importing.findings import number
from reviews.models import CycleState, Indicator, Review, ReviewCycle, Rubric, Visit, VisitSettings
from reviews.visit_forms import cycles_to_visit, inspectors_of, units_to_visit


def phone_data(user: User, host: Organization) -> dict[str, Any]:
    """All that the phone's page needs to record visits for this host wholly offline. Eleven queries."""
    visits = list(_visits_to_make(user, host))
    to_choose = list(cycles_to_visit(host))
    # A planned visit may be made although its quarter is closed: its record is held then.
    cycles = list(dict.fromkeys([*to_choose, *(visit.cycle for visit in visits)]))
    rubric_of = _rubrics_by_cycle(cycles)
    return {
        "user": {"key": user.pk, "name": str(user)},
        "host": {"key": host.pk, "name": host.name},
        "today": timezone.localdate().isoformat(),
        "cycles": [
            {
                "key": cycle.pk,
                "label": cycle.quarter.label,
                "is_offered": cycle in to_choose,
                "rubrics": rubric_of[cycle.pk],
            }
            for cycle in cycles
        ],
        "units": _units(host, user),
        "rubrics": _rubrics({rubric for units in rubric_of.values() for rubric in units.values()}),
        "categories": offered_categories(host),
        "inspectors": [{"key": each.pk, "name": str(each)} for each in inspectors_of(host)],
        "visits": [_visit(visit) for visit in visits],
        "keeps_places": VisitSettings.of_host(host).keeps_photo_places,
        "most_photos": MOST_PHOTOS,
    }


def _rubrics_by_cycle(cycles: Iterable[ReviewCycle]) -> dict[int, dict[int, int]]:
    """By cycle: the rubric of each unit on its roster; in a draft, which has none yet, of its group."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    reviews = Review.objects.filter(cycle__in=cycles)
    for of_cycle, unit, rubric in reviews.values_list("cycle", "organization", "rubric"):
        found[of_cycle][unit] = rubric
    active = Rubric.objects.active().filter(host__in=[cycle.host_id for cycle in cycles])
    units = list(active.values_list("year", "pk", "group__members"))
    for cycle in cycles:
        for year, rubric, unit in units:
            if year == cycle.year and cycle.state == CycleState.DRAFT and unit is not None:
                found[cycle.pk].setdefault(unit, rubric)
    return found


def _units(host: Organization, user: User) -> list[dict[str, Any]]:
    """The units that this user may visit, with their villages and branches, in the host's order."""
    units = list(units_to_visit(host, user))
    places: dict[int, list[dict[str, Any]]] = defaultdict(list)
    below = Organization.objects.filter(parent__in=units).active(timezone.localdate())
    for place in below.order_by("position", "pk"):
        places[place.parent_id or 0].append({"key": place.pk, "name": place.name})
    return [
        {
            "key": unit.pk,
            "name": unit.name,
            "group": unit.group.name if unit.group else "",
            "places": places[unit.pk],
        }
        for unit in units
    ]


def _rubrics(keys: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """By rubric: its sections with the indicators that points can be taken from."""
    rows = Indicator.objects.filter(rubric__in=keys, is_bonus=False).select_related("section")
    ordered = rows.order_by("rubric", "section__position", "position", "pk")
    return {
        rubric: [
            {"name": name, "indicators": [_indicator(row) for row in members]}
            for name, members in groupby(of_rubric, key=lambda row: row.section.name)
        ]
        for rubric, of_rubric in groupby(ordered, key=lambda row: row.rubric_id)
    }


def _indicator(row: Indicator) -> dict[str, Any]:
    return {
        "key": row.pk,
        "name": row.name,
        "full": number(row.full_marks),
        "step": number(row.step),
        "reasons": row.reasons,
    }


def _visits_to_make(user: User, host: Organization) -> Iterable[Visit]:
    visits = Visit.objects.visible_to(user).of_host(host).planned().by_inspector(user)
    return visits.with_names().own_first(user)


def _visit(visit: Visit) -> dict[str, Any]:
    return {
        "key": visit.pk,
        "cycle": visit.cycle_id,
        "organization": visit.organization_id,
        "unit": visit.organization.name,
        "place": visit.place_id,
        "place_label": visit.place_label,
        "visited_on": visit.visited_on.isoformat() if visit.visited_on else None,
        "inspectors": [str(inspector) for inspector in visit.inspectors.all()],
        "note": visit.note,
    }
