"""From what was published to the text of the circular. Pure, always Chinese, never translated.

A set that is empty drops its clause, and a section without clauses is dropped. What comes from the data
stands in the text as fields and is never typed into it.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from reviews.ranking import ListName
from reviews.reports.attachments import attachments_of, problem_list_label
from reviews.reports.blocks import Block, Draft
from reviews.reports.composing import composed
from reviews.reports.document import Imprint, Letterhead, Level, OfficialDocument, Signature
from reviews.reports.facts import GroupResult, Results, UnitResult
from reviews.reports.fields import About, FieldBook, FieldKind, keyed
from reviews.reports.layout import signature_indents, title_lines
from reviews.reports.problems import IndicatorLosses, sections_by_frequency, strongest_indicators
from reviews.reports.rankings import (
    about,
    baseline_field,
    group_field,
    overview,
    ranking_paragraphs,
    unit_field,
    unranked_sentence,
)
from reviews.reports.rectification import rectification_sentence
from reviews.reports.wording import chinese_number, enumerated, first_few, official_date, without_end_mark

CLAUSES_PER_SECTION = 4
UNITS_PER_CLAUSE = 3
REASONS_PER_CLAUSE = 2
INDICATORS_PER_CLAUSE = 5


@dataclass(frozen=True)
class Heading:
    """What a host prints around its documents. Blank fields are left out; a blank issuer is the host."""

    issuer: str = ""
    area: str = "全区"
    addressee: str = ""
    copies_to: str = ""
    document_number: str = ""
    letterhead: Letterhead = Letterhead.NONE
    is_sealed: bool = True
    rectify_by: datetime.date | None = None


def write_circular(results: Results, heading: Heading) -> OfficialDocument:
    """The whole circular of one publication, as it is drafted."""
    return circular_of(draft_circular(results, heading), results, heading)


def circular_of(text: Draft, results: Results, heading: Heading) -> OfficialDocument:
    """The circular with this text: title, signature, imprint and attachments around it."""
    issuer = heading.issuer or results.host_name
    date = official_date(results.published_on)
    words = _title_words(results)
    signer_indent, date_indent = signature_indents(issuer, date, is_sealed=heading.is_sealed)
    return OfficialDocument(
        title="".join(words),
        title_lines=title_lines(words),
        addressee=without_end_mark(heading.addressee),
        paragraphs=composed(text.blocks, text.fields),
        attachments=attachments_of(results),
        signature=Signature(issuer, date, heading.is_sealed, signer_indent, date_indent),
        imprint=Imprint(without_end_mark(heading.copies_to), issuer, f"{date}印发"),
        letterhead=heading.letterhead,
        mark=f"{issuer}文件",
        document_number=heading.document_number,
        digest=results.digest,
    )


def draft_circular(results: Results, heading: Heading) -> Draft:
    """What the circular says by itself, in blocks and fields."""
    book = FieldBook()
    blocks = [Block("correction", _correction(results, book))] if results.is_correction else []
    blocks.append(Block("opening", _opening(results, heading, book)))
    sections = [
        ("situation", "总体情况", _situation(results, book)),
        ("achievements", "主要成效", _parts("achievements", _achievements(results, book))),
        ("problems", "存在问题", _problems(results, book)),
        ("demands", "下一步工作要求", _demands(results, heading, book)),
    ]
    for key, title, written in sections:
        if written:
            blocks += [Block(key, lead=title, level=Level.SECTION), *written]
    return Draft(tuple(blocks), book.fields)


def _title_words(results: Results) -> list[str]:
    quarter = results.quarter
    words = ["关于", f"{quarter.year}年", quarter.ordinal, "基层党建工作", "督查", "情况的通报"]
    return [*words, "（更正）"] if results.is_correction else words


def _opening(results: Results, heading: Heading, book: FieldBook) -> str:
    whom = enumerated(
        f"{_ranked_count(group, book)}个{group_field(group, book)}"
        for group in results.groups
        if group.ranked
    )
    area = book.put("area", heading.area, FieldKind.SETTING)
    quarter = book.put("quarter", results.quarter.label, FieldKind.SETTING)
    return (
        f"根据安排，{_host(results, book)}采取“四不两直”方式，对{area}{whom}"
        f"{quarter}基层党建工作进行了督查，现通报如下。"
    )


def _host(results: Results, book: FieldBook) -> str:
    return book.put("host", results.host_name, FieldKind.SETTING)


def _ranked_count(group: GroupResult, book: FieldBook) -> str:
    return book.put(
        f"{group.field_key}.count",
        len(group.ranked),
        FieldKind.COUNT,
        about(group, group.ranked),
    )


def _correction(results: Results, book: FieldBook) -> str:
    count = chinese_number(results.number - 1)
    number = book.put("correction.number", f"第{count}次", FieldKind.CORRECTION)
    reason = book.put("correction.reason", without_end_mark(results.reason), FieldKind.CORRECTION)
    why = f"更正原因：{reason}。" if reason else ""
    quarter = book.put("quarter", results.quarter.label, FieldKind.SETTING)
    return f"本通报是对{quarter}通报的{number}更正。{why}此前印发的通报以本通报为准。"


def _situation(results: Results, book: FieldBook) -> list[Block]:
    averages = [text for group in results.groups if (text := overview(group, book))]
    left_out = [text for group in results.groups if (text := unranked_sentence(group, book))]
    blocks = [Block("averages", "；".join(averages) + "。")] if averages else []
    blocks += [Block(f"{key}.ranking", text) for key, text in ranking_paragraphs(results, book)]
    blocks += [Block("unranked", "".join(left_out))] if left_out else []
    if sentence := rectification_sentence(results, book):
        blocks.append(Block("rectification", sentence))
    return blocks


Part = tuple[str, str, str]  # key, lead and text


def _achievements(results: Results, book: FieldBook) -> list[Part]:
    """Each part of 主要成效, as far as the figures give cause."""
    parts = [
        ("leaders", "先进单位走在前列", _leaders(results, book)),
        ("strengths", "重点环节抓得较实", _strengths(results, book)),
        ("risers", "争先进位势头良好", _risers(results, book)),
    ]
    return [(key, lead, f"{text}。") for key, lead, text in parts if text]


def _leaders(results: Results, book: FieldBook) -> str:
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
    return "；".join(clauses)


def _strengths(results: Results, book: FieldBook) -> str:
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
    return "；".join(clauses)


def _risers(results: Results, book: FieldBook) -> str:
    if results.baseline is None:
        return ""
    clauses = []
    for group in results.groups:
        risers = [unit for unit in group.units if unit.places is not None and unit.places > 0]
        if risers:
            key = f"{group.field_key}.risers"
            count = book.put(key, len(risers), FieldKind.RISERS, about(group, risers))
            who = f"{group_field(group, book)}有{count}个单位名次上升{_furthest(group, risers, book)}"
            clauses.append(who)
    return f"与{baseline_field(results, book)}相比，{'；'.join(clauses)}" if clauses else ""


def _furthest(group: GroupResult, risers: Sequence[UnitResult], book: FieldBook) -> str:
    """Who among several rose most: ，其中A上升6位."""
    most = max(unit.places or 0 for unit in risers)
    furthest = [unit for unit in risers if unit.places == most]
    if len(risers) == 1:
        return f"，为{unit_field(risers[0], book)}"
    if len(furthest) == len(risers) > UNITS_PER_CLAUSE:
        return ""
    key, told = f"{group.field_key}.furthest", about(group, furthest)
    names = first_few([unit.name for unit in furthest], UNITS_PER_CLAUSE)
    who = book.put(key, names, FieldKind.PLACES, told)
    both = "均" if len(furthest) > 1 else ""
    return f"，其中{who}{both}上升{book.put(f'{key}-places', most, FieldKind.PLACES, told)}位"


def _problems(results: Results, book: FieldBook) -> list[Block]:
    parts = []
    for section in sections_by_frequency(results.groups):
        clauses = [
            f"{chinese_number(number)}是{_problem(section.section, each, book)}。"
            for number, each in enumerate(section.indicators[:CLAUSES_PER_SECTION], 1)
        ]
        if len(clauses) == 1:
            clauses = [clauses[0].removeprefix("一是")]
        key = f"s{keyed(section.section)}"
        name = book.put(f"{key}.name", section.section or "其他工作", FieldKind.INDICATOR)
        parts.append((key, f"{name}存在薄弱环节", "".join(clauses)))
    blocks = _parts("problems", parts)
    if blocks and (label := _attachment(results, book)):
        blocks.append(Block("problems.attachment", f"各单位的具体问题见{label}。"))
    return blocks


def _problem(section: str, losses: IndicatorLosses, book: FieldBook) -> str:
    # Two groups' rubrics may have an indicator of one name in different sections.
    key = f"i{keyed(f'{section}/{losses.indicator}')}"
    told = About(losses.indicator, units=losses.keys, indicator=losses.indicator)
    indicator = book.put(f"{key}.name", losses.indicator, FieldKind.INDICATOR, told)
    reasons = "；".join(losses.reasons[:REASONS_PER_CLAUSE])
    what = book.put(f"{key}.reasons", reasons, FieldKind.REASONS, told) or "有失分"
    units = book.put(f"{key}.units", first_few(losses.units, UNITS_PER_CLAUSE), FieldKind.LOSSES, told)
    return f"{indicator}方面，{what}，涉及{units}"


def _attachment(results: Results, book: FieldBook) -> str:
    return book.put("attachment.problems", problem_list_label(results), FieldKind.ATTACHMENT)


def _demands(results: Results, heading: Heading, book: FieldBook) -> list[Block]:
    by_when = ""
    if heading.rectify_by:
        day = book.put("rectify-by", official_date(heading.rectify_by), FieldKind.SETTING)
        by_when = f"，于{day}前完成"
    label = _attachment(results, book)
    against = f"本通报和{label}" if label else "本通报"
    last = [unit_field(unit, book) for group in results.groups for unit in group.named(ListName.LAST)]
    demands = [
        (
            "strike-off",
            "逐条整改销号",
            f"各单位要对照{against}指出的问题，逐条制定整改措施，明确责任人和整改时限{by_when}。"
            "整改一项，申请销号一项，并附整改佐证材料。",
        ),
        (
            "self-check",
            "认真自查自纠",
            "各单位要举一反三，对所辖党组织开展自查自纠，自查发现的问题一并列入台账，按时整改。",
        ),
        (
            "duty",
            "压实工作责任",
            "各单位党组织书记要切实履行第一责任人责任，加强对所辖党支部的督促指导。"
            + (f"{enumerated(last)}要深入查找原因，尽快扭转落后局面。" if last else ""),
        ),
        (
            "follow-up",
            "强化跟踪问效",
            f"{_host(results, book)}将适时对整改情况开展“回头看”，对逾期未销号、屡改屡犯的予以通报。",
        ),
    ]
    return [Block(f"demands.{key}", text, lead, Level.POINT) for key, lead, text in demands]


def _parts(section: str, parts: Sequence[Part]) -> list[Block]:
    """Parts with a lead each; a single one needs none."""
    if len(parts) == 1:
        key, _lead, text = parts[0]
        return [Block(f"{section}.{key}", text)]
    return [Block(f"{section}.{key}", text, lead, Level.PART) for key, lead, text in parts]
