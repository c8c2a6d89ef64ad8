"""From what was published to the circular that is printed. Pure, always Chinese, never translated.

A set that is empty drops its clause, and a section without clauses is dropped and not numbered.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from reviews.ranking import ListName
from reviews.reports.attachments import attachments_of, problem_list_label
from reviews.reports.document import Imprint, Letterhead, Level, OfficialDocument, Paragraph, Signature
from reviews.reports.facts import Results, UnitResult
from reviews.reports.layout import signature_indents, title_lines
from reviews.reports.problems import sections_by_frequency, strongest_indicators
from reviews.reports.rankings import (
    named_baseline,
    overview,
    ranking_paragraphs,
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
    """The whole circular of one publication."""
    issuer = heading.issuer or results.host_name
    date = official_date(results.published_on)
    words = _title_words(results)
    signer_indent, date_indent = signature_indents(issuer, date, is_sealed=heading.is_sealed)
    return OfficialDocument(
        title="".join(words),
        title_lines=title_lines(words),
        addressee=without_end_mark(heading.addressee),
        paragraphs=tuple(_paragraphs(results, heading)),
        attachments=attachments_of(results),
        signature=Signature(issuer, date, heading.is_sealed, signer_indent, date_indent),
        imprint=Imprint(without_end_mark(heading.copies_to), issuer, f"{date}印发"),
        letterhead=heading.letterhead,
        mark=f"{issuer}文件",
        document_number=heading.document_number,
        digest=results.digest,
    )


def _title_words(results: Results) -> list[str]:
    quarter = results.quarter
    words = ["关于", f"{quarter.year}年", quarter.ordinal, "基层党建工作", "督查", "情况的通报"]
    return [*words, "（更正）"] if results.is_correction else words


def _paragraphs(results: Results, heading: Heading) -> list[Paragraph]:
    opening = [Paragraph(_correction(results))] if results.is_correction else []
    opening.append(Paragraph(_opening(results, heading)))
    sections = [
        ("总体情况", _situation(results)),
        ("主要成效", _numbered_parts(_achievements(results))),
        ("存在问题", _problems(results)),
        ("下一步工作要求", _demands(results, heading)),
    ]
    written = [(title, paragraphs) for title, paragraphs in sections if paragraphs]
    for number, (title, paragraphs) in enumerate(written, 1):
        opening.append(Paragraph(lead=f"{chinese_number(number)}、{title}", level=Level.SECTION))
        opening.extend(paragraphs)
    return opening


def _opening(results: Results, heading: Heading) -> str:
    whom = enumerated(f"{len(group.ranked)}个{group.name}" for group in results.groups if group.ranked)
    return (
        f"根据安排，{results.host_name}采取“四不两直”方式，对{heading.area}{whom}"
        f"{results.quarter.label}基层党建工作进行了督查，现通报如下。"
    )


def _correction(results: Results) -> str:
    count = chinese_number(results.number - 1)
    reason = without_end_mark(results.reason)
    why = f"更正原因：{reason}。" if reason else ""
    return f"本通报是对{results.quarter.label}通报的第{count}次更正。{why}此前印发的通报以本通报为准。"


def _situation(results: Results) -> list[Paragraph]:
    averages = [text for group in results.groups if (text := overview(group))]
    left_out = [text for group in results.groups if (text := unranked_sentence(group))]
    paragraphs = ["；".join(averages) + "。"] if averages else []
    paragraphs += ranking_paragraphs(results)
    paragraphs += ["".join(left_out)] if left_out else []
    if sentence := rectification_sentence(results):
        paragraphs.append(sentence)
    return [Paragraph(text) for text in paragraphs]


def _achievements(results: Results) -> list[tuple[str, str]]:
    """Lead and text of each part of 主要成效, as far as the figures give cause."""
    parts = [
        ("先进单位走在前列", _leaders(results)),
        ("重点环节抓得较实", _strengths(results)),
        ("争先进位势头良好", _risers(results)),
    ]
    return [(lead, f"{text}。") for lead, text in parts if text]


def _leaders(results: Results) -> str:
    clauses = []
    for group in results.groups:
        first = [unit for unit in group.named(ListName.TOP) if unit.rank == 1]
        if first and first[0].total is not None:
            both = "并列" if len(first) > 1 else ""
            names = enumerated(unit.name for unit in first)
            clauses.append(f"{names}以{group.points(first[0].total)}分{both}居{group.name}第一")
    return "；".join(clauses)


def _strengths(results: Results) -> str:
    clauses = []
    for group in results.groups:
        indicators, faultless = strongest_indicators(group)
        if indicators:
            where = first_few(indicators, INDICATORS_PER_CLAUSE, "项工作")
            clauses.append(f"{group.name}在{where}方面{'没有失分' if faultless else '失分较少'}")
    return "；".join(clauses)


def _risers(results: Results) -> str:
    if results.baseline is None:
        return ""
    clauses = []
    for group in results.groups:
        risers = [unit for unit in group.units if unit.places is not None and unit.places > 0]
        if risers:
            clauses.append(f"{group.name}有{len(risers)}个单位名次上升{_furthest(risers)}")
    return f"与{named_baseline(results)}相比，{'；'.join(clauses)}" if clauses else ""


def _furthest(risers: Sequence[UnitResult]) -> str:
    """Who among several rose most: ，其中A上升6位."""
    most = max(unit.places or 0 for unit in risers)
    names = [unit.name for unit in risers if unit.places == most]
    if len(risers) == 1 or len(names) == len(risers) > UNITS_PER_CLAUSE:
        return f"，为{names[0]}" if len(risers) == 1 else ""
    both = "均" if len(names) > 1 else ""
    return f"，其中{first_few(names, UNITS_PER_CLAUSE)}{both}上升{most}位"


def _problems(results: Results) -> list[Paragraph]:
    parts = []
    for section in sections_by_frequency(results.groups):
        clauses = [
            f"{chinese_number(number)}是{_problem(each.indicator, each.reasons, each.units)}。"
            for number, each in enumerate(section.indicators[:CLAUSES_PER_SECTION], 1)
        ]
        if len(clauses) == 1:
            clauses = [clauses[0].removeprefix("一是")]
        parts.append((f"{section.section or '其他工作'}存在薄弱环节", "".join(clauses)))
    paragraphs = _numbered_parts(parts)
    if paragraphs and (label := problem_list_label(results)):
        paragraphs.append(Paragraph(f"各单位的具体问题见{label}。"))
    return paragraphs


def _problem(indicator: str, reasons: Sequence[str], units: Sequence[str]) -> str:
    what = "；".join(reasons[:REASONS_PER_CLAUSE]) or "有失分"
    return f"{indicator}方面，{what}，涉及{first_few(units, UNITS_PER_CLAUSE)}"


def _demands(results: Results, heading: Heading) -> list[Paragraph]:
    by_when = f"，于{official_date(heading.rectify_by)}前完成" if heading.rectify_by else ""
    label = problem_list_label(results)
    against = f"本通报和{label}" if label else "本通报"
    last = [unit.name for group in results.groups for unit in group.named(ListName.LAST)]
    demands = [
        (
            "逐条整改销号。",
            f"各单位要对照{against}指出的问题，逐条制定整改措施，明确责任人和整改时限{by_when}。"
            "整改一项，申请销号一项，并附整改佐证材料。",
        ),
        (
            "认真自查自纠。",
            "各单位要举一反三，对所辖党组织开展自查自纠，自查发现的问题一并列入台账，按时整改。",
        ),
        (
            "压实工作责任。",
            "各单位党组织书记要切实履行第一责任人责任，加强对所辖党支部的督促指导。"
            + (f"{enumerated(last)}要深入查找原因，尽快扭转落后局面。" if last else ""),
        ),
        (
            "强化跟踪问效。",
            f"{results.host_name}将适时对整改情况开展“回头看”，对逾期未销号、屡改屡犯的予以通报。",
        ),
    ]
    return [
        Paragraph(text, lead=f"{number}.{lead}", level=Level.POINT)
        for number, (lead, text) in enumerate(demands, 1)
    ]


def _numbered_parts(parts: Sequence[tuple[str, str]]) -> list[Paragraph]:
    """（一）…。 and what follows it; a single part needs no number."""
    if len(parts) == 1:
        return [Paragraph(parts[0][1])]
    return [
        Paragraph(text, lead=f"（{chinese_number(number)}）{lead}。", level=Level.PART)
        for number, (lead, text) in enumerate(parts, 1)
    ]
