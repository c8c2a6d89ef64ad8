"""Compare how long two deeds take, taken in turn in one run, because the machines are noisy."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 9
SHORTEST_ROUND = 0.05  # seconds; a quicker deed is repeated within a round until the clock can tell


@dataclass(frozen=True)
class Figure:
    """One figure of the bench. subject, floor: median seconds a deed."""

    name: str
    subject: float
    floor: float

    @property
    def ratio(self) -> float:
        return self.subject / self.floor


def compare(
    name: str, subject: Callable[[], object], floor: Callable[[], object], *, rounds: int = ROUNDS
) -> Figure:
    """Medians of so many rounds of each, one after the other, after one round of each to warm up."""
    repeats = {deed: _repeats(deed) for deed in (subject, floor)}
    taken: dict[Callable[[], object], list[float]] = {subject: [], floor: []}
    for _round in range(rounds):
        for deed in (subject, floor):
            taken[deed].append(_time(deed, repeats[deed]))
    return Figure(name, statistics.median(taken[subject]), statistics.median(taken[floor]))


def _repeats(deed: Callable[[], object]) -> int:
    deed()
    once = _time(deed, 1)
    return max(1, round(SHORTEST_ROUND / once))


def _time(deed: Callable[[], object], repeats: int) -> float:
    gc.collect()
    start = time.perf_counter()
    for _repeat in range(repeats):
        deed()
    return (time.perf_counter() - start) / repeats
