"""Write the official document of a published cycle."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviews.management import arguments
from reviews.management.documents import one_of, require_one_of, write_document
from reviews.printing import print_document
from reviews.reports.content import correction_notice, published_document
from reviews.reports.kinds import KINDS as QUARTERLY
from reviews.reports.renderers import RENDERERS

CORRECTION = "correction"
KINDS = (*QUARTERLY, CORRECTION)


class Command(arguments.PlainCommand):
    about = gettext_lazy("Write a document of a published quarter to a file.")

    def add_arguments(self, parser: CommandParser) -> None:
        arguments.add_quarter_argument(parser)
        parser.add_argument("--kind", metavar="KIND", default="circular", help=one_of(KINDS))
        parser.add_argument("--format", metavar="FORMAT", required=True, help=one_of(RENDERERS))
        parser.add_argument("--output", metavar="FILE", required=True, help=_("the file to write"))

    def handle(self, *args: Any, **options: Any) -> None:
        require_one_of(KINDS, options["kind"])
        require_one_of(RENDERERS, options["format"])
        cycle = arguments.find_cycle(options["quarter"], options["host"])
        publication = cycle.latest_publication()
        if publication is None:
            raise CommandError(
                _("%(quarter)s is not published: there is no document of it.")
                % {"quarter": cycle.quarter.label}
            )
        if options["kind"] != CORRECTION:
            document = published_document(publication, options["kind"])
        elif publication.is_correction:
            document = correction_notice(publication)
        else:
            raise CommandError(
                _("%(quarter)s was never corrected: there is no correction notice.")
                % {"quarter": cycle.quarter.label}
            )
        kind = "circular" if options["kind"] == CORRECTION else options["kind"]
        rendered = print_document(document, options["format"], host=cycle.host_id, kind=kind)
        write_document(
            self, rendered, options["output"], number=publication.number, digest=publication.digest
        )
