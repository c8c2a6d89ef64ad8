"""What the commands about a quarter have in common."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from organizations.management.arguments import (
    PlainCommand,
    add_file_argument,
    add_host_argument,
    described,
    find_host,
    find_user,
    open_workbook,
    parse_quarter,
    read_file,
    refuse,
    whole_number,
    write_file,
)
from organizations.names import clean_text
from reviews.models import ReviewCycle

__all__ = [
    "PlainCommand",
    "add_file_argument",
    "add_host_argument",
    "add_quarter_argument",
    "described",
    "find_cycle",
    "find_host",
    "find_user",
    "open_workbook",
    "parse_quarter",
    "read_file",
    "reason_of",
    "refuse",
    "whole_number",
    "write_file",
]


def add_quarter_argument(parser: ArgumentParser) -> None:
    parser.add_argument("quarter", metavar="QUARTER", help=_("such as 2018Q3, 2018-3 or 2018年第三季度"))
    add_host_argument(parser)


def find_cycle(quarter: str, host_name: str | None) -> ReviewCycle:
    """The host's cycle of this quarter. Raises CommandError."""
    wanted = parse_quarter(quarter)
    cycle = ReviewCycle.objects.of_host(find_host(host_name)).in_quarter(wanted).first()
    if cycle is None:
        raise CommandError(
            _("There is no review cycle for %(label)s: open it first (open_cycle %(quarter)s).")
            % {"label": wanted.label, "quarter": wanted}
        )
    return cycle


def reason_of(text: str, longest: int = 500) -> str:
    """A reason as it is kept: on one line, no longer than its field. Raises CommandError."""
    reason = clean_text(text)
    if len(reason) > longest:
        raise CommandError(
            _("The reason has %(length)s characters; at most %(longest)s are kept.")
            % {"length": len(reason), "longest": longest}
        )
    return reason
