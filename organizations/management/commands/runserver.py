"""The developer's server, which keeps the demo to this machine like the real one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from whitenoise.runserver_nostatic.management.commands.runserver import Command as RunserverCommand  # type: ignore[import-untyped]

from organizations.demo import why_not_to_listen


class Command(RunserverCommand):
    def run(self, **options: Any) -> None:
        if reason := why_not_to_listen([f"{self.addr}:{self.port}"]):
            raise CommandError(reason)
        super().run(**options)
