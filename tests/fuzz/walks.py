"""The ways through the product: its forms, its queries, its addresses, and bodies that are no forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.addresses import addresses
from tests.browser.pages import PAGES
from tests.factories.pages import District
from tests.fuzz.asking import Asker
from tests.fuzz.forms import BOUNDARY, File, Form, Forms, multipart, sendings, urlencoded
from tests.fuzz.values import DAYS, NUMBERS, values
from tests.test_exports import FROZEN, LIVE

FORM, MULTIPART = "application/x-www-form-urlencoded", f"multipart/form-data; boundary={BOUNDARY}"
PARAMETERS = (
    "page",
    "sort",
    "q",
    "next",
    "group",
    "unit",
    "show",
    "part",
    "state",
    "on",
    "draft",
    "publication",
)
PARAMETERS += (
    "quarter",
    "baseline",
    "due",
    "item",
    "per_page",
    "from",
    "to",
    "rank_method",
    "list_size",
    "measure",
)
SEGMENTS = (
    "0",
    "1",
    "9" * 18,
    "9" * 30,
    "0000Q1",
    "9999Q4",
    "0000",
    "9999",
    "a" * 300,
    "2018Q3-017",
    "党",
    "-",
)
SEGMENTS += ("00000000-0000-0000-0000-000000000000", "f" * 16, "docx", "%00", "%ff", "..", "a b", "a%0d%0ab")
BODIES = (
    ("application/json", b"[1, null]"),
    ("application/json", b'{"a": NaN}'),
    ("application/json", b"[" * 40_000),
    ("application/json", "党".encode("utf-16")),
    ("text/plain", b"\0" * 100),
    ("", b""),
    (FORM, b"%ff%fe=%ff&%00=%00&=&&===&a%5B%5D"),
    (FORM, b"&".join(b"a%d=1" % number for number in range(5_001))),
    (FORM + "; charset=utf-7", b"a=%2BAGE-"),
    (FORM + "; charset=nonsense", b"a=1"),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=" + "b" * 300, b"--b"),
    (MULTIPART, f"--{BOUNDARY}\r\nContent-Disposition: form-data\r\n\r\n1".encode()),
    (MULTIPART, multipart([(f"file{number}", File(b"a.txt", b"1")) for number in range(21)])),
)
HEADERS = (
    {},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "\xff"},
    {"HTTP_ACCEPT_LANGUAGE": "zh-" + "x" * 500 + ";q=nan"},
    {"HTTP_IF_NONE_MATCH": '"' * 50, "HTTP_IF_MODIFIED_SINCE": "Thu, 99 Foo 0000"},
    {"HTTP_X_FORWARDED_FOR": "nobody, ::1, 1.2.3.4.5"},
    {"HTTP_RANGE": "bytes=9-1,-0,a-b"},
    {"HTTP_REFERER": "http://[", "HTTP_ACCEPT": "*/*;q=x"},
    {"HTTP_REFERER": "35", "HTTP_HX_CURRENT_URL": "http://["},
    {"HTTP_COOKIE": "sessionid=\0; django_language=../..; messages=[]; csrftoken=a"},
)


def each(example: Callable[[Any], None], strategy: st.SearchStrategy[Any], times: int, start: int) -> None:
    """Do something with so many examples, the same for the same start; failures are kept by who asked."""
    calm = settings(
        max_examples=times + 1,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    drawn_before = []

    @seed(start)
    @calm
    @given(strategy)
    def draw(drawn: Any) -> None:
        if drawn_before:  # the first of all is the simplest that there is, the same each time
            example(drawn)
        drawn_before.append(drawn)

    draw()


def pages_of(district: District, people: set[str] | None = None) -> Iterator[tuple[str, str]]:
    """Every page as everybody who sees it."""
    for where in PAGES.values():
        for names, address in where:
            for person in names.split():
                if people is None or person in people:
                    yield person, address.format(**district.keys)


def walk_forms(asker: Asker, pages: list[tuple[str, str]], times: int, start: int) -> int:
    """Send every form of these pages so many times; how many different forms there are."""
    seen: dict[tuple[str, str, tuple[str, ...]], tuple[str, Form]] = {}
    for person, address in pages:
        for form in Forms(address, asker.page(person, address)).found:
            if form.method == "post" and form.action != "/logout/":
                names = tuple(sorted({name for name, _kind, _value in form.fields}))
                seen.setdefault((person, form.action, names), (person, form))
    for number, (person, form) in enumerate(seen.values()):

        def send(drawn: Any, person: str = person, form: Form = form) -> None:
            sent, fuzzed = drawn
            has_files = any(isinstance(value, File) for _name, value in sent)
            body, kind = (multipart(sent), MULTIPART) if has_files else (urlencoded(sent), FORM)
            asker.fields += fuzzed
            asker.ask(person, "POST", form.action, body, content_type=kind)

        each(send, sendings(form), times, start + number)
    return len(seen)


def exports_of(district: District) -> Iterator[tuple[str, str]]:
    """Every address that gives a table, as staff."""
    for where in (*LIVE.values(), *FROZEN.values()):
        for address in where:
            yield "staff", address.format(**district.keys)


def walk_queries(asker: Asker, pages: list[tuple[str, str]], times: int, start: int) -> None:
    """Ask every page so many times with queries and headers that no page of ours writes."""
    for number, (person, address) in enumerate(pages):
        own = names_on(address, asker.page(person, address))
        names = st.sampled_from([*own, *own, *PARAMETERS])  # what the page itself asks with, more often
        queries = st.lists(st.tuples(names, values), min_size=1, max_size=4)

        def get(drawn: Any, person: str = person, address: str = address) -> None:
            query, headers = drawn
            asker.fields += len(query)
            said = "&".join(f"{quote_plus(name)}={quote_plus(value[:3_000])}" for name, value in query)
            asker.ask(person, "GET", f"{urlsplit(address).path}?{said}", **headers)

        each(get, st.tuples(queries, st.sampled_from(HEADERS)), times, start + number)


def names_on(address: str, text: str) -> list[str]:
    """The parameters that a page's forms and links ask with."""
    forms = {
        name for form in Forms(address, text).found if form.method == "get" for name, _k, _v in form.fields
    }
    links = re.findall(r'href="[^"?]*\?([^"#]+)', text)
    return sorted(forms | {name for link in links for name, _value in parse_qsl(link.replace("&amp;", "&"))})


