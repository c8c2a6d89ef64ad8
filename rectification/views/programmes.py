"""Programmes: the list, a new one in two steps, one with its targets, closing, print and workbook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.hosts import host_of
from organizations.requests import SignedInRequest
from organizations.responses import UNPROCESSABLE, download
from organizations.tables import show_page
from rectification.models import Programme, ProgrammeEntry, Target
from rectification.programme_board import board_of
from rectification.programme_filters import ProgrammeFilter, TargetFilter
from rectification.programme_forms import (
    AddTargetsForm,
    ChangeProgrammeForm,
    ExtendAllForm,
    NewProgrammeForm,
    first_values,
)
from rectification.programme_permissions import can_run_programmes, programme_steps_open_to
from rectification.programme_rules import Kind
from rectification.programme_sheets import programme_file_name, programme_xlsx
from rectification.programme_tables import ProgrammeTable
from rectification.programme_templates import offered_templates
from rectification.programme_work import extend_targets
from rectification.programmes import (
    add_targets,
    assign_programme,
    change_programme,
    finish_programme,
    resume_programme,
    withdraw_programme,
)
from rectification.stepping import StepRefused
from rectification.views.programme_fetching import (
    host_to_assign,
    programme_to_run,
    template_to_use,
    visible_programme,
)
from workbooks.writing import XLSX

GET_OR_POST = ["GET", "HEAD", "POST"]
ROWS = 50


@require_safe
def list_programmes(request: SignedInRequest) -> HttpResponse:
    """The programmes of the host that the user may see, the most pressing first."""
    host = host_of(request)
    today = timezone.localdate()
    programmes = Programme.objects.visible_to(request.user).of_host(host)
    found = ProgrammeFilter(request.GET, user=request.user, queryset=programmes)
    table = ProgrammeTable(found.qs.with_counts(request.user, today).with_names().most_pressing_first())
    show_page(table, request, rows=ROWS)
    context = {
        "table": table,
        "filter": found,
        "is_empty": not found.is_narrowing and not table.rows,
        "figures": programmes.standing().in_figures(request.user, today),
        "may_assign": can_run_programmes(request.user, host),
    }
    return render(request, "rectification/programme_list.html", context)


@require_safe
def choose_template(request: SignedInRequest) -> HttpResponse:
    """The first step to a new programme: what it is made of."""
    templates = offered_templates(host_to_assign(request))
    context = {"templates": templates, "query": request.GET.urlencode()}
    return render(request, "rectification/programme_choose.html", context)


@require_http_methods(GET_OR_POST)
def new(request: SignedInRequest, template: str) -> HttpResponse:
    """The second step: what it is called, by when and for whom."""
    host = host_to_assign(request)
    chosen = template_to_use(host, template)
    page = "rectification/programme_new.html"
    if request.method != "POST":
        form = NewProgrammeForm(host=host, template=chosen, first=first_values(request.GET))
        return render(request, page, {"form": form, "template": chosen})
    form = NewProgrammeForm(request.POST, host=host, template=chosen)
    if form.is_valid():
        try:
            programme = assign_programme(
                host,
                form.quarter(),
                chosen,
                form.details(),
                dues=form.dues(),
                targets=form.organizations(),
                target_class=form.target_class(),
                by=request.user,
                client_uuid=form.cleaned_data["client_uuid"],
            )
        except StepRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("“%(name)s” is assigned.") % {"name": programme})
            return redirect(programme)
    context = {"form": form, "template": chosen}
    return render(request, page, context, status=UNPROCESSABLE)


@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One programme with its targets, as far as the user may see them."""
    return _detail(request, visible_programme(request, pk))


def _detail(
    request: SignedInRequest, programme: Programme, extend_form: ExtendAllForm | None = None
) -> HttpResponse:
    targets = Target.objects.visible_to(request.user).of_programme(programme.pk)
    found = TargetFilter(request.GET, queryset=targets)
    rows = found.qs.with_names().in_own_order()
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    board = board_of(programme, request.user, page)
    runs = can_run_programmes(request.user, programme.host)
    context: dict[str, Any] = {
        "programme": programme,
        "board": board,
        "page": page,
        "filter": found,
        "steps": {kind.value for kind in programme_steps_open_to(request.user, programme)},
        "works_here": programme.host_id in request.user.access.host_ids,
        "runs": runs,
        "log": ProgrammeEntry.objects.of_programme_alone(programme).told(),
        "extend_form": extend_form or (ExtendAllForm(programme=programme) if runs else None),
        "is_extending": extend_form is not None,
    }
    status = UNPROCESSABLE if extend_form else 200
    return render(request, "rectification/programme_detail.html", context, status=status)


