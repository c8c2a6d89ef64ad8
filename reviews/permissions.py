"""Who may do what with a cycle; views ask here and nowhere else. What one may see is `visible_to`."""

from __future__ import annotations

from organizations.models import DRAFT_ROLES, Organization, User
from reviews.models import Disclosure, ReviewCycle


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
