"""Where the figures of a ranking come from. Pure; each function explains one kind of field.

The values are worked out again from the rows, by the rules and not by the prose, so that an explanation
that does not give what is printed fails its test.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_DOWN, Decimal, localcontext
from fractions import Fraction

from reviews.reports.explained import (
    Column,
    Explanation,
    Row,
    Rule,
    Says,
    Step,
    group_of,
    rank_columns,
    units_of,
    with_next,
)
from reviews.reports.facts import GroupResult, Results, UnitResult
from reviews.reports.fields import Field
from reviews.reports.wording import short_points
from reviews.scoring import round_half_up

QUOTIENT_DIGITS = 6  # that a quotient shows before it is rounded


def count(field: Field, results: Results) -> Explanation | None:
    """How many units of a group are ranked."""
    group = group_of(field, results)
    if group is None:
        return None
    ranked, unranked = group.ranked, group.unranked
    numbers = {
        "roster": str(len(group.units)),
        "ranked": str(len(ranked)),
        "unranked": str(len(unranked)),
    }
    return Explanation(
        field,
        Rule.COUNT,
        gives=str(len(ranked)),
        steps=(Step(Says.ROSTER, numbers),) if unranked else (),
        rows=tuple(Row(unit, group, is_meant=unit.rank is not None) for unit in group.units),
        columns=(Column.RANK, Column.TOTAL, *((Column.REASON,) if unranked else ())),
    )


def average(field: Field, results: Results) -> Explanation | None:
    """The sum of the totals of the ranked by their number, rounded once, half up."""
    group = group_of(field, results)
    if group is None or not group.ranked:
        return None
    totals = [unit.total for unit in group.ranked if unit.total is not None]
    total, number = sum(totals, Decimal(0)), len(totals)
    result = round_half_up(Fraction(total) / number, group.decimals)
    quotient = _quotient(total, number)
    added = {"sum": group.points(total), "count": str(number)}
    rounded = {"decimals": str(group.decimals), "result": group.points(result)}
    return Explanation(
        field,
        Rule.AVERAGE,
        gives=group.points(result),
        steps=(
            Step(Says.SUM_OF_TOTALS, added),
            Step(Says.QUOTIENT, {**added, "quotient": quotient}),
            Step(Says.ROUNDED, rounded),
        ),
        rows=tuple(Row(unit, group) for unit in group.ranked),
        columns=(Column.RANK, Column.TOTAL),
    )


def highest(field: Field, results: Results) -> Explanation | None:
    """The total of whoever is first."""
    return _extreme(field, results, Rule.HIGHEST)


def lowest(field: Field, results: Results) -> Explanation | None:
    """The total of whoever is last."""
    return _extreme(field, results, Rule.LOWEST)


def _extreme(field: Field, results: Results, rule: Rule) -> Explanation | None:
    group = group_of(field, results)
    if group is None or not group.ranked:
        return None
    result = max(group.totals) if rule is Rule.HIGHEST else min(group.totals)
    meant = [unit for unit in group.ranked if unit.total == result]
    numbers = {"result": group.points(result), "count": str(len(group.ranked))}
    ordered = group.ranked if rule is Rule.HIGHEST else tuple(reversed(group.ranked))
    return Explanation(
        field,
        rule,
        gives=group.points(result),
        steps=(Step(Says.EXTREME, numbers),),
        rows=with_next(group, meant, ordered, above=rule is Rule.LOWEST),
        columns=(Column.RANK, Column.TOTAL),
    )


def unranked(field: Field, results: Results) -> Explanation | None:
    """Who has no rank, and why (rule 6)."""
    group = group_of(field, results)
    if group is None:
        return None
    counts = field.key.endswith("-count")
    numbers = {
        "roster": str(len(group.units)),
        "ranked": str(len(group.ranked)),
        "unranked": str(len(group.unranked)),
    }
    return Explanation(
        field,
        Rule.UNRANKED,
        gives=str(len(group.unranked)) if counts else "",
        names=() if counts else tuple(unit.name for unit in group.unranked),
        steps=(Step(Says.ROSTER, numbers),),
        rows=tuple(Row(unit, group) for unit in group.unranked),
        columns=(Column.REASON,),
    )


def risers(field: Field, results: Results) -> Explanation | None:
    """How many rose at all since the baseline."""
    group = group_of(field, results)
    if group is None or results.baseline is None:
        return None
    comparable = [unit for unit in group.units if unit.places is not None]
    risen = [unit for unit in comparable if (unit.places or 0) > 0]
    numbers = {"comparable": str(len(comparable)), "baseline": results.baseline.label}
    return Explanation(
        field,
        Rule.RISERS,
        gives=str(len(risen)),
        steps=(Step(Says.COMPARED, numbers), Step(Says.MOVED, {"movers": str(len(risen))})),
        rows=tuple(Row(unit, group) for unit in risen),
        columns=rank_columns(results),
    )


def furthest(field: Field, results: Results) -> Explanation | None:
    """Who rose most of all, or by how many places."""
    group = group_of(field, results)
    risen = [unit for unit in group.ranked if (unit.places or 0) > 0] if group else []
    if group is None or not risen:
        return None
    most = max(unit.places or 0 for unit in risen)
    meant = [unit for unit in risen if unit.places == most]
    counts = field.key.endswith("-places")
    first = meant[0]
    numbers = {
        "before": str(first.baseline_rank),
        "now": str(first.rank),
        "places": str((first.baseline_rank or 0) - (first.rank or 0)),
    }
    ordered = sorted(risen, key=lambda unit: -(unit.places or 0))
    return Explanation(
        field,
        Rule.FURTHEST,
        gives=numbers["places"] if counts else "",
        names=() if counts else tuple(unit.name for unit in meant),
        steps=(Step(Says.PLACE_CHANGE, numbers), Step(Says.MOST_PLACES, {"places": str(most)})),
        rows=with_next(group, meant, ordered),
        columns=rank_columns(results),
    )


def unit(field: Field, results: Results) -> Explanation | None:
    """A unit by its name: where it stands and what its total is made of."""
    told = _one_unit(field, results)
    return replace(told, rule=Rule.UNIT, gives=told.rows[0].unit.name) if told else None


def total(field: Field, results: Results) -> Explanation | None:
    """One unit's total: the sum of its points, rounded once."""
    told = _one_unit(field, results)
    if told is None or told.rows[0].unit.total is None:
        return None
    row = told.rows[0]
    return replace(told, gives=row.group.points(row.unit.total or Decimal(0)))


