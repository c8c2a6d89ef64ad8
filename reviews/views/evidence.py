"""Photos added to a visit after it was recorded."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from files.pictures import PhotoRefused
from organizations.permissions import require
from organizations.requests import SignedInRequest
from reviews.evidence import add_photos
from reviews.permissions import can_record_visit
from reviews.record_forms import EvidenceForm
from reviews.views.fetching import visible_visit
from reviews.visiting import VisitRefused


@require_POST
def add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep more photos with a visit or with one of its deductions."""
    visit = visible_visit(request, pk)
    require(can_record_visit(request.user, visit))
    deductions = visit.deductions.in_force().select_related("indicator")
    form = EvidenceForm(request.POST, request.FILES, deductions=deductions)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return redirect(visit)
    try:
        added = add_photos(visit, form.new_photos, form.deduction, by=request.user)
    except (PhotoRefused, VisitRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext("%(count)s photo is added.", "%(count)s photos are added.", added)
        messages.success(request, said % {"count": added})
    return redirect(visit)
