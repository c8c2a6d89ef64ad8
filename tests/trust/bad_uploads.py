"""Bad files at every address that takes files: how each is answered, how long that takes and how much memory.

Each file is sent in a process of its own, whose memory at its highest is the file's. What a file changed is
taken back, so that each finds the same district.
"""

from __future__ import annotations

import json
import os
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from django.db import connections
from django.test import Client
from django.test.utils import override_settings

from tests.factories.bad_files import BadFile, bad_files
from tests.factories.pages import district_of_pages
from tests.factories.sending import faults_of
from tests.factories.upload_doors import Door, upload_doors
from tests.trust.stage.report import Report, Scale

SECONDS, MEBIBYTES = 10, 400


def run(scale: Scale) -> Report:
    """Send every file to every address; a quick run every tenth."""
    report = Report("bad uploads")
    here = {"ALLOWED_HOSTS": ["testserver"]}  # as Django's test client calls it
    with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=Path(folder), **here):
        doors = upload_doors(district_of_pages())
        files = bad_files()[:: scale.of(long=1, quick=10)]
        results = [_in_a_process(doors, file) for file in files]
    faults = [fault for result in results for fault in result["faults"]]
    slowest = max(results, key=lambda result: result["seconds"])
    largest = max(results, key=lambda result: result["mebibytes"])
    report.at_least("files", len(files), scale.of(long=150, quick=15))
    report.tell("addresses", len(doors))
    report.tell("requests", len(files) * len(doors))
    report.none("answers of 500, partial saves, files left, nothing or too much said", faults)
    report.at_most(f"the slowest answer ({slowest['what']})", slowest["seconds"], SECONDS, " s")
    report.at_most(f"most memory ({largest['what']})", largest["mebibytes"], MEBIBYTES, " MB")
    return report


def _in_a_process(doors: list[Door], file: BadFile) -> dict[str, Any]:
    """What came of the file; a process that ends otherwise is a fault."""
    data = file.make()
    connections.close_all()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with os.fdopen(writer, "w") as out:
            json.dump(_sent_to_all(doors, file, data), out)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    broken = {"faults": [f"{file.what}: the process ended"], "seconds": 0.0, "mebibytes": 0.0}
    return {"what": file.what} | (json.loads(text) if text else broken)


def _sent_to_all(doors: list[Door], file: BadFile, data: bytes) -> dict[str, Any]:
    faults, seconds = [], 0.0
    for door in doors:
        client = Client(raise_request_exception=False)
        client.force_login(door.by)
        started = time.monotonic()
        faults += faults_of(door, client, file, data)
        seconds = max(seconds, time.monotonic() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"faults": faults, "seconds": round(seconds, 2), "mebibytes": round(peak)}
