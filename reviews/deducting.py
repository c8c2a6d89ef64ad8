"""Record a deduction at the desk, give one its reason later, withdraw one that was wrong (rule 10)."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.deeds import for_its
from organizations.models import User
from organizations.names import clean_text
from reviews.models import Deduction, Indicator, Reply, Review, ReviewCycle
from reviews.raising import withdraw_items_of
from reviews.recording import (
    CellState,
    NewDeduction,
    apply_plan,
    derived_state,
    lock_cycle_for_entry,
    overwrite,
    plan_recording,
)


class WithdrawalRefused(Exception):
    """The deduction cannot be withdrawn."""


class ReasonRefused(Exception):
    """The deduction cannot be given this reason; its text is for the user."""


@transaction.atomic
def record_deduction(review: Review, indicator: Indicator, points: Decimal, *, reason: str, by: User) -> None:
    """Take points from one indicator of a unit; its points follow from its deductions from now on.

    points: above 0, already checked against the indicator. Raises EntryClosed.
    """
    cycle = lock_cycle_for_entry(review.cycle)
    new = NewDeduction(review.pk, indicator.pk, points, reason)
    apply_plan(cycle, plan_recording(cycle, [], [new]), by=by)


@for_its("reason")
@transaction.atomic
def withdraw_deduction(deduction: Deduction, *, reason: str, by: User) -> None:
    """Let a deduction count no more; a second call changes nothing. Raises EntryClosed or WithdrawalRefused.

    The points follow from those that remain. With the last one gone nothing says what the points are: the
    cell is not scored and is typed into again, rather than full marks that nobody gave. The item it was
    raised as is withdrawn with it. One that its unit replied to is withdrawn by deciding the reply.
    """
    if not reason.strip():
        raise WithdrawalRefused(_("Say why the deduction is withdrawn."))
    cycle = lock_cycle_for_entry(deduction.review.cycle)
    deduction = Deduction.objects.select_related("review", "indicator").get(pk=deduction.pk)
    if deduction.withdrawn_at is not None:
        return
    if Reply.objects.undecided().filter(deduction=deduction).exists():
        raise WithdrawalRefused(
            _("The unit replied to this deduction: accept its reply, which withdraws the deduction.")
        )
    take_back(cycle, deduction, reason=reason.strip(), by=by)


@for_its("reason")
def take_back(cycle: ReviewCycle, deduction: Deduction, *, reason: str, by: User) -> None:
    """Withdraw a deduction that counts, with its item and the points. Call under the cycle's lock."""
    withdraw_items_of(cycle, Deduction.objects.filter(pk=deduction.pk), reason=reason, by=by)
    deduction.withdrawn_at, deduction.withdrawn_by = timezone.now(), by
    deduction.withdrawal_reason = reason
    deduction.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    remaining = Deduction.objects.of_cell(deduction.review, deduction.indicator).in_force()
    taken = [row.points for row in remaining]
    state = derived_state(deduction.indicator, taken) if taken else CellState(points=None)
    overwrite(cycle, {(deduction.review_id, deduction.indicator_id): state}, by=by)


@transaction.atomic
def give_reason(deduction: Deduction, *, reason: str, by: User) -> None:
    """Say why points were deducted where nobody said so yet; a reason that is there is never replaced.

    Raises EntryClosed or ReasonRefused.
    """
    if not (why := clean_text(reason)):
        raise ReasonRefused(_("Say what the points are deducted for."))
    lock_cycle_for_entry(deduction.review.cycle)
    waiting = Deduction.objects.in_force().without_reason().filter(pk=deduction.pk)
    if not waiting.update(reason=why, reason_given_by=by, reason_given_at=timezone.now()):
        raise ReasonRefused(_("The deduction has a reason already or was withdrawn: nothing was changed."))
