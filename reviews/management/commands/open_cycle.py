"""Open a review cycle with its roster."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviews.management import arguments
from reviews.models import RankMethodChoice
from reviews.opening import CannotOpen, open_cycle

LONGEST_LIST = 1_000


class Command(arguments.PlainCommand):
    about = gettext_lazy("Open a quarter for entry, with a review for every unit that acts today.")

    def add_arguments(self, parser: CommandParser) -> None:
        arguments.add_quarter_argument(parser)
        parser.add_argument(
            "--baseline", metavar="QUARTER", help=_("the earlier quarter that places are compared with")
        )
        parser.add_argument(
            "--rank-method", metavar="METHOD", help=_("dense (1, 2, 2, 3) or competition (1, 2, 2, 4)")
        )
        parser.add_argument("--list-size", metavar="N", help=_("how many places the four lists name"))

    def handle(self, *args: Any, **options: Any) -> None:
        quarter = arguments.parse_quarter(options["quarter"])
        baseline = arguments.parse_quarter(options["baseline"]) if options["baseline"] is not None else None
        rank_method, list_size = options["rank_method"], options["list_size"]
        if rank_method is not None and rank_method not in RankMethodChoice.values:
            raise CommandError(
                _("“%(text)s” is not a rank method; it is one of %(allowed)s.")
                % {"text": rank_method, "allowed": ", ".join(RankMethodChoice.values)}
            )
        host = arguments.find_host(options["host"])
        try:
            cycle = open_cycle(
                host,
                quarter,
                baseline=baseline,
                rank_method=rank_method,
                list_size=None if list_size is None else _list_size(str(list_size)),
            )
        except CannotOpen as refusal:
            raise CommandError(str(refusal)) from refusal
        self.tell(
            _("%(quarter)s is open with %(count)s units.")
            % {"quarter": cycle.quarter.label, "count": cycle.reviews.count()}
        )


def _list_size(text: str) -> int:
    if size := arguments.whole_number(text, most=LONGEST_LIST):
        return size
    raise CommandError(
        _("“%(text)s” is not a list size from 1 to %(most)s.") % {"text": text, "most": LONGEST_LIST}
    )
