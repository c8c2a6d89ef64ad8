"""Named praise: what visits found done well, by unit and place. Pure, always Chinese."""

from __future__ import annotations

from collections import Counter

from reviews.reports.facts import Results
from reviews.reports.fields import About, FieldBook, FieldKind
from reviews.reports.limits import HIGHLIGHTS_PER_DOCUMENT
from reviews.reports.material import Highlight


def praise(results: Results, book: FieldBook, limit: int = HIGHLIGHTS_PER_DOCUMENT) -> list[str]:
    """A clause a highlight, A镇党委松林村党支部推行积分制管理, as fields; in the host's own order.

    Where there are more than a document names, each unit's first come before any unit's second. All of them
    are fields, so that a person can name another.
    """
    clauses = {highlight: _clause(highlight, book) for highlight in _in_order(results)}
    return [clauses[highlight] for highlight in _chosen(list(clauses), limit)]


def _clause(highlight: Highlight, book: FieldBook) -> str:
    told = About(highlight.name, units=(highlight.unit,))
    key = f"h{highlight.key}"
    unit = book.put(f"u{highlight.unit}.name", highlight.name, FieldKind.UNIT, told)
    place = book.put(f"{key}.place", highlight.place, FieldKind.HIGHLIGHT, told)
    return f"{unit}{place}{book.put(f'{key}.text', highlight.text, FieldKind.HIGHLIGHT, told)}"


def _in_order(results: Results) -> list[Highlight]:
    """Each once; those of units that the review does not cover are left out."""
    order = results.own_order()
    known = {each for each in results.material.highlights if each.unit in order}
    return sorted(known, key=lambda each: (order[each.unit], each.place, each.text))


def _chosen(highlights: list[Highlight], limit: int) -> list[Highlight]:
    turns: Counter[int] = Counter()
    by_turn = []
    for place, highlight in enumerate(highlights):
        by_turn.append((turns[highlight.unit], place, highlight))
        turns[highlight.unit] += 1
    chosen = sorted(by_turn, key=lambda each: each[:2])[:limit]
    return [highlight for _turn, _place, highlight in sorted(chosen, key=lambda each: each[1])]
