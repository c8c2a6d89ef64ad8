"""The host a request works in: chosen once, in the header, where a user belongs to several (design §5)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from organizations.models import AUDIT_ROLES, DRAFT_ROLES, VISIT_ROLES, Organization
from organizations.permissions import can_administer

SESSION_KEY = "host_id"


def current_host(request: HttpRequest) -> Organization | None:
    """The chosen host, or else the first the user belongs to; None for one who belongs to none.

    A choice that is no longer among the user's hosts is forgotten.
    """
    if not request.user.is_authenticated:
        return None
    hosts = request.user.access.hosts
    chosen = request.session.get(SESSION_KEY)
    return next((host for host in hosts if host.pk == chosen), hosts[0] if hosts else None)


def host_of(request: HttpRequest) -> Organization:
    """The host the user works in; 404 without one: a page of its own would be empty."""
    host = current_host(request)
    if host is None:
        raise Http404
    return host


def choose_host(request: HttpRequest, host: Organization) -> None:
    """Work in this host from now on."""
    request.session[SESSION_KEY] = host.pk


def host_in_header(request: HttpRequest) -> dict[str, Any]:
    """Context for the page header: the current host, the others to choose from and what the user may do."""
    if not hasattr(request, "user") or not request.user.is_authenticated:
        return {}
    host = current_host(request)
    access = request.user.access
    return {
        "current_host": host,
        "other_hosts": [other for other in access.hosts if other != host],
        "own_unit": access.unit_under(host),
        "works_for_host": host is not None and host.pk in access.host_ids,
        "may_know_visits": access.holds(host, *VISIT_ROLES),
        "may_read_audit": access.holds(host, *AUDIT_ROLES),
        "may_read_history": access.holds(host, *DRAFT_ROLES, *AUDIT_ROLES),
        "keeps_accounts": can_administer(request.user, host),
        "is_host_staff": host is not None and host.pk in access.staffed_host_ids,
        "reads_drafts": host is not None and host.pk in access.draft_host_ids,
    }