def walk_addresses(asker: Asker, people: list[str], times: int, start: int) -> None:
    """Ask every address with other keys, quarters and names in it than there are."""
    routes = sorted(set(routes_of(get_resolver())))
    for number, route in enumerate(routes):
        if "<" not in route:
            continue
        parts = re.split(r"<[^>]+>", route)
        segments = st.lists(
            st.sampled_from((*SEGMENTS, *(quote(text) for text in (*NUMBERS, *DAYS) if len(text) < 50))),
            min_size=len(parts) - 1,
            max_size=len(parts) - 1,
        )

        def ask(drawn: Any, parts: list[str] = parts) -> None:
            filled, person, method = drawn
            asker.fields += len(filled)
            address = "".join(part + segment for part, segment in zip(parts, [*filled, ""], strict=True))
            asker.ask(person, method, address)

        methods = st.sampled_from(("GET", "GET", "POST", "HEAD", "PUT", "OPTIONS"))
        each(ask, st.tuples(segments, st.sampled_from(people), methods), times, start + number)


def routes_of(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver) and entry.namespace != "admin":
            yield from routes_of(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern)


def walk_bodies(asker: Asker, people: list[str], bodies: int) -> None:
    """Post to every address what is no form."""
    for number, address in enumerate(addresses()):
        if address.name == "organizations:logout":
            continue
        for offset in range(bodies):
            kind, body = BODIES[(number + offset) % len(BODIES)]
            person = people[(number + offset) % len(people)]
            asker.ask(person, "POST", address.path, body, content_type=kind)
