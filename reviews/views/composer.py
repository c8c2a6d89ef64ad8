"""Writing a quarter's documents: the composer, and the versions that its saving makes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organizations.quarter import Quarter
from organizations.requests import SignedInRequest
from organizations.responses import CONFLICT, UNPROCESSABLE, number_in
from organizations.tables import show_page
from reviews.composer_page import Unsaved, composer_page
from reviews.models import CycleState, ReportKind, ReportVersion, ReviewCycle
from reviews.permissions import can_publish
from reviews.report_limits import TextRefused
from reviews.report_request import MalformedText, new_key, read_text, seen_version
from reviews.report_texts import (
    Composition,
    TextChanged,
    as_saved,
    as_typed,
    composition,
    restore_text,
    save_text,
)
from reviews.report_versions import comparison
from reviews.reports.arranging import rearranged
from reviews.reports.merging import reconciled
from reviews.tables import ReportVersionTable
from reviews.views.fetching import cycle_to_read, cycle_to_write


def is_composed(request: SignedInRequest, cycle: ReviewCycle) -> bool:
    """Whether the document's page is the composer: for the staff, while it can be written.

    A text that was typed comes here also when the quarter was published meanwhile, so that it is not lost.
    """
    if cycle.state == CycleState.DRAFT or not can_publish(request.user, cycle):
        return False
    if request.method == "POST":
        return True
    return cycle.state != CycleState.PUBLISHED and not {"draft", "publication"} & request.GET.keys()


def compose(request: SignedInRequest, cycle: ReviewCycle, kind: str) -> HttpResponse:
    """The document to edit; POST: what was made of it, to save as the next version or to move blocks in."""
    if request.method != "POST":
        return _shown(request, composition(cycle, kind))
    try:
        typed = read_text(request.POST)
    except MalformedText:
        messages.error(request, _("This is no document: nothing was saved."))
        return redirect("reviews:report", cycle.quarter, kind)
    if typed.move:
        current = composition(cycle, kind)
        shown = as_typed(current, typed.blocks, typed.drafted)
        draft = current.drafted.blocks
        moved = rearranged(shown, typed.move, typed.moved, draft=draft, new_key=new_key())
        return _shown(request, current, Unsaved(moved, typed.seen))
    said = typed.said
    try:
        version = save_text(cycle, kind, said, seen=typed.seen, by=request.user, drafted=typed.drafted)
    except TextChanged as change:
        current = composition(cycle, kind)
        mine, base = as_typed(current, said, typed.drafted), as_saved(current, typed.seen)
        both = reconciled(mine, base, current.text.blocks)
        again = Unsaved(both.blocks, current.number, str(change), beside=both.beside, taken=both.taken)
        return _shown(request, current, again, CONFLICT)
    except TextRefused as refusal:
        current = composition(cycle, kind)
        blocks = as_typed(current, said, typed.drafted)
        again = Unsaved(blocks, typed.seen, str(refusal), refusal.key)
        return _shown(request, current, again, UNPROCESSABLE)
    messages.success(request, _("Saved as version %(number)s.") % {"number": version.number})
    return redirect("reviews:report", cycle.quarter, kind)


@require_safe
def versions(request: SignedInRequest, quarter: Quarter, kind: str) -> HttpResponse:
    """Every version, the newest first."""
    cycle = cycle_to_read(request, quarter)
    rows = ReportVersion.objects.visible_to(request.user).of_document(cycle, kind)
    table = ReportVersionTable(rows.with_names().newest_first(), quarter=quarter, kind=kind)
    show_page(table, request, rows=50)
    context = {"cycle": cycle, "kind": kind, "kinds": ReportKind.choices, "table": table}
    return render(request, "reviews/report_versions.html", context)


@require_safe
def version(request: SignedInRequest, quarter: Quarter, kind: str, number: int) -> HttpResponse:
    """One version beside another: ?with= names it, the one before unless given."""
    cycle = cycle_to_read(request, quarter)
    after = _version(request, cycle, kind, number)
    others = ReportVersion.objects.visible_to(request.user).of_document(cycle, kind).with_names()
    before = _version(request, cycle, kind, number_in(request, "with") or max(number - 1, 1))
    newest = others.newest_first().first()
    context = {
        "cycle": cycle,
        "kind": kind,
        "comparison": comparison(cycle, before, after),
        "newest": newest,
        "numbers": range(1, newest.number + 1) if newest else (),
        "may_restore": (
            can_publish(request.user, cycle) and newest != after and cycle.state != CycleState.PUBLISHED
        ),
    }
    return render(request, "reviews/report_version.html", context)


@require_POST
def restore(request: SignedInRequest, quarter: Quarter, kind: str, number: int) -> HttpResponse:
    """Take an earlier version up again as the next one."""
    cycle = cycle_to_write(request, quarter)
    earlier = _version(request, cycle, kind, number)
    try:
        made = restore_text(earlier, seen=seen_version(request.POST), by=request.user)
    except TextRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("reviews:report-version", quarter, kind, number)
    said = _("Version %(number)s says again what version %(earlier)s said.")
    messages.success(request, said % {"number": made.number, "earlier": number})
    return redirect("reviews:report", quarter, kind)


def _shown(
    request: SignedInRequest, current: Composition, unsaved: Unsaved | None = None, status: int = 200
) -> HttpResponse:
    page = composer_page(current, unsaved)
    context = {"page": page, "cycle": current.cycle, "kinds": ReportKind.choices}
    return render(request, "reviews/composer.html", context, status=status)


def _version(request: SignedInRequest, cycle: ReviewCycle, kind: str, number: int) -> ReportVersion:
    found = ReportVersion.objects.visible_to(request.user).of_document(cycle, kind).numbered(number)
    return get_object_or_404(found.with_names())
