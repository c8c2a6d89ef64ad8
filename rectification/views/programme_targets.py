"""One target of a programme: what its unit reports, what the staff confirm, its sessions and files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from files.answers import kept_file, original_file
from files.kinds import FileRefused
from files.pictures import PhotoRefused
from organizations.permissions import can_see_originals
from organizations.requests import SignedInRequest
from organizations.responses import UNPROCESSABLE
from rectification.models import ProgrammeEntry, ProgrammeSession, Target, Task
from rectification.programme_rules import Kind
from rectification.programme_stepping import Said, take
from rectification.programme_target import TARGET_FORMS, TASK_FORMS, Bound, sheet_of
from rectification.programme_work import call_off_session, confirm_all, record_session
from rectification.programme_work_forms import ReasonForm, SessionForm, new_files
from rectification.stepping import StepRefused
from rectification.views.programme_fetching import (
    file_with_original,
    session_to_step,
    target_to_step,
    task_to_step,
    visible_file,
    visible_target,
)

REFUSALS = (StepRefused, FileRefused, PhotoRefused)


@require_safe
def detail(request: SignedInRequest, pk: int, target: int) -> HttpResponse:
    """A target with its rows and its log."""
    return _detail(request, visible_target(request, pk, target))


def _detail(request: SignedInRequest, target: Target, bound: Bound | None = None) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "target": target,
        "programme": target.programme,
        "sheet": sheet_of(target, request.user, bound),
        "late": target.days_overdue(today),
        "may_see_originals": can_see_originals(request.user, target.programme.host),
        "is_orphaned": not (target.is_out or target.is_done or target.unit.is_active(today)),
    }
    status = UNPROCESSABLE if bound else 200
    return render(request, "rectification/programme_target.html", context, status=status)


@require_POST
def target_step(request: SignedInRequest, pk: int, target: int, kind: Kind) -> HttpResponse:
    """A step of the target itself: persons, more time, demonstration site, taking out and putting back."""
    subject = target_to_step(request, pk, target, kind)
    name = f"target-{kind.value.replace('_', '-')}"
    form = TARGET_FORMS[kind](request.POST, subject=subject, name=name)
    return _taken(request, subject, form, (kind, subject.pk), lambda: _take(request, subject, kind, form))


@require_POST
def task_step(request: SignedInRequest, pk: int, kind: Kind) -> HttpResponse:
    """A step of one row: reporting, a note, confirming, sending back, reopening."""
    target, task = task_to_step(request, pk, kind)
    task.target = target
    name = f"task-{task.pk}-{kind.value.replace('_', '-')}"
    form = TASK_FORMS[kind](request.POST, request.FILES, subject=task, name=name)
    return _taken(request, target, form, (kind, task.pk), lambda: _take(request, task, kind, form))


def _take(request: SignedInRequest, subject: Target | Task, kind: Kind, form: Any) -> ProgrammeEntry:
    given = form.cleaned_data
    said = Said(
        text=given.get("reason") or given.get("text") or "",
        responsible=given.get("responsible", ""),
        helper=given.get("helping", ""),
        value=given.get("percent"),
        due_on=given.get("due_on"),
        files=new_files(given.get("evidence", [])),
    )
    return take(subject, kind, said, by=request.user, seen=given["seen"])


@require_POST
def confirm_rows(request: SignedInRequest, pk: int, target: int) -> HttpResponse:
    """Confirm all reported rows of a target that the user had seen."""
    subject = target_to_step(request, pk, target, Kind.CONFIRM)
    pairs = (value.split("-") for value in request.POST.getlist("seen"))
    seen = {
        int(pair[0]): int(pair[1])
        for pair in pairs
        if len(pair) == 2 and all(each.isascii() and each.isdigit() and len(each) < 18 for each in pair)
    }
    try:
        confirmed = confirm_all(subject, by=request.user, seen=seen)
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    else:
        said = ngettext("%(number)s row is confirmed.", "%(number)s rows are confirmed.", confirmed)
        messages.success(request, said % {"number": confirmed})
    return redirect(subject)


@require_POST
def new_session(request: SignedInRequest, pk: int) -> HttpResponse:
    """Plan a session of a row, or record one that was held."""
    target, task = task_to_step(request, pk, Kind.HOLD)
    task.target = target
    form = SessionForm(request.POST, request.FILES, subject=task, name=f"task-{task.pk}-hold")
    deed = _recording(request, task, form)
    return _taken(request, target, form, (Kind.HOLD, task.pk), deed)


@require_POST
def hold_session(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say that a planned session was held, or plan it otherwise."""
    target, task, session = session_to_step(request, pk, Kind.HOLD)
    form = SessionForm(
        request.POST, request.FILES, subject=task, session=session, name=f"session-{session.pk}"
    )
    deed = _recording(request, task, form, session)
    return _taken(request, target, form, (Kind.PLAN, session.pk), deed)


def _recording(
    request: SignedInRequest, task: Task, form: SessionForm, session: ProgrammeSession | None = None
) -> Callable[[], ProgrammeEntry]:
    return lambda: record_session(
        task,
        form.details(),
        by=request.user,
        seen=form.cleaned_data["seen"],
        session=session,
        files=new_files(form.cleaned_data["evidence"]),
    )


@require_POST
def call_off(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say that a session is not held, or was recorded by mistake."""
    target, task, session = session_to_step(request, pk, Kind.CALL_OFF)
    form = ReasonForm(request.POST, subject=task, name=f"session-{session.pk}-off")

    def deed() -> ProgrammeEntry:
        given = form.cleaned_data
        return call_off_session(session, given["reason"], by=request.user, seen=given["seen"])

    return _taken(request, target, form, (Kind.CALL_OFF, session.pk), deed)


def _taken(
    request: SignedInRequest,
    target: Target,
    form: Any,
    where: tuple[Kind, int],
    deed: Callable[[], ProgrammeEntry],
) -> HttpResponse:
    """Do it and lead back to the target; else the page once more, with the form open and what is wrong."""
    if form.is_valid():
        try:
            entry = deed()
        except REFUSALS as refusal:
            messages.error(request, str(refusal))
        else:
            subject = entry.task.row.name if entry.task else target.organization.name
            said = _("%(serial)s: %(step)s.") % {"serial": subject, "step": entry.get_kind_display()}
            messages.success(request, said)
            return redirect(target)
    return _detail(request, visible_target(request, target.programme_id, target.pk), {where: form})


@require_safe
def file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """A file as the type it was found to be and nothing else; what is no photo is saved, not shown."""
    return kept_file(request, visible_file(request, pk))


@require_safe
def file_original(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """A photo as it was sent, but for its place; to save."""
    return original_file(request, file_with_original(request, pk))
