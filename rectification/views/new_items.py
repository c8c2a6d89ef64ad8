"""A problem that no visit found: reported by its unit, or raised by the staff."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from files.kinds import FileRefused
from files.pictures import PhotoRefused
from organizations.hosts import host_of
from organizations.permissions import require
from organizations.requests import SignedInRequest
from organizations.responses import UNPROCESSABLE
from rectification.new_item_forms import FoundProblemForm, NewItemForm
from rectification.permissions import can_report_problem, can_run_ledger
from rectification.raising import raise_once
from rectification.stepping import StepRefused

TEMPLATE = "rectification/item_new.html"


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Report a problem the own unit found, or raise one for any unit; sent twice it is raised once."""
    host = host_of(request)
    runs_ledger = can_run_ledger(request.user, host)
    unit = None if runs_ledger else request.user.access.unit_under(host)
    require(runs_ledger or can_report_problem(request.user, unit))
    form_class = NewItemForm if runs_ledger else FoundProblemForm
    if request.method != "POST":
        form = form_class(host=host, unit=unit)
        return render(request, TEMPLATE, {"form": form, "unit": unit})
    form = form_class(request.POST, request.FILES, host=host, unit=unit)
    if form.is_valid():
        try:
            item = raise_once(host, form.quarter(), form.new_item(), by=request.user)
        except (FileRefused, PhotoRefused) as refusal:
            form.add_error("evidence", str(refusal))
        except StepRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(serial)s is kept.") % {"serial": item.serial})
            return redirect(item)
    status = UNPROCESSABLE
    return render(request, TEMPLATE, {"form": form, "unit": unit, "is_refused": True}, status=status)
