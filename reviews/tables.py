"""Lists as django-tables2 tables. What a user may see was decided before the rows came here."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from organizations.quarter import Quarter
from reviews.models import (
    BatchState,
    Deduction,
    DeductionSource,
    ImportBatch,
    ReportVersion,
    ReviewCycle,
    Rubric,
    RubricState,
    Visit,
    VisitState,
)
from reviews.standings import Line

NUMBER = {"th": {"class": "number"}, "td": {"class": "number"}}
RANK = {"th": {"class": "number narrow"}, "td": {"class": "number narrow"}}
NARROW = {"th": {"class": "narrow"}, "td": {"class": "narrow"}}
TOTAL = {"th": {"class": "number"}, "td": {"class": "total"}}
WIDE = {"th": {"class": "number col-wide"}, "td": {"class": "number col-wide"}}
WIDE_WORDS = {"th": {"class": "col-wide"}, "td": {"class": "col-wide"}}
NOTHING = "—"


def change_in_words(places: int | None) -> SafeString:
    """▲ up 2 places, ▼ down 3 places, unchanged or not comparable: a sign, words and a colour."""
    return _change_in_words(places, get_language() or "")


@lru_cache(maxsize=2_000)
def _change_in_words(places: int | None, language: str) -> SafeString:
    fallen = None if places is None else -places
    rendered = render_to_string("components/change.html", {"places": places, "fallen": fallen})
    return mark_safe(rendered.strip())  # our own template escaped what it was given


def signed(points: Decimal | None, text: str) -> str:
    """A difference of points with its sign: +1.50, −0.50, 0.00."""
    if points is None:
        return NOTHING
    return f"+{text}" if points > 0 else text.replace("-", "−")


class StandingsTable(tables.Table):
    """The ranked units of one group. Rows are `reviews.standings.Line`."""

    COMPARED = ("baseline_rank", "places", "total_change_text")  # with an earlier quarter

    rank = tables.Column(_("Place"), attrs=RANK)
    # Names sort as the host orders its units; the alphabet means nothing to its readers (rule 7).
    organization_name = tables.Column(
        _("Unit"), order_by=("placed__position", "organization_id"), attrs={"td": {"class": "unit"}}
    )
    total_text = tables.Column(_("Total"), order_by="placed__total", attrs=TOTAL)
    baseline_rank = tables.Column(_("Last place"), attrs=WIDE)
    places = tables.Column(_("Change of place"), empty_values=())
    total_change_text = tables.Column(
        _("Change of total"), order_by="placed__total_change", empty_values=(), attrs=WIDE
    )

    class Meta:
        attrs = {"id": "table", "class": "table"}
        empty_text = _("No unit fits the filter.")

    def __init__(self, lines: Iterable[Line], *, quarter: Quarter, linked: set[int] | None, **more: Any):
        """linked: the units whose reviews the user may open; None all."""
        super().__init__(list(lines), **more)
        self.quarter = quarter
        self.linked = linked

    def render_organization_name(self, record: Line) -> str:
        if self.linked is not None and record.organization_id not in self.linked:
            return record.organization_name
        return link(self._address(record), record.organization_name)

    def render_places(self, record: Line) -> str:
        return change_in_words(record.places)

    def render_total_change_text(self, record: Line) -> str:
        return signed(record.placed.total_change, record.total_change_text)

    def _address(self, record: Line) -> str:
        return reverse("reviews:review-detail", args=[self.quarter, record.organization_id])


class CycleTable(tables.Table):
    """The host's cycles, fetched `with_publications` and `with_progress`."""

    FOR_STAFF = ("state", "finished_count")  # how far an unpublished cycle is, is nobody else's to know

    quarter = tables.Column(_("Quarter"), order_by=("year", "number"), attrs={"td": {"class": "narrow"}})
    state = tables.Column(_("State"), order_by="state")
    finished_count = tables.Column(_("Finished"), attrs=NUMBER)
    published_at = tables.Column(
        _("Published on"), empty_values=(), attrs={"th": {"class": "col-wide"}, "td": {"class": "col-wide"}}
    )
    standings = tables.Column(_("Standings"), orderable=False, empty_values=(), attrs=NARROW)

    class Meta:
        attrs = {"id": "table", "class": "table"}
        empty_text = _("No cycle fits the filter.")

    def render_quarter(self, record: ReviewCycle) -> str:
        return link(record.get_absolute_url(), record.quarter.label)

    def render_state(self, record: ReviewCycle) -> str:
        return badge(record.state, record.get_state_display())

    def render_finished_count(self, record: ReviewCycle) -> str:
        return f"{record.finished_count} / {record.roster_count}"

    def render_published_at(self, record: ReviewCycle) -> str:
        if record.published_at is None:
            return NOTHING
        day = date_format(localtime(record.published_at), "Y-m-d")
        number = record.latest_number or 1
        return (
            day if number == 1 else _("%(day)s (correction %(number)s)") % {"day": day, "number": number - 1}
        )

    def render_standings(self, record: ReviewCycle) -> str:
        if record.latest_number is None:
            return NOTHING
        return link(reverse("reviews:standings", args=[record.quarter]), _("To the standings"))


