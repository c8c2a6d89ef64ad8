"""What stands in the addresses of more than one app; config/urls.py registers it."""

from __future__ import annotations

from django.urls.converters import IntConverter

from organizations.quarter import Quarter


class QuarterConverter:
    """A quarter in an address: 2018Q3."""

    regex = "[0-9]{4}Q[1-4]"

    def to_python(self, value: str) -> Quarter:
        return Quarter.parse(value)

    def to_url(self, value: Quarter | str) -> str:
        return str(value)


class KeyConverter(IntConverter):
    """A row's key, short enough for the databases' whole numbers and for Python to read."""

    regex = "[0-9]{1,18}"
