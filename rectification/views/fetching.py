"""How every view of rectification comes by its rows: through `visible_to`, in the host the user works in."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from organizations.hosts import current_host
from organizations.models import Organization
from organizations.permissions import require
from organizations.requests import SignedInRequest
from rectification.models import Evidence, Item, SelfCheck, Serial
from rectification.permissions import can_run_ledger


def host_of(request: SignedInRequest) -> Organization:
    """The host the user works in; a page of its own would be empty without one."""
    host = current_host(request)
    if host is None:
        raise Http404
    return host


def host_to_run(request: SignedInRequest) -> Organization:
    """The host, for those who run its ledger; 403 for its other people and units."""
    host = host_of(request)
    require(can_run_ledger(request.user, host))
    return host


def visible_item(request: SignedInRequest, serial: Serial) -> Item:
    """One item of the host, or 404."""
    items = Item.objects.visible_to(request.user).of_host(host_of(request)).with_serial(serial)
    return get_object_or_404(items.with_names().select_related("host", "merged_into"))


def visible_evidence(request: SignedInRequest, pk: int) -> Evidence:
    """One file of an item that the user sees, or 404."""
    return get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk)


def visible_check(request: SignedInRequest, pk: int) -> SelfCheck:
    """One self-check of the host, or 404."""
    checks = SelfCheck.objects.visible_to(request.user).of_host(host_of(request))
    checks = checks.with_counts(timezone.localdate())
    return get_object_or_404(checks.select_related("host", "category", "item__unit", "sent_by"), pk=pk)
