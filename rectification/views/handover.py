"""What units that no longer act left unsettled, and which unit takes it over (rule 24)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from organizations.models import Organization
from organizations.requests import SignedInRequest
from rectification.handover_form import HandoverForm
from rectification.permissions import can_run_ledger
from rectification.stepping import StepRefused
from rectification.succession import acting_units, estates, hand_over
from rectification.views.fetching import (
    host_to_read,
    host_to_run,
)


@require_safe
def overview(request: SignedInRequest) -> HttpResponse:
    """Unit by unit what waits for a successor."""
    host = host_to_read(request)
    today = timezone.localdate()
    context = {"estates": estates(host, today), "units": acting_units(host, today)}
    context["may_choose"] = can_run_ledger(request.user, host)
    return render(request, "rectification/handover.html", context)


@require_POST
def choose(request: SignedInRequest, pk: int) -> HttpResponse:
    """Pass the ticked items of a unit on to the chosen one."""
    host = host_to_run(request)
    unit = get_object_or_404(Organization.objects.under(host).select_related("parent"), pk=pk)
    form = HandoverForm(request.POST, unit=unit)
    if not form.is_valid():
        messages.error(request, _("Tick the items and choose the unit that takes them over."))
        return redirect("rectification:handover")
    items, successor = form.cleaned_data["items"], form.cleaned_data["successor"]
    try:
        count = hand_over(unit, [item.pk for item in items], successor, by=request.user)
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    else:
        passed = ngettext("%(count)s item goes to %(unit)s.", "%(count)s items go to %(unit)s.", count)
        messages.success(request, passed % {"count": count, "unit": successor})
    return redirect("rectification:handover")
