"""Print a cycle's standings: live before publication, frozen after it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.names import normalize_name
from reviews.management import arguments
from reviews.management.standings_formats import FORMATS
from reviews.standings import Standings, current_standings


class Command(arguments.PlainCommand):
    about = gettext_lazy("Print the standings of a quarter: as the rules give them now, or as published.")

    def add_arguments(self, parser: CommandParser) -> None:
        arguments.add_quarter_argument(parser)
        parser.add_argument("--group", metavar="NAME", help=_("only this group"))
        parser.add_argument(
            "--format",
            metavar="FORMAT",
            default="table",
            help=_("one of: %(formats)s") % {"formats": _formats()},
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["format"] not in FORMATS:
            raise CommandError(
                _("“%(text)s” is not a format; it is one of %(allowed)s.")
                % {"text": options["format"], "allowed": _formats()}
            )
        cycle = arguments.find_cycle(options["quarter"], options["host"])
        standings = current_standings(cycle)
        if options["group"] is not None:
            standings = _only(standings, options["group"])
        self.stdout.write(FORMATS[options["format"]](standings), ending="")


def _formats() -> str:
    return ", ".join(FORMATS)


def _only(standings: Standings, name: str) -> Standings:
    groups = tuple(group for group in standings.groups if normalize_name(group.name) == normalize_name(name))
    if not groups:
        raise CommandError(
            _("There is no group “%(name)s”; there is: %(names)s")
            % {"name": name, "names": "、".join(group.name for group in standings.groups)}
        )
    return replace(standings, groups=groups)