def _one_unit(field: Field, results: Results) -> Explanation | None:
    found = units_of(field, results)
    if len(found) != 1:
        return None
    ((only, group),) = found
    steps = list(sum_of_scores(only, group))
    if only.rank is not None:
        steps.insert(0, Step(Says.PLACE, {"rank": str(only.rank), "ranked": str(len(group.ranked))}))
    if only.baseline_rank is not None and only.places is not None:
        numbers = {"before": str(only.baseline_rank), "now": str(only.rank), "places": str(only.places)}
        steps.insert(1, Step(Says.PLACE_CHANGE, numbers))
    reason = (Column.REASON,) if only.rank is None else ()
    return Explanation(
        field,
        Rule.TOTAL,
        steps=tuple(steps),
        rows=(Row(only, group),),
        columns=(*rank_columns(results), *reason),
    )


def sum_of_scores(unit: UnitResult, group: GroupResult) -> list[Step]:
    """How a total adds up from its points (rule 1); nothing where the unit has none.

    Points of indicators that apply, scaled to the full marks where some do not, and then the bonus.
    """
    regular = [score for score in unit.scores if not score.is_bonus]
    applying = [(score.points, score.full_marks) for score in regular if score.points is not None]
    if unit.total is None or not applying:
        return []
    points = [points for points, _full in applying]
    exact = Fraction(sum(points, Decimal(0)))
    parts = " + ".join(map(short_points, points))
    summed = short_points(sum(points, Decimal(0)))
    steps = [Step(Says.POINTS_SUM, {"parts": parts, "sum": summed}, unit.unit)]
    if len(applying) < len(regular):
        full = sum((score.full_marks for score in regular), Decimal(0))
        counted = sum((full_marks for _points, full_marks in applying), Decimal(0))
        exact = exact * Fraction(full) / Fraction(counted)
        numbers = {
            "sum": summed,
            "full": short_points(full),
            "applying": short_points(counted),
            "result": _shown(exact),
        }
        steps.append(Step(Says.SCALED, numbers, unit.unit))
    bonus = sum((score.points or Decimal(0) for score in unit.scores if score.is_bonus), Decimal(0))
    if bonus:
        numbers = {"sum": _shown(exact), "bonus": short_points(bonus)}
        exact += Fraction(bonus)
        steps.append(Step(Says.BONUS, {**numbers, "result": _shown(exact)}, unit.unit))
    result = group.points(round_half_up(exact, group.decimals))
    rounded = {"decimals": str(group.decimals), "result": result}
    return [*steps, Step(Says.TOTAL_ROUNDED, rounded, unit.unit)]


def _quotient(total: Decimal, number: int) -> str:
    return _shown(Fraction(total) / number)


def _shown(value: Fraction) -> str:
    """A number cut, not rounded, after six decimals: 88.264705… with a mark where it goes on."""
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        cut = exact.quantize(Decimal(1).scaleb(-QUOTIENT_DIGITS), rounding=ROUND_DOWN)
    text = short_points(cut)
    return text if Fraction(cut) == value else f"{cut:f}…"
