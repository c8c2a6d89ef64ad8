"""The life of a rectification item (rules 17–19): its states, the steps between them, who takes which.

Pure: no Django. docs/rectification.md prints the table; tests try every step in every state as everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where an item stands. A returned item is as unsettled as an open one; only the last two are closed."""

    OPEN = "open"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    STRUCK_OFF = "struck_off"
    WITHDRAWN = "withdrawn"


UNSETTLED = frozenset({State.OPEN, State.SUBMITTED, State.RETURNED})
ANSWERABLE = frozenset({State.OPEN, State.RETURNED})
CLOSED = frozenset({State.STRUCK_OFF, State.WITHDRAWN})


class StepKind(StrEnum):
    """What was done to an item; every one is an entry of its log."""

    RAISE = "raise"
    SEND = "send"  # shown to the unit, or to all who work for the host
    ASSIGN = "assign"  # person, date, measures, category
    NOTE = "note"  # progress in words, with or without files
    SUBMIT = "submit"
    RETURN = "return"
    STRIKE_OFF = "strike_off"
    EXTEND = "extend"
    REOPEN = "reopen"
    HOLD_UP = "hold_up"  # a return visit found it still put right
    RELAPSE = "relapse"  # a return visit found that it was not
    PASS_ON = "pass_on"  # to the successor of a closed unit (rule 24)
    CONFIRM = "confirm"  # found again by others after the unit itself had reported it (rule 20)
    MERGE = "merge"  # the same problem as another item: not counted twice
    WITHDRAW = "withdraw"  # raised by mistake


class Part(StrEnum):
    """As what somebody acts on an item: one person may act in several parts."""

    STAFF = "staff"
    INSPECTOR = "inspector"
    UNIT = "unit"
    CLERK = "clerk"  # prepares for the unit and does not bind it


UNIT_SIDE = frozenset({Part.UNIT, Part.CLERK})


@dataclass(frozen=True)
class Rule:
    """When a step may be taken and by whom. to: the state after it; None leaves the state as it is.

    says_why: it needs a text. sets_date: it needs a due date. second_person: whoever acted for the unit on
    this item, and whoever acts for the unit at all, may not take it (rule 18).
    """

    kind: StepKind
    states: frozenset[State]
    to: State | None
    by: frozenset[Part]
    says_why: bool = False
    sets_date: bool = False
    second_person: bool = False


_STAFF = frozenset({Part.STAFF})
_VISITORS = frozenset({Part.STAFF, Part.INSPECTOR})
_BOTH_SIDES = frozenset({Part.STAFF, Part.UNIT})
_WITH_CLERKS = _BOTH_SIDES | {Part.CLERK}

# Raising is no step from a state: an item begins with it.
RULES = {
    rule.kind: rule
    for rule in (
        Rule(StepKind.SEND, UNSETTLED | CLOSED, None, _STAFF),
        Rule(StepKind.ASSIGN, ANSWERABLE, None, _BOTH_SIDES),
        Rule(StepKind.NOTE, UNSETTLED, None, _WITH_CLERKS, says_why=True),
        Rule(StepKind.SUBMIT, ANSWERABLE, State.SUBMITTED, _BOTH_SIDES, says_why=True),
        Rule(StepKind.RETURN, frozenset({State.SUBMITTED}), State.RETURNED, _STAFF, says_why=True),
        Rule(StepKind.STRIKE_OFF, frozenset({State.SUBMITTED}), State.STRUCK_OFF, _STAFF, second_person=True),
        Rule(StepKind.EXTEND, UNSETTLED, None, _STAFF, says_why=True, sets_date=True),
        Rule(StepKind.REOPEN, CLOSED, State.OPEN, _STAFF, says_why=True),
        Rule(StepKind.HOLD_UP, frozenset({State.STRUCK_OFF}), None, _VISITORS),
        Rule(StepKind.RELAPSE, frozenset({State.STRUCK_OFF}), State.OPEN, _VISITORS, says_why=True),
        Rule(StepKind.PASS_ON, UNSETTLED, None, _STAFF, says_why=True),
        Rule(StepKind.CONFIRM, UNSETTLED | {State.STRUCK_OFF}, None, _STAFF, says_why=True),
        Rule(StepKind.MERGE, UNSETTLED, State.WITHDRAWN, _STAFF, says_why=True),
        Rule(StepKind.WITHDRAW, UNSETTLED, State.WITHDRAWN, _STAFF, says_why=True),
    )
}


def may_take(kind: StepKind, state: State, parts: frozenset[Part], *, acted_for_unit: bool) -> bool:
    """Whether somebody who acts in these parts may take the step on an item in this state.

    acted_for_unit: whether this person took any step of this item for the unit.
    """
    rule = RULES[kind]
    if rule.second_person and (acted_for_unit or parts & UNIT_SIDE):
        return False
    return state in rule.states and bool(parts & rule.by)


def state_after(kind: StepKind, state: State) -> State:
    """Where the step leads from this state, which must be one that the step is taken in."""
    return RULES[kind].to or state
