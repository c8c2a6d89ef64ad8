"""正视问题 of the speech: by category, naming units; then who lags behind. Pure, always Chinese."""

from __future__ import annotations

from collections.abc import Sequence

from reviews.ranking import ListName
from reviews.reports.blocks import Block
from reviews.reports.facts import Results
from reviews.reports.fields import About, FieldBook, FieldKind
from reviews.reports.findings import CategoryFindings, findings_by_category
from reviews.reports.limits import (
    CLAUSES_PER_SECTION,
    INDICATORS_IN_SPEECH,
    UNITS_NAMED_IN_SPEECH,
)
from reviews.reports.parts import Part, counted_off, part_blocks
from reviews.reports.problems import IndicatorLosses, sections_by_frequency
from reviews.reports.prose_problems import (
    category_field,
    frequent_losses,
    indicator_field,
    losers_field,
    reasons_field,
    shortcoming_field,
    where_field,
)
from reviews.reports.rankings import baseline_field, list_clauses
from reviews.reports.rectification import is_all_struck_off, rectification_sentence
from reviews.reports.since_baseline import last_again_sentence


def spoken_problems(results: Results, book: FieldBook) -> list[Block]:
    """What visits found by category, where most units lost points, who stands last, what is not put right."""
    categories = findings_by_category(results)
    losses = frequent_losses(sections_by_frequency(results.groups), INDICATORS_IN_SPEECH)
    return part_blocks(
        "problems",
        [
            *(_category(category, book) for category in categories),
            ("indicators", "有的指标失分比较集中", _losses(losses, book)),
            _positions(results, book),
            ("rectification", "有的问题整改不够到位", _rectification(results, book)),
        ],
        alone={f"c{each.key}": f"主要是{category_field(each, book)}。" for each in categories},
    )


def _category(category: CategoryFindings, book: FieldBook) -> Part:
    told = About(category.category, units=category.units)
    key = f"c{category.key}"
    count = book.put(f"{key}.count", category.frequency, FieldKind.CATEGORY, told)
    units = book.put(f"{key}.units", len(category.units), FieldKind.CATEGORY, told)
    clauses = [
        f"有的{shortcoming_field(each, book)}，如{where_field(each, UNITS_NAMED_IN_SPEECH, book)}"
        for each in category.shortcomings[:CLAUSES_PER_SECTION]
    ]
    text = f"这方面，督查共发现问题{count}个，涉及{units}个单位。{'；'.join(clauses)}。"
    return key, category_field(category, book), text


def _losses(losses: Sequence[IndicatorLosses], book: FieldBook) -> str:
    if not losses:
        return ""
    return "从各项指标的得分看，" + counted_off([_loss(each, book) for each in losses])


def _loss(losses: IndicatorLosses, book: FieldBook) -> str:
    return f"{indicator_field(losses, book)}，{losers_field(losses, book)}{reasons_field(losses, book)}"


def _positions(results: Results, book: FieldBook) -> Part:
    """Who is last, who fell furthest, and who is last again."""
    last = list_clauses(results, ListName.LAST, book)
    fallen = list_clauses(results, ListName.SETBACK, book)
    text = "".join(f"{clause}。" for clause in last)
    if fallen:
        text += f"与{baseline_field(results, book)}相比，{'；'.join(fallen)}。"
    if again := last_again_sentence(results, book):
        text += f"特别是{again}"
    what = "、".join([*(["位次靠后"] if last else []), *(["退步较大"] if fallen else [])])
    meant = "点名的目的是促进工作，希望有关单位正视差距、迎头赶上。"
    return "positions", f"有的单位{what}", f"{text}{meant}" if text else ""


def _rectification(results: Results, book: FieldBook) -> str:
    if is_all_struck_off(results):
        return ""
    sentence = rectification_sentence(results, book)
    return f"{sentence}没有销号的，有关单位要抓紧整改，不能一拖再拖。" if sentence else ""
