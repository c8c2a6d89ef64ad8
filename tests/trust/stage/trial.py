"""One trial in its own process: `python -m tests.trust.stage.trial NAME FILE [--quick] [--seed N]`.

The environment says where. The report goes to FILE as JSON.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import sys
from pathlib import Path

import django

from tests.trust.stage.processes import end_in_good_order
from tests.trust.stage.report import Report, Scale


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("file", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    end_in_good_order()
    django.setup()
    trial = importlib.import_module(f"tests.trust.{arguments.name}")
    report: Report = trial.run(Scale(quick=arguments.quick, seed=arguments.seed))
    arguments.file.write_text(json.dumps(dataclasses.asdict(report)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
