"""Collects what checking a workbook finds, and finds units and indicators by their names."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from organizations.names import normalize_name
from reviews.importing.expected import (
    EnteredScore,
    Expected,
    ExpectedIndicator,
    ExpectedUnit,
    RecordedDeduction,
    UnknownHeading,
)
from reviews.importing.words import without_indicator_numbering
from reviews.progress import EVERY, Phase, Report, silent
from reviews.scoring import Mark
from workbooks.cells import Place, Problem, Value
from workbooks.layout import split_full_marks

Cell = tuple[int, int]  # review and indicator: one cell of the entry grid

_SHOWN = 40  # characters of a value in a message
_CLOSE = 0.6
_MOST_COMPARED = 20_000  # names; comparing is slow, and past some dozen guesses nobody reads them


@dataclass
class StatedScore:
    """得分 in a deduction row: it must be what all deductions of the indicator leave."""

    cell: Cell
    points: Decimal
    where: Place


@dataclass
class Findings:
    """Everything that the sheets give, in the order they are read."""

    scores: list[EnteredScore] = field(default_factory=list)
    long_scores: list[EnteredScore] = field(default_factory=list)  # those of `scores` with a row of their own
    deductions: list[RecordedDeduction] = field(default_factory=list)
    stated: list[StatedScore] = field(default_factory=list)
    # Cells one of whose deductions cannot be read: what they add up to is not known.
    doubtful: set[Cell] = field(default_factory=set)
    # Where a wide row of a review stands, by the indicators its table has columns for.
    unit_rows: dict[tuple[int, frozenset[str]], Place] = field(default_factory=dict)
    marks: dict[int, list[Mark]] = field(default_factory=lambda: defaultdict(list))  # of wide rows, by review
    # By group: the indicators that wide tables have columns for, and the first such table's sheet.
    wide_columns: dict[str, tuple[Place, set[str]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: dict[Problem, None] = field(default_factory=dict)  # each once, in order
    unknown_headings: dict[str, UnknownHeading] = field(default_factory=dict)  # by key
    report: Report = silent
    row_count: int = 0  # of all sheets that are read
    _rows_read: int = 0
    _readings: set[tuple[str, str]] = field(default_factory=set)  # sheet and heading, of those noted

    def problem(self, where: Place | None, message: str) -> None:
        self.problems.append(Problem(where, message))

    def note(self, where: Place | None, message: str) -> None:
        """Tell it once: a table whose header is repeated on every page gives its notes again."""
        self.notes[Problem(where, message)] = None

    def rows(self, first: int, last: int) -> Iterator[int]:
        """The rows of a table, telling now and then how many were read."""
        for row in range(first, last + 1):
            yield row
            self._rows_read += 1
            if self._rows_read % EVERY == 0:
                self.report(Phase.CHECKING, self._rows_read, self.row_count)

    def unknown(self, heading: UnknownHeading) -> None:
        """A problem that somebody may solve by saying what the heading means."""
        self.problems.append(heading)
        self.unknown_headings.setdefault(heading.key, heading)

    def note_reading(self, where: Place, text: str, names: Names) -> None:
        """Say once a sheet how a heading is read, where that is remembered rather than plain."""
        meaning = names.remembered(text)
        if meaning is None or (where.sheet, text) in self._readings:
            return
        self._readings.add((where.sheet, text))
        if meaning:
            message = _("“%(heading)s” is read as “%(indicator)s” (remembered).")
            self.note(where, message % {"heading": shown(text), "indicator": meaning})
        else:
            message = _("“%(heading)s” is passed over as no indicator (remembered).")
            self.note(where, message % {"heading": shown(text)})


class Names:
    """Finds the roster's units and the rubrics' indicators by what a workbook calls them."""

    def __init__(self, expected: Expected) -> None:
        self._full_names: dict[str, list[ExpectedUnit]] = defaultdict(list)
        self._other_names: dict[str, list[ExpectedUnit]] = defaultdict(list)
        for unit in expected.units:
            full_name = normalize_name(unit.name)
            self._full_names[full_name].append(unit)
            for key in unit.names - {full_name}:
                self._other_names[key].append(unit)
        by_name = {**self._other_names, **self._full_names}
        self._unit_names = {key: units[0].name for key, units in by_name.items()}
        self._indicators = {
            group: {normalize_name(indicator.name): indicator for indicator in indicators}
            for group, indicators in expected.indicators.items()
        }
        self._indicator_names = {
            normalize_name(indicator.name): indicator.name
            for indicators in expected.indicators.values()
            for indicator in indicators
        }
        # An indicator's own name is never anything else, and what is no name any more is forgotten.
        self._meanings = {
            key: name
            for key, name in expected.meanings.items()
            if key not in self._indicator_names and (not name or self.is_indicator(normalize_name(name)))
        }
        self._groups = {normalize_name(unit.group) for unit in expected.units}
        self._found: dict[str, list[ExpectedUnit]] = {}
        self._headings: dict[str, tuple[str, Decimal | None]] = {}
        self._guesses: dict[str, str | None] = {}
        self._compared = 0

    def units(self, text: str) -> list[ExpectedUnit]:
        """The units that go by this name: none, one, or more where the name does not tell them apart.

        A unit's present full name comes first: another may have been called so before it was renamed.
        """
        if text not in self._found:
            key = normalize_name(text)
            self._found[text] = self._full_names.get(key) or self._other_names.get(key) or []
        return self._found[text]

    def is_unit(self, text: str) -> bool:
        return bool(self.units(text))

    def is_group(self, text: str) -> bool:
        return normalize_name(text) in self._groups

    def heading(self, text: str) -> tuple[str, Decimal | None]:
        """Part a heading into an indicator's key and the full marks it states, if any.

        What counts the indicators is no part of the key: 1.三会一课（10分）. A heading that is remembered
        gives the key of the indicator it stands for.
        """
        key, full_marks = self._own_heading(text)
        return normalize_name(self._meanings.get(key) or key), full_marks

    def remembered(self, text: str) -> str | None:
        """What is remembered of a heading: the indicator's name, "" for none, None where nothing is."""
        return self._meanings.get(self._own_heading(text)[0])

    def _own_heading(self, text: str) -> tuple[str, Decimal | None]:
        if text not in self._headings:
            name, full_marks = split_full_marks(text)
            whole, part = normalize_name(text), normalize_name(name)
            readings = (
                (whole, None),
                (part, full_marks),
                (without_indicator_numbering(whole), None),
                (without_indicator_numbering(part), full_marks),
            )
            known = (reading for reading in readings if self.is_indicator(reading[0]))
            self._headings[text] = next(known, (part, full_marks))
        return self._headings[text]

    def is_indicator(self, key: str) -> bool:
        """Is this an indicator of any group's rubric?"""
        return key in self._indicator_names

    def is_indicator_name(self, text: str) -> bool:
        """Does this text name an indicator of any group's rubric, full marks and numbering aside?"""
        return self.is_indicator(self.heading(text)[0])

    def indicator(self, group: str, key: str) -> ExpectedIndicator | None:
        return self._indicators.get(group, {}).get(key)

    def has_rubric(self, group: str) -> bool:
        return bool(self._indicators.get(group))

    def unknown_unit(self, text: str) -> str:
        guess = self._guess(normalize_name(text), self._unit_names)
        if guess is None:
            return _("“%(name)s” is not on this quarter's roster.") % {"name": shown(text)}
        return _("“%(name)s” is not on this quarter's roster. Did you mean “%(guess)s”?") % {
            "name": shown(text),
            "guess": guess,
        }

    def unknown_indicator(self, text: str, where: Place) -> UnknownHeading:
        """A heading that no rubric knows, and what is said of it."""
        key = self._own_heading(text)[0]
        guess = self._guess(key, self._indicator_names)
        if guess is None:
            message = _("“%(name)s” is not an indicator of the rubric.") % {"name": shown(text)}
        else:
            message = _("“%(name)s” is not an indicator of the rubric. Did you mean “%(guess)s”?") % {
                "name": shown(text),
                "guess": guess,
            }
        return UnknownHeading(where, message, key, text, guess or "")

    def _guess(self, key: str, names: dict[str, str]) -> str | None:
        if key not in self._guesses:
            self._compared += len(names)
            is_worthwhile = self._compared <= _MOST_COMPARED and len(key) <= _SHOWN
            close = difflib.get_close_matches(key, names, n=1, cutoff=_CLOSE) if is_worthwhile else []
            self._guesses[key] = names[close[0]] if close else None
        return self._guesses[key]


def ambiguous_unit(text: str, units: Iterable[ExpectedUnit]) -> str:
    return _("“%(name)s” fits more than one unit: %(units)s. Write the full name.") % {
        "name": shown(text),
        "units": "、".join(unit.name for unit in units),
    }


def shown(value: Value) -> str:
    """A value as a message quotes it: one line, not too long, numbers without needless zeros."""
    if isinstance(value, Decimal):
        return number(value)
    text = " ".join(str(value).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def number(value: Decimal) -> str:
    """A number as people write it: 10 and 9.5, never 1E+1; only absurd ones keep their exponent."""
    if not value.is_finite() or not -_SHOWN < value.adjusted() < _SHOWN:
        return str(value)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
