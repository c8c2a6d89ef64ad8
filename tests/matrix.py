"""The permission table asked of the product: every address, person, variant and method.

The addresses come from the URLconf and not from a list, so that nobody can forget one. Every request is
really made, in a transaction that is taken back. What is not seen must answer like what is not there, to the
byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern

from organizations.models import Membership, User
from organizations.quarter import Quarter
from tests import access
from tests.factories.reach import Reach
from tests.reaches import ADMINISTRATOR, NOBODY, PEOPLE, STAFF, SUPERUSER, Rule

# Parameters that choose a form of the same thing, not another thing.
FORMS: dict[str, Any] = {"extension": "xlsx"}
DOCUMENTS = {"reviews:correction-file", "reviews:report-file", "reviews:year-report-file"}
# What stands nowhere, by parameter: an address made of it is absent for everybody.
ABSENT: dict[str, Any] = {
    "quarter": Quarter(1999, 1),
    "year": 1999,
    "serial": "1999Q1-999",
    "visit": "00000000-0000-4000-8000-000000000000",
}
ABSENT_KEY = 999_999_999
# The administration's own form leads on to the product's.
LOG_IN = ("/login/?next", "/admin/login/?next")
# Views of Django's own that answer to PUT as to POST, or to anything.
ANY_METHOD = {"set_language", "organizations:login", "organizations:password-change"}


class Case(NamedTuple):
    """One request and what must come of it."""

    name: str
    variant: str
    person: str
    method: str
    path: str
    data: Any
    expected: frozenset[str]
    twin: str  # the same address made of what is not there; blank where it names nothing

    def __str__(self) -> str:
        return f"{self.person}: {self.method} {self.name} ({self.variant or '–'})"


@dataclass
class Outcome:
    """What the matrix found. leaks: what was answered otherwise than the table says, in words."""

    cases: int = 0
    leaks: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.cases} cases, {len(self.leaks)} leaks"


def rules_of(name: str) -> tuple[Rule, ...]:
    """The rules of an address; none where nobody wrote one."""
    entry = access.ACCESS.get(name)
    if entry is None:
        return ()
    return (entry,) if isinstance(entry, Rule) else entry


def unwritten() -> list[str]:
    """Addresses that nobody wrote into the table."""
    return sorted({name for name, _parameters in named_addresses()} - access.ACCESS.keys())


def named_addresses(
    resolver: URLResolver | None = None, namespace: str = ""
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every named address of the product with its parameters; Django's administration is asked as a whole."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = ":".join(filter(None, [namespace, entry.namespace]))
            if inner != "admin":
                yield from named_addresses(entry, inner)
        elif isinstance(entry, URLPattern):
            assert entry.name, f"{entry.pattern} has no name"
            assert isinstance(entry.pattern, RoutePattern), f"{entry.pattern} is not a path()"
            yield ":".join(filter(None, [namespace, entry.name])), tuple(entry.pattern.converters)


def cases(reach: Reach, *, rotate: bool = False) -> Iterator[Case]:
    """All that the table says, as requests.

    rotate: each person takes one variant of every address, the next person the next one, and of those who are
    equal only one is asked; else all.
    """
    for place, (name, parameters) in enumerate(named_addresses()):
        for rule in rules_of(name):
            yield from _cases_of(reach, name, parameters, rule, place if rotate else None)
    yield from _administration(reach)


def _cases_of(
    reach: Reach, name: str, parameters: tuple[str, ...], rule: Rule, place: int | None
) -> Iterator[Case]:
    both = isinstance(access.ACCESS[name], Rule)
    given = reach.variants[rule.of]
    names = list(given)
    asked = PEOPLE if place is None else _in_turn(place)
    for number, person in enumerate(asked):
        chosen = names if place is None else [names[(number + place) % len(names)]]
        for variant in chosen:
            path, twin = _paths(name, parameters, given[variant])
            for method in ("GET", "POST"):
                expected = {rule.expected(person, method, variant)}
                if rule.who_may(method, variant) is None and (not both or (place is not None and number)):
                    continue  # another rule says what this method does; or nobody may use it, as one was told
                if rule.is_first_door and person != "anonymous":
                    expected |= {"ok", "403", "404", "405"} if parameters else {"405"}
                data = reach.sent(name, person, variant) if method == "POST" else None
                yield Case(name, variant, person, method, path, data, frozenset(expected), twin)
    path, twin = _paths(name, parameters, given[names[0]])
    if name not in ANY_METHOD and not rule.is_first_door:
        yield Case(name, names[0], "staff", "PUT", path, None, frozenset({"405"}), "")


def _in_turn(place: int) -> list[str]:
    """Everybody but one of each pair that has nearly the same rights, or none anywhere."""
    left_out = {(STAFF, ADMINISTRATOR)[place % 2], (SUPERUSER, NOBODY)[place % 2]}
    return [person for person in PEOPLE if person not in left_out]


def _paths(name: str, parameters: tuple[str, ...], given: Mapping[str, Any]) -> tuple[str, str]:
    """The address of a variant, and of nothing."""
    forms = dict(FORMS) if name not in DOCUMENTS else {"extension": "docx"}
    kwargs = {each: given[each] if each in given else forms[each] for each in parameters}
    absent = {
        each: ABSENT.get(each, ABSENT_KEY if isinstance(value, int) else value)
        for each, value in kwargs.items()
    }
    path = reverse(name, kwargs=kwargs)
    twin = reverse(name, kwargs=absent)
    return path, twin if twin != path else ""


def _administration(reach: Reach) -> Iterator[Case]:
    """Every page that Django's administration has, of its index and of its models."""
    user = User.objects.order_by("pk")[0]
    row = Membership.objects.order_by("pk")[0].pk
    kind = ContentType.objects.get_for_model(User).pk
    fillings: tuple[dict[str, Any], ...] = (
        {},
        {"object_id": row},
        {"id": user.pk},
        {"app_label": "organizations"},
        {"content_type_id": kind, "object_id": user.pk},
        {"url": "nowhere/"},
    )
    for name in admin_names():
        path = next(filter(None, (_reversed(name, filling) for filling in fillings)), None)
        assert path is not None, f"{name} takes parameters that the matrix does not know"
        for person in PEOPLE:
            expected = access.ADMINISTRATION.expected(person, "GET", "")
            allowed = {expected} if expected != "ok" else {"ok", "405", "404", "403", "login"}
            if name == "admin:login" and person == "anonymous":
                allowed = {"login"}
            for method in ("GET", "POST"):
                yield Case(name, "", person, method, path, {}, frozenset(allowed), "/nowhere/")


