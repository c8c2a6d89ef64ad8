"""The tables behind a circular: standings by group, what a correction changed, the problems. Pure."""

from __future__ import annotations

import datetime

from reviews.reports.document import Attachment, Column
from reviews.reports.facts import Change, Charge, GroupResult, Results, UnitResult
from reviews.reports.findings import findings_by_category
from reviews.reports.layout import title_lines
from reviews.reports.rankings import named_baseline
from reviews.reports.wording import enumerated, official_date

DASH = "—"
NAMES_AT_MOST = 3  # that are listed where all units of a group are meant


def attachments_of(results: Results) -> tuple[Attachment, ...]:
    """All attachments in their order, labelled 附件1, 附件2, …, or just 附件 where there is one."""
    drafts = [_score_table(results, group) for group in results.groups if group.units]
    if results.changes:
        drafts.append(_change_table(results))
    if _has_problems(results):
        drafts.append(_problem_list(results))
    labels = ["附件"] if len(drafts) == 1 else [f"附件{number}" for number in range(1, len(drafts) + 1)]
    return tuple(
        Attachment(label, "".join(words), title_lines(words), columns, rows)
        for label, (words, columns, rows) in zip(labels, drafts, strict=True)
    )


def problem_list_label(results: Results) -> str:
    """The label of the list of problems, always the last attachment; empty where there is none."""
    return attachments_of(results)[-1].label if _has_problems(results) else ""


Draft = tuple[list[str], tuple[Column, ...], tuple[tuple[str, ...], ...]]


def _score_table(results: Results, group: GroupResult) -> Draft:
    """Ranked units first; those without a rank follow at the end with the reason (rule 6)."""
    has_baseline = results.baseline is not None
    has_unranked = bool(group.unranked)
    columns = [Column("名次", 16), Column("单位", 0, is_text=True), Column("总分", 22)]
    if has_baseline:
        columns += [Column(f"{named_baseline(results)}名次", 30), Column("升降", 26)]
    if has_unranked:
        columns.append(Column("备注", 34, is_text=True))
    rows = []
    for unit in (*group.ranked, *group.unranked):
        row = [str(unit.rank or DASH), unit.name, DASH if unit.total is None else group.points(unit.total)]
        if has_baseline:
            row += [str(unit.baseline_rank or DASH), movement(unit)]
        if has_unranked:
            row.append(unit.unranked_reason)
        rows.append(tuple(row))
    words = [*_quarter_words(results), group.name, "基层党建工作", "督查得分", "排名表"]
    return words, _filled(columns), tuple(rows)


def movement(unit: UnitResult) -> str:
    """▲上升2位, ▼下降3位, 持平 or 不可比."""
    if unit.places is None:
        return "不可比"
    if unit.places == 0:
        return "持平"
    return f"▲上升{unit.places}位" if unit.places > 0 else f"▼下降{-unit.places}位"


def _change_table(results: Results) -> Draft:
    columns = [
        Column("类别", 28),
        Column("单位", 0, is_text=True),
        Column("原名次", 18),
        Column("原总分", 22),
        Column("更正后名次", 26),
        Column("更正后总分", 26),
    ]
    rows = tuple(_change_row(change) for change in results.changes)
    return [*_quarter_words(results), "通报", "更正对照表"], _filled(columns), rows


def _change_row(change: Change) -> tuple[str, ...]:
    figures = (change.old_rank, change.old_total, change.new_rank, change.new_total)
    return (change.group, change.name, *(DASH if figure is None else str(figure) for figure in figures))


def _problem_list(results: Results) -> Draft:
    """One row a problem and due date, in the order of the rubrics, with the units that put it right.

    Persons and dates stand there where the items said so when this was published.
    """
    found = _units_by_problem(results)
    has_dates = any(due_on for _indicator, _problem, due_on in found)
    has_persons = any(
        charge.responsible
        for group in results.groups
        for unit in group.units
        for score in unit.scores
        for charge in score.charges
    )
    columns = [
        Column("序号", 13),
        Column("指标（类别）" if results.material.findings else "指标", 25, is_text=True),
        Column("存在问题", 33, is_text=True),
        Column("责任单位（责任人）" if has_persons else "责任单位", 0, is_text=True),
    ]
    if has_dates:
        columns.append(Column("整改时限", 28))
    rows = []
    for number, ((indicator, problem, due_on), units) in enumerate(found.items(), 1):
        row = [str(number), indicator, problem, units]
        if has_dates:
            row.append(official_date(due_on) if due_on else DASH)
        rows.append(tuple(row))
    words = [*_quarter_words(results), "基层党建工作", "督查发现问题", "及责任单位清单"]
    return words, _filled(columns), tuple(rows)


Problem = tuple[str, datetime.date | None]  # what is wrong, and by when it is to be put right


def _units_by_problem(results: Results) -> dict[tuple[str, str, datetime.date | None], str]:
    """Indicator, reason and due date → the units it concerns, group by group.

    Before them what visits found: its category, the problem, and where it was found.
    """
    found: dict[str, dict[Problem, list[str]]] = {}
    for category in findings_by_category(results):
        listed = found.setdefault(category.category, {})
        for each in category.shortcomings:
            listed[each.text, None] = each.labels
    for group in results.groups:
        for indicator, problems in _problems_of(group).items():
            concerned = found.setdefault(indicator, {})
            for problem, units in problems.items():
                concerned.setdefault(problem, []).append(_named(units, group))
    return {
        (indicator, *problem): enumerated(units)
        for indicator, problems in found.items()
        for problem, units in problems.items()
    }


def _problems_of(group: GroupResult) -> dict[str, dict[Problem, list[tuple[UnitResult, str]]]]:
    """Indicator → reason (失分 where none was recorded) and date → units in own order, each with who acts."""
    found: dict[str, dict[Problem, list[tuple[UnitResult, str]]]] = {}
    for unit in sorted(group.units, key=lambda unit: unit.position):
        for score in unit.scores:
            problems = found.setdefault(score.indicator, {})
            for charge in (score.charges or (Charge("失分"),)) if score.is_problem else ():
                named = problems.setdefault((charge.reason, charge.due_on), [])
                named.append((unit, charge.responsible))
    return found


def _named(units: list[tuple[UnitResult, str]], group: GroupResult) -> str:
    """The units by name, or 全部 where they are all that the group ranks and the list would be long."""
    ranked = [unit for unit, _person in units if unit.rank is not None]
    has_persons = any(person for _unit, person in units)
    if has_persons or len(ranked) <= NAMES_AT_MOST or len(ranked) < len(group.ranked):
        return enumerated(f"{unit.name}（{person}）" if person else unit.name for unit, person in units)
    whole = f"全部{'参加排名的' if group.unranked else ''}{group.name}"
    return enumerated([whole, *(unit.name for unit, _person in units if unit.rank is None)])


def _has_problems(results: Results) -> bool:
    scores = (score for group in results.groups for unit in group.units for score in unit.scores)
    return any(score.is_problem for score in scores) or bool(findings_by_category(results))


def _quarter_words(results: Results) -> list[str]:
    return [f"{results.quarter.year}年", results.quarter.ordinal]


def _filled(columns: list[Column], width: int = 156) -> tuple[Column, ...]:
    """The columns with what is left of the type area given to the one of width 0."""
    rest = width - sum(column.width for column in columns)
    return tuple(
        column if column.width else Column(column.heading, rest, column.is_text) for column in columns
    )
