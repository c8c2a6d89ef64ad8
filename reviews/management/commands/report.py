"""Write the official document of a published cycle."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviews.management import arguments
from reviews.reports.content import published_document
from reviews.reports.kinds import KINDS
from reviews.reports.renderers import RENDERERS


class Command(arguments.PlainCommand):
    about = gettext_lazy("Write the circular or the speech of a published quarter to a file.")

    def add_arguments(self, parser: CommandParser) -> None:
        arguments.add_quarter_argument(parser)
        parser.add_argument("--kind", metavar="KIND", default="circular", help=_one_of(KINDS))
        parser.add_argument("--format", metavar="FORMAT", required=True, help=_one_of(RENDERERS))
        parser.add_argument("--output", metavar="FILE", required=True, help=_("the file to write"))

    def handle(self, *args: Any, **options: Any) -> None:
        _require_one_of(KINDS, options["kind"])
        _require_one_of(RENDERERS, options["format"])
        cycle = arguments.find_cycle(options["quarter"], options["host"])
        publication = cycle.latest_publication()
        if publication is None:
            raise CommandError(
                _("%(quarter)s is not published: there is no document of it.")
                % {"quarter": cycle.quarter.label}
            )
        rendered = RENDERERS[options["format"]](published_document(publication, options["kind"]))
        arguments.write_file(options["output"], rendered.body)
        for face in rendered.replaced_faces:
            self.tell(_("Typeface replaced: %(face)s") % {"face": face})
        if rendered.missing_characters:
            self.tell(
                _("No typeface has these characters: %(characters)s")
                % {"characters": rendered.missing_characters}
            )
        self.tell(
            _("Written: %(file)s (number %(number)s, content digest %(digest)s)")
            % {"file": options["output"], "number": publication.number, "digest": publication.digest}
        )


def _one_of(words: Any) -> str:
    return _("one of: %(formats)s") % {"formats": ", ".join(words)}


def _require_one_of(allowed: Any, text: str) -> None:
    if text not in allowed:
        raise CommandError(
            _("“%(text)s” is not possible here; it is one of %(allowed)s.")
            % {"text": text, "allowed": ", ".join(allowed)}
        )
