"""What stands in the addresses of more than one app; config/urls.py registers it."""

from __future__ import annotations

from django.urls.converters import IntConverter

from organizations.quarter import FIRST_YEAR, LAST_YEAR, Quarter


class QuarterConverter:
    """A quarter in an address: 2018Q3."""

    regex = "[0-9]{4}Q[1-4]"

    def to_python(self, value: str) -> Quarter:
        return Quarter.parse(value)

    def to_url(self, value: Quarter | str) -> str:
        return str(value)


class YearConverter:
    """A year in an address: 2018, as far as quarters have one."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        year = int(value)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(f"No quarter lies in {year}.")
        return year

    def to_url(self, value: int) -> str:
        return f"{value:04d}"


class KeyConverter(IntConverter):
    """A row's key, short enough for the databases' whole numbers and for Python to read."""

    regex = "[0-9]{1,18}"
