"""The steps of a cycle from entry to publication and back (rules 8, 13 and 14)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import groupby

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.deeds import for_its
from organizations.models import User
from reviews.freezing import freeze, prepare
from reviews.models import (
    CycleState,
    CycleStep,
    Publication,
    Reply,
    ReplySettings,
    ReportKind,
    Review,
    ReviewCycle,
    ReviewState,
)
from reviews.raising import show_items
from reviews.ranking import ListName, Placed, oversized_lists
from reviews.recording import write_totals
from reviews.report_remarks import count_open
from reviews.report_texts import Composition, compositions, frozen_texts
from reviews.standings import baseline_publication, rank_reviews


class StepRefused(Exception):
    """A step that the cycle's state or its data do not allow; the message says why and what to do."""


class ObstacleKind(Enum):
    """What has to be done about an obstacle."""

    OPEN = auto()
    TAKE_ROSTER = auto()
    FINISH_UNITS = auto()
    DECIDE_REPLIES = auto()
    PUBLISH_BASELINE = auto()
    CHECK_TEXT = auto()
    VERIFY = auto()


@dataclass(frozen=True)
class Obstacle:
    """One thing that keeps a cycle from being published, as a sentence for the user.

    document: the kind of the one whose text has to be checked, else empty.
    """

    kind: ObstacleKind
    text: str
    document: str = ""


