"""Find the table in a sheet: titles, then a header of one or more rows, then rows.

Offices write a title, a filler line, perhaps a row of sections over merged columns, and a header
whose "单位" cell is merged over both rows. What a column is called is read across all of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from workbooks.cells import Value
from workbooks.sheets import Sheet

# What a column may be called: words, or a test of the heading as `header_key` gives it.
Words: TypeAlias = Collection[str] | Callable[[str], bool]

_LOOKED_AT = 1000  # rows; a header further down heads no table that was meant to be read
_MOST_ROWS = 3  # of a header

_BRACKETS = str.maketrans("[]{}【】〔〕〈〉", "()()()()()")
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_FULL = r"(?:满分|总分|分值|最高|最多|上限|共|计)?:?"
# 三会一课(10分) · 三会一课(满分10分) · 三会一课(10) · 三会一课10分 · 三会一课满分10
_FULL_MARKS = re.compile(
    rf"(?P<name>.+?)(?:\({_FULL}(?P<bracketed>{_NUMBER})分?\)|{_FULL}(?P<plain>{_NUMBER})分|满分:?(?P<said>{_NUMBER}))"
)
# What stands below an indicator's name, or in a row of full marks: 10 · 10分 · (10分) · 满分10
_FULL_MARKS_ALONE = re.compile(rf"\(?{_FULL}({_NUMBER})分?\)?")
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


def full_marks_alone(value: Value) -> Decimal | None:
    """The full marks in a cell that holds nothing else: 10, 10分, （10分）, 满分10; else None."""
    if isinstance(value, Decimal):
        return value
    match = _FULL_MARKS_ALONE.fullmatch(header_key(value)) if isinstance(value, str) else None
    return None if match is None else Decimal(match[1])


@dataclass(frozen=True)
class Header:
    """Where a sheet's table begins and what its columns are called.

    top, bottom: the header's rows, from 1. columns: the column (from 1) of each word that was found,
    the leftmost where it stands twice. labels: the text over every column that has any.
    numbers: the row and the number, by column, where the header has one below that text: full marks.
    """

    top: int
    bottom: int
    columns: Mapping[str, int]
    labels: Mapping[int, str]
    numbers: Mapping[int, tuple[int, Decimal]] = field(default_factory=dict)


def find_header(
    sheet: Sheet, words: Mapping[str, Words], required: Collection[str], after: int = 0
) -> Header | None:
    """Find the first rows that name all the required columns; None where there are none.

    words: what each column may be called, by the caller's own key for it; a word goes before a test.
    required: keys that make a row a header. after: the last row (from 1) not to look at. Rows above the
    header are titles.
    """
    key_of = _key_finder(words)
    for row in range(after + 1, min(len(sheet.rows), after + _LOOKED_AT) + 1):
        found = _found(sheet, row, key_of)
        if all(key in found for key in required):
            top, bottom = _header_rows(sheet, row, [found[key] for key in required])
            bottom = _extended(sheet, bottom, found.values())
            labels, numbers = _labels(sheet, top, bottom)
            columns = {
                key: column
                for column, label in sorted(labels.items(), reverse=True)
                if (key := key_of(label)) is not None
            }
            if all(key in columns for key in required):
                return Header(top, bottom, columns, labels, numbers)
    return None


def _key_finder(words: Mapping[str, Words]) -> Callable[[str], str | None]:
    """How to tell what a heading stands for."""
    exact: dict[str, str] = {}
    tests: list[tuple[str, Callable[[str], bool]]] = []
    for key, named in words.items():
        if callable(named):
            tests.append((key, named))
        else:
            exact |= {header_key(text): key for text in named}

    def key_of(text: str) -> str | None:
        heading = header_key(text)
        return exact.get(heading) or next((key for key, fits in tests if fits(heading)), None)

    return key_of


def _found(sheet: Sheet, row: int, key_of: Callable[[str], str | None]) -> dict[str, int]:
    """The columns of a row whose text is one of the words looked for, by the word's key."""
    found: dict[str, int] = {}
    for column in range(1, _width(sheet, row) + 1):
        value = sheet.covering(row, column)
        key = key_of(value) if isinstance(value, str) else None
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


def _labels(sheet: Sheet, top: int, bottom: int) -> tuple[dict[int, str], dict[int, tuple[int, Decimal]]]:
    """The lowest text over each column, the indicator rather than its section, and the number below it.

    A number with no text above is what the column is called.
    """
    labels: dict[int, str] = {}
    numbers: dict[int, tuple[int, Decimal]] = {}
    for column in range(1, max(_width(sheet, row) for row in range(top, bottom + 1)) + 1):
        for row in range(bottom, top - 1, -1):
            value = sheet.covering(row, column)
            number = full_marks_alone(value)
            if number is not None:
                numbers.setdefault(column, (row, number))
            elif isinstance(value, str):
                labels[column] = value
                break
        else:
            if column in numbers:
                labels[column] = str(sheet.covering(numbers.pop(column)[0], column))
    return labels, numbers


def _width(sheet: Sheet, row: int) -> int:
    """How far a row's cells reach, with the merged block its last cell begins."""
    width = len(sheet.rows[row - 1])
    return max([width, *(block.right for block in sheet.merged if block.top <= row <= block.bottom)])


def _is_number(value: Value) -> bool:
    return isinstance(value, Decimal) or (
        isinstance(value, str) and _LOOKS_LIKE_NUMBER.fullmatch(header_key(value)) is not None
    )
