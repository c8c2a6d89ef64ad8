"""Would the permission matrix see a hole? Twelve are opened, one after the other; each must be found.

A hole is what somebody does by mistake on a busy day: a queryset without `visible_to`, a guard that is asked
of reading and not of writing, an address that nobody wrote into the table.
"""

from __future__ import annotations

from contextlib import ExitStack
from unittest.mock import patch

import pytest
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import clear_url_caches, path

from organizations.administration import AdministrationSite as Administration
from organizations.models import Access, OrganizationQuerySet
from rectification.models import Evidence
from reviews.models.review import ReviewQuerySet
from reviews.models.visit import VisitPhotoQuerySet
from tests import matrix
from tests.factories.reach import Reach

pytestmark = (pytest.mark.django_db, pytest.mark.any_database)


def everything(rows, user):
    """A queryset that forgot whose rows they are."""
    return rows.all()


def allowed(*args: object) -> bool:
    """A guard that lets everybody through."""
    return True


def leaks(everybody: Reach, *names: str) -> list[str]:
    """What the matrix says of these addresses."""
    chosen = [case for case in matrix.cases(everybody) if case.name in names]
    assert chosen, names
    return matrix.ask_all(everybody, chosen).leaks


def test_without_a_hole_the_same_addresses_have_no_leak(everybody):
    assert (
        leaks(everybody, *sorted({name for _patches, names, _leak in HOLES.values() for name in names})) == []
    )


HOLES = {
    "another unit's page by its key": (
        [lambda: patch.object(OrganizationQuerySet, "visible_to", everything)],
        ["organizations:unit-detail"],
        "secretary: GET organizations:unit-detail (other): ok, not 404",
    ),
    "another unit's evidence": (
        [lambda: patch.object(Evidence.objects.all().__class__, "visible_to", everything)],
        ["rectification:evidence"],
        "secretary: GET rectification:evidence (other, for host): ok, not 404",
    ),
    "a photo of a visit": (
        [
            lambda: patch.object(VisitPhotoQuerySet, "visible_to", everything),
        ],
        ["reviews:visit-photo"],
        "leader: GET reviews:visit-photo (made): ok, not 404",
    ),
    "the review of another unit, with its chart": (
        [
            lambda: patch.object(ReviewQuerySet, "visible_to", everything),
        ],
        ["reviews:review-detail"],
        "secretary: GET reviews:review-detail (published other): ok, not 404",
    ),
    "an export before publication": (
        [lambda: patch("reviews.disclosing.can_see_draft", allowed)],
        ["reviews:standings-export"],
        "leader: GET reviews:standings-export (verified): ok, not 404",
    ),
    "the print view before publication": (
        [lambda: patch("reviews.views.reports.can_see_draft", allowed)],
        ["reviews:report-print"],
        "leader: GET reviews:report-print (verified): ok, not 404",
    ),
    "a deed that only its page guards": (
        [lambda: patch("rectification.views.items.has_part_in", allowed)],
        ["rectification:item-note"],
        "auditor: POST rectification:item-note (own, for host): ok, not 403",
    ),
    "an auditor who writes": (
        [lambda: patch.object(Access, "staffed_host_ids", property(lambda access: access.draft_host_ids))],
        ["rectification:item-strike-off"],
        "auditor: POST rectification:item-strike-off (own, for host): ok, not 403",
    ),
    "a part of a page that a script fetches": (
        [lambda: patch("reviews.views.fetching.can_enter_scores", allowed)],
        ["reviews:import-progress"],
        "inspector: GET reviews:import-progress (committed): ok, not 403",
    ),
    "what the phone takes along": (
        [lambda: patch("reviews.views.fetching.can_plan_visits", allowed)],
        ["reviews:phone-data"],
        "secretary: GET reviews:phone-data (–): ok, not 403",
    ),
    "the administration's search, for whoever is marked as staff": (
        [
            lambda: patch.object(Administration, "admin_view", AdminSite.admin_view),
            lambda: patch.object(Administration, "has_permission", lambda site, request: True),
        ],
        ["admin:autocomplete", "admin:organizations_user_changelist"],
        "nobody: GET admin:organizations_user_changelist (–): 403, not 404",
    ),
}


@pytest.mark.parametrize("hole", HOLES)
def test_an_opened_hole_is_found(everybody, hole):
    patches, names, leak = HOLES[hole]
    with ExitStack() as opened:
        for make in patches:
            opened.enter_context(make())
        assert leak in leaks(everybody, *names)


def test_an_address_that_nobody_wrote_down_is_found(settings, tmp_path):
    """The twelfth: a page of tomorrow."""
    from config import urls

    forgotten = path("tomorrow/", login_not_required(lambda request: HttpResponse()), name="tomorrow")
    with patch.object(urls, "urlpatterns", [*urls.urlpatterns, forgotten]):
        clear_url_caches()
        try:
            assert matrix.unwritten() == ["tomorrow"]
        finally:
            clear_url_caches()
    clear_url_caches()
