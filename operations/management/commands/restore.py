"""Restore a back-up into an empty installation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from operations.archive import Unusable
from operations.management.words import describe
from operations.restoring import restore
from organizations.management import arguments


class Command(arguments.PlainCommand):
    about = gettext_lazy(
        "Restore a back-up into an empty installation that nobody uses meanwhile, and verify every "
        "publication and trigger. Where something is wrong it says so and ends with an error."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help=_("a back-up"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            restored = restore(Path(options["file"]))
        except Unusable as refusal:
            raise CommandError(str(refusal)) from refusal
        if restored.problems:
            raise arguments.refuse(restored.problems)
        self.tell(
            _("Restored: %(what)s") % {"what": describe(restored.manifest)},
            _("Every table equals the back-up, every publication has its digest, every trigger is there."),
        )
