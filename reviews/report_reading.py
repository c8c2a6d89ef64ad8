"""A document as it is read on the screen, and what stands behind each of its figures and names."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from organizations.models import User
from reviews.explaining import (
    Cell,
    Heading,
    cells_of,
    headings_of,
    kind_of,
    rule_of,
    steps_of,
    tally_headings,
)
from reviews.models import Publication, ReviewCycle
from reviews.report_texts import composition
from reviews.reports.blocks import Draft
from reviews.reports.content import frozen_text, heading_of, published_results
from reviews.reports.document import OfficialDocument
from reviews.reports.explained import Explanation, Line, Row
from reviews.reports.facts import Results
from reviews.reports.fields import Field
from reviews.reports.kinds import KINDS
from reviews.reports.provenance import explain
from reviews.reports.reading import ReadableParagraph, readable
from reviews.tracing import TracedUnit, traced, units_in_full, units_read

ROWS_AT_MOST = 200


@dataclass(frozen=True)
class Reading:
    """One document to read. publication: None for a draft. publications: all of the cycle, newest first."""

    cycle: ReviewCycle
    kind: str
    text: Draft
    results: Results
    document: OfficialDocument
    publication: Publication | None = None
    publications: Sequence[Publication] = ()

    @property
    def query(self) -> str:
        """What asks for the same again, on every address of the document."""
        return f"?publication={self.publication.number}" if self.publication else "?draft=1"

    @property
    def paragraphs(self) -> tuple[ReadableParagraph, ...]:
        return readable(self.text.blocks, self.text.fields)

    @property
    def is_latest(self) -> bool:
        return self.publication is None or self.publication == self.publications[0]

    @property
    def published_at(self) -> datetime.datetime | None:
        return self.publication.published_at if self.publication else None


def published_reading(publication: Publication, publications: Sequence[Publication], kind: str) -> Reading:
    """A document as published, from nothing but what was frozen. Two queries.

    Where it is older than texts are, it is drafted from its figures.
    """
    results, heading = published_results(publication), heading_of(publication)
    text = frozen_text(publication, kind) or KINDS[kind].draft(results, heading)
    document = KINDS[kind].document(text, results, heading)
    return Reading(publication.cycle, kind, text, results, document, publication, publications)


def draft_reading(cycle: ReviewCycle, kind: str) -> Reading:
    """A document as it would be published now, for the host's staff."""
    draft = composition(cycle, kind)
    return Reading(cycle, kind, draft.text, draft.results, draft.document())


@dataclass(frozen=True)
class ShownRow:
    """One unit behind a field. may_open: the reader may read its review. is_told: its losses are there."""

    unit: int
    name: str
    group_name: str
    is_meant: bool
    cells: Sequence[Cell]
    may_open: bool
    is_told: bool


@dataclass(frozen=True)
class FieldPage:
    """Where one figure or name of a document comes from, as far as one reader may see it.

    more: how many rows there are beyond those shown. is_chosen: the one unit told about was asked for.
    attachment: the number of the one it names. place: the key of the paragraph it stands in.
    """

    field: Field
    kind: Promise
    rule: Promise
    steps: Sequence[str]
    headings: Sequence[Heading]
    rows: Sequence[ShownRow]
    more: int
    has_groups: bool
    tally_headings: Sequence[Promise]
    tally: Sequence[Line]
    units: Sequence[TracedUnit]
    is_chosen: bool
    as_of: datetime.date | None
    attachment: int | None
    place: str

    @property
    def is_long(self) -> bool:
        """Whether the value is a list or a sentence rather than a figure or a name."""
        return len(self.field.value) > 16


def field_page(user: User, reading: Reading, key: str, *, unit: int | None = None) -> FieldPage | None:
    """What stands behind a field of a document that this user may read; None where it has no such field.

    unit: whose deductions are asked for among the rows. Four queries.
    """
    field = reading.text.fields.get(key)
    if field is None:
        return None
    cycle = reading.cycle
    points_of = units_read(user, cycle, reading.results.groups)
    told = explain(field, reading.results).seen_with_scores_of(points_of)
    in_full = units_in_full(told, unit)
    shown = told.rows[:ROWS_AT_MOST]
    behind = traced(user, cycle, in_full, published_at=reading.published_at, points_of=points_of)
    tally = told.tally
    return FieldPage(
        field=field,
        kind=kind_of(told),
        rule=rule_of(told),
        steps=steps_of(told),
        headings=headings_of(told),
        rows=[_shown(row, told, points_of, in_full) for row in shown],
        more=len(told.rows) - len(shown),
        has_groups=len({row.group.key for row in told.rows}) > 1,
        tally_headings=tally_headings(told),
        tally=tally.lines if tally else (),
        units=behind,
        is_chosen=unit is not None and len(behind) == 1,
        as_of=_as_of(told, reading.results),
        attachment=_attachment(field, reading.document),
        place=_place(key, reading),
    )


def _shown(row: Row, told: Explanation, points_of: set[int], in_full: Sequence[Row]) -> ShownRow:
    unit = row.unit
    return ShownRow(
        unit=unit.unit,
        name=unit.name,
        group_name=row.group.name,
        is_meant=row.is_meant,
        cells=cells_of(row, told.columns),
        may_open=unit.unit in points_of,
        is_told=any(each.unit.unit == unit.unit for each in in_full),
    )


def _as_of(told: Explanation, results: Results) -> datetime.date | None:
    """The day on which items were counted, where the field counts items."""
    counts_items = any(line.quarter for line in (told.tally.lines if told.tally else ()))
    return results.rectification.as_of if results.rectification and counts_items else None


def _attachment(field: Field, document: OfficialDocument) -> int | None:
    labels = [attachment.label for attachment in document.attachments]
    return labels.index(field.value) + 1 if field.value in labels else None


def _place(key: str, reading: Reading) -> str:
    """The paragraph that a field stands in first; empty where this document does not print it."""
    for paragraph in reading.paragraphs:
        if any(piece.key == key for piece in (*paragraph.lead, *paragraph.text)):
            return paragraph.key
    return ""
