"""A unit replies to a deduction, and the host decides on it once (rule 13).

Both queue behind the cycle's row, so that a reply is taken or the stage is over, and of two people who
decide at once one does and the other is told.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import User
from organizations.names import clean_text
from rectification.evidence import NewFile, kept_files, require_room
from reviews.deducting import take_back
from reviews.models import (
    CycleState,
    Deduction,
    Reply,
    ReplyFile,
    ReplyState,
    ReplyStep,
    ReplyStepKind,
    ReviewCycle,
)
from reviews.models.reply import LONGEST_WORDS
from reviews.permissions import can_decide_reply
from reviews.recording import CellState, lock_cycle_for_entry, overwrite


class ReplyRefused(Exception):
    """A reply or a decision that is not taken; nothing was changed. Its text is one line for the user."""


class ReplyOver(ReplyRefused):
    """The units' time to reply is over, or the stage is."""


class ReplyChanged(ReplyRefused):
    """Somebody decided, or the unit added something, since the user looked."""


class _SentBefore(Exception):
    """The same form came again; leaves no second copy of its files behind."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply


def send_reply(
    deduction: Deduction,
    text: str,
    files: Sequence[NewFile] = (),
    *,
    by: User,
    client_uuid: uuid.UUID | None = None,
) -> Reply:
    """Reply to a deduction of one's unit, or add to the reply while it is undecided.

    Sent again under the same key it changes nothing. Raises ReplyRefused, FileRefused or PhotoRefused; then
    nothing is kept.
    """
    words = cleaned_words(text)
    try:
        with kept_files(files, ReplyFile) as rows, transaction.atomic():
            cycle = ReviewCycle.objects.select_for_update().get(pk=deduction.review.cycle_id)
            if client_uuid and (sent := ReplyStep.objects.filter(client_uuid=client_uuid).first()):
                raise _SentBefore(sent.reply)
            require_time_to_reply(cycle, timezone.localdate())
            if not words:
                raise ReplyRefused(_("Say what is wrong with the deduction."))
            return _sent(deduction, words, rows, by=by, client_uuid=client_uuid)
    except _SentBefore as before:
        return before.reply


@transaction.atomic
def decide_reply(
    reply: Reply, kind: ReplyStepKind, reason: str, *, seen: int, by: User, full_marks: bool = False
) -> Reply:
    """Accept a reply, which withdraws the deduction, or keep the deduction; the reason is told to the unit.

    kind: ACCEPT or KEEP. seen: the version the user decided on. full_marks: what the indicator is given
    where no other deduction is left; else it is blank and typed into again. The same decision sent again by
    the same person changes nothing. Raises EntryClosed, ReplyChanged or ReplyRefused.
    """
    cycle = lock_cycle_for_entry(reply.deduction.review.cycle)
    reply = Reply.objects.select_related("deduction__review__cycle__host", "deduction__indicator").get(
        pk=reply.pk
    )
    words = cleaned_words(reason)
    if not can_decide_reply(by, reply):
        raise ReplyRefused(_("Whoever belongs to the unit does not decide on its reply."))
    if not reply.is_open:
        decision = reply.steps.select_related("by").get(number=reply.version)
        if (decision.kind, decision.text, decision.by_id) == (kind, words, by.pk):
            return reply
        raise ReplyChanged(_decided(decision))
    if reply.version != seen:
        raise ReplyChanged(_("The unit added to its reply meanwhile: read it again, then decide."))
    if not words:
        raise ReplyRefused(_("Give the unit the reason for the decision."))
    _step(reply, kind, words, by=by)
    if kind == ReplyStepKind.ACCEPT:
        _accept(cycle, reply.deduction, words, full_marks=full_marks, by=by)
    reply.state = ReplyState.ACCEPTED if kind == ReplyStepKind.ACCEPT else ReplyState.KEPT
    reply.save(update_fields=["state", "version"])
    return reply


def require_time_to_reply(cycle: ReviewCycle, on: datetime.date) -> None:
    """Raises ReplyOver after the last day and outside the stage."""
    if cycle.takes_replies(on):
        return
    if cycle.state == CycleState.REPLY and cycle.reply_until is not None:
        message = _("%(quarter)s: units could reply until %(day)s. Nothing was recorded.")
        shown = {"quarter": cycle.quarter.label, "day": cycle.reply_until.isoformat()}
        raise ReplyOver(message % shown)
    raise ReplyOver(over_message(cycle))


def over_message(cycle: ReviewCycle) -> str:
    """That the stage is over, and nothing else of the cycle."""
    return _("%(quarter)s takes no replies now. Nothing was recorded.") % {"quarter": cycle.quarter.label}


def cleaned_words(text: str) -> str:
    """The words without what no page shows, their lines kept."""
    lines = map(clean_text, text.replace("\r\n", "\n").split("\n"))
    return "\n".join(filter(None, lines))[:LONGEST_WORDS]


def _sent(
    deduction: Deduction,
    words: str,
    files: Sequence[ReplyFile],
    *,
    by: User,
    client_uuid: uuid.UUID | None,
) -> Reply:
    reply = Reply.objects.filter(deduction=deduction).first()
    if reply is not None and not reply.is_open:
        raise ReplyRefused(_("This reply is decided already, and a decision stands."))
    if reply is None:
        if Deduction.objects.get(pk=deduction.pk).withdrawn_at is not None:
            raise ReplyRefused(_("The deduction was withdrawn meanwhile: there is nothing to reply to."))
        reply = Reply.objects.create(deduction=deduction, version=0)
    require_room(ReplyFile.objects.of_reply(reply).count(), len(files))
    kind = ReplyStepKind.ADD if reply.version else ReplyStepKind.SEND
    step = _step(reply, kind, words, by=by, client_uuid=client_uuid)
    reply.save(update_fields=["version"])
    for file in files:
        file.step = step
    ReplyFile.objects.bulk_create(files)
    return reply


def _step(
    reply: Reply, kind: ReplyStepKind, words: str, *, by: User, client_uuid: uuid.UUID | None = None
) -> ReplyStep:
    """Write the next step of the log; the reply's row is the caller's to save."""
    reply.version += 1
    return ReplyStep.objects.create(
        reply=reply,
        number=reply.version,
        kind=kind,
        text=words,
        by=by,
        at=timezone.now(),
        client_uuid=client_uuid,
    )


def _accept(cycle: ReviewCycle, deduction: Deduction, reason: str, *, full_marks: bool, by: User) -> None:
    if deduction.withdrawn_at is not None:
        return
    take_back(cycle, deduction, reason=reason, by=by)
    of_cell = Deduction.objects.of_cell(deduction.review, deduction.indicator)
    if full_marks and not of_cell.in_force().exists():
        cell = (deduction.review_id, deduction.indicator_id)
        overwrite(cycle, {cell: CellState(deduction.indicator.full_marks)}, by=by)


def _decided(decision: ReplyStep) -> str:
    return _("%(who)s decided at %(when)s already: %(what)s. Nothing was changed.") % {
        "who": decision.by,
        "when": f"{timezone.localtime(decision.at):%Y-%m-%d %H:%M}",
        "what": decision.get_kind_display(),
    }
