"""A text as it is compared, with the way back to its own characters; and numbers as people write them. Pure.

Full and half width, kinds of bracket, letter case and white space make no difference to what a text says.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from organizations.names import normalize_name

_DIGITS = {"〇": 0, "两": 2} | {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_POWERS = {"十": 10, "百": 100, "千": 1000}
NUMERALS = "".join((*_DIGITS, *_POWERS))

NUMBER = rf"(?:\d+(?:\.\d+)?|[{NUMERALS}]+(?:点[{NUMERALS}]+)?)"


@dataclass(frozen=True)
class Folded:
    """A text without what makes no difference. places: of each of its characters, where it stood."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the folded text, at least one character, stands in the text itself."""
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """The text folded character by character, so that every one knows its place.

    Numbers of a list (①, ⑴) become a mark, lest they run into the figure after them.
    """
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        key = "•" if unicodedata.category(char) == "No" else _folded(char)
        chars += key
        places += [place] * len(key)
    return Folded("".join(chars), tuple(places))


def _folded(char: str) -> str:
    return "\n" if char == "\n" else normalize_name(char)


def number_of(text: str) -> Decimal | None:
    """95.50, 十二, 两, 九十五点五 as a number; None for what is none: 十百, 三三百."""
    if text[:1].isascii():
        return Decimal(text)
    whole, _point, part = text.partition("点")
    value = _whole_number(whole)
    if value is None or any(digit not in _DIGITS for digit in part):
        return None
    return Decimal(f"{value}.{''.join(str(_DIGITS[digit]) for digit in part)}" if part else value)


def _whole_number(text: str) -> int | None:
    if len(text) > 1 and all(digit in _DIGITS for digit in text):
        return int("".join(str(_DIGITS[digit]) for digit in text))  # 二〇一八
    total, digit, last = 0, None, 10_000
    for char in text:
        if char in _POWERS:
            power = _POWERS[char]
            if power >= last or (digit is None and power != 10) or digit == 0:
                return None
            total += (1 if digit is None else digit) * power
            digit, last = None, power
        else:
            if digit not in (None, 0):
                return None
            digit = _DIGITS[char]
    return total + (digit or 0)
