"""Triggers by which the database itself keeps history: rows that nothing edits, whoever asks and however.

The machinery only; each app names its guards in its own `triggers.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper


class Guard(NamedTuple):
    """One table and one operation the database refuses; `unless` is a condition that lets it pass."""

    table: str
    operation: str  # UPDATE, DELETE, INSERT; TRUNCATE follows from DELETE
    unless: str = ""

    @property
    def name(self) -> str:
        return f"frozen_{self.table}_{self.operation.lower()}"


def append_only(*tables: str) -> Iterable[Guard]:
    """Guards of tables whose rows are written once and stay."""
    return [Guard(table, operation) for table in tables for operation in ("UPDATE", "DELETE")]


def install(connection: BaseDatabaseWrapper, guards: Iterable[Guard]) -> None:
    """Put every guard on its table, replacing what is there. Safe to repeat."""
    with connection.cursor() as cursor:
        for guard in with_truncate(guards, connection.vendor):
            for statement in _statements(guard, connection.vendor):
                cursor.execute(statement)


def drop(connection: BaseDatabaseWrapper, guards: Iterable[Guard]) -> None:
    """Take every guard off: for emptying a test database, never for the product."""
    on_table = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for guard in with_truncate(guards, connection.vendor):
            suffix = f" ON {guard.table}" if on_table else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{suffix}")


def missing(connection: BaseDatabaseWrapper, guards: Iterable[Guard]) -> list[str]:
    """Names of the guards the database does not have: empty when history is safe."""
    there = present(connection)
    wanted = with_truncate(guards, connection.vendor)
    return [guard.name for guard in wanted if guard.name not in there]


def present(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The triggers the database has, each with its table."""
    query = (
        "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(cursor.fetchall())


def with_truncate(guards: Iterable[Guard], vendor: str) -> list[Guard]:
    """The guards one database needs: PostgreSQL's TRUNCATE deletes without asking the guards of rows."""
    guards = list(guards)
    if vendor != "postgresql":
        return guards
    return guards + [Guard(guard.table, "TRUNCATE") for guard in guards if guard.operation == "DELETE"]


def _statements(guard: Guard, vendor: str) -> list[str]:
    message = f"{guard.table} is frozen: {guard.operation} refused"
    condition = f"WHEN (NOT COALESCE({guard.unless}, FALSE))" if guard.unless else ""
    if vendor != "postgresql":
        return [
            f"DROP TRIGGER IF EXISTS {guard.name}",
            f"CREATE TRIGGER {guard.name} BEFORE {guard.operation} ON {guard.table} {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
        ]
    # A PostgreSQL trigger condition may not hold a subquery, so the function asks instead.
    row = "OLD" if guard.operation == "DELETE" else "NEW"
    each = "STATEMENT" if guard.operation == "TRUNCATE" else "ROW"
    passes = f"IF COALESCE({guard.unless}, FALSE) THEN RETURN {row}; END IF;" if guard.unless else ""
    return [
        f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN {passes} RAISE EXCEPTION '{message}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE OR REPLACE TRIGGER {guard.name} BEFORE {guard.operation} ON {guard.table} "
        f"FOR EACH {each} EXECUTE FUNCTION {guard.name}()",
    ]
