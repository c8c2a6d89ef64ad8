"""Commands run in the test's own process and database; each gives what it printed and its exit status."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@dataclass(frozen=True)
class Ran:
    """What running a command came to. errors: the lines on standard error, one a problem."""

    status: int
    output: str
    errors: tuple[str, ...] = ()

    @property
    def json(self) -> Any:
        return json.loads(self.output)


Run = Callable[..., Ran]


@pytest.fixture
def run(db: None) -> Run:
    """run("open_cycle", "2018Q3") → what it printed; a failure is a result, not an exception."""

    def run_command(name: str, *arguments: object) -> Ran:
        output = io.StringIO()
        try:
            call_command(name, *map(str, arguments), stdout=output)
        except CommandError as refusal:
            return Ran(refusal.returncode, output.getvalue(), tuple(str(refusal).splitlines()))
        return Ran(0, output.getvalue())

    return run_command


@pytest.fixture
def must(run: Run) -> Run:
    """Like run, but a failure of the command is one of the test."""

    def run_well(name: str, *arguments: object) -> Ran:
        ran = run(name, *arguments)
        assert ran.status == 0, ran.errors
        return ran

    return run_well


@pytest.fixture
def dump(db: None) -> Callable[[], dict[str, list[dict[str, Any]]]]:
    """Every row of every table, to see that nothing changed."""

    def dump_tables() -> dict[str, list[dict[str, Any]]]:
        return {
            model._meta.db_table: list(model._base_manager.order_by("pk").values())
            for model in apps.get_models(include_auto_created=True)
        }

    return dump_tables


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., Path]:
    """saved(data, name) → the path of a file with this content."""

    def save(data: bytes, name: str = "表.xlsx") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return save
