"""Print who may open what as docs/permissions.md, from the table that the tests ask of the product.

python -m tools.permissions writes the page; --check fails where it is not what the table says.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import django
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access import ACCESS
from tests.reaches import GROUPS, NONE, PEOPLE, REACHES, People, Rule

PAGE = Path(__file__).resolve().parent.parent / "docs" / "permissions.md"
HEAD = """\
# Who may open what

Printed by `python -m tools.permissions` from `tests/access.py` and `tests/reaches.py`: change those, not this
page. Every line is asked of the product for every person, variant and method (`tests/matrix.py`); an address
without a line fails.

How an answer comes about, in this order: who is not signed in is sent to the log-in; a method that an address
does not take gets 405; who does not *see* what the address is about gets 404, with the body of a page that
does not exist; who sees it and may not do this gets 403. HEAD is answered like GET.
"""
TAIL = """\
Django's administration, every page of it: superusers; absent for everybody else. Uploads have no address but
those above. Static files are public and hold nothing of anybody.
"""


def page() -> str:
    """The whole page."""
    parts = [
        HEAD,
        "## People\n",
        _table(("who", "in words"), PEOPLE.items()),
        "## Groups\n",
        _table(
            ("group", "who is in it"), ((name, ", ".join(_sorted(people))) for name, people in GROUPS.items())
        ),
        "Staff of another host are staff on the pages of their own host, and strangers to everything here.\n",
        "## Who sees what\n",
        "The first variant that fits is meant; `*` fits all.\n",
        _table(("subject", "variant", "seen by"), _reaches()),
        "## Addresses\n",
        _table(("address", "path", "seen as", "GET", "POST"), _addresses()),
        TAIL,
    ]
    return "\n".join(parts)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _reaches() -> Iterator[tuple[str, str, str]]:
    for name, variants in REACHES.items():
        for variant, people in variants.items():
            yield name or "(nothing)", variant.replace("*", "\\*"), in_words(frozenset(people))


def _addresses() -> Iterator[tuple[str, str, str, str, str]]:
    paths = dict(_paths())
    for name, entry in ACCESS.items():
        for rule in (entry,) if isinstance(entry, Rule) else entry:
            seen = "public" if rule.is_public and rule.sees is None else rule.reach or "(nothing)"
            yield f"`{name}`", f"`{paths[name]}`", seen, _allowed(rule.read), _allowed(rule.write)


def _allowed(allowed: People | Mapping[str, People] | None) -> str:
    if allowed is None:
        return "405"
    if isinstance(allowed, Mapping):
        return "; ".join(
            f"{variant}: {in_words(frozenset(each))}" for variant, each in allowed.items()
        ).replace("*", "\\*")
    return in_words(allowed)


def in_words(people: People) -> str:
    """By the names of groups where they fit together, else by the people's own."""
    rest, words = people, []
    for name, group in sorted(GROUPS.items(), key=lambda each: -len(each[1])):
        if group and group <= people and group & rest:
            words.append(name)
            rest -= group
    words += _sorted(rest)
    return " + ".join(words) if people != NONE else "nobody"


def _sorted(people: People) -> list[str]:
    return [person for person in PEOPLE if person in people]


def _paths(
    resolver: URLResolver | None = None, space: str = "", prefix: str = "/"
) -> Iterator[tuple[str, str]]:
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = ":".join(filter(None, [space, entry.namespace]))
            if inner != "admin":
                yield from _paths(entry, inner, path)
        elif isinstance(entry, URLPattern):
            yield ":".join(filter(None, [space, entry.name])), path


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.permissions", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail where the page is old")
    if parser.parse_args(words).check:
        return int(PAGE.read_text(encoding="utf-8") != page())
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    sys.exit(main(sys.argv[1:]))
