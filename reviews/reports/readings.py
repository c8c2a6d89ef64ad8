"""Reading a text into statements: whom each is made of, and what makes it no statement. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from organizations.quarter import Quarter
from reviews.reports.figures_said import FIGURES
from reviews.reports.folded import NUMBER, NUMERALS, number_of
from reviews.reports.mentions import A_GROUP, A_UNIT, Masked, Mention, Names
from reviews.reports.places_said import PLACES
from reviews.reports.statements import Says, Statement

LONGEST_RUN = 100  # units that one verb can have; a group may be larger, a sentence is not
_TIGHT = re.compile(r"(?:、|和|及|与|以及|、和)")
_LOOSE = re.compile(r"(?:、|和|及|与|以及|;|,)")
_ASIDE = re.compile(r"\([^()]*\)")
_LIST = re.compile(
    rf"(?P<of>的)?(?:单位|党组织|党委|{A_GROUP})?(?:依次|分别)?(?P<are>是|为|有|:|包括)?(?:依次|分别)?(?::|是)?(?={A_UNIT})"
)
_ITEM_END = re.compile(r"[、;,。.!?)\n]|等|和|及|与|以及|$")
_LIKE_A_UNIT = re.compile(
    r"[一-鿿]{1,24}?(?:党委|党工委|党总支|党支部|镇|乡|街道)(?=(?:\([^()]*\))?(?:[、;,。)\n]|$))"
)
_OF_ANOTHER = re.compile(
    r"(?:比|较|于|过|与|同|跟|向|对|给|由|经|被|把|在|随|继|除|除了|距|离|学习|追赶|落后|领先|超)$"
)
# Words between a unit and what is said that make it no statement about the unit, now.
_BELOW = re.compile(r"村|社区|居委会|支部|小组|下属|所属|所辖|下辖|辖区|同志|书记")
_ELSEWHERE = re.compile(r"全国|全省|全市|全州|全区|全县|国家|省委|市委|省级|市级|中央|系统内|单项")
_WISH = re.compile(
    r"力争|争取|争创|争当|争做|确保|冲刺|目标|力求|希望|要求|计划|明年|下一?季度|今后|如果|若|假如|一旦|凡|要|应|须|拟|曾|一度|原来|此前|以前|^(?:以|之)?外"
)
_WISH_BEFORE = re.compile(r"力争|争取|争创|争当|确保|冲刺|目标|力求|明年|下一?季度|今后|如果|假如|一旦|凡|对")
_NOT = re.compile(
    r"(?:未能?|没有?|没能|不在|无缘|无一|不|非|跌出|退出|掉出|跌出了|退出了|掉出了)(?:进入|位居|列入|跻身|再)?$"
)
_AWAY = re.compile(
    r"(?:离|距|距离|向|与|同|跟|比|较|从|由|自|于|领先|落后|超过|摆脱|告别|走出|摆在|放在|作为|视为|置于|当作|当成|争|夺)$"
)
_NOW = re.compile(r"本季度|此次|本次|这次|目前|如今|现[在居为列排]|今[年季]")
_ALL_GROUPS = re.compile(r"各单位|各级|所有单位|全部单位|各类单位|总体上?看")
_SERIES = {
    Says.RANK: re.compile(rf"(?:、|和|,|及)(?P<how>)第(?P<number>(?>{NUMBER}))(?:名|位)?(?=[、和,及。;]|$)"),
    Says.PLACES: re.compile(
        rf"(?:、|和|,|及)(?P<how>[升降]|上升|下降)?(?P<number>(?>{NUMBER}))(?:个)?(?:位次|名次|位|名)"
    ),
}
# The next of several that are given to each its own: 第一名、第二名; the first has taken them all.
_OF_A_SERIES = re.compile(rf"(?:第{NUMBER}(?:名|位)?|\d位|[{NUMERALS}]位)[、和及]$")
_ALL_OF_THEM = re.compile(r"均|都|皆|各|并列|分别")


@dataclass(frozen=True)
class Run:
    """Units named one after the other: 甲、乙和丙."""

    mentions: tuple[Mention, ...]

    @property
    def start(self) -> int:
        return self.mentions[0].start

    @property
    def end(self) -> int:
        return self.mentions[-1].end


class Reader:
    """Reads texts against one set of names."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.area = names.truth.area

    def read(self, folded: str, group: int = 0) -> tuple[list[Statement], int]:
        """The statements of a folded text, in their order, and the group it speaks of last.

        group: the one that the text before it spoke of last.
        """
        masked = Masked(folded, self.names)
        found: list[Statement] = []
        start = 0
        for end in [*(each.end() for each in re.finditer(r"[。!?\n]", masked.text)), len(masked.text)]:
            if end > start:
                found += _Sentence(masked, start, end, group, self).statements()
                spoken = [each.group for each in masked.groups if start <= each.start < end]
                group = spoken[-1] if spoken else group
            start = end
        return sorted(found, key=lambda each: (each.start, each.end, each.says)), group


