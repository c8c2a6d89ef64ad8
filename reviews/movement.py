"""Why a unit moved: the change of its total by indicator, of its place by indicator and by who passed whom.

Pure: Decimal and Fraction, no Django. Every split adds up exactly to what it splits (docs/decisions/0027).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from organizations.names import normalize_name
from reviews.ranking import RankMethod
from reviews.reports.facts import Score
from reviews.scoring import MAX_DECIMALS, ZERO, round_half_up


class LineKind(StrEnum):
    """What changed a total: an indicator's points, that others stand for what does not apply, or rounding."""

    INDICATOR = "indicator"
    SCALING = "scaling"
    ROUNDING = "rounding"


@dataclass(frozen=True)
class PointsLine:
    """One line of the change of a total.

    before, now: what it adds to either total; None where it adds nothing: the indicator did not apply, or it
    stood in only one of the two rubrics (was_there, is_there).
    """

    kind: LineKind
    before: Decimal | None
    now: Decimal | None
    section: str = ""
    indicator: str = ""
    was_there: bool = True
    is_there: bool = True

    @property
    def change(self) -> Decimal:
        return (self.now or ZERO) - (self.before or ZERO)

    @property
    def is_unchanged(self) -> bool:
        """Whether it stands in both totals alike; not applying is not the same as no points."""
        return self.before == self.now and self.was_there and self.is_there


@dataclass(frozen=True)
class Achieved:
    """What one unit got in one quarter: a printed total, its decimals and the scores behind it."""

    total: Decimal
    decimals: int
    scores: Sequence[Score]


def points_split(before: Achieved, now: Achieved) -> tuple[PointsLine, ...]:
    """The lines that add up exactly to either total and so to their change, in this rubric's order.

    What only the earlier rubric had follows; scaling and rounding come last and only where they are not 0.
    Empty where kept scores do not give the total that was printed: then nothing can be said.
    """
    beyond_before, beyond_now = _beyond_points(before), _beyond_points(now)
    if beyond_before is None or beyond_now is None:
        return ()
    kinds = (LineKind.SCALING, LineKind.ROUNDING)
    beyond = [PointsLine(*each) for each in zip(kinds, beyond_before, beyond_now, strict=True)]
    return (
        *indicator_lines(before.scores, now.scores),
        *(line for line in beyond if line.before or line.now),
    )


def _beyond_points(achieved: Achieved) -> tuple[Decimal, Decimal] | None:
    """What scaling and what rounding add to the points that were given (rule 1, docs/decisions/0002).

    None where the scores do not give the printed total. A scaled total may have no end: what scaling did is
    rounded once here, and the rounding line takes the rest.
    """
    regular = [score for score in achieved.scores if not score.is_bonus]
    applying = [score for score in regular if score.points is not None]
    denominator = _sum(score.full_marks for score in applying)
    if not denominator:
        return None
    exact = _sum(score.points or ZERO for score in applying)
    if len(applying) < len(regular):
        exact *= _sum(score.full_marks for score in regular) / denominator
    exact += _sum(score.points or ZERO for score in achieved.scores if score.is_bonus)
    if round_half_up(exact, achieved.decimals) != achieved.total:
        return None
    points = sum((score.points or ZERO for score in achieved.scores), ZERO)
    scaling = round_half_up(exact - Fraction(points), MAX_DECIMALS)
    return scaling, achieved.total - points - scaling


def indicator_lines(before: Sequence[Score], now: Sequence[Score]) -> list[PointsLine]:
    """Each indicator of either quarter once: those of now in the rubric's order, then those that are gone."""
    pairs = _paired(before, now)
    lines = [_line(pairs.get(place), score) for place, score in enumerate(now)]
    paired = {id(score) for score in pairs.values()}
    return lines + [_line(score, None) for score in before if id(score) not in paired]


def _paired(before: Sequence[Score], now: Sequence[Score]) -> dict[int, Score]:
    """Place in `now` → the same indicator then: of the same section and name, else of the same name alone."""
    pairs: dict[int, Score] = {}
    taken: set[int] = set()
    for with_section in (True, False):
        places: dict[tuple[object, ...], list[int]] = {}
        for place, score in enumerate(before):
            if place not in taken:
                places.setdefault(_key(score, with_section), []).append(place)
        for place, score in enumerate(now):
            if place not in pairs and (found := places.get(_key(score, with_section))):
                taken.add(found[0])
                pairs[place] = before[found.pop(0)]
    return pairs


def _key(score: Score, with_section: bool) -> tuple[object, ...]:
    name = normalize_name(score.indicator)
    return (score.is_bonus, name, normalize_name(score.section) if with_section else "")


def _line(before: Score | None, now: Score | None) -> PointsLine:
    named = now or before
    assert named is not None
    return PointsLine(
        LineKind.INDICATOR,
        before.points if before else None,
        now.points if now else None,
        named.section,
        named.indicator,
        was_there=before is not None,
        is_there=now is not None,
    )