class NotReadyToPublish(StepRefused):
    """What stands between the cycle and its publication."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        super().__init__("\n".join(obstacle.text for obstacle in obstacles))
        self.obstacles = obstacles


class NeedsConfirmation(StepRefused):
    """Ties made a list longer than n + 2: publishing it wants a yes (rule 3)."""


@transaction.atomic
def start_reply(cycle: ReviewCycle, *, by: User | None) -> ReviewCycle:
    """Let each unit see its own deductions, without places, and reply to them for the days the host sets.

    Entry stays open for what comes of it.
    """
    cycle = _locked(cycle)
    _require_state(cycle, CycleState.OPEN)
    if not cycle.reply_stage:
        raise StepRefused(_("This cycle has no reply stage."))
    days = ReplySettings.of_host(cycle.host).days
    cycle.reply_until = timezone.localdate() + datetime.timedelta(days=days)
    cycle.save(update_fields=["reply_until"])
    cycle = _step(cycle, CycleState.REPLY, by=by)
    show_items(cycle, by=by)
    return cycle


@for_its("exempt_reason")
@transaction.atomic
def verify_cycle(cycle: ReviewCycle, *, by: User | None, exempt_reason: str = "") -> ReviewCycle:
    """Close entry once every unit is scored or has a reason not to be (rule 8).

    exempt_reason: given to every unscored unit; empty refuses to close over one. Raises StepRefused.
    """
    cycle = _locked(cycle)
    _require_state(cycle, CycleState.OPEN, CycleState.REPLY)
    if exempt_reason.strip():
        cycle.reviews.unscored().update(state=ReviewState.EXEMPT, reason=exempt_reason.strip())
    obstacles = [*completeness_obstacles(cycle), *reply_obstacles(cycle)]
    if obstacles:
        raise NotReadyToPublish(obstacles)
    return _step(cycle, CycleState.VERIFIED, by=by)


@for_its("reason")
@transaction.atomic
def leave_out(review: Review, *, state: str, reason: str) -> None:
    """Say why a unit is not scored this quarter: exempt or not visited, with a reason (rule 6).

    Its scores stay; the unit is ranked again as soon as its last score comes in. Raises StepRefused.
    """
    cycle = _locked(review.cycle)
    _require_state(cycle, CycleState.OPEN, CycleState.REPLY)
    if not reason.strip():
        raise StepRefused(_("Say why the unit is not scored."))
    review.refresh_from_db()
    review.state, review.reason, review.total = state, reason.strip(), None
    review.save(update_fields=["state", "reason", "total"])


@transaction.atomic
def put_back(review: Review) -> None:
    """Take back that a unit was left out; its kept scores count again. Nothing where it was not."""
    cycle = _locked(review.cycle)
    _require_state(cycle, CycleState.OPEN, CycleState.REPLY)
    review.refresh_from_db()
    if not review.is_left_out:
        return
    review.state, review.reason = ReviewState.UNSCORED, ""
    review.save(update_fields=["state", "reason"])
    write_totals(cycle, [review.pk])


@for_its("reason")
@transaction.atomic
def step_back(cycle: ReviewCycle, *, by: User | None, reason: str) -> ReviewCycle:
    """Open entry again, from any later state; what was published stays readable. Needs a reason (rule 13)."""
    cycle = _locked(cycle)
    _require_state(cycle, CycleState.REPLY, CycleState.VERIFIED, CycleState.PUBLISHED)
    if not reason.strip():
        raise StepRefused(_("A step back needs a reason."))
    return _step(cycle, CycleState.OPEN, by=by, reason=reason.strip())


@transaction.atomic
def publish_cycle(cycle: ReviewCycle, *, by: User, confirm: bool = False) -> Publication:
    """Freeze the standings of a verified cycle and show them to the units. Raises StepRefused.

    confirm: that lists longer than n + 2 through ties are meant.
    """
    cycle = _locked(cycle)
    if cycle.latest_publication() is not None:
        raise StepRefused(
            _("%(quarter)s is published already; a correction needs its reason.")
            % {"quarter": cycle.quarter.label}
        )
    return _publish(cycle, number=1, reason="", by=by, confirm=confirm)


@for_its("reason")
@transaction.atomic
def correct_publication(cycle: ReviewCycle, *, by: User, reason: str, confirm: bool = False) -> Publication:
    """Publish a cycle again under the next number, with the reason; the earlier one stays (rule 14).

    The cycle was stepped back, mended and verified before. Raises StepRefused.
    """
    cycle = _locked(cycle)
    latest = cycle.latest_publication()
    if latest is None:
        raise StepRefused(
            _("%(quarter)s was never published: there is nothing to correct.")
            % {"quarter": cycle.quarter.label}
        )
    if not reason.strip():
        raise StepRefused(_("A correction needs a reason."))
    return _publish(cycle, number=latest.number + 1, reason=reason.strip(), by=by, confirm=confirm)


def completeness_obstacles(cycle: ReviewCycle) -> list[Obstacle]:
    """What is still missing before entry can close; scored + exempt + unscored = roster."""
    if not cycle.reviews.exists():
        return [Obstacle(ObstacleKind.TAKE_ROSTER, _("No units take part: take the roster first."))]
    unscored = list(cycle.reviews.unscored().select_related("organization").in_own_order())
    if not unscored:
        return []
    names = _(", ").join(review.organization.name for review in unscored[:5])
    text = ngettext(
        "%(count)s unit is not finished and has no reason: %(names)s",
        "%(count)s units are not finished and have no reason: %(names)s",
        len(unscored),
    )
    shown = {"count": len(unscored), "names": names + ("…" if len(unscored) > 5 else "")}
    return [Obstacle(ObstacleKind.FINISH_UNITS, text % shown)]


def reply_obstacles(cycle: ReviewCycle) -> list[Obstacle]:
    """Replies of units that nobody decided on: what is published must not be open to a unit's objection."""
    undecided = Reply.objects.in_cycle(cycle).undecided().count()
    if not undecided:
        return []
    text = ngettext(
        "%(count)s reply of a unit is undecided.", "%(count)s replies of units are undecided.", undecided
    )
    return [Obstacle(ObstacleKind.DECIDE_REPLIES, text % {"count": undecided})]


@transaction.atomic
def change_reply_until(cycle: ReviewCycle, day: datetime.date, *, by: User) -> ReviewCycle:
    """Give the units until another day to reply, today at the earliest; logged. Raises StepRefused."""
    cycle = _locked(cycle)
    _require_state(cycle, CycleState.REPLY)
    if day < timezone.localdate():
        raise StepRefused(_("%(day)s is past: choose today or later.") % {"day": day.isoformat()})
    if day == cycle.reply_until:
        return cycle
    cycle.reply_until = day
    cycle.save(update_fields=["reply_until"])
    reason = _("Units reply until %(day)s.") % {"day": day.isoformat()}
    return _step(cycle, CycleState.REPLY, by=by, reason=reason)


