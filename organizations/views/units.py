"""Pages about units: the roster, one unit, and the changes staff make to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.changes import ChangeRefused, reopen_unit
from organizations.filters import UnitFilter
from organizations.forms import ChangeUnitForm, CloseUnitForm, NewUnitForm
from organizations.hosts import current_host
from organizations.models import Organization, OrganizationQuerySet
from organizations.panels import unit_panels
from organizations.permissions import can_edit_roster, can_edit_unit, require
from organizations.requests import SignedInRequest
from organizations.roster_file import FILE_NAME, roster_table
from organizations.tables import UnitTable, show_page
from organizations.views.files import spreadsheet

ROWS_A_PAGE = 100


@require_safe
def unit_list(request: SignedInRequest) -> HttpResponse:
    """The roster: the host's direct subordinates, or a secretary's own unit and its sub-units."""
    host = current_host(request)
    units = UnitFilter(request.GET, queryset=_roster(request, host), host=host)
    table = UnitTable(units.qs.with_names())
    show_page(table, request, rows=ROWS_A_PAGE)
    return render(
        request,
        "organizations/unit_list.html",
        {"filter": units, "table": table, "can_edit": can_edit_roster(request.user, host)},
    )


@require_safe
def unit_export(request: SignedInRequest, extension: str) -> HttpResponse:
    """The units of the list as narrowed there, as a workbook that the import reads again."""
    host = current_host(request)
    units = UnitFilter(request.GET, queryset=_roster(request, host), host=host)
    rows = units.qs.with_names().prefetch_related("predecessors")
    return spreadsheet(roster_table(rows, host), FILE_NAME, extension)


@require_safe
def unit_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One unit: its names, what it came from and what became of it, its sub-units."""
    unit = _unit(request, pk)
    can_edit = can_edit_unit(request.user, unit)
    context = {
        "unit": unit,
        "is_active": unit.is_active(timezone.localdate()),
        "predecessors": unit.predecessors.in_own_order(),
        "successors": unit.successors.in_own_order(),
        "sub_units": unit.units.visible_to(request.user).with_names().in_own_order(),
        "accounts": unit.memberships.running(timezone.localdate()).select_related("user") if can_edit else (),
        "can_edit": can_edit,
        "panels": unit_panels(request.user, unit),
    }
    return render(request, "organizations/unit_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def unit_new(request: SignedInRequest) -> HttpResponse:
    """Add a unit under the host, or a sub-unit under the unit that `under` names."""
    superior = _superior_of_new(request)
    form = NewUnitForm(request.POST or None, superior=superior)
    if request.method == "POST" and form.is_valid() and (unit := form.save()):
        messages.success(request, _("“%(unit)s” has been added.") % {"unit": unit})
        return redirect(unit)
    return render(
        request,
        "organizations/unit_new.html",
        {"form": form, "superior": superior},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def unit_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Describe a unit anew, close it or open it again."""
    unit = _unit(request, pk)
    require(can_edit_unit(request.user, unit))
    form = ChangeUnitForm(request.POST or None, unit=unit)
    if request.method == "POST" and form.is_valid() and (changed := form.save()):
        messages.success(request, _("“%(unit)s” has been saved.") % {"unit": changed})
        return redirect(changed)
    return _edit_page(request, unit, form, CloseUnitForm(unit=unit))


@require_POST
def unit_close(request: SignedInRequest, pk: int) -> HttpResponse:
    """End a unit on a day; its history stays."""
    unit = _unit(request, pk)
    require(can_edit_unit(request.user, unit))
    form = CloseUnitForm(request.POST, unit=unit)
    if form.is_valid() and (closed := form.save()):
        messages.success(request, _("“%(unit)s” has been closed.") % {"unit": closed})
        return redirect(closed)
    return _edit_page(request, unit, ChangeUnitForm(unit=unit), form)


@require_POST
def unit_reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let a unit that was closed by mistake act again."""
    unit = _unit(request, pk)
    require(can_edit_unit(request.user, unit))
    try:
        reopen_unit(unit)
    except ChangeRefused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("“%(unit)s” acts again.") % {"unit": unit})
    return redirect(unit)


def _roster(request: SignedInRequest, host: Organization | None) -> OrganizationQuerySet:
    if host is None:
        return Organization.objects.none()
    visible = Organization.objects.visible_to(request.user).in_own_order()
    # Who works for the host finds sub-units at their unit; a secretary has few enough to see at once.
    return visible.under(host) if host.pk in request.user.access.host_ids else visible.within(host)


def _unit(request: SignedInRequest, pk: int) -> Organization:
    visible = Organization.objects.visible_to(request.user).select_related("group", "parent__parent")
    return get_object_or_404(visible, pk=pk)


def _superior_of_new(request: SignedInRequest) -> Organization:
    under = request.GET.get("under", "")
    if under:
        if not under.isascii() or not under.isdecimal():
            raise Http404
        superior = _unit(request, int(under))
        require(can_edit_unit(request.user, superior))
        return superior
    host = current_host(request)
    require(can_edit_roster(request.user, host))
    assert host is not None  # nobody may edit the roster of no host
    return host


def _edit_page(
    request: SignedInRequest, unit: Organization, form: ChangeUnitForm, close_form: CloseUnitForm
) -> HttpResponse:
    return render(
        request,
        "organizations/unit_edit.html",
        {"unit": unit, "form": form, "close_form": close_form},
        status=422 if form.errors or close_form.errors else 200,
    )
