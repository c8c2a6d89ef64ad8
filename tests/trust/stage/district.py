"""The district that trials work on. `python -m tests.trust.stage.district` migrates and builds it."""

from __future__ import annotations

import io

import django
from django.core.management import call_command


def build() -> None:
    call_command("demo", stdout=io.StringIO())


if __name__ == "__main__":
    django.setup()
    call_command("migrate", verbosity=0)
    build()
