"""Back-ups taken while people save: each restores elsewhere to the same, with all that was acknowledged."""

from __future__ import annotations

import os
import tempfile
import time
from functools import partial
from pathlib import Path
from threading import Event, Thread

from audit.models import Entry
from operations.backing_up import back_up
from operations.drilling import Drilled, drill
from organizations.models import User
from reviews.models import Indicator, Review
from tests.trust.editors import SAVE, Editor
from tests.trust.stage.district import EDITORS, OPEN, District
from tests.trust.stage.person import Person
from tests.trust.stage.report import Report, Scale
from tests.trust.stage.server import running

_EDITORS, _CELLS = 4, 20


def run(scale: Scale) -> Report:
    """So many back-ups, one after the other, while four people save as fast as they can."""
    report, rounds = Report("back-ups under load"), scale.of(long=10, quick=1)
    reviews = list(District.found().cycle(OPEN).reviews.order_by("pk")[:_EDITORS])
    saved, missing, failed = [0] * _EDITORS, [], []
    seconds: list[float] = []
    stop = Event()
    with running() as server, tempfile.TemporaryDirectory() as folder:
        accounts = User.objects.filter(username__in=EDITORS[:_EDITORS])
        people = [Editor(Person(user.username, server.port), user.pk) for user in accounts]
        works = [
            partial(_save_on, *each, saved, stop)
            for each in zip(range(_EDITORS), people, reviews, strict=True)
        ]
        threads = [Thread(target=work) for work in works]
        for editor in people:
            editor.person.sign_in()
        for thread in threads:
            thread.start()
        try:
            for number in range(rounds):
                path = Path(folder) / f"{number}.review-backup"
                before = Entry.objects.count()  # each save that was acknowledged has its entries there
                started = time.monotonic()
                manifest = back_up(path)
                seconds.append(time.monotonic() - started)
                if manifest.tables["audit_entry"].rows < before:
                    missing.append(f"back-up {number}")
                drilled = _drilled(path)
                if not drilled.passed:
                    failed.append(drilled.said)
                path.unlink()
        finally:
            stop.set()
            for thread in threads:
                thread.join()
    report.equals("back-ups", len(seconds), rounds)
    report.at_least("saves acknowledged meanwhile", sum(saved), rounds * _EDITORS)
    report.none("back-ups without what was acknowledged before them", missing)
    report.none("back-ups that did not restore to the same", failed)
    report.tell("seconds of the slowest", f"{max(seconds):.1f}")
    return report


def _drilled(path: Path) -> Drilled:
    """The drill runs the product's own command, with the product's own settings."""
    settings = os.environ.pop("DJANGO_SETTINGS_MODULE")
    try:
        return drill(path)
    finally:
        os.environ["DJANGO_SETTINGS_MODULE"] = settings


def _save_on(place: int, editor: Editor, review: Review, saved: list[int], stop: Event) -> None:
    """Save the cells of one review again and again; counts what was acknowledged."""
    cells = list(
        Indicator.objects.filter(rubric=review.rubric_id).order_by("pk").values_list("pk", flat=True)[:_CELLS]
    )
    editor.person.get(SAVE)
    version = 0
    while not stop.is_set():
        sent = [
            {"review": review.pk, "indicator": cell, "text": f"{version % 9 / 2:g}", "version": version}
            for cell in cells
        ]
        if editor.person.post_json(SAVE, {"user": editor.key, "cells": sent}).status == 200:
            saved[place] += 1
            version += 1