@require_http_methods(GET_OR_POST)
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Describe a programme anew; its rows, dates and targets stay."""
    programme = programme_to_run(request, pk, Kind.CHANGE)
    form = ChangeProgrammeForm(request.POST or None, programme=programme)
    context = {"form": form, "programme": programme}
    if request.method != "POST":
        return render(request, "rectification/programme_edit.html", context)
    if form.is_valid():
        try:
            change_programme(programme, form.details(), by=request.user, seen=form.cleaned_data["seen"])
        except StepRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The programme is saved."))
            return redirect(programme)
    return render(request, "rectification/programme_edit.html", context, status=UNPROCESSABLE)


@require_http_methods(GET_OR_POST)
def more_targets(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose more units and branches."""
    programme = programme_to_run(request, pk)
    taken = set(programme.targets.values_list("organization", flat=True))
    data = request.POST if request.method == "POST" else None
    form = AddTargetsForm(data, programme=programme, taken=taken)
    context = {"form": form, "programme": programme}
    if data is None:
        return render(request, "rectification/programme_targets.html", context)
    if form.is_valid():
        try:
            chosen, due_class = form.organizations(), form.cleaned_data["due_class"]
            added = add_targets(programme, chosen, due_class, by=request.user)
        except StepRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = ngettext("%(number)s target is added.", "%(number)s targets are added.", added)
            messages.success(request, said % {"number": added})
            return redirect(programme)
    return render(request, "rectification/programme_targets.html", context, status=UNPROCESSABLE)


@require_POST
def extend_all(request: SignedInRequest, pk: int) -> HttpResponse:
    """More time for all targets of a class that are not done."""
    programme = programme_to_run(request, pk, Kind.EXTEND)
    form = ExtendAllForm(request.POST, programme=programme)
    if form.is_valid():
        given = form.cleaned_data
        targets = Target.objects.of_programme(programme.pk).of_class(given["due_class"]).undone()
        try:
            extended = extend_targets(list(targets), given["due_on"], given["reason"], by=request.user)
        except StepRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = ngettext(
                "%(number)s target has more time.", "%(number)s targets have more time.", extended
            )
            messages.success(request, said % {"number": extended})
            return redirect(programme)
    return _detail(request, programme, form)


@require_POST
def finish(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close a programme although targets are not done."""
    return _closed(request, pk, Kind.FINISH, finish_programme)


@require_POST
def resume(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let a closed programme run on."""
    return _closed(request, pk, Kind.RESUME, resume_programme)


@require_POST
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say that it was assigned by mistake."""
    return _closed(request, pk, Kind.WITHDRAW, withdraw_programme)


def _closed(request: SignedInRequest, pk: int, kind: Kind, deed: Callable[..., Any]) -> HttpResponse:
    programme = programme_to_run(request, pk, kind)
    seen = request.POST.get("seen", "")
    try:
        entry = deed(
            programme,
            request.POST.get("reason", "")[:500],
            by=request.user,
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1,
        )
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("%(serial)s: %(step)s.") % {"serial": programme, "step": entry.get_kind_display()}
        messages.success(request, said)
    return redirect(programme)


@require_safe
def export(request: SignedInRequest, pk: int) -> HttpResponse:
    """The state table as a workbook, of what the user may see."""
    programme = visible_programme(request, pk)
    body = programme_xlsx(board_of(programme, request.user, all_sessions=True))
    return download(body, programme_file_name(programme), XLSX)


@require_safe
def print_table(request: SignedInRequest, pk: int) -> HttpResponse:
    """The state table on paper: every target on one page."""
    programme = visible_programme(request, pk)
    board = board_of(programme, request.user, all_sessions=True)
    return render(request, "rectification/programme_print.html", {"programme": programme, "board": board})
