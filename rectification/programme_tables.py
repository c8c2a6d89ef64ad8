"""Lists of programmes as a django-tables2 table. What a user may see was decided before the rows came."""

from __future__ import annotations

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from organizations.tables import WIDE
from rectification.models import Programme

NARROW = {"th": {"class": "narrow"}, "td": {"class": "narrow"}}
NUMBER = {"th": {"class": "number"}, "td": {"class": "number"}}
WIDE_DAY = {"th": {"class": "col-wide"}, "td": {"class": "day col-wide"}}
WIDE_NUMBER = {"th": {"class": "number col-wide"}, "td": {"class": "number col-wide"}}
NOTHING = "—"


class ProgrammeTable(tables.Table):
    """Programmes, fetched `with_counts` and `with_names`."""

    name = tables.Column(verbose_name=_("Programme"))
    quarter = tables.Column(
        verbose_name=_("Assigned in"), order_by=("year", "number"), attrs=WIDE_DAY, empty_values=()
    )
    lead = tables.Column(verbose_name=_("Lead"), orderable=False, attrs=WIDE, empty_values=())
    next_due_on = tables.Column(verbose_name=_("Due next"), attrs=WIDE_DAY, empty_values=())
    progress = tables.Column(
        verbose_name=pgettext_lazy("programme", "Progress"), orderable=False, empty_values=()
    )
    done_count = tables.Column(verbose_name=pgettext_lazy("targets", "Done"), attrs=WIDE_NUMBER)
    overdue_count = tables.Column(verbose_name=_("Overdue"), attrs=WIDE_NUMBER)
    state = tables.Column(verbose_name=_("State"), attrs=NARROW)

    class Meta:
        attrs = {"id": "table", "class": "table", "caption": _("Programmes")}
        empty_text = _("No programme fits the filter.")

    def render_name(self, record: Programme) -> str:
        """The name as a link; on a phone, where these have no columns, kind, quarter and overdue below it."""
        late = (
            gettext("%(number)s overdue") % {"number": record.overdue_count} if record.overdue_count else ""
        )
        below = " · ".join(filter(None, [record.quarter.label, late]))
        return format_html(
            '<a href="{}">{}</a><span class="row-kind">{}</span><span class="row-note">{}</span>',
            record.get_absolute_url(),
            record.name,
            record.get_kind_display(),
            below,
        )

    def render_quarter(self, record: Programme) -> str:
        return record.quarter.label

    def render_lead(self, record: Programme) -> str:
        return record.lead or NOTHING

    def render_next_due_on(self, record: Programme) -> str:
        due_on = record.next_due_on if record.is_running else None
        return due_on.isoformat() if due_on else NOTHING

    def render_progress(self, record: Programme) -> str:
        return progress_bar(record.progress.share, record.progress_text, record.name)

    def render_done_count(self, record: Programme) -> str:
        return record.counts.done_text

    def render_overdue_count(self, record: Programme) -> str:
        return str(record.overdue_count) if record.overdue_count else NOTHING

    def render_state(self, record: Programme) -> str:
        return badge(record.outcome)


def progress_bar(share: int, text: str, name: str) -> str:
    """A bar with its figure beside it. name: what it is the progress of."""
    return render_to_string("rectification/_progress.html", {"share": share, "text": text, "name": name})


def badge(outcome: str) -> str:
    """What became of a programme, in words and a colour."""
    return render_to_string("rectification/_outcome.html", {"outcome": outcome})
