"""The templates that programmes are made of: built-in ones to copy, and the host's own to edit."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.requests import SignedInRequest
from organizations.responses import UNPROCESSABLE
from rectification.programme_forms import BaseRowFormSet, RowFormSet, TemplateForm, rows_of
from rectification.programme_permissions import can_run_programmes
from rectification.programme_templates import (
    BUILT_IN,
    as_template,
    copy_template,
    offer_template,
    rewrite_template,
)
from rectification.stepping import StepRefused
from rectification.views.fetching import host_to_read
from rectification.views.programme_fetching import host_to_assign, own_template, template_to_use


@require_safe
def list_templates(request: SignedInRequest) -> HttpResponse:
    """The host's own templates and those that are built in."""
    host = host_to_read(request)
    context = {
        "own": host.programme_templates.prefetch_related("rows"),
        "built_in": BUILT_IN,
        "may_edit": can_run_programmes(request.user, host),
    }
    return render(request, "rectification/programme_template_list.html", context)


@require_POST
def copy(request: SignedInRequest, template: str) -> HttpResponse:
    """A template of the host's own with the same content, to be edited."""
    host = host_to_assign(request)
    own = copy_template(host, template_to_use(host, template))
    messages.success(request, _("The copy is your own: edit it here."))
    return redirect("rectification:template-edit", own.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a template of the host's own; programmes made of it before keep their rows."""
    own = own_template(request, pk)
    template = as_template(own)
    data = request.POST if request.method == "POST" else None
    form = TemplateForm(data, template=template)
    rows = RowFormSet(data, initial=rows_of(template))
    assert isinstance(rows, BaseRowFormSet)
    context = {"own": own, "form": form, "rows": rows}
    if data is None:
        return render(request, "rectification/programme_template_edit.html", context)
    if form.is_valid() and rows.is_valid():
        try:
            rewrite_template(own, form.applied_to(template, rows.rows()))
        except StepRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The template is saved."))
            return redirect("rectification:template-list")
    return render(request, "rectification/programme_template_edit.html", context, status=UNPROCESSABLE)


@require_POST
def offer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Offer a template for new programmes, or no longer."""
    own = own_template(request, pk)
    offer_template(own, request.POST.get("offered") == "1")
    messages.success(request, _("The template is saved."))
    return redirect("rectification:template-list")
