"""What a text states of units and figures, read clause by clause. Pure; `judging` says whether it is true.

Only what is certain to be meant is read: a wish, a rule, another quarter's or another place's ranking states
nothing here. Set phrases and numbered points are no figures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from organizations.quarter import Quarter
from reviews.reports.mentions import Masked, Mention, Named
from reviews.reports.truths import Measure, Truth


class Says(StrEnum):
    """What is stated."""

    RANK = "rank"  # 第一名, 并列第二, 倒数第一
    FIRST = "first"  # 前三名
    LAST = "last"  # 后三名
    PROGRESS = "progress"
    SETBACK = "setback"
    PLACES = "places"  # 上升3位
    DIRECTION = "direction"  # 名次上升
    CHANGE = "change"  # 总分提高3分
    UNRANKED = "unranked"
    FIGURE = "figure"
    SCORE = "score"  # points for one indicator
    NAME = "name"
    BASELINE = "baseline"


@dataclass(frozen=True)
class Statement:
    """One thing that a text states. All places are those of the folded text.

    start, end: the words that state it, without the units. figure: its number or date alone.
    units: whom it is stated of. is_whole: whether they are said to be all of them, in `listed`.
    group: the one that is spoken of, 0 for none. measures: what the figure may count. day: year (None where
    it is left out), month, day. of: the quarter it is stated of, where that is the baseline.
    """

    says: Says
    start: int
    end: int
    units: tuple[Mention, ...] = ()
    number: Decimal | None = None
    figure: tuple[int, int] | None = None
    group: int = 0
    measures: tuple[Measure, ...] = ()
    is_whole: bool = False
    listed: tuple[int, int] | None = None
    is_negated: bool = False
    is_tied: bool = False
    is_from_end: bool = False
    direction: int = 0
    of: Quarter | None = None
    day: tuple[int | None, int, int] | None = None
    indicator: str = ""


class Sentence(Protocol):
    """One sentence of a masked text, as those who read it see it."""

    masked: Masked
    truth: Truth
    text: str
    start: int
    end: int
    quarters: list[Named]
    days: list[Named]
    indicators: Sequence[str]

    def subject(self, place: int, words: str = "") -> tuple[tuple[Mention, ...], str] | None: ...
    def states(self, between: str, place: int) -> bool: ...
    def group_at(self, place: int, *, within: bool = False) -> int: ...
    def quarter_of(self, place: int) -> Quarter | None: ...
    def clause_start(self, place: int) -> int: ...


Make = Callable[[re.Match[str], Sentence], Sequence[Statement]]
