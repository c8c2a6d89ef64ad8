"""Somebody who uses the product over HTTP as a browser does: cookies, forms with all their hidden fields."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from lxml import html

from tests.factories.organizations import PASSWORD

_TIMEOUT = 120  # seconds; as long as gunicorn lets a request take


@dataclass(frozen=True)
class Answer:
    """What the server said. location: where it sends the browser, or empty."""

    status: int
    location: str
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def is_done(self) -> bool:
        """Whether a form was taken: the browser is sent on, or told so."""
        return self.status in (200, 302)


class Person:
    """One account at one browser, on the server of this port."""

    def __init__(self, username: str, port: int) -> None:
        self.username, self.port = username, port
        self.cookies: dict[str, str] = {}

    def sign_in(self) -> None:
        """Log in as a person does, so that the session is what the product makes it."""
        answer = self.submit("/login/", "", username=self.username, password=PASSWORD)
        if answer.status != 302:
            raise RuntimeError(f"{self.username} could not log in: {answer.status}")

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post_json(self, path: str, data: Any) -> Answer:
        """What a page's script sends."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.cookies.get("csrftoken", "")}
        return self._ask("POST", path, json.dumps(data).encode(), headers)

    def submit(self, page: str, action: str, **values: Any) -> Answer:
        """Open a page, fill in the form that posts to this action and send it."""
        return self.send(self.form(page, action), **values)

    def form(self, page: str, action: str) -> Form:
        """The form of a page whose action ends so ("": the page itself), with what it holds already."""
        answer = self.get(page)
        if answer.status != 200:
            raise RuntimeError(f"{page} answered {answer.status}")
        for form in html.fromstring(answer.body).forms:
            target = (form.get("action") or "") or page
            if form.method == "POST" and target.endswith(action or page) and "logout" not in target:
                return Form(target, dict(form.form_values()))
        raise RuntimeError(f"{page} has no form that posts to …{action}")

    def send(self, form: Form, **values: Any) -> Answer:
        """Send a form that was opened before."""
        body = encode_multipart(BOUNDARY, form.values | values)
        return self._ask("POST", form.action, body, {"Content-Type": MULTIPART_CONTENT})

    def _ask(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] = {}) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT)
        try:
            cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            sent = {"Cookie": cookies, "Accept-Language": "en", **headers}
            connection.request(method, path, body or None, sent)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers.get("Location", ""), response.read())
            for line in response.headers.get_all("Set-Cookie", []):
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        finally:
            connection.close()
        return answer


@dataclass(frozen=True)
class Form:
    """A form as the page gave it."""

    action: str
    values: dict[str, Any]
