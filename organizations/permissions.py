"""Who may do what with organizations; views ask here and nowhere else."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from organizations.models import AUDIT_ROLES, DRAFT_ROLES, Organization, User


def require(allowed: bool) -> None:
    """Answer 403 unless allowed. What a user may not even see is a 404, by `visible_to`, before this."""
    if not allowed:
        raise PermissionDenied


def can_edit_roster(user: User, host: Organization | None) -> bool:
    """Import the roster and change units: the host's staff."""
    return user.access.holds(host, *DRAFT_ROLES)


def can_edit_unit(user: User, unit: Organization) -> bool:
    """Rename, move and close a unit, add sub-units to it: the staff of the host it stands under."""
    superior = unit.parent
    above = superior.parent if superior else None
    return can_edit_roster(user, superior) or can_edit_roster(user, above)


def can_read_audit(user: User, host: Organization | None) -> bool:
    """Read and search the host's audit trail."""
    return user.access.holds(host, *AUDIT_ROLES)


def can_read_history(user: User, host: Organization | None) -> bool:
    """Read what was done to an object one sees: the staff who work on it, and who reads the whole trail."""
    return user.access.holds(host, *DRAFT_ROLES, *AUDIT_ROLES)
