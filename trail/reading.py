"""Read entries newest first, a page at a time: by key, so that a page costs what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit.models import Entry
from trail.words import Told, told
from workbooks.writing import Table, Written

A_PAGE = 50
_AT_ONCE = 500


@dataclass(frozen=True)
class Page:
    """older: the key before which the next page begins; None on the last."""

    entries: Sequence[Told]
    older: int | None


def page_of(entries: QuerySet[Entry], before: int | None) -> Page:
    if before is not None:
        entries = entries.filter(pk__lt=before)
    rows = list(entries.order_by("-pk")[: A_PAGE + 1])
    shown = rows[:A_PAGE]
    return Page(told(shown), shown[-1].pk if len(rows) > A_PAGE else None)


def everything(entries: QuerySet[Entry]) -> Iterator[Told]:
    """All of them in words, held 500 at a time."""
    before: int | None = None
    while True:
        some = entries if before is None else entries.filter(pk__lt=before)
        rows = list(some.order_by("-pk")[:_AT_ONCE])
        yield from told(rows)
        if len(rows) < _AT_ONCE:
            return
        before = rows[-1].pk


def table_of(entries: QuerySet[Entry]) -> Table:
    """For a workbook or a CSV file."""
    header = [
        _("Number"),
        _("Time"),
        _("Account"),
        pgettext("audit", "Operation"),
        _("Kind of record"),
        _("Record"),
        _("What changed"),
        _("Reason"),
        pgettext("audit", "Source"),
        _("Request"),
        _("Address"),
    ]
    return Table(_("Audit trail"), header, (_row(each) for each in everything(entries)), landscape=True)


def _row(each: Told) -> list[Written]:
    entry = each.entry
    return [
        entry.pk,
        timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
        entry.actor_name,
        each.operation,
        each.kind,
        each.name,
        each.in_words,
        entry.why,
        entry.source,
        entry.request_id,
        entry.address,
    ]
