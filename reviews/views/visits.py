"""Visits: the list, planning, recording what was found, calling off, and their photos (rule 16)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from files.answers import kept_file, original_file
from files.pictures import PhotoRefused
from organizations.permissions import can_see_originals, require
from organizations.requests import SignedInRequest
from organizations.responses import number_in, try_again
from organizations.tables import show_page
from rectification.categories import offered_categories, set_categories
from reviews.filters import VisitFilter
from reviews.models import Visit
from reviews.permissions import (
    can_draw,
    can_plan_visits,
    can_raise_items,
    can_record_visit,
    can_run_cycles,
    can_see_findings,
)
from reviews.receiving import count_held, photos_awaited, sent_findings, set_aside
from reviews.record_forms import EvidenceForm, RecordForms, with_more_rows
from reviews.recording import EntryClosed
from reviews.tables import VisitTable
from reviews.views.fetching import (
    held_visit_to_decide,
    host_to_visit,
    host_visited_for,
    photo_with_original,
    visible_photo,
    visible_visit,
)
from reviews.visit_forms import CategoriesForm, VisitForm
from reviews.visiting import VisitRefused, cancel_visit, plan_visit, record_visit

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
def list_visits(request: SignedInRequest) -> HttpResponse:
    """The host's visits, the user's own first."""
    host = host_visited_for(request)
    visits = Visit.objects.visible_to(request.user).of_host(host)
    found = VisitFilter(request.GET, host=host, user=request.user, queryset=visits)
    table = VisitTable(found.qs.with_names().own_first(request.user))
    show_page(table, request, rows=50)
    context = {
        "table": table,
        "filter": found,
        "is_empty": not visits.exists(),
        "may_plan": can_plan_visits(request.user, host),
        "may_draw": can_draw(request.user, host),
        "may_edit_categories": can_run_cycles(request.user, host),
    }
    return render(request, "reviews/visit_list.html", context)


@require_http_methods(GET_OR_POST)
def new(request: SignedInRequest) -> HttpResponse:
    """Plan a visit; "and record it" leads on to its record."""
    host = host_to_visit(request)
    sent = request.POST if request.method == "POST" else request.GET
    unit = sent.get("organization")
    if request.method != "POST" or "places" in request.POST:
        typed = {name: sent[name] for name in sent if name != "client_uuid"}
        first = {**typed, "inspectors": sent.getlist("inspectors") or [str(request.user.pk)]}
        form = VisitForm(initial=first, host=host, user=request.user, unit=unit)
        return render(request, "reviews/visit_new.html", {"form": form})
    form = VisitForm(request.POST, host=host, user=request.user, unit=unit)
    if form.is_valid():
        given = form.cleaned_data
        try:
            visit = plan_visit(
                given["cycle"],
                form.details(),
                by=request.user,
                client_uuid=given["client_uuid"],
                draw=given["draw"],
            )
        except VisitRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            if "record" in request.POST:
                return redirect("reviews:visit-record", visit.pk)
            messages.success(request, _("The visit is planned. The unit does not learn of it."))
            return redirect(visit)
    return try_again(request, "reviews/visit_new.html", {"form": form})


@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One visit; what it found for those who may read it."""
    visit = visible_visit(request, pk)
    may_record = can_record_visit(request.user, visit)
    sees_findings = not visit.is_planned and can_see_findings(request.user, visit)
    findings = Visit.objects.with_findings().get(pk=visit.pk) if sees_findings else None
    context: dict[str, Any] = {
        "visit": visit,
        "findings": findings,
        "sent": sent_findings(visit) if findings and not visit.is_done else None,
        "awaited": photos_awaited(findings) if findings else 0,
        "may_record": visit.is_planned and may_record,
        "may_decide": visit.is_held and can_run_cycles(request.user, visit.cycle.host),
        "may_see_originals": can_see_originals(request.user, visit.cycle.host),
        "may_raise": can_raise_items(request.user, visit.cycle, visit.organization_id),
    }
    if findings and visit.is_done and may_record:
        chosen = number_in(request, "deduction")
        context["chosen"] = chosen
        context["evidence_form"] = EvidenceForm(
            deductions=findings.deductions_in_force, initial={"proves": chosen}
        )
    return render(request, "reviews/visit_detail.html", context)


@require_http_methods(GET_OR_POST)
def record(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write down what a visit found: deductions, highlights, problems and photos, all at once."""
    visit = visible_visit(request, pk)
    require(can_record_visit(request.user, visit))
    template = "reviews/visit_record.html"
    if request.method != "POST":
        if not visit.is_planned:
            return redirect(visit)
        return render(request, template, {"visit": visit, "forms": RecordForms(visit)})
    if "more" in request.POST:
        forms = RecordForms(visit, with_more_rows(request.POST, request.POST["more"]))
        return render(request, template, {"visit": visit, "forms": forms, "is_growing": True})
    forms = RecordForms(visit, request.POST, request.FILES)
    if not forms.is_valid():
        return try_again(request, template, {"visit": visit, "forms": forms})
    given = forms.head.cleaned_data
    try:
        recorded = record_visit(
            visit,
            forms.findings(),
            visited_on=given["visited_on"],
            note=given["note"],
            by=request.user,
            client_uuid=given["client_uuid"],
        )
    except PhotoRefused as refusal:
        forms.head.add_error("photos", str(refusal))
    except (VisitRefused, EntryClosed) as refusal:
        forms.head.add_error(None, str(refusal))
    else:
        messages.success(request, _("The visit is recorded."))
        return redirect(recorded)
    return try_again(request, template, {"visit": visit, "forms": forms})


@require_POST
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Call a planned visit off."""
    visit = visible_visit(request, pk)
    require(can_record_visit(request.user, visit))
    try:
        cancel_visit(visit, by=request.user, reason=request.POST.get("reason", ""))
    except VisitRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The visit is cancelled."))
    return redirect(visit)


@require_POST
def count(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let a record that came when no scores were taken count now."""
    visit = held_visit_to_decide(request, pk)
    try:
        count_held(visit, by=request.user)
    except (EntryClosed, VisitRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The record counts now."))
    return redirect(visit)


@require_POST
def put_aside(request: SignedInRequest, pk: int) -> HttpResponse:
    """Decide that a record that came when no scores were taken is not to count."""
    visit = held_visit_to_decide(request, pk)
    try:
        set_aside(visit, reason=request.POST.get("reason", ""), by=request.user)
    except VisitRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The record is set aside."))
    return redirect(visit)


@require_safe
def photo(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """A photo, as the type it was decoded as and nothing else."""
    return kept_file(request, visible_photo(request, pk))


@require_safe
def photo_original(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """A photo as it was sent; to save."""
    return original_file(request, photo_with_original(request, pk))


@require_http_methods(GET_OR_POST)
def categories(request: SignedInRequest) -> HttpResponse:
    """The categories problems are filed under."""
    host = host_to_visit(request)
    require(can_run_cycles(request.user, host))
    template = "reviews/visit_categories.html"
    if request.method != "POST":
        form = CategoriesForm(initial={"names": "\n".join(offered_categories(host))})
        return render(request, template, {"form": form})
    form = CategoriesForm(request.POST)
    if not form.is_valid():
        return try_again(request, template, {"form": form})
    set_categories(host, form.cleaned_data["names"])
    messages.success(request, _("The categories are saved."))
    return redirect("reviews:visit-list")
