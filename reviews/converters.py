"""What stands in the addresses of this app; config/urls.py registers it."""

from __future__ import annotations

from django.urls.converters import StringConverter


class ReportKindConverter(StringConverter):
    """A document of a quarter in an address: circular or speech."""

    regex = "circular|speech"
