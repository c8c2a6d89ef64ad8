"""What is compared: who asks, what is asked, and in what the second world differs."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from organizations.models import Organization, Role, User
from rectification.models import Item, ReturnVisit
from reviews.models import Publication, Standing, Visit
from reviews.triggers import drop_triggers, install_triggers
from tests.factories.organizations import somebody
from tests.factories.pages import District
from tests.factories.reviews import cycle_with_totals, published, ready_host
from tests.worlds.addresses import every_address, queries
from tests.worlds.asking import Question
from tests.worlds.changing import DAY, WORDS, change_all
from tests.worlds.comparing import Comparison, compare
from tests.worlds.district import district_of_secrets

LISTS = (
    "/items/",
    "/items/export.xlsx",
    "/items/figures/",
    "/units/",
    "/programmes/",
    "/cycles/",
    "/years/2018/",
)


def before_publication(role: str, *, most: int, every: int) -> tuple[Comparison, dict[str, int]]:
    """As whoever holds this role in one unit. Also how many rows of each table were changed."""
    district = district_of_secrets()
    person = secretary_like(district, role)
    changed: dict[str, int] = {}
    comparison = compare(
        person,
        list(questions(district, most=most, every=every)),
        lambda: changed.update(change_all(unit_of(district))),
        follow=30,
    )
    return comparison, changed


def planned_visits(*, most: int, every: int) -> Comparison:
    """As a leader, who may not know where visits are planned any more than the units may (rule 16)."""
    district = district_of_secrets()
    return compare(
        district.people["leader"],
        list(questions(district, most=most, every=every)),
        lambda: plan_more_visits(district),
        follow=30,
    )


def after_publication(*, most: int, every: int) -> Comparison:
    """As a secretary, where a quarter shows units the four lists and nothing else of the others."""
    totals = {f"{sign}镇党委": 99 - number for number, sign in enumerate("甲乙丙丁戊己庚辛壬癸子丑寅卯")}
    host = ready_host(*totals)
    published(cycle_with_totals(totals, host=host, quarter="2018Q1"))
    published(cycle_with_totals(totals | {"甲镇党委": 60, "卯镇党委": 100}, host=host, quarter="2018Q2"))
    unit = host.units.get(name="己镇党委")
    keys = {"unit": unit.pk, "digest": Publication.objects.latest("pk").digest}
    keys |= {str(cycle.pk): cycle.quarter for cycle in host.cycles.all()}
    district = District({}, keys)
    asked = list(questions(district, most=most, every=every, pages=False))
    return compare(somebody(Role.SECRETARY, unit), asked, lambda: change_undisclosed(unit), follow=30)


def questions(district: District, *, most: int, every: int, pages: bool = True) -> Iterator[Question]:
    """Each address as a page; each `every`-th otherwise, too: by other methods, in Chinese, in a part.

    most: of one address with different keys. pages: also those that tests/browser/pages.py lists.
    """
    addresses = every_address(district, most=most, pages=pages)
    yield from map(Question, addresses)
    for number, path in enumerate(addresses):
        if number % every == 0:
            yield Question(path, "POST", "zh-hans")
        if (number + 1) % every == 0:
            yield Question(path, "GET", "zh-hans", htmx=True)
        if (number + 2) % (2 * every) == 0:
            yield Question(path, "HEAD")
    asked = [f"{path}?{query}" for path in LISTS for query in queries(district)]
    yield from (Question(path, language="zh-hans") for path in asked[::every])


def unit_of(district: District) -> Organization:
    return Organization.objects.select_related("parent").get(pk=district.keys["unit"])


def secretary_like(district: District, role: str) -> User:
    """The secretary of the pages' unit, or somebody else of it by another role."""
    if role == Role.SECRETARY:
        return district.people["secretary"]
    person = somebody(role, unit_of(district))
    person.email = "clerk@unit.example"
    person.save(update_fields=["email"])
    return person


def plan_more_visits(district: District) -> None:
    """To every unit, in every quarter; and the planned ones on another day, to another place."""
    unit = unit_of(district)
    host = unit.parent
    assert host is not None
    planned = Visit.objects.planned().filter(cycle__host=host)
    source = planned.order_by("pk")[0]
    planned.update(visited_on=timezone.localdate() + 2 * DAY, note=WORDS)
    for cycle in host.cycles.all():
        for other in host.units.all():
            Visit.objects.create(
                cycle=cycle,
                organization=other,
                recorded_by=source.recorded_by,
                recorded_at=source.recorded_at,
            )
    sample = ReturnVisit.objects.filter(item__host=host)[0]
    waiting = Item.objects.filter(host=host, state="struck_off").exclude(return_visits__state="planned")
    for item in waiting:
        ReturnVisit.objects.create(item=item, planned_by=sample.planned_by, planned_at=sample.planned_at)


def change_undisclosed(unit: Organization) -> None:
    """Whatever was published of units in no list: totals, sections, places; and what documents say of all."""
    connection.check_constraints()
    drop_triggers(connection)
    others = Standing.objects.exclude(organization=unit).filter(
        top_place=None, last_place=None, progress_place=None, setback_place=None
    )
    assert others.update(total=12, scores=[], total_change=-5, baseline_total=17, rank=9, places=-1) > 6
    Publication.objects.update(material={}, rectification={}, texts={}, document={})
    connection.check_constraints()
    install_triggers(connection)
