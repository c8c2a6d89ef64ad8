"""From a year to the text of its annual report. Pure, always Chinese, never translated.

What is empty drops its clause, and a section without clauses is dropped. What comes from the data stands in
the text as fields, in the same wording as the circular's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from reviews.annual import firsts, rose_steadily
from reviews.ranking import ListName
from reviews.reports.annual_facts import AnnualFacts, in_words
from reviews.reports.annual_tables import annual_attachments
from reviews.reports.blocks import Block, Draft
from reviews.reports.document import Level, OfficialDocument
from reviews.reports.facts import GroupResult
from reviews.reports.fields import About, FieldBook, FieldKind, keyed
from reviews.reports.layout import title_lines
from reviews.reports.problems import IndicatorLosses, sections_by_frequency
from reviews.reports.prose import (
    CLAUSES_PER_SECTION,
    REASONS_PER_CLAUSE,
    UNITS_PER_CLAUSE,
    Heading,
    circular_of,
)
from reviews.reports.rankings import (
    about,
    end_lists,
    group_field,
    move_lists,
    overview,
    unit_field,
    unranked_sentence,
)
from reviews.reports.wording import (
    chinese_number,
    counted,
    enumerated,
    first_few,
    official_date,
    plain,
    without_end_mark,
)
from reviews.year_results import YearGroup, YearLine

LEAST_FIRSTS = 2  # quarters that a unit led before it is said to lead often


def annual_document(text: Draft, facts: AnnualFacts, heading: Heading) -> OfficialDocument:
    """The annual report with this text: made as the circular is, with its own title and attachments."""
    words = ["关于", facts.label, "基层党建工作", "督查", "情况的通报"]
    if facts.is_correction:
        words.append("（更正）")
    framed = circular_of(text, replace(facts.results, groups=()), heading)
    attachments = annual_attachments(facts)
    return replace(framed, title="".join(words), title_lines=title_lines(words), attachments=attachments)


def draft_annual(facts: AnnualFacts, heading: Heading) -> Draft:
    """What the annual report says by itself, in blocks and fields."""
    book = FieldBook()
    blocks = [Block("correction", _correction(facts, book))] if facts.is_correction else []
    blocks.append(Block("opening", _opening(facts, heading, book)))
    sections = [
        ("situation", "总体情况", _situation(facts, book)),
        ("achievements", "主要成效", _parts("achievements", _achievements(facts, book))),
        ("problems", "存在问题", _problems(facts, book)),
        ("rectification", "问题整改情况", _rectification(facts, book)),
        ("demands", "下一步工作要求", _demands(facts, heading, book)),
    ]
    for key, title, written in sections:
        if written:
            blocks += [Block(key, lead=title, level=Level.SECTION), *written]
    return Draft(tuple(blocks), book.fields)


# --- Opening -------------------------------------------------------------------------------------


def _year(facts: AnnualFacts, book: FieldBook) -> str:
    return book.put("year", facts.label, FieldKind.SETTING)


def _host(facts: AnnualFacts, book: FieldBook) -> str:
    return book.put("host", plain(facts.year.host_name), FieldKind.SETTING)


def _correction(facts: AnnualFacts, book: FieldBook) -> str:
    count = f"第{chinese_number(facts.number - 1)}次"
    number = book.put("correction.number", count, FieldKind.CORRECTION)
    said = without_end_mark(plain(facts.reason))
    reason = book.put("correction.reason", said, FieldKind.CORRECTION)
    why = f"更正原因：{reason}。" if reason else ""
    return f"本通报是对{_year(facts, book)}通报的{number}更正。{why}此前印发的通报以本通报为准。"


def _opening(facts: AnnualFacts, heading: Heading, book: FieldBook) -> str:
    whom = []
    for group in facts.groups:
        if group.ranked:
            told = about(group, group.ranked)
            count = book.put(f"{group.field_key}.count", len(group.ranked), FieldKind.COUNT, told)
            whom.append(f"{count}个{group_field(group, book)}")
    area = book.put("area", heading.area, FieldKind.SETTING)
    return (
        f"根据安排，{_host(facts, book)}采取“四不两直”方式，按季度对{area}{enumerated(whom)}"
        f"{_year(facts, book)}基层党建工作进行了督查，现将全年情况通报如下。"
    )


# --- 总体情况 --------------------------------------------------------------------------------------


def _situation(facts: AnnualFacts, book: FieldBook) -> list[Block]:
    blocks = [Block("rule", _rule(facts, book))]
    quarters = [text for group in _pairs(facts) if (text := _quarter_averages(*group, book))]
    if quarters:
        blocks.append(Block("quarters", f"从各季度看，{'；'.join(quarters)}。"))
    averages = [text for group in facts.groups if (text := overview(group, book))]
    if averages:
        blocks.append(Block("averages", f"从全年看，{'；'.join(averages)}。"))
    for group in facts.groups:
        if text := _ranking(group, facts, book):
            blocks.append(Block(f"{group.field_key}.ranking", text))
    left_out = [text for group in facts.groups if (text := unranked_sentence(group, book))]
    return [*blocks, Block("unranked", "".join(left_out))] if left_out else blocks


def _pairs(facts: AnnualFacts) -> list[tuple[YearGroup, GroupResult]]:
    return list(zip(facts.year.groups, facts.groups, strict=True))


def _rule(facts: AnnualFacts, book: FieldBook) -> str:
    """What the annual totals are made of, and which quarters are not in them."""
    year, rule = facts.year, facts.year.rule
    weighed = [each.quarter for each in year.quarters if rule.weight(each.quarter.number)]
    if len(weighed) == 1:
        how = f"按{in_words(weighed)}督查得分计算"
    elif rule.is_mean:
        how = f"按{in_words(weighed)}督查得分的平均值计算"
    else:
        shares = enumerated(f"{each.ordinal}{rule.weight(each.number)}%" for each in weighed)
        how = f"按各季度督查得分加权计算（{shares}）" if weighed else "按各季度督查得分加权计算"
    text = f"年度得分{book.put('rule', how, FieldKind.SETTING)}，四舍五入。"
    if year.missing:
        missing = book.put("missing", in_words(year.missing), FieldKind.SETTING)
        text += f"{missing}未计入。"
    least = rule.least_quarters
    if least > 1 and any(group.unranked for group in facts.groups):
        text += f"计分季度不足{counted(least)}个的单位不计年度得分。"
    return text


def _quarter_averages(group: YearGroup, result: GroupResult, book: FieldBook) -> str:
    averages = [
        f"{_ordinal(each.number)}"
        + book.put(f"{result.field_key}.q{each.number}-average", each.text, FieldKind.AVERAGE, about(result))
        + "分"
        for each in group.averages
    ]
    return f"{group_field(result, book)}平均得分{enumerated(averages)}" if averages else ""


def _ordinal(number: int) -> str:
    return f"第{chinese_number(number)}季度"


def _ranking(group: GroupResult, facts: AnnualFacts, book: FieldBook) -> str:
    """乡镇（街道）年度前三名：…。后三名：…。第三季度名次与第一季度相比，进步较快的是：…；退步较大的是：…。"""

    def clause(name: ListName, label: str, units: str) -> str:
        kind, key, told = (
            FieldKind(name.value),
            f"{group.field_key}.{name.value}",
            about(group, group.named(name)),
        )
        return f"{book.put(f'{key}.heading', label, kind, told)}：{book.put(key, units, kind, told)}"

    results = facts.results
    ends = [clause(*each) for each in end_lists(group, results.list_size)]
    moves = [clause(*each) for each in move_lists(group, results.measure)]
    name = group_field(group, book)
    text = f"{name}年度{'。'.join(ends)}。" if ends else ""
    if moves and results.baseline is not None:
        last, first = results.quarter.ordinal, results.baseline.ordinal
        whose = "" if ends else name
        text += f"{whose}{last}名次与{first}相比，{'；'.join(moves)}。"
    return text


# --- 主要成效 --------------------------------------------------------------------------------------

Part = tuple[str, str, str]  # key, lead and text


def _achievements(facts: AnnualFacts, book: FieldBook) -> list[Part]:
    parts = [
        ("leaders", "先进单位走在前列", _leaders(facts, book)),
        ("firsts", "部分单位多次居首", _often_first(facts, book)),
        ("steady", "部分单位稳步进位", _steady(facts, book)),
        ("level", "整体水平有所提升", _level(facts, book)),
    ]
    return [(key, lead, f"{text}。") for key, lead, text in parts if text]


def _leaders(facts: AnnualFacts, book: FieldBook) -> str:
    clauses = []
    for group in facts.groups:
        first = [unit for unit in group.named(ListName.TOP) if unit.rank == 1]
        if first and first[0].total is not None:
            both = "并列" if len(first) > 1 else ""
            names = enumerated(unit_field(unit, book) for unit in first)
            told, value = about(group, first), group.points(first[0].total)
            points = book.put(f"{group.field_key}.highest", value, FieldKind.HIGHEST, told)
            clauses.append(f"{names}以{points}分{both}居{group_field(group, book)}年度第一")
    return "；".join(clauses)


def _often_first(facts: AnnualFacts, book: FieldBook) -> str:
    """A三次，B、C各两次居乡镇（街道）季度第一."""
    clauses = []
    for year_group, group in _pairs(facts):
        often: dict[int, list[YearLine]] = {}
        for line in sorted(year_group.lines, key=lambda line: (line.position, line.unit)):
            if (times := firsts(_ranks(line))) >= LEAST_FIRSTS:
                often.setdefault(times, []).append(line)
        if often:
            value = "，".join(_led(often[times], times) for times in sorted(often, reverse=True))
            units = tuple(line.unit for lines in often.values() for line in lines)
            told = About(group.name, group.key, units)
            named = book.put(f"{group.field_key}.firsts", value, FieldKind.TOP, told)
            clauses.append(f"{named}居{group_field(group, book)}季度第一")
    return "；".join(clauses)


def _led(lines: Sequence[YearLine], times: int) -> str:
    names = enumerated(plain(line.name) for line in lines)
    return f"{names}{'各' if len(lines) > 1 else ''}{counted(times)}次"


def _steady(facts: AnnualFacts, book: FieldBook) -> str:
    """乡镇（街道）中，A（由第九位升至第四位）、B（…）名次逐季提升或保持."""
    clauses = []
    for year_group, group in _pairs(facts):
        steady = [line for line in year_group.lines if _is_steady(line, facts)]
        steady.sort(key=lambda line: (-(line.places or 0), line.position, line.unit))
        if steady:
            told = About(group.name, group.key, tuple(line.unit for line in steady))
            value = enumerated(_climbed(line) for line in steady)
            named = book.put(f"{group.field_key}.steady", value, FieldKind.PLACES, told)
            clauses.append(f"{group_field(group, book)}中，{named}名次稳步上升")
    return "；".join(clauses)


def _is_steady(line: YearLine, facts: AnnualFacts) -> bool:
    """Ranked in every published quarter, always in the group it is in, and never falling."""
    there = len(line.quarters) == len(facts.year.quarters)
    return there and not any(cell.is_elsewhere for cell in line.quarters) and rose_steadily(_ranks(line))


def _ranks(line: YearLine) -> list[int | None]:
    """Its places by time; those of another group are none in this one."""
    return [None if cell.is_elsewhere else cell.rank for cell in line.quarters]


def _climbed(line: YearLine) -> str:
    ranks = [rank for rank in _ranks(line) if rank is not None]
    return f"{plain(line.name)}（由第{ranks[0]}位升至第{ranks[-1]}位）"


def _level(facts: AnnualFacts, book: FieldBook) -> str:
    """Where a group's average of the last quarter is above that of the first one, out of the same marks."""
    clauses = []
    for year_group, group in _pairs(facts):
        if len(year_group.averages) < 2:
            continue
        first, last = year_group.averages[0], year_group.averages[-1]
        if first.full_marks == last.full_marks and last.average > first.average:
            key, told = f"{group.field_key}.q", about(group)
            before = book.put(f"{key}{first.number}-average", first.text, FieldKind.AVERAGE, told)
            after = book.put(f"{key}{last.number}-average", last.text, FieldKind.AVERAGE, told)
            clauses.append(
                f"{group_field(group, book)}平均得分由{_ordinal(first.number)}{before}分"
                f"提高到{_ordinal(last.number)}{after}分"
            )
    return "；".join(clauses)


