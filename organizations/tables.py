"""How a list of units looks."""

from __future__ import annotations

import django_tables2 as tables
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization, OrganizationQuerySet

WIDE = {"th": {"class": "col-wide"}, "td": {"class": "col-wide"}}
NUMBER = {"th": {"class": "number narrow"}, "td": {"class": "number soft"}}


def show_page(table: tables.Table, request: HttpRequest, *, rows: int) -> None:
    """Sort a table and turn to its page as the address asks; for a page that is not there, to the nearest.

    How many rows a page has is not the address's to say.
    """
    sort_as_asked(table, request)
    table.paginate(per_page=rows)
    table.page = table.paginator.get_page(request.GET.get(table.prefixed_page_field))


def sort_as_asked(table: tables.Table, request: HttpRequest) -> None:
    """Sort a table by those of its columns that the address names."""
    asked = request.GET.getlist(table.prefixed_order_by_field)
    table.request = request
    # django-tables2 reads a name with a point as a path through relations before it asks whose column it is.
    if known := [name for name in asked if name.removeprefix("-") in table.columns.names()]:
        table.order_by = known


class UnitTable(tables.Table):
    """The roster, in the host's own order unless the reader sorts it otherwise."""

    position = tables.Column(verbose_name=_("No."), attrs=NUMBER)
    name = tables.Column(verbose_name=_("Full name"))
    short_name = tables.Column(verbose_name=_("Short name"), attrs=WIDE, default="")
    group = tables.Column(verbose_name=_("Group"), attrs=WIDE, default="")
    kind = tables.Column(verbose_name=_("Kind"), attrs=WIDE, orderable=False)
    former_names = tables.Column(verbose_name=_("Former names"), attrs=WIDE, orderable=False, empty_values=())
    active_from = tables.Column(verbose_name=_("Active from"), attrs=WIDE, default="")
    active_to = tables.Column(verbose_name=_("Closed from"), attrs=WIDE, default="")

    class Meta:
        attrs = {"id": "units", "class": "table", "caption": _("Units")}
        empty_text = _("No unit fits what you are looking for.")

    def render_name(self, record: Organization, value: str) -> str:
        """The name as a link; on a phone, where the other columns are hidden, group and kind below it."""
        below = " · ".join(filter(None, [str(record.group or ""), record.get_kind_display()]))
        return format_html(
            '<a href="{}">{}</a><span class="row-note">{}</span>', record.get_absolute_url(), value, below
        )

    def render_former_names(self, record: Organization) -> str:
        return "、".join(former.name for former in record.former_names.all())

    def render_active_from(self, record: Organization) -> str:
        return record.active_from.isoformat() if record.active_from else ""

    def render_active_to(self, record: Organization) -> str:
        return record.active_to.isoformat() if record.active_to else ""

    def order_position(
        self, units: OrganizationQuerySet, is_descending: bool
    ) -> tuple[OrganizationQuerySet, bool]:
        ordered = units.in_own_order()
        return (ordered.reverse() if is_descending else ordered), True

    def order_group(
        self, units: OrganizationQuerySet, is_descending: bool
    ) -> tuple[OrganizationQuerySet, bool]:
        return self.order_position(units, is_descending)
