"""A program of its own that lets calamine read an .xls file: the file on standard input, JSON on output.

calamine takes memory for whatever counts such a file claims, and a failed allocation ends the process.
Here that process is this one, which has little memory and time, and not the server. See `xls.py`.
"""

import io
import json
import resource
import sys

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MEMORY = 1024 * 1024 * 1024  # bytes of address space; a good file of the largest size takes a third
SECONDS = 20


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sheets = []
    with CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())) as workbook:
        for index, listed in enumerate(workbook.sheets_metadata):
            is_worksheet = listed.typ == SheetTypeEnum.WorkSheet
            source = workbook.get_sheet_by_index(index) if is_worksheet else None
            sheets.append(
                {
                    "name": listed.name,
                    "is_hidden": listed.visible != SheetVisibleEnum.Visible,
                    "rows": source.to_python(skip_empty_area=False) if source else [],
                    "merged": (source.merged_cell_ranges or []) if source else [],
                }
            )
    # Dates and times are the only values that JSON has no word for.
    json.dump(sheets, sys.stdout, default=lambda moment: {type(moment).__name__: str(moment)})


if __name__ == "__main__":
    main()
