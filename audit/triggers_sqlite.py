"""Row triggers for SQLite, with the columns of each table written out: it has no way to name them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper

from audit.audited import Audited
from audit.trigger import OPERATIONS, Trigger

_NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
_DEED = ("actor", "actor_name", "why", "source", "request_id", "address")
_COLUMNS = (
    'at, "table", "key", operation, old, new, subject_table, subject_key, host, draft_of, ' + ", ".join(_DEED)
)


def wanted(connection: BaseDatabaseWrapper, tables: Iterable[Audited]) -> dict[str, Trigger]:
    """Every trigger by name, as the tables are now. One query."""
    columns = _columns_by_table(connection)
    return {
        _name(each, operation): _trigger(each, operation, columns[each.table])
        for each in tables
        for operation in OPERATIONS
    }


def present(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Every trigger of the database by name, as it was written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return dict(cursor.fetchall())


def _columns_by_table(connection: BaseDatabaseWrapper) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.name, c.name FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c"
            " WHERE t.type = 'table' ORDER BY t.name, c.cid"
        )
        for table, column in cursor.fetchall():
            columns[table].append(column)
    return columns


def _name(audited: Audited, operation: str) -> str:
    return f"audit_{audited.table}_{operation}"


def _trigger(audited: Audited, operation: str, columns: list[str]) -> Trigger:
    kept = [column for column in columns if column not in audited.without]
    row = "OLD" if operation == "delete" else "NEW"
    condition, source = "", ""
    if operation == "update":
        condition = "WHEN " + " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in kept)
        rows = " UNION ALL ".join(
            f"SELECT '{column}' AS k, {_shown(audited, column, 'OLD')} AS a,"
            f" {_shown(audited, column, 'NEW')} AS b"
            f' WHERE OLD."{column}" IS NOT NEW."{column}"'
            for column in kept
        )
        old, new, source = "json_group_object(k, a)", "json_group_object(k, b)", f" FROM ({rows})"
    else:
        pairs = ", ".join(f"'{column}', {_shown(audited, column, row)}" for column in kept)
        old, new = ("NULL", f"json_object({pairs})") if row == "NEW" else (f"json_object({pairs})", "NULL")
    deed = ", ".join(f"review_deed('{column}')" for column in _DEED)
    values = ", ".join(
        (
            _NOW,
            f"'{audited.table}'",
            f"{row}.id",
            f"'{operation}'",
            old,
            new,
            f"'{audited.subject_table}'",
            audited.subject_key.format(row=row),
            audited.host.format(row=row),
            audited.draft_of.format(row=row),
            deed,
        )
    )
    name = _name(audited, operation)
    definition = (
        f"CREATE TRIGGER {name} AFTER {operation.upper()} ON {audited.table} {condition} "
        f"BEGIN INSERT INTO audit_entry ({_COLUMNS}) SELECT {values}{source}; END"
    )
    return Trigger(definition, (f"DROP TRIGGER IF EXISTS {name}", definition))


def _shown(audited: Audited, column: str, row: str) -> str:
    value = f'{row}."{column}"'
    return audited.replaced(column).format(value=value, digest=f"review_digest({value})")
