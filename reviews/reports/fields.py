"""Live fields: the figures and names in a text that come from the data and follow it. Pure.

A text holds tokens such as ⟦g3.average⟧; what they say is looked up when the text is shown, so that prose
which a person wrote never prints a figure of yesterday.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

OPEN, CLOSE = "⟦", "⟧"
_TOKEN = re.compile(r"⟦([a-z0-9][a-z0-9.-]{0,79})⟧")


class FieldKind(StrEnum):
    """What a field tells, which decides the rule that explains it."""

    SETTING = "setting"  # the host's or the cycle's own words: its name, the area, a date
    BASELINE = "baseline"  # the quarter that places are compared with
    COUNT = "count"  # how many units of a group are ranked
    AVERAGE = "average"
    HIGHEST = "highest"
    LOWEST = "lowest"
    TOP = "top"
    LAST = "last"
    PROGRESS = "progress"
    SETBACK = "setback"
    UNRANKED = "unranked"
    UNIT = "unit"  # a unit's name
    TOTAL = "total"  # one unit's total
    PLACES = "places"  # one unit's change of place
    MOVE = "move"  # how far one unit moved, and at which indicators
    RISERS = "risers"  # who rose at all
    STRENGTH = "strength"  # indicators where a group lost least
    LOSSES = "losses"  # who lost points at an indicator
    REASONS = "reasons"  # why they did
    INDICATOR = "indicator"
    RECTIFICATION = "rectification"
    ATTACHMENT = "attachment"
    CORRECTION = "correction"
    AVERAGE_CHANGE = "average-change"  # of a group's average since the baseline
    CAUGHT_UP = "caught-up"  # who rose out of the baseline's last list
    LAST_AGAIN = "last-again"  # who was in the last list of both
    HIGHLIGHT = "highlight"  # what a visit found done well, and where
    FINDING = "finding"  # what visits found wrong, and where
    CATEGORY = "category"  # a kind of problem, and how often visits found it
    PROGRAMME = "programme"  # assigned work: its name, lead, targets and dates


@dataclass(frozen=True)
class About:
    """Whom or what a field tells of. subject: in words. group, units: keys of the rows behind it. indicator:
    the name of the one that it counts, where it counts one.
    """

    subject: str = ""
    group: int | None = None
    units: tuple[int, ...] = ()
    indicator: str = ""


@dataclass(frozen=True)
class Field:
    """One figure, name or list, and what it is made of. value: as it prints, never empty."""

    key: str
    value: str
    kind: FieldKind
    about: About = About()

    def to_json(self) -> dict[str, Any]:
        """As a publication keeps it."""
        return {**asdict(self), "kind": str(self.kind)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Field:
        about = About(**{**kept["about"], "units": tuple(kept["about"]["units"])})
        return cls(kept["key"], kept["value"], FieldKind(kept["kind"]), about)


Fields = Mapping[str, Field]


class FieldBook:
    """The fields that a text uses, put down while it is written."""

    def __init__(self) -> None:
        self.fields: dict[str, Field] = {}

    def put(self, key: str, value: object, kind: FieldKind, about: About = About()) -> str:
        """The token of a field that says this; an empty value has no field and gives an empty text.

        Putting the same key twice is harmless as long as it says the same. Raises ValueError if it does not,
        or for a key that no token can hold.
        """
        text = str(value)
        if not text:
            return ""
        if not _TOKEN.fullmatch(token(key)):
            raise ValueError(f"No token can hold {key!r}.")
        field = Field(key, text, kind, about)
        if self.fields.setdefault(key, field).value != text:
            raise ValueError(f"{key} says {self.fields[key].value!r} and {text!r}.")
        return token(key)


def token(key: str) -> str:
    """How a field stands in a text."""
    return f"{OPEN}{key}{CLOSE}"


def keyed(text: str) -> str:
    """A short key for a name, the same for the same name: indicators and categories have no number here."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]


@dataclass(frozen=True)
class Piece:
    """A stretch of a text: words as they stand, or the field that fills it.

    key: of the token; empty for words. field: None where nothing fills the token now. text: what prints.
    """

    text: str
    key: str = ""
    field: Field | None = None

    @property
    def is_words(self) -> bool:
        return not self.key

    @property
    def is_unfilled(self) -> bool:
        return bool(self.key) and self.field is None


def pieces_of(text: str, fields: Fields) -> list[Piece]:
    """The text as words and fields in turn; words are never empty."""
    pieces = []
    end = 0
    for found in _TOKEN.finditer(text):
        if found.start() > end:
            pieces.append(Piece(text[end : found.start()]))
        field = fields.get(found[1])
        pieces.append(Piece(field.value if field else "", found[1], field))
        end = found.end()
    if end < len(text):
        pieces.append(Piece(text[end:]))
    return pieces


def filled(text: str, fields: Fields) -> str:
    """The text as it prints; a token that nothing fills prints nothing."""
    return "".join(piece.text for piece in pieces_of(text, fields))


def keys_in(text: str) -> list[str]:
    """The keys of the tokens in a text, in their order."""
    return _TOKEN.findall(text)


def without_tokens(text: str) -> str:
    """A text from outside with no mark that could be taken for a token."""
    return text.replace(OPEN, "〔").replace(CLOSE, "〕")
