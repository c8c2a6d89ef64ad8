"""From a problem to its being struck off: the verbs people use (rules 17–19). `stepping` does the work.

Each raises StepRefused with one clear line, and then nothing was changed. `seen` is the item's version that
the user decided on.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from audit.deeds import for_its
from organizations.models import User
from rectification.evidence import NewFile
from rectification.lifecycle import StepKind
from rectification.models import Item, ProblemCategory, Step
from rectification.stepping import Given, take_step


def assign(
    item: Item,
    *,
    by: User,
    seen: int,
    responsible: str = "",
    due_on: datetime.date | None = None,
    measures: str = "",
    category: ProblemCategory | None = None,
) -> Step:
    """Name the responsible person, the first due date, the measures or the category."""
    given = Given(responsible=responsible, due_on=due_on, measures=measures, category=category)
    return take_step(item, StepKind.ASSIGN, given, by=by, seen=seen)


def add_note(item: Item, text: str, *, by: User, seen: int, files: Sequence[NewFile] = ()) -> Step:
    """Say how it goes, with or without files; the state stays."""
    return take_step(item, StepKind.NOTE, Given(text=text, files=files), by=by, seen=seen)


def submit(
    item: Item,
    answer: str,
    *,
    by: User,
    seen: int,
    files: Sequence[NewFile] = (),
    responsible: str = "",
    measures: str = "",
    due_on: datetime.date | None = None,
    category: ProblemCategory | None = None,
) -> Step:
    """Answer for the unit: what was done, with evidence. By the unit, or by the staff for one on paper.

    responsible, due_on, category: where the item lacks them.
    """
    given = Given(
        text=answer,
        files=files,
        responsible=responsible,
        measures=measures,
        due_on=due_on,
        category=category,
    )
    return take_step(item, StepKind.SUBMIT, given, by=by, seen=seen)


def strike_off(item: Item, *, by: User, seen: int, text: str = "") -> Step:
    """Strike it off; whoever answered for the unit never does (rule 18)."""
    return take_step(item, StepKind.STRIKE_OFF, Given(text=text), by=by, seen=seen)


@for_its("reason")
def return_to_unit(item: Item, reason: str, *, by: User, seen: int) -> Step:
    """Send the answer back: the unit answers again."""
    return take_step(item, StepKind.RETURN, Given(text=reason), by=by, seen=seen)


@for_its("reason")
def extend(item: Item, due_on: datetime.date, reason: str, *, by: User, seen: int) -> Step:
    """Give more time; the original date stays, and overdue is still counted from it (rule 19)."""
    return take_step(item, StepKind.EXTEND, Given(text=reason, due_on=due_on), by=by, seen=seen)


@for_its("reason")
def reopen(item: Item, reason: str, *, by: User, seen: int, due_on: datetime.date | None = None) -> Step:
    """Take back that it was struck off or withdrawn."""
    return take_step(item, StepKind.REOPEN, Given(text=reason, due_on=due_on), by=by, seen=seen)


@for_its("reason")
def withdraw(item: Item, reason: str, *, by: User, seen: int) -> Step:
    """Say that it was raised by mistake; it stays readable and counts nowhere."""
    return take_step(item, StepKind.WITHDRAW, Given(text=reason), by=by, seen=seen)
