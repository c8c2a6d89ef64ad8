"""Leaks of every kind that somebody could make by mistake: what would not find them proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from django.core.handlers import exception
from django.db.models import Sum

from organizations import responses, revalidating
from organizations.models import OrganizationQuerySet as Organizations
from organizations.models import User
from rectification import reminding
from rectification.models import Audience, Item
from rectification.models.item import ItemQuerySet
from reviews import home
from reviews.models import Deduction, Review, Score
from reviews.models.cycle import ReviewCycleQuerySet
from tests.worlds.asking import Question
from tests.worlds.changing import change_all
from tests.worlds.comparing import compare
from tests.worlds.district import district_of_secrets
from tests.worlds.trials import unit_of

Leak = Callable[[], AbstractContextManager[Any]]


def hidden() -> Any:
    return Review.objects.filter(cycle__publications=None)


def a_count_in_every_header() -> AbstractContextManager[Any]:
    return patch.object(User, "__str__", lambda user: f"{user.username} {hidden().scored().count()}")


def an_average_in_a_chart() -> AbstractContextManager[Any]:
    drawn = home.places_chart

    def with_average(places: Any) -> Any:
        chart = drawn(places)
        return chart and replace(chart, height=int(sum(review.total for review in hidden().scored())))

    return patch.object(home, "places_chart", with_average)


def a_tag_of_versions() -> AbstractContextManager[Any]:
    tag = revalidating._tag

    def of_versions(request: Any, shown: tuple[object, ...]) -> str | None:
        return tag(request, (*shown, Score.objects.aggregate(sum=Sum("version"))["sum"]))

    return patch.object(revalidating, "_tag", of_versions)


def the_best_units_alone() -> AbstractContextManager[Any]:
    def best(rows: Any) -> Any:
        return rows.filter(pk__in=hidden().scored().filter(total__gt=94).values("organization"))

    return _seen_by_units(Organizations, best)


def a_file_name_with_a_number() -> AbstractContextManager[Any]:
    named = responses.valid_file_name
    return patch.object(responses, "valid_file_name", lambda name: f"{Item.objects.count()}-{named(name)}")


def an_absent_page_that_tells() -> AbstractContextManager[Any]:
    plain = exception.get_exception_response

    def telling(request: Any, resolver: Any, status: int, error: Exception) -> Any:
        response = plain(request, resolver, status, error)
        response.headers["X-Found"] = str(Deduction.objects.count())
        return response

    return patch.object(exception, "get_exception_response", telling)


def a_quarter_seen_too_early() -> AbstractContextManager[Any]:
    return _seen_by_units(ReviewCycleQuerySet, lambda rows: rows)


def an_item_seen_too_early() -> AbstractContextManager[Any]:
    return _seen_by_units(ItemQuerySet, lambda rows: rows.filter(unit__name="丙乡党委"))


def a_query_for_each_hidden_quarter() -> AbstractContextManager[Any]:
    return patch.object(ItemQuerySet, "shown_to_host", lambda rows: rows)


def a_number_in_the_mail() -> AbstractContextManager[Any]:
    waiting = property(lambda digest: f"共{Item.objects.filter(audience=Audience.STAFF).count()}项")
    return patch.object(reminding.Digest, "subject", waiting)


def _seen_by_units(rows: type, visible: Callable[[Any], Any]) -> AbstractContextManager[Any]:
    """Somebody forgot what `visible_to` leaves out."""
    return patch.object(rows, "visible_to", lambda self, user: visible(self))


# Each with the addresses of which one must tell; none: the mail does.
LEAKS: dict[Leak, tuple[str, ...]] = {
    a_count_in_every_header: ("/help/",),
    an_average_in_a_chart: ("/",),
    a_tag_of_versions: ("/cycles/2018Q2/standings/",),
    the_best_units_alone: ("/units/",),
    a_file_name_with_a_number: ("/items/figures.xlsx",),
    an_absent_page_that_tells: ("/cycles/1999Q1/",),
    a_quarter_seen_too_early: ("/cycles/",),
    an_item_seen_too_early: ("/items/",),
    a_query_for_each_hidden_quarter: ("/items/figures/?on=2018-09-30",),
    a_number_in_the_mail: (),
}


def missed() -> list[str]:
    """The leaks that comparing two worlds does not find."""
    district = district_of_secrets()
    unit, secretary = unit_of(district), district.people["secretary"]
    found = []
    for leak, addresses in LEAKS.items():
        with leak():
            asked = [Question(address) for address in addresses]
            if not compare(secretary, asked, lambda: change_all(unit)).differences:
                found.append(leak.__name__)
    return found
