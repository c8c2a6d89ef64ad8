"""Files that a list is answered with."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from workbooks.writing import XLSX, Table, write_csv, write_xlsx


def spreadsheet(table: Table, name: str, extension: str) -> HttpResponse:
    """The table as a file to keep, called name.extension; 404 for any extension but xlsx and csv."""
    if extension == "xlsx":
        response = HttpResponse(write_xlsx([table]), content_type=XLSX)
    elif extension == "csv":
        response = HttpResponse(
            write_csv([table.header, *table.rows]), content_type="text/csv; charset=utf-8"
        )
    else:
        raise Http404
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{extension}")
    return response
