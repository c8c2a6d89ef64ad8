"""A short walk: the forms and pages of every fourth, every address once, and what scripts ask for."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponseRedirect, HttpResponseServerError

from tests.factories.pages import District, district_of_pages
from tests.fuzz.asking import Asker, problems
from tests.fuzz.described import walk_descriptions
from tests.fuzz.values import SCRIPT
from tests.fuzz.walks import exports_of, pages_of, walk_addresses, walk_bodies, walk_forms, walk_queries

SEED = 5


@pytest.fixture
def district(db: None, settings: Any, tmp_path: Any) -> District:
    settings.MEDIA_ROOT = tmp_path
    return district_of_pages()


def test_nonsense_is_answered_and_what_is_refused_changes_nothing(district: District) -> None:
    """Each of the long form's walks, so short that every change can pass it."""
    asker = Asker(district.people)
    everybody = [*district.people, "anonymous"]
    some = [*pages_of(district), *exports_of(district)][::4]
    forms = walk_forms(asker, some, 1, SEED)
    walk_queries(asker, some, 1, SEED)
    walk_addresses(asker, everybody, 1, SEED)
    walk_bodies(asker, everybody, 1)
    described = walk_descriptions(asker, district, 5, SEED)
    assert asker.failures == {}
    assert forms > 30
    assert described == 6
    assert asker.fields > 200


def test_an_error_a_half_deed_and_a_way_elsewhere_are_noticed(district: District) -> None:
    asker = Asker(district.people)
    staff = district.people["staff"]
    with asker.judging("staff", "POST", "/settings/", "half a deed") as raised:
        type(staff).objects.filter(pk=staff.pk).update(email="changed@review.example")
        asker.note(422, raised)
    with asker.judging("staff", "POST", "/settings/", "a way elsewhere") as raised:
        raised += problems(HttpResponseRedirect("https://elsewhere.example/"))
    with asker.judging("staff", "POST", "/settings/", "an error") as raised:
        raised += problems(HttpResponseServerError(f"<p>{SCRIPT}"))
    assert sorted(asker.failures) == [
        "reviews:settings: answers 500",
        "reviews:settings: leads elsewhere",
        "reviews:settings: lets a script through",
        "reviews:settings: refuses and changes audit_entry",
        "reviews:settings: refuses and changes organizations_user",
    ]
    assert type(staff).objects.get(pk=staff.pk).email == staff.email
