"""A group's year as a django-tables2 table. What a user may see was decided before the rows came here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from organizations.quarter import Quarter
from reviews.charts import sparkline
from reviews.seen_years import SeenYear, SeenYearGroup
from reviews.tables import NOTHING, RANK, TOTAL, WIDE, link
from reviews.year_results import QuarterCell, YearLine

TREND = {"th": {"class": "col-wide trend"}, "td": {"class": "col-wide trend"}}


class QuarterColumn(tables.Column):
    """A unit's total and place in one quarter, the place in brackets; sorted by the total."""

    def __init__(self, quarter: Quarter) -> None:
        by_total = f"totals__{quarter.number}"
        super().__init__(quarter.ordinal, accessor="unit", order_by=by_total, attrs=WIDE)
        self.quarter = quarter

    def render(self, record: YearLine) -> SafeString:
        return quarter_text(record.in_quarter(self.quarter.number))


class YearTable(tables.Table):
    """The units of one group with their quarters and the year. Rows are `reviews.year_results.YearLine`."""

    OF_THE_YEAR = ("rank", "total_text")

    rank = tables.Column(_("Annual place"), attrs=RANK)
    # Names sort as the host orders its units; the alphabet means nothing to its readers (rule 7).
    name = tables.Column(_("Unit"), order_by=("position", "unit"), attrs={"td": {"class": "unit"}})
    total_text = tables.Column(_("Annual total"), order_by="total", attrs=TOTAL)
    trend = tables.Column(_("Places by quarter"), empty_values=(), orderable=False, attrs=TREND)

    class Meta:
        attrs = {"id": "table", "class": "table"}
        empty_text = _("No unit has an annual total yet.")
        sequence = ("rank", "name", "...", "total_text", "trend")

    def __init__(
        self,
        lines: Iterable[YearLine],
        *,
        seen: SeenYear,
        group: SeenYearGroup,
        linked: set[int] | None,
        **more: Any,
    ) -> None:
        """linked: the units whose year the user may open; None all."""
        quarters = [(str(quarter), QuarterColumn(quarter)) for quarter in seen.quarters]
        hidden = () if seen.has_places else self.OF_THE_YEAR
        super().__init__(list(lines), extra_columns=quarters, exclude=hidden, **more)
        self.seen = seen
        self.lowest = group.lowest
        self.linked = linked

    def render_name(self, record: YearLine) -> SafeString:
        name: Any = record.name
        if self.linked is None or record.unit in self.linked:
            name = link(year_unit_address(self.seen, record.unit), record.name)
        # On a phone the quarters have no columns of their own.
        return format_html('{}<span class="row-note">{}</span>', name, quarter_lines(self.seen, record))

    def render_trend(self, record: YearLine) -> SafeString:
        cells = [record.in_quarter(number) for number in range(1, 5)]
        ranks = [None if cell is None or cell.is_elsewhere else cell.rank for cell in cells]
        chart = sparkline(ranks, self.lowest)
        return SafeString(render_to_string("reviews/_sparkline.html", {"chart": chart}).strip())


def year_unit_address(seen: SeenYear, unit: int) -> str:
    """The page of a unit's year, of the same publication, or of the draft beside one."""
    address = reverse("reviews:year-unit", args=[seen.year, unit])
    if seen.publication is None:
        return f"{address}?draft=1" if seen.publications else address
    return address if seen.is_latest else f"{address}?publication={seen.publication.number}"


def quarter_text(cell: QuarterCell | None) -> SafeString:
    """95.00 (2); a dash with the reason where the unit was not ranked; * where it then stood elsewhere."""
    if cell is None:
        return format_html('<span class="soft">{}</span>', NOTHING)
    if cell.rank is None:
        return format_html('<span class="soft" title="{}">{}</span>', cell.reason, NOTHING)
    mark = "*" if cell.is_elsewhere else ""
    return format_html('{} <span class="soft">({}{})</span>', cell.total_text, cell.rank, mark)


def quarter_lines(seen: SeenYear, line: YearLine) -> SafeString:
    """第一季度 95.00 (2), and on the next line 第二季度 96.00 (1)"""
    cells = [(quarter.ordinal, line.in_quarter(quarter.number)) for quarter in seen.quarters]
    shown = ((label, quarter_text(cell)) for label, cell in cells if cell is not None)
    return format_html_join(SafeString("<br>"), '<span class="day">{} {}</span>', shown)
