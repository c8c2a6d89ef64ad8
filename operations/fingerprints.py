"""What a database holds, told so briefly that two can be compared: rows and a digest for each table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper

_CHUNK = 2_000  # rows held in memory at a time


class Fingerprint(NamedTuple):
    """How many rows a table has, and SHA-256 over all of them in the order of their keys."""

    rows: int
    digest: str


def fingerprints(connection: BaseDatabaseWrapper) -> dict[str, Fingerprint]:
    """Every table's fingerprint. Ask inside one transaction, so that all are of one moment."""
    with connection.cursor() as cursor:
        names = sorted(connection.introspection.table_names(cursor))
        keys = {name: connection.introspection.get_primary_key_column(cursor, name) for name in names}
    return {name: _fingerprint(connection, name, keys[name]) for name in names}


def differences(before: Mapping[str, Fingerprint], after: Mapping[str, Fingerprint]) -> list[str]:
    """Names of the tables that one has and the other has not, or not with the same rows; sorted."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def _fingerprint(connection: BaseDatabaseWrapper, table: str, key: str | None) -> Fingerprint:
    quote = connection.ops.quote_name
    query = f"SELECT * FROM {quote(table)} ORDER BY {quote(key) if key else 1}"
    rows, digest = 0, hashlib.sha256()
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while chunk := cursor.fetchmany(_CHUNK):
            rows += len(chunk)
            for row in chunk:
                digest.update(repr(_plain(row)).encode())
    return Fingerprint(rows, digest.hexdigest())


def _plain(row: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