# --- 存在问题 --------------------------------------------------------------------------------------


def _problems(facts: AnnualFacts, book: FieldBook) -> list[Block]:
    parts = []
    for section in sections_by_frequency(facts.groups):
        clauses = [
            f"{chinese_number(number)}是{_problem(each, book)}。"
            for number, each in enumerate(section.indicators[:CLAUSES_PER_SECTION], 1)
        ]
        if len(clauses) == 1:
            clauses = [clauses[0].removeprefix("一是")]
        key = f"s{keyed(section.section)}"
        name = book.put(f"{key}.name", section.section or "其他工作", FieldKind.INDICATOR)
        parts.append((key, f"{name}存在薄弱环节", "".join(clauses)))
    return _parts("problems", parts)


def _problem(losses: IndicatorLosses, book: FieldBook) -> str:
    """An indicator with how often points were lost there in the year, and who lost them most often."""
    times = Counter(zip(losses.keys, losses.units, strict=True))
    often = [pair for pair, _count in times.most_common()]
    keys, names = [key for key, _name in often], [name for _key, name in often]
    key = f"i{keyed(losses.indicator)}"
    told = About(losses.indicator, units=tuple(keys), indicator=losses.indicator)
    indicator = book.put(f"{key}.name", losses.indicator, FieldKind.INDICATOR, told)
    reasons = "；".join(losses.reasons[:REASONS_PER_CLAUSE])
    what = book.put(f"{key}.reasons", reasons, FieldKind.REASONS, told) or "有失分"
    count = book.put(f"{key}.count", losses.frequency, FieldKind.LOSSES, told)
    units = book.put(f"{key}.units", first_few(names, UNITS_PER_CLAUSE), FieldKind.LOSSES, told)
    return f"{indicator}方面，{what}，全年失分{count}次，涉及{units}"