class _Sentence:
    """One sentence of a masked text; all places are those of the whole text."""

    def __init__(self, masked: Masked, start: int, end: int, group: int, reader: Reader) -> None:
        self.masked, self.start, self.end = masked, start, end
        self.reader = reader
        self.truth = reader.names.truth
        self.indicators: Sequence[str] = reader.names.indicators
        self.text = masked.text[:end]
        self.group_before = group
        self.units = [each for each in masked.units if start <= each.start < end]
        self.quarters = [each for each in masked.quarters if start <= each.start < end]
        self.days = [each for each in masked.days if start <= each.start < end]
        self.runs = list(self._runs())

    def statements(self) -> list[Statement]:
        taken: list[tuple[int, int]] = []
        found: list[Statement] = []
        for pattern, make in (*PLACES, *FIGURES):
            for match in pattern.finditer(self.text, self.start, self.end):
                if any(match.start() < end and start < match.end() for start, end in taken):
                    continue
                made = make(match, self)
                if made:
                    taken.append(match.span())
                    found += [each for one in made for each in self._resolved(one, match)]
        found += self._baselines(found)
        found += self._names(found)
        return found

    # --- Of whom ------------------------------------------------------------------------------

    def _resolved(self, made: Statement, match: re.Match[str]) -> list[Statement]:
        """The statement with the units and the group that it is made of; nothing where it states nothing."""
        if made.says in {Says.FIGURE, Says.SCORE}:
            return [made]
        before = self.text[max(self.start, made.start - 6) : made.start]
        if _AWAY.search(before) or _AWAY.search(
            self.text[max(self.start, match.start() - 6) : match.start()]
        ):
            return []
        listed = self._listed(made)
        if listed is not None:
            return listed
        subject = self.subject(made.start, self.text[made.start : made.end])
        if subject is None:
            return []
        run, between = subject
        is_bare = self.text[made.start] in "第前后末倒最"  # 第二名将获得表彰 starts anew, 位居第二名 does not
        if (is_bare and "," in between) or not self.states(between, made.start):
            return []
        if _OF_A_SERIES.search(before):
            return []
        negated = bool(_NOT.search(before)) and made.says is not Says.UNRANKED
        return self._distributed(
            replace(made, units=run, is_negated=negated, of=made.of or self.quarter_of(made.start))
        )

    def _distributed(self, made: Statement) -> list[Statement]:
        """甲、乙分别居第一、第二, 上升2位、3位: one statement each; the first figure alone has been read."""
        series = _SERIES.get(made.says)
        if series is None or len(made.units) == 1:
            return [made]
        figures = [made]
        end = made.end
        while match := series.match(self.text, end):
            number = number_of(match["number"])
            if number is None or (match["how"] if made.says is Says.PLACES else ""):
                return []
            figure = match.span("number")
            figures.append(
                replace(made, start=match.start() + 1, end=match.end(), number=number, figure=figure)
            )
            end = match.end()
        before = self.text[max(self.start, made.start - 8) : made.end]
        if len(figures) == 1 and not re.search(r"分别|分[列居获]", before):
            return [made]
        if len(figures) != len(made.units):
            return []
        return [replace(figure, units=(unit,)) for figure, unit in zip(figures, made.units, strict=True)]

    def _listed(self, made: Statement) -> list[Statement] | None:
        """The units that follow a heading such as 前三名：; None where no list follows."""
        match = _LIST.match(self.text, made.end)
        if match is None:
            return None
        is_adjacent = match.end() == made.end
        if is_adjacent and any(run.end == made.start for run in self.runs):
            return None
        if _WISH_BEFORE.search(self.text[self.clause_start(made.start) : made.start]):
            return []
        if not self.states("", made.start):
            return []
        units, end, unknown = self._items(match.end())
        if not units and not unknown:
            return None
        is_whole = match["are"] in ("是", "为", ":") and self.text[end : end + 1] not in set("等、和及与以")
        whole = replace(
            made,
            units=tuple(units),
            is_whole=is_whole and made.says is not Says.PLACES,
            listed=(match.end(), end),
            group=made.group or self.group_at(made.start, within=True),
            of=self.quarter_of(made.start),
        )
        return [whole, *unknown] if units else unknown

    def _items(self, place: int) -> tuple[list[Mention], int, list[Statement]]:
        """The units of a list, where it ends, and what stands among them like a unit but is none."""
        starts = {each.start: each for each in self.units}
        units: list[Mention] = []
        unknown: list[Statement] = []
        end = place
        while True:
            is_first = end == place
            separator = None if is_first else _LOOSE.match(self.text, end)
            start = end if is_first else separator.end() if separator else -1
            if mention := starts.get(start):
                after = self._after_aside(mention.end)
                if not is_first and self.text[end] in ";," and not _ITEM_END.match(self.text, after):
                    break
                if is_first and not _ITEM_END.match(self.text, after) and _BELOW.match(self.text, after):
                    break
                units.append(mention)
            elif start > 0 and (like := _LIKE_A_UNIT.match(self.text, start, self.end)):
                named = Mention(like.start(), like.end(), 0, like[0])
                unknown.append(Statement(Says.NAME, like.start(), like.end(), (named,)))
                after = self._after_aside(like.end())
            else:
                break
            end = after
        return units, end, unknown

    def _after_aside(self, place: int) -> int:
        aside = _ASIDE.match(self.text, place, self.end)
        return aside.end() if aside else place

    def subject(self, place: int, words: str = "") -> tuple[tuple[Mention, ...], str] | None:
        """The units that what stands here is said of, and the words between; None where there are none."""
        opened = self.text.rfind("(", self.start, place)
        if opened >= 0 and ")" not in self.text[opened:place]:
            inner = [run for run in self.runs if opened < run.start and run.end <= place]
            if not inner:
                said = self.text[opened:place] + words
                units = self._before_bracket(opened, bool(_ALL_OF_THEM.search(said)))
                return (units, "") if units else None
        for run in reversed(self.runs):
            if run.end > place:
                continue
            between = _ASIDE.sub("", self.text[run.end : place])
            if ";" in between or len(run.mentions) > LONGEST_RUN:
                return None
            if not _OF_ANOTHER.search(self.text[max(self.start, run.start - 4) : run.start]):
                return run.mentions, between
        return None

    def _before_bracket(self, opened: int, is_of_all: bool) -> tuple[Mention, ...]:
        """The unit before a bracket, or all since the last one that has a bracket of its own."""
        for run in self.runs:
            ends = [each.end for each in run.mentions]
            if opened in ends:
                last = ends.index(opened)
                first = last
                while (
                    is_of_all and first and "(" not in self.text[ends[first - 1] : run.mentions[first].start]
                ):
                    first -= 1
                return run.mentions[first : last + 1]
        return ()

    def _has_bracket(self, mentions: Sequence[Mention], number: int) -> bool:
        return "(" in self.text[mentions[number].end : mentions[number + 1].start]

    def _runs(self) -> Iterator[Run]:
        run: list[Mention] = []
        for mention in self.units:
            if run and _TIGHT.fullmatch(_ASIDE.sub("", self.text[run[-1].end : mention.start])):
                run.append(mention)
                continue
            if run:
                yield Run(tuple(run))
            run = [mention]
        if run:
            yield Run(tuple(run))

    # --- Whether, and of when -----------------------------------------------------------------

    def states(self, between: str, place: int) -> bool:
        """Whether what stands here is said of the unit itself, here and now."""
        clause = self.text[self.clause_start(place) : place]
        elsewhere = _ELSEWHERE.search((between + clause).replace(self.reader.area or "\0", ""))
        if elsewhere or _BELOW.search(between) or _WISH.search(between):
            return False
        if any(name in between for name in self.indicators):
            return False
        of = self.quarter_of(place)
        return of is None or of == self.truth.results.baseline

    def quarter_of(self, place: int) -> Quarter | None:
        """The baseline quarter where that is spoken of; a quarter before all others where no known one is."""
        spoken = [each for each in self.quarters if each.end <= place and not each.is_compared]
        if not spoken:
            return None
        if _NOW.search(self.masked.folded[spoken[-1].end : place]):
            return None
        quarter = spoken[-1].quarter
        if quarter == self.truth.results.quarter:
            return None
        return quarter or Quarter(1949, 1)

    def group_at(self, place: int, *, within: bool = False) -> int:
        """The group spoken of last; 0 where none is. within: in this sentence."""
        spoken = [each for each in self.masked.groups if self.start <= each.start and each.end <= place]
        since = self.text[spoken[-1].end if spoken else self.start : place]
        if _ALL_GROUPS.search(since):
            return 0
        return spoken[-1].group if spoken else 0 if within else self.group_before

    def clause_start(self, place: int) -> int:
        return (
            max((self.text.rfind(mark, self.start, place) + 1 for mark in ",;:("), default=self.start)
            or self.start
        )

    # --- Besides ------------------------------------------------------------------------------

    def _baselines(self, found: Sequence[Statement]) -> Iterator[Statement]:
        """与第一季度相比, where it is said who moved: the quarter that places are compared with."""
        moves = {Says.PROGRESS, Says.SETBACK, Says.PLACES, Says.DIRECTION}
        if not any(each.says in moves and each.units for each in found):
            return
        for quarter in self.quarters:
            if quarter.is_compared and quarter.quarter:
                yield Statement(Says.BASELINE, quarter.start, quarter.end, of=quarter.quarter)

    def _names(self, found: Sequence[Statement]) -> Iterator[Statement]:
        """Units named by a name that is theirs no more, and those that do not take part."""
        told = {unit.start for each in found for unit in each.units}
        for unit in self.units:
            is_absent = unit.unit not in self.truth.units
            is_former = bool(unit.current) and self.text[max(0, unit.start - 1) : unit.start] != "原"
            if (is_former and not is_absent) or (is_absent and unit.start not in told):
                yield Statement(Says.NAME, unit.start, unit.end, (unit,))
