"""Change a rubric that is not in force yet (rule 9), and remove a cycle that was never opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from organizations.models import Organization
from reviews.models import CycleState, Indicator, ReviewCycle, Rubric, RubricState, Section


class NotADraft(Exception):
    """A rubric in force is copied to a new version, not edited; a cycle that was opened stays."""


@dataclass(frozen=True)
class DraftIndicator:
    """One indicator as typed; rows of the same section stand together whatever their order."""

    section: str
    name: str
    full_marks: Decimal
    step: Decimal
    cap: Decimal | None = None
    is_bonus: bool = False
    standard: str = ""


@transaction.atomic
def rewrite_draft(
    rubric: Rubric, indicators: Sequence[DraftIndicator], *, full_total: Decimal, places: int
) -> Rubric:
    """Give a draft these indicators instead of those it has. Raises NotADraft.

    Sections and indicators take the order in which they are given.
    """
    rubric = Rubric.objects.select_for_update(of=("self",)).get(pk=rubric.pk)
    if rubric.state != RubricState.DRAFT:
        raise NotADraft(_("This version is in force: copy it to a new one."))
    rubric.sections.all().delete()
    names = list(dict.fromkeys(row.section for row in indicators))
    sections = {
        name: Section.objects.create(rubric=rubric, name=name, position=place)
        for place, name in enumerate(names, 1)
    }
    in_order = sorted(indicators, key=lambda row: names.index(row.section))
    Indicator.objects.bulk_create(
        Indicator(
            rubric=rubric,
            section=sections[row.section],
            name=row.name,
            position=place,
            full_marks=row.full_marks,
            step=row.step,
            cap=row.cap,
            is_bonus=row.is_bonus,
            standard=row.standard,
        )
        for place, row in enumerate(in_order, 1)
    )
    rubric.full_total, rubric.places = full_total, places
    rubric.save(update_fields=["full_total", "places"])
    return rubric


@transaction.atomic
def discard_cycle(cycle: ReviewCycle) -> None:
    """Remove a cycle made by mistake: a draft, which has neither steps nor reviews. Raises NotADraft."""
    Organization.objects.select_for_update().get(pk=cycle.host_id)  # whoever opens it meanwhile queues here
    cycle = ReviewCycle.objects.get(pk=cycle.pk)
    if cycle.state != CycleState.DRAFT:
        raise NotADraft(
            _("%(quarter)s was opened and stays: only a draft can be deleted.")
            % {"quarter": cycle.quarter.label}
        )
    try:
        cycle.delete()
    except ProtectedError as kept:
        raise NotADraft(
            _("%(quarter)s is in use, for example as another quarter's baseline, and stays.")
            % {"quarter": cycle.quarter.label}
        ) from kept
