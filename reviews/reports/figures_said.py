"""How official prose states figures: 得分96.5分, 17个乡镇, 按期销号20项, 于2018年10月31日前完成. Pure.

A figure is read only beside the words for what the program itself keeps. Others are their writer's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from reviews.reports.folded import NUMBER, NUMERALS, number_of
from reviews.reports.mentions import A_DAY, A_GROUP, Mention
from reviews.reports.statements import Make, Says, Sentence, Statement
from reviews.reports.truths import Measure

Units = tuple[Mention, ...]
NEAR = 150  # characters on either side that tell what a figure is; keeps long texts quick to read

# 30分钟, 三分之一, 分公司: no points.
_NO_POINTS = (
    r"(?!之|钟|秒|公司|局|部|队|类|组|批|别|期|管|两|为|成|析|支|校|会|级"
    r"|以上|以下|以内|及以上|段|档|左右|上下|多|余|不等|制|值|者|区间)"
)
_NO_FACT = re.compile(
    r"[大约近]$|约为$|满分|百分|每|占|分值|权重|共计?分|起评|基础分|基准|标准|加分|奖励|相差|差距|高出|高于|低于|落后|领先|超过|不足|不满"
    r"|拉开|悬殊|比.*[高低多少]|[达到不]*及格|第"
)
_CHANGED = re.compile(r"提高|增加|上升|增长|提升|(?P<down>降低|减少|下降|下滑|回落)")
_GROUP_MEASURES = (
    (re.compile(r"平均|均分"), Measure.AVERAGE),
    (re.compile(r"最高"), Measure.HIGHEST),
    (re.compile(r"最低"), Measure.LOWEST),
)
_OF_ITEMS = re.compile(r"整改|销号|结转|台账|逾期|问题")
# What is counted, by the words right before the count; the first that fits.
_ITEMS: tuple[tuple[re.Pattern[str], Measure], ...] = tuple(
    (re.compile(pattern), measure)
    for pattern, measure in (
        (r"(?:按期|按时|如期)(?:销号|整改(?:完成|到位)?|完成整改)(?:了|问题|事项)?$", Measure.ON_TIME),
        (r"逾期(?:销号|整改完成|完成整改)(?:了|问题|事项)?$", Measure.LATE),
        (r"(?:应整改|需整改|交办|移交)(?:的|整改)?(?:事项|问题|任务)?(?:共计?|总计|为|有)?$", Measure.RAISED),
        (
            r"(?:已|完成|共|累计|实现)(?:完成)?(?:销号|整改(?:完成|到位|销号)?)(?:了|问题|事项)?$",
            Measure.STRUCK_OFF,
        ),
        (r"^销号(?:了)?$", Measure.STRUCK_OFF),
        (r"结转(?:了|问题|事项)?$", Measure.CARRIED_OVER),
        (r"逾期(?:未销号|未整改|未完成)?(?:的|问题|事项)*(?:有)?$", Measure.OVERDUE),
        (
            r"(?:发现|查出|查找出|反馈|梳理)(?:出|了)?(?:各类|各种|具体)?(?:的)?"
            r"(?:问题|突出问题)?(?:共计?|合计|总计)?$",
            Measure.PROBLEMS,
        ),
    )
)
_NEXT_POINTS = re.compile(rf"(?:、|和|及)((?>{NUMBER}))分")
_TURNED = re.compile(r"(?:单位)?(?:的)?(?:名次|位次|排名)(?:有所|均)?(上升|前移|提升|下降|后移|下滑)")
_ELSE_DUE = re.compile(r"报送|上报|报告|汇报|换届|培训|缴纳|召开")


def _points(match: re.Match[str], sentence: Sentence) -> Sequence[Statement]:
    number = number_of(match[1])
    place = match.start(1)
    context = sentence.text[_context_start(sentence, place) : place]
    is_spoken = not match[1].isascii()
    if number is None or _NO_FACT.search(context):
        return []
    if re.search(r"分[、和及]$", sentence.text[max(sentence.start, place - 2) : place]):
        return []  # of a series that its first figure has taken
    if is_spoken and not re.search(r"(?:得|得分|总分|分|均|为|是|以|达|达到|最高|最低)$", context):
        return []
    base = Statement(Says.FIGURE, *match.span(), number=number, figure=match.span(1))
    found = sentence.subject(place)
    subject = found if found and found[0] and sentence.states(_without_groups(found[1]), place) else None
    if re.search(r"扣|减分|失分?$|丢", context):
        return _of_units(base, subject, Measure.LOST)
    if changed := _CHANGED.search(context):
        direction = -1 if changed["down"] else 1
        if not subject or re.search(r"平均|均分|最[高低]", context):
            return []
        return [_with(base, Says.CHANGE, subject[0], direction=direction)]
    group = sentence.group_at(place)
    for pattern, measure in _GROUP_MEASURES:
        if pattern.search(context):
            if _is_elsewhen(sentence, place):
                return []
            return [_with(base, Says.FIGURE, measures=(measure,), group=group)]
    if found and found[0]:
        if subject is None:
            return _for_indicator(base, found, sentence)
        if _NEXT_POINTS.match(sentence.text, match.end()):
            return _shared_out(base, subject[0], sentence, match)
        return _of_units(base, subject, Measure.TOTAL, of=sentence)
    if not re.search(r"得分|得$", context) or _is_elsewhen(sentence, place) or "(" in context:
        return []
    return [_with(base, Says.FIGURE, measures=(Measure.TOTAL,), group=group)]


def _of_units(
    base: Statement,
    subject: tuple[Units, str] | None,
    measure: Measure,
    of: Sentence | None = None,
) -> Sequence[Statement]:
    if subject is None:
        return []
    quarter = of.quarter_of(base.start) if of else None
    return [_with(base, Says.FIGURE, subject[0], measures=(measure,), of=quarter)]


def _for_indicator(base: Statement, found: tuple[Units, str], sentence: Sentence) -> Sequence[Statement]:
    """甲镇党委在三会一课方面得9分: the points of one indicator, where exactly one is named."""
    units, _between = found
    between = sentence.masked.folded[units[-1].end : base.start]
    named = [name for name in sentence.indicators if name in between]
    longest = [name for name in named if not any(name != other and name in other for other in named)]
    if len(longest) != 1 or len(units) != 1 or sentence.quarter_of(base.start) is not None:
        return []
    return [_with(base, Says.SCORE, units, indicator=longest[0])]


def _shared_out(
    base: Statement, units: Units, sentence: Sentence, match: re.Match[str]
) -> Sequence[Statement]:
    """甲、乙分别得95分、94分: to each its own, where there are as many."""
    said = [base]
    end = match.end()
    while found := _NEXT_POINTS.match(sentence.text, end):
        figure = found.span(1)
        said.append(Statement(Says.FIGURE, figure[0], found.end(), number=number_of(found[1]), figure=figure))
        end = found.end()
    if len(said) != len(units):
        return []  # 先后得93分、95分, or more than can be told
    of = sentence.quarter_of(base.start)
    return [
        _with(each, Says.FIGURE, (unit,), measures=(Measure.TOTAL,), of=of)
        for each, unit in zip(said, units, strict=True)
    ]


def _count(match: re.Match[str], sentence: Sentence) -> Sequence[Statement]:
    """How many units: of a group that was reviewed, not ranked, risen or fallen."""
    number = number_of(match[1])
    if number is None or number != int(number) or _is_elsewhen(sentence, match.start()):
        return []
    base = Statement(Says.FIGURE, *match.span(), number=number, figure=match.span(1))
    before = sentence.text[max(sentence.start, match.start() - NEAR) : match.start()]
    after = re.split(r"[;。]", sentence.text[match.end() : match.end() + NEAR])[0]
    own = sentence.group_at(match.end(), within=True) if re.search(A_GROUP, match[0]) else 0
    group = own or sentence.group_at(match.start())
    if re.match(r"[^,(]{0,6}(?:未|不|没有)(?:参加|参与|纳入|列入)(?:[^,]{0,6})排名", after):
        return [_with(base, Says.FIGURE, measures=(Measure.UNRANKED,), group=group)]
    if moved := re.match(
        r"(?:单位)?(?:的)?(?:名次|位次|排名)(?:有所|均)?(上升|前移|提升|下降|后移|下滑)", after
    ):
        measure = Measure.FALLERS if moved[1] in ("下降", "后移", "下滑") else Measure.RISERS
        return [_with(base, Says.FIGURE, measures=(measure,), group=group)]
    is_whole = re.search(r"(?:对|全[市州区县镇乡]|参评的?|参加排名的?|[个家][^,;。]{1,20}[、和及])$", before)
    is_reviewed = re.search(r"督查|评查|暗访|考核|检查|排名", before + after)
    is_part = re.search(r"(?:有|其中|涉及|等|仍|抽取?|抽查|的)$", before) and not is_whole
    if is_part or not is_whole or not is_reviewed or (not own and len(sentence.truth.groups) != 1):
        return []
    return [
        _with(base, Says.FIGURE, measures=(Measure.COUNT,), group=own or next(iter(sentence.truth.groups)))
    ]


def _items(match: re.Match[str], sentence: Sentence) -> Sequence[Statement]:
    number = number_of(match[1])
    near = max(sentence.start, match.start() - NEAR)
    clause = re.split(r"[,;:(。]", sentence.text[near : match.start()])[-1]
    clause = re.sub(r"^其中", "", clause)
    whole = (
        sentence.text[sentence.start : sentence.end] + sentence.masked.text[sentence.end : sentence.end + 8]
    )
    if number is None or number != int(number) or not _OF_ITEMS.search(whole):
        return []
    if "更早" in clause or sentence.subject(match.start()) is not None:
        return []
    base = Statement(Says.FIGURE, *match.span(), number=number, figure=match.span(1))
    for pattern, measure in _ITEMS:
        if pattern.search(clause):
            if measure is Measure.PROBLEMS:
                if _is_elsewhen(sentence, match.start()) or sentence.group_at(match.start(), within=True):
                    return []
                if "问题" not in clause + sentence.text[match.end() : match.end() + 6]:
                    return []
                return [_with(base, Says.FIGURE, measures=(measure,))]
            return [_with(base, Says.FIGURE, measures=(measure,))] if _is_of_newest(sentence, match) else []
    return []


def _rate(match: re.Match[str], sentence: Sentence) -> Sequence[Statement]:
    number = number_of(match[1] or match[2])
    place = match.start()
    context = sentence.text[_context_start(sentence, place) : place]
    named = re.search(r"(按期|按时|如期)?(?:整改)?(?:销号|整改|办结|整改完成)率", context)
    if number is None or named is None or sentence.subject(place) is not None:
        return []
    if not _is_of_newest(sentence, match):
        return []
    figure = match.span(1) if match[1] else match.span(2)
    measure = Measure.ON_TIME_RATE if named[1] else Measure.RATE
    return [Statement(Says.FIGURE, *match.span(), number=number, figure=figure, measures=(measure,))]


def _day(match: re.Match[str], sentence: Sentence) -> Sequence[Statement]:
    named = next((each for each in sentence.days if each.start == match.start()), None)
    if named is None or named.day is None:
        return []
    before = sentence.text[max(sentence.start, match.start() - NEAR) : match.start()]
    after = re.split(r"[,;。]", sentence.text[match.end() : match.end() + NEAR])[0]
    whole = before + sentence.text[match.start() : match.end() + NEAR]
    measure = None
    if re.search(r"截[至止]到?$", before) and re.search(r"整改|销号|结转", whole):
        measure = Measure.AS_OF
    elif re.search(r"整改时限(?:为|是|:|至|定为|统一为)*$", before):
        measure = Measure.RECTIFY_BY
    elif re.match(r"(?:之|以|底)?前.{0,6}(?:完成|整改|销号)", after) and re.search(r"整改|销号", whole):
        measure = None if _ELSE_DUE.search(after) else Measure.RECTIFY_BY
    elif re.search(r"(?:召开|举行).{0,20}(?:点评会|讲评会|评查会|点评会议)", after):
        measure = Measure.MEETING
    if measure is None or any(unit.end <= match.start() for unit in _units(sentence)):
        return []
    return [Statement(Says.FIGURE, *match.span(), figure=match.span(), day=named.day, measures=(measure,))]


def _units(sentence: Sentence) -> list[Mention]:
    return [unit for unit in sentence.masked.units if sentence.start <= unit.start < sentence.end]


def _with(base: Statement, says: Says, units: Units = (), **changes: Any) -> Statement:
    return replace(base, says=says, units=units, **changes)


def _without_groups(between: str) -> str:
    return re.sub(A_GROUP, "", between)


def _is_elsewhen(sentence: Sentence, place: int) -> bool:
    """Whether another quarter is spoken of."""
    return sentence.quarter_of(place) is not None


def _is_of_newest(sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether the items of the newest earlier quarter are spoken of, as the facts count them."""
    kept = sentence.truth.results.rectification
    spoken = [
        each.quarter for each in sentence.quarters if each.end <= match.start() and not each.is_compared
    ]
    return kept is None or not spoken or spoken[-1] == kept.outcomes[0].quarter


def _context_start(sentence: Sentence, place: int) -> int:
    """Where the words begin that say what a figure is: after the last mark or figure before it."""
    start = max(sentence.start, place - NEAR)
    before = sentence.text[start:place]
    found = [match.end() for match in re.finditer(r"[,;(、]|分(?=[,;、和])", before)]
    return start + (found[-1] if found else 0)


FIGURES: tuple[tuple[re.Pattern[str], Make], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (rf"(?<![第\d{NUMERALS}./-])((?>{NUMBER}))分{_NO_POINTS}", _points),
        (rf"(?<![第\d{NUMERALS}.])((?>{NUMBER}))(?:个|家)(?:{A_GROUP}|单位|党组织)", _count),
        (
            rf"(?<![第\d{NUMERALS}.])((?>{NUMBER}))(?:项|个|条|件)(?!月|季|年|乡|镇|单位|方面|百分点|党|支部)",
            _items,
        ),
        (rf"百分之((?>{NUMBER}))|(?<![\d.])((?>{NUMBER}))%", _rate),
        (A_DAY, _day),
    )
)
