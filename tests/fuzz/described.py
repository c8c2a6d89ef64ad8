"""Ask the addresses in JSON what their description allows, and what it does not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import schemathesis
from django.conf import settings
from django.test.client import ClientHandler
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.factories.pages import District
from tests.fuzz.asking import Asker
from tests.fuzz.descriptions import described
from tests.fuzz.walks import each

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def walk_descriptions(asker: Asker, district: District, times: int, start: int) -> int:
    """Ask every described address so many times with what it takes, and with what it does not; how many."""
    schema = schemathesis.openapi.from_wsgi("/openapi.json", describing(district))
    operations = [found.ok() for found in schema.get_all_operations()]
    for operation in operations:
        person = "inspector" if operation.path.startswith("/m/") else "staff"
        modes = [GenerationMode.POSITIVE]
        modes += [GenerationMode.NEGATIVE] if operation.method == "post" else []
        for mode in modes:

            def ask(case: Case, person: str = person) -> None:
                with asker.judging(person, case.method.upper(), case.path, repr(case.body)) as raised:
                    answer = case.call(cookies={settings.SESSION_COOKIE_NAME: asker.session_of(person)})
                    try:
                        case.validate_response(answer, checks=CHECKS)
                    except FailureGroup as group:
                        raised += [f"{type(each).__name__}: {each}"[:300] for each in group.exceptions]
                    asker.note(answer.status_code, raised)

            each(
                ask,
                operation.as_strategy(generation_mode=mode),
                times if operation.method == "post" else 1,
                start,
            )
    return len(operations)


def describing(district: District) -> Callable[..., Iterable[bytes]]:
    """The product with its description beside it, which the product itself does not publish."""

    product = ClientHandler(enforce_csrf_checks=False)  # in this transaction, and it stays open

    def respond(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/openapi.json":
            answer = product(environ)
            start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.headers.items()))
            return [answer.content]
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(described(district)).encode()]

    return respond
