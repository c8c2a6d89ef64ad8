"""Every address of the product, with the keys of whatever a district has: all that anybody could ask for."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

from organizations.converters import KeyConverter, QuarterConverter, YearConverter
from organizations.models import Membership, Organization, User
from rectification import models as rectification
from reviews import models as reviews
from reviews.converters import ReportKindConverter
from tests.browser.pages import FORMS, PAGES, WRONG_TURNS
from tests.factories.pages import District

# What a number in an address is the key of, by the part of the address before it.
KEY_OF: dict[str, tuple[type[Model], ...]] = {
    "accounts": (User,),
    "memberships": (Membership,),
    "units": (Organization,),
    "deductions": (reviews.Indicator,),
    "draws": (reviews.Draw, rectification.ReturnDraw),
    "photos": (reviews.VisitPhoto, rectification.Evidence),
    "files": (rectification.Evidence, rectification.ProgrammeFile, reviews.ReplyFile),
    "visits": (reviews.Visit,),
    "return-visits": (rectification.ReturnVisit,),
    "checks": (rectification.SelfCheck,),
    "handover": (rectification.Item,),
    "import": (reviews.ImportBatch,),
    "replies": (reviews.Reply,),
    "programmes": (rectification.Programme,),
    "targets": (rectification.Target,),
    "tasks": (rectification.Task,),
    "sessions": (rectification.ProgrammeSession,),
    "rubrics": (reviews.Rubric,),
}
EXTENSIONS = ("xlsx", "csv", "docx", "pdf", "json", "zip")
ABSENT = 987654
# What lists are told: by what to search, to sort, to page and to filter.
QUERIES = (
    *("q=甲镇", "q=记录", "sort=total", "sort=-rank", "sort=unit", "page=2", "state=open", "overdue=1"),
    *("on=2018-12-31", "quarter=2018Q3", "unit={unit}", "group=1", "all=1", "state=all", "mode=year"),
)


def every_address(district: District, *, most: int, pages: bool = True) -> list[str]:
    """Each address of the URLconf with own, others' and absent keys, at most `most` each; then the listed."""
    walked = itertools.chain.from_iterable(
        spread(tuple(filled(route, converters, district)), most) for route, converters in routes()
    )
    listed = itertools.chain(*PAGES.values(), FORMS, WRONG_TURNS) if pages else ()
    told = (address.format(**district.keys) for _who, address in listed)
    return list(dict.fromkeys((*walked, *told)))


def queries(district: District) -> list[str]:
    return [query.format(**district.keys) for query in QUERIES]


def spread(found: Sequence[str], most: int) -> list[str]:
    """At most so many of them, from the first to the last in even steps."""
    if len(found) <= most:
        return list(found)
    if most < 2:
        return list(found[:most])
    return [found[number * (len(found) - 1) // (most - 1)] for number in range(most)]


def routes(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[tuple[str, dict[str, Any]]]:
    """The whole of each route as it is written, and the converters of its parts. The administration, too."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace == "admin":
                yield prefix + str(entry.pattern), {}
            else:
                yield from routes(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.pattern.converters


def filled(route: str, converters: dict[str, Any], district: District) -> Iterator[str]:
    """The route with each choice of keys in the places of its converters."""
    parts = re.split(r"(<[^>]+>)", route)
    names = [part.strip("<>").rpartition(":")[2] for part in parts[1::2]]
    before = [text.strip("/").rpartition("/")[2] for text in parts[:-1:2]]
    choices = [
        values_for(name, converters[name], near, district) for name, near in zip(names, before, strict=True)
    ]
    for chosen in itertools.product(*choices):
        yield "".join(str(chosen[n // 2]) if n % 2 else part for n, part in enumerate(parts))


def values_for(name: str, converter: Any, near: str, district: District) -> list[object]:
    """What may stand in one place of an address: what there is, own and others', and what there is not."""
    if isinstance(converter, QuarterConverter):
        found = [each for each in district.keys.values() if type(each).__name__ == "Quarter"]
        return [*sorted(set(map(str, found))), "1999Q1"]
    if isinstance(converter, YearConverter) or name == "year":
        return [2018, 2019, 1999]
    if isinstance(converter, ReportKindConverter):
        return ["circular", "speech"]
    if name == "serial":
        return [*rectification.Item.objects.order_by("pk"), "2018Q3-899"]
    if name == "extension":
        return list(EXTENSIONS)
    if name == "digest":
        return [district.keys["digest"], "0" * 64]
    if name == "visit":
        return _column(reviews.Visit, "client_uuid")
    if name == "number":
        return [1, 2, ABSENT]
    if isinstance(converter, KeyConverter) or type(converter).__name__ == "IntConverter":
        if models := KEY_OF.get(near):
            return [*itertools.chain(*(_column(model, "pk") for model in models)), ABSENT]
        return [*sorted({key for key in district.keys.values() if isinstance(key, int)}), ABSENT]
    if type(converter).__name__ == "UUIDConverter":
        return [*_column(reviews.VisitPhoto, "client_uuid"), "0b7d9c1e-3f1a-4c55-9f53-0d5c2f6f1a11"]
    return ["weak-and-lax", "averages", "a"]


def _column(model: type[Model], field: str) -> list[object]:
    return list(model._default_manager.order_by("pk").values_list(field, flat=True))
