"""docs/rectification.md prints the life of an item as the product has it."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

from rectification.lifecycle import RULES, Rule, State

PAGE = Path(__file__).parents[2] / "docs" / "rectification.md"
HEAD = ["| state | step | who | state after it | needs |", "|---|---|---|---|---|"]


def needs(rule: Rule) -> str:
    words = [("words", rule.says_why), ("a date", rule.sets_date), ("a second person", rule.second_person)]
    return ", ".join(word for word, is_needed in words if is_needed)


def row(state: State, rule: Rule) -> str:
    cells = [state, rule.kind, ", ".join(sorted(rule.by)), rule.to or state, needs(rule)]
    return "| " + " | ".join(cells) + " |"


def table() -> list[str]:
    """The whole table: state by state, each with the steps it allows."""
    return HEAD + [row(state, rule) for state in State for rule in RULES.values() if state in rule.states]


def test_the_printed_table_is_that_of_the_product():
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    printed = list(takewhile(str.strip, lines[lines.index(HEAD[0]) :]))
    assert printed == table(), "docs/rectification.md should print:\n" + "\n".join(table())
