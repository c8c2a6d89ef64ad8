"""The triggers that write the trail, in the transaction of the change and whoever makes it: a form, an
import, an upsert, SQL typed by hand.

They are made after every migrate from what the database has: Django rebuilds a table on SQLite to alter it,
and its triggers are gone without a word; and a new column is audited from its first day.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from audit import guards, triggers_postgresql, triggers_sqlite
from audit.audited import declared

TRAIL = "audit_entry"
GUARDS = tuple(guards.append_only(TRAIL))
PREFIXES = ("audit_", "frozen_")


def install(connection: BaseDatabaseWrapper) -> None:
    """Make every trigger as it should be; those that are, are left alone. Safe to repeat."""
    guards.install(connection, GUARDS)
    dialect = _dialect(connection)
    wanted, present = dialect.wanted(connection, _tables(connection)), dialect.present(connection)
    with connection.cursor() as cursor:
        for name, trigger in wanted.items():
            if present.get(name) != trigger.definition:
                for statement in trigger.statements:
                    cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that are not there or not as they should be: empty when all is audited."""
    dialect = _dialect(connection)
    present = dialect.present(connection)
    wanted = dialect.wanted(connection, declared().values())
    differing = [name for name, trigger in wanted.items() if present.get(name) != trigger.definition]
    return [*guards.missing(connection, GUARDS), *differing]


def install_after_migrate(using: str = DEFAULT_DB_ALIAS, plan: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    connection = connections[using]
    if TRAIL in connection.introspection.table_names():
        install(connection)


def lift_before_migrate(using: str = DEFAULT_DB_ALIAS, plan: Any = None, **kwargs: Any) -> None:
    """Receiver of pre_migrate: take every trigger off that a migration would stumble over.

    SQLite refuses to put a rebuilt table in its place while a trigger of another table names it. And where
    the trail itself is undone, nothing may go on writing to it.
    """
    connection = connections[using]
    backwards = any(is_backwards and step.app_label == "audit" for step, is_backwards in plan or ())
    if not plan or (connection.vendor != "sqlite" and not backwards):
        return
    lifted = PREFIXES if connection.vendor == "sqlite" else PREFIXES[:1]
    with connection.cursor() as cursor:
        for name, table in guards.present(connection).items():
            if name.startswith(lifted):
                suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {name}{suffix}")


def _tables(connection: BaseDatabaseWrapper) -> Iterable[Any]:
    """The audited tables that are there: not all are, while migrations run backwards."""
    present = set(connection.introspection.table_names())
    return [each for each in declared().values() if each.table in present]


def _dialect(connection: BaseDatabaseWrapper) -> Any:
    return triggers_postgresql if connection.vendor == "postgresql" else triggers_sqlite
