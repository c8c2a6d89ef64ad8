"""Rubrics: their versions, their import, and the way from a copy to the version in force (rule 9)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.hosts import host_of
from organizations.permissions import require
from organizations.requests import SignedInRequest
from organizations.responses import UNPROCESSABLE
from organizations.tables import show_page
from organizations.uploads import Upload, drop_upload, keep_upload, kept_upload
from reviews.activating import CannotActivate, activate_rubric, activation_faults, copy_to_new_version
from reviews.drafting import NotADraft, rewrite_draft
from reviews.filters import RubricFilter
from reviews.first_steps import first_steps
from reviews.forms import RubricUploadForm
from reviews.importing.rubric import RubricsRefused, import_rubrics, plan_rubrics
from reviews.models import Rubric, RubricState
from reviews.permissions import can_run_cycles
from reviews.rubric_forms import BaseIndicatorFormSet, IndicatorFormSet, RubricForm, indicator_rows
from reviews.tables import RubricTable
from reviews.views.fetching import host_to_run, visible_rubric
from workbooks.reading import read_workbook
from workbooks.sheets import UnreadableWorkbook

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
def list_rubrics(request: SignedInRequest) -> HttpResponse:
    """The host's rubrics by year and group, with their versions."""
    host = host_of(request)
    rubrics = Rubric.objects.visible_to(request.user).of_host(host).newest_first()
    found = RubricFilter(request.GET, host=host, queryset=rubrics.with_indicator_count())
    table = RubricTable(found.qs.select_related("group"))
    show_page(table, request, rows=50)
    context = {
        "table": table,
        "filter": found,
        "may_edit": can_run_cycles(request.user, host),
        "is_empty": not rubrics.exists(),
    }
    return render(request, "reviews/rubric_list.html", context)


@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """A rubric's sections and indicators, what keeps a draft from being used, and where it is used."""
    rubric = visible_rubric(request, pk)
    indicators = list(rubric.indicators.select_related("section"))
    is_draft = rubric.state == RubricState.DRAFT
    context = {
        "rubric": rubric,
        "indicators": indicators,
        "is_draft": is_draft,
        "faults": activation_faults(rubric, indicators) if is_draft else [],
        "cycles": rubric.used_in(request.user),
        "may_edit": can_run_cycles(request.user, rubric.host),
    }
    return render(request, "reviews/rubric_detail.html", context)


@require_http_methods(GET_OR_POST)
def upload(request: SignedInRequest) -> HttpResponse:
    """Upload a rubric workbook. One that can be imported leads to its preview."""
    host = host_to_run(request)
    if request.method != "POST":
        form = RubricUploadForm(initial={"year": timezone.localdate().year})
        return render(request, "reviews/rubric_import.html", {"form": form, "plan": None})
    form = RubricUploadForm(request.POST, request.FILES)
    plan = None
    if form.is_valid():
        file, year = form.cleaned_data["file"], form.cleaned_data["year"]
        data = file.read()
        try:
            plan = plan_rubrics(read_workbook(data, file.name), host, year)
        except UnreadableWorkbook as refusal:
            form.add_error("file", str(refusal))
        else:
            if not plan.problems:
                keep_upload(request.session, host, Upload(data, file.name), slot=slot_of(year))
                return redirect("reviews:rubric-import-preview", year)
    context = {"form": form, "plan": plan}
    return render(request, "reviews/rubric_import.html", context, status=UNPROCESSABLE)


@require_http_methods(GET_OR_POST)
def preview(request: SignedInRequest, year: int) -> HttpResponse:
    """Which rubrics the uploaded workbook would put in force, and the button that does it."""
    host = host_to_run(request)
    kept = kept_upload(request.session, host, slot=slot_of(year))
    if kept is None:
        messages.info(request, _("No workbook is waiting to be imported: choose the file."))
        return redirect("reviews:rubric-import")
    workbook = read_workbook(kept.data, kept.name)
    if request.method != "POST":
        plan = plan_rubrics(workbook, host, year)
        context = {"plan": plan, "file_name": kept.name}
        return render(request, "reviews/rubric_preview.html", context)
    try:
        import_rubrics(workbook, host, year)
    except RubricsRefused as refusal:
        context = {"form": RubricUploadForm(initial={"year": year}), "plan": refusal}
        return render(request, "reviews/rubric_import.html", context, status=UNPROCESSABLE)
    drop_upload(request.session, slot=slot_of(year))
    messages.success(request, _("The rubrics for %(year)s are in force.") % {"year": year})
    is_set_up = all(step.is_done for step in first_steps(host))
    return redirect("reviews:rubric-list" if is_set_up else "reviews:start")


@require_http_methods(GET_OR_POST)
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a draft: its totals and its indicators, one row each."""
    rubric = _rubric_to_edit(request, pk)
    if rubric.state != RubricState.DRAFT:
        messages.error(request, _("This version is in force: copy it to a new one."))
        return redirect("reviews:rubric-detail", rubric.pk)
    if request.method != "POST":
        form, rows = RubricForm(instance=rubric), IndicatorFormSet(initial=indicator_rows(rubric))
        context = {"rubric": rubric, "form": form, "rows": rows}
        return render(request, "reviews/rubric_edit.html", context)
    form = RubricForm(request.POST, instance=rubric)
    rows = IndicatorFormSet(request.POST, initial=indicator_rows(rubric))
    assert isinstance(rows, BaseIndicatorFormSet)
    if not (form.is_valid() and rows.is_valid()):
        context = {"rubric": rubric, "form": form, "rows": rows}
        return render(request, "reviews/rubric_edit.html", context, status=UNPROCESSABLE)
    try:
        rewrite_draft(rubric, rows.rows(), **form.cleaned_data)
    except NotADraft as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The draft is saved."))
    return redirect("reviews:rubric-detail", rubric.pk)


@require_POST
def copy(request: SignedInRequest, pk: int) -> HttpResponse:
    """A draft of the next version with the same indicators."""
    made = copy_to_new_version(_rubric_to_edit(request, pk))
    messages.success(request, _("Version %(version)s is a draft: edit it here.") % {"version": made.version})
    return redirect("reviews:rubric-edit", made.pk)


@require_POST
def activate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a draft in force in place of the version before it."""
    rubric = _rubric_to_edit(request, pk)
    try:
        activate_rubric(rubric)
    except CannotActivate as refusal:
        for fault in refusal.faults:
            messages.error(request, fault)
    else:
        messages.success(request, _("The rubric is in force."))
    return redirect("reviews:rubric-detail", rubric.pk)


def slot_of(year: int) -> str:
    """Under what name a session keeps the workbook between preview and import."""
    return f"rubrics-{year}"


def _rubric_to_edit(request: SignedInRequest, pk: int) -> Rubric:
    rubric = visible_rubric(request, pk)
    require(can_run_cycles(request.user, rubric.host))
    return rubric
