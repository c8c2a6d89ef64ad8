"""The ledger as a list. What a user may see and do was decided before the rows came here."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from functools import lru_cache
from typing import Any

import django_tables2 as tables
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from organizations.tables import sort_as_asked
from rectification.models import Item, ItemState
from rectification.models.item import ItemQuerySet

ROWS_A_PAGE = 50
SHORTENED = 60  # characters of a problem that a list shows
NOTHING = "—"
TONES = {
    ItemState.OPEN: "open",
    ItemState.SUBMITTED: "reply",
    ItemState.RETURNED: "warning",
    ItemState.STRUCK_OFF: "verified",
    ItemState.WITHDRAWN: "closed",
}

NARROW = {"th": {"class": "narrow"}, "td": {"class": "narrow"}}
WIDE = {"th": {"class": "col-wide"}, "td": {"class": "col-wide"}}
WIDE_NARROW = {"th": {"class": "narrow col-wide"}, "td": {"class": "narrow col-wide"}}
SERIAL = ("year", "number", "sequence")


class Counted(Paginator):
    """Pages of rows whose number is known already."""

    def __init__(self, *args: Any, total: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = total


class ItemTable(tables.Table):
    """Items, fetched `with_names`. repeats: the keys of those on the page that are repeat problems."""

    pick = tables.Column(_("Pick"), empty_values=(), orderable=False, attrs=NARROW)
    serial = tables.Column(_("Serial number"), empty_values=(), order_by=SERIAL, attrs=WIDE_NARROW)
    unit = tables.Column(_("Unit"), order_by=("unit__position", "unit"), attrs=WIDE)
    text = tables.Column(_("Problem"), orderable=False, attrs={"td": {"class": "item-problem"}})
    category = tables.Column(_("Category"), orderable=False, attrs=WIDE, default=NOTHING)
    source = tables.Column(_("Source"), orderable=False, attrs=WIDE_NARROW)
    responsible = tables.Column(_("Responsible person"), orderable=False, attrs=WIDE, default=NOTHING)
    due_on = tables.Column(_("Due date"), empty_values=(), attrs=WIDE_NARROW)
    state = tables.Column(_("State"), orderable=False, attrs={"td": {"class": "item-state"}})

    class Meta:
        attrs = {"id": "ledger", "class": "table ledger", "caption": _("Rectification items")}
        empty_text = _("No item fits the filter.")

    def __init__(
        self, items: ItemQuerySet, *, on: datetime.date, sees_units: bool, may_pick: bool, **more: Any
    ) -> None:
        """on: the day that overdue is counted to."""
        hidden = [name for name, shown in (("unit", sees_units), ("pick", may_pick)) if not shown]
        super().__init__(items, exclude=hidden, **more)
        self.on = on
        self.sees_units = sees_units
        self.repeats: Collection[int] = ()

    def turn_to_page(self, request: HttpRequest, *, total: int) -> list[Item]:
        """Sort and turn to the page that the address asks for, or to the nearest; the items on it.

        total: how many items there are, so that they are not counted again.
        """
        sort_as_asked(self, request)
        self.paginate(Counted, per_page=ROWS_A_PAGE, total=total)
        self.page = self.paginator.get_page(request.GET.get(self.prefixed_page_field))
        return [row.record for row in self.page.object_list]

    # A sorted ledger keeps its own order within equals.
    def order_due_on(self, items: ItemQuerySet, is_descending: bool) -> tuple[ItemQuerySet, bool]:
        ordered = items.most_pressing_first()
        return (ordered.reverse() if is_descending else ordered), True

    def order_unit(self, items: ItemQuerySet, is_descending: bool) -> tuple[ItemQuerySet, bool]:
        sign = "-" if is_descending else ""
        ordered = items.most_pressing_first()
        return ordered.order_by(f"{sign}unit__position", f"{sign}unit", *ordered.query.order_by), True

    def render_pick(self, record: Item) -> SafeString:
        # The version goes along: the deed is decided on what is shown here.
        return format_html(
            '<input class="form-check-input" type="checkbox" form="bulk" name="item" value="{}.{}" '
            'aria-label="{}">',
            record.pk,
            record.version,
            record.serial,
        )

    def render_serial(self, record: Item) -> SafeString:
        return _link(record)

    def render_text(self, record: Item) -> SafeString:
        """Shortened; on a phone, where the other columns are hidden, what matters of them around it."""
        above = [record.unit.display_name] if self.sees_units else []
        below = [each for each in (record.responsible, *_due_in_words(record)) if each]
        return format_html(
            '<span class="row-note">{} {}</span>{}<span class="row-note">{}</span>',
            _link(record),
            " · ".join(above),
            Truncator(record.text).chars(SHORTENED),
            format_html_join(" · ", "{}", ((each,) for each in below)),
        )

    def render_unit(self, record: Item) -> SafeString | str:
        if record.origin_unit is None:
            return record.unit.display_name
        origin = gettext("raised with %(unit)s") % {"unit": record.origin_unit.display_name}
        return format_html('{}<span class="item-original">{}</span>', record.unit.display_name, origin)

    def render_due_on(self, record: Item) -> SafeString | str:
        if record.due_on is None:
            return NOTHING
        if not record.is_extended:
            return record.due_on.isoformat()
        original = gettext("originally %(day)s") % {"day": record.original_due_on}
        return format_html('{}<span class="item-original">{}</span>', record.due_on.isoformat(), original)

    def render_state(self, record: Item) -> SafeString:
        marks = [badge(TONES[ItemState(record.state)], record.get_state_display())]
        if late := record.days_overdue(self.on):
            marks.append(format_html('<span class="item-late">{}</span>', days_late(late)))
        if record.pk in self.repeats:
            marks.append(badge("plain", gettext("Repeat")))
        return format_html_join(" ", "{}", ((mark,) for mark in marks))


def badge(tone: str, label: object) -> SafeString:
    """A state in words, as the rest of the product shows it."""
    return _badge(tone, str(label), get_language() or "")


def days_late(days: int) -> str:
    """How long an item is overdue, in words."""
    return ngettext("%(days)s day overdue", "%(days)s days overdue", days) % {"days": days}


@lru_cache(maxsize=200)
def _badge(tone: str, label: str, language: str) -> SafeString:
    rendered = render_to_string("components/badge.html", {"tone": tone, "label": label})
    return mark_safe(rendered.strip())  # our own template escaped what it was given


def _link(record: Item) -> SafeString:
    return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.serial)


def _due_in_words(record: Item) -> list[SafeString]:
    """The due date and, where it was extended, the original one, each unbroken."""
    if record.due_on is None:
        return []
    words = [gettext("due %(day)s") % {"day": record.due_on}]
    if record.is_extended:
        words.append(gettext("originally %(day)s") % {"day": record.original_due_on})
    return [format_html('<span class="day">{}</span>', each) for each in words]
