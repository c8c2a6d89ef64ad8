"""What is audited of organizations, accounts and memberships."""

from __future__ import annotations

from audit.audited import Audited
from organizations.models import HOST_ROLES


def host_of_unit(unit: str) -> str:
    """SQL: the host a unit or sub-unit stands under; of an organization at the top its own key."""
    return (
        "(SELECT COALESCE((SELECT p.parent_id FROM organizations_organization AS p WHERE p.id = o.parent_id"
        " AND NOT EXISTS (SELECT 1 FROM organizations_group AS g WHERE g.host_id = p.id)), o.parent_id, o.id)"
        f" FROM organizations_organization AS o WHERE o.id = {unit})"
    )


_UNIT = "organizations_organization"
_ACCOUNT = "organizations_user"
_HOST_ROLES = ", ".join(f"'{role}'" for role in sorted(HOST_ROLES))

AUDITED = (
    # Of a unit that was deleted the row is gone, and with it only sub-units are told of less widely.
    Audited(_UNIT, f"COALESCE({host_of_unit('{row}.id')}, {{row}}.parent_id, {{row}}.id)"),
    Audited("organizations_group", "{row}.host_id"),
    Audited("organizations_securitypolicy", "{row}.host_id"),
    Audited(
        "organizations_formername",
        host_of_unit("{row}.organization_id"),
        part_of=(_UNIT, "{row}.organization_id"),
    ),
    Audited(
        "organizations_organization_predecessors",
        host_of_unit("{row}.from_organization_id"),
        part_of=(_UNIT, "{row}.from_organization_id"),
    ),
    # An account belongs to no host by itself: it is told about to those for whom it acts. When it last signed
    # in is told by the log-ins.
    Audited(_ACCOUNT, without=("last_login",), masked=("password",)),
    Audited("organizations_user_groups", part_of=(_ACCOUNT, "{row}.user_id")),
    Audited("organizations_user_user_permissions", part_of=(_ACCOUNT, "{row}.user_id")),
    # A membership is the affair of the host for which somebody acts, or that reviews the unit.
    Audited(
        "organizations_membership",
        f"CASE WHEN {{row}}.role IN ({_HOST_ROLES}) THEN {{row}}.organization_id"
        f" ELSE {host_of_unit('{row}.organization_id')} END",
        part_of=(_ACCOUNT, "{row}.user_id"),
    ),
)
