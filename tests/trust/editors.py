"""Many editors on one review at once: every acknowledged save is in the chain of its cell, none is lost.

Each has a session of its own at a real server, types into few cells, is told of a colleague's value where it
was slower, and types again. A cell's version counts its saves: acknowledged versions without a gap up to the
one in the database, each with one text, mean that nothing was lost and nobody wrote over what was not seen.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any

from organizations.models import User
from reviews.models import Review, Score
from tests.trust.stage.crowd import at_once
from tests.trust.stage.district import EDITORS, OPEN, District
from tests.trust.stage.person import Person
from tests.trust.stage.report import Report, Scale
from tests.trust.stage.server import running
from tests.trust.stage.truth import wrong_totals

SAVE = f"/cycles/{OPEN}/entry/save/"
HOT_CELLS = 5
_CHOICES = [f"{half / 2:g}" for half in range(9)]


@dataclass
class Told:
    """What the server answered in one round. saved: by cell and version, the texts acknowledged for it."""

    wanted: int
    saved: dict[tuple[int, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    statuses: Counter[int] = field(default_factory=Counter)
    conflicts: int = 0
    lock: Lock = field(default_factory=Lock)

    @property
    def is_enough(self) -> bool:
        return len(self.saved) >= self.wanted

    def note(self, status: int, results: Sequence[Any]) -> None:
        """Take down one answer."""
        with self.lock:
            self.statuses[status] += 1
            for result in results:
                if result["outcome"] == "saved":
                    self.saved[result["indicator"], result["version"]].add(result["text"])
                else:
                    self.conflicts += 1


@dataclass(frozen=True)
class Editor:
    """One account at its browser. key: of the account, which the grid sends along."""

    person: Person
    key: int


def run(scale: Scale) -> Report:
    """So many rounds, each on another review, until so many saves were acknowledged."""
    count, saves = scale.of(long=20, quick=6), scale.of(long=300, quick=40)
    rounds, dice = scale.of(long=10, quick=1), scale.dice("editors")
    report = Report(f"{count} editors on one review")
    reviews = list(District.found().cycle(OPEN).reviews.order_by("pk")[:rounds])
    acknowledged, conflicts, statuses = [], 0, Counter[int]()
    lost: list[str] = []
    with running() as server:
        accounts = User.objects.filter(username__in=EDITORS[:count])
        people = [Editor(Person(user.username, server.port), user.pk) for user in accounts]
        at_once([editor.person.sign_in for editor in people])
        for review in reviews:
            told = Told(wanted=saves)
            cells = list(review.rubric.indicators.values_list("pk", flat=True)[:HOT_CELLS])
            works = [
                partial(edit, each, review, cells, told, random.Random(dice.random())) for each in people
            ]
            failures = at_once(works)
            lost += [f"{review}: {failure!r}" for failure in failures if failure is not None]
            lost += [f"{review}: {each}" for each in losses(review, told)]
            acknowledged.append(len(told.saved))
            conflicts += told.conflicts
            statuses += told.statuses
    report.equals("rounds", len(acknowledged), rounds)
    report.at_least("acknowledged saves in each round", min(acknowledged), saves)
    report.tell("acknowledged saves in all", sum(acknowledged))
    report.tell("told that a colleague was faster", conflicts)
    report.none("lost acknowledged saves", lost)
    report.equals("answers of 500 and above", sum(n for code, n in statuses.items() if code >= 500), 0)
    report.equals("answers other than 200", sum(n for code, n in statuses.items() if code != 200), 0)
    report.none("totals that are not what the scores come to", wrong_totals())
    return report


def edit(editor: Editor, review: Review, cells: Sequence[int], told: Told, dice: random.Random) -> None:
    """Type into these cells of the review until all together have saved enough."""
    seen = dict.fromkeys(cells, ("", 0))  # text and version
    editor.person.get(SAVE)  # the token to post with
    while not told.is_enough:
        typed = {
            cell: dice.choice([text for text in _CHOICES if text != seen[cell][0]])
            for cell in dice.sample(cells, dice.randint(1, 3))
        }
        sent = [
            {"review": review.pk, "indicator": cell, "text": text, "version": seen[cell][1]}
            for cell, text in typed.items()
        ]
        answer = editor.person.post_json(SAVE, {"user": editor.key, "cells": sent})
        results = answer.json()["results"] if answer.status == 200 else []
        told.note(answer.status, results)
        seen |= {result["indicator"]: (result["text"], result["version"]) for result in results}


def losses(review: Review, told: Told) -> list[str]:
    """Acknowledged saves that are not in the chain of their cell."""
    found = []
    acknowledged = defaultdict(set)
    for (cell, version), texts in told.saved.items():
        acknowledged[cell].add(version)
        if len(texts) != 1:
            found.append(f"cell {cell}, version {version} was acknowledged as {sorted(texts)}")
    for score in Score.objects.filter(review=review, indicator__in=acknowledged):
        if acknowledged.pop(score.indicator_id) != set(range(1, score.version + 1)):
            found.append(f"cell {score.indicator_id}: a version up to {score.version} is unknown")
        if told.saved[score.indicator_id, score.version] != {f"{score.points.normalize():f}"}:
            found.append(f"cell {score.indicator_id}: says {score.points}")
    return found + [f"cell {cell}: nothing is there" for cell in acknowledged]
