"""How official prose states places: 位居前三名, 并列第二, 上升3位, 进步较快, 未参加排名. Pure.

Each pattern runs over a masked sentence; what it makes is then given its units.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from reviews.reports.folded import NUMBER, NUMERALS, number_of
from reviews.reports.mentions import A_GROUP, QUARTER
from reviews.reports.statements import Make, Says, Sentence, Statement

_N = f"((?>{NUMBER}))"
_A_QUARTER = f"{QUARTER[0]}{QUARTER[1]}*"
_VERB = (
    r"(?:位居|位列|名列|排名|排在|排位|排列|位次|名次|暂列|暂居|跻身|进入|进|列|居|排|获|夺得|取得)"
    rf"(?:为|是|在|于|:|均|都|分别|全[国省市州区县]|{A_GROUP}|的)*"
)
# 第一 and the like before these is no place: 第一季度, 第二批, 第三方面.
_NO_PLACE = (
    r"(?!季|书记|责任|时间|线|批|次|届|轮|期|阶段|方面|议题"
    r"|个|项|种|类|年|月|步|组|支部|党支部|村|课|条|章|节|款)"
)
_RISES = ("上升", "提升", "前进", "前移", "进步", "上移", "进位", "跃升")
_FALLS = ("下降", "后退", "退步", "下滑", "下移", "后移", "跌落", "倒退")
_MOVES = "|".join((*_RISES, *_FALLS))


def _numbered(
    says: Says, *, is_tied: bool = False, is_from_end: bool = False
) -> Callable[[re.Match[str], Sentence], Sequence[Statement]]:
    """The statement that its one group numbers."""

    def make(match: re.Match[str], sentence: Sentence) -> Sequence[Statement]:
        number = number_of(match[1])
        if number is None or number != int(number):
            return []
        group = sentence.group_at(match.start(1)) if re.search(A_GROUP, match[0]) else 0
        return [
            Statement(
                says,
                *match.span(),
                number=number,
                figure=match.span(1),
                group=group,
                is_tied=is_tied or "并列" in match[0],
                is_from_end=is_from_end,
            )
        ]

    return make


def _plain(says: Says, number: int | None = None) -> Make:
    def make(match: re.Match[str], sentence: Sentence) -> Sequence[Statement]:
        return [Statement(says, *match.span(), number=number_of(str(number)) if number else None)]

    return make


def _from_to(match: re.Match[str], sentence: Sentence) -> Sequence[Statement]:
    """由第5名上升到第3名: the place of the baseline, and the one of now."""
    results = sentence.truth.results
    before, now = number_of(match[1]), number_of(match[2])
    said = [Statement(Says.RANK, *match.span(), number=now, figure=match.span(2), of=results.quarter)]
    if results.baseline is not None:
        said.append(
            Statement(Says.RANK, *match.span(), number=before, figure=match.span(1), of=results.baseline)
        )
    return said if before is not None and now is not None else []


def _mover(says: Says) -> Make:
    def make(match: re.Match[str], sentence: Sentence) -> Sequence[Statement]:
        return [Statement(says, *match.span(), number=number_of("1") if "最" in match[0] else None)]

    return make


def _direction(how: str) -> int:
    return 1 if how in _RISES else -1 if how in _FALLS else 0


def _moved(match: re.Match[str], sentence: Sentence) -> Sequence[Statement]:
    number = number_of(match[2])
    if number is None or number != int(number):
        return []
    direction = _direction(match[1])
    return [Statement(Says.PLACES, *match.span(), number=number, figure=match.span(2), direction=direction)]


def _turned(match: re.Match[str], sentence: Sentence) -> Sequence[Statement]:
    return [Statement(Says.DIRECTION, *match.span(), direction=_direction(match[1]))]


PLACES: tuple[tuple[re.Pattern[str], Make], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (
            rf"(?:从|由)(?:{_A_QUARTER}的?)?(?:并列)?第{_N}(?:名|位)?"
            rf"(?:{_MOVES}|升|跌|降|退)(?:至|到|为)(?:{A_GROUP})?(?:并列)?第{_N}(?:名|位)?",
            _from_to,
        ),
        (rf"(?:{_VERB})?倒数第{_N}(?:名|位)?{_NO_PLACE}", _numbered(Says.RANK, is_from_end=True)),
        (
            rf"并列(?:居|列|排|为|排名|位居|位列)?(?:{A_GROUP})?第{_N}(?:名|位)?{_NO_PLACE}",
            _numbered(Says.RANK),
        ),
        (rf"{_VERB}(?:并列)?第{_N}(?:名|位)?{_NO_PLACE}", _numbered(Says.RANK)),
        (rf"第{_N}(?:名|位)(?!党员|书记|同志|干部|志愿|老|老师)", _numbered(Says.RANK)),
        (r"(?:得分|分数|总分)最高(?!分|\d|为\d|达|的?单位得)", _plain(Says.RANK, 1)),
        (r"(?:得分|分数|总分)最低(?!分|\d|为\d|仅|的?单位得)", _plain(Says.LAST, 1)),
        (r"(?:位居|位列|名列|居|列)(?:首位|榜首)|居首", _plain(Says.RANK, 1)),
        (r"(?:位居|位列|名列|居|列|排名|排)(?:在)?(?:末位|末尾)|垫底", _plain(Says.LAST, 1)),
        (rf"{_VERB}前{_N}(?:名|位|强)?(?=[,;。、)的]|$)", _numbered(Says.FIRST)),
        (rf"前{_N}(?:名|位)(?!党员|书记|同志|干部)", _numbered(Says.FIRST)),
        (rf"{_VERB}(?:靠)?后{_N}(?:名|位)?(?=[,;。、)的]|$)", _numbered(Says.LAST)),
        (rf"(?:{_VERB})?最后{_N}名", _numbered(Says.LAST)),
        (rf"(?<![以然之今])(?:倒数|末|后){_N}(?:名|位)(?!党员|书记|同志|干部)", _numbered(Says.LAST)),
        (r"进步(?:幅度)?(?:较快|较大|最快|最大)", _mover(Says.PROGRESS)),
        (r"(?:退步|后退|下滑)(?:幅度)?(?:较大|较快|最大|最快)", _mover(Says.SETBACK)),
        (rf"({_MOVES})了?{_N}个?(?:位次|名次|位|名)", _moved),
        (
            r"(?:名次|位次|排名)(?:有所|均|都|明显|大幅|较大幅度|略有|小幅|双双)*"
            rf"(上升|提升|前移|上移|下降|下滑|后移|下移|持平|不变)(?!了?[\d{NUMERALS}]|的|较|最)",
            _turned,
        ),
        (
            r"(?:未|没有|没|不|不再|未能)(?:参加|参与|纳入|列入|计入)"
            rf"(?:本次|此次|全区|{A_GROUP}|{_A_QUARTER}|的)*(?:排名|排序|名次|评查|督查|考核|暗访)",
            _plain(Says.UNRANKED),
        ),
    )
)
