"""Why a unit moved, in a sentence. Pure, always Chinese; figures and names are fields."""

from __future__ import annotations

from collections.abc import Sequence

from reviews.movement import PointsLine, indicator_lines, main_lines
from reviews.ranking import ListName, ProgressMeasure
from reviews.reports.facts import GroupResult, UnitResult
from reviews.reports.fields import About, FieldBook, FieldKind
from reviews.reports.rankings import moved, unit_field
from reviews.reports.wording import counted, enumerated, first_few

INDICATORS_NAMED = 3
UNITS_EXPLAINED = 2  # that share the first place of a list; of more, no one is singled out


def main_reason(unit: UnitResult, book: FieldBook) -> str:
    """主要是党费收缴、三会一课两项得分提高, or 得分降低; empty where the points do not speak for themselves.

    Said only where total and place moved the same way: who rose although its points fell owes it to others.
    """
    lines = decisive_lines(unit)
    if not lines:
        return ""
    told = About(unit.name, units=(unit.unit,))
    where = book.put(f"u{unit.unit}.reasons", indicators_named(lines), FieldKind.MOVE, told)
    return f"主要是{where}得分{'提高' if lines[0].change > 0 else '降低'}"


def decisive_lines(unit: UnitResult) -> tuple[PointsLine, ...]:
    """The indicators that carried a unit's move, the largest first; none where its points do not tell."""
    if not unit.places or not unit.total_change or (unit.places > 0) is not (unit.total_change > 0):
        return ()
    return main_lines(indicator_lines(unit.earlier_scores, unit.scores), gains=unit.places > 0)


def indicators_named(lines: Sequence[PointsLine]) -> str:
    """党费收缴; A、B两项; A、B、C等5项."""
    names = [line.indicator for line in lines]
    if len(names) == 1:
        return names[0]
    if len(names) > INDICATORS_NAMED:
        return first_few(names, INDICATORS_NAMED, "项")
    return f"{enumerated(names)}{counted(len(names))}项"


def movement_sentence(group: GroupResult, name: ListName, measure: ProgressMeasure, book: FieldBook) -> str:
    """Who moved furthest and why, without an end mark: 戊镇党委上升10位，主要是党费收缴得分提高.

    name: progress or setback. Empty where nobody did, too many share it or no reason can be told.
    """
    furthest = [unit for unit in group.named(name) if unit.list_places[name] == 1]
    if len(furthest) > UNITS_EXPLAINED:
        return ""
    clauses = []
    for unit in furthest:
        how_far, reason = moved(unit, measure), main_reason(unit, book)
        if how_far and reason:
            told = About(unit.name, units=(unit.unit,))
            far = book.put(f"u{unit.unit}.move", how_far, FieldKind.MOVE, told)
            clauses.append(f"{unit_field(unit, book)}{far}，{reason}")
    return "；".join(clauses)
