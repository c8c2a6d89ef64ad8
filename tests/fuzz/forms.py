"""The forms of a page as a browser would send them, and as nobody would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote_plus

from hypothesis import strategies as st

from tests.fuzz.values import contents, file_names, values

MOST_FUZZED = 6  # fields of one sending, so that the others may let it through to what lies behind
# What a field that must be filled in is filled with, by its type, so that the next one is looked at too.
FILLINGS = {"date": "2018-11-01", "datetime-local": "2018-11-01T09:00", "number": "1", "password": "a"}
BOUNDARY = "d0d1d2d3d4d5"


@dataclass(frozen=True)
class File:
    name: bytes
    content: bytes


Sent = tuple[str, bytes | File]


@dataclass
class Form:
    """fields: name, type and value, in order; of a choice the value that is chosen, if any."""

    method: str
    action: str
    fields: list[tuple[str, str, str]] = field(default_factory=list)


class Forms(HTMLParser):
    """The forms that a page holds."""

    def __init__(self, page: str, text: str) -> None:
        super().__init__()
        self.page = page
        self.found: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._open: Form | None = None
        self._chooses = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            form = Form(given.get("method", "get").lower(), given.get("action") or self.page)
            self.found.append(form)
            self._open = self._by_id[given.get("id", "")] = form
            return
        form = self._by_id.get(given["form"]) if "form" in given else self._open
        name = given.get("name", "")
        if tag == "option" and self._chooses and form:
            if "selected" in given or form.fields[-1][2] == "":
                form.fields[-1] = (self._chooses, "select", given.get("value", ""))
        elif form and name and tag in ("input", "textarea", "select", "button"):
            kind = given.get("type", "text") if tag == "input" else tag
            self._chooses = name if tag == "select" else ""
            form.fields.append((name, kind, given.get("value") or FILLINGS.get(kind, "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


@st.composite
def sendings(draw: Callable[[Any], Any], form: Form) -> tuple[list[Sent], int]:
    """A form with some fields fuzzed, left out or sent twice: what is sent, how many were fuzzed."""
    names = sorted({name for name, _kind, _value in form.fields} - {"csrfmiddlewaretoken"})
    chosen = draw(st.sets(st.sampled_from(names), min_size=1, max_size=MOST_FUZZED)) if names else set()
    sent: list[Sent] = []
    for name, kind, value in form.fields:
        if name not in chosen:
            sent.append((name, value.encode() or (b"" if kind == "file" else "测试".encode())))
            continue
        match draw(st.sampled_from(("fuzzed", "fuzzed", "fuzzed", "twice", "missing", "a list", "a file"))):
            case "fuzzed" if kind == "file":
                sent.append((name, File(draw(file_names).encode(), draw(contents))))
            case "fuzzed":
                sent.append((name, draw(values)))
            case "twice":
                sent += [(name, draw(values)), (name, value.encode())]
            case "a list":
                sent += [(f"{name}[]", draw(values)), (f"{name}[0]", b"1")]
            case "a file":
                sent.append((name, File(b"a.xlsx", draw(contents))))
    return sent, len(chosen)


def urlencoded(sent: list[Sent]) -> bytes:
    """As a browser sends a form without files; of a file its name."""
    pairs = [(name, value.name if isinstance(value, File) else value) for name, value in sent]
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode()


def multipart(sent: list[Sent]) -> bytes:
    """As a browser sends a form with files."""
    parts = []
    for name, value in sent:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'.encode()
        if isinstance(value, File):
            head += b'; filename="' + value.name.replace(b"\0", b"%00") + b'"\r\nContent-Type: text/plain'
            value = value.content
        parts.append(head + b"\r\n\r\n" + value + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
