"""Which tables are audited, and what of them: data that each app declares in a module of this name."""

from __future__ import annotations

from typing import NamedTuple


class Audited(NamedTuple):
    """A table whose every change is kept. In SQL, {row} stands for the row that is written or deleted.

    host: SQL for the key of the host whose affair it is.
    part_of: table and SQL key of the object on whose page the change is history; by default the row itself.
    draft_of: SQL for the key of the cycle before whose publication only those who see drafts see the change.
    without: columns that are not audited.
    masked: columns of which it is kept that they changed, not what they say.
    digested: large columns, kept as their SHA-256.
    """

    table: str
    host: str = "NULL"
    part_of: tuple[str, str] = ("", "")
    draft_of: str = "NULL"
    without: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    digested: tuple[str, ...] = ()

    @property
    def subject_table(self) -> str:
        return self.part_of[0] or self.table

    @property
    def subject_key(self) -> str:
        return self.part_of[1] or "{row}.id"

    def replaced(self, column: str) -> str:
        """SQL of what is kept instead of this column's text, which stands as {value}."""
        if column in self.masked:
            return f"'{MASK}'"
        return "{digest}" if column in self.digested else "{value}"


MASK = "•••"
_declared: dict[str, Audited] = {}


def declare(tables: tuple[Audited, ...]) -> None:
    """Have these tables audited; an app calls it once, when it starts."""
    _declared.update({each.table: each for each in tables})


def declared() -> dict[str, Audited]:
    """Every audited table, by name."""
    return dict(_declared)
