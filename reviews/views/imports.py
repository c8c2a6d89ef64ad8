"""Score workbooks: upload, see what they would change, import, undo as a whole."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.permissions import require
from organizations.quarter import Quarter
from organizations.requests import SignedInRequest
from organizations.responses import UNPROCESSABLE, download
from organizations.tables import show_page
from reviews.background import is_large, start_check, start_import, watch
from reviews.forms import UploadForm
from reviews.heading_forms import HeadingsForm
from reviews.importing.load import ImportRefused, preview_import
from reviews.importing.summary import Summary, summary_of, summary_of_refusal
from reviews.models import BatchState, HeadingMeaning, ImportBatch, ReviewCycle
from reviews.permissions import can_enter_scores
from reviews.recording import EntryClosed
from reviews.score_template import NothingToFill, score_template
from reviews.score_template_xlsx import draw_template
from reviews.tables import BatchTable
from reviews.undoing import UndoRefused, undo_batch
from reviews.uploads import (
    UploadRefused,
    commit_upload,
    discard_upload,
    keep_upload,
    stored_workbook,
    what_was_found,
)
from reviews.views.fetching import (
    cycle_to_fill,
    cycle_to_read,
    visible_batch,
)
from workbooks.sheets import UnreadableWorkbook
from workbooks.writing import XLSX


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """Take a workbook in and lead to its preview; one that cannot be read says why and is forgotten."""
    if request.method != "POST":
        return _upload_page(request, cycle_to_read(request, quarter), UploadForm())
    cycle = cycle_to_fill(request, quarter)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, cycle, form, status=UNPROCESSABLE)
    file = form.cleaned_data["file"]
    try:
        batch = keep_upload(file.chunks(), file.name, cycle, by=request.user)
    except UploadRefused as refusal:
        form.add_error("file", str(refusal))
        return _upload_page(request, cycle, form, status=UNPROCESSABLE)
    try:
        workbook = stored_workbook(batch)
    except (UnreadableWorkbook, UploadRefused) as refusal:
        discard_upload(batch)
        form.add_error("file", str(refusal))
        return _upload_page(request, cycle, form, status=UNPROCESSABLE)
    if is_large(workbook):
        start_check(batch)
        return redirect(batch)
    found = summary_of(preview_import(workbook, cycle, batch.file_name))
    if found.can_commit or found.headings:
        return redirect(batch)
    discard_upload(batch)
    return _refused_page(request, cycle, batch, found)


@require_safe
def template(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """The workbook to fill in, with what is recorded already."""
    cycle = cycle_to_fill(request, quarter)
    try:
        content = score_template(cycle)
    except NothingToFill:
        messages.error(request, _("The quarter has no units yet: open it first."))
        return redirect("reviews:import", cycle.quarter)
    return download(draw_template(content), content.file_name, XLSX)


@require_safe
def detail(request: SignedInRequest, quarter: Quarter, pk: int) -> HttpResponse:
    """Before the import: what it would change. After it: what it changed, and its undoing. While the
    background is at it: how far it is.
    """
    cycle = cycle_to_read(request, quarter)
    batch = visible_batch(request, cycle, pk)
    may_import = can_enter_scores(request.user, cycle)
    require(may_import or batch.reached_data)
    try:
        watched = watch(batch)
    except ImportBatch.DoesNotExist:
        raise Http404 from None
    if watched is not None:
        context = {"cycle": cycle, "batch": batch, "watched": watched}
        return render(request, "reviews/import_progress.html", context)
    if batch.reached_data:
        return render(
            request, "reviews/import_done.html", {"cycle": cycle, "batch": batch, "may_import": may_import}
        )
    if batch.state != BatchState.PREVIEWED and batch.summary is None:
        return render(request, "reviews/import_stopped.html", {"cycle": cycle, "batch": batch})
    try:
        found = what_was_found(batch)
    except (UnreadableWorkbook, UploadRefused) as refusal:
        messages.error(request, str(refusal))
        return redirect("reviews:import", cycle.quarter)
    return found_page(request, cycle, batch, found, HeadingsForm(found=found))


@require_POST
def commit(request: SignedInRequest, quarter: Quarter, pk: int) -> HttpResponse:
    """Import what was previewed, checked once more; a second click changes nothing."""
    cycle = cycle_to_fill(request, quarter)
    batch = visible_batch(request, cycle, pk)
    if batch.is_large:
        start_import(batch, by=request.user)
        return redirect(batch)
    try:
        done = commit_upload(batch, by=request.user)
    except ImportRefused as refusal:
        return _refused_page(request, cycle, batch, summary_of_refusal(refusal.problems))
    except (EntryClosed, UnreadableWorkbook, UploadRefused) as refusal:
        messages.error(request, str(refusal))
        return redirect("reviews:import", cycle.quarter)
    messages.success(
        request,
        _("%(file)s is imported: %(new)s new scores, %(changed)s changed, %(deductions)s deductions.")
        % {
            "file": done.file_name,
            "new": done.new_count,
            "changed": done.changed_count,
            "deductions": done.deductions.count(),
        },
    )
    return redirect(done)


@require_POST
def undo(request: SignedInRequest, quarter: Quarter, pk: int) -> HttpResponse:
    """Put everything back as it was before this import."""
    cycle = cycle_to_fill(request, quarter)
    batch = visible_batch(request, cycle, pk)
    try:
        undo_batch(batch, by=request.user)
    except (EntryClosed, UndoRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The import of %(file)s is undone.") % {"file": batch.file_name})
    return redirect(batch)


def found_page(
    request: SignedInRequest, cycle: ReviewCycle, batch: ImportBatch, found: Summary, form: HeadingsForm
) -> HttpResponse:
    """What the check of a workbook has found: what it would change, or what is wrong with it."""
    context = {"cycle": cycle, "batch": batch, "preview": found, "form": form}
    status = 200 if found.can_commit else UNPROCESSABLE
    return render(request, "reviews/import_preview.html", context, status=status)


def _refused_page(
    request: SignedInRequest, cycle: ReviewCycle, batch: ImportBatch, found: Summary
) -> HttpResponse:
    """All that is wrong with a workbook, above the form for the mended one."""
    return _upload_page(
        request, cycle, UploadForm(), status=UNPROCESSABLE, found=found, file_name=batch.file_name
    )


def _upload_page(
    request: SignedInRequest,
    cycle: ReviewCycle,
    form: UploadForm,
    *,
    status: int = 200,
    found: Summary | None = None,
    file_name: str = "",
) -> HttpResponse:
    batches = cycle.batches.visible_to(request.user).in_history().select_related("uploaded_by", "cycle")
    table = BatchTable(batches)
    show_page(table, request, rows=20)
    context = {
        "cycle": cycle,
        "form": form,
        "found": found,
        "file_name": file_name,
        "table": table,
        "may_import": can_enter_scores(request.user, cycle),
        "meanings": HeadingMeaning.objects.visible_to(request.user).of_host(cycle.host),
    }
    return render(request, "reviews/import_upload.html", context, status=status)
