"""Return visits (回访“回头看”): the list, choosing by hand, recording the result, calling off (rule 16)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from files.answers import kept_file
from files.kinds import FileRefused
from files.pictures import PhotoRefused
from organizations.permissions import can_see_originals, require
from organizations.requests import SignedInRequest
from organizations.responses import UNPROCESSABLE
from organizations.tables import show_page
from rectification.models import ReturnVisit
from rectification.permissions import (
    can_make_return_visits,
    can_return_to,
    can_run_ledger,
)
from rectification.problem_rows import with_more_rows
from rectification.return_visit_forms import ResultForms
from rectification.return_visit_tables import ReturnVisitTable
from rectification.revisiting import (
    ReturnVisitRefused,
    cancel_return_visit,
    plan_by_hand,
    record_result,
)
from rectification.serials import Serial
from rectification.stepping import StepRefused
from rectification.views.fetching import (
    host_returned_to,
    host_to_run,
    may_see_draw,
    photo_of,
    visible_item,
    visible_return_visit,
)

GET_OR_POST = ["GET", "HEAD", "POST"]
ROWS_A_PAGE = 50


@require_safe
def list_return_visits(request: SignedInRequest) -> HttpResponse:
    """The host's return visits: what is planned, then what was made, and how many passed."""
    host = host_returned_to(request)
    visits = ReturnVisit.objects.visible_to(request.user).of_host(host)
    shown = visits.in_state(request.GET.get("state", ""))
    table = ReturnVisitTable(shown.with_names().planned_first())
    show_page(table, request, rows=ROWS_A_PAGE)
    context = {
        "table": table,
        "counts": visits.counts(),
        "chosen": request.GET.get("state", ""),
        "may_draw": can_run_ledger(request.user, host),
    }
    return render(request, "rectification/return_visit_list.html", context)


@require_http_methods(GET_OR_POST)
def new(request: SignedInRequest, serial: Serial) -> HttpResponse:
    """Plan a return visit to an item by hand, instead of by lot."""
    host_to_run(request)
    item = visible_item(request, serial)
    require(can_return_to(request.user, item))
    if request.method == "POST":
        try:
            visit = plan_by_hand(item, by=request.user)
        except ReturnVisitRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(item)
        messages.success(request, _("The return visit is planned. The unit does not learn of it."))
        return redirect(visit)
    planned = ReturnVisit.objects.visible_to(request.user).of_item(item).planned().first()
    if planned is not None:
        return redirect(planned)
    return render(request, "rectification/return_visit_new.html", {"item": item})


@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One return visit: what is to be looked at, or what was found."""
    visit = visible_return_visit(request, pk)
    context = {
        "visit": visit,
        "photos": visit.step.evidence.all() if visit.step else (),
        "findings": visit.findings.select_related("item__category"),
        "may_see_draw": visit.draw_id is not None and may_see_draw(request, visit.draw_id),
        "may_record": can_make_return_visits(request.user, visit.item.host),
        "may_cancel": can_run_ledger(request.user, visit.item.host),
        "may_see_originals": can_see_originals(request.user, visit.item.host),
    }
    return render(request, "rectification/return_visit_detail.html", context)


@require_safe
def photo(request: SignedInRequest, pk: int, evidence: int) -> HttpResponseBase:
    """A photo of a return visit, as the type it was decoded as and nothing else."""
    return kept_file(request, photo_of(visible_return_visit(request, pk), evidence))


@require_http_methods(GET_OR_POST)
def record(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write down the result of a return visit, with photos and what else was met, all at once."""
    visit = visible_return_visit(request, pk)
    require(can_make_return_visits(request.user, visit.item.host))
    template = "rectification/return_visit_record.html"
    if request.method != "POST":
        if not visit.is_planned:
            return redirect(visit)
        return render(request, template, {"visit": visit, "forms": ResultForms(visit)})
    if "more" in request.POST:
        forms = ResultForms(visit, with_more_rows(request.POST))
        return render(request, template, {"visit": visit, "forms": forms, "is_growing": True})
    forms = ResultForms(visit, request.POST, request.FILES)
    if forms.is_valid():
        key = forms.head.cleaned_data["client_uuid"]
        try:
            recorded = record_result(visit, forms.result(), by=request.user, client_uuid=key)
        except (FileRefused, PhotoRefused) as refusal:
            forms.head.add_error("photos", str(refusal))
        except (ReturnVisitRefused, StepRefused) as refusal:
            forms.head.add_error(None, str(refusal))
        else:
            messages.success(request, _("The return visit is recorded."))
            return redirect(recorded)
    return render(request, template, {"visit": visit, "forms": forms}, status=UNPROCESSABLE)


@require_POST
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Call a planned return visit off."""
    visit = visible_return_visit(request, pk)
    require(can_run_ledger(request.user, visit.item.host))
    try:
        cancel_return_visit(visit, request.POST.get("reason", ""), by=request.user)
    except ReturnVisitRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The return visit is cancelled."))
    return redirect(visit)
