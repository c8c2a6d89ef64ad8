"""What comes of holding a statement against the truth. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reviews.reports.facts import UnitResult
from reviews.reports.statements import Statement
from reviews.reports.truths import Truth


class Verdict(StrEnum):
    AGREES = "agrees"
    DISAGREES = "disagrees"
    LOOK = "look"  # nothing in the results says this, and nothing says otherwise


@dataclass(frozen=True)
class Judgement:
    """truth: what is true now, in words. fact: the one that the figure is, where exactly one it can be.

    remedy: what to put in the figure's place to make it true; empty where a person has to find words.
    field: the key of the live field that says it.
    """

    verdict: Verdict
    truth: str = ""
    fact: str = ""
    remedy: str = ""
    field: str = ""


TRUE = Judgement(Verdict.AGREES)


def wrong(truth: str, *, remedy: str = "", field: str = "", fact: str = "") -> Judgement:
    return Judgement(Verdict.DISAGREES, truth, fact, remedy, field)


def lines_of(said: Statement, truth: Truth) -> list[UnitResult]:
    """The lines of the units that something is said of."""
    return [truth.units[unit.unit][1] for unit in said.units]
