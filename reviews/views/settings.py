"""The host's name, how its documents are headed, what it wants of its visits and how long units reply."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organizations.permissions import can_set_policy
from organizations.requests import SignedInRequest
from organizations.responses import UNPROCESSABLE
from reviews.forms import DocumentSettingsForm, HostForm, VisitSettingsForm
from reviews.models import DocumentSettings, ReplySettings, VisitSettings
from reviews.reply_forms import ReplySettingsForm
from reviews.views.fetching import host_to_run


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest) -> HttpResponse:
    """One page, one button: the host's names and the settings of its documents, visits and replies."""
    host = host_to_run(request)
    settings = DocumentSettings.of_host(host)
    data = request.POST if request.method == "POST" else None
    host_form = HostForm(data, instance=host, prefix="host")
    documents_form = DocumentSettingsForm(data, instance=settings, prefix="documents")
    visits_form = VisitSettingsForm(data, instance=VisitSettings.of_host(host), prefix="visits")
    replies_form = ReplySettingsForm(data, instance=ReplySettings.of_host(host), prefix="replies")
    forms = {
        "host_form": host_form,
        "documents_form": documents_form,
        "visits_form": visits_form,
        "replies_form": replies_form,
    }
    context = forms | {"sets_policy": can_set_policy(request.user, host)}
    if data is None:
        return render(request, "reviews/settings.html", context)
    checked = [form.is_valid() for form in forms.values()]  # all of them, so that all errors show at once
    if not all(checked):
        return render(request, "reviews/settings.html", context, status=UNPROCESSABLE)
    with transaction.atomic():
        for form in forms.values():
            form.save()
    messages.success(request, _("The settings are saved."))
    return redirect("reviews:settings")
