"""Statement triggers for PostgreSQL: one INSERT for all rows a statement changed, whatever their columns."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper

from audit.audited import Audited
from audit.telling import SETTING
from audit.trigger import OPERATIONS, Trigger

_COLUMNS = (
    'at, "table", "key", operation, old, new, subject_table, subject_key, host, draft_of,'
    " actor, actor_name, why, source, request_id, address"
)
# Whoever writes past the product is at least known by the account of the database.
_DEED = (
    "(deed->>'actor')::bigint, COALESCE(deed->>'actor_name', ''), COALESCE(deed->>'why', ''),"
    " COALESCE(deed->>'source', 'database ' || session_user), COALESCE(deed->>'request_id', ''),"
    " COALESCE(deed->>'address', '')"
)
_READ_DEED = f"deed jsonb := NULLIF(current_setting('{SETTING}', true), '')::jsonb;"
_TRANSITIONS = {
    "insert": "REFERENCING NEW TABLE AS new_rows",
    "update": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "REFERENCING OLD TABLE AS old_rows",
}


def wanted(connection: BaseDatabaseWrapper, tables: Iterable[Audited]) -> dict[str, Trigger]:
    """Every trigger by name. Its definition is the body of its function."""
    triggers = {}
    for each in tables:
        for operation in OPERATIONS:
            triggers[f"audit_{each.table}_{operation}"] = _trigger(each, operation)
        triggers[f"audit_{each.table}_truncate"] = _refused_truncate(each)
    return triggers


def present(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Every trigger of the database by name, with the body of its function."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, p.prosrc FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid"
            " WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'"
        )
        return dict(cursor.fetchall())


def _trigger(audited: Audited, operation: str) -> Trigger:
    if operation == "insert":
        deeds = _of_new(audited)
    elif operation == "delete":
        deeds = _of_old(audited)
    else:
        # A row whose key was changed is one that went and one that came.
        deeds = (
            _of_changed(audited)
            + _of_old(audited, "WHERE NOT EXISTS (SELECT 1 FROM new_rows AS n WHERE n.id = r.id)")
            + _of_new(audited, "WHERE NOT EXISTS (SELECT 1 FROM old_rows AS o WHERE o.id = r.id)")
        )
    body = f"DECLARE {_READ_DEED} BEGIN {deeds} RETURN NULL; END"
    # A plan is kept for the session: one made for a single row would compare 50,000 each with each.
    planned = "SET enable_nestloop = off" if operation == "update" else ""
    name = f"audit_{audited.table}_{operation}"
    return Trigger(
        body,
        (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql {planned} AS $${body}$$",
            f"CREATE OR REPLACE TRIGGER {name} AFTER {operation.upper()} ON {audited.table}"
            f" {_TRANSITIONS[operation]} FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
        ),
    )


def _refused_truncate(audited: Audited) -> Trigger:
    name = f"audit_{audited.table}_truncate"
    body = (
        f"BEGIN RAISE EXCEPTION '{audited.table} is audited: TRUNCATE refused'"
        " USING ERRCODE = 'integrity_constraint_violation'; END"
    )
    return Trigger(
        body,
        (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$",
            f"CREATE OR REPLACE TRIGGER {name} BEFORE TRUNCATE ON {audited.table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
        ),
    )


def _of_new(audited: Audited, which: str = "") -> str:
    new = _replaced(audited, _whole(audited, "r"))
    return _entries(audited, "insert", "NULL", new, f"FROM new_rows AS r {which}")


def _of_old(audited: Audited, which: str = "") -> str:
    old = _replaced(audited, _whole(audited, "r"))
    return _entries(audited, "delete", old, "NULL", f"FROM old_rows AS r {which}")


def _of_changed(audited: Audited) -> str:
    # OFFSET 0: each row is made JSON once, not once for every column that is compared.
    rows = (
        f"FROM (SELECT n.*, {_whole(audited, 'o')} AS audit_a, {_whole(audited, 'n')} AS audit_b"
        " FROM new_rows AS n JOIN old_rows AS o ON o.id = n.id OFFSET 0) AS r"
        " CROSS JOIN LATERAL (SELECT jsonb_object_agg(e.key, r.audit_a->e.key) AS a,"
        " jsonb_object_agg(e.key, e.value) AS b FROM jsonb_each(r.audit_b) AS e"
        " WHERE e.value IS DISTINCT FROM r.audit_a->e.key) AS d WHERE d.b IS NOT NULL"
    )
    return _entries(audited, "update", _replaced(audited, "d.a"), _replaced(audited, "d.b"), rows)


def _entries(audited: Audited, operation: str, old: str, new: str, rows: str) -> str:
    return (
        f"INSERT INTO audit_entry ({_COLUMNS}) SELECT clock_timestamp(), '{audited.table}', r.id,"
        f" '{operation}', {old}, {new}, '{audited.subject_table}', {audited.subject_key.format(row='r')},"
        f" {audited.host.format(row='r')}, {audited.draft_of.format(row='r')}, {_DEED} {rows} ORDER BY r.id; "
    )


def _whole(audited: Audited, row: str) -> str:
    without = "".join(f" - '{column}'" for column in audited.without)
    return f"(to_jsonb({row}){without})"


def _replaced(audited: Audited, row: str) -> str:
    """The JSON with its masked and large columns replaced, where it has them."""
    columns = (*audited.masked, *audited.digested)
    if not columns:
        return row
    pairs = []
    for column in columns:
        value = f"{row}->>'{column}'"
        digest = f"encode(sha256(convert_to({value}, 'UTF8')), 'hex')"
        replaced = audited.replaced(column).format(value=value, digest=digest)
        pairs.append(f"('{column}', {replaced})")
    return (
        f"({row} || COALESCE((SELECT jsonb_object_agg(p.k, p.v) FROM (VALUES {', '.join(pairs)}) AS p (k, v)"
        f" WHERE jsonb_exists({row}, p.k)), '{{}}'))"
    )
