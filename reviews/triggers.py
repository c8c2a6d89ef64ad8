"""The product's triggers: published rows and logs that nothing edits (rules 14 and 17).

They are installed after every migrate, because Django rebuilds a table on SQLite to alter it and the
triggers of the old table vanish without a word.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from audit import guards
from audit.guards import Guard, append_only
from rectification.triggers import GUARDS as RECTIFICATION


def _draft_rubric(row: str) -> str:
    return f"(SELECT state FROM reviews_rubric WHERE id = {row}.rubric_id) = 'draft'"


GUARDS = (
    *RECTIFICATION,
    # A draw that could be edited would prove nothing.
    *append_only("reviews_publication", "reviews_standing", "reviews_cyclestep", "reviews_draw"),
    # What stood in a document before it was changed is what comparing and restoring live on.
    *append_only("reviews_reportversion", "reviews_annualpublication"),
    # Who let a place stand that the results do not bear out, and why, is asked afterwards.
    *append_only("reviews_reportacceptance"),
    # What a unit said to a deduction and what was decided, once. Whoever wrote for the unit never decides.
    *append_only("reviews_replystep", "reviews_replyfile"),
    Guard("reviews_reply", "DELETE"),
    Guard("reviews_reply", "UPDATE", "OLD.state = 'open' AND NEW.deduction_id = OLD.deduction_id"),
    Guard(
        "reviews_replystep",
        "INSERT",
        "NEW.kind IN ('send', 'add') OR NOT EXISTS (SELECT 1 FROM reviews_replystep AS s"
        " WHERE s.reply_id = NEW.reply_id AND s.kind IN ('send', 'add') AND s.by_id = NEW.by_id)",
    ),
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
    guards.install(connection, GUARDS)


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    """Take every guard off: for emptying a test database, never for the product."""
    guards.drop(connection, GUARDS)


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the guards the database does not have: empty when history is safe."""
    return guards.missing(connection, GUARDS)


def install_after_migrate(
    using: str = DEFAULT_DB_ALIAS, plan: list[Any] | None = None, **kwargs: Any
) -> None:
    """Receiver of post_migrate; does nothing while the tables are not there (a migration run backwards)."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if {guard.table for guard in GUARDS} <= tables:
        install_triggers(connection)
