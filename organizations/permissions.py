"""Who may do what with organizations; views ask here and nowhere else."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from organizations.models import WRITE_ROLES, Organization, User


def require(allowed: bool) -> None:
    """Answer 403 unless allowed. What a user may not even see is a 404, by `visible_to`, before this."""
    if not allowed:
        raise PermissionDenied


def can_edit_roster(user: User, host: Organization | None) -> bool:
    """Import the roster and change units: the host's staff."""
    return user.access.holds(host, *WRITE_ROLES)


def can_edit_unit(user: User, unit: Organization) -> bool:
    """Rename, move and close a unit, add sub-units to it: the staff of the host it stands under."""
    superior = unit.parent
    above = superior.parent if superior else None
    return can_edit_roster(user, superior) or can_edit_roster(user, above)
