"""Small words of official Chinese: numerals, lists of names, marks. Pure text, always Chinese."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache

_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_END_MARKS = "。．.；;，,、：:！!？? "
_START_MARKS = "。．；;，,、：:！!？?·—- "


def chinese_number(number: int) -> str:
    """The numeral of 1 to 9999: 1 → 一, 10 → 十, 19 → 十九, 20 → 二十, 105 → 一百零五. Raises ValueError."""
    if not 1 <= number <= 9999:
        raise ValueError(f"{number} is not between 1 and 9999.")
    text = ""
    digits = str(number)
    for power, digit in zip(range(len(digits) - 1, -1, -1), map(int, digits), strict=True):
        if digit:
            text += _DIGITS[digit] + _UNITS[power]
        elif text and not text.endswith("零"):
            text += "零"
    text = text.rstrip("零")
    return text.removeprefix("一") if text.startswith("一十") else text


def ordinal(rank: int) -> str:
    """第一, 第二, …"""
    return f"第{chinese_number(rank)}"


def counted(number: int) -> str:
    """The numeral before a measure word, where two is 两."""
    return "两" if number == 2 else chinese_number(number)


@lru_cache(maxsize=8192)  # names of units and indicators come hundreds of times in one document
def plain(text: str) -> str:
    """The text on one line, free of what no document can hold: control, direction and stray surrogate marks.

    Everything that prints stays exactly as it is, whatever it may mean to a template language.
    """
    kept = (
        " " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char
        for char in text
        if unicodedata.category(char) not in {"Cf", "Cs"} and ord(char) & 0xFFFE != 0xFFFE
    )
    return " ".join("".join(kept).split())


def without_end_mark(text: str) -> str:
    """The text without the punctuation it ends with, so that a sentence can go on after it."""
    return text.strip().rstrip(_END_MARKS)


def clause(text: str) -> str:
    """The text without the punctuation around it, so that it can stand inside a sentence."""
    return without_end_mark(text.strip().lstrip(_START_MARKS))


def without_prefix(text: str, prefix: str) -> str:
    """A clause without the words that stand before it anyway; whole where it says nothing else."""
    rest = clause(text.removeprefix(prefix)) if prefix else text
    return rest or ("" if text == prefix else text)


def enumerated(names: Iterable[str]) -> str:
    """A、B、C"""
    return "、".join(names)


def first_few(names: Sequence[str], limit: int, things: str = "个单位") -> str:
    """The first names and, where there are more, how many there are: A、B、C等12个单位."""
    text = enumerated(names[:limit])
    return text if len(names) <= limit else f"{text}等{len(names)}{things}"


def short_points(points: Decimal) -> str:
    """Points without needless zeros: 0.50 → 0.5, 10.00 → 10."""
    text = f"{points:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def official_date(day: datetime.date) -> str:
    """2025年10月8日, never 08."""
    return f"{day.year}年{day.month}月{day.day}日"
