"""主要成效 of the circular: who leads, what went well, who was praised, who rose. Pure, always Chinese."""

from __future__ import annotations

from reviews.ranking import ListName
from reviews.reports.blocks import Block
from reviews.reports.facts import Results
from reviews.reports.fields import FieldBook, FieldKind
from reviews.reports.highlights import praise
from reviews.reports.limits import INDICATORS_PER_CLAUSE
from reviews.reports.parts import part_blocks
from reviews.reports.problems import strongest_indicators
from reviews.reports.rankings import about, group_field, unit_field
from reviews.reports.since_baseline import caught_up_sentence, risers_sentence
from reviews.reports.wording import enumerated, first_few
from reviews.reports.work import finished_sentence


def achievements(results: Results, book: FieldBook) -> list[Block]:
    """Each part of 主要成效, as far as figures and findings give cause."""
    return part_blocks(
        "achievements",
        [
            ("leaders", "先进单位走在前列", leaders_sentence(results, book)),
            ("strengths", "重点环节抓得较实", strengths_sentence(results, book)),
            ("highlights", "基层亮点各具特色", _praise(results, book)),
            (
                "risers",
                "争先进位势头良好",
                risers_sentence(results, book) + caught_up_sentence(results, book),
            ),
            ("work", "专项工作落地见效", finished_sentence(results, book)),
        ],
    )


def leaders_sentence(results: Results, book: FieldBook) -> str:
    """Who is first in each group, with its points: A以96.50分居乡镇（街道）第一。"""
    clauses = []
    for group in results.groups:
        first = [unit for unit in group.named(ListName.TOP) if unit.rank == 1]
        if first and first[0].total is not None:
            both = "并列" if len(first) > 1 else ""
            names = enumerated(unit_field(unit, book) for unit in first)
            points = book.put(
                f"{group.field_key}.highest",
                group.points(first[0].total),
                FieldKind.HIGHEST,
                about(group, first),
            )
            clauses.append(f"{names}以{points}分{both}居{group_field(group, book)}第一")
    return f"{'；'.join(clauses)}。" if clauses else ""


def strengths_sentence(results: Results, book: FieldBook) -> str:
    """Where each group lost least: 乡镇在A、B方面没有失分。"""
    clauses = []
    for group in results.groups:
        indicators, faultless = strongest_indicators(group)
        if indicators:
            where = book.put(
                f"{group.field_key}.strengths",
                first_few(indicators, INDICATORS_PER_CLAUSE, "项工作"),
                FieldKind.STRENGTH,
                about(group),
            )
            how = "没有失分" if faultless else "失分较少"
            clauses.append(f"{group_field(group, book)}在{where}方面{how}")
    return f"{'；'.join(clauses)}。" if clauses else ""


def _praise(results: Results, book: FieldBook) -> str:
    clauses = praise(results, book)
    return f"{'；'.join(clauses)}。" if clauses else ""
