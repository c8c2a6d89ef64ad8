"""Tell the database who acts, so that its triggers can write it beside what changed.

SQLite asks a function of this process. PostgreSQL is given a setting that ends with the transaction,
before the first write of each: a kept connection carries nobody's name into the next request.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from audit.deeds import Deed, current_deed

SETTING = "review.deed"
_WRITES = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|MERGE|REPLACE|WITH\b.*\b(?:INSERT|UPDATE|DELETE|MERGE)\b)", re.I | re.S
)
_TAKES_BACK = re.compile(r"\s*ROLLBACK", re.I)
_UNTOLD = Deed().told()
_IDLE = 0  # psycopg2.extensions.TRANSACTION_STATUS_IDLE: no transaction is open


def tell_deeds(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Receiver of connection_created: have each write on this connection preceded by who acts."""
    wrappers = [each for each in connection.execute_wrappers if not isinstance(each, _Telling)]
    telling = _ToldOnSQLite(connection) if connection.vendor == "sqlite" else _ToldOnPostgreSQL(connection)
    connection.execute_wrappers = [telling, *wrappers]


class _Telling:
    """A wrapper of `execute` (Django's documented hook); one for each open connection."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection


class _ToldOnSQLite(_Telling):
    """Keeps ready what the function `review_deed` answers with while the statement runs."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        super().__init__(connection)
        self.columns: dict[str, Any] = _UNTOLD
        database = connection.connection
        database.create_function("review_deed", 1, lambda column: self.columns[column])
        database.create_function("review_digest", 1, _digest, deterministic=True)

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if not _WRITES.match(str(sql)):
            return execute(sql, params, many, context)
        # Before the statement, since finding out who it is may itself ask the database.
        self.columns = current_deed().told()
        try:
            return execute(sql, params, many, context)
        finally:
            self.columns = _UNTOLD


class _ToldOnPostgreSQL(_Telling):
    """Remembers what this transaction was told already; forgets it where that was rolled back."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        super().__init__(connection)
        self.told = ""

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        statement = str(sql)
        if self.connection.connection.get_transaction_status() == _IDLE or _TAKES_BACK.match(statement):
            self.told = ""
        if not _WRITES.match(statement):
            return execute(sql, params, many, context)
        deed = json.dumps(current_deed().told(), ensure_ascii=False)
        if self.connection.in_atomic_block:
            self._tell(deed, context)
            return execute(sql, params, many, context)
        with transaction.atomic(using=self.connection.alias):
            self._tell(deed, context)
            return execute(sql, params, many, context)

    def _tell(self, deed: str, context: Any) -> None:
        if deed != self.told:
            # On the driver's own cursor: no statement of the product's, neither logged nor counted as one.
            context["cursor"].cursor.execute("SELECT set_config(%s, %s, true)", (SETTING, deed))
            self.told = deed


def _digest(text: object) -> str | None:
    return None if text is None else hashlib.sha256(str(text).encode()).hexdigest()
