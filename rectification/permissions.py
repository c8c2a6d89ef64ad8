"""Who may do what with items; views ask here and nowhere else. What one may see is `visible_to`."""

from __future__ import annotations

from django.utils import timezone

from organizations.models import VISIT_ROLES, VISITOR_ROLES, WRITE_ROLES, Organization, Role, User
from rectification.lifecycle import RULES, Part, State, StepKind, may_take
from rectification.models import Item, SelfCheckAnswer, Source, Step


def parts_of(user: User, item: Item) -> frozenset[Part]:
    """As what the user acts on this item today; none for those who only read it, and for strangers."""
    access = user.access
    parts = set()
    if item.host_id in access.staffed_host_ids:
        parts.add(Part.STAFF)
    if item.host_id in access.organizations({Role.INSPECTOR}):
        parts.add(Part.INSPECTOR)
    if item.unit_id in access.answered_unit_ids:
        parts.add(Part.UNIT)
    elif item.unit_id in access.unit_ids:
        parts.add(Part.CLERK)
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
    return user.access.holds(host, *WRITE_ROLES)


def can_read_ledger(user: User, host: Organization | None) -> bool:
    """Read what the staff keep of the host's rectification: those, and its auditors."""
    return host is not None and host.pk in user.access.draft_host_ids


def can_keep_filters(user: User, host: Organization) -> bool:
    """Keep a filter under a name: all who use the ledger but an auditor, who leaves nothing behind."""
    roles = {m.role for m in user.access.memberships if host in (m.organization, m.organization.parent)}
    return bool(roles - {Role.AUDITOR})


def can_report_problem(user: User, unit: Organization | None) -> bool:
    """Report a problem the unit found itself: whoever answers for the unit, as long as there is one."""
    if unit is None or unit.pk not in user.access.answered_unit_ids:
        return False
    return unit.is_active(timezone.localdate())


def can_see_checks(user: User, host: Organization | None) -> bool:
    """Have a list of self-checks: who reads the ledger, and the people of a unit of the host that acts."""
    unit = user.access.unit_under(host)
    return can_read_ledger(user, host) or (unit is not None and unit.is_active(timezone.localdate()))


def can_answer_check(user: User, answer: SelfCheckAnswer) -> bool:
    """Answer for a unit: its secretary, or the staff for one that answers on paper."""
    return (
        answer.unit_id in user.access.answered_unit_ids
        or answer.self_check.host_id in user.access.staffed_host_ids
    )


def can_return_to(user: User, item: Item) -> bool:
    """Plan a return visit to a struck-off item by hand: the staff, but for the own unit (rule 16)."""
    is_own = item.unit_id in user.access.own_organization_ids
    return can_run_ledger(user, item.host) and not is_own and item.state == State.STRUCK_OFF


def can_make_return_visits(user: User, host: Organization | None) -> bool:
    """Record return visits: staff and inspectors."""
    return user.access.holds(host, *VISITOR_ROLES)


def can_see_return_visits(user: User, host: Organization | None) -> bool:
    """Have the list of return visits: those who know of planned ones (rule 16)."""
    return user.access.holds(host, *VISIT_ROLES)


def may_set_date(user: User, item: Item) -> bool:
    """Give an item its first due date: the staff, and the unit of what it found itself."""
    if item.original_due_on is not None:
        return False
    parts = parts_of(user, item)
    return Part.STAFF in parts or (Part.UNIT in parts and item.source == Source.SELF)
