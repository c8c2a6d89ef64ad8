"""Where a cycle stands: what is scored, what is missing and what comes next. For the host's staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviews.disclosing import ChangedLine, ListClause, changed_lines, list_clauses
from reviews.firmness import Cut
from reviews.models import CycleState, ReportKind, Review, ReviewCycle, ReviewState
from reviews.publishing import (
    Obstacle,
    long_lists_warning,
    publication_obstacles,
    reply_obstacles,
    text_obstacles,
)
from reviews.ranking import ListName
from reviews.report_remarks import documents_written_in
from reviews.standings import (
    GroupStandings,
    baseline_publication,
    baseline_rows,
    cuts_by_group,
    frozen_standings,
    reviews_to_rank,
    standings_of,
)
from reviews.trying import firm_in_brief, firm_lists

LEFT_OUT = frozenset({ReviewState.EXEMPT, ReviewState.NOT_VISITED})


@dataclass(frozen=True)
class Progress:
    """The reviews of one group, or of all. scored + left out + unfinished = roster (rule 8)."""

    name: str
    reviews: tuple[Review, ...]

    @property
    def roster(self) -> int:
        return len(self.reviews)

    @property
    def scored(self) -> tuple[Review, ...]:
        return tuple(review for review in self.reviews if review.state == ReviewState.SCORED)

    @property
    def left_out(self) -> tuple[Review, ...]:
        return tuple(review for review in self.reviews if review.state in LEFT_OUT)

    @property
    def unfinished(self) -> tuple[Review, ...]:
        return tuple(review for review in self.reviews if review.state == ReviewState.UNSCORED)

    @property
    def is_finished(self) -> bool:
        return bool(self.reviews) and not self.unfinished


@dataclass(frozen=True)
class CycleProgress:
    """All groups of a cycle in the host's order, and the whole."""

    whole: Progress
    groups: tuple[Progress, ...]


def progress_of(cycle: ReviewCycle) -> CycleProgress:
    """What is scored and what is missing, by group. One query."""
    reviews = list(cycle.reviews.select_related("organization", "group").in_own_order())
    return CycleProgress(
        whole=Progress(_("All units"), tuple(reviews)),
        groups=tuple(
            Progress(group.name, tuple(members))
            for group, members in groupby(reviews, key=lambda review: review.group)
        ),
    )


@dataclass(frozen=True)
class StepMark:
    """One state of rule 13 in the bar of steps. state: done, current, todo or skipped."""

    label: str
    state: str
    note: str = ""
    url: str = ""


def step_marks(cycle: ReviewCycle) -> list[StepMark]:
    """The states a cycle goes through, with where it is now; the reply stage only where it has one."""
    states = [state for state in CycleState if state != CycleState.REPLY or cycle.reply_stage]
    order = list(CycleState)
    now = order.index(CycleState(cycle.state))
    marks = []
    for state in states:
        place = order.index(state)
        is_done = place < now or cycle.state == CycleState.PUBLISHED
        if is_done and state == CycleState.REPLY and not cycle.steps.filter(to_state=state).exists():
            marks.append(StepMark(str(state.label), "skipped", note=_("skipped")))
            continue
        marks.append(StepMark(str(state.label), "done" if is_done else "current" if place == now else "todo"))
    return marks


def correction_reason(cycle: ReviewCycle) -> str:
    """Why a published cycle, fetched `with_publications`, was opened again; empty while none is corrected."""
    if not cycle.is_being_corrected:
        return ""
    step = cycle.steps.filter(from_state=CycleState.PUBLISHED).order_by("-pk").first()
    return step.reason if step else ""


@dataclass(frozen=True)
class DocumentLink:
    """The way to one document of a cycle."""

    label: str
    url: str


@dataclass(frozen=True)
class NextStep:
    """The one thing to do next about a cycle, and the page where it is done. documents: to be written or
    read meanwhile.
    """

    title: str
    text: str
    label: str
    url: str
    documents: tuple[DocumentLink, ...] = ()