# --- 问题整改情况 ----------------------------------------------------------------------------------


def _rectification(facts: AnnualFacts, book: FieldBook) -> list[Block]:
    items = facts.items
    if items is None or not items.raised:
        return []
    clauses = [f"全年列入整改事项{_count(book, 'raised', items.raised)}项"]
    if items.struck_off == items.raised:
        clauses.append("已全部销号")
    elif items.struck_off:
        clauses.append(f"已销号{_count(book, 'struck-off', items.struck_off)}项")
    if items.unsettled:
        clauses.append(f"尚未销号{_count(book, 'unsettled', items.unsettled)}项{_overdue(facts, book)}")
    if items.due:
        rate = book.put("items.rate", f"{items.on_time}/{items.due}", FieldKind.RECTIFICATION)
        clauses.append(f"按期销号率{rate}（按期销号数/到期数）")
    day = book.put("items.as-of", official_date(items.as_of), FieldKind.RECTIFICATION)
    text = f"截至{day}，{'，'.join(clauses)}。"
    if items.self_found:
        text += f"其中各单位自查发现{_count(book, 'self-found', items.self_found)}项。"
    return [Block("rectification.year", text)]


def _overdue(facts: AnnualFacts, book: FieldBook) -> str:
    items = facts.items
    if items is None or not items.overdue:
        return ""
    if items.overdue == items.unsettled:
        return "（已逾期）" if items.unsettled == 1 else "（均已逾期）"
    return f"（其中逾期{_count(book, 'overdue', items.overdue)}项）"


