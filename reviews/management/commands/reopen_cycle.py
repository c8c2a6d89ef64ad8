"""Open entry again, with a reason."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviews.management import arguments
from reviews.publishing import StepRefused, step_back


class Command(arguments.PlainCommand):
    about = gettext_lazy("Open entry of a verified or published quarter again; what was published stays.")

    def add_arguments(self, parser: CommandParser) -> None:
        arguments.add_quarter_argument(parser)
        parser.add_argument("--reason", required=True, metavar="TEXT", help=_("why, for the log"))

    def handle(self, *args: Any, **options: Any) -> None:
        cycle = arguments.find_cycle(options["quarter"], options["host"])
        try:
            step_back(cycle, by=None, reason=arguments.reason_of(options["reason"]))
        except StepRefused as refusal:
            raise arguments.refuse(str(refusal).split("\n")) from refusal
        self.tell(_("%(quarter)s is open for entry again.") % {"quarter": cycle.quarter.label})
