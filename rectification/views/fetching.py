"""How every view of rectification comes by its rows: through `visible_to`, in the host the user works in."""

from __future__ import annotations

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone

from organizations.hosts import host_of
from organizations.models import Organization
from organizations.permissions import can_see_originals, require
from organizations.requests import SignedInRequest
from rectification.ledger_filters import ItemFilter
from rectification.models import Evidence, Item, ReturnDraw, ReturnVisit, SavedFilter, SelfCheck
from rectification.models.item import ItemQuerySet
from rectification.permissions import (
    can_make_return_visits,
    can_read_ledger,
    can_run_ledger,
    can_see_return_visits,
)
from rectification.serials import Serial


def host_to_run(request: SignedInRequest) -> Organization:
    """The host, for those who run its ledger; 403 for its other people and units."""
    host = host_of(request)
    require(can_run_ledger(request.user, host))
    return host


def host_to_read(request: SignedInRequest) -> Organization:
    """The host, for those who may read what its staff work with."""
    host = host_of(request)
    require(can_read_ledger(request.user, host))
    return host


def visible_ledger(request: SignedInRequest) -> ItemQuerySet:
    """What the user may see of the host's items."""
    return Item.objects.visible_to(request.user).of_host(host_of(request))


def found_items(request: SignedInRequest, sent: QueryDict) -> ItemFilter:
    """The items of the ledger that this query finds for the user."""
    host = host_of(request)
    works_for_host = host.pk in request.user.access.host_ids
    return ItemFilter(sent, host=host, works_for_host=works_for_host, queryset=visible_ledger(request))


def own_filter(request: SignedInRequest, pk: int) -> SavedFilter:
    """One of the user's saved filters for the host, or 404: those of others are nobody else's."""
    return get_object_or_404(SavedFilter.objects.visible_to(request.user).of_host(host_of(request)), pk=pk)


def visible_item(request: SignedInRequest, serial: Serial) -> Item:
    """One item of the host, or 404."""
    items = Item.objects.visible_to(request.user).of_host(host_of(request)).with_serial(serial)
    return get_object_or_404(items.with_names().select_related("host", "merged_into"))


def visible_evidence(request: SignedInRequest, pk: int) -> Evidence:
    """One file of an item that the user sees, or 404."""
    evidence = Evidence.objects.visible_to(request.user).select_related("step__item__host")
    return get_object_or_404(evidence, pk=pk)


def evidence_with_original(request: SignedInRequest, pk: int) -> Evidence:
    """One file of an item, for those who may have it as it was sent; 403 for the others who see the item."""
    kept = visible_evidence(request, pk)
    require(can_see_originals(request.user, kept.step.item.host))
    return kept


def visible_check(request: SignedInRequest, pk: int) -> SelfCheck:
    """One self-check of the host, or 404."""
    checks = SelfCheck.objects.visible_to(request.user).of_host(host_of(request))
    checks = checks.with_counts(timezone.localdate())
    return get_object_or_404(checks.select_related("host", "category", "item__unit", "sent_by"), pk=pk)


def host_to_return_to(request: SignedInRequest) -> Organization:
    """The host, for its staff and inspectors; 403 for its other people and units, whatever is planned."""
    host = host_of(request)
    require(can_make_return_visits(request.user, host))
    return host


def host_returned_to(request: SignedInRequest) -> Organization:
    """The host, for those who may know of its return visits."""
    host = host_of(request)
    require(can_see_return_visits(request.user, host))
    return host


def visible_return_visit(request: SignedInRequest, pk: int) -> ReturnVisit:
    """One return visit of the host, or 404: for the unit there is none (rule 16)."""
    visits = ReturnVisit.objects.visible_to(request.user).of_host(host_of(request))
    return get_object_or_404(visits.with_names(), pk=pk)


def visible_return_draw(request: SignedInRequest, pk: int) -> ReturnDraw:
    """One draw of return visits of the host, or 404."""
    draws = ReturnDraw.objects.visible_to(request.user).of_host(host_of(request))
    return get_object_or_404(draws.select_related("drawn_by"), pk=pk)


def may_see_draw(request: SignedInRequest, pk: int) -> bool:
    """Whether the user may look at the draw that chose a return visit."""
    return ReturnDraw.objects.visible_to(request.user).contains_key(pk)


def photo_of(visit: ReturnVisit, pk: int) -> Evidence:
    """One file of the result of a return visit, or 404."""
    if visit.step is None:
        raise Http404
    return get_object_or_404(visit.step.evidence.all(), pk=pk)
