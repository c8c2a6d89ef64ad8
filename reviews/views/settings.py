"""The host's name and how its documents are headed."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organizations.requests import SignedInRequest
from reviews.forms import DocumentSettingsForm, HostForm
from reviews.models import DocumentSettings
from reviews.views.fetching import host_to_run
from reviews.views.responses import UNPROCESSABLE


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest) -> HttpResponse:
    """One page, one button: the host's names and its documents' settings."""
    host = host_to_run(request)
    settings = DocumentSettings.of_host(host)
    data = request.POST if request.method == "POST" else None
    host_form = HostForm(data, instance=host, prefix="host")
    documents_form = DocumentSettingsForm(data, instance=settings, prefix="documents")
    context = {"host_form": host_form, "documents_form": documents_form}
    if data is None:
        return render(request, "reviews/settings.html", context)
    if not (host_form.is_valid() and documents_form.is_valid()):
        return render(request, "reviews/settings.html", context, status=UNPROCESSABLE)
    with transaction.atomic():
        host_form.save()
        documents_form.save()
    messages.success(request, _("The settings are saved."))
    return redirect("reviews:settings")
