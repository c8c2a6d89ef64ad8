"""The quarter: a year and a number from 1 to 4 (rule 22). Pure: no Django, no clock.

Written ``2018Q3`` in addresses, commands and files, printed ``2018年第三季度`` on screen and paper.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Self

FIRST_YEAR = 1949
LAST_YEAR = 2999

_CHINESE_NUMBERS = "一二三四"
_NUMBER_OF = {digit: number for number, digit in enumerate(_CHINESE_NUMBERS, 1)} | {
    str(number): number for number in range(1, 5)
}

# All three are matched against NFKC text, where full-width digits, letters and dashes are plain ones.
_YEAR = r"(?<![0-9])(?P<year>[0-9]{4})\s*"
_SPOKEN = r"年\s*(?:度\s*)?(?:第\s*)?(?P<spoken>[一二三四1-4])\s*季(?:\s*度)?"
_LETTERED = r"(?:年|-|_)?\s*Q\s*(?P<lettered>[1-4])(?![0-9])"
_DASHED = r"-\s*(?P<dashed>[1-4])"

_WHOLE = re.compile(rf"\s*{_YEAR}(?:{_SPOKEN}|{_LETTERED}|{_DASHED})\s*", re.IGNORECASE)
# Inside a longer text "2018-3" is as likely a month as a quarter, so it is not looked for there.
_WITHIN = re.compile(rf"{_YEAR}(?:{_SPOKEN}|{_LETTERED})", re.IGNORECASE)
# Every quarter a text mentions, with or without its year: "2018年第一季度和第二季度".
_MENTION = re.compile(
    r"(?P<spoken>[一二三四1-4])\s*季|(?<![A-Z])Q\s*(?P<lettered>[1-4])(?![0-9])", re.IGNORECASE
)


class InvalidQuarter(ValueError):
    """No such quarter, or a text that does not write one."""


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter of one year; quarters compare and sort by time.

    year: 1949 to 2999. number: 1 to 4. Anything else raises InvalidQuarter.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise InvalidQuarter(f"The year of a quarter is {FIRST_YEAR} to {LAST_YEAR}, not {self.year}.")
        if not 1 <= self.number <= 4:
            raise InvalidQuarter(f"A year has quarters 1 to 4, not {self.number}.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The quarter that the whole text writes: 2018Q3, 2018-3, 2018年第三季度, 2018年3季度.

        Full-width characters, small letters and blanks are accepted. Raises InvalidQuarter.
        """
        match = _WHOLE.fullmatch(unicodedata.normalize("NFKC", text))
        if match is None:
            raise InvalidQuarter(f"{text!r} is not a quarter; write 2018Q3, 2018-3 or 2018年第三季度.")
        return cls._from(match)

    @classmethod
    def find_in(cls, text: str) -> Self | None:
        """The one quarter named inside a longer text, such as a sheet's title or a file's name.

        None when no quarter is named with its year, or when two different ones are mentioned, as in
        "2018年第三季度与第一季度对比表": a guess would be worse than a question.
        """
        text = unicodedata.normalize("NFKC", text)
        mentioned = {_number(match) for match in _MENTION.finditer(text)}
        found = {
            (int(match["year"]), _number(match))
            for match in _WITHIN.finditer(text)
            if FIRST_YEAR <= int(match["year"]) <= LAST_YEAR
        }
        if len(found) != 1 or len(mentioned) > 1:
            return None
        return cls(*found.pop())

    @classmethod
    def of(cls, day: date) -> Self:
        """The quarter a calendar day lies in; pass the local day (Asia/Shanghai), not a UTC one."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def _from(cls, match: re.Match[str]) -> Self:
        return cls(int(match["year"]), _number(match))

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def ordinal(self) -> str:
        """The quarter within its year as documents print it: 第三季度."""
        return f"第{_CHINESE_NUMBERS[self.number - 1]}季度"

    @property
    def label(self) -> str:
        """The quarter as screens and documents print it: 2018年第三季度."""
        return f"{self.year}年{self.ordinal}"

    @property
    def first_day(self) -> date:
        """The calendar day it begins with."""
        return date(self.year, 3 * self.number - 2, 1)

    def previous(self) -> Self:
        """The quarter before this one. Raises InvalidQuarter before the first year."""
        return self._moved(-1)

    def next(self) -> Self:
        """The quarter after this one. Raises InvalidQuarter after the last year."""
        return self._moved(1)

    def _moved(self, quarters: int) -> Self:
        year, zero_based = divmod(self.year * 4 + self.number - 1 + quarters, 4)
        return type(self)(year, zero_based + 1)


def _number(match: re.Match[str]) -> int:
    """The quarter's number in whichever way the text wrote it."""
    written = next(text for name, text in match.groupdict().items() if name != "year" and text)
    return _NUMBER_OF[written]
