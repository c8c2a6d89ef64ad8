"""The tables behind an annual report: each group's year, and what a correction changed. Pure."""

from __future__ import annotations

from reviews.reports.annual_facts import AnnualFacts, unranked_words
from reviews.reports.attachments import DASH
from reviews.reports.document import Attachment, Column
from reviews.reports.layout import title_lines
from reviews.reports.wording import plain
from reviews.year_results import QuarterCell, YearGroup, YearLine

WIDTH = 156  # of the type area
QUARTER_WIDTH = 23

Drafted = tuple[list[str], tuple[Column, ...], tuple[tuple[str, ...], ...]]


def annual_attachments(facts: AnnualFacts) -> tuple[Attachment, ...]:
    """All attachments in their order, labelled 附件1, 附件2, …, or just 附件 where there is one."""
    drafts = [_score_table(facts, group) for group in facts.year.groups if group.lines]
    if facts.changes:
        drafts.append(_change_table(facts))
    labels = ["附件"] if len(drafts) == 1 else [f"附件{number}" for number in range(1, len(drafts) + 1)]
    return tuple(
        Attachment(label, "".join(words), title_lines(words), columns, rows)
        for label, (words, columns, rows) in zip(labels, drafts, strict=True)
    )


def _score_table(facts: AnnualFacts, group: YearGroup) -> Drafted:
    """Ranked units first; those without a rank follow, with the reason under their name (rule 6)."""
    numbers = [taken.quarter.number for taken in facts.year.quarters]
    quarters = [Column(f"{taken.quarter.ordinal}得分/名次", QUARTER_WIDTH) for taken in facts.year.quarters]
    fixed = [Column("年度名次", 14), Column("年度得分", 22)]
    rest = WIDTH - sum(column.width for column in (*fixed, *quarters))
    columns = (fixed[0], Column("单位", rest, is_text=True), *quarters, fixed[1])
    rows = tuple(
        (
            str(line.rank or DASH),
            _named(line, facts),
            *(_cell(line.in_quarter(number)) for number in numbers),
            line.total_text or DASH,
        )
        for line in (*group.ranked, *group.unranked)
    )
    words = [facts.label, plain(group.name), "基层党建工作", "督查得分", "排名表"]
    return words, columns, rows


def _named(line: YearLine, facts: AnnualFacts) -> str:
    reason = unranked_words(line, facts.year)
    return plain(line.name) + (f"（{reason}）" if reason else "")


def _cell(cell: QuarterCell | None) -> str:
    """95.00/2; a quarter without a total is a dash."""
    return DASH if cell is None or cell.rank is None else f"{cell.total_text}/{cell.rank}"


def _change_table(facts: AnnualFacts) -> Drafted:
    columns = (
        Column("类别", 28),
        Column("单位", 36, is_text=True),
        Column("原名次", 18),
        Column("原得分", 22),
        Column("更正后名次", 26),
        Column("更正后得分", 26),
    )
    rows = tuple(
        (
            change.group,
            change.name,
            *(
                DASH if figure is None else str(figure)
                for figure in (change.old_rank, change.old_total, change.new_rank, change.new_total)
            ),
        )
        for change in facts.changes
    )
    return [facts.label, "通报", "更正对照表"], columns, rows
