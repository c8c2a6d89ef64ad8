"""The reply stage: a unit replies to its deductions, the host's staff decide on each reply once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from files.answers import kept_file, original_file
from files.kinds import FileRefused
from files.pictures import PhotoRefused
from organizations.hosts import host_of
from organizations.permissions import require
from organizations.quarter import Quarter
from organizations.requests import SignedInRequest
from organizations.responses import CONFLICT, UNPROCESSABLE
from reviews.models import CycleState, Deduction, Reply, ReplyStepKind, Review, ReviewCycle
from reviews.permissions import can_decide_reply, can_publish, can_read_replies, can_reply
from reviews.publishing import StepRefused, change_reply_until
from reviews.recording import EntryClosed
from reviews.replies import by_unit, days_left, reply_counts, unit_replies
from reviews.reply_forms import DecisionForm, ReplyFilter, ReplyForm, ReplyUntilForm
from reviews.replying import ReplyChanged, ReplyOver, ReplyRefused, decide_reply, over_message, send_reply
from reviews.reports.wording import short_points
from reviews.views.fetching import (
    cycle_to_read,
    cycle_to_run,
    reply_file_with_original,
    visible_cycle,
    visible_reply_file,
    visible_review,
)

REPLIES_A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def of_unit(request: SignedInRequest, quarter: Quarter, pk: int) -> HttpResponse:
    """A unit's deductions, each with what it replied and what was decided; it replies here."""
    if request.method == "POST" and (over := _over(request, quarter, pk)):
        return over
    review = visible_review(request, visible_cycle(request, quarter), pk)
    require(can_read_replies(request.user, review))
    if request.method != "POST":
        return _unit_page(request, review)
    require(can_reply(request.user, review))
    deduction = get_object_or_404(review.deductions, pk=_key(request.POST.get("deduction", "")))
    form = ReplyForm(request.POST, request.FILES, deduction=deduction.pk)
    if not form.is_valid():
        return _unit_page(request, review, form, status=UNPROCESSABLE)
    try:
        send_reply(
            deduction,
            form.cleaned_data["text"],
            form.files_sent(),
            by=request.user,
            client_uuid=form.cleaned_data["client_uuid"],
        )
    except (FileRefused, PhotoRefused) as refusal:
        form.add_error("evidence", str(refusal))
    except ReplyOver as refusal:
        messages.error(request, str(refusal))
        return redirect("reviews:unit-replies", quarter, pk)
    except ReplyRefused as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, _("Your reply is sent."))
        return redirect(f"{reverse('reviews:unit-replies', args=[quarter, pk])}#d{deduction.pk}")
    return _unit_page(request, review, form, status=UNPROCESSABLE)


