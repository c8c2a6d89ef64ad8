"""The check before publishing: what in a document's words the results do not bear out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organizations.quarter import Quarter
from organizations.requests import SignedInRequest
from reviews.models import CycleState
from reviews.permissions import can_publish
from reviews.report_forms import RemarkForm
from reviews.report_limits import TextRefused
from reviews.report_remarks import accept_remark, documents_to_check, mend_remark
from reviews.views.fetching import cycle_to_read, cycle_to_write


@require_safe
def page(request: SignedInRequest, quarter: Quarter, kind: str) -> HttpResponse:
    """Every marked place of a document, in the order of its text."""
    cycle = cycle_to_read(request, quarter)
    if cycle.state in {CycleState.DRAFT, CycleState.PUBLISHED}:
        said = _("There is nothing to check: the documents of %(quarter)s are not being written.")
        messages.info(request, said % {"quarter": quarter.label})
        return redirect(cycle)
    documents = documents_to_check(cycle)
    shown = next(document for document in documents if document.kind == kind)
    return render(
        request,
        "reviews/report_check.html",
        {
            "cycle": cycle,
            "documents": documents,
            "document": shown,
            "may_write": can_publish(request.user, cycle),
        },
    )


@require_POST
def accept(request: SignedInRequest, quarter: Quarter, kind: str) -> HttpResponse:
    """Let a place stand as it is, with the reason."""
    cycle = cycle_to_write(request, quarter)
    form = RemarkForm(request.POST)
    try:
        accept_remark(cycle, kind, form.fingerprint, reason=form.reason, by=request.user)
    except TextRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It stays as it is."))
    return redirect(form.page, quarter, kind)


@require_POST
def mend(request: SignedInRequest, quarter: Quarter, kind: str) -> HttpResponse:
    """Put what is true in the place of the words."""
    cycle = cycle_to_write(request, quarter)
    form = RemarkForm(request.POST)
    try:
        version = mend_remark(cycle, kind, form.fingerprint, by=request.user)
    except TextRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is mended, in version %(number)s.") % {"number": version.number})
    return redirect(form.page, quarter, kind)
