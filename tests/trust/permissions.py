"""Who may open what: every address, every person, every variant and method of the permission table."""

from __future__ import annotations

from django.test.utils import override_settings

from tests.factories.reach import reach
from tests.matrix import ask_all, cases, unwritten
from tests.trust.stage.report import Report, Scale


def run(scale: Scale) -> Report:
    """All that the table says; in the short form each person takes one variant of every address."""
    report = Report("permissions")
    with override_settings(ALLOWED_HOSTS=["testserver"]):  # as Django's test client calls it
        everybody = reach()
        found = ask_all(everybody, cases(everybody, rotate=scale.quick))
    report.none("addresses without an entry", unwritten())
    report.at_least("cases", found.cases, scale.of(long=6_000, quick=3_000))
    report.none("leaks", found.leaks)
    return report
