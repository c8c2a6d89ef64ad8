"""Raw SQL against what nobody may change: the database refuses it, whoever asks.

Driven by the product's own list of guards, so that a new guard is tried without a word here. Dropping a table
or altering its triggers is the right of whoever owns the database, which the product's account may be;
against that stand back-ups and the digests of publications.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import DatabaseError, connection, transaction

from audit.guards import Guard, with_truncate
from audit.triggers import GUARDS as TRAIL
from audit.triggers import missing as unaudited
from reviews.triggers import GUARDS as HISTORY
from reviews.triggers import missing_triggers
from tests.factories.pages import district_of_pages
from tests.trust.stage.report import Report, Scale

GUARDS = (*TRAIL, *HISTORY)
# What was promised to be append-only; the guards hold more than these.
PROMISED = {
    "audit_entry",
    *("reviews_publication", "reviews_standing", "reviews_annualpublication", "reviews_cyclestep"),
    *("reviews_replystep", "reviews_reportversion", "rectification_step", "rectification_evidence"),
}


def run(scale: Scale) -> Report:
    """Try every guarded statement on rows that it must refuse; all of them, at any scale."""
    report = Report("raw SQL against what is frozen")
    district_of_pages()  # every table of the product has a row
    frozen = append_only_tables(GUARDS)
    report.none("promised tables without guards", sorted(PROMISED - frozen))
    report.none("guards the database does not have", [*missing_triggers(connection), *unaudited(connection)])
    tried = {guard: attempts(guard) for guard in with_truncate(GUARDS, connection.vendor)}
    statements = [statement for found in tried.values() for statement in found]
    report.tell("statements tried", len(statements))
    report.none("statements the database let through", [each for each in statements if not is_refused(each)])
    without = [guard for guard, found in tried.items() if not found and guard.operation != "INSERT"]
    report.none(
        "append-only tables without a row to try",
        sorted({guard.table for guard in without if not guard.unless}),
    )
    report.tell("guards of rows in a state that none was in", sum(bool(guard.unless) for guard in without))
    return report


def append_only_tables(guards: Iterable[Guard]) -> set[str]:
    """Tables whose rows no UPDATE and no DELETE reaches, whatever is in them."""
    always = {(guard.table, guard.operation) for guard in guards if not guard.unless}
    return {table for table, _operation in always if {(table, "UPDATE"), (table, "DELETE")} <= always}


def attempts(guard: Guard) -> list[str]:
    """Statements that this guard must refuse; none where the table has no row for it."""
    if guard.operation == "INSERT":
        return []  # what may be inserted depends on the row; the tests of each rule try that
    # What the guard would be asked of a row that is not changed, or that is deleted.
    spared = re.sub(r"\b(OLD|NEW)\.", f"{guard.table}.", guard.unless) or "FALSE"
    where = f"NOT COALESCE(({spared}), FALSE)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {guard.table} WHERE {where}")
        if not cursor.fetchone()[0]:
            return []
        columns = [
            column.name for column in connection.introspection.get_table_description(cursor, guard.table)
        ]
    if guard.operation == "TRUNCATE":
        return [f"TRUNCATE {guard.table} CASCADE"]
    if guard.operation == "DELETE":
        replaced = [f"REPLACE INTO {guard.table} SELECT * FROM {guard.table} WHERE {where}"]
        return [
            f"DELETE FROM {guard.table} WHERE {where}",
            *(replaced if connection.vendor == "sqlite" else []),
        ]
    return [f'UPDATE {guard.table} SET "{column}" = "{column}" WHERE {where}' for column in columns]


def is_refused(statement: str) -> bool:
    """Whether the database refuses it as frozen or audited; what it lets through is taken back."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return "is frozen" in str(error) or "is audited" in str(error)
    return False
