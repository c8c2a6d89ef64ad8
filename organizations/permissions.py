"""Who may do what with organizations; views ask here and nowhere else."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from organizations.models import (
    AUDIT_ROLES,
    DRAFT_ROLES,
    HOST_ROLES,
    WRITE_ROLES,
    Organization,
    Role,
    User,
)


def require(allowed: bool) -> None:
    """Answer 403 unless allowed. What a user may not even see is a 404, by `visible_to`, before this."""
    if not allowed:
        raise PermissionDenied


def can_edit_roster(user: User, host: Organization | None) -> bool:
    """Import the roster and change units: the host's staff."""
    return user.access.holds(host, *WRITE_ROLES)


def can_see_originals(user: User, host: Organization | None) -> bool:
    """Have photos as they were sent, with what the camera wrote beside them: the host's staff."""
    return user.access.holds(host, *DRAFT_ROLES)


def can_edit_unit(user: User, unit: Organization) -> bool:
    """Rename, move and close a unit, add sub-units to it: the staff of the host it stands under."""
    superior = unit.parent
    above = superior.parent if superior else None
    return can_edit_roster(user, superior) or can_edit_roster(user, above)


def can_set_policy(user: User, host: Organization | None) -> bool:
    """Say what logging in and publishing take: administrators of the host."""
    return user.access.holds(host, Role.ADMINISTRATOR)


def can_remove_second_factor(user: User, account: User) -> bool:
    """Take a lost second factor off an account: administrators of every host it acts for or under.

    One host's administrator must not weaken what protects another host.
    """
    memberships = account.access.memberships
    hosts = {m.organization_id if m.role in HOST_ROLES else m.organization.parent_id for m in memberships}
    return bool(hosts) and hosts <= user.access.organizations({Role.ADMINISTRATOR}) and user != account


def can_administer(user: User, host: Organization | None) -> bool:
    """Keep the host's accounts: its administrators, and superusers who work in it."""
    return host is not None and (user.is_superuser or user.access.holds(host, Role.ADMINISTRATOR))


def can_change_rights(user: User, account: User) -> bool:
    """Give to and take from this account: never one's own, and a superuser's by superusers alone."""
    is_above = account.is_superuser or account.is_staff
    return user != account and (user.is_superuser or not is_above)


def can_take_over(user: User, account: User, *, works_elsewhere: bool) -> bool:
    """Set its password, switch it off and on: a way into whatever the account may do, for other hosts too.

    works_elsewhere: whether it holds memberships that this host does not keep.
    """
    return can_change_rights(user, account) and (user.is_superuser or not works_elsewhere)


def can_read_audit(user: User, host: Organization | None) -> bool:
    """Read and search the host's audit trail."""
    return user.access.holds(host, *AUDIT_ROLES)


def can_read_history(user: User, host: Organization | None) -> bool:
    """Read what was done to an object one sees: the staff who work on it, and who reads the whole trail."""
    return user.access.holds(host, *DRAFT_ROLES, *AUDIT_ROLES)
