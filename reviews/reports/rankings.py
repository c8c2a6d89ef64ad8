"""The ranking paragraphs of a circular or speech, in the wording offices use. Pure, always Chinese.

A set that is empty drops its clause; nothing ever says that there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from organizations.quarter import Quarter
from reviews.ranking import ListName, ProgressMeasure
from reviews.reports.facts import GroupResult, Results, UnitResult
from reviews.reports.wording import counted, enumerated, ordinal, short_points


def ranking_paragraphs(results: Results) -> list[str]:
    """One paragraph a group: the first, the last, who rose and who fell.

    The first group's lists are sentences and name the baseline quarter; those after it follow in brief.
    """
    paragraphs: list[str] = []
    has_compared = False
    for group in results.groups:
        ends = end_clauses(group, results.list_size)
        moves = move_clauses(group, results.measure)
        if moves and not has_compared and results.baseline is not None:
            moves[0] = f"与{named_baseline(results)}相比，{moves[0]}"
            has_compared = True
        if paragraphs:
            clauses = [*ends, *moves]
            text = "；".join(clauses) + "。" if clauses else ""
        else:
            text = "".join(f"{clause}。" for clause in ends)
            text += "；".join(moves) + "。" if moves else ""
        if text:
            paragraphs.append(group.name + text if ends else f"{group.name}中，{text}")
    return paragraphs


def named_baseline(results: Results) -> str:
    """The baseline quarter, with its year where that is another: 第一季度, 2017年第四季度."""
    baseline: Quarter | None = results.baseline
    if baseline is None:
        return ""
    return baseline.ordinal if baseline.year == results.quarter.year else baseline.label


def end_clauses(group: GroupResult, list_size: int) -> list[str]:
    """前三名：A；B、C（并列第二）；D and 后三名：…; nothing where all are equal."""
    size = group.ends(list_size)
    top, last = group.named(ListName.TOP), group.named(ListName.LAST)
    clauses = []
    if top:
        clauses.append(f"{'第一名' if size == 1 else f'前{counted(size)}名'}：{_by_rank(top)}")
    if last:
        clauses.append(f"{'最后一名' if size == 1 else f'后{counted(size)}名'}：{_by_rank(last)}")
    return clauses


def move_clauses(group: GroupResult, measure: ProgressMeasure) -> list[str]:
    """进步较快的是：A（上升6位）、B、C（均上升5位） and 退步较大的是：…"""
    progress, setback = group.named(ListName.PROGRESS), group.named(ListName.SETBACK)
    clauses = []
    if progress:
        clauses.append(f"进步较快的是：{_by_movement(progress, measure)}")
    if setback:
        clauses.append(f"退步较大的是：{_by_movement(setback, measure)}")
    return clauses


def _by_rank(units: Iterable[UnitResult]) -> str:
    parts = []
    for rank, tied in groupby(units, key=lambda unit: unit.rank):
        names = [unit.name for unit in tied]
        is_tie = rank is not None and len(names) > 1
        parts.append(enumerated(names) + (f"（并列{ordinal(rank)}）" if is_tie and rank else ""))
    return "；".join(parts)


def _by_movement(units: Sequence[UnitResult], measure: ProgressMeasure) -> str:
    """The units in the order of the list; neighbours that moved equally far share one remark."""
    parts = []
    for remark, alike in groupby(units, key=lambda unit: _movement(unit, measure)):
        names = [unit.name for unit in alike]
        both = "均" if len(names) > 1 else ""
        parts.append(enumerated(names) + (f"（{both}{remark}）" if remark else ""))
    return enumerated(parts)


def _movement(unit: UnitResult, measure: ProgressMeasure) -> str:
    """上升6位, 下降7位, or by total 总分提高3.5分; empty where that says nothing."""
    if measure is ProgressMeasure.PLACES:
        places = unit.places or 0
        return f"{'上升' if places > 0 else '下降'}{abs(places)}位" if places else ""
    change = unit.total_change
    is_riser = ListName.PROGRESS in unit.list_places
    if not change or (change > 0) is not is_riser:
        return ""  # judged by the share of the full marks, which points alone do not show
    return f"总分{'提高' if change > 0 else '降低'}{short_points(abs(change))}分"


def overview(group: GroupResult) -> str:
    """The group's average, highest and lowest total; empty where nobody is ranked."""
    totals = group.totals
    if not totals:
        return ""
    if len(totals) == 1:
        return f"{group.name}得分{group.points(totals[0])}分"
    text = f"{group.name}平均得分{group.points(group.average())}分"
    if max(totals) > min(totals):
        text += f"，最高{group.points(max(totals))}分，最低{group.points(min(totals))}分"
    return text


def unranked_sentence(group: GroupResult) -> str:
    """Who is not ranked and why; empty where all are."""
    if not group.unranked:
        return ""
    units = "；".join(
        f"{unit.name}（{unit.unranked_reason}）" if unit.unranked_reason else unit.name
        for unit in group.unranked
    )
    return f"{group.name}另有{len(group.unranked)}个单位未参加排名：{units}。"
