"""Read what the entry grid sends: JSON of a known shape, or nothing of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from reviews.entering import TypedCell

MOST_CELLS = 5_000  # a grid of 100 units and 25 indicators, twice
LONGEST_TEXT = 200
_LARGEST_KEY = 2**63 - 1
_LARGEST_VERSION = 2**31 - 1


class MalformedEntry(ValueError):
    """Not what a grid sends."""


class TooManyCells(ValueError):
    """More than any grid holds."""


@dataclass(frozen=True)
class EntryRequest:
    """Cells that this user typed; the account may be another by the time they are sent."""

    user: int
    cells: tuple[TypedCell, ...]


def read_entry(body: bytes) -> EntryRequest:
    """{"user": 1, "cells": [{"review": 1, "indicator": 2, "text": "8.5", "version": 0}, …]}.

    Raises MalformedEntry or TooManyCells.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedEntry from error
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        raise MalformedEntry
    if len(data["cells"]) > MOST_CELLS:
        raise TooManyCells
    user = _whole(data.get("user"), _LARGEST_KEY)
    return EntryRequest(user, tuple(_cell(row) for row in data["cells"]))


def _cell(row: Any) -> TypedCell:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise MalformedEntry
    return TypedCell(
        review=_whole(row.get("review"), _LARGEST_KEY),
        indicator=_whole(row.get("indicator"), _LARGEST_KEY),
        text=row["text"][:LONGEST_TEXT],
        version=_whole(row.get("version"), _LARGEST_VERSION),
    )


def _whole(value: Any, largest: int) -> int:
    if type(value) is not int or not 0 <= value <= largest:
        raise MalformedEntry
    return value
