"""What became of groups and units since the baseline, beside the four lists. Pure, always Chinese."""

from __future__ import annotations

from collections.abc import Sequence

from reviews.ranking import ListName
from reviews.reports.facts import GroupResult, Results, UnitResult
from reviews.reports.fields import FieldBook, FieldKind
from reviews.reports.limits import UNITS_PER_CLAUSE
from reviews.reports.material import EarlierGroup
from reviews.reports.rankings import (
    about,
    baseline_field,
    end_label,
    group_field,
    named_baseline,
    overview,
    unit_field,
)
from reviews.reports.reasons import main_reason, movement_sentence
from reviews.reports.wording import enumerated, first_few


def averages(results: Results, book: FieldBook, *, with_ends: bool = True) -> str:
    """Each group's average with how it changed, and the highest and lowest total unless they are not asked
    for; empty where nobody is ranked.
    """
    texts = [
        overview(group, book, average_change(results, group, book), with_ends=with_ends)
        for group in results.groups
    ]
    said = "；".join(filter(None, texts))
    return f"{said}。" if said else ""


def average_change(results: Results, group: GroupResult, book: FieldBook) -> str:
    """比第一季度提高1.25分 or 与第一季度持平, as a field; empty where the averages cannot be compared.

    It is the difference of the two averages as they print, so that it adds up by hand.
    """
    earlier = results.material.earlier_of(group.key)
    if earlier is None or earlier.average is None or not group.totals or results.baseline is None:
        return ""
    change, then = group.average() - earlier.average, named_baseline(results)
    text = f"比{then}{'提高' if change > 0 else '下降'}{abs(change):f}分" if change else f"与{then}持平"
    return book.put(f"{group.field_key}.average-change", text, FieldKind.AVERAGE_CHANGE, about(group))


def has_risen(results: Results) -> bool:
    """Whether the average of every group that can be compared rose, and of one at least."""
    changes = [
        group.average() - earlier.average
        for group in results.groups
        if group.totals and results.baseline is not None
        for earlier in [results.material.earlier_of(group.key)]
        if earlier is not None and earlier.average is not None
    ]
    return bool(changes) and min(changes) > 0


def risers_sentence(results: Results, book: FieldBook) -> str:
    """How many rose in each group and who most: 与第一季度相比，乡镇有9个单位名次上升，其中A上升10位。"""
    if results.baseline is None:
        return ""
    clauses = []
    for group in results.groups:
        risers = [unit for unit in group.ranked if unit.places is not None and unit.places > 0]
        if risers:
            key = f"{group.field_key}.risers"
            count = book.put(key, len(risers), FieldKind.RISERS, about(group, risers))
            who = f"{group_field(group, book)}有{count}个单位名次上升{_furthest(group, risers, book)}"
            clauses.append(who)
    return f"与{baseline_field(results, book)}相比，{'；'.join(clauses)}。" if clauses else ""


def _furthest(group: GroupResult, risers: Sequence[UnitResult], book: FieldBook) -> str:
    """Who among several rose most, and why where it is one: ，其中A上升6位，主要是党费收缴得分提高."""
    most = max(unit.places or 0 for unit in risers)
    furthest = [unit for unit in risers if unit.places == most]
    why = f"，{reason}" if len(furthest) == 1 and (reason := main_reason(furthest[0], book)) else ""
    if len(risers) == 1:
        return f"，为{unit_field(risers[0], book)}{why}"
    if len(furthest) == len(risers) > UNITS_PER_CLAUSE:
        return ""
    key, told = f"{group.field_key}.furthest", about(group, furthest)
    names = first_few([unit.name for unit in furthest], UNITS_PER_CLAUSE)
    who = book.put(key, names, FieldKind.PLACES, told)
    both = "均" if len(furthest) > 1 else ""
    return f"，其中{who}{both}上升{book.put(f'{key}-places', most, FieldKind.PLACES, told)}位{why}"


def fallers_sentence(results: Results, book: FieldBook) -> str:
    """Who fell furthest and why: 与第一季度相比，A下降9位，主要是党费收缴得分降低。"""
    if results.baseline is None:
        return ""
    clauses = [movement_sentence(group, ListName.SETBACK, results.measure, book) for group in results.groups]
    told = "；".join(filter(None, clauses))
    return f"与{baseline_field(results, book)}相比，{told}。" if told else ""


def caught_up_sentence(results: Results, book: FieldBook) -> str:
    """Who rose out of the baseline's last list: 乡镇摆脱第一季度后三名的是：A（由第15名升至第8名）。"""
    clauses = []
    for group in results.groups:
        earlier, units = results.material.earlier_of(group.key), caught_up(results, group)
        if earlier is None or not units or results.baseline is None:
            continue
        names = enumerated(f"{unit.name}（由第{unit.baseline_rank}名升至第{unit.rank}名）" for unit in units)
        key, told = f"{group.field_key}.caught-up", about(group, units)
        label = f"摆脱{named_baseline(results)}{end_label(earlier.last_size)}的是"
        heading = book.put(f"{key}.heading", label, FieldKind.CAUGHT_UP, told)
        named = book.put(key, names, FieldKind.CAUGHT_UP, told)
        clauses.append(f"{group_field(group, book)}{heading}：{named}")
    return f"{'；'.join(clauses)}。" if clauses else ""


def caught_up(results: Results, group: GroupResult) -> list[UnitResult]:
    """The units of the baseline's last list that rose since and are not in the last list again."""
    return [
        unit
        for unit in _last_then(results, group)
        if unit.places is not None and unit.places > 0 and ListName.LAST not in unit.list_places
    ]


def last_again_sentence(results: Results, book: FieldBook) -> str:
    """Who was in the last list then and is now: A、B连续两个季度列乡镇后三名。"""
    clauses = []
    for group in results.groups:
        earlier = results.material.earlier_of(group.key)
        units = last_again(results, group)
        if earlier is None or not units:
            continue
        key, told = f"{group.field_key}.last-again", about(group, units)
        named = book.put(key, enumerated(unit.name for unit in units), FieldKind.LAST_AGAIN, told)
        when = book.put("last-again.when", _both_quarters(results), FieldKind.BASELINE)
        label = book.put(f"{key}.heading", _wider_label(results, group, earlier), FieldKind.LAST_AGAIN, told)
        clauses.append(f"{named}{when}列{group_field(group, book)}{label}")
    return f"{'；'.join(clauses)}。" if clauses else ""


def last_again(results: Results, group: GroupResult) -> list[UnitResult]:
    """The units of the baseline's last list that are in the last list now."""
    return [unit for unit in _last_then(results, group) if ListName.LAST in unit.list_places]


def _last_then(results: Results, group: GroupResult) -> list[UnitResult]:
    """The units of the baseline's last list whose places can be compared, as they are ranked now."""
    earlier = results.material.earlier_of(group.key)
    if earlier is None or results.baseline is None:
        return []
    return [unit for unit in group.ranked if unit.unit in earlier.last and unit.places is not None]


def _both_quarters(results: Results) -> str:
    baseline, quarter = results.baseline, results.quarter
    if baseline is None:
        return ""
    if baseline.next() == quarter:
        return "连续两个季度"
    now = quarter.ordinal if baseline.year == quarter.year else quarter.label
    return f"{named_baseline(results)}和{now}均"


def _wider_label(results: Results, group: GroupResult, earlier: EarlierGroup) -> str:
    """What holds of both quarters: who was in a list of one is in that of three as well."""
    return end_label(max(earlier.last_size, group.ends(results.list_size)))
