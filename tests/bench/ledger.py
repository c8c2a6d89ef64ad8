"""What the ledger costs in a district of 50,000 items: its pages, its export, and the export's memory."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from django.db import connection
from django.test import Client

from organizations.models import User
from tests.bench.ledger_district import OF_THE_LARGEST, Ledger, build_ledger
from tests.bench.measure import Figure, compare
from workbooks.writing import Table, stream_xlsx

ITEMS = 50_000
EXPORT = "/items/export.xlsx"
LONG_ROUNDS = 3  # of deeds that take several seconds each
PAGES = {
    "ledger, first page": "/items/",
    "ledger, page 500": "/items/?page=500",
    "ledger, filtered by state, quarter and unit": "/items/?state=unsettled&quarter=2018Q3&unit={unit}",
    "ledger, overdue": "/items/?overdue=1",
    "ledger, two words": "/items/?q=支部 台账",
    "ledger, repeat problems only": "/items/?repeat=1",
    "list of repeat problems": "/items/repeats/",
}
# As many cells of the same length, for which nothing is asked of a database.
HEADER = [f"第{number}列" for number in range(11)]
ROW = (1, "第1单位党委", "第1项：会议记录不完整，未按要求召开支部党员大会，台账资料不规范", *["会议记录"] * 8)


def ledger_figures() -> list[Figure]:
    """Pages against an empty page, the export against writing as many cells that come from nowhere."""
    ledger = build_ledger(ITEMS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as a database does by itself where there is time
    unit = ledger.host.units.order_by("position")[0].pk
    staff, secretary = _client(ledger.staff), _client(ledger.secretary)
    figures = [
        compare(
            f"{name}, {ITEMS:,} items / empty page, same middleware and login",
            _get(staff, address.format(unit=unit)),
            _get(staff, "/empty/"),
        )
        for name, address in PAGES.items()
    ]
    figures.append(
        compare(
            f"ledger of a unit with {OF_THE_LARGEST} of {ITEMS:,} items / empty page, same middleware",
            _get(secretary, "/items/"),
            _get(secretary, "/empty/"),
        )
    )
    table = Table("台账", HEADER, [ROW] * ITEMS)
    figures.append(
        compare(
            f"export of {ITEMS:,} items / streaming as many rows of fixed text",
            _get(staff, EXPORT),
            lambda: stream_xlsx(table).close(),
            rounds=LONG_ROUNDS,
        )
    )
    return [*figures, _export_memory(ledger, unit)]


def _export_memory(ledger: Ledger, unit: int) -> Figure:
    return Figure(
        f"memory of a process that exported {ITEMS:,} items / {OF_THE_LARGEST} items, at most",
        _peak(ledger.staff, EXPORT),
        _peak(ledger.staff, f"{EXPORT}?unit={unit}"),
        unit="MiB",
    )


def _peak(user: User, address: str) -> float:
    """MiB that a process of its own came to hold while it asked for this address once."""
    command = [sys.executable, "-m", "tests.bench.peak", user.username, address]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _get(client: Client, address: str) -> Callable[[], object]:
    def deed() -> object:
        response = client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")
        return sum(map(len, response))

    return deed
