"""Every named address of the product, with sample values in it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

# One of these suits any converter the product has.
SAMPLES = (
    "1",
    "2018Q3",
    "2018Q3-017",
    "circular",
    "docx",
    "0b7d9c1e-3f1a-4c55-9f53-0d5c2f6f1a11",
    "2018-10-01",
    "2018",
    "a",
)


class Address(NamedTuple):
    name: str  # with its namespace, as reverse() takes it
    path: str  # with sample values in it


def addresses(
    resolver: URLResolver | None = None, namespace: str = "", prefix: str = "/"
) -> Iterator[Address]:
    """Every named address of the product; Django's administration guards its own."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + filled(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = ":".join(filter(None, [namespace, entry.namespace]))
            if inner != "admin":
                yield from addresses(entry, inner, path)
        elif isinstance(entry, URLPattern):
            assert entry.name, f"{path} has no name"
            yield Address(":".join(filter(None, [namespace, entry.name])), path)


def filled(pattern: RoutePattern) -> str:
    """The route with a sample value in the place of each converter."""
    assert isinstance(pattern, RoutePattern), f"{pattern} is not a path()"
    route = str(pattern)
    for name, converter in pattern.converters.items():
        value = next(sample for sample in SAMPLES if accepts(converter, sample))
        start = route.rindex("<", 0, route.index(f"{name}>"))
        route = route[:start] + value + route[route.index(f"{name}>") + len(name) + 1 :]
    return route


def accepts(converter: object, sample: str) -> bool:
    try:
        return bool(re.fullmatch(converter.regex, sample)) and converter.to_python(sample) is not None
    except ValueError:
        return False
