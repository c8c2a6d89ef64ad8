"""What a renderer hands back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rendered:
    """One document in one format.

    replaced_faces: official typefaces that free ones stand in for, in plain words; empty where the
    document only names its typefaces. missing_characters: those that print as empty boxes.
    """

    body: bytes
    content_type: str
    replaced_faces: tuple[str, ...] = ()
    missing_characters: str = ""