class RubricTable(tables.Table):
    """Versions of rubrics, one row each."""

    year = tables.Column(_("Year"))
    group = tables.Column(_("Group"), order_by=("group__position", "group__pk"))
    version = tables.Column(_("Version"), attrs=NUMBER)
    state = tables.Column(_("State"))
    indicator_count = tables.Column(_("Indicators"), attrs=NUMBER)
    full_total = tables.Column(_("Stated total"), attrs=NUMBER)

    class Meta:
        attrs = {"id": "table", "class": "table"}
        empty_text = _("No rubric fits the filter.")

    def render_group(self, record: Rubric) -> str:
        return link(reverse("reviews:rubric-detail", args=[record.pk]), record.group.name)

    def render_state(self, record: Rubric) -> str:
        tones = {RubricState.DRAFT: "draft", RubricState.ACTIVE: "published", RubricState.RETIRED: "closed"}
        return badge(tones[RubricState(record.state)], record.get_state_display())


class BatchTable(tables.Table):
    """Workbooks brought into a cycle and what became of them, newest first."""

    TONES = {
        BatchState.CHECKING: "open",
        BatchState.PREVIEWED: "open",
        BatchState.IMPORTING: "open",
        BatchState.COMMITTED: "verified",
        BatchState.FAILED: "warning",
    }

    file_name = tables.Column(_("File name"))
    state = tables.Column(_("State"))
    new_count = tables.Column(_("New"), attrs=NUMBER)
    changed_count = tables.Column(_("Changed"), attrs=NUMBER)
    deduction_count = tables.Column(_("Deductions"), attrs=NUMBER)
    uploaded_by = tables.Column(_("By"), attrs=NARROW)
    uploaded_at = tables.Column(_("Uploaded at"), attrs=NARROW)

    class Meta:
        attrs = {"id": "table", "class": "table"}
        empty_text = _("No workbook was imported into this cycle yet.")
        orderable = False

    def render_file_name(self, record: ImportBatch) -> str:
        return link(
            reverse("reviews:import-detail", args=[record.cycle.quarter, record.pk]), record.file_name
        )

    def render_state(self, record: ImportBatch) -> str:
        return badge(self.TONES.get(BatchState(record.state), "closed"), record.get_state_display())

    def render_uploaded_at(self, record: ImportBatch) -> str:
        return date_format(localtime(record.uploaded_at), "Y-m-d H:i")


class VisitTable(tables.Table):
    """Visits, fetched `with_names` and `own_first`."""

    TONES = {
        VisitState.PLANNED: "open",
        VisitState.HELD: "reply",
        VisitState.DONE: "verified",
        VisitState.CANCELLED: "closed",
    }

    organization = tables.Column(_("Unit"), order_by=("organization__position", "organization"))
    place_label = tables.Column(_("Village or branch"), orderable=False, empty_values=(), attrs=WIDE_WORDS)
    visited_on = tables.Column(_("Day"), empty_values=(), attrs=NARROW)
    inspectors = tables.Column(_("Inspectors"), orderable=False, empty_values=(), attrs=WIDE_WORDS)
    cycle = tables.Column(_("Quarter"), order_by=("cycle__year", "cycle__number"), attrs=WIDE_WORDS)
    state = tables.Column(_("State"), attrs=NARROW)

    class Meta:
        attrs = {"id": "table", "class": "table"}
        empty_text = _("No visit fits the filter.")

    def render_organization(self, record: Visit) -> str:
        name = link(record.get_absolute_url(), record.organization.name)
        # On a phone the place has no column of its own.
        return format_html('{}<span class="row-note">{}</span>', name, record.place_label)

    def render_place_label(self, record: Visit) -> str:
        return record.place_label or NOTHING

    def render_visited_on(self, record: Visit) -> str:
        return date_format(record.visited_on, "Y-m-d") if record.visited_on else NOTHING

    def render_inspectors(self, record: Visit) -> str:
        return "、".join(str(inspector) for inspector in record.inspectors.all())

    def render_cycle(self, record: Visit) -> str:
        return record.cycle.quarter.label

    def render_state(self, record: Visit) -> str:
        return badge(self.TONES[VisitState(record.state)], record.get_state_display())


