"""How every view of a cycle comes by its rows: through `visible_to`, in the host the user works in."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404

from organizations.hosts import host_of
from organizations.models import Organization
from organizations.permissions import can_see_originals, require
from organizations.quarter import Quarter
from organizations.requests import SignedInRequest
from reviews.models import (
    Draw,
    HeadingMeaning,
    ImportBatch,
    ReplyFile,
    Review,
    ReviewCycle,
    Rubric,
    Visit,
    VisitPhoto,
)
from reviews.permissions import (
    can_enter_scores,
    can_plan_visits,
    can_publish,
    can_read_work,
    can_record_visit,
    can_run_cycles,
    can_see_draft,
    can_see_visits,
)


def host_to_run(request: SignedInRequest) -> Organization:
    """The host, for those who run its cycles, rubrics and settings; 403 for its other people and units."""
    host = host_of(request)
    require(can_run_cycles(request.user, host))
    return host


def host_to_read(request: SignedInRequest) -> Organization:
    """The host, for those who may read what its staff work with."""
    host = host_of(request)
    require(can_read_work(request.user, host))
    return host


def visible_cycle(request: SignedInRequest, quarter: Quarter) -> ReviewCycle:
    """The host's cycle of this quarter as far as the user may know of it; else 404, as if there were none."""
    cycles = ReviewCycle.objects.visible_to(request.user).of_host(host_of(request)).in_quarter(quarter)
    return get_object_or_404(cycles.select_related("host", "baseline").with_publications())


def cycle_to_run(request: SignedInRequest, quarter: Quarter) -> ReviewCycle:
    """A cycle that the user moves from state to state; 403 for those who only see it."""
    cycle = visible_cycle(request, quarter)
    require(can_publish(request.user, cycle))
    return cycle


def cycle_to_write(request: SignedInRequest, quarter: Quarter) -> ReviewCycle:
    """A cycle whose documents are being written; 403 for those who read them once they are published."""
    cycle = visible_cycle(request, quarter)
    require(can_publish(request.user, cycle))
    return cycle


def cycle_to_read(request: SignedInRequest, quarter: Quarter) -> ReviewCycle:
    """The cycle, for those who may read what is not published yet; 403 for others who see it."""
    cycle = visible_cycle(request, quarter)
    require(can_see_draft(request.user, cycle))
    return cycle


def cycle_to_fill(request: SignedInRequest, quarter: Quarter) -> ReviewCycle:
    """A cycle that the user brings scores into; 403 for those who only see it."""
    cycle = visible_cycle(request, quarter)
    require(can_enter_scores(request.user, cycle))
    return cycle


def visible_review(request: SignedInRequest, cycle: ReviewCycle, organization: int) -> Review:
    """One unit's review in the cycle, or 404."""
    reviews = cycle.reviews.visible_to(request.user).select_related("organization", "group", "rubric")
    return get_object_or_404(reviews, organization=organization)


def visible_batch(request: SignedInRequest, cycle: ReviewCycle, pk: int) -> ImportBatch:
    """One workbook uploaded for the cycle, or 404."""
    batches = cycle.batches.visible_to(request.user).select_related("uploaded_by", "undone_by", "cycle")
    return get_object_or_404(batches, pk=pk)


def visible_meaning(request: SignedInRequest, cycle: ReviewCycle, pk: int) -> HeadingMeaning:
    """One heading that the cycle's host remembers, or 404."""
    return get_object_or_404(HeadingMeaning.objects.visible_to(request.user).of_host(cycle.host), pk=pk)


def visible_rubric(request: SignedInRequest, pk: int) -> Rubric:
    """One version of a rubric of the host, or 404."""
    rubrics = Rubric.objects.visible_to(request.user).of_host(host_of(request))
    return get_object_or_404(rubrics.select_related("group", "host"), pk=pk)


def host_to_visit(request: SignedInRequest) -> Organization:
    """The host, for its staff and inspectors; 403 for its other people and units, whatever is planned."""
    host = host_of(request)
    require(can_plan_visits(request.user, host))
    return host


def host_visited_for(request: SignedInRequest) -> Organization:
    """The host, for those who may know of its visits."""
    host = host_of(request)
    require(can_see_visits(request.user, host))
    return host


def visible_visit(request: SignedInRequest, pk: int) -> Visit:
    """One visit of the host, or 404: for a visited unit there is none (rule 16)."""
    visits = Visit.objects.visible_to(request.user).of_host(host_of(request))
    return get_object_or_404(visits.with_names().select_related("cycle__host", "recorded_by", "draw"), pk=pk)


def held_visit_to_decide(request: SignedInRequest, pk: int) -> Visit:
    """A visit of the host, for its staff; 403 for its inspectors. Whether it is held is the deed's to say."""
    visit = visible_visit(request, pk)
    require(can_run_cycles(request.user, visit.cycle.host))
    return visit


def sent_visit(request: SignedInRequest, key: UUID) -> Visit:
    """The visit that a phone's record under this key became, for those who may record it; else 404 or 403."""
    visits = Visit.objects.visible_to(request.user).with_names().select_related("cycle__host")
    visit = get_object_or_404(visits, client_uuid=key)
    require(can_record_visit(request.user, visit))
    return visit


def visit_to_record(request: SignedInRequest, cycle: ReviewCycle, pk: int) -> Visit:
    """The planned visit that a phone's record is of, for those who are to make it; else 404 or 403."""
    visits = Visit.objects.visible_to(request.user).with_names().select_related("cycle__host")
    visit = get_object_or_404(visits, pk=pk, cycle=cycle)
    require(can_record_visit(request.user, visit))
    return visit


def cycle_of_record(request: SignedInRequest, pk: int) -> ReviewCycle:
    """The cycle a phone's record is for: of any host that the user makes visits for; else 404 or 403."""
    cycles = ReviewCycle.objects.visible_to(request.user).select_related("host")
    cycle = get_object_or_404(cycles, pk=pk)
    require(can_plan_visits(request.user, cycle.host))
    return cycle


def visible_draw(request: SignedInRequest, pk: int) -> Draw:
    """One draw of the host, or 404."""
    draws = Draw.objects.visible_to(request.user).of_host(host_of(request))
    return get_object_or_404(draws.select_related("cycle", "drawn_by"), pk=pk)


def visible_photo(request: SignedInRequest, pk: int) -> VisitPhoto:
    """One photo of a visit, or 404."""
    return get_object_or_404(VisitPhoto.objects.visible_to(request.user), pk=pk)


def photo_with_original(request: SignedInRequest, pk: int) -> VisitPhoto:
    """One photo of a visit, for those who may have it as it was sent; 403 for the others who see it."""
    photo = visible_photo(request, pk)
    require(can_see_originals(request.user, photo.visit.cycle.host))
    return photo


def visible_reply_file(request: SignedInRequest, pk: int) -> ReplyFile:
    """One file of a reply, or 404."""
    return get_object_or_404(ReplyFile.objects.visible_to(request.user), pk=pk)


def reply_file_with_original(request: SignedInRequest, pk: int) -> ReplyFile:
    """One file of a reply, for those who may have it as it was sent; 403 for the unit."""
    file = visible_reply_file(request, pk)
    require(can_see_originals(request.user, file.step.reply.deduction.review.cycle.host))
    return file