class Field:
    """The ranked units of one group in one quarter: their printed totals, and how ties are counted."""

    def __init__(self, totals: Mapping[int, Decimal], method: RankMethod) -> None:
        self.totals = totals
        self.method = method

    def ahead_of(self, unit: int) -> set[int]:
        """Who has a better total."""
        own = self.totals[unit]
        return {other for other, total in self.totals.items() if total > own}

    def rank(self, unit: int) -> int:
        ahead = self.ahead_of(unit)
        return 1 + len(ahead) - self.spared(ahead)

    def spared(self, ahead: Collection[int]) -> int:
        """How many places these units take up fewer than they are, because equals share one (dense ranks)."""
        if self.method is RankMethod.COMPETITION:
            return 0
        return len(ahead) - len({self.totals[unit] for unit in ahead})

    def without(self, unit: int) -> _Ladder:
        return _Ladder((total for other, total in self.totals.items() if other != unit), self.method)


class _Ladder:
    """The totals of all others, to ask again and again which place a total would take among them."""

    def __init__(self, totals: Iterable[Decimal], method: RankMethod) -> None:
        self.totals = sorted(set(totals) if method is RankMethod.DENSE else totals)

    def place_of(self, total: Decimal) -> int:
        return 1 + len(self.totals) - bisect_right(self.totals, total)


class Seen(StrEnum):
    """Where another unit stands, seen from one: the other end of a pass."""

    BEHIND = "behind"
    LEVEL = "level"
    ABSENT = "absent"  # not ranked in this group in that quarter


@dataclass(frozen=True)
class Pass:
    """A unit that was ahead and is not any more, or is ahead and was not; other_end: where it is, or was."""

    unit: int
    other_end: Seen


@dataclass(frozen=True)
class Passing:
    """Who passed whom. places = len(passed) − len(passed_by) + ties, exactly.

    passed: were ahead and no longer are, +1 each. passed_by: are ahead and were not, −1 each. ties: how many
    more units ahead than then share a place with another, so that they take up no place of their own.
    """

    passed: tuple[Pass, ...]
    passed_by: tuple[Pass, ...]
    ties: int

    @property
    def places(self) -> int:
        return len(self.passed) - len(self.passed_by) + self.ties


def passing_of(unit: int, before: Field, now: Field) -> Passing:
    """Split the change of a unit's place by the units that came before it or fell behind, by their key."""
    ahead_then, ahead_now = before.ahead_of(unit), now.ahead_of(unit)
    return Passing(
        passed=tuple(Pass(other, _seen_from(unit, other, now)) for other in sorted(ahead_then - ahead_now)),
        passed_by=tuple(
            Pass(other, _seen_from(unit, other, before)) for other in sorted(ahead_now - ahead_then)
        ),
        ties=now.spared(ahead_now) - before.spared(ahead_then),
    )


def _seen_from(unit: int, other: int, field: Field) -> Seen:
    if other not in field.totals:
        return Seen.ABSENT
    return Seen.LEVEL if field.totals[other] == field.totals[unit] else Seen.BEHIND


@dataclass(frozen=True)
class PlacesSplit:
    """Places by what changed: places = Σ by_line + others + method, exactly.

    by_line: one number for each line of `points_split`, in its order: the places the unit gains in the
    *earlier* table when its lines are put in one after the other. others: what the other units' results did
    to the place it had come to. method: what a new way of counting ties did.
    """

    by_line: tuple[int, ...]
    others: int
    method: int

    @property
    def own(self) -> int:
        return sum(self.by_line)

    @property
    def places(self) -> int:
        return self.own + self.others + self.method


def places_split(unit: int, lines: Sequence[PointsLine], before: Field, now: Field) -> PlacesSplit:
    """Put in this quarter's points line by line, then the others' results, and count places at each step.

    lines: those of `points_split` for this unit; they lead from its total then to its total now.
    """
    then = before.without(unit)
    total = before.totals[unit]
    place = then.place_of(total)
    by_line = []
    for line in lines:
        total += line.change
        reached = then.place_of(total)
        by_line.append(place - reached)
        place = reached
    counted_as_then = _Ladder(
        (other_total for other, other_total in now.totals.items() if other != unit), before.method
    ).place_of(now.totals[unit])
    return PlacesSplit(tuple(by_line), place - counted_as_then, counted_as_then - now.rank(unit))


def main_lines(lines: Iterable[PointsLine], *, gains: bool) -> tuple[PointsLine, ...]:
    """The fewest indicators that make up at least half of all points gained (or lost), the largest first.

    Only indicators that had points both times; equals in the rubric's order. Empty where there are none.
    """
    sign = 1 if gains else -1
    moved = [
        line
        for line in lines
        if line.kind is LineKind.INDICATOR and None not in (line.before, line.now) and line.change * sign > 0
    ]
    moved.sort(key=lambda line: -abs(line.change))
    half = sum((abs(line.change) for line in moved), ZERO) / 2
    chosen, reached = [], ZERO
    for line in moved:
        if reached >= half:
            break
        chosen.append(line)
        reached += abs(line.change)
    return tuple(chosen)


def _sum(points: Iterable[Decimal]) -> Fraction:
    return sum(map(Fraction, points), Fraction(0))
