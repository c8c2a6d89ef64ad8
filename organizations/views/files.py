"""Files that a list is answered with."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from organizations.responses import download
from workbooks.writing import XLSX, Table, write_csv, write_xlsx


def spreadsheet(table: Table, name: str, extension: str) -> HttpResponse:
    """The table as a file to keep, called name.extension; 404 for any extension but xlsx and csv."""
    if extension == "xlsx":
        return download(write_xlsx([table]), f"{name}.xlsx", XLSX)
    if extension == "csv":
        return download(write_csv([table.header, *table.rows]), f"{name}.csv", "text/csv; charset=utf-8")
    raise Http404
