"""What the bench measures, and against what."""

from __future__ import annotations

import io
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from organizations.models import Organization
from organizations.quarter import Quarter
from reviews.importing.load import commit_import, preview_import
from reviews.models import ReviewCycle
from reviews.opening import open_cycle
from reviews.publishing import step_back
from tests.bench.audit import audit_figures
from tests.bench.district import build_district, build_large
from tests.bench.documents import document_figures
from tests.bench.ledger import ledger_figures
from tests.bench.measure import Figure, compare
from tests.bench.ready import grid_ready
from workbooks.reading import read_workbook
from workbooks.sheets import Workbook

SAMPLES = settings.BASE_DIR / "samples"
SAMPLE = SAMPLES / "scores-2018Q3.xlsx"
LARGE_ROUNDS = 3  # of deeds that take a quarter of a minute each


class Undo(Exception):
    """Takes a measured deed back, so that the next round finds what this one found."""


def measure(only: str | None = None) -> list[Figure]:
    """Every figure, or those of one part, in the table's order. The sample district is loaded already."""
    return [figure for name, part in PARTS.items() if only in (None, name) for figure in part()]


def _pages() -> list[Figure]:
    figures = []
    for units in (50, 500):
        district = build_district(units)
        client = Client()
        client.force_login(district.staff)
        for name, cycle in (("published", district.published), ("draft", district.verified)):
            address = f"/cycles/{cycle.quarter}/standings/"
            figures.append(
                compare(
                    f"standings page, {name}, {units} units / empty page, same middleware and login",
                    _get(client, address),
                    _get(client, "/empty/"),
                )
            )
        for part in ("units", "deductions", "visits", "people"):
            figures.append(
                compare(
                    f"completeness page, {part}, {units} units / empty page, same middleware and login",
                    _get(client, f"/cycles/{district.verified.quarter}/completeness/?part={part}"),
                    _get(client, "/empty/"),
                )
            )
    return figures


def _entry() -> list[Figure]:
    district = build_district(50, name="录入单位")
    quarter = step_back(district.verified, by=district.staff, reason="再录入").quarter
    unit = district.host.units.first().pk
    return [grid_ready(f"/cycles/{quarter}/entry/?unit={unit}", f"/plain/{quarter}/", district.staff)]


def _get(client: Client, address: str) -> Callable[[], object]:
    def deed() -> object:
        response = client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")
        return response.content

    return deed


def _import() -> list[Figure]:
    content = SAMPLE.read_bytes()
    cycle = _empty_cycle()

    def whole_import() -> None:
        try:
            with transaction.atomic():
                _commit(cycle, content)
                raise Undo
        except Undo:
            pass

    return [
        compare(
            "import of the sample workbook / parsing it",
            whole_import,
            lambda: read_workbook(content, SAMPLE.name),
        )
    ]


def _large_import() -> list[Figure]:
    """50,000 rows of deductions, as the background checks and imports them."""
    cycle, content = build_large(units=2_500, indicators=20)

    def parse() -> Workbook:
        return read_workbook(content, "扣分.xlsx")

    workbook = parse()

    def whole_import() -> None:
        try:
            with transaction.atomic():
                commit_import(workbook, cycle, by=None, file_name="", sha256="")
                raise Undo
        except Undo:
            pass

    def check() -> None:
        preview_import(workbook, cycle)

    return [
        compare("check of 50,000 rows / parsing them", check, parse, rounds=LARGE_ROUNDS),
        compare(
            "import of 50,000 rows, with its check / parsing them", whole_import, parse, rounds=LARGE_ROUNDS
        ),
    ]


def _empty_cycle() -> ReviewCycle:
    """The sample quarter of another host with the sample's roster and rubrics, not scored yet."""
    name, quiet = "另一主办单位", io.StringIO()
    call_command("import_units", SAMPLES / "units.xlsx", host=name, stdout=quiet)
    call_command("import_rubric", SAMPLES / "rubric-2018.xlsx", year="2018", host=name, stdout=quiet)
    return open_cycle(Organization.objects.get(name=name), Quarter(2018, 3))


def _commit(cycle: ReviewCycle, content: bytes) -> None:
    batch = commit_import(read_workbook(content, SAMPLE.name), cycle, by=None, file_name="", sha256="")
    if batch.new_count == 0:
        raise RuntimeError("The measured import changed nothing.")


PARTS: dict[str, Callable[[], list[Figure]]] = {
    "pages": _pages,
    "entry": _entry,
    "import": _import,
    "large-import": _large_import,
    "documents": document_figures,
    "ledger": ledger_figures,
    "audit": audit_figures,
}
