"""Who may do what with items; views ask here and nowhere else. What one may see is `visible_to`."""

from __future__ import annotations

from django.utils import timezone

from organizations.models import DRAFT_ROLES, VISIT_ROLES, Organization, Role, User
from rectification.lifecycle import RULES, Part, State, StepKind, may_take
from rectification.models import Item, Source, Step


def parts_of(user: User, item: Item) -> frozenset[Part]:
    """As what the user acts on this item today; none for leaders and strangers."""
    access = user.access
    parts = set()
    if item.host_id in access.draft_host_ids:
        parts.add(Part.STAFF)
    if item.host_id in access.organizations({Role.INSPECTOR}):
        parts.add(Part.INSPECTOR)
    if item.unit_id in access.unit_ids:
        parts.add(Part.UNIT)
    return frozenset(parts)


def may_take_step(user: User, item: Item, kind: StepKind) -> bool:
    """Whether the user may take this step on the item as it stands. At most one query, for rule 18."""
    acted = RULES[kind].second_person and Step.objects.filter(item=item).for_unit_by(user).exists()
    return may_take(kind, State(item.state), parts_of(user, item), acted_for_unit=acted)


def steps_open_to(user: User, item: Item) -> frozenset[StepKind]:
    """The steps the user may take on the item as it stands. One query."""
    parts = parts_of(user, item)
    if not parts:
        return frozenset()
    acted = Step.objects.filter(item=item).for_unit_by(user).exists()
    state = State(item.state)
    return frozenset(kind for kind in RULES if may_take(kind, state, parts, acted_for_unit=acted))


def has_part_in(user: User, item: Item, kind: StepKind) -> bool:
    """Whether the step is this user's to take at all; whether now, the item's state says."""
    return bool(parts_of(user, item) & RULES[kind].by)


def can_run_ledger(user: User, host: Organization | None) -> bool:
    """Raise items for any unit, set persons and dates, strike off: the host's staff."""
    return user.access.holds(host, *DRAFT_ROLES)


def can_report_problem(user: User, unit: Organization | None) -> bool:
    """Report a problem the unit found itself: whoever answers for the unit, as long as there is one."""
    return unit is not None and unit.pk in user.access.unit_ids and unit.is_active(timezone.localdate())


def can_see_checks(user: User, host: Organization | None) -> bool:
    """Have a list of self-checks: the staff, and whoever answers for a unit of the host."""
    return can_run_ledger(user, host) or can_report_problem(user, user.access.unit_under(host))


def can_return_to(user: User, item: Item) -> bool:
    """Plan a return visit to a struck-off item by hand: the staff, but for the own unit (rule 16)."""
    is_own = item.unit_id in user.access.own_organization_ids
    return can_run_ledger(user, item.host) and not is_own and item.state == State.STRUCK_OFF


def can_make_return_visits(user: User, host: Organization | None) -> bool:
    """See and record return visits: staff and inspectors."""
    return user.access.holds(host, *VISIT_ROLES)


def may_set_date(user: User, item: Item) -> bool:
    """Give an item its first due date: the staff, and the unit of what it found itself."""
    if item.original_due_on is not None:
        return False
    parts = parts_of(user, item)
    return Part.STAFF in parts or (Part.UNIT in parts and item.source == Source.SELF)
