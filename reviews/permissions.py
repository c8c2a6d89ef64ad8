"""Who may do what with a cycle; views ask here and nowhere else. What one may see is `visible_to`."""

from __future__ import annotations

from collections.abc import Iterable, Set

from organizations.models import (
    DRAFT_ROLES,
    VISIT_ROLES,
    VISITOR_ROLES,
    WRITE_ROLES,
    Organization,
    User,
)
from reviews.models import Disclosure, Reply, Review, ReviewCycle, Visit


def can_run_cycles(user: User, host: Organization | None) -> bool:
    """Create cycles, rubrics and document settings for a host."""
    return user.access.holds(host, *WRITE_ROLES)


def can_enter_scores(user: User, cycle: ReviewCycle) -> bool:
    """Import and undo; whether the cycle takes scores now is the deed's to say."""
    return user.access.holds(cycle.host, *WRITE_ROLES)


def can_publish(user: User, cycle: ReviewCycle) -> bool:
    """Move a cycle from state to state, publish and correct it."""
    return user.access.holds(cycle.host, *WRITE_ROLES)


def can_see_draft(user: User, cycle: ReviewCycle) -> bool:
    """Rule 15: unpublished totals and ranks are for the host's staff and its auditors alone."""
    return user.access.holds(cycle.host, *DRAFT_ROLES)


def can_read_work(user: User, host: Organization | None) -> bool:
    """Read what the staff work with and its drafts: those, and the host's auditors."""
    return user.access.holds(host, *DRAFT_ROLES)


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
    return user.access.holds(cycle.host, *WRITE_ROLES) and not is_own


def can_reply(user: User, review: Review) -> bool:
    """Reply to deductions: whoever answers for the unit; whether it is in time is the deed's to say."""
    return review.organization_id in user.access.answered_unit_ids


def can_read_replies(user: User, review: Review) -> bool:
    """Read what the unit replied, on its own page: the unit's people."""
    return review.organization_id in user.access.unit_ids


def can_decide_reply(user: User, reply: Reply) -> bool:
    """Accept a reply or keep the deduction: the staff, but nobody of the unit itself."""
    review = reply.deduction.review
    is_own = review.organization_id in user.access.own_organization_ids
    return user.access.holds(review.cycle.host, *WRITE_ROLES) and not is_own


def can_plan_visits(user: User, host: Organization | None) -> bool:
    """Plan visits: staff and inspectors."""
    return user.access.holds(host, *VISITOR_ROLES)


def can_see_visits(user: User, host: Organization | None) -> bool:
    """Have the list of visits: those who know of planned ones (rule 16)."""
    return user.access.holds(host, *VISIT_ROLES)


def can_draw(user: User, host: Organization | None) -> bool:
    """Draw places: the staff; every draw is kept, so that drawing until it pleases is seen."""
    return user.access.holds(host, *WRITE_ROLES)


def can_record_visit(user: User, visit: Visit) -> bool:
    """Record it or call it off: the staff, and whoever is to make it as long as they inspect for the host."""
    host = visit.cycle.host
    return user.access.holds(host, *WRITE_ROLES) or (
        user in visit.inspectors.all() and user.access.holds(host, *VISITOR_ROLES)
    )


def can_see_findings(user: User, visit: Visit) -> bool:
    """What a visit found tells ranks (rule 15): until publication its inspectors' and the staff's alone."""
    return (
        can_record_visit(user, visit)
        or can_see_draft(user, visit.cycle)
        or visit.recorded_by_id == user.pk
        or visit.cycle.latest_publication() is not None
    )
