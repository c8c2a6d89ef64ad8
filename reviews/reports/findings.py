"""What visits found wrong: from single problems to categories, most frequent first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reviews.reports.facts import Results
from reviews.reports.fields import keyed
from reviews.reports.limits import PLACES_PER_UNIT
from reviews.reports.material import Finding
from reviews.reports.wording import first_few


@dataclass(frozen=True)
class Spot:
    """One unit where a problem was found, and at which of its places; none where it is the unit itself."""

    unit: int
    name: str
    places: tuple[str, ...]

    @property
    def label(self) -> str:
        """甲镇党委, 甲镇党委松林村党支部 or 甲镇党委（松林村党支部、杏花村党支部）."""
        if len(self.places) < 2:
            return self.name + "".join(self.places)
        return f"{self.name}（{first_few(self.places, PLACES_PER_UNIT, '处')}）"


@dataclass(frozen=True)
class Shortcoming:
    """One problem as visits worded it, and where it was found; units in the host's own order."""

    category: str
    text: str
    spots: tuple[Spot, ...]
    frequency: int

    @property
    def key(self) -> str:
        """The same for the same words of the same category."""
        return keyed(f"{self.category}|{self.text}")

    @property
    def labels(self) -> list[str]:
        return [spot.label for spot in self.spots]

    @property
    def units(self) -> tuple[int, ...]:
        return tuple(spot.unit for spot in self.spots)


@dataclass(frozen=True)
class CategoryFindings:
    """One category (问题类别) with its problems, the most frequent first."""

    category: str
    shortcomings: tuple[Shortcoming, ...]

    @property
    def key(self) -> str:
        return keyed(self.category)

    @property
    def frequency(self) -> int:
        return sum(each.frequency for each in self.shortcomings)

    @property
    def units(self) -> tuple[int, ...]:
        """Each unit once."""
        return tuple(dict.fromkeys(unit for each in self.shortcomings for unit in each.units))


def findings_by_category(results: Results) -> list[CategoryFindings]:
    """Every category in which visits found something, the most frequent first, equals in the host's order.

    How frequent is counted in problems, each once a place. Units that the review does not cover are left out.
    """
    order = results.own_order()
    known = {each for each in results.material.findings if each.unit in order}
    positions: dict[str, int] = {}
    by_category: dict[str, list[Finding]] = {}
    for finding in sorted(known, key=lambda each: (order[each.unit], each.place, each.text)):
        by_category.setdefault(finding.category, []).append(finding)
        position = positions.get(finding.category, finding.category_position)
        positions[finding.category] = min(position, finding.category_position)
    categories = [CategoryFindings(name, _shortcomings(each)) for name, each in by_category.items()]
    return sorted(categories, key=lambda each: (-each.frequency, positions[each.category], each.category))


def _shortcomings(findings: Iterable[Finding]) -> tuple[Shortcoming, ...]:
    """By wording, the most frequent first; findings and equals are in the host's own order of units."""
    by_text: dict[str, list[Finding]] = {}
    for finding in findings:
        by_text.setdefault(finding.text, []).append(finding)
    found = [Shortcoming(each[0].category, text, _spots(each), len(each)) for text, each in by_text.items()]
    return tuple(sorted(found, key=lambda each: -each.frequency))


def _spots(findings: Sequence[Finding]) -> tuple[Spot, ...]:
    by_unit: dict[int, list[Finding]] = {}
    for finding in findings:
        by_unit.setdefault(finding.unit, []).append(finding)
    return tuple(
        Spot(unit, each[0].name, tuple(filter(None, (finding.place for finding in each))))
        for unit, each in by_unit.items()
    )
