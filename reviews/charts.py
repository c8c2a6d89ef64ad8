"""Charts worked out on the server: plain coordinates, which a template draws as accessible SVG. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

WIDTH = 640
HEIGHT = 220
LEFT, RIGHT, TOP, BOTTOM = 56, 32, 34, 44
LEAST_SCALE = 5  # places that the scale shows at least, so that 1 → 2 does not look like a fall to the last


@dataclass(frozen=True)
class Place:
    """A unit's published place in one quarter. label: 2018年第三季度. rank: None where it was not ranked."""

    label: str
    rank: int | None


@dataclass(frozen=True)
class Mark:
    """One quarter on the chart. y: None where the unit had no place."""

    label: str
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
    """Lay out the places of one unit, oldest first; None where it never had one.

    The scale follows its own places alone: how many others there are is not for every reader (rule 15).
    A quarter without a place breaks the line: what was not ranked was neither good nor bad.
    """
    if not any(place.rank for place in places):
        return None
    lowest = max(LEAST_SCALE, *(place.rank or 0 for place in places))
    marks = tuple(_mark(index, place, len(places), lowest) for index, place in enumerate(places))
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


def _mark(index: int, place: Place, count: int, lowest: int) -> Mark:
    inner = WIDTH - LEFT - RIGHT
    x = LEFT + (inner * (2 * index + 1)) // (2 * count)
    y = None if place.rank is None else _y(place.rank, lowest)
    return Mark(place.label, place.rank, x, y, label_y=(y or 0) - 10)


def _y(rank: int, lowest: int) -> int:
    return TOP + (HEIGHT - TOP - BOTTOM) * (rank - 1) // (lowest - 1)
