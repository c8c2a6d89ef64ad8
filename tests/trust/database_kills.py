"""kill -9 of PostgreSQL itself while grids are saved: after its recovery every acknowledged save is there.

The server is one of its own with full durability, killed with all its processes at once. SQLite has no
server: for it `kills` is the same trial.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event, Timer
from typing import Any

import psutil
import psycopg2
from django.db import connection, connections

from organizations.models import User
from tests.postgres import running_server, until_it_runs
from tests.trust.stage.crowd import at_once
from tests.trust.stage.databases import Place, copy_postgresql
from tests.trust.stage.district import EDITORS, OPEN, District
from tests.trust.stage.person import Person
from tests.trust.stage.report import Report, Scale
from tests.trust.stage.server import free_port, wait_until_up

SAVE = f"/cycles/{OPEN}/entry/save/"
PEOPLE = 4
_LATEST_KILL = 1.5  # seconds after the first save
_GONE_WITHIN = 10  # seconds from the first failed save until all its processes are dead
_RECOVERED = "database system was not properly shut down; automatic recovery in progress"


@dataclass
class Work:
    """One editor with a unit of his own. acknowledged: by cell, its last version and text."""

    person: Person
    key: int
    review: int
    cells: list[int]
    acknowledged: dict[int, tuple[int, str]] = field(default_factory=dict)
    saves: int = 0


def run(scale: Scale) -> Report:
    """So many kills at moments of their own; the product's server stays up throughout."""
    report = Report("kill -9 of the database server during grid saves")
    if connection.vendor != "postgresql":
        report.tell("SQLite has no server", "see the kills of the product's")
        return report
    kills, dice = scale.of(long=8, quick=1), scale.dice("database kills")
    district, folder = District.found(), Path(os.environ["DATA_DIR"])
    reviews = list(district.cycle(OPEN).reviews.order_by("pk")[:PEOPLE])
    cells = list(reviews[0].rubric.indicators.values_list("pk", flat=True))
    keys = dict(User.objects.values_list("username", "pk"))
    connections.close_all()
    with running_server(durable=True) as server:
        copy_postgresql(os.environ["DATABASE_URL"], server.get_uri())
        with product(Place(folder, server.get_uri())) as port:
            works = [
                Work(Person(name, port), keys[name], review.pk, cells)
                for name, review in zip(EDITORS, reviews, strict=False)
            ]
            at_once([work.person.sign_in for work in works])
            wrong = []
            for number in range(1, kills + 1):
                stop = Event()
                killer = Timer(dice.random() * _LATEST_KILL, kill, [server, stop])
                killer.start()
                failed = at_once(
                    [partial(save_on, work, stop, random.Random(dice.random())) for work in works]
                )
                wrong += [f"kill {number}: {each!r}" for each in failed if each is not None]
                killer.join()
                until_it_runs(server.ensure_postgres_running)
                wrong += [
                    f"kill {number}: {each}" for work in works for each in missing(work, server.get_uri())
                ]
                wait_until_up(port)
        recoveries = server.log.read_text(encoding="utf-8").count(_RECOVERED)
    report.at_least("kills with recovery", recoveries, kills)
    report.at_least("acknowledged saves", sum(work.saves for work in works), kills)
    report.none("acknowledged saves missing, or totals that do not add up", wrong)
    return report


@contextmanager
def product(place: Place) -> Iterator[int]:
    """The product's server as it is started by hand; its port."""
    port = free_port()
    environment = place.environment | {"PORT": str(port), "WEB_CONCURRENCY": "2"}
    command = [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn"]
    # What it says of a database that is gone is not of interest.
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment, start_new_session=True, **quiet) as process:
        try:
            wait_until_up(port)
            yield port
        finally:
            process.terminate()


def kill(server: Any, stop: Event) -> None:
    """kill -9 of the postmaster and of every process it started."""
    postmaster = psutil.Process(server.get_pid())
    everybody = [postmaster, *postmaster.children(recursive=True)]
    for process in everybody:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)
    psutil.wait_procs(everybody, timeout=10)
    stop.set()


def save_on(work: Work, stop: Event, dice: random.Random) -> None:
    """Save three cells at a time, each to another value than it has, until the database is gone."""
    work.person.get(SAVE)
    while not stop.is_set():
        sent = []
        for cell in dice.sample(work.cells, 3):
            version, text = work.acknowledged.get(cell, (0, ""))
            new = dice.choice([half for half in ("0.5", "1.5", "2.5", "3.5") if half != text])
            sent.append({"review": work.review, "indicator": cell, "text": new, "version": version})
        answer = work.person.post_json(SAVE, {"user": work.key, "cells": sent})
        if answer.status != 200:  # the database is gone
            stop.wait(_GONE_WITHIN)
            continue
        for result in answer.json()["results"]:
            # A save whose answer was lost may be there: then the editor is told so, and goes on from it.
            work.acknowledged[result["indicator"]] = (result["version"], result["text"])
            work.saves += result["outcome"] == "saved"


def missing(work: Work, address: str) -> list[str]:
    """Cells that say less than was acknowledged, and totals that are not the sum of their scores."""
    with closing(psycopg2.connect(address)) as database, database.cursor() as cursor:
        query = "SELECT indicator_id, version, points FROM reviews_score WHERE review_id = %s"
        cursor.execute(query, [work.review])
        there = {cell: (version, f"{points / 10000:g}") for cell, version, points in cursor.fetchall()}
        query = (
            "SELECT total, missing, (SELECT sum(points) FROM reviews_score WHERE review_id = r.id) AS points"
            " FROM reviews_review AS r WHERE id = %s"
        )
        cursor.execute(query, [work.review])
        total, lacking, points = cursor.fetchone()
    found = [] if lacking or total == points else [f"total {total}, scores {points}"]
    for cell, (version, text) in work.acknowledged.items():
        kept = there.get(cell, (0, ""))
        if kept[0] < version or (kept[0] == version and kept[1] != text) or kept[0] > version + 1:
            found.append(f"cell {cell}: version {version} “{text}” was acknowledged, {kept} is there")
    if lacking != len(work.cells) - len(there):
        found.append(f"{lacking} scores are said to be missing, {len(there)} are there")
    return found
