"""Deductions and what units reply to them, as its unit reads them and as the host's staff do. Reads only."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Count, Q

from organizations.models import Organization, User
from reviews.models import Deduction, Reply, ReplyState, ReplyStep, Review, ReviewCycle
from reviews.permissions import can_decide_reply


@dataclass(frozen=True)
class LogLine:
    """One step of a reply. photos, documents: of its files."""

    step: ReplyStep

    @property
    def photos(self) -> list[object]:
        return [file for file in self.step.files.all() if file.is_photo]

    @property
    def documents(self) -> list[object]:
        return [file for file in self.step.files.all() if not file.is_photo]


def log_of(reply: Reply) -> list[LogLine]:
    """Everything that was said, oldest first. Of a reply fetched `with_names`."""
    return [LogLine(step) for step in reply.steps.all()]


@dataclass(frozen=True)
class OwnDeduction:
    """A deduction as its unit reads it, with its reply. form: to write now; None where that is over."""

    deduction: Deduction
    reply: Reply | None
    form: Any = None

    @property
    def log(self) -> list[LogLine]:
        return log_of(self.reply) if self.reply else []


@dataclass(frozen=True)
class UnitReplies:
    """A unit's deductions in one quarter. days_left: today counts as one; 0 where the time is over."""

    cycle: ReviewCycle
    deductions: tuple[OwnDeduction, ...]
    is_open: bool
    days_left: int | None

    @property
    def replied(self) -> int:
        return sum(each.reply is not None for each in self.deductions)

    @property
    def decided(self) -> int:
        return sum(each.reply is not None and not each.reply.is_open for each in self.deductions)


FormOf = Callable[[Any], Any]  # what makes the form that belongs to a row


def unit_replies(review: Review, on: datetime.date, form_of: FormOf | None) -> UnitReplies:
    """The deductions of a unit that count or that it replied to. Five queries at most.

    form_of: None for one who only reads them.
    """
    cycle = review.cycle
    rows = Deduction.objects.filter(Q(withdrawn_at__isnull=True) | Q(reply__isnull=False), review=review)
    replies = {
        reply.deduction_id: reply for reply in Reply.objects.filter(deduction__review=review).with_names()
    }
    is_open = cycle.takes_replies(on)
    deductions = rows.select_related("indicator__section").in_own_order()
    return UnitReplies(
        cycle,
        tuple(_own(row, replies.get(row.pk), form_of if is_open else None) for row in deductions),
        is_open=is_open,
        days_left=days_left(cycle, on),
    )


def days_left(cycle: ReviewCycle, on: datetime.date) -> int | None:
    """How many days units have to reply, today included; None where no last day is set."""
    return max((cycle.reply_until - on).days + 1, 0) if cycle.reply_until else None


def _own(deduction: Deduction, reply: Reply | None, form_of: FormOf | None) -> OwnDeduction:
    is_undecided = reply.is_open if reply else deduction.withdrawn_at is None
    return OwnDeduction(deduction, reply, form_of(deduction) if form_of and is_undecided else None)


@dataclass(frozen=True)
class ReplyCall:
    """What the first page tells a unit of a quarter in which it may reply."""

    cycle: ReviewCycle
    deductions: int
    replied: int
    decided: int
    is_open: bool
    days_left: int | None


def calls_to_reply(
    cycles: Sequence[ReviewCycle], unit: Organization | None, on: datetime.date
) -> list[ReplyCall]:
    """For each of these cycles what its unit finds there. One query, none without a cycle."""
    if not cycles or unit is None:
        return []
    counts = (
        Deduction.objects.filter(review__cycle__in=cycles, review__organization=unit)
        .filter(Q(withdrawn_at__isnull=True) | Q(reply__isnull=False))
        .values("review__cycle")
        .order_by()
        .annotate(
            deductions=Count("pk"),
            replied=Count("reply"),
            decided=Count("reply", filter=~Q(reply__state=ReplyState.OPEN)),
        )
    )
    by_cycle = {row["review__cycle"]: row for row in counts}
    return [_call(cycle, by_cycle.get(cycle.pk), on) for cycle in cycles]


def _call(cycle: ReviewCycle, counts: Mapping[str, Any] | None, on: datetime.date) -> ReplyCall:
    return ReplyCall(
        cycle,
        deductions=counts["deductions"] if counts else 0,
        replied=counts["replied"] if counts else 0,
        decided=counts["decided"] if counts else 0,
        is_open=cycle.takes_replies(on),
        days_left=days_left(cycle, on),
    )


@dataclass(frozen=True)
class StaffReply:
    """One reply as the staff read it. form: to decide on it now; is_own_unit: why the reader may not."""

    reply: Reply
    form: Any
    is_own_unit: bool

    @property
    def log(self) -> list[LogLine]:
        return log_of(self.reply)


@dataclass(frozen=True)
class UnitPart:
    """The replies of one unit on a page."""

    unit: Organization
    replies: tuple[StaffReply, ...]


def by_unit(replies: Sequence[Reply], user: User, form_of: FormOf | None) -> list[UnitPart]:
    """The replies, fetched `with_names` and `in_own_order`, unit by unit.

    form_of: None where nothing is decided now.
    """
    return [
        UnitPart(unit, tuple(_staff_reply(reply, user, form_of) for reply in members))
        for unit, members in groupby(replies, key=lambda reply: reply.deduction.review.organization)
    ]


def _staff_reply(reply: Reply, user: User, form_of: FormOf | None) -> StaffReply:
    may = can_decide_reply(user, reply)
    form = form_of(reply) if form_of and may and reply.is_open else None
    is_own = reply.deduction.review.organization_id in user.access.own_organization_ids
    return StaffReply(reply, form, is_own_unit=reply.is_open and is_own)


@dataclass(frozen=True)
class ReplyCounts:
    """How many replies of a quarter there are, and of whom. units: each with its undecided ones and all."""

    undecided: int
    accepted: int
    kept: int
    units: tuple[tuple[Organization, int, int], ...]


def reply_counts(cycle: ReviewCycle) -> ReplyCounts:
    """Two queries."""
    rows = Reply.objects.in_cycle(cycle).values_list("deduction__review__organization", "state")
    counts = Counter(rows.order_by())
    of_state: Counter[str] = Counter()
    for (_unit, state), number in counts.items():
        of_state[state] += number
    units = Organization.objects.filter(pk__in={unit for unit, _state in counts}).in_own_order()
    return ReplyCounts(
        undecided=of_state[ReplyState.OPEN],
        accepted=of_state[ReplyState.ACCEPTED],
        kept=of_state[ReplyState.KEPT],
        units=tuple(
            (unit, counts[unit.pk, ReplyState.OPEN], sum(counts[unit.pk, state] for state in ReplyState))
            for unit in units
        ),
    )
