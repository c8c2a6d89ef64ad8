"""Find the table in a sheet: titles, then a header of one or more rows, then rows.

Offices write a title, a filler line, perhaps a row of sections over merged columns, and a header
whose "单位" cell is merged over both rows. What a column is called is read across all of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from workbooks.cells import Value
from workbooks.sheets import Sheet

_LOOKED_AT = 60  # rows; a header further down heads no table that was meant to be read
_MOST_ROWS = 3  # of a header

_BRACKETS = str.maketrans("[]{}【】〔〕〈〉", "()()()()()")
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_FULL = r"(?:满分|总分|分值|最高|最多|上限|共|计)?:?"
# 三会一课(10分) · 三会一课(满分10分) · 三会一课(10) · 三会一课10分 · 三会一课满分10
_FULL_MARKS = re.compile(
    rf"(?P<name>.+?)(?:\({_FULL}(?P<bracketed>{_NUMBER})分?\)|{_FULL}(?P<plain>{_NUMBER})分|满分:?(?P<said>{_NUMBER}))"
)
_LOOKS_LIKE_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")


def header_key(text: str) -> str:
    """Header text for comparing: NFKC (so full-width brackets and digits are plain), no white space."""
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_BRACKETS)


def split_full_marks(text: str) -> tuple[str, Decimal | None]:
    """Part a header like 三会一课（10分） into the name and its full marks; None where it states none.

    The name comes back as `header_key` gives it. A number without brackets counts only with 分 or 满分,
    so that 五化建设2 keeps its 2.
    """
    key = header_key(text)
    match = _FULL_MARKS.fullmatch(key)
    if match is None:
        return key, None
    return match["name"], Decimal(match["bracketed"] or match["plain"] or match["said"])


@dataclass(frozen=True)
class Header:
    """Where a sheet's table begins and what its columns are called.

    top, bottom: the header's rows, from 1. columns: the column (from 1) of each word that was found,
    the leftmost where it stands twice. labels: the text over every column that has any.
    """

    top: int
    bottom: int
    columns: Mapping[str, int]
    labels: Mapping[int, str]


def find_header(
    sheet: Sheet, words: Mapping[str, Collection[str]], required: Collection[str], after: int = 0
) -> Header | None:
    """Find the first rows that name all the required columns; None where there are none.

    words: what each column may be called, by the caller's own key for it. required: keys that make
    a row a header. after: the last row (from 1) not to look at. Rows above the header are titles.
    """
    keys = {header_key(text): key for key, texts in words.items() for text in texts}
    for row in range(after + 1, min(len(sheet.rows), after + _LOOKED_AT) + 1):
        found = _found(sheet, row, keys)
        if all(key in found for key in required):
            top, bottom = _header_rows(sheet, row, [found[key] for key in required])
            bottom = _extended(sheet, bottom, found.values())
            labels = dict(_labels(sheet, top, bottom))
            columns = {
                key: column
                for column, label in sorted(labels.items(), reverse=True)
                if (key := keys.get(header_key(label))) is not None
            }
            if all(key in columns for key in required):
                return Header(top, bottom, columns, labels)
    return None


def _found(sheet: Sheet, row: int, keys: Mapping[str, str]) -> dict[str, int]:
    """The columns of a row whose text is one of the words looked for, by the word's key."""
    found: dict[str, int] = {}
    for column in range(1, _width(sheet, row) + 1):
        value = sheet.covering(row, column)
        key = keys.get(header_key(value)) if isinstance(value, str) else None
        if key is not None:
            found.setdefault(key, column)
    return found


def _header_rows(sheet: Sheet, row: int, columns: list[int]) -> tuple[int, int]:
    """The rows that the found cells span, and the rows of sections directly above them."""
    blocks = [block for column in columns if (block := sheet.block(row, column)) is not None]
    bottom = max([row, *(block.bottom for block in blocks)])
    top = min([row, *(block.top for block in blocks)])
    while top > 1 and bottom - top + 1 < _MOST_ROWS and _is_section_row(sheet, top - 1):
        top -= 1
    return top, bottom


def _is_section_row(sheet: Sheet, row: int) -> bool:
    """Several different texts and no number: sections, whereas a title is one text over the whole width."""
    values = {sheet.covering(row, column) for column in range(1, _width(sheet, row) + 1)} - {None}
    return len(values) > 1 and not any(map(_is_number, values))


def _extended(sheet: Sheet, bottom: int, columns: Collection[int]) -> int:
    """Include a second header row where the merging was lost: nothing below the words found, text beside."""
    below = bottom + 1
    if below > len(sheet.rows) or any(sheet.covering(below, column) is not None for column in columns):
        return bottom
    texts = [value for value in sheet.rows[below - 1] if value is not None]
    is_header = bool(texts) and all(isinstance(value, str) and not _is_number(value) for value in texts)
    return below if is_header else bottom


def _labels(sheet: Sheet, top: int, bottom: int) -> Iterator[tuple[int, str]]:
    """The lowest text over each column: the indicator rather than the section above it."""
    width = max(_width(sheet, row) for row in range(top, bottom + 1))
    for column in range(1, width + 1):
        for row in range(bottom, top - 1, -1):
            value = sheet.covering(row, column)
            if isinstance(value, str | Decimal):
                yield column, str(value)
                break


def _width(sheet: Sheet, row: int) -> int:
    """How far a row's cells reach, with the merged block its last cell begins."""
    width = len(sheet.rows[row - 1])
    return max([width, *(block.right for block in sheet.merged if block.top <= row <= block.bottom)])


def _is_number(value: Value) -> bool:
    return isinstance(value, Decimal) or (
        isinstance(value, str) and _LOOKS_LIKE_NUMBER.fullmatch(header_key(value)) is not None
    )
