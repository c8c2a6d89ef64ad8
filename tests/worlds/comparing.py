"""Ask two worlds the same and tell where their answers differ."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from organizations.models import User
from tests.worlds.asking import Answer, Question, Visitor, at_one_moment, mails_to

MOST_LINES = 12


@dataclass
class Comparison:
    """How many answers and mails were compared, and what was not the same."""

    compared: int = 0
    shown: int = 0  # of the answers, those that show something: 200
    mails: int = 0
    differences: list[str] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.compared} answers ({self.statuses}) and {self.mails} mails compared"


def compare(
    person: User, questions: Sequence[Question], change: Callable[[], object], *, follow: int = 0
) -> Comparison:
    """Ask, change, ask the same again. Queries are compared, too: how long an answer takes tells as well.

    follow: of the tagged answers of the first world, so many are asked for again as copies one has.
    """
    now = timezone.now() + datetime.timedelta(seconds=1)
    with at_one_moment(now), transaction.atomic():
        visitor = Visitor(person)
        first, first_mails = visitor.ask(questions), mails_to(person)
        tagged = [each for each, answer in first.items() if answer.tag and each.method == "GET"]
        copies = [each._replace(known_as=first[each].tag) for each in tagged[:follow]]
        first |= visitor.ask(copies)
        change()
        second, second_mails = visitor.ask([*questions, *copies]), mails_to(person)
        transaction.set_rollback(True)
    comparison = Comparison(compared=len(first), mails=len(first_mails))
    for question, answer in first.items():
        comparison.statuses[answer.status] = comparison.statuses.get(answer.status, 0) + 1
        if answer != second[question]:
            comparison.differences.append(difference(question, answer, second[question]))
    if first_mails != second_mails:
        comparison.differences.append(f"mails: {first_mails} / {second_mails}")
    comparison.shown = comparison.statuses.get(200, 0)
    return comparison


def difference(question: Question, first: Answer, second: Answer) -> str:
    """Where two answers differ, in a few lines."""
    told = [str(question)]
    for part in ("status", "headers", "queries"):
        if getattr(first, part) != getattr(second, part):
            one, other = getattr(first, part), getattr(second, part)
            if part == "headers":
                one, other = sorted(set(one) - set(other)), sorted(set(other) - set(one))
            told.append(f"  {part}: {one} / {other}")
    if first.body != second.body:
        lines = difflib.unified_diff(_lines(first.body), _lines(second.body), lineterm="", n=0)
        told += [f"  {line.strip()[:200]}" for line in list(lines)[2 : 2 + MOST_LINES]]
    return "\n".join(told)


def _lines(body: bytes) -> list[str]:
    return [line.strip() for line in body.decode(errors="replace").splitlines() if line.strip()]
