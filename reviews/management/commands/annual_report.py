"""Write the annual report of a published year."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.quarter import FIRST_YEAR, LAST_YEAR
from reviews.management import arguments
from reviews.management.documents import one_of, require_one_of, write_document
from reviews.models import AnnualPublication
from reviews.reports.annual_content import published_annual_report
from reviews.reports.renderers import RENDERERS


class Command(arguments.PlainCommand):
    about = gettext_lazy("Write the annual report of a published year to a file.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", metavar="YEAR", help=_("such as 2018"))
        arguments.add_host_argument(parser)
        parser.add_argument("--format", metavar="FORMAT", required=True, help=one_of(RENDERERS))
        parser.add_argument("--output", metavar="FILE", required=True, help=_("the file to write"))

    def handle(self, *args: Any, **options: Any) -> None:
        require_one_of(RENDERERS, options["format"])
        year = _year(options["year"])
        host = arguments.find_host(options["host"])
        publication = AnnualPublication.objects.of_year(host, year).newest_first().first()
        if publication is None:
            raise CommandError(
                _("The year %(year)s is not published: there is no report of it.") % {"year": year}
            )
        rendered = RENDERERS[options["format"]](published_annual_report(publication))
        write_document(
            self, rendered, options["output"], number=publication.number, digest=publication.digest
        )


def _year(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text)
    raise CommandError(_("“%(text)s” is not a year, such as 2018.") % {"text": text})
