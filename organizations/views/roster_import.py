"""Pages that bring a roster workbook in: upload, see what it would change, import."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organizations.forms import RosterUploadForm
from organizations.hosts import current_host
from organizations.models import Organization
from organizations.permissions import can_edit_roster, require
from organizations.requests import SignedInRequest
from organizations.responses import UNPROCESSABLE
from organizations.roster import RosterPlan, RosterRefused, apply_roster, plan_roster
from organizations.roster_file import TEMPLATE_NAME, empty_roster_table
from organizations.uploads import drop_upload, keep_upload, kept_upload
from organizations.views.files import spreadsheet
from workbooks.reading import read_workbook


@require_http_methods(["GET", "HEAD", "POST"])
def unit_import(request: SignedInRequest) -> HttpResponse:
    """Upload a roster. One that can be imported leads to its preview; any other shows its problems."""
    host = _host(request)
    form = RosterUploadForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return render(request, "organizations/unit_import.html", {"form": form, "plan": None})
    plan = None
    if form.is_valid():
        plan = plan_roster(form.workbook, host)
        if plan.can_apply:
            keep_upload(request.session, host, form.upload)
            return redirect("organizations:unit-import-preview")
    context = {"form": form, "plan": plan}
    return render(request, "organizations/unit_import.html", context, status=UNPROCESSABLE)


@require_http_methods(["GET", "HEAD", "POST"])
def unit_import_preview(request: SignedInRequest) -> HttpResponse:
    """What the uploaded roster would change, and the button that does it.

    What is imported is what was shown: a roster that somebody else changed meanwhile is shown anew.
    """
    host = _host(request)
    upload = kept_upload(request.session, host)
    if upload is None:
        messages.info(request, _("No roster is waiting to be imported: choose the file."))
        return redirect("organizations:unit-import")
    workbook = read_workbook(upload.data, upload.name)
    plan = plan_roster(workbook, host)
    context = {"plan": plan, "file_name": upload.name, "digest": _digest(plan)}
    if request.method != "POST":
        return render(request, "organizations/unit_import_preview.html", context)
    if request.POST.get("digest") != _digest(plan):
        messages.warning(request, _("The roster has changed since you looked at it. Look once more."))
        return render(request, "organizations/unit_import_preview.html", context, status=UNPROCESSABLE)
    try:
        done = apply_roster(workbook, host, close_missing="close_missing" in request.POST)
    except RosterRefused as refused:
        context["plan"] = RosterPlan(problems=refused.problems)
        return render(request, "organizations/unit_import_preview.html", context, status=UNPROCESSABLE)
    drop_upload(request.session)
    messages.success(
        request,
        _("The roster has been imported: %(new)s new, %(changed)s changes, %(same)s as they were.")
        % {"new": len(done.creates), "changed": len(done.changes), "same": done.unchanged},
    )
    # After the first roster the first page knows what comes next.
    is_first = not (done.changes or done.unchanged)
    return redirect(settings.LOGIN_REDIRECT_URL if is_first else "organizations:unit-list")


@require_safe
def unit_template(request: SignedInRequest) -> HttpResponse:
    """An empty roster workbook with the headings that the import knows."""
    _host(request)
    return spreadsheet(empty_roster_table(), TEMPLATE_NAME, "xlsx")


def _host(request: SignedInRequest) -> Organization:
    host = current_host(request)
    require(can_edit_roster(request.user, host))
    assert host is not None  # nobody may edit the roster of no host
    return host


def _digest(plan: RosterPlan) -> str:
    """Tells whether two plans are the same."""
    return hashlib.sha256(repr(plan).encode()).hexdigest()
