"""The ranking paragraphs of a circular or speech, in the wording offices use. Pure, always Chinese.

A set that is empty drops its clause; nothing ever says that there is none. Figures and names are fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby

from organizations.quarter import Quarter
from reviews.ranking import ListName, ProgressMeasure
from reviews.reports.facts import GroupResult, Results, UnitResult
from reviews.reports.fields import About, FieldBook, FieldKind
from reviews.reports.wording import counted, enumerated, ordinal, short_points


def ranking_paragraphs(results: Results, book: FieldBook) -> list[tuple[str, str]]:
    """One paragraph a group that has lists, with the group's key: the first, the last, who rose, who fell.

    The first group's lists are sentences and name the baseline quarter; those after it follow in brief.
    Every list is a field, and so is how it is headed.
    """
    paragraphs: list[tuple[str, str]] = []
    has_compared = False
    for group in results.groups:
        ends = [_list_fields(book, group, *clause) for clause in end_lists(group, results.list_size)]
        moves = [_list_fields(book, group, *clause) for clause in move_lists(group, results.measure)]
        if moves and not has_compared and results.baseline is not None:
            moves[0] = f"与{baseline_field(results, book)}相比，{moves[0]}"
            has_compared = True
        if paragraphs:
            clauses = [*ends, *moves]
            text = "；".join(clauses) + "。" if clauses else ""
        else:
            text = "".join(f"{clause}。" for clause in ends)
            text += "；".join(moves) + "。" if moves else ""
        if text:
            name = group_field(group, book)
            paragraphs.append((group.field_key, name + text if ends else f"{name}中，{text}"))
    return paragraphs


def _list_fields(
    book: FieldBook, group: GroupResult, name: ListName, label: str, units: str, *, aloud: bool = False
) -> str:
    """前三名：A；B、C（并列第二）；D, the heading and the names as fields. aloud: 前三名是：A."""
    kind, key = FieldKind(name.value), f"{group.field_key}.{name.value}"
    told = about(group, group.named(name))
    link = "是：" if aloud and not label.endswith("是") else "："
    return f"{book.put(f'{key}.heading', label, kind, told)}{link}{book.put(key, units, kind, told)}"


def about(group: GroupResult, units: Iterable[UnitResult] = ()) -> About:
    """That a field tells of a group, or of these units of it."""
    return About(group.name, group.key, tuple(unit.unit for unit in units))


def group_field(group: GroupResult, book: FieldBook) -> str:
    """The name of a group as a field."""
    return book.put(f"{group.field_key}.name", group.name, FieldKind.SETTING, about(group))


def unit_field(unit: UnitResult, book: FieldBook) -> str:
    """The name of a unit as a field."""
    return book.put(f"u{unit.unit}.name", unit.name, FieldKind.UNIT, About(unit.name, units=(unit.unit,)))


def baseline_field(results: Results, book: FieldBook) -> str:
    """The baseline quarter as a field; empty where there is none."""
    return book.put("baseline", named_baseline(results), FieldKind.BASELINE)


def host_field(results: Results, book: FieldBook) -> str:
    """Who reviewed, as a field."""
    return book.put("host", results.host_name, FieldKind.SETTING)


def quarter_field(results: Results, book: FieldBook) -> str:
    """The quarter that was reviewed, as a field."""
    return book.put("quarter", results.quarter.label, FieldKind.SETTING)


def whom_reviewed(results: Results, book: FieldBook) -> str:
    """17个乡镇（街道）、18个系统单位, as fields; empty where nobody is ranked."""
    return enumerated(
        f"{_ranked_count(group, book)}个{group_field(group, book)}"
        for group in results.groups
        if group.ranked
    )


def _ranked_count(group: GroupResult, book: FieldBook) -> str:
    key = f"{group.field_key}.count"
    return book.put(key, len(group.ranked), FieldKind.COUNT, about(group, group.ranked))


def named_baseline(results: Results) -> str:
    """The baseline quarter, with its year where that is another: 第一季度, 2017年第四季度."""
    baseline: Quarter | None = results.baseline
    if baseline is None:
        return ""
    return baseline.ordinal if baseline.year == results.quarter.year else baseline.label


ListClause = tuple[ListName, str, str]  # which list, how it is headed, whom it names


def list_clauses(results: Results, name: ListName, book: FieldBook) -> list[str]:
    """One of the four lists of each group that has it, as it is said aloud: 乡镇（街道）前三名是：A；B。"""
    clauses = []
    for group in results.groups:
        lists = [*end_lists(group, results.list_size), *move_lists(group, results.measure)]
        for found in lists:
            if found[0] is name:
                clauses.append(group_field(group, book) + _list_fields(book, group, *found, aloud=True))
    return clauses


def end_label(size: int, *, is_top: bool = False) -> str:
    """How the first or the last list is headed: 前三名, 最后一名."""
    if size == 1:
        return "第一名" if is_top else "最后一名"
    return f"{'前' if is_top else '后'}{counted(size)}名"


def end_lists(group: GroupResult, list_size: int) -> list[ListClause]:
    """前三名, A；B、C（并列第二）；D and 后三名, …; nothing where all are equal."""
    size = group.ends(list_size)
    top, last = group.named(ListName.TOP), group.named(ListName.LAST)
    lists = []
    if top:
        lists.append((ListName.TOP, end_label(size, is_top=True), _by_rank(top)))
    if last:
        lists.append((ListName.LAST, end_label(size), _by_rank(last)))
    return lists


def move_lists(group: GroupResult, measure: ProgressMeasure) -> list[ListClause]:
    """进步较快的是, A（上升6位）、B、C（均上升5位） and 退步较大的是, …"""
    progress, setback = group.named(ListName.PROGRESS), group.named(ListName.SETBACK)
    lists = []
    if progress:
        lists.append((ListName.PROGRESS, "进步较快的是", _by_movement(progress, measure)))
    if setback:
        lists.append((ListName.SETBACK, "退步较大的是", _by_movement(setback, measure)))
    return lists


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
    for remark, alike in groupby(units, key=lambda unit: moved(unit, measure)):
        names = [unit.name for unit in alike]
        both = "均" if len(names) > 1 else ""
        parts.append(enumerated(names) + (f"（{both}{remark}）" if remark else ""))
    return enumerated(parts)


def moved(unit: UnitResult, measure: ProgressMeasure) -> str:
    """上升6位, 下降7位, or by total 总分提高3.5分; empty where that says nothing."""
    if measure is ProgressMeasure.PLACES:
        places = unit.places or 0
        return f"{'上升' if places > 0 else '下降'}{abs(places)}位" if places else ""
    change = unit.total_change
    is_riser = ListName.PROGRESS in unit.list_places
    if not change or (change > 0) is not is_riser:
        return ""  # judged by the share of the full marks, which points alone do not show
    return f"总分{'提高' if change > 0 else '降低'}{short_points(abs(change))}分"


def overview(group: GroupResult, book: FieldBook, change: str = "", *, with_ends: bool = True) -> str:
    """The group's average, highest and lowest total, as fields; empty where nobody is ranked.

    change: how the average compares with the baseline's, see `since_baseline.average_change`.
    """
    totals = group.totals
    if not totals:
        return ""
    name = group_field(group, book)

    def points(value: Decimal, kind: FieldKind) -> str:
        units = [] if kind is FieldKind.AVERAGE else [unit for unit in group.ranked if unit.total == value]
        return book.put(f"{group.field_key}.{kind.value}", group.points(value), kind, about(group, units))

    average = points(group.average(), FieldKind.AVERAGE)
    highest, lowest = points(max(totals), FieldKind.HIGHEST), points(min(totals), FieldKind.LOWEST)
    if len(totals) == 1:
        return f"{name}得分{highest}分"
    text = f"{name}平均得分{average}分"
    if change:
        text += f"，{change}"
    if with_ends and max(totals) > min(totals):
        text += f"，最高{highest}分，最低{lowest}分"
    return text


def unranked_sentence(group: GroupResult, book: FieldBook) -> str:
    """Who is not ranked and why, as fields; empty where all are."""
    if not group.unranked:
        return ""
    units = "；".join(
        f"{unit.name}（{unit.unranked_reason}）" if unit.unranked_reason else unit.name
        for unit in group.unranked
    )
    key, told = f"{group.field_key}.unranked", about(group, group.unranked)
    count = book.put(f"{key}-count", len(group.unranked), FieldKind.UNRANKED, told)
    named = book.put(key, units, FieldKind.UNRANKED, told)
    return f"{group_field(group, book)}另有{count}个单位未参加排名：{named}。"
