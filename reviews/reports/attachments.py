"""The tables behind a circular: scores by group, what a correction changed, the problems and how earlier ones
were put right. Pure.
"""

from __future__ import annotations

import datetime

from reviews.reports.document import Attachment, Column
from reviews.reports.facts import Change, Charge, GroupResult, Rectification, Results, UnitResult
from reviews.reports.findings import findings_by_category
from reviews.reports.layout import title_lines
from reviews.reports.score_tables import DASH, filled, quarter_words, score_table
from reviews.reports.wording import enumerated, official_date

NAMES_AT_MOST = 3  # that are listed where all units of a group are meant


def attachments_of(results: Results) -> tuple[Attachment, ...]:
    """All attachments in their order, labelled 附件1, 附件2, …, or just 附件 where there is one."""
    return tuple(
        Attachment(label, "".join(words), title_lines(words), columns, rows)
        for label, (words, columns, rows) in _labelled(results).values()
    )


def problem_list_label(results: Results) -> str:
    """The label of the list of problems; empty where there is none."""
    label, _draft = _labelled(results).get("problems", ("", None))
    return label


Draft = tuple[list[str], tuple[Column, ...], tuple[tuple[str, ...], ...]]


def _labelled(results: Results) -> dict[str, tuple[str, Draft]]:
    """The attachments there is something for, each with its label."""
    drafts = {
        f"scores-{number}": score_table(results, group)
        for number, group in enumerate(results.groups)
        if group.units
    }
    if results.changes:
        drafts["changes"] = _change_table(results)
    if _has_problems(results):
        drafts["problems"] = _problem_list(results)
    if results.rectification is not None:
        drafts["rectification"] = _rectification_table(results, results.rectification)
    alone = len(drafts) == 1
    return {
        key: ("附件" if alone else f"附件{number}", draft)
        for number, (key, draft) in enumerate(drafts.items(), 1)
    }


def _rectification_table(results: Results, rectification: Rectification) -> Draft:
    """How the items of earlier quarters stand, the newest first, and all of them where there are several."""
    columns = [
        Column("问题所属季度", 36),
        *(Column(heading, 24) for heading in ("应整改", "按期销号", "逾期销号", "结转", "其中逾期")),
    ]
    counts = [
        (each.raised, each.on_time, each.late, each.carried_over, each.overdue)
        for each in rectification.outcomes
    ]
    rows = [
        (outcome.quarter.label, *map(str, row))
        for outcome, row in zip(rectification.outcomes, counts, strict=True)
    ]
    if len(rows) > 1:
        rows.append(("合计", *(str(sum(column)) for column in zip(*counts, strict=True))))
    as_of = f"（截至{official_date(rectification.as_of)}）"
    words = [*quarter_words(results), "以前问题", "整改情况表", as_of]
    return words, tuple(columns), tuple(rows)


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
    return [*quarter_words(results), "通报", "更正对照表"], filled(columns), rows


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
        deduction.responsible and deduction.reason
        for group in results.groups
        for unit in group.units
        for score in unit.scores
        for deduction in score.deductions
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
    words = [*quarter_words(results), "基层党建工作", "督查发现问题", "及责任单位清单"]
    return words, filled(columns), tuple(rows)


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
