"""Writes to be watched from outside: `python -m tests.trust.stage.writes commit|upload|nothing`."""

from __future__ import annotations

import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from files.durable import write_durably  # noqa: E402
from organizations.models import Organization  # noqa: E402


def main(what: str) -> None:
    connection.ensure_connection()
    if what == "commit":
        with transaction.atomic():
            host = Organization.objects.filter(parent=None).first()
            host.save()
    elif what == "upload":
        write_durably([b"evidence"], Path(settings.MEDIA_ROOT) / "items" / "0123456789abcdef")


if __name__ == "__main__":
    main(*sys.argv[1:])
