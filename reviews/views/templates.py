"""The Word templates of a host's documents: the standard ones, and an office's own in their place."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organizations.models import Organization
from organizations.requests import SignedInRequest
from organizations.responses import UNPROCESSABLE, download
from reviews.models import DocumentTemplate, TemplateKind
from reviews.office_templates import give_up_template, template_for
from reviews.permissions import can_run_cycles
from reviews.reports.docx import CONTENT_TYPE, TEMPLATE
from reviews.reports.placeholders import IN_WORDS, TAGS_IN_WORDS
from reviews.template_forms import TemplateForm
from reviews.views.fetching import host_to_read, host_to_run


@dataclass(frozen=True)
class Shown:
    """One kind of document on the page. own: None where the standard template is in use."""

    kind: TemplateKind
    own: DocumentTemplate | None
    form: TemplateForm


@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    """Which template is in use, with the way to another one; below, what a template may name."""
    return _page(request, host_to_read(request))


@require_POST
def take(request: SignedInRequest, kind: str) -> HttpResponse:
    """Check a template and use it from now on."""
    host = host_to_run(request)
    form = TemplateForm(request.POST, request.FILES, kind=kind)
    if form.is_valid() and form.take(host, by=request.user):
        messages.success(request, _("The template is in use from now on."))
        return redirect("reviews:template-list")
    return _page(request, host, form)


@require_POST
def give_up(request: SignedInRequest, kind: str) -> HttpResponse:
    """Back to the standard template."""
    give_up_template(host_to_run(request), kind)
    messages.success(request, _("The standard template is in use again."))
    return redirect("reviews:template-list")


@require_safe
def file(request: SignedInRequest, kind: str) -> HttpResponse:
    """The template in use; ?standard=1 the standard one, to start from."""
    host = host_to_read(request)
    own = None if "standard" in request.GET else template_for(host.pk, kind)
    name = _("%(kind)s, template.docx") % {"kind": TemplateKind(kind).label}
    return download(TEMPLATE.read_bytes() if own is None else own, name, CONTENT_TYPE)


def _page(request: SignedInRequest, host: Organization, sent: TemplateForm | None = None) -> HttpResponse:
    """sent: the form that was refused."""
    templates = DocumentTemplate.objects.visible_to(request.user).of_host(host).select_related("uploaded_by")
    own = {template.kind: template for template in templates}
    shown = [
        Shown(kind, own.get(kind), sent if sent and sent.kind == kind else TemplateForm(kind=kind))
        for kind in TemplateKind
    ]
    context = {
        "shown": shown,
        "may_change": can_run_cycles(request.user, host),
        "placeholders": IN_WORDS,
        "tags": TAGS_IN_WORDS,
    }
    return render(request, "reviews/templates.html", context, status=UNPROCESSABLE if sent else None)
