"""What the audit trail costs: the same deed with its triggers and without them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from audit import guards
from audit.deeds import acting_as
from audit.triggers import install
from organizations.models import User
from reviews.importing.load import commit_import
from reviews.models import Score
from tests.bench.district import build_large
from tests.bench.measure import Figure, compare_told
from workbooks.reading import read_workbook

_SAVES = 200


class Undo(Exception):
    """Takes a measured deed back, so that the next round finds what this one found."""


def audit_figures() -> list[Figure]:
    cycle, content = build_large(units=2_500, indicators=20)
    workbook, by = read_workbook(content, "扣分.xlsx"), User.objects.order_by("pk").first()
    score = Score.objects.order_by("pk").first()
    assert score is not None

    def whole_import() -> None:
        try:
            with acting_as(by, source="web"), transaction.atomic():
                commit_import(workbook, cycle, by=by, file_name="", sha256="")
                raise Undo
        except Undo:
            pass

    def saves() -> None:
        for number in range(_SAVES):
            score.version = number
            score.save()

    return [
        _against_none("import of 50,000 deductions, audited / not audited", whole_import, 2),
        _against_none(f"{_SAVES} saves of a score, audited / not audited", saves, 5),
    ]


def _against_none(name: str, deed: Callable[[], None], rounds: int) -> Figure:
    def unaudited() -> float:
        with _triggers_off():
            return _time(deed)

    return compare_told(name, lambda: _time(deed), unaudited, rounds)


def _time(deed: Callable[[], None]) -> float:
    start = time.perf_counter()
    deed()
    return time.perf_counter() - start


@contextmanager
def _triggers_off() -> Iterator[None]:
    with connection.cursor() as cursor:
        for name, table in guards.present(connection).items():
            if name.startswith("audit_"):
                cursor.execute(
                    f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else "")
                )
    try:
        yield
    finally:
        install(connection)
