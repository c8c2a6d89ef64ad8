"""Merge an item into another one of the same unit that tells of the same problem."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organizations.permissions import require
from organizations.requests import SignedInRequest
from organizations.responses import UNPROCESSABLE
from rectification.lifecycle import StepKind
from rectification.merge_forms import MergeForm
from rectification.merging import candidates_for, merge_items
from rectification.models import Item
from rectification.permissions import can_run_ledger, may_take_step
from rectification.serials import Serial
from rectification.stepping import StepRefused
from rectification.views.fetching import visible_item


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: SignedInRequest, serial: Serial) -> HttpResponse:
    """Choose the item that goes on, and say why they are the same."""
    item = visible_item(request, serial)
    require(can_run_ledger(request.user, item.host))
    if not may_take_step(request.user, item, StepKind.MERGE):
        message = _("%(serial)s is “%(state)s”: it cannot be merged.")
        messages.error(request, message % {"serial": serial, "state": item.get_state_display()})
        return redirect(item)
    candidates = candidates_for(item, Item.objects.visible_to(request.user))
    form = MergeForm(request.POST or None, item=item, candidates=candidates)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            merge_items(item, given["into"], given["why"], by=request.user, seen=given["seen"])
        except StepRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("%(serial)s is merged into %(other)s.")
            messages.success(request, said % {"serial": serial, "other": given["into"].serial})
            return redirect(given["into"])
    status = UNPROCESSABLE if form.errors else 200
    context = {"item": item, "form": form, "has_candidates": candidates.exists()}
    return render(request, "rectification/item_merge.html", context, status=status)
