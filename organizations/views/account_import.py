"""Pages that bring a workbook of accounts in: upload, see what it would add, import."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organizations.account_forms import AccountsUploadForm
from organizations.account_import import AccountsPlan, AccountsRefused, import_all, plan_accounts
from organizations.account_rows import TEMPLATE_NAME, empty_table
from organizations.confirming import fresh_password
from organizations.models import Role
from organizations.requests import SignedInRequest
from organizations.responses import try_again
from organizations.uploads import drop_upload, keep_upload, kept_upload
from organizations.views.account_administration import administered_host, show_slips
from organizations.views.files import spreadsheet
from workbooks.reading import read_workbook

SLOT = "accounts_upload"  # of a session


@require_http_methods(["GET", "HEAD", "POST"])
def account_import(request: SignedInRequest) -> HttpResponse:
    """Upload a workbook. One that can be imported leads to its preview; any other shows its problems."""
    host = administered_host(request)
    template = "organizations/account_import.html"
    form = AccountsUploadForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return render(request, template, {"form": form, "plan": None, "roles": Role.labels})
    plan = None
    if form.is_valid():
        plan = plan_accounts(form.workbook, host, by=request.user)
        if plan.can_apply:
            keep_upload(request.session, host, form.upload, slot=SLOT)
            return redirect("organizations:account-import-preview")
    return try_again(request, template, {"form": form, "plan": plan, "roles": Role.labels})


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_password
def import_accounts(request: SignedInRequest) -> HttpResponse:
    """What the workbook would add, and the button that does it; its answer shows the first passwords, once.

    What is imported is what was shown: where somebody else changed the accounts meanwhile, it is shown anew.
    """
    host = administered_host(request)
    upload = kept_upload(request.session, host, slot=SLOT)
    if upload is None:
        messages.info(request, _("No workbook of accounts is waiting to be imported: choose the file."))
        return redirect("organizations:account-import")
    template = "organizations/account_import_preview.html"
    workbook = read_workbook(upload.data, upload.name)
    plan = plan_accounts(workbook, host, by=request.user)
    context = {"plan": plan, "file_name": upload.name, "digest": _digest(plan)}
    if request.method != "POST":
        return render(request, template, context)
    if request.POST.get("digest") != _digest(plan):
        messages.warning(request, _("The accounts have changed since you looked at them. Look once more."))
        return try_again(request, template, context)
    try:
        done, opened = import_all(workbook, host, by=request.user)
    except AccountsRefused as refused:
        return try_again(request, template, {**context, "plan": AccountsPlan(problems=refused.problems)})
    drop_upload(request.session, slot=SLOT)
    messages.success(
        request,
        _("The accounts have been imported: %(new)s new, %(more)s more memberships, %(same)s as they were.")
        % {
            "new": done.new_accounts,
            "more": len(done.additions) - done.new_accounts,
            "same": done.unchanged,
        },
    )
    return show_slips(request, opened, host) if opened else redirect("organizations:account-list")


@require_safe
def account_template(request: SignedInRequest) -> HttpResponse:
    """An empty workbook with the headings that the import knows."""
    administered_host(request)
    return spreadsheet(empty_table(), TEMPLATE_NAME, "xlsx")


def _digest(plan: AccountsPlan) -> str:
    """Tells whether two plans are the same."""
    return hashlib.sha256(repr(plan).encode()).hexdigest()
