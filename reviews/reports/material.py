"""What a publication knows besides standings: findings of visits, assigned work, the baseline. Pure.

Each value is read back from what the publication froze (see reviews.material), free of what no document can
hold and of the marks around it, so that a sentence can go on after it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from organizations.quarter import Quarter
from reviews.reports.fields import keyed
from reviews.reports.wording import clause, plain, without_prefix


@dataclass(frozen=True)
class Highlight:
    """Something that a visit found done well. place: within the unit, empty where it is the unit itself."""

    unit: int
    name: str
    place: str
    text: str

    @property
    def key(self) -> str:
        """The same for the same words of the same place."""
        return keyed(f"{self.unit}|{self.place}|{self.text}")

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Highlight:
        return cls(*_where_and_what(kept))


@dataclass(frozen=True)
class Finding:
    """A problem that a visit recorded. category_position: the host's order of its categories."""

    category: str
    category_position: int
    unit: int
    name: str
    place: str
    text: str

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Finding:
        return cls(clause(plain(kept["category"])), kept["category_position"], *_where_and_what(kept))


@dataclass(frozen=True)
class DueDate:
    """By when a programme is to be done; name: of the class it is for, empty where there is one for all."""

    due_on: datetime.date
    name: str = ""


@dataclass(frozen=True)
class Programme:
    """Assigned work at the end of the day of publication.

    lead: in words; lead_unit: its key where a unit leads. targets: how many are to do it; done and overdue:
    of these. outcome: finished, overdue or running. is_new: assigned in the quarter itself, not earlier.
    """

    key: int
    name: str
    quarter: Quarter
    lead: str = ""
    lead_unit: int | None = None
    task: str = ""
    dues: tuple[DueDate, ...] = ()
    targets: int = 0
    done: int = 0
    overdue: int = 0
    outcome: str = "running"
    is_new: bool = False

    @property
    def is_finished(self) -> bool:
        return self.outcome == "finished"

    @property
    def has_all_done(self) -> bool:
        """Whether there are targets and none is left to do it."""
        return 0 < self.targets == self.done

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Programme:
        lines = filter(None, (clause(plain(line)) for line in kept["task"].splitlines()))
        dues = (
            DueDate(datetime.date.fromisoformat(due["due_on"]), clause(plain(due["name"])))
            for due in kept["dues"]
        )
        read = {
            "name": clause(plain(kept["name"])),
            "quarter": Quarter.parse(kept["quarter"]),
            "lead": clause(plain(kept["lead"])),
            "task": "。".join(lines),
            "dues": tuple(dues),
        }
        return cls(**{**kept, **read})


@dataclass(frozen=True)
class EarlierGroup:
    """What the baseline published of a group. average: as it printed then, None where it cannot be compared.

    last: keys of the units of its last list; last_size: the n of it.
    """

    group: int
    average: Decimal | None
    last_size: int
    last: tuple[int, ...]

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> EarlierGroup:
        average = None if kept["average"] is None else Decimal(kept["average"])
        return cls(kept["group"], average, kept["last_size"], tuple(kept["last"]))


@dataclass(frozen=True)
class Material:
    """All of it, in any order: who writes from it puts it in order."""

    highlights: tuple[Highlight, ...] = ()
    findings: tuple[Finding, ...] = ()
    programmes: tuple[Programme, ...] = ()
    earlier: tuple[EarlierGroup, ...] = ()

    def earlier_of(self, group: int) -> EarlierGroup | None:
        """What the baseline published of a group."""
        return next((each for each in self.earlier if each.group == group), None)

    @classmethod
    def from_json(cls, kept: Mapping[str, Sequence[Mapping[str, Any]]] | None) -> Material:
        """As a publication keeps it; nothing where it is older than material is."""
        if kept is None:
            return cls()
        highlights = map(Highlight.from_json, kept["highlights"])
        findings = map(Finding.from_json, kept["findings"])
        return cls(
            tuple(each for each in highlights if each.text),
            tuple(each for each in findings if each.text and each.category),
            tuple(each for each in map(Programme.from_json, kept["programmes"]) if each.name),
            tuple(map(EarlierGroup.from_json, kept["earlier"])),
        )


def _where_and_what(kept: Mapping[str, Any]) -> tuple[int, str, str, str]:
    """Unit, its name, the place and the text, neither of which says again what stands before it."""
    name = plain(kept["name"])
    place = without_prefix(clause(plain(kept["place"])), name)
    text = without_prefix(without_prefix(clause(plain(kept["text"])), name), place)
    return kept["unit"], name, place, text