def _count(book: FieldBook, key: str, count: int) -> str:
    return book.put(f"items.{key}", count, FieldKind.RECTIFICATION)


# --- 下一步工作要求 --------------------------------------------------------------------------------


def _demands(facts: AnnualFacts, heading: Heading, book: FieldBook) -> list[Block]:
    last = [unit_field(unit, book) for group in facts.groups for unit in group.named(ListName.LAST)]
    duty = "各单位党组织书记要切实履行第一责任人责任，加强对所辖党支部的督促指导。"
    if last:
        duty += f"{enumerated(last)}要深入查找原因，制定追赶措施，尽快扭转落后局面。"
    demands = [
        ("open-items", "抓好遗留问题整改", _open_items(facts, heading, book)),
        (
            "recurrence",
            "防止问题反弹",
            "各单位要对照本通报指出的问题举一反三，分析反复失分的原因，健全长效机制，防止屡改屡犯。",
        ),
        ("duty", "压实工作责任", duty),
        (
            "follow-up",
            "强化跟踪问效",
            f"{_host(facts, book)}将继续按季度开展督查，对整改情况适时开展“回头看”，"
            "对逾期未销号、屡改屡犯的予以通报。",
        ),
    ]
    return [Block(f"demands.{key}", text, lead, Level.POINT) for key, lead, text in demands if text]


def _open_items(facts: AnnualFacts, heading: Heading, book: FieldBook) -> str:
    items = facts.items
    if items is None or not items.unsettled:
        return ""
    left = _count(book, "unsettled", items.unsettled)
    by_when = "限期"
    if heading.rectify_by:
        by_when = f"于{book.put('rectify-by', official_date(heading.rectify_by), FieldKind.SETTING)}前"
    return f"对尚未销号的{left}项问题，责任单位要逐条明确责任人和整改措施，{by_when}整改到位并申请销号。"


def _parts(section: str, parts: Sequence[Part]) -> list[Block]:
    """Parts with a lead each; a single one needs none."""
    if len(parts) == 1:
        key, _lead, text = parts[0]
        return [Block(f"{section}.{key}", text)]
    return [Block(f"{section}.{key}", text, lead, Level.PART) for key, lead, text in parts]
