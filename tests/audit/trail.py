"""Read the trail as tests ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from audit.models import Entry


@contextmanager
def newly_told(**what: object) -> Iterator[list[Entry]]:
    """The entries that the block leaves behind, oldest first; a list that is filled at its end."""
    last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    told: list[Entry] = []
    yield told
    told.extend(Entry.objects.filter(pk__gt=last, **what).order_by("pk"))


def run_sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
