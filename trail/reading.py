"""Read entries newest first, a page at a time: by key, so that a page costs what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit.models import Entry
from trail.visible import Streams
from trail.words import Told, told
from workbooks.writing import Table, Written

A_PAGE = 50
_AT_ONCE = 500


@dataclass(frozen=True)
class Page:
    """older: the key before which the next page begins; None on the last."""

    entries: Sequence[Told]
    older: int | None


def page_of(streams: Streams, before: int | None) -> Page:
    rows = _newest(streams, before, A_PAGE + 1)
    shown = rows[:A_PAGE]
    return Page(told(shown), shown[-1].pk if len(rows) > A_PAGE else None)


def everything(streams: Streams) -> Iterator[Told]:
    """All of them in words, held 500 at a time."""
    before: int | None = None
    while rows := _newest(streams, before, _AT_ONCE):
        yield from told(rows)
        before = rows[-1].pk


def _newest(streams: Streams, before: int | None, count: int) -> list[Entry]:
    """The newest so many before a key: as many of each stream, the newest of them all."""
    rows: list[Entry] = []
    for stream in streams:
        older = stream if before is None else stream.filter(pk__lt=before)
        rows += older.order_by("-pk")[:count]
    return sorted(rows, key=lambda entry: -entry.pk)[:count]


def table_of(streams: Streams) -> Table:
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
    return Table(_("Audit trail"), header, (_row(each) for each in everything(streams)), landscape=True)


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
