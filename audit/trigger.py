"""What both databases' triggers have in common."""

from __future__ import annotations

from typing import NamedTuple

OPERATIONS = ("insert", "update", "delete")


class Trigger(NamedTuple):
    """A trigger as it should be. definition: what the database says of it once it is so."""

    definition: str
    statements: tuple[str, ...]
