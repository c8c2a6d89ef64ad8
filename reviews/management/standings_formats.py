"""A cycle's standings as text on a terminal, as JSON for other programs and as CSV for a spreadsheet."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from reviews.ranking import ListName
from reviews.standings import GroupStandings, Line, Standings
from workbooks.writing import write_csv

GAP = "  "


def as_json(standings: Standings) -> str:
    """The shape other programs rely on (docs: interface); two spaces deep, Chinese as it is written."""
    content = {
        "cycle": str(standings.quarter),
        "baseline": str(standings.baseline) if standings.baseline else None,
        "rank_method": standings.rank_method,
        "published": standings.is_published,
        "groups": [_group_content(group) for group in standings.groups],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def as_csv(standings: Standings) -> str:
    """One table of all groups; text that a spreadsheet would run as a formula is protected."""
    rows = [(group.name, *_cells(line)) for group in standings.groups for line in group.lines]
    # The mark by which Excel knows UTF-8 belongs to a file, not to a pipe.
    return write_csv([(_("group"), *_headings()), *rows]).decode("utf-8-sig")


def as_table(standings: Standings) -> str:
    """A table a group with its four lists, for a terminal whose Chinese characters take two columns."""
    lines = [_title(standings)]
    for group in standings.groups:
        lines += ["", group.name, *_aligned([_headings(), *(_cells(line) for line in group.lines)])]
        lines += _list_lines(group)
    return "\n".join(lines) + "\n"


FORMATS: Mapping[str, Callable[[Standings], str]] = {"table": as_table, "json": as_json, "csv": as_csv}


def _group_content(group: GroupStandings) -> dict[str, Any]:
    lists = group.lists
    return {
        "group": group.name,
        "standings": [
            {
                "organization": line.organization_name,
                "rank": line.rank,
                "total": line.total_text,
                "baseline_rank": line.baseline_rank,
                "places": line.places,
                "total_change": line.total_change_text or None,
            }
            for line in group.ranked
        ],
        "unranked": [
            {"organization": line.organization_name, "reason": line.unranked_reason}
            for line in group.unranked
        ],
        **{name.value: [line.organization_name for line in group.lines_of(lists[name])] for name in ListName},
    }


def _headings() -> tuple[str, ...]:
    return (
        _("unit"),
        _("place"),
        _("total"),
        _("last place"),
        _("places gained"),
        _("change of total"),
        _("remark"),
    )


def _cells(line: Line) -> tuple[str, ...]:
    return (
        line.organization_name,
        _shown(line.rank),
        line.total_text,
        _shown(line.baseline_rank),
        _shown(line.places),
        line.total_change_text,
        line.unranked_reason,
    )


def _shown(number: int | None) -> str:
    return "" if number is None else str(number)


def _title(standings: Standings) -> str:
    publication = standings.publication
    state = (
        _("published, number %(number)s") % {"number": publication.number}
        if publication
        else _("live, not published")
    )
    baseline = standings.baseline.label if standings.baseline else _("none")
    return _("%(quarter)s (%(state)s), compared with: %(baseline)s") % {
        "quarter": standings.quarter.label,
        "state": state,
        "baseline": baseline,
    }


def _list_lines(group: GroupStandings) -> list[str]:
    labels = {
        ListName.TOP: _("First places: %(names)s"),
        ListName.LAST: _("Last places: %(names)s"),
        ListName.PROGRESS: _("Progress: %(names)s"),
        ListName.SETBACK: _("Setback: %(names)s"),
    }
    named = ((label, group.lines_of(group.lists[name])) for name, label in labels.items())
    return [
        label % {"names": "、".join(line.organization_name for line in lines)}
        for label, lines in named
        if lines
    ]


def _aligned(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """Text to the left, figures to the right of columns as wide as their widest cell."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    last = len(widths) - 1
    for row in rows:
        cells = [
            cell + " " * (width - _width(cell))
            if column in (0, last)
            else " " * (width - _width(cell)) + cell
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield GAP.join(cells).rstrip()


def _width(text: str) -> int:
    """Columns a terminal needs: two for a wide character, none for one that joins the one before."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