@require_safe
def of_cycle(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """All replies of a quarter, unit by unit, for the staff who decide on them and those who read along."""
    return _board(request, cycle_to_read(request, quarter))


@require_POST
def decide(request: SignedInRequest, quarter: Quarter, pk: int) -> HttpResponse:
    """Accept one reply, or keep the deduction."""
    cycle = cycle_to_run(request, quarter)
    replies = Reply.objects.visible_to(request.user).in_cycle(cycle).with_names()
    reply = get_object_or_404(replies, pk=pk)
    require(can_decide_reply(request.user, reply))
    form = _decision_form(reply, request.POST)
    if not form.is_valid():
        return _board(request, cycle, form, reply, status=UNPROCESSABLE)
    given = form.cleaned_data
    try:
        decided = decide_reply(
            reply,
            ReplyStepKind(given["decision"]),
            given["reason"],
            seen=given["seen"],
            full_marks=given.get("full_marks", False),
            by=request.user,
        )
    except ReplyChanged as change:
        return _changed(request, cycle, get_object_or_404(replies, pk=pk), str(change))
    except (ReplyRefused, EntryClosed) as refusal:
        form.add_error(None, str(refusal))
        return _board(request, cycle, form, reply, status=UNPROCESSABLE)
    said = _("%(unit)s: %(decision)s.")
    unit = reply.deduction.review.organization
    messages.success(request, said % {"unit": unit, "decision": decided.get_state_display()})
    return redirect(f"{reverse('reviews:reply-list', args=[quarter])}?{request.GET.urlencode()}")


@require_POST
def until(request: SignedInRequest, quarter: Quarter) -> HttpResponse:
    """Give the units until another day."""
    cycle = cycle_to_run(request, quarter)
    form = ReplyUntilForm(request.POST)
    if not form.is_valid():
        return _board(request, cycle, until_form=form, status=UNPROCESSABLE)
    try:
        change_reply_until(cycle, form.cleaned_data["until"], by=request.user)
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    else:
        day = form.cleaned_data["until"].isoformat()
        messages.success(request, _("Units reply until %(day)s.") % {"day": day})
    return redirect("reviews:reply-list", quarter)


@require_safe
def file(request: SignedInRequest, quarter: Quarter, pk: int) -> HttpResponseBase:
    """A photo to look at or a document to save, as the type it was found to be."""
    visible_cycle(request, quarter)
    return kept_file(request, visible_reply_file(request, pk))


@require_safe
def file_original(request: SignedInRequest, quarter: Quarter, pk: int) -> HttpResponseBase:
    """A photo as it was sent, but for its place; to save."""
    visible_cycle(request, quarter)
    return original_file(request, reply_file_with_original(request, pk))


def _over(request: SignedInRequest, quarter: Quarter, pk: int) -> HttpResponse | None:
    """Somebody was still writing when the stage ended: to be told so, rather than that there is no such page.

    Whoever was never asked to reply to this quarter gets the same answer as for one that does not exist.
    """
    cycles = ReviewCycle.objects.of_host(host_of(request)).in_quarter(quarter)
    asked = cycles.once_in_reply().reviewing(request.user.access.answered_unit_ids & {pk}).first()
    if asked is None or ReviewCycle.objects.visible_to(request.user).contains(asked):
        return None
    messages.error(request, over_message(asked))
    return redirect("reviews:dashboard")


def _unit_page(
    request: SignedInRequest, review: Review, sent: ReplyForm | None = None, *, status: int = 200
) -> HttpResponse:
    def form_of(deduction: Deduction) -> ReplyForm:
        is_sent = sent is not None and sent.data.get("deduction") == str(deduction.pk)
        return sent if sent is not None and is_sent else ReplyForm(deduction=deduction.pk)

    may_reply = can_reply(request.user, review)
    page = unit_replies(review, timezone.localdate(), form_of if may_reply else None)
    context = {"cycle": review.cycle, "review": review, "page": page, "may_reply": may_reply}
    return render(request, "reviews/unit_replies.html", context, status=status)


def _board(
    request: SignedInRequest,
    cycle: ReviewCycle,
    sent: DecisionForm | None = None,
    decided: Reply | None = None,
    *,
    until_form: ReplyUntilForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """sent, decided: the decision that comes back with what is wrong with it, and the reply it is about."""

    def form_of(reply: Reply) -> DecisionForm:
        return sent if sent is not None and reply == decided else _decision_form(reply)

    runs = can_publish(request.user, cycle)
    decides = runs and cycle.takes_scores
    filter_form = ReplyFilter(request.GET, cycle=cycle)
    replies = Reply.objects.visible_to(request.user).in_cycle(cycle).with_names().in_own_order()
    page = Paginator(filter_form.narrowed(replies), REPLIES_A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "cycle": cycle,
        "counts": reply_counts(cycle),
        "filter_form": filter_form,
        "page": page,
        "parts": by_unit(list(page), request.user, form_of if decides else None),
        "days_left": days_left(cycle, timezone.localdate()),
        "until_form": until_form or ReplyUntilForm(initial={"until": cycle.reply_until}),
        "may_set_until": cycle.state == CycleState.REPLY and runs,
    }
    return render(request, "reviews/reply_list.html", context, status=status)


def _changed(request: SignedInRequest, cycle: ReviewCycle, reply: Reply, change: str) -> HttpResponse:
    """The replies as they are by now, who was faster, and what was typed, where there is still to decide."""
    if not reply.is_open:
        messages.error(request, change)
        return _board(request, cycle, status=CONFLICT)
    again = request.POST.copy()
    again["seen"] = str(reply.version)
    form = _decision_form(reply, again)
    form.add_error(None, change)
    return _board(request, cycle, form, reply, status=CONFLICT)


def _decision_form(reply: Reply, data: Any = None) -> DecisionForm:
    points = short_points(reply.deduction.indicator.full_marks) if reply.only_one else ""
    return DecisionForm(data, reply=reply.pk, seen=reply.version, full_marks=points)


def _key(text: str) -> int:
    """A row's key out of a form; 404 for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Http404
    return int(text)
