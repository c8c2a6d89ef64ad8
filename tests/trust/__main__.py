"""`make trust`: `python -m tests.trust [NAME …] [--quick] [--on sqlite|postgresql] [--seed N] [--json FILE]`.

Without names all trials, without --on both databases. PostgreSQL is that of DATABASE_URL, or a server of its
own that loses nothing of what it acknowledged. Ends with an error where any figure is not as it must be.
"""

from __future__ import annotations

import argparse
import json
import os
import pkgutil
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import tests.trust
from tests.postgres import temporary_server
from tests.trust.stage.databases import (
    POSTGRESQL,
    SQLITE,
    Place,
    copied_place,
    copy_postgresql,
    copy_sqlite,
    empty_place,
)
from tests.trust.stage.processes import end_in_good_order, run_to_its_end

TRIALS = tuple(
    sorted(
        module.name
        for module in pkgutil.iter_modules(tests.trust.__path__)
        if not module.ispkg and not module.name.startswith(("_", "test_", "conftest"))
    )
)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.trust", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(TRIALS)}; all without")
    parser.add_argument("--quick", action="store_true", help="the short form that every change passes")
    parser.add_argument("--on", choices=(SQLITE, POSTGRESQL), help="one database only")
    parser.add_argument("--seed", type=int, help="of an earlier run, to repeat it")
    parser.add_argument("--migrated", default="", help="a migrated, empty database to start from, with --on")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    arguments = parser.parse_args(words)
    if unknown := sorted(set(arguments.names) - set(TRIALS)):
        parser.error(f"no trial is called {', '.join(unknown)}; there are {', '.join(TRIALS)}")
    end_in_good_order()
    seed = secrets.randbelow(10**6) if arguments.seed is None else arguments.seed
    options = ["--seed", str(seed), *(["--quick"] if arguments.quick else [])]
    print(f"Seed {seed}", flush=True)
    reports = []
    for kind in [arguments.on] if arguments.on else [SQLITE, POSTGRESQL]:
        with prepared_district(kind, arguments.migrated, arguments.quick) as district:
            for name in arguments.names or TRIALS:
                report = run_trial(name, district, options)
                print_report(report)
                reports.append(report)
    if arguments.json:
        arguments.json.write_text(json.dumps({"seed": seed, "reports": reports}, indent=2) + "\n")
    failed = [f"{report['name']} on {report['on']}" for report in reports if not report["passed"]]
    print(f"NOT PASSED: {', '.join(failed)}" if failed else f"All {len(reports)} trials passed.")
    return bool(failed)


@contextmanager
def prepared_district(kind: str, migrated: str, quick: bool) -> Iterator[Place]:
    """The district, built once for all trials on one kind of database, a small one where it is quick."""
    with ExitStack() as stack:
        server = ""
        if kind == POSTGRESQL:
            own = os.environ.get("DATABASE_URL")
            server = own or stack.enter_context(temporary_server(durable=not quick))
        district = stack.enter_context(empty_place(server))
        if migrated:
            copy = copy_postgresql if kind == POSTGRESQL else copy_sqlite
            copy(migrated, district.address or district.file)
        build = [sys.executable, "-m", "tests.trust.stage.build", *(["--quick"] if quick else [])]
        subprocess.run([*build, *(["--migrated"] if migrated else [])], env=district.environment, check=True)
        yield district


def run_trial(name: str, district: Place, options: list[str]) -> dict[str, Any]:
    """What the trial reports from a copy of the district; one that breaks off has not passed."""
    started = time.monotonic()
    with copied_place(district) as place, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        command = [sys.executable, "-m", "tests.trust.stage.trial", name, str(file), *options]
        run_to_its_end(command, place.environment)
        report = json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
    report = report or {"name": name, "rows": []}
    passed = bool(report["rows"]) and all(row["passed"] for row in report["rows"])
    seconds = round(time.monotonic() - started, 1)
    return report | {"on": district.kind, "passed": passed, "seconds": seconds}


def print_report(report: dict[str, Any]) -> None:
    print(f"\n{report['name']} on {report['on']}, {report['seconds']} s")
    for row in report["rows"]:
        mark = "ok" if row["passed"] else "NOT"
        asked = f"  (asked: {row['expected']})" if row["expected"] else ""
        print(f"  {mark:>3}  {row['label']}: {row['figure']}{asked}")
    if not report["rows"]:
        print("  NOT  it broke off")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
