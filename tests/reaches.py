"""The words of the permission table: who there is, what an address is about, who sees which variant.

tests/access.py says with these words who may open what; docs/permissions.md prints both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

People = frozenset[str]

STAFF, ADMINISTRATOR, INSPECTOR_ROLE, LEADER_ROLE = "staff", "administrator", "inspector", "leader"
AUDITOR, SECRETARY, CLERK = "auditor", "secretary", "clerk"
SUPERUSER, STRANGER, NOBODY, NOT_SIGNED_IN = "superuser", "stranger", "nobody", "anonymous"

# In words, in the order of the printed table.
PEOPLE = {
    STAFF: "staff of the host",
    ADMINISTRATOR: "administrator of the host",
    INSPECTOR_ROLE: "inspector of the host",
    LEADER_ROLE: "leader of the host",
    AUDITOR: "auditor of the host",
    SECRETARY: "secretary of a unit (“own” is that unit)",
    CLERK: "clerk of the same unit",
    SUPERUSER: "superuser without a membership",
    STRANGER: "staff of another host",
    NOBODY: "account without a membership, though marked is_staff",
    NOT_SIGNED_IN: "not signed in",
}
ALL: People = frozenset(PEOPLE)
SIGNED: People = ALL - {NOT_SIGNED_IN}
WRITERS: People = frozenset({STAFF, ADMINISTRATOR})
KEEPERS: People = frozenset({ADMINISTRATOR})
READERS: People = WRITERS | {AUDITOR}
VISITORS: People = WRITERS | {INSPECTOR_ROLE}
VISIT_READERS: People = READERS | {INSPECTOR_ROLE}
HOST: People = VISIT_READERS | {LEADER_ROLE}
ANSWERS: People = frozenset({SECRETARY})
UNIT: People = ANSWERS | {CLERK}
MEMBERS: People = HOST | UNIT
NONE: People = frozenset()

GROUPS = {
    "everybody": ALL,
    "all who are signed in": SIGNED,
    "all of the host and its units": MEMBERS,
    "the host": HOST,
    "visit readers": VISIT_READERS,
    "visitors": VISITORS,
    "readers": READERS,
    "writers": WRITERS,
    "keepers": KEEPERS,
    "the unit": UNIT,
    "the secretary": ANSWERS,
    "nobody": NONE,
}

# Who sees each variant of a subject; whoever does not finds the same as where there is none (404).
# "*" fits every variant; the first pattern that fits is meant.
REACHES: dict[str, Mapping[str, People]] = {
    "": {"*": SIGNED},
    # Pages of the host one works in: staff of another host are staff there too, of their own.
    "host": {"*": MEMBERS | {STRANGER}},
    "this host": {"*": MEMBERS},
    # Rule 15: a unit knows of a cycle once it may reply, or once it is published.
    "cycle": {"reply*": MEMBERS, "published*": MEMBERS, "*": HOST},
    "results": {"published": MEMBERS, "*": READERS},
    "documents": {"draft": NONE, "published": MEMBERS, "*": READERS},
    "review": {
        "published own": MEMBERS,
        "published other": HOST,
        "reply own": READERS | UNIT,
        "*": READERS,
    },
    "year and unit": {"own": MEMBERS, "other": HOST},
    "unit": {"* other": HOST, "other": HOST, "closed": HOST, "*": MEMBERS},
    # Rule 17: an item is the staff's until it is sent to its unit, and the host's with its quarter.
    "item": {
        "own, for unit": READERS | UNIT,
        "own, for host": MEMBERS,
        "other, for host": HOST,
        "*": READERS,
    },
    "programme": {"own": MEMBERS, "other": HOST},
    "check": {"*": READERS | UNIT},
    "reply file": {"own": READERS | UNIT, "other": READERS},
    # Rule 16: planned visits are secret from units and leaders.
    "visit": {"*": VISIT_READERS},
    "draw": {"*": HOST},
    "rubric": {"draft": HOST, "in force": MEMBERS},
    "saved filter": {
        "of staff": frozenset({STAFF}),
        "of secretary": ANSWERS,
        "of auditor": frozenset({AUDITOR}),
    },
    # The first steps of an installation: absent for strangers once it has an account.
    "start": {"*": SIGNED},
    # The whole trail; the staff read the history of an object, which its address names.
    "trail": {"*": KEEPERS | {AUDITOR}},
    # Whoever keeps no accounts is told so; whoever does finds those of the host.
    "account": {"of the host": SIGNED, "of another host": SIGNED - KEEPERS},
    "superuser": {"*": frozenset({SUPERUSER})},
}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """What one address answers whom.

    of: the subject, whose variants tests/factories/reach.py makes. sees: the reach, the subject's own unless
    said; who does not see gets 404. read, write: who gets through with GET and with POST, the others get 403;
    None where the address does not take the method (405). A mapping tells variants apart.
    is_public: nobody is sent to the log-in. is_first_door: says only who may knock; see `is_loose` in
    tests/matrix.py.
    """

    of: str = ""
    sees: str | None = None
    read: People | Mapping[str, People] | None = None
    write: People | Mapping[str, People] | None = None
    is_public: bool = False
    is_first_door: bool = False
    note: str = field(default="", compare=False)

    @property
    def reach(self) -> str:
        return self.of if self.sees is None else self.sees

    def who_sees(self, variant: str) -> People:
        return ALL if self.is_public and self.sees is None else fitting(REACHES[self.reach], variant)

    def who_may(self, method: str, variant: str) -> People | None:
        allowed = self.write if method == "POST" else self.read
        return fitting(allowed, variant) if isinstance(allowed, Mapping) else allowed

    def expected(self, person: str, method: str, variant: str) -> str:
        """ok, 403, 404, 405 or login."""
        if person == NOT_SIGNED_IN and not self.is_public:
            return "login"
        allowed = self.who_may(method, variant)
        if allowed is None:
            return "405"
        if person not in self.who_sees(variant):
            return "404"
        acts_as = STAFF if person == STRANGER and self.is_of_own_host else person
        return "ok" if acts_as in allowed else "403"

    @property
    def is_of_own_host(self) -> bool:
        """Whether the page is about whatever host its reader works for."""
        return self.reach in ("", "host", "start")


def fitting(by_pattern: Mapping[str, Iterable[str]], variant: str) -> People:
    return next(
        (frozenset(people) for pattern, people in by_pattern.items() if fnmatchcase(variant, pattern)), NONE
    )
