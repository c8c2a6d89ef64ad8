"""Names as people type them: cleaned for storing, folded for comparing (rule 24). Pure: no Django.

The same unit arrives as "乙街道筹备办（临时）党工委", with half-width brackets, with a no-break space from a
web page or a line break from a narrow spreadsheet column. All of them must find one unit.
"""

from __future__ import annotations

import unicodedata

# Compatibility normalisation already turns full-width （）［］｛｝ into these; the rest have no plain twin.
_BRACKETS = str.maketrans(dict.fromkeys("[{〔【〖〘〚", "(") | dict.fromkeys("]}〕】〗〙〛", ")"))

# White space, control, format (zero-width, byte order mark, text direction) and lone surrogates.
_BLANK_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs"})
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})
_VARIATION_SELECTORS = frozenset(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))


def normalize_name(text: str) -> str:
    """The key under which names are compared; never shown and never stored as the name.

    Full and half width, letter case, kinds of bracket and all white space (zero-width and no-break
    included) make no difference. Folding a key again leaves it as it is.
    """
    key = _folded(text)
    # What one round brings out (a blank inside a compatibility character) the next one removes.
    while (again := _folded(key)) != key:
        key = again
    return key


def clean_text(text: str) -> str:
    """A line of text fit for storing: trimmed, each run of white space one blank, nothing invisible.

    Line breaks and tabs count as white space. NUL and other control characters, zero-width characters
    and lone surrogates are dropped: databases refuse some of them and readers cannot see the others.
    Width, brackets and case stay as typed.
    """
    visible = "".join(
        char for char in text if char.isspace() or unicodedata.category(char) not in _UNSEEN_CATEGORIES
    )
    return " ".join(visible.split())


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(char for char in folded if not _is_blank(char)).translate(_BRACKETS)


def _is_blank(char: str) -> bool:
    return unicodedata.category(char) in _BLANK_CATEGORIES or char in _VARIATION_SELECTORS
