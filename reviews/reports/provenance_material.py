"""Where what a text says beyond the standings comes from: baseline, findings, assigned work. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reviews.ranking import ListName
from reviews.reports.explained import Explanation, Row, Rule, Says, Step, group_of, rank_columns, units_of
from reviews.reports.facts import Results
from reviews.reports.fields import Field
from reviews.reports.findings import CategoryFindings, findings_by_category
from reviews.reports.material import Programme
from reviews.reports.since_baseline import caught_up, last_again

OF_PROGRAMME: Mapping[str, Callable[[Programme], int]] = {
    "targets": lambda programme: programme.targets,
    "done": lambda programme: programme.done,
    "overdue": lambda programme: programme.overdue,
}
OF_CATEGORY: Mapping[str, Callable[[CategoryFindings], int]] = {
    "count": lambda category: category.frequency,
    "units": lambda category: len(category.units),
}


def average_change(field: Field, results: Results) -> Explanation | None:
    """The difference of the two averages as they print."""
    group = group_of(field, results)
    earlier = results.material.earlier_of(group.key) if group else None
    if group is None or earlier is None or earlier.average is None or not group.totals:
        return None
    now, then = group.points(group.average()), f"{earlier.average}"
    numbers = {"now": now, "then": then, "change": f"{group.average() - earlier.average}"}
    rows = tuple(Row(unit, group) for unit in group.ranked)
    return Explanation(
        field,
        Rule.AVERAGE_CHANGE,
        steps=(Step(Says.DIFFERENCE, numbers),),
        rows=rows,
        columns=rank_columns(results),
    )


def caught_up_units(field: Field, results: Results) -> Explanation | None:
    """Who was in the baseline's last list, rose since and is not in it again."""
    group = group_of(field, results)
    units = caught_up(results, group) if group else []
    if group is None or not units:
        return None
    rows = tuple(Row(unit, group) for unit in units)
    return Explanation(field, Rule.CAUGHT_UP, rows=rows, columns=rank_columns(results))


def last_again_units(field: Field, results: Results) -> Explanation | None:
    """Who is in the last list of both, between all that are in it now."""
    group = group_of(field, results)
    units = last_again(results, group) if group else []
    if group is None or not units:
        return None
    rows = tuple(Row(unit, group, is_meant=unit in units) for unit in group.named(ListName.LAST))
    return Explanation(field, Rule.LAST_AGAIN, rows=rows, columns=rank_columns(results))


def highlight(field: Field, results: Results) -> Explanation | None:
    """Words of a visit that was made, and the unit it was made to."""
    return _of_visits(field, results, Rule.HIGHLIGHT)


def finding(field: Field, results: Results) -> Explanation | None:
    """A problem in the words of the visits that recorded it, with the units where they did."""
    return _of_visits(field, results, Rule.FINDING)


def category(field: Field, results: Results) -> Explanation | None:
    """How many problems visits recorded under a category, each once a place, or in how many units."""
    found = {each.key: each for each in findings_by_category(results)}
    key, _dot, what = field.key.removeprefix("c").partition(".")
    if key not in found:
        return None
    gives = str(OF_CATEGORY[what](found[key])) if what in OF_CATEGORY else ""
    return _of_visits(field, results, Rule.CATEGORY, gives=gives)


def programme(field: Field, results: Results) -> Explanation | None:
    """Assigned work as its log told of it on the day of publication."""
    if field.key.startswith("work.earlier"):
        return _earlier_work(field, results)
    key, _dot, what = field.key.removeprefix("w").partition(".")
    found = next((each for each in results.material.programmes if str(each.key) == key), None)
    if found is None:
        return None
    gives = str(OF_PROGRAMME[what](found)) if what in OF_PROGRAMME else ""
    return Explanation(field, Rule.PROGRAMME, gives=gives)


def _earlier_work(field: Field, results: Results) -> Explanation | None:
    """How many programmes earlier quarters assigned, in all or with one outcome."""
    earlier = [each for each in results.material.programmes if not each.is_new]
    _earlier, _dash, outcome = field.key.removeprefix("work.").partition("-")
    if not earlier or outcome == "all":
        return Explanation(field, Rule.PROGRAMMES) if earlier else None
    count = sum(not outcome or each.outcome == outcome for each in earlier)
    return Explanation(field, Rule.PROGRAMMES, gives=str(count))


def _of_visits(field: Field, results: Results, rule: Rule, *, gives: str = "") -> Explanation | None:
    rows = tuple(Row(unit, group) for unit, group in units_of(field, results))
    if not rows:
        return None
    return Explanation(field, rule, gives=gives, rows=rows, columns=rank_columns(results))
