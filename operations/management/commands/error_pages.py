"""Write the pages that a web server in front answers with where the product cannot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.management import arguments

PAGES = ("413.html", "429.html", "502.html")


class Command(arguments.PlainCommand):
    about = gettext_lazy("Write the pages for too much, too often and not there, for nginx to answer with.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", help=_("where nginx looks for them"))

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["folder"])
        try:
            for page in PAGES:
                path = folder / page
                path.write_text(render_to_string(page), encoding="utf-8")
                path.chmod(0o644)
        except OSError as error:
            raise CommandError(_("They cannot be written: %(reason)s.") % {"reason": error}) from error
        self.tell(*(folder / page for page in PAGES))
