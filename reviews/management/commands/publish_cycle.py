"""Publish a verified cycle, or publish a correction."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviews.management import arguments
from reviews.publishing import NeedsConfirmation, StepRefused, correct_publication, publish_cycle


class Command(arguments.PlainCommand):
    about = gettext_lazy("Publish a verified quarter: freeze its standings and show them to the units.")

    def add_arguments(self, parser: CommandParser) -> None:
        arguments.add_quarter_argument(parser)
        parser.add_argument("--by", required=True, metavar="USER", help=_("the account that publishes"))
        parser.add_argument(
            "--confirm", action="store_true", help=_("lists that ties made longer than usual are meant")
        )
        parser.add_argument(
            "--correction", metavar="REASON", help=_("publish it again, as a correction with this reason")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        cycle = arguments.find_cycle(options["quarter"], options["host"])
        user = arguments.find_user(options["by"])
        confirm, correction = options["confirm"], options["correction"]
        try:
            if correction is None:
                publication = publish_cycle(cycle, by=user, confirm=confirm)
            else:
                reason = arguments.reason_of(correction)
                publication = correct_publication(cycle, by=user, reason=reason, confirm=confirm)
        except NeedsConfirmation as refusal:
            raise CommandError(_("%(reason)s (--confirm)") % {"reason": refusal}) from refusal
        except StepRefused as refusal:
            raise arguments.refuse(str(refusal).split("\n")) from refusal
        self.tell(
            _("%(quarter)s is published, number %(number)s. Content digest %(digest)s")
            % {
                "quarter": cycle.quarter.label,
                "number": publication.number,
                "digest": publication.digest,
            }
        )
