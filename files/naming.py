"""What a file is called: by its user on pages, by nobody on the disk."""

from __future__ import annotations

from organizations.names import clean_text

NAME_LENGTH = 200


def shown_name(name: str, otherwise: str) -> str:
    """The user's file name: without folders, on one line, only the end of one too long.

    otherwise: what to call a file whose name has nothing to show.
    """
    last = clean_text(name.replace("\\", "/").rsplit("/", 1)[-1])
    return last[-NAME_LENGTH:] or otherwise