def admin_names() -> list[str]:
    """Names of all addresses of the administration, from its own resolver."""
    _prefix, resolver = get_resolver().namespace_dict["admin"]
    return sorted(f"admin:{name}" for name in resolver.reverse_dict if isinstance(name, str))


def _reversed(name: str, kwargs: dict[str, Any]) -> str | None:
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return None


class Asker:
    """Makes the requests, each as its person, and takes back what they did."""

    def __init__(self, reach: Reach) -> None:
        self.clients: dict[str, Client] = {}
        self.absent: dict[tuple[str, str, str], tuple[int, bytes]] = {}
        for person, user in reach.people.items():
            client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
            if user is not None:
                client.force_login(user)
            self.clients[person] = client

    def ask(self, person: str, method: str, path: str, data: Any = None) -> HttpResponse:
        client = self.clients[person]
        cookies = client.cookies.copy()
        given: dict[str, Any] = {}
        if isinstance(data, str):
            given = {"data": data, "content_type": "application/json"}
        elif data is not None:
            given = {"data": data}
        with transaction.atomic():
            answer: Any = getattr(client, method.lower())(path, **given)
            transaction.set_rollback(True)
        if answer.streaming:
            list(answer.streaming_content)  # a file that nobody reads stays open
        client.cookies = cookies
        return answer

    def complaint(self, case: Case) -> str:
        """What is wrong with the answer; blank where it is as the table says."""
        answer = self.ask(case.person, case.method, case.path, case.data)
        got = outcome_of(answer)
        if got not in case.expected:
            return f"{case}: {got}, not {' or '.join(sorted(case.expected))}"
        if got == "404" and case.twin:
            key = (case.person, case.method, case.twin)
            if key not in self.absent:
                twin = self.ask(case.person, case.method, case.twin, case.data)
                self.absent[key] = twin.status_code, body_of(twin, case.twin)
            if self.absent[key] != (404, body_of(answer, case.path)):
                return f"{case}: its 404 is not that of an absent page"
        return ""


def outcome_of(answer: HttpResponse) -> str:
    """ok, 403, 404, 405, 500 or login."""
    if answer.status_code == 401 or (
        answer.status_code == 302 and answer.headers["Location"].startswith(LOG_IN)
    ):
        return "login"
    refused = answer.status_code in (403, 404, 405) or answer.status_code >= 500
    return str(answer.status_code) if refused else "ok"


def body_of(answer: HttpResponse, path: str) -> bytes:
    """The body, but for what differs from one request to the next: the token, the nonce, the own address."""
    body = answer.content.replace(path.encode(), b"(path)")
    body = re.sub(rb'("X-CSRFToken": "|name="csrfmiddlewaretoken" value=")\w+', b"(token)", body)
    return re.sub(rb'nonce="[^"]+"', b"(nonce)", body)


def ask_all(reach: Reach, asked: Iterable[Case]) -> Outcome:
    """Make every request."""
    asker, outcome = Asker(reach), Outcome()
    for case in asked:
        outcome.cases += 1
        if complaint := asker.complaint(case):
            outcome.leaks.append(complaint)
    return outcome
