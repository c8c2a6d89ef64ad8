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
    """One figure of the bench. subject, floor: median seconds a deed, or what `unit` says."""

    name: str
    subject: float
    floor: float
    unit: str = "seconds"

    @property
    def ratio(self) -> float:
        return self.subject / self.floor


def compare(
    name: str, subject: Callable[[], object], floor: Callable[[], object], *, rounds: int = ROUNDS
) -> Figure:
    """Medians of so many rounds of each, one after the other, after one round of each to warm up."""
    of_subject, of_floor = _repeats(subject), _repeats(floor)
    return _in_turn(name, lambda: _time(subject, of_subject), lambda: _time(floor, of_floor), rounds)


def compare_told(name: str, subject: Callable[[], float], floor: Callable[[], float], rounds: int) -> Figure:
    """The same for deeds that tell themselves how many seconds they took, such as a browser's."""
    for deed in (subject, floor) * 3:
        deed()
    return _in_turn(name, subject, floor, rounds)


def _in_turn(name: str, subject: Callable[[], float], floor: Callable[[], float], rounds: int) -> Figure:
    taken = [(subject(), floor()) for _round in range(rounds)]
    of_subject, of_floor = zip(*taken, strict=True)
    return Figure(name, statistics.median(of_subject), statistics.median(of_floor))


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
