"""Who may do what with a cycle; views ask here and nowhere else. What one may see is `visible_to`."""

from __future__ import annotations

from collections.abc import Iterable, Set

from organizations.models import DRAFT_ROLES, VISIT_ROLES, Organization, User
from reviews.models import Disclosure, ReviewCycle, Visit


def can_run_cycles(user: User, host: Organization | None) -> bool:
    """Create cycles, rubrics and document settings for a host."""
    return user.access.holds(host, *DRAFT_ROLES)


def can_enter_scores(user: User, cycle: ReviewCycle) -> bool:
    """Import and undo; whether the cycle takes scores now is the deed's to say."""
    return user.access.holds(cycle.host, *DRAFT_ROLES)


def can_publish(user: User, cycle: ReviewCycle) -> bool:
    """Move a cycle from state to state, publish and correct it."""
    return user.access.holds(cycle.host, *DRAFT_ROLES)


def can_see_draft(user: User, cycle: ReviewCycle) -> bool:
    """Rule 15: unpublished totals and ranks are the host's staff's alone."""
    return user.access.holds(cycle.host, *DRAFT_ROLES)


def can_see_whole_table(user: User, cycle: ReviewCycle) -> bool:
    """Of a published cycle: those who work for the host, and units where the cycle allows it."""
    return cycle.host_id in user.access.host_ids or cycle.disclosure == Disclosure.TABLE


def can_see_whole_year(
    user: User, host: Organization, cycles: Iterable[ReviewCycle], own_cycles: Set[int]
) -> bool:
    """Of a year: those who work for the host, and units where every published cycle of it shows its table.

    cycles: all of the year that are published. own_cycles: keys of those that reviewed the user's units.
    """
    if host.pk in user.access.host_ids:
        return True
    return all(cycle.disclosure == Disclosure.TABLE and cycle.pk in own_cycles for cycle in cycles)


def can_raise_items(user: User, cycle: ReviewCycle, unit: int) -> bool:
    """Make rectification items of what was found at this unit: the staff, but nobody of the unit itself."""
    is_own = unit in user.access.own_organization_ids
    return user.access.holds(cycle.host, *DRAFT_ROLES) and not is_own


def can_plan_visits(user: User, host: Organization | None) -> bool:
    """Plan visits and see the list of them: staff and inspectors."""
    return user.access.holds(host, *VISIT_ROLES)


def can_draw(user: User, host: Organization | None) -> bool:
    """Draw places: the staff; every draw is kept, so that drawing until it pleases is seen."""
    return user.access.holds(host, *DRAFT_ROLES)


def can_record_visit(user: User, visit: Visit) -> bool:
    """Record it or call it off: the staff, and whoever is to make it. Of a visit the user sees."""
    return user.access.holds(visit.cycle.host, *DRAFT_ROLES) or user in visit.inspectors.all()


def can_see_findings(user: User, visit: Visit) -> bool:
    """What a visit found tells ranks (rule 15): until publication its inspectors' and the staff's alone."""
    return (
        can_record_visit(user, visit)
        or visit.recorded_by_id == user.pk
        or visit.cycle.latest_publication() is not None
    )
