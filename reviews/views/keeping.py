"""Pages of a publication, which the reader's browser may keep; of drafts it keeps nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse

from organizations.requests import SignedInRequest
from organizations.revalidating import unless_kept
from reviews.models import Publication, ReviewCycle


def kept_if_published(
    request: SignedInRequest,
    cycle: ReviewCycle,
    publication: Publication | None,
    answer: Callable[[], HttpResponse],
    *more: object,
) -> HttpResponse:
    """The answer to a reader who may read this publication; publication: None for a draft.

    Beside it a page tells whether it was corrected since, whether a correction is being prepared, and
    what the cycle lets units see. more: what else it tells that can change.
    """
    if publication is None:
        return answer()
    corrected = (cycle.latest_number, cycle.published_at)
    shown = (publication.digest, corrected, cycle.state, cycle.disclosure, *more)
    return unless_kept(request, *shown, answer=answer)
