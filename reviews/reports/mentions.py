"""Finding in a text the units, groups, quarters and days it names. Pure.

The longest name wins, so that units whose names contain each other are told apart. What is found is masked:
the rest can then be read without taking a part of a name for a figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from organizations.names import normalize_name
from organizations.quarter import Quarter
from reviews.reports.folded import NUMBER, number_of
from reviews.reports.truths import Truth

# Marks for the first and the other characters of what is found; a folded text has no control characters.
UNIT, GROUP, QUARTER, DAY, IDIOM = "\x01\x02", "\x03\x04", "\x05\x06", "\x07\x08", "\x0e\x0f"
A_UNIT = f"{UNIT[0]}{UNIT[1]}*"
A_GROUP = f"{GROUP[0]}{GROUP[1]}*"
A_DAY = f"{DAY[0]}{DAY[1]}*"

_DAY = re.compile(rf"(?:({NUMBER})年)?({NUMBER})月({NUMBER})[日号]")
_QUARTER = re.compile(
    r"(?P<relative>上(?:一|个|一个)?季度|本季度|(?:去|上)年同期|(?:去|上|前|往|历)年)"
    r"|前[一二三四1-4]个?季度"
    r"|(?:(?P<year>\d{4})年(?:度)?)?(?:第)?(?P<number>[一二三四1-4])季度"
    r"|(?P<alone>\d{4})年(?:度)?(?!第?[一二三四1-4]季)(?!\d|[一二三四五六七八九十]+月)"
)
_AGAINST = re.compile(r"(?:较|比|相较于|对比)$")
_WITH, _COMPARED = re.compile(r"(?:与|同|和)$"), re.compile(r"(?:的)?(?:相比|比|对比)")
# Set phrases with numerals in them, and short words in quotation marks: “四不两直”, “一肩挑”.
_IDIOM = re.compile(
    r"“[^”“\d\x01-\x0f]{1,12}”|第一(?:书记|责任|时间|线|议题|要务|资源|动力|关口|步|现场|课|粒)|十分(?=[一-鿿])"
    r"|一分部署|九分落实|三会一课|四不两直|两新组织|五化|六个一|三分之|百分之百"
)


@dataclass(frozen=True)
class Mention:
    """A unit named in a text. start, end: of its name. unit: its key, 0 for a name that nobody bears."""

    start: int
    end: int
    unit: int
    name: str = ""
    current: str = ""  # its name of now, where it is named by one it bore before


@dataclass(frozen=True)
class Named:
    """A group, a quarter or a day named in a text.

    quarter: None where it cannot be told which. is_compared: whether others are held against it.
    """

    start: int
    end: int
    group: int = 0
    quarter: Quarter | None = None
    is_compared: bool = False
    day: tuple[int | None, int, int] | None = None


class Masked:
    """One folded text with what it names taken out of the way."""

    def __init__(self, text: str, names: Names) -> None:
        self.folded = text
        self.units: list[Mention] = []
        self.groups: list[Named] = []
        self.quarters: list[Named] = []
        self.days: list[Named] = []
        self.text = text
        for found in names.units.finditer(text) if names.units else ():
            unit, name, current = names.by_name[found[0]]
            self.units.append(Mention(found.start(), found.end(), unit, name, current))
            self._mask(found, UNIT)
        for found in _DAY.finditer(self.text):
            parts = [number_of(part) if part else None for part in found.groups()]
            if parts[1] is not None and parts[2] is not None:
                year = int(parts[0]) if parts[0] is not None else None
                self.days.append(Named(found.start(), found.end(), day=(year, int(parts[1]), int(parts[2]))))
                self._mask(found, DAY)
        for found in _QUARTER.finditer(self.text):
            quarter = names.quarter_of(found)
            before, after = self.text[: found.start()], self.text[found.end() :]
            compared = _AGAINST.search(before) or (_WITH.search(before) and _COMPARED.match(after))
            named = Named(found.start(), found.end(), quarter=quarter, is_compared=bool(compared))
            self.quarters.append(named)
            self._mask(found, QUARTER)
        for found in names.groups.finditer(self.text) if names.groups else ():
            self.groups.append(Named(found.start(), found.end(), group=names.group_keys[found[0]]))
            self._mask(found, GROUP)
        for found in _IDIOM.finditer(self.text):
            if not any(name in found[0] for name in names.indicators):
                self._mask(found, IDIOM)

    def _mask(self, found: re.Match[str], mark: str) -> None:
        start, end = found.span()
        self.text = self.text[:start] + mark[0] + mark[1] * (end - start - 1) + self.text[end:]


class Names:
    """Every name that a text may use, as compared; made once for many texts."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.by_name = _unit_names(truth)
        self.units = _any_of(self.by_name)
        self.group_keys = _group_names(truth)
        self.groups = _any_of(self.group_keys)
        self.indicators = sorted(
            {
                name
                for _group, unit in truth.units.values()
                for score in unit.scores
                for name in map(normalize_name, (score.indicator, score.section))
                if name
            }
        )

    def quarter_of(self, found: re.Match[str]) -> Quarter | None:
        this = self.truth.results.quarter
        relative = found["relative"] or ""
        if relative.startswith("上") and relative.endswith("季度"):
            return this.previous()
        if relative == "本季度":
            return this
        if relative.endswith("同期"):
            return Quarter(this.year - 1, this.number)
        if found["alone"]:
            return this if int(found["alone"]) == this.year else None
        if not found["number"]:
            return None
        number = number_of(found["number"])
        year = int(found["year"] or this.year)
        return Quarter(year, int(number)) if number and 1949 <= year <= 2999 else None


def _unit_names(truth: Truth) -> dict[str, tuple[int, str, str]]:
    """By folded name: the unit, its name, and the name of now where that one is a former one.

    A name of the results is that unit's; another that two units could mean is left out.
    """
    known = {normalize_name(unit.name): (key, unit.name, "") for key, (_group, unit) in truth.units.items()}
    others: dict[str, set[tuple[int, str, str]]] = {}
    for other in truth.names:
        current = truth.name_of(other.unit) if other.current and other.unit in truth.units else other.current
        others.setdefault(normalize_name(other.name), set()).add((other.unit, other.name, current))
    for folded, meant in others.items():
        if len({unit for unit, _name, _current in meant}) == 1 and folded not in known:
            known[folded] = min(meant, key=lambda each: each[2])  # a short form before a former name
    return {folded: meant for folded, meant in known.items() if len(folded) > 1}


def _group_names(truth: Truth) -> dict[str, int]:
    """By folded name, and by it without its brackets or what stands in them: 乡镇（街道）, 乡镇街道, 乡镇."""
    whole = {normalize_name(group.name): key for key, group in truth.groups.items()}
    shorter: dict[str, set[int]] = {}
    for name, key in whole.items():
        for short in (re.sub(r"\([^()]*\)", "", name), re.sub(r"[()]", "", name)):
            shorter.setdefault(short, set()).add(key)
    alone = {name: min(keys) for name, keys in shorter.items() if len(keys) == 1 and len(name) > 1}
    return alone | {name: key for name, key in whole.items() if name}


def _any_of(names: Mapping[str, object] | Iterable[str]) -> re.Pattern[str] | None:
    """Any of the names, the longest that fits."""
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, ordered))) if ordered else None
