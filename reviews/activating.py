"""Put a rubric in force, and copy it to a new version (rule 9)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import Organization
from organizations.names import normalize_name
from reviews.models import Indicator, Rubric, RubricState, Section


class CannotActivate(Exception):
    """A rubric is not fit to be used; `faults` says all that is wrong with it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def activation_faults(rubric: Rubric, indicators: Iterable[Indicator]) -> list[str]:
    """All that keeps a rubric from being used: nothing to score, a wrong sum, marks that no step reaches."""
    indicators = list(indicators)
    faults = [sum_fault(rubric, indicators), *(step_fault(rubric, indicator) for indicator in indicators)]
    return [fault for fault in faults if fault]


def sum_fault(rubric: Rubric, indicators: Iterable[Indicator]) -> str:
    """Why the full marks do not make the stated total, bonus aside; empty where they do (rule 9)."""
    regular = [indicator.full_marks for indicator in indicators if not indicator.is_bonus]
    if not regular:
        return _("%(group)s: the rubric has no indicators.") % {"group": rubric.group.name}
    added = sum(regular)
    if added == rubric.full_total:
        return ""
    return _("%(group)s: the full marks add up to %(sum)s, the stated total is %(total)s.") % {
        "group": rubric.group.name,
        "sum": added,
        "total": rubric.full_total,
    }


def step_fault(rubric: Rubric, indicator: Indicator) -> str:
    """Why an indicator's full marks cannot be given in its steps; empty where they can."""
    if not indicator.full_marks % indicator.step:
        return ""
    message = _("%(group)s, %(indicator)s: full marks %(full)s are not a whole number of steps of %(step)s.")
    return message % {
        "group": rubric.group.name,
        "indicator": indicator.name,
        "full": indicator.full_marks,
        "step": indicator.step,
    }


@transaction.atomic
def activate_rubric(rubric: Rubric) -> Rubric:
    """Put a draft in force in place of the version before it. Safe to repeat. Raises CannotActivate."""
    Organization.objects.select_for_update().get(pk=rubric.host_id)
    rubric = Rubric.objects.select_related("group").get(pk=rubric.pk)
    if rubric.state == RubricState.ACTIVE:
        return rubric
    if rubric.state == RubricState.RETIRED:
        raise CannotActivate([_("This version was replaced: copy it to a new one.")])
    indicators = list(rubric.indicators.all())
    faults = activation_faults(rubric, indicators)
    if faults:
        raise CannotActivate(faults)
    in_force = Rubric.objects.of_host(rubric.host).active().filter(group=rubric.group, year=rubric.year)
    in_force.update(state=RubricState.RETIRED)
    rubric.comparison_key = comparison_key(indicators)
    rubric.state, rubric.activated_at = RubricState.ACTIVE, timezone.now()
    rubric.save(update_fields=["comparison_key", "state", "activated_at"])
    return rubric


def comparison_key(indicators: Iterable[Indicator]) -> str:
    """Equal for rubrics that score the same indicators, whatever the marks: their totals compare (rule 4)."""
    names = sorted(f"{indicator.is_bonus:d}{normalize_name(indicator.name)}" for indicator in indicators)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


@transaction.atomic
def copy_to_new_version(rubric: Rubric) -> Rubric:
    """A draft with the next version number and the same sections and indicators, to be edited."""
    Organization.objects.select_for_update().get(pk=rubric.host_id)
    copy = Rubric.objects.create(
        host=rubric.host,
        group=rubric.group,
        year=rubric.year,
        version=next_version(rubric.host, rubric.group_id, rubric.year),
        full_total=rubric.full_total,
        places=rubric.places,
    )
    for section in rubric.sections.prefetch_related("indicators"):
        new_section = Section.objects.create(rubric=copy, name=section.name, position=section.position)
        for indicator in section.indicators.all():
            indicator.pk, indicator.rubric, indicator.section = None, copy, new_section
            indicator._state.adding = True
            indicator.save()
    return copy


def next_version(host: Organization, group_id: int, year: int) -> int:
    """The number the next version of a group's rubric for a year takes. Call under the host's lock."""
    versions = (
        Rubric.objects.of_host(host).filter(group=group_id, year=year).values_list("version", flat=True)
    )
    return max(versions, default=0) + 1
