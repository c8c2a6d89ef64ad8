"""The life of a programme, its targets and their tasks (rule 21): states, steps, and who takes which.

Pure: no Django. docs/programmes.md prints the table; tests try every step in every state as everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rectification.lifecycle import UNIT_SIDE, Part


class ProgrammeStanding(StrEnum):
    """Where a programme stands. A withdrawn one was assigned by mistake and counts nowhere."""

    RUNNING = "running"
    FINISHED = "finished"
    WITHDRAWN = "withdrawn"


class TargetStanding(StrEnum):
    """Where a unit or branch stands in a programme. One that is out was taken out with a reason."""

    OPEN = "open"
    DONE = "done"
    OUT = "out"


class TaskStanding(StrEnum):
    """Where one row of the checklist stands for one target. Only what the staff confirmed is passed."""

    OPEN = "open"
    REPORTED = "reported"
    SENT_BACK = "sent_back"
    PASSED = "passed"


class Level(StrEnum):
    """What a step is a step of."""

    PROGRAMME = "programme"
    TARGET = "target"
    TASK = "task"


class Kind(StrEnum):
    """What was done; every one is an entry of the log."""

    # of the programme
    ASSIGN = "assign"
    CHANGE = "change"
    FINISH = "finish"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    # of a target
    ADD = "add"
    NAME = "name"  # who is responsible, who helps
    EXTEND = "extend"
    MARK = "mark"  # as a demonstration site
    UNMARK = "unmark"
    TAKE_OUT = "take_out"
    PUT_BACK = "put_back"
    # of a task
    REPORT = "report"
    NOTE = "note"
    PLAN = "plan"  # a session that is yet to be held
    HOLD = "hold"  # a session that was held
    CALL_OFF = "call_off"  # a session that is not held, or was recorded by mistake
    SEND_BACK = "send_back"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    # of a target or a programme, by itself: with its last task, with its last target, with a reopened one
    COMPLETE = "complete"
    # of a target, by itself: to the successor of a closed unit
    PASS_ON = "pass_on"


@dataclass(frozen=True)
class Rule:
    """When a step may be taken and by whom. to: the state after it; None leaves the state as it is.

    says_why: it needs a text. second_person: whoever acted for the unit in this task, and whoever acts for
    the unit at all, may not take it.
    """

    kind: Kind
    level: Level
    states: frozenset[str]
    to: str | None
    by: frozenset[Part]
    says_why: bool = False
    second_person: bool = False


_STAFF = frozenset({Part.STAFF})
_BOTH_SIDES = frozenset({Part.STAFF, Part.UNIT})
_WITH_CLERKS = _BOTH_SIDES | {Part.CLERK}

_P, _T, _S = ProgrammeStanding, TargetStanding, TaskStanding
UNPASSED = frozenset({_S.OPEN, _S.REPORTED, _S.SENT_BACK})
REPORTABLE = frozenset({_S.OPEN, _S.SENT_BACK})


def _programme(kind: Kind, states: set[str], to: str | None, *, says_why: bool = True) -> Rule:
    return Rule(kind, Level.PROGRAMME, frozenset(states), to, _STAFF, says_why)


def _target(
    kind: Kind, states: set[str], to: str | None, by: frozenset[Part] = _STAFF, *, says_why: bool = False
) -> Rule:
    return Rule(kind, Level.TARGET, frozenset(states), to, by, says_why)


def _task(
    kind: Kind,
    states: frozenset[TaskStanding] | set[TaskStanding],
    to: str | None,
    by: frozenset[Part] = _BOTH_SIDES,
    *,
    says_why: bool = False,
    second_person: bool = False,
) -> Rule:
    return Rule(kind, Level.TASK, frozenset(states), to, by, says_why, second_person)


# Assigning a programme and adding a target are no steps from a state: a log begins with them.
RULES = {
    rule.kind: rule
    for rule in (
        _programme(Kind.CHANGE, {_P.RUNNING}, None, says_why=False),
        _programme(Kind.FINISH, {_P.RUNNING}, _P.FINISHED),
        _programme(Kind.RESUME, {_P.FINISHED, _P.WITHDRAWN}, _P.RUNNING),
        _programme(Kind.WITHDRAW, {_P.RUNNING, _P.FINISHED}, _P.WITHDRAWN),
        _target(Kind.NAME, {_T.OPEN}, None, _BOTH_SIDES),
        _target(Kind.EXTEND, {_T.OPEN}, None, says_why=True),
        _target(Kind.MARK, {_T.OPEN, _T.DONE}, None),
        _target(Kind.UNMARK, {_T.OPEN, _T.DONE}, None, says_why=True),
        _target(Kind.TAKE_OUT, {_T.OPEN}, _T.OUT, says_why=True),
        _target(Kind.PUT_BACK, {_T.OUT}, _T.OPEN, says_why=True),
        _task(Kind.REPORT, REPORTABLE, _S.REPORTED),
        _task(Kind.NOTE, UNPASSED, None, _WITH_CLERKS),
        _task(Kind.PLAN, UNPASSED | {_S.PASSED}, None, _WITH_CLERKS),
        _task(Kind.HOLD, UNPASSED | {_S.PASSED}, None, _WITH_CLERKS),
        _task(Kind.CALL_OFF, UNPASSED, None, _WITH_CLERKS, says_why=True),
        _task(Kind.SEND_BACK, {_S.REPORTED}, _S.SENT_BACK, _STAFF, says_why=True),
        _task(Kind.CONFIRM, {_S.REPORTED}, _S.PASSED, _STAFF, second_person=True),
        _task(Kind.REOPEN, {_S.PASSED}, _S.SENT_BACK, _STAFF, says_why=True),
    )
}
BY_UNIT = frozenset({Kind.REPORT, Kind.PLAN, Kind.HOLD})  # always the unit's word, whoever wrote it down


@dataclass(frozen=True)
class Surroundings:
    """Where the programme and the target stand whose step it is; target: None for the programme's own."""

    programme: str
    target: str | None = None

    def allow(self, kind: Kind) -> bool:
        """Nothing below a programme moves once it is closed, nor a task of a target that was taken out."""
        level = RULES[kind].level
        if level is Level.PROGRAMME:
            return True
        if self.programme != ProgrammeStanding.RUNNING:
            return False
        return level is Level.TARGET or self.target != TargetStanding.OUT


def may_take(
    kind: Kind, state: str, around: Surroundings, parts: frozenset[Part], *, acted_for_unit: bool = False
) -> bool:
    """Whether somebody who acts in these parts may take the step from this state.

    acted_for_unit: whether this person took any step of this task for the unit.
    """
    rule = RULES[kind]
    if rule.second_person and (acted_for_unit or parts & UNIT_SIDE):
        return False
    return state in rule.states and bool(parts & rule.by) and around.allow(kind)


def confirmed_state(is_complete: bool) -> TaskStanding:
    """Where a confirmed task stands: a percentage below 100 is believed and the work goes on."""
    return TaskStanding.PASSED if is_complete else TaskStanding.OPEN
