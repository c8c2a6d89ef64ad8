"""Write the official document of a published cycle."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviews.management import arguments
from reviews.management.documents import one_of, require_one_of, write_document
from reviews.reports.content import circular_content
from reviews.reports.renderers import RENDERERS

CIRCULAR, SPEECH = "circular", "speech"
KINDS = (CIRCULAR, SPEECH)


class Command(arguments.PlainCommand):
    about = gettext_lazy("Write the circular of a published quarter to a file.")

    def add_arguments(self, parser: CommandParser) -> None:
        arguments.add_quarter_argument(parser)
        parser.add_argument("--kind", metavar="KIND", default=CIRCULAR, help=one_of(KINDS))
        parser.add_argument("--format", metavar="FORMAT", required=True, help=one_of(RENDERERS))
        parser.add_argument("--output", metavar="FILE", required=True, help=_("the file to write"))

    def handle(self, *args: Any, **options: Any) -> None:
        require_one_of(KINDS, options["kind"])
        require_one_of(RENDERERS, options["format"])
        if options["kind"] == SPEECH:
            raise CommandError(_("The speech cannot be written yet; only the circular can."))
        cycle = arguments.find_cycle(options["quarter"], options["host"])
        publication = cycle.latest_publication()
        if publication is None:
            raise CommandError(
                _("%(quarter)s is not published: there is no document of it.")
                % {"quarter": cycle.quarter.label}
            )
        rendered = RENDERERS[options["format"]](circular_content(publication))
        write_document(
            self, rendered, options["output"], number=publication.number, digest=publication.digest
        )
