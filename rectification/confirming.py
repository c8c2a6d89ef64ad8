"""Credit a unit with what it had reported itself, once others find it again (rule 20)."""

from __future__ import annotations

from django.db import transaction

from organizations.models import User
from rectification.lifecycle import State, StepKind
from rectification.models import Item, Source, Step
from rectification.stepping import Given, take_step


@transaction.atomic
def confirm_found_again(item: Item, text: str, *, by: User | None) -> Step | None:
    """Say on a self-found item what found it again; the same words are said once.

    None where they stand there already, where the item was withdrawn, and where it is not self-found.
    """
    item = Item.objects.select_for_update().get(pk=item.pk)
    said = item.steps.filter(kind=StepKind.CONFIRM.value, text=text)
    if item.source != Source.SELF or item.state == State.WITHDRAWN or said.exists():
        return None
    return take_step(item, StepKind.CONFIRM, Given(text=text), by=by, seen=item.version)
