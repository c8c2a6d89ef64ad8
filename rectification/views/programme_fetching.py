"""How every view of programmes comes by its rows: through `visible_to`, in the host the user works in."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404

from organizations.hosts import host_of
from organizations.models import Organization
from organizations.permissions import can_see_originals, require
from organizations.requests import SignedInRequest
from rectification.models import (
    Programme,
    ProgrammeFile,
    ProgrammeSession,
    ProgrammeTemplate,
    Target,
    Task,
)
from rectification.programme_permissions import (
    can_run_programmes,
    parts_in_programme,
    parts_in_target,
)
from rectification.programme_rules import RULES, Kind
from rectification.programme_templates import Template, template_of


def host_to_assign(request: SignedInRequest) -> Organization:
    """The host, for those who assign its work; 403 for its other people and units."""
    host = host_of(request)
    require(can_run_programmes(request.user, host))
    return host


def visible_programme(request: SignedInRequest, pk: int) -> Programme:
    """One programme of the host, or 404."""
    programmes = Programme.objects.visible_to(request.user).of_host(host_of(request))
    return get_object_or_404(programmes.with_names().prefetch_related("due_classes"), pk=pk)


def programme_to_run(request: SignedInRequest, pk: int, kind: Kind | None = None) -> Programme:
    """A programme that the user assigns work with; 403 for those who only see it."""
    programme = visible_programme(request, pk)
    by = RULES[kind].by if kind else None
    require(can_run_programmes(request.user, programme.host))
    require(by is None or bool(parts_in_programme(request.user, programme) & by))
    return programme


def visible_target(request: SignedInRequest, programme: int, pk: int) -> Target:
    """One target of a programme of the host, or 404: for another unit there is none."""
    targets = Target.objects.visible_to(request.user).of_host(host_of(request)).of_programme(programme)
    return get_object_or_404(targets.with_names().select_related("programme__host"), pk=pk)


def target_to_step(request: SignedInRequest, programme: int, pk: int, kind: Kind) -> Target:
    """A target with which the user takes this step; 403 for those to whom it is never open."""
    target = visible_target(request, programme, pk)
    require(bool(parts_in_target(request.user, target) & RULES[kind].by))
    return target


def task_to_step(request: SignedInRequest, pk: int, kind: Kind) -> tuple[Target, Task]:
    """A task, among its target's, with which the user takes this step; else 404 or 403."""
    task = get_object_or_404(Task.objects.visible_to(request.user).select_related("target"), pk=pk)
    target = target_to_step(request, task.target.programme_id, task.target_id, kind)
    return target, next(each for each in target.tasks.all() if each.pk == pk)


def session_to_step(request: SignedInRequest, pk: int, kind: Kind) -> tuple[Target, Task, ProgrammeSession]:
    """A session, with its task among its target's; else 404 or 403."""
    session = get_object_or_404(ProgrammeSession.objects.visible_to(request.user), pk=pk)
    target, task = task_to_step(request, session.task_id, kind)
    session.task = task
    task.target = target
    return target, task, session


def visible_file(request: SignedInRequest, pk: int) -> ProgrammeFile:
    """One file of a target that the user sees, or 404."""
    return get_object_or_404(ProgrammeFile.objects.visible_to(request.user), pk=pk)


def file_with_original(request: SignedInRequest, pk: int) -> ProgrammeFile:
    """One file of a target, for those who may have it as it was sent; 403 for the others who see it."""
    kept = visible_file(request, pk)
    require(can_see_originals(request.user, kept.entry.programme.host))
    return kept


def own_template(request: SignedInRequest, pk: int) -> ProgrammeTemplate:
    """A template of the host's own, for its staff; else 403 or 404."""
    host = host_to_assign(request)
    return get_object_or_404(ProgrammeTemplate.objects.visible_to(request.user).of_host(host), pk=pk)


def template_to_use(host: Organization, key: str) -> Template:
    """A template the host can start from, or 404."""
    template = template_of(host, key)
    if template is None:
        raise Http404
    return template
