"""`make bench`: each figure is a ratio to a floor measured in the same run. `--json FILE` keeps them.

Everything happens in a temporary folder; DATABASE_URL chooses another database than SQLite, which must
be empty (python -m tests.postgres python -m tests.bench).
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

DATA_DIR = tempfile.mkdtemp(prefix="review-bench-")
os.environ["DATA_DIR"] = DATA_DIR
os.environ["LOG_LEVEL"] = "ERROR"
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from tests.bench.figures import PARTS, measure  # noqa: E402
from tests.bench.measure import Figure  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    parser.add_argument("--only", choices=PARTS, help="measure this part alone")
    arguments = parser.parse_args()
    settings.ROOT_URLCONF = "tests.bench.urls"
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
    try:
        call_command("migrate", verbosity=0)
        call_command("demo", stdout=io.StringIO())
        figures = measure(arguments.only)
    finally:
        shutil.rmtree(DATA_DIR, ignore_errors=True)
    print_table(figures)
    if arguments.json:
        arguments.json.write_text(json.dumps([as_json(figure) for figure in figures], indent=2) + "\n")
    return 0


def print_table(figures: list[Figure]) -> None:
    print(f"{'ratio':>7} {'subject':>11} {'floor':>9}")
    for figure in figures:
        factor, unit = (1000, "ms") if figure.unit == "seconds" else (1, figure.unit)
        subject, floor = figure.subject * factor, figure.floor * factor
        print(f"{figure.ratio:>6.2f}x {subject:>11.2f} {floor:>9.2f} {unit}  {figure.name}")


def as_json(figure: Figure) -> dict[str, object]:
    return {
        "figure": figure.name,
        "ratio": round(figure.ratio, 3),
        f"subject_{figure.unit}": figure.subject,
        f"floor_{figure.unit}": figure.floor,
    }


if __name__ == "__main__":
    sys.exit(main())
