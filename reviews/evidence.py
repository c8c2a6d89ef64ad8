"""Add photos to a visit that was recorded, or to one of its deductions.

They are evidence and change no points, so they may come in any state of the cycle, also after publication.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from files.limits import MOST_PHOTOS
from files.pictures import PhotoRefused
from organizations.models import User
from reviews.models import Deduction, ReviewCycle, Visit, VisitPhoto
from reviews.photos import NewPhoto, kept_photos
from reviews.visiting import VisitRefused


def add_photos(
    visit: Visit, photos: Sequence[NewPhoto], deduction: Deduction | None = None, *, by: User
) -> int:
    """Keep these photos with the visit, as proof of one of its deductions where that is given; how many.

    One that is there already is not kept twice. Raises PhotoRefused or VisitRefused; then none is kept.
    """
    with kept_photos(photos, visit.cycle.host) as rows, transaction.atomic():
        ReviewCycle.objects.select_for_update().get(pk=visit.cycle_id)
        visit = Visit.objects.get(pk=visit.pk)
        if not visit.is_done:
            raise VisitRefused(_("Photos can be added once the visit is recorded."))
        if deduction is not None and deduction.visit_id != visit.pk:
            raise VisitRefused(_("This deduction is not one of this visit."))
        there = set(visit.photos.values_list("sent_sha256", "deduction"))
        new = {(row.sent_sha256, deduction and deduction.pk): row for row in rows}
        added = [row for key, row in new.items() if key not in there]
        _require_room(visit, len(added))
        for row in added:
            row.visit, row.deduction, row.added_by = visit, deduction, by
        VisitPhoto.objects.bulk_create(added)
    return len(added)


def _require_room(visit: Visit, more: int) -> None:
    kept = visit.photos.count()
    if kept + more > MOST_PHOTOS:
        message = _("At most %(limit)s photos belong to one visit; this one has %(kept)s.")
        raise PhotoRefused(message % {"limit": MOST_PHOTOS, "kept": kept})
