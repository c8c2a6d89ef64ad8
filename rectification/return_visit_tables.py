"""Return visits as a list. What a user may see was decided before the rows came here."""

from __future__ import annotations

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from rectification.models import ReturnVisit

NARROW = {"th": {"class": "narrow"}, "td": {"class": "narrow"}}
WIDE_WORDS = {"th": {"class": "col-wide"}, "td": {"class": "col-wide"}}
NOTHING = "—"


class ReturnVisitTable(tables.Table):
    """Return visits, fetched `with_names` and `planned_first`."""

    unit = tables.Column(_("Unit"), accessor="item__unit", orderable=False)
    item = tables.Column(_("Rectification item"), orderable=False, attrs=WIDE_WORDS)
    visited_on = tables.Column(_("Day"), orderable=False, empty_values=(), attrs=NARROW)
    draw = tables.Column(_("Chosen by"), orderable=False, empty_values=(), attrs=WIDE_WORDS)
    state = tables.Column(_("Result"), orderable=False, attrs=NARROW)

    class Meta:
        attrs = {"id": "table", "class": "table", "caption": _("Return visits")}
        empty_text = _("No return visit fits the filter.")

    def render_unit(self, record: ReturnVisit) -> str:
        # On a phone the item has no column of its own.
        return format_html(
            '<a href="{}">{}</a><span class="row-note">{} {}</span>',
            record.get_absolute_url(),
            record.item.unit.name,
            record.item.serial,
            record.item.text,
        )

    def render_item(self, record: ReturnVisit) -> str:
        return format_html("{} <span>{}</span>", record.item.serial, record.item.text)

    def render_visited_on(self, record: ReturnVisit) -> str:
        return record.visited_on.isoformat() if record.visited_on else NOTHING

    def render_draw(self, record: ReturnVisit) -> str:
        if record.draw_id is None:
            return str(_("By hand"))
        return str(_("Draw no. %(number)s") % {"number": record.draw_id})

    def render_state(self, record: ReturnVisit) -> str:
        return render_to_string("rectification/_return_visit_state.html", {"visit": record})
