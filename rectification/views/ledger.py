"""The ledger (整改台账): the list with its filters, as a workbook, on paper, and what came again."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from organizations.hosts import host_of
from organizations.requests import SignedInRequest
from organizations.responses import UNPROCESSABLE
from rectification.bulk import MOST
from rectification.ledger import quick_views, repeats_among, tally_of
from rectification.ledger_filters import ItemFilter
from rectification.ledger_form import HEADER, SIGNED_BY, LedgerForm
from rectification.ledger_table import ItemTable
from rectification.models import SavedFilter
from rectification.permissions import (
    can_keep_filters,
    can_report_problem,
    can_run_ledger,
)
from rectification.repeating import repeats_of, with_items
from rectification.views.fetching import found_items, visible_ledger
from workbooks.writing import XLSX, stream_xlsx, valid_file_name

REPEATS_A_PAGE = 30
MOST_PRINTED = 2_000  # items; more would be a book


@require_safe
def list_items(request: SignedInRequest) -> HttpResponse:
    """The ledger, the most pressing first, as far as the user may see it."""
    host = host_of(request)
    found = found_items(request, request.GET)
    tidied = found.tidied(request.GET, "sort", "page")
    if tidied is not None:
        return redirect(_address(tidied))
    today, may_run = timezone.localdate(), can_run_ledger(request.user, host)
    ledger = tally_of(found.ledger, today)
    tally = found.qs.tally(today) if found.is_narrowing else ledger
    works_for_host = host.pk in request.user.access.host_ids
    table = ItemTable(
        found.qs.with_names().most_pressing_first(), on=today, sees_units=works_for_host, may_pick=may_run
    )
    shown = table.turn_to_page(request, total=tally.total)
    table.repeats = repeats_among(shown, found.ledger)
    context = {
        "filter": found,
        "table": table,
        "tally": tally,
        "views": quick_views(ledger),
        "saved": SavedFilter.objects.visible_to(request.user).of_host(host),
        "may_run": may_run,
        "may_report": can_report_problem(request.user, request.user.access.unit_under(host)),
        "may_keep_filters": can_keep_filters(request.user, host),
        "takes_all": len(shown) < tally.total <= MOST,
        "works_for_host": works_for_host,
    }
    status = UNPROCESSABLE if found.problem else 200
    return render(request, "rectification/item_list.html", context, status=status)


@require_safe
def export(request: SignedInRequest) -> HttpResponseBase:
    """What the list finds, as a workbook that is written while it is read and gone once it is sent."""
    found = found_items(request, request.GET)
    if found.problem:
        return redirect(_address(found.sent))  # the list says what cannot be understood
    form = _form(request, found)
    name = valid_file_name(form.file_name)
    return FileResponse(stream_xlsx(form.table()), as_attachment=True, filename=name, content_type=XLSX)


@require_safe
def print_view(request: SignedInRequest) -> HttpResponse:
    """What the list finds, to be printed across A4."""
    found = found_items(request, request.GET)
    if found.problem:
        return redirect(_address(found.sent))
    form = _form(request, found)
    is_too_long = form.count > MOST_PRINTED
    context = {
        "form": form,
        "header": HEADER,
        "rows": () if is_too_long else form.rows(),
        "signed_by": SIGNED_BY,
        "most": MOST_PRINTED,
        "is_too_long": is_too_long,
        "back": _address(found.query),
        "export": _address(found.query, "rectification:item-export"),
    }
    status = UNPROCESSABLE if is_too_long else 200
    return render(request, "rectification/item_print.html", context, status=status)


@require_safe
def repeats(request: SignedInRequest) -> HttpResponse:
    """What came again, most often first."""
    host = host_of(request)
    ledger = visible_ledger(request)
    paginator = Paginator(repeats_of(ledger), REPEATS_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "repeats": with_items(list(page), ledger),
        "works_for_host": host.pk in request.user.access.host_ids,
    }
    return render(request, "rectification/item_repeats.html", context)


def _form(request: SignedInRequest, found: ItemFilter) -> LedgerForm:
    return LedgerForm(
        host=host_of(request),
        on=timezone.localdate(),
        filters=found.in_chinese(),
        count=found.qs.count(),
        items=found.qs.most_pressing_first(),
    )


def _address(query: str, name: str = "rectification:item-list") -> str:
    return f"{reverse(name)}?{query}" if query else reverse(name)
