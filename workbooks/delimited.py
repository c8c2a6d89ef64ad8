"""Read .csv and tab-separated text: the encoding and the delimiter are found out, never asked."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter

from django.utils.translation import gettext as _

from workbooks.limits import Room
from workbooks.sheets import Sheet, UnreadableWorkbook, Workbook, trim
from workbooks.values import csv_value

# Where both read without error, UTF-8 is right: GB 18030 text almost never happens to be valid UTF-8.
_ENCODINGS = ("utf-8-sig", "gb18030")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DELIMITERS = ",\t;"
_LOOKED_AT = 50  # rows
# A text file has next to no control characters; a picture or a program is full of them.
_MAX_CONTROL_SHARE = 0.01


def read_delimited(data: bytes) -> Workbook:
    """Read text of rows and delimiters as a workbook of one sheet without a name."""
    text = _decoded(data)
    declared, text = _declared_delimiter(text)
    try:
        rows = list(csv.reader(_lines(text), delimiter=declared or _delimiter(text), strict=True))
    except csv.Error as error:
        raise UnreadableWorkbook(
            _("Its rows cannot be told apart: a quotation mark is missing, or one is too many.")
        ) from error
    Room().take("", len(rows), max(map(len, rows), default=0))
    grid = trim([csv_value(field) for field in row] for row in rows)
    return Workbook((Sheet("", grid),) if grid else ())


def _decoded(data: bytes) -> str:
    for encoding in ("utf-16",) if data.startswith(_UTF_16) else _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return text
    raise UnreadableWorkbook(_("It is no workbook: only .xlsx, .xls, .ods and .csv files can be read."))


def _is_text(text: str) -> bool:
    counts = Counter(text)
    control = sum(counts[chr(code)] for code in range(32) if chr(code) not in "\t\n\r\f\v")
    return control <= len(text) * _MAX_CONTROL_SHARE


def _declared_delimiter(text: str) -> tuple[str | None, str]:
    """Excel's own first line `sep=;`, and the text after it; None where there is no such line."""
    first, _break, rest = text.partition("\n")
    first = first.strip()
    if len(first) == 5 and first.lower().startswith("sep=") and first[4] in _DELIMITERS:
        return first[4], rest
    return None, text


def _lines(text: str) -> io.StringIO:
    """The text for the csv module, which parts the lines itself so that quoted line breaks stay."""
    return io.StringIO(text, newline="")


def _delimiter(text: str) -> str:
    """The delimiter that parts most rows into equally many fields; a comma where none does."""
    return max(_DELIMITERS, key=lambda delimiter: _regularity(text, delimiter))


def _regularity(text: str, delimiter: str) -> int:
    """How many fields stand in rows of the commonest width, of more than one field."""
    widths: Counter[int] = Counter()
    try:
        for number, row in enumerate(csv.reader(_lines(text), delimiter=delimiter)):
            if number >= _LOOKED_AT:
                break
            widths[len(row)] += 1
    except csv.Error:
        return 0
    return max((width * count for width, count in widths.items() if width > 1), default=0)
