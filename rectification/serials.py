"""The number an item is called by. Pure: no Django."""

from __future__ import annotations

import re
from typing import NamedTuple, Self

from organizations.quarter import InvalidQuarter, Quarter


class Serial(NamedTuple):
    """The number an item is called by: 2018Q3-017."""

    quarter: Quarter
    sequence: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """The serial that the text writes. Raises ValueError."""
        match = re.fullmatch(r"\s*(\d{4}Q[1-4])-(\d{1,6})\s*", text, re.ASCII | re.IGNORECASE)
        if match is None:
            raise ValueError(f"{text!r} is not a serial number; write 2018Q3-017.")
        try:
            return cls(Quarter.parse(match[1]), int(match[2]))
        except InvalidQuarter as error:
            raise ValueError(str(error)) from error

    def __str__(self) -> str:
        return f"{self.quarter}-{self.sequence:03}"
