"""Close entry once every unit is scored or has a reason not to be."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviews.management import arguments
from reviews.models import ReviewState
from reviews.publishing import StepRefused, verify_cycle


class Command(arguments.PlainCommand):
    about = gettext_lazy("Close entry of a quarter once every unit is scored or has a reason not to be.")

    def add_arguments(self, parser: CommandParser) -> None:
        arguments.add_quarter_argument(parser)
        parser.add_argument(
            "--exempt-unscored",
            metavar="REASON",
            default="",
            help=_("the reason given to every unscored unit"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        cycle = arguments.find_cycle(options["quarter"], options["host"])
        try:
            verify_cycle(cycle, by=None, exempt_reason=arguments.reason_of(options["exempt_unscored"], 200))
        except StepRefused as refusal:
            raise arguments.refuse(str(refusal).split("\n")) from refusal
        scored = cycle.reviews.scored().count()
        left_out = cycle.reviews.exclude(state=ReviewState.SCORED).count()
        self.tell(
            _("%(quarter)s is verified: %(scored)s units scored, %(left_out)s left out.")
            % {"quarter": cycle.quarter.label, "scored": scored, "left_out": left_out}
        )
