"""Choose other settings for a cycle that is not published yet, once their effect was seen."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from organizations.models import User
from reviews.models import CycleState, CycleStep, ReviewCycle
from reviews.publishing import StepRefused
from reviews.trying import SETTINGS, Settings, settings_in_words

STATES = (CycleState.OPEN, CycleState.REPLY, CycleState.VERIFIED)


def may_choose(cycle: ReviewCycle) -> bool:
    """A draft has no places yet, and a published quarter keeps those it was published with."""
    return cycle.state in STATES


@transaction.atomic
def choose_settings(cycle: ReviewCycle, trial: ReviewCycle, *, seen: str, by: User | None) -> ReviewCycle:
    """Give the cycle the settings of its copy, and note the change in its log. Raises StepRefused.

    seen: the `Settings.key` they were compared with; what another set meanwhile has to be looked at first.
    """
    locked = ReviewCycle.objects.select_for_update(of=("self",)).select_related("host", "baseline")
    cycle = locked.get(pk=cycle.pk)
    if not may_choose(cycle):
        raise StepRefused(
            _("%(quarter)s is “%(state)s”: its settings are not chosen now.")
            % {"quarter": cycle.quarter.label, "state": cycle.get_state_display()}
        )
    if Settings.of(cycle).key != seen:
        raise StepRefused(_("The settings were changed meanwhile: compare with the new ones first."))
    if Settings.of(cycle) == Settings.of(trial):
        raise StepRefused(_("These settings are in use already."))
    if trial.baseline is not None and trial.baseline.latest_publication() is None:
        text = _("The baseline %(baseline)s is not published yet.")
        raise StepRefused(text % {"baseline": trial.baseline.quarter.label})
    before = settings_in_words(cycle)
    for name in SETTINGS:
        setattr(cycle, name, getattr(trial, name))
    cycle.save(update_fields=["baseline", *SETTINGS[1:]])
    after = settings_in_words(cycle)
    changed = [f"{label} {before[label]} → {said}" for label, said in after.items() if said != before[label]]
    CycleStep.objects.create(
        cycle=cycle, from_state=cycle.state, to_state=cycle.state, taken_by=by, reason=_("; ").join(changed)
    )
    return cycle
