"""kill -9 of the server amid deeds: each is done as a whole or not at all, and what was answered stays.

Each round begins with the same database. What a deed comes to is learnt from rounds in which nobody is
killed: the state after each of its requests. A round with a kill must end in one of these states, and in none
earlier than the last answer that was seen.
"""

from __future__ import annotations

import http.client
import itertools
import os
import statistics
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connections

from tests.trust.stage.databases import Place, copied_place, restore
from tests.trust.stage.deeds import DEEDS, PAGES, Deed
from tests.trust.stage.district import District
from tests.trust.stage.report import Report, Scale
from tests.trust.stage.server import Server, running, warm_up
from tests.trust.stage.truth import Dump, differences, dump, faults, wait_for_silence

# A kill falls anywhere in the time a deed takes, and somewhat after its answer.
_LATEST = 1.25


@dataclass
class Undisturbed:
    """A deed that nobody cuts short. states: before it and after each of its requests."""

    states: list[Dump] = field(default_factory=list)
    seconds: float = 0.0


def run(scale: Scale) -> Report:
    """So many kills for each deed, spread evenly over its time."""
    report = Report("kill -9 of the server")
    moments, dice = scale.of(long=50, quick=2), scale.dice("kills")
    here = Place(Path(os.environ["DATA_DIR"]), os.environ.get("DATABASE_URL", ""))
    with copied_place(here) as original:
        warm_up(*PAGES, by=District.found().staff)
        for name, deed in DEEDS.items():
            undisturbed = learn(deed, here, original, rounds=scale.of(long=3, quick=1))
            ended: Counter[str] = Counter()
            wrong: list[str] = []
            for moment in range(moments):
                after = (moment + dice.random()) / moments * _LATEST * undisturbed.seconds
                restore_here(here, original)
                answered, state, found = cut_short(deed, after, undisturbed.states, restart=not scale.quick)
                ended[_how_it_ended(answered, state, len(undisturbed.states) - 1)] += 1
                wrong += [f"killed after {after:.3f} s: {each}" for each in found]
            print(f"{name}: {moments} kills, {len(wrong)} wrong", file=sys.stderr, flush=True)
            report.tell(f"{name}: seconds undisturbed", f"{undisturbed.seconds:.3f}")
            report.equals(f"{name}: kills", ended.total(), moments)
            report.tell(
                f"{name}: how they ended", ", ".join(f"{n} {how}" for how, n in sorted(ended.items()))
            )
            report.none(f"{name}: half done, lost or damaged", wrong)
    return report


def learn(deed: Deed, here: Place, original: Place, rounds: int) -> Undisturbed:
    """What the deed comes to, and how long it takes on a server that has just come up."""
    times = []
    for _round in range(rounds):
        restore_here(here, original)
        with running() as server:
            requests = deed(server.port)
            states, seconds = [dump()], 0.0
            for request in requests:
                started = time.perf_counter()
                answer = request()
                seconds += time.perf_counter() - started
                if not answer.is_done:
                    raise RuntimeError(f"An undisturbed deed was answered {answer.status}.")
                states.append(dump())
            times.append(seconds)
        if found := faults():
            raise RuntimeError(f"An undisturbed deed left: {found}")
    if any(one == other for one, other in itertools.pairwise(states)):
        raise RuntimeError("An undisturbed deed changed nothing.")
    return Undisturbed(states, statistics.median(times))


def cut_short(deed: Deed, after: float, states: list[Dump], *, restart: bool) -> tuple[int, int, list[str]]:
    """Do a deed and kill the server so many seconds after its first request.

    How many of its requests were answered, how many of them are in the database (-1: something between), and
    what is wrong.
    """
    server = Server()
    try:
        requests = deed(server.port)
        answered, killer = 0, threading.Timer(after, server.strike)
        killer.start()
        try:
            for request in requests:
                if not request().is_done:
                    return answered, -1, ["a request was refused"]
                answered += 1
        except (OSError, http.client.HTTPException):
            pass  # the server is gone
        killer.join()
    finally:
        server.kill()
    wait_for_silence()
    now, found = dump(), faults()
    if restart:
        with running(workers=1):
            pass  # it answers that it is well, or the trial breaks off
    state = next((place for place, known in enumerate(states) if known == now), -1)
    if state < 0:
        found += [f"neither before nor after: {differences(states[answered], now)}"]
    elif not answered <= state <= answered + 1:
        found += [f"{answered} requests were answered, {state} are there"]
    return answered, state, found


def restore_here(here: Place, original: Place) -> None:
    connections.close_all()
    restore(here, original)


def _how_it_ended(answered: int, state: int, requests: int) -> str:
    if state < 0:
        return "half done"
    if answered == requests:
        return "answered and kept"
    return "kept, answer lost" if state > answered else "undone"
