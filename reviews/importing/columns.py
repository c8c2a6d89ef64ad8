"""Choose between columns of one meaning by what stands in them."""

from __future__ import annotations

from collections.abc import Callable

from workbooks.layout import Header
from workbooks.sheets import Sheet

_LOOKED_AT = 200  # rows; by then it shows what a column holds


def fullest_column(
    sheet: Sheet, header: Header, key: str, fits: Callable[[str], bool], is_known: Callable[[str], bool]
) -> int:
    """Of the columns whose heading fits, the one most of whose first cells are known; else the header's own.

    key: of the header's own column. 单位 beside 所属单位, and 考核项目 beside 考核内容, mean the second.
    """
    own = header.columns[key]
    columns = [column for column, text in header.labels.items() if fits(text)]
    if len(columns) < 2:
        return own
    rows = range(header.bottom + 1, min(len(sheet.rows), header.bottom + _LOOKED_AT) + 1)

    def known(column: int) -> int:
        values = (sheet.covering(row, column) for row in rows)
        return sum(isinstance(value, str) and is_known(value) for value in values)

    return max([own, *columns], key=known)  # the first of equals
