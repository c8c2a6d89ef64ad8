"""Where what a text says of losses, their reasons and rectification comes from. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from organizations.quarter import Quarter
from reviews.reports.explained import (
    Column,
    Counted,
    Explanation,
    Line,
    Row,
    Rule,
    Says,
    Step,
    Tally,
    group_of,
)
from reviews.reports.facts import Change, GroupResult, Outcome, Results, Score, UnitResult
from reviews.reports.fields import Field, keyed
from reviews.reports.rankings import named_baseline
from reviews.reports.wording import chinese_number, official_date, short_points, without_end_mark
from reviews.scoring import round_half_up

LEAST, BELOW = 3, Fraction(1, 10)  # of the full marks: what counts as lost little
DASH = "—"

Loser = tuple[UnitResult, GroupResult, tuple[Score, ...]]


def strength(field: Field, results: Results) -> Explanation | None:
    """Where the ranked of a group lost nothing, or the smallest share of the full marks."""
    group = group_of(field, results)
    if group is None:
        return None
    lost: dict[str, Decimal] = {}
    full: dict[str, Decimal] = {}
    for unit in group.ranked:
        for score in unit.scores:
            if score.points is not None and not score.is_bonus:
                lost[score.indicator] = lost.get(score.indicator, Decimal(0)) + score.lost
                full[score.indicator] = full.get(score.indicator, Decimal(0)) + score.full_marks
    shares = {name: Fraction(lost[name]) / Fraction(full[name]) for name in lost}
    faultless = [name for name in shares if not shares[name]]
    by_share = sorted(shares, key=lambda name: shares[name])
    names = faultless or [name for name in by_share[:LEAST] if shares[name] < BELOW]
    lines = tuple(
        Line(
            name,
            (short_points(lost[name]), short_points(full[name]), f"{round_half_up(shares[name] * 100, 1)}%"),
            is_meant=name in names,
        )
        for name in by_share
    )
    return Explanation(
        field,
        Rule.FAULTLESS if faultless else Rule.LEAST_LOST,
        names=tuple(names),
        tally=Tally(Counted.SHARES, lines, units=tuple(unit.unit for unit in group.ranked)),
    )


def losses(field: Field, results: Results) -> Explanation | None:
    """Who lost points at an indicator, the heaviest first."""
    found = _losers(field, results)
    return _of_losers(field, Rule.LOSSES, found, tuple(unit.name for unit, *_ in found)) if found else None


def reasons(field: Field, results: Results) -> Explanation | None:
    """Why points were lost at an indicator, the most frequent reason first."""
    found = _losers(field, results)
    if not found:
        return None
    # Counted unit by unit in the host's order, so that equally frequent ones keep that order.
    ordered = sorted(found, key=lambda each: _own_order(each, results))
    times = Counter(reason for *_, scores in ordered for score in scores for reason in score.reasons)
    lines = tuple(Line(reason, (str(number),), is_meant=True) for reason, number in times.most_common())
    names = tuple(line.name for line in lines)
    return _of_losers(field, Rule.REASONS, found, names, Tally(Counted.REASONS, lines))


def indicator(field: Field, results: Results) -> Explanation | None:
    """An indicator by its name, or a section: where points were lost."""
    if not field.about.indicator:
        return _section(field, results)
    found = _losers(field, results)
    return _of_losers(field, Rule.INDICATOR, found, (field.about.indicator,)) if found else None


def _section(field: Field, results: Results) -> Explanation | None:
    """The indicators of a section, and how many units lost points at each."""
    counted: dict[str, int] = {}
    wanted = field.key.removeprefix("s").removesuffix(".name")
    for group in results.groups:
        for unit in group.units:
            for score in unit.scores:
                if score.is_problem and keyed(score.section) == wanted:
                    counted[score.indicator] = counted.get(score.indicator, 0) + 1
    if not counted:
        return None
    lines = tuple(
        Line(name, (str(number),), is_meant=True)
        for name, number in sorted(counted.items(), key=lambda pair: -pair[1])
    )
    return Explanation(
        field,
        Rule.SECTION,
        names=(field.value,),
        steps=(Step(Says.OCCURRENCES, {"count": str(sum(counted.values()))}),),
        tally=Tally(Counted.INDICATORS, lines),
    )


def _losers(field: Field, results: Results) -> list[Loser]:
    """Those who lost points at the indicator, the heaviest first. An indicator of that name may stand in two
    sections: the one whose losers the field names is meant.
    """
    by_section: dict[str, list[Loser]] = {}
    for group in results.groups:
        for unit in sorted(group.units, key=lambda unit: unit.position):
            for score in unit.scores:
                if score.indicator == field.about.indicator and score.is_problem:
                    by_section.setdefault(score.section, []).append((unit, group, (score,)))
    ordered = [
        sorted(found, key=lambda each: -sum((score.lost for score in each[2]), Decimal(0)))
        for found in by_section.values()
    ]
    named = field.about.units
    meant = [found for found in ordered if tuple(unit.unit for unit, *_ in found) == named]
    return (meant or ordered or [[]])[0]


def _own_order(loser: Loser, results: Results) -> tuple[int, int]:
    unit, group, _scores = loser
    return results.groups.index(group), unit.position


def _of_losers(
    field: Field, rule: Rule, found: list[Loser], names: tuple[str, ...], tally: Tally | None = None
) -> Explanation:
    return Explanation(
        field,
        rule,
        names=names,
        steps=(Step(Says.LOSERS, {"count": str(len(found))}),),
        rows=tuple(Row(unit, group, scores=scores) for unit, group, scores in found),
        columns=(Column.LOST,),
        tally=tally,
    )


# --- Rectification -------------------------------------------------------------------------------

Selected = Callable[[Outcome], int]
OF_NEWEST: Mapping[str, Selected] = {
    "raised": lambda outcome: outcome.raised,
    "on-time": lambda outcome: outcome.on_time,
    "late": lambda outcome: outcome.late,
    "carried-over": lambda outcome: outcome.carried_over,
    "overdue": lambda outcome: outcome.overdue,
}
OF_OLDER: Mapping[str, Selected] = {
    "older": lambda outcome: outcome.carried_over,
    "older-overdue": lambda outcome: outcome.overdue,
}


def rectification(field: Field, results: Results) -> Explanation | None:
    """How the items of earlier quarters stood on a day: one count of them, or the day."""
    told = results.rectification
    if told is None:
        return None
    newest, *older = told.outcomes
    name = field.key.removeprefix("rectification.")
    if name == "as-of":
        return _explained(field, Rule.AS_OF, told.outcomes, set(), (), gives=official_date(told.as_of))
    if name in OF_NEWEST:
        gives = OF_NEWEST[name](newest)
        steps = [_adds_up(newest)]
        if name == "overdue":
            numbers = {"overdue": str(newest.overdue), "carried_over": str(newest.carried_over)}
            steps.append(Step(Says.OVERDUE_OF, numbers))
        meant = {newest.quarter}
    elif name in OF_OLDER:
        parts = [OF_OLDER[name](outcome) for outcome in older]
        gives = sum(parts)
        steps = [Step(Says.OLDER_SUM, {"parts": " + ".join(map(str, parts)), "sum": str(gives)})]
        meant = {outcome.quarter for outcome in older}
    else:
        return None
    return _explained(field, Rule.RECTIFICATION, told.outcomes, meant, tuple(steps), gives=str(gives))


def _explained(
    field: Field,
    rule: Rule,
    outcomes: tuple[Outcome, ...],
    meant: set[Quarter],
    steps: tuple[Step, ...],
    *,
    gives: str,
) -> Explanation:
    lines = tuple(
        Line(
            each.quarter.label,
            tuple(map(str, (each.raised, each.on_time, each.late, each.carried_over, each.overdue))),
            is_meant=each.quarter in meant,
            quarter=each.quarter,
        )
        for each in outcomes
    )
    return Explanation(field, rule, gives=gives, steps=steps, tally=Tally(Counted.OUTCOMES, lines))


def _adds_up(outcome: Outcome) -> Step:
    numbers = {
        "quarter": outcome.quarter.label,
        "raised": str(outcome.raised),
        "on_time": str(outcome.on_time),
        "late": str(outcome.late),
        "carried_over": str(outcome.carried_over),
    }
    return Step(Says.ADDS_UP, numbers)


# --- What a publication says of itself -----------------------------------------------------------


def baseline(field: Field, results: Results) -> Explanation | None:
    """The quarter that places are compared with."""
    return Explanation(field, Rule.BASELINE, gives=named_baseline(results)) if results.baseline else None


def correction(field: Field, results: Results) -> Explanation | None:
    """Which correction it is, why it was made and what it changed."""
    if not results.is_correction:
        return None
    is_number = field.key.endswith(".number")
    reason = without_end_mark(results.reason)
    return Explanation(
        field,
        Rule.CORRECTION,
        gives=f"第{chinese_number(results.number - 1)}次" if is_number else reason,
        steps=(Step(Says.CHANGED, {"count": str(len(results.changes))}),),
        tally=Tally(Counted.CHANGES, tuple(map(_change, results.changes))) if results.changes else None,
    )


def _change(change: Change) -> Line:
    figures = (change.old_rank, change.old_total, change.new_rank, change.new_total)
    return Line(change.name, tuple(DASH if figure is None else str(figure) for figure in figures), True)