def publication_obstacles(cycle: ReviewCycle, baseline: Publication | None) -> list[Obstacle]:
    """What keeps the standings from being published, in the order in which it is mended."""
    obstacles = []
    if cycle.state == CycleState.DRAFT:
        text = _("%(quarter)s is a draft: open it for entry first.")
        obstacles.append(Obstacle(ObstacleKind.OPEN, text % {"quarter": cycle.quarter.label}))
    else:
        obstacles += [*completeness_obstacles(cycle), *reply_obstacles(cycle)]
    if cycle.baseline is not None and baseline is None:
        text = _("The baseline %(baseline)s is not published yet.")
        shown = {"baseline": cycle.baseline.quarter.label}
        obstacles.append(Obstacle(ObstacleKind.PUBLISH_BASELINE, text % shown))
    if cycle.state not in {CycleState.DRAFT, CycleState.VERIFIED}:
        text = _("%(quarter)s is “%(state)s”: verify it first.")
        shown = {"quarter": cycle.quarter.label, "state": cycle.get_state_display()}
        obstacles.append(Obstacle(ObstacleKind.VERIFY, text % shown))
    return obstacles


def text_obstacles(documents: Mapping[str, Composition]) -> list[Obstacle]:
    """The documents that say what the results do not bear out and nobody accepted. Three queries at most."""
    obstacles = []
    for kind, count in count_open(documents).items():
        text = ngettext(
            "%(document)s: %(count)s place does not agree with the results.",
            "%(document)s: %(count)s places do not agree with the results.",
            count,
        )
        shown = {"document": ReportKind(kind).label, "count": count}
        obstacles.append(Obstacle(ObstacleKind.CHECK_TEXT, text % shown, kind))
    return obstacles


def long_lists_warning(groups: Iterable[tuple[str, Sequence[Placed]]], list_size: int) -> str:
    """A sentence that names the lists which ties made longer than n + 2 (rule 3); empty where none is.

    groups: each group's name and standings.
    """
    labels = {
        ListName.TOP: _("the first places"),
        ListName.LAST: _("the last places"),
        ListName.PROGRESS: _("progress"),
        ListName.SETBACK: _("setback"),
    }
    long_lists = [
        f"{group} {labels[name]}" for group, placed in groups for name in oversized_lists(placed, list_size)
    ]
    if not long_lists:
        return ""
    return _("Ties make these lists longer than %(size)s: %(lists)s. Confirm to publish them so.") % {
        "size": list_size + 2,
        "lists": _("; ").join(long_lists),
    }


def _publish(cycle: ReviewCycle, *, number: int, reason: str, by: User, confirm: bool) -> Publication:
    baseline = baseline_publication(cycle)
    obstacles = publication_obstacles(cycle, baseline)
    if obstacles:
        raise NotReadyToPublish(obstacles)
    reviews = list(cycle.reviews.select_related("organization", "group", "rubric").in_own_order())
    ranked = rank_reviews(cycle, reviews, baseline.standings.all() if baseline else ())
    if not confirm:
        _require_confirmation(cycle, ranked)
    prepared = prepare(cycle, ranked, baseline=baseline, number=number, reason=reason, by=by)
    documents = compositions(prepared)
    if unsettled := text_obstacles(documents):
        raise NotReadyToPublish(unsettled)
    publication = freeze(prepared, frozen_texts(documents))
    _step(cycle, CycleState.PUBLISHED, by=by, reason=reason)
    show_items(cycle, by=by)
    return publication


def _require_confirmation(cycle: ReviewCycle, ranked: list[tuple[Review, Placed]]) -> None:
    groups = [
        (group.name, [entry for __, entry in members])
        for group, members in groupby(ranked, key=lambda pair: pair[0].group)
    ]
    if warning := long_lists_warning(groups, cycle.list_size):
        raise NeedsConfirmation(warning)


def _locked(cycle: ReviewCycle) -> ReviewCycle:
    """The cycle's row, behind which all its steps and all entry queue."""
    locked = ReviewCycle.objects.select_for_update(of=("self",)).select_related("host", "baseline")
    return locked.get(pk=cycle.pk)


def _require_state(cycle: ReviewCycle, *states: CycleState) -> None:
    if cycle.state not in states:
        raise StepRefused(
            _("%(quarter)s is “%(state)s”: this step is not possible now.")
            % {"quarter": cycle.quarter.label, "state": cycle.get_state_display()}
        )


def _step(cycle: ReviewCycle, to_state: CycleState, *, by: User | None, reason: str = "") -> ReviewCycle:
    CycleStep.objects.create(
        cycle=cycle, from_state=cycle.state, to_state=to_state, taken_by=by, reason=reason
    )
    cycle.state = to_state
    cycle.save(update_fields=["state"])
    return cycle
