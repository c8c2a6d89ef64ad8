"""Filters of the ledger that the user keeps under a name."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organizations.hosts import host_of
from organizations.permissions import require
from organizations.requests import SignedInRequest
from rectification.permissions import can_keep_filters
from rectification.saved_filters import FilterRefused, delete_filter, save_filter
from rectification.views.fetching import found_items, own_filter


@require_POST
def save(request: SignedInRequest) -> HttpResponse:
    """Keep the filter of the list, as far as it can be understood, under a name; back to the list."""
    require(can_keep_filters(request.user, host_of(request)))
    query = found_items(request, QueryDict(request.POST.get("query", ""))).query
    try:
        saved = save_filter(request.user, host_of(request), request.POST.get("name", ""), query)
    except FilterRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('rectification:item-list')}?{query}")
    messages.success(request, _("The filter is saved as “%(name)s”.") % {"name": saved.name})
    return redirect(saved)


@require_POST
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Forget one of the user's filters."""
    saved = own_filter(request, pk)
    require(can_keep_filters(request.user, saved.host))
    delete_filter(saved)
    messages.success(request, _("The filter “%(name)s” is deleted.") % {"name": saved.name})
    return redirect("rectification:item-list")
