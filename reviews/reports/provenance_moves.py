"""Where it comes from how far a unit moved, and at which indicators. Pure."""

from __future__ import annotations

from decimal import Decimal

from reviews.movement import PointsLine
from reviews.reports.explained import Explanation, Row, Rule, Says, Step, rank_columns, units_of
from reviews.reports.facts import Results
from reviews.reports.fields import Field
from reviews.reports.rankings import moved
from reviews.reports.reasons import decisive_lines, indicators_named
from reviews.reports.wording import short_points


def move(field: Field, results: Results) -> Explanation | None:
    """One unit's move: its places, and the points then and now of the indicators that carried it."""
    found = units_of(field, results)
    if len(found) != 1:
        return None
    ((unit, group),) = found
    lines = decisive_lines(unit)
    tells_why = field.key.endswith(".reasons")
    numbers = {"before": str(unit.baseline_rank), "now": str(unit.rank), "places": str(unit.places)}
    return Explanation(
        field,
        Rule.MOVE,
        gives=indicators_named(lines) if tells_why else moved(unit, results.measure),
        steps=(Step(Says.PLACE_CHANGE, numbers), *(_points(line, unit.unit) for line in lines)),
        rows=(Row(unit, group),),
        columns=rank_columns(results),
    )


def _points(line: PointsLine, unit: int) -> Step:
    numbers = {
        "indicator": line.indicator,
        "before": short_points(line.before or Decimal(0)),
        "now": short_points(line.now or Decimal(0)),
        "change": f"{'+' if line.change > 0 else '−'}{short_points(abs(line.change))}",
    }
    return Step(Says.POINT_CHANGE, numbers, unit)