def next_step(cycle: ReviewCycle, progress: CycleProgress) -> NextStep:
    """What to do next: open, import, verify, publish, or read what was published."""
    detail = cycle.get_absolute_url()
    if cycle.state == CycleState.DRAFT:
        text = _("Opening takes every active unit with its group and rubric.")
        return NextStep(_("Open the cycle for entry"), text, _("Open"), detail)
    if cycle.takes_scores and (step := _about_replies(cycle)):
        return step
    if cycle.takes_scores and not progress.whole.is_finished:
        missing = len(progress.whole.unfinished)
        text = ngettext("%(count)s unit is not finished.", "%(count)s units are not finished.", missing)
        address = reverse("reviews:import", args=[cycle.quarter])
        return NextStep(_("Bring in the scores"), text % {"count": missing}, _("Import scores"), address)
    if cycle.takes_scores:
        text = _("Every unit is scored or has its reason.")
        return NextStep(_("Verify and close entry"), text, _("Verify"), detail, documents_to_write(cycle))
    if cycle.state == CycleState.VERIFIED:
        address = reverse("reviews:cycle-publish", args=[cycle.quarter])
        text = _("Write the circular and the speech, check the four lists, then publish.")
        label = _("Check and publish")
        return NextStep(label, text, label, address, documents_to_write(cycle))
    address = reverse("reviews:report", args=[cycle.quarter, "circular"])
    speech = DocumentLink(
        str(ReportKind.SPEECH.label), reverse("reviews:report", args=[cycle.quarter, "speech"])
    )
    text = _("The circular is ready to print.")
    return NextStep(_("Published"), text, _("Circular"), address, (speech,))


def documents_to_write(cycle: ReviewCycle) -> tuple[DocumentLink, ...]:
    """The composers of a cycle's documents; none while it is a draft or once it is published."""
    if cycle.state in {CycleState.DRAFT, CycleState.PUBLISHED}:
        return ()
    labels = {ReportKind.CIRCULAR: _("Write the circular"), ReportKind.SPEECH: _("Write the speech")}
    return tuple(
        DocumentLink(label, reverse("reviews:report", args=[cycle.quarter, kind]))
        for kind, label in labels.items()
    )


def _about_replies(cycle: ReviewCycle) -> NextStep | None:
    """To decide on the replies of the units, or to wait for them; None outside their time."""
    address = reverse("reviews:reply-list", args=[cycle.quarter])
    if obstacles := reply_obstacles(cycle):
        return NextStep(_("Decide on the replies"), obstacles[0].text, _("To the replies"), address)
    if cycle.reply_until is None or not cycle.takes_replies(timezone.localdate()):
        return None
    text = _("Each unit sees its own deductions and may reply until %(day)s.")
    shown = {"day": cycle.reply_until.isoformat()}
    return NextStep(_("The units reply"), text % shown, _("To the replies"), address)


@dataclass(frozen=True)
class PreviewGroup:
    """One group's lists as they would be published, and in a line each how firm they are."""

    name: str
    ranked: int
    unranked: int
    clauses: tuple[ListClause, ...]
    firm: tuple[str, ...]


@dataclass(frozen=True)
class PublicationPreview:
    """What publishing now would say. warning: names lists that ties made too long; empty where none is.

    is_compared: whether an earlier quarter was published, without which there are no lists of progress.
    """

    groups: tuple[PreviewGroup, ...]
    obstacles: list[Obstacle]
    warning: str
    is_correction: bool
    is_compared: bool
    changes: tuple[ChangedLine, ...]


def preview_publication(cycle: ReviewCycle) -> PublicationPreview:
    """Work out what publishing this cycle would say, beside what was published before."""
    reviews, rows = reviews_to_rank(cycle), baseline_rows(cycle)
    standings, cuts = standings_of(cycle, reviews, rows), cuts_by_group(cycle, reviews, rows)
    latest = cycle.latest_publication()
    placed = [(group.name, [line.placed for line in group.lines]) for group in standings.groups]
    return PublicationPreview(
        groups=tuple(_preview(group, cycle, cuts[group.name]) for group in standings.groups),
        obstacles=[
            *publication_obstacles(cycle, baseline_publication(cycle)),
            *text_obstacles(documents_written_in(cycle)),
        ],
        warning=long_lists_warning(placed, cycle.list_size),
        is_correction=latest is not None,
        is_compared=standings.baseline is not None,
        changes=changed_lines(frozen_standings(latest), standings) if latest else (),
    )


def _preview(group: GroupStandings, cycle: ReviewCycle, cuts: Mapping[ListName, Cut]) -> PreviewGroup:
    clauses = list_clauses(group, list_size=cycle.list_size, measure=cycle.measure)
    firm = firm_in_brief(firm_lists(group, cuts))
    return PreviewGroup(group.name, len(group.ranked), len(group.unranked), clauses, firm)
