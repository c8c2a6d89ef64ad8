"""Nothing of what a unit may not know changes what it is answered: every address, key and way to ask.

See `tests.worlds`. Compared are status, headers, body and the number of queries, and the daily mail.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db import transaction

from organizations.models import UNIT_ROLES
from tests.trust.stage.report import Report, Scale
from tests.worlds.comparing import Comparison
from tests.worlds.leaks import LEAKS, missed
from tests.worlds.trials import after_publication, before_publication, planned_visits


def run(scale: Scale) -> Report:
    """Each trial in a district of its own, which is taken back."""
    report = Report("two worlds")
    much = {"most": scale.of(long=8, quick=1), "every": scale.of(long=2, quick=40)}
    for role in sorted(UNIT_ROLES):
        with _taken_back():
            comparison, changed = before_publication(role, **much)
        report.tell(f"{role}, before publication: rows that were changed", sum(changed.values()))
        report.none(f"{role}, before publication: tables without a change", _empty(changed))
        _tell(report, f"{role}, before publication", comparison)
    with _taken_back():
        _tell(report, "leader, other visits planned", planned_visits(**much))
    with _taken_back():
        _tell(report, "secretary, after publication", after_publication(**much))
    with _taken_back():
        report.none(f"leaks of {len(LEAKS)} kinds, made on purpose, that were missed", missed())
    return report


def _empty(changed: dict[str, int]) -> list[str]:
    return [table for table, rows in changed.items() if not rows]


def _tell(report: Report, trial: str, comparison: Comparison) -> None:
    report.tell(f"{trial}: compared", comparison)
    report.at_least(f"{trial}: of these pages and files that show something", comparison.shown, 20)
    report.equals(f"{trial}: answers of 500", comparison.statuses.get(500, 0), 0)
    report.none(f"{trial}: differences", comparison.differences)


@contextlib.contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
