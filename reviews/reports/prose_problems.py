"""存在问题 of the circular: what visits found by category, where points were lost. Pure, always Chinese."""

from __future__ import annotations

from collections.abc import Sequence

from reviews.reports.attachments import problem_list_label
from reviews.reports.blocks import Block
from reviews.reports.facts import Results
from reviews.reports.fields import About, FieldBook, FieldKind, keyed
from reviews.reports.findings import CategoryFindings, Shortcoming, findings_by_category
from reviews.reports.limits import CLAUSES_PER_SECTION, REASONS_PER_CLAUSE, UNITS_PER_CLAUSE
from reviews.reports.parts import Part, counted_off, part_blocks
from reviews.reports.problems import IndicatorLosses, SectionLosses, sections_by_frequency
from reviews.reports.since_baseline import fallers_sentence, last_again_sentence
from reviews.reports.wording import first_few


def problems(results: Results, book: FieldBook) -> list[Block]:
    """By category where visits recorded problems, then where points were lost; else by section of the rubric.

    Then who stayed behind, and where all of it is listed.
    """
    categories, sections = findings_by_category(results), sections_by_frequency(results.groups)
    parts = [_category(category, book) for category in categories]
    if parts:
        parts.append(("indicators", "部分指标失分较多", losses_text(frequent_losses(sections), book)))
    else:
        parts = [_section(section, book) for section in sections]
    parts.append(("last-again", "部分单位持续靠后", last_again_sentence(results, book)))
    alone = {f"c{each.key}": f"主要是{category_field(each, book)}。" for each in categories}
    blocks = part_blocks("problems", parts, alone)
    if fallers := fallers_sentence(results, book):
        blocks.append(Block("problems.fallers", fallers))
    if blocks and (label := attachment_field(results, book)):
        blocks.append(Block("problems.attachment", f"各单位的具体问题见{label}。"))
    return blocks


def attachment_field(results: Results, book: FieldBook) -> str:
    """The label of the list of problems as a field; empty where there is none."""
    return book.put("attachment.problems", problem_list_label(results), FieldKind.ATTACHMENT)


def category_field(category: CategoryFindings, book: FieldBook) -> str:
    """The name of a category as a field."""
    told = About(category.category, units=category.units)
    return book.put(f"c{category.key}.name", category.category, FieldKind.CATEGORY, told)


def shortcoming_field(shortcoming: Shortcoming, book: FieldBook) -> str:
    """What is wrong, in the words of the visits, as a field."""
    told = About(shortcoming.category, units=shortcoming.units)
    return book.put(f"p{shortcoming.key}.text", shortcoming.text, FieldKind.FINDING, told)


def where_field(shortcoming: Shortcoming, limit: int, book: FieldBook) -> str:
    """Where it was found, as a field: A镇党委松林村党支部、B镇党委等5个单位."""
    told = About(shortcoming.category, units=shortcoming.units)
    where = first_few(shortcoming.labels, limit)
    return book.put(f"p{shortcoming.key}.where-{limit}", where, FieldKind.FINDING, told)


def frequent_losses(
    sections: Sequence[SectionLosses], limit: int = CLAUSES_PER_SECTION
) -> list[IndicatorLosses]:
    """The indicators where the most units lost points, whatever their section."""
    indicators = [indicator for section in sections for indicator in section.indicators]
    return sorted(indicators, key=lambda each: -each.frequency)[:limit]


def losses_text(losses: Sequence[IndicatorLosses], book: FieldBook) -> str:
    """一是党费收缴方面，收缴滞后，涉及A、B等5个单位。二是… Empty where nothing was lost."""
    return counted_off([_loss(each, book) for each in losses]) if losses else ""


def reasons_field(losses: IndicatorLosses, book: FieldBook) -> str:
    """Why points were lost at an indicator, as a field; 有失分 where nobody said."""
    told = About(losses.indicator, units=losses.keys, indicator=losses.indicator)
    reasons = "；".join(losses.reasons[:REASONS_PER_CLAUSE])
    return book.put(f"i{losses.key}.reasons", reasons, FieldKind.REASONS, told) or "有失分"


def losers_field(losses: IndicatorLosses, book: FieldBook) -> str:
    """Who lost points at an indicator, as a field."""
    told = About(losses.indicator, units=losses.keys, indicator=losses.indicator)
    names = first_few(losses.units, UNITS_PER_CLAUSE)
    return book.put(f"i{losses.key}.units", names, FieldKind.LOSSES, told)


def indicator_field(losses: IndicatorLosses, book: FieldBook) -> str:
    """The name of an indicator as a field."""
    told = About(losses.indicator, units=losses.keys, indicator=losses.indicator)
    return book.put(f"i{losses.key}.name", losses.indicator, FieldKind.INDICATOR, told)


def _category(category: CategoryFindings, book: FieldBook) -> Part:
    clauses = [
        f"{shortcoming_field(each, book)}，涉及{where_field(each, UNITS_PER_CLAUSE, book)}"
        for each in category.shortcomings[:CLAUSES_PER_SECTION]
    ]
    return f"c{category.key}", category_field(category, book), counted_off(clauses)


def _section(section: SectionLosses, book: FieldBook) -> Part:
    key = f"s{keyed(section.section)}"
    name = book.put(f"{key}.name", section.section or "其他工作", FieldKind.INDICATOR)
    return key, f"{name}存在薄弱环节", losses_text(section.indicators[:CLAUSES_PER_SECTION], book)


def _loss(losses: IndicatorLosses, book: FieldBook) -> str:
    what, who = reasons_field(losses, book), losers_field(losses, book)
    return f"{indicator_field(losses, book)}方面，{what}，涉及{who}"
