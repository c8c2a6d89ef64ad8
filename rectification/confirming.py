"""Credit a unit with what it had reported itself, once others find it again (rule 20)."""

from __future__ import annotations

from django.db import transaction

from organizations.models import User
from rectification.lifecycle import State, StepKind
from rectification.models import Audience, Item, Source, Step
from rectification.stepping import Given, take_step


@transaction.atomic
def confirm_found_again(item: Item, text: str, audience: Audience, *, by: User | None) -> Step | None:
    """Say on a self-found item what found it again; the same words are said once.

    audience: who may know of what found it. None where others see the item: they would learn of a quarter
    that is not published (rule 15), so it is said when that is shown to them. None also where the words stand
    there already, where the item was withdrawn, and where it is not self-found.
    """
    item = Item.objects.select_for_update().get(pk=item.pk)
    said = item.steps.filter(kind=StepKind.CONFIRM.value, text=text)
    if item.source != Source.SELF or item.state == State.WITHDRAWN:
        return None
    if item.is_shown_beyond(audience) or said.exists():
        return None
    return take_step(item, StepKind.CONFIRM, Given(text=text), by=by, seen=item.version)
