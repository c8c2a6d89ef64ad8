"""Triggers by which the database itself keeps history: published rows and logs that nothing edits (rule 14).

They are installed after every migrate, because Django rebuilds a table on SQLite to alter it and the
triggers of the old table vanish without a word.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper


class Guard(NamedTuple):
    """One table and one operation the database refuses; `unless` is a condition that lets it pass."""

    table: str
    operation: str  # UPDATE, DELETE or INSERT
    unless: str = ""

    @property
    def name(self) -> str:
        return f"frozen_{self.table}_{self.operation.lower()}"


def _draft_rubric(row: str) -> str:
    return f"(SELECT state FROM reviews_rubric WHERE id = {row}.rubric_id) = 'draft'"


GUARDS = (
    Guard("reviews_publication", "UPDATE"),
    Guard("reviews_publication", "DELETE"),
    Guard("reviews_standing", "UPDATE"),
    Guard("reviews_standing", "DELETE"),
    Guard("reviews_cyclestep", "UPDATE"),
    Guard("reviews_cyclestep", "DELETE"),
    # A draw that could be edited would prove nothing.
    Guard("reviews_draw", "UPDATE"),
    Guard("reviews_draw", "DELETE"),
    # A retired or active rubric may change its state, not what totals are made of.
    Guard(
        "reviews_rubric",
        "UPDATE",
        "OLD.state = 'draft' OR (NEW.full_total = OLD.full_total AND NEW.places = OLD.places"
        " AND NEW.year = OLD.year AND NEW.version = OLD.version AND NEW.group_id = OLD.group_id"
        " AND NEW.state <> 'draft')",
    ),
    # Rule 9: a rubric in force is copied to a new version, never edited.
    Guard("reviews_section", "INSERT", _draft_rubric("NEW")),
    Guard("reviews_section", "UPDATE", _draft_rubric("OLD")),
    Guard("reviews_section", "DELETE", _draft_rubric("OLD")),
    Guard("reviews_indicator", "INSERT", _draft_rubric("NEW")),
    Guard("reviews_indicator", "UPDATE", _draft_rubric("OLD")),
    Guard("reviews_indicator", "DELETE", _draft_rubric("OLD")),
)


def install_triggers(connection: BaseDatabaseWrapper) -> None:
    """Put every guard on its table, replacing what is there. Safe to repeat."""
    with connection.cursor() as cursor:
        for guard in GUARDS:
            for statement in _statements(guard, connection.vendor):
                cursor.execute(statement)


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    """Take every guard off: for emptying a test database, never for the product."""
    on_table = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for guard in GUARDS:
            suffix = f" ON {guard.table}" if on_table else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{suffix}")


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the guards the database does not have: empty when history is safe."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    return [guard.name for guard in GUARDS if guard.name not in present]


def install_after_migrate(
    using: str = DEFAULT_DB_ALIAS, plan: list[Any] | None = None, **kwargs: Any
) -> None:
    """Receiver of post_migrate; does nothing while the tables are not there (a migration run backwards)."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if {guard.table for guard in GUARDS} <= tables:
        install_triggers(connection)


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
    passes = f"IF COALESCE({guard.unless}, FALSE) THEN RETURN {row}; END IF;" if guard.unless else ""
    return [
        f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN {passes} RAISE EXCEPTION '{message}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE OR REPLACE TRIGGER {guard.name} BEFORE {guard.operation} ON {guard.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {guard.name}()",
    ]
