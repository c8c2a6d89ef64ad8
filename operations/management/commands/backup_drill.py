"""Show that a back-up can be restored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from operations.archive import Unusable
from operations.drilling import drill
from operations.management.words import describe
from organizations.management import arguments


class Command(arguments.PlainCommand):
    about = gettext_lazy(
        "Restore a back-up into a database made for it, compare the two, and throw it away. The installation "
        "is only read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", metavar="FILE", nargs="?", help=_("a back-up; without one it takes one first")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"]
        try:
            drilled = drill(Path(file) if file else None)
        except Unusable as refusal:
            raise CommandError(str(refusal)) from refusal
        if not drilled.passed:
            raise CommandError(_("The back-up does not restore: %(said)s") % {"said": drilled.said})
        self.tell(_("The drill went well: %(what)s") % {"what": describe(drilled.manifest)})