class IncompleteTable(tables.Table):
    """Deductions that lack a reason or a photo, fetched `with_source`; each leads to where it is mended."""

    unit = tables.Column(
        _("Unit"),
        accessor="review__organization__name",
        order_by=("review__position", "review"),
        attrs=WIDE_WORDS,
    )
    indicator = tables.Column(_("Indicator"), order_by=("indicator__position", "indicator"))
    points = tables.Column(_("Lost"), attrs=NUMBER)
    reason = tables.Column(_("Reason"), empty_values=())
    photo = tables.Column(_("Photo"), accessor="has_photo", orderable=False, attrs=NARROW)
    source = tables.Column(_("Source"), attrs=WIDE_WORDS)
    recorded_by = tables.Column(_("By"), order_by="recorded_by", attrs=WIDE_WORDS, default=NOTHING)
    recorded_at = tables.Column(_("Recorded at"), attrs=WIDE_WORDS)

    class Meta:
        attrs = {"id": "table", "class": "table", "caption": _("Deductions that lack something")}
        empty_text = _("No deduction lacks what you look for.")

    def __init__(self, *args: Any, quarter: Quarter, **more: Any) -> None:
        super().__init__(*args, **more)
        self.quarter = quarter

    def render_indicator(self, record: Deduction) -> str:
        cell = [self.quarter, record.review.organization_id, record.indicator_id]
        name = link(reverse("reviews:deductions", args=cell), record.indicator.name)
        # On a phone the unit has no column of its own.
        return format_html('{}<span class="row-note">{}</span>', name, record.review.organization.name)

    def render_points(self, record: Deduction) -> str:
        return f"−{record.points}"

    def render_reason(self, record: Deduction) -> str:
        return record.reason or badge("warning", _("No reason"))

    def render_photo(self, record: Deduction) -> str:
        if record.source != DeductionSource.VISIT or record.visit is None:
            return NOTHING
        if record.has_photo:
            return str(_("Yes"))
        return link(f"{record.visit.get_absolute_url()}?deduction={record.pk}#add-photos", _("Add photos"))

    def render_source(self, record: Deduction) -> str:
        label = DeductionSource(record.source).label
        if record.source == DeductionSource.VISIT and record.visit is not None:
            return link(record.visit.get_absolute_url(), label)
        if record.source == DeductionSource.IMPORT and record.batch is not None:
            return f"{label} · {record.batch.file_name}"
        return str(label)

    def render_recorded_at(self, record: Deduction) -> str:
        return date_format(localtime(record.recorded_at), "Y-m-d H:i")


def badge(tone: str, label: object) -> str:
    return render_to_string("components/badge.html", {"tone": tone, "label": label})


def link(address: str, text: object) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, text)


class ReportVersionTable(tables.Table):
    """The versions of a document; each leads to what it changed."""

    number = tables.Column(verbose_name=_("Version"), attrs=NUMBER)
    saved_at = tables.Column(verbose_name=_("Saved at"), orderable=False)
    saved_by = tables.Column(verbose_name=_("Saved by"), orderable=False)
    restored_from = tables.Column(verbose_name=_("Restored from"), orderable=False, default="")

    class Meta:
        attrs = {"class": "table", "caption": _("Versions")}
        empty_text = _("Nobody has saved anything yet: the document is as drafted.")
        order_by = ("-number",)

    def __init__(self, *args: Any, quarter: Quarter, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.quarter, self.kind = quarter, kind

    def render_number(self, value: int) -> SafeString:
        address = reverse("reviews:report-version", args=[self.quarter, self.kind, value])
        return format_html('<a href="{}">{}</a>', address, value)

    def render_saved_at(self, record: ReportVersion) -> str:
        return f"{localtime(record.saved_at):%Y-%m-%d %H:%M}"

    def render_saved_by(self, record: ReportVersion) -> str:
        return str(record.saved_by)

    def render_restored_from(self, value: int) -> str:
        return gettext("version %(number)s") % {"number": value}
