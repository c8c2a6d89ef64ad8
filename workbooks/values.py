"""Turn what a file stores into values: exact numbers, clean text, None for blank."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from workbooks.cells import UNCALCULATED, Value

# What cannot be seen: control characters except tab and line feed, zero-width and direction marks,
# lone surrogates. NUL is text to SQLite and an error to PostgreSQL; none of them was typed on purpose.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]"
)
_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_TOO_BIG_FOR_EXACT = 1e15  # beyond this a spreadsheet's number has no decimals left to be exact about

RawValue = int | float | str | bool | date | datetime | time | timedelta | None


def value_of(raw: RawValue) -> Value:
    """Convert what a spreadsheet library returns for a cell."""
    if isinstance(raw, str):
        return text_value(raw)
    if raw is None or isinstance(raw, bool):
        return raw
    if isinstance(raw, float):
        return number_value(raw)
    if isinstance(raw, int):
        return Decimal(raw)
    if isinstance(raw, datetime):
        return raw if raw.time() != time.min else raw.date()
    if isinstance(raw, date):
        return raw
    return str(raw)  # a time of day or a length of time: nothing here counts in hours


def number_value(number: float) -> Value:
    """The decimal that the spreadsheet shows: 15 significant digits, as Excel and WPS keep.

    A binary 9.300000000000001 left over from a formula is 9.3. NaN and infinities are text: no number.
    """
    if not math.isfinite(number):
        return str(number)
    if abs(number) < _TOO_BIG_FOR_EXACT and number == int(number):
        return Decimal(int(number))
    return Decimal(f"{number:.15g}")


def text_value(text: str) -> str | None:
    """Text without what cannot be seen and without white space around it; None where nothing is left."""
    if not text.isprintable():
        text = _INVISIBLE.sub("", _LINE_BREAK.sub("\n", text))
    return text.strip() or None


# What a spreadsheet program would take for a formula in a CSV file; a Chinese one the full-width signs too.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def quoted_for_csv(text: str) -> str:
    """Keep a spreadsheet program from running text as a formula: `'` before = + - @ tab line break."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_value(text: str) -> Value:
    """Read a CSV field back: the `'` that `quoted_for_csv` wrote is no part of the text."""
    if text.startswith("'") and text[1:].startswith(FORMULA_STARTS):
        return text_value(text[1:])
    value = text_value(text)
    return UNCALCULATED if value is not None and len(value) > 1 and value.startswith("=") else value
