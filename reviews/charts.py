"""Charts worked out on the server: plain coordinates, which a template draws as accessible SVG. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from organizations.quarter import Quarter

WIDTH = 480
HEIGHT = 250
LEFT, RIGHT, TOP, BOTTOM = 60, 20, 34, 76
MOST_QUARTERS = 6  # whose labels stand side by side on a phone
LEAST_SCALE = 5  # places that the scale shows at least, so that 1 → 2 does not look like a fall to the last


@dataclass(frozen=True)
class Place:
    """A unit's published place in one quarter. rank: None where it was not ranked."""

    quarter: Quarter
    rank: int | None


@dataclass(frozen=True)
class Mark:
    """One quarter on the chart. y: None where the unit had no place."""

    quarter: Quarter
    rank: int | None
    x: int
    y: int | None
    label_y: int


@dataclass(frozen=True)
class GridLine:
    """A horizontal line at one place."""

    rank: int
    y: int


@dataclass(frozen=True)
class PlacesChart:
    """Places over the quarters, the first place on top. lines: runs of neighbouring marks, as "x,y x,y"."""

    width: int
    height: int
    left: int
    right: int
    baseline: int
    marks: tuple[Mark, ...]
    grid: tuple[GridLine, ...]
    lines: tuple[str, ...]


def places_chart(places: Sequence[Place]) -> PlacesChart | None:
    """Lay out the newest places of one unit, given oldest first; None where it had none.

    The scale follows its own places alone: how many others there are is not for every reader (rule 15).
    A quarter without a place breaks the line: what was not ranked was neither good nor bad.
    """
    places = places[-MOST_QUARTERS:]
    if not any(place.rank for place in places):
        return None
    lowest = max(LEAST_SCALE, *(place.rank or 0 for place in places))
    ranks = [place.rank for place in places]
    marks = tuple(
        _mark(index, place, len(places), lowest, is_valley=_is_valley(ranks, index))
        for index, place in enumerate(places)
    )
    runs = [list(run) for has_place, run in groupby(marks, key=lambda mark: mark.y is not None) if has_place]
    return PlacesChart(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        baseline=HEIGHT - BOTTOM,
        marks=marks,
        grid=tuple(GridLine(rank, _y(rank, lowest)) for rank in sorted({1, (lowest + 1) // 2, lowest})),
        lines=tuple(" ".join(f"{mark.x},{mark.y}" for mark in run) for run in runs if len(run) > 1),
    )


def _mark(index: int, place: Place, count: int, lowest: int, *, is_valley: bool) -> Mark:
    inner = WIDTH - LEFT - RIGHT
    x = LEFT + (inner * (2 * index + 1)) // (2 * count)
    y = None if place.rank is None else _y(place.rank, lowest)
    # Above the mark, but below it where the line comes down from both sides.
    return Mark(place.quarter, place.rank, x, y, label_y=(y or 0) + (22 if is_valley else -10))


def _is_valley(ranks: Sequence[int | None], index: int) -> bool:
    """Whether no neighbour lies lower and at least one lies higher; a larger rank is lower on the chart."""
    here = ranks[index]
    beside = [rank for rank in (*ranks[max(index - 1, 0) : index], *ranks[index + 1 : index + 2]) if rank]
    return here is not None and bool(beside) and max(beside) <= here and min(beside) < here


def _y(rank: int, lowest: int) -> int:
    return TOP + (HEIGHT - TOP - BOTTOM) * (rank - 1) // (lowest - 1)


SPARK_WIDTH, SPARK_HEIGHT, SPARK_PAD = 84, 28, 5


@dataclass(frozen=True)
class Sparkline:
    """A year's places in the height of a table row, beside the figures that say what they are."""

    width: int
    height: int
    marks: tuple[tuple[int, int], ...]
    lines: tuple[str, ...]


def sparkline(ranks: Sequence[int | None], lowest: int) -> Sparkline | None:
    """Lay out the places of one unit, a slot a quarter; None where it had none.

    lowest: the place at the foot, which makes the rows of one table comparable. Of somebody who reads one row
    it is that row's own lowest place (rule 15).
    """
    if not any(ranks):
        return None
    foot = max(LEAST_SCALE, lowest)
    step, drop = SPARK_WIDTH - 2 * SPARK_PAD, SPARK_HEIGHT - 2 * SPARK_PAD
    places = [
        None
        if rank is None
        else (
            SPARK_PAD + step * slot // max(len(ranks) - 1, 1),
            SPARK_PAD + drop * (rank - 1) // (foot - 1),
        )
        for slot, rank in enumerate(ranks)
    ]
    runs = [list(run) for is_there, run in groupby(places, key=lambda place: place is not None) if is_there]
    return Sparkline(
        width=SPARK_WIDTH,
        height=SPARK_HEIGHT,
        marks=tuple(place for place in places if place is not None),
        lines=tuple(" ".join(f"{x},{y}" for x, y in filter(None, run)) for run in runs if len(run) > 1),
    )
