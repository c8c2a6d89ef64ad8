"""What was lost and where: from the scores of all units to indicators and sections. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reviews.reports.facts import GroupResult, Score, UnitResult
from reviews.reports.fields import keyed


@dataclass(frozen=True)
class IndicatorLosses:
    """One indicator and the units that lost points there, the heaviest losers first."""

    indicator: str
    units: tuple[str, ...]
    keys: tuple[int, ...]  # of the same units
    reasons: tuple[str, ...]  # the most frequent first
    section: str = ""

    @property
    def key(self) -> str:
        """Two groups' rubrics may have an indicator of one name in different sections."""
        return keyed(f"{self.section}/{self.indicator}")

    @property
    def frequency(self) -> int:
        return len(self.units)


@dataclass(frozen=True)
class SectionLosses:
    """One section (一级指标) with its indicators, the most frequent first."""

    section: str
    indicators: tuple[IndicatorLosses, ...]

    @property
    def frequency(self) -> int:
        return sum(indicator.frequency for indicator in self.indicators)


def sections_by_frequency(groups: Iterable[GroupResult]) -> list[SectionLosses]:
    """Every section where points were lost, the most frequent first, groups taken together by name.

    How frequent is counted in units and indicators, not in points. Equals keep the order of the rubric.
    """
    found: dict[str, dict[str, list[tuple[UnitResult, Score]]]] = {}
    for group in groups:
        for unit in sorted(group.units, key=lambda unit: unit.position):
            for score in unit.scores:
                indicators = found.setdefault(score.section, {})
                losers = indicators.setdefault(score.indicator, [])
                if score.is_problem:
                    losers.append((unit, score))
    sections = [
        SectionLosses(
            section,
            tuple(
                sorted(
                    (
                        _losses(section, indicator, losers)
                        for indicator, losers in indicators.items()
                        if losers
                    ),
                    key=lambda losses: -losses.frequency,
                )
            ),
        )
        for section, indicators in found.items()
    ]
    return sorted((each for each in sections if each.indicators), key=lambda each: -each.frequency)


def strongest_indicators(group: GroupResult, limit: int = 3) -> tuple[list[str], bool]:
    """Where the ranked units of a group lost least, and whether they lost nothing there at all.

    Indicators without any loss come in the order of the rubric, all of them; where there are none, up to
    `limit` that lost the smallest share of their full marks, and only those below a tenth.
    """
    lost: dict[str, Decimal] = {}
    full: dict[str, Decimal] = {}
    for unit in group.ranked:
        for score in unit.scores:
            if score.points is None or score.is_bonus:
                continue
            lost[score.indicator] = lost.get(score.indicator, Decimal(0)) + score.lost
            full[score.indicator] = full.get(score.indicator, Decimal(0)) + score.full_marks
    faultless = [indicator for indicator, points in lost.items() if not points]
    if faultless:
        return faultless, True
    shares = {indicator: Fraction(lost[indicator]) / Fraction(full[indicator]) for indicator in lost}
    least = sorted(shares, key=lambda indicator: shares[indicator])[:limit]
    return [indicator for indicator in least if shares[indicator] < Fraction(1, 10)], False


def _losses(section: str, indicator: str, losers: list[tuple[UnitResult, Score]]) -> IndicatorLosses:
    by_weight = sorted(losers, key=lambda pair: -pair[1].lost)
    reasons = Counter(reason for _unit, score in losers for reason in score.reasons)
    return IndicatorLosses(
        indicator,
        tuple(unit.name for unit, _score in by_weight),
        tuple(unit.unit for unit, _score in by_weight),
        tuple(reason for reason, _count in reasons.most_common()),
        section,
    )
