"""The ledger in the form that offices use, for paper and for a workbook (整改台账).

Documents are always Chinese, whatever the language of the screen.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.utils import translation

from organizations.models import Organization
from rectification.lifecycle import State
from rectification.models import Item, ItemState, Source
from rectification.models.item import ItemQuerySet
from workbooks.writing import Table, Written

NAME = "整改台账"
HEADER = (
    "序号",
    "单位",
    "问题",
    "类别",
    "来源",
    "责任人",
    "整改时限",
    "整改措施",
    "整改情况",
    "状态",
    "编号",
)
SIGNED_BY = ("填表人", "审核人", "日期")
AT_ONCE = 2_000  # rows that the database hands over at a time
# What a row shows; nothing else is fetched of 50,000 of them.
_SHOWN = (
    "year",
    "number",
    "sequence",
    "text",
    "source",
    "responsible",
    "original_due_on",
    "due_on",
    "measures",
    "answer",
    "state",
    "is_closed",
    "struck_off_on",
    "unit__name",
    "category__name",
)


class Row(NamedTuple):
    """One item as the form has it, in the order of HEADER."""

    place: int
    unit: str
    text: str
    category: str
    source: str
    responsible: str
    due: str
    measures: str
    answer: str
    state: str
    serial: str


@dataclass(frozen=True)
class LedgerForm:
    """The ledger of a host on a day. filters: in words, blank for all of it; count: of the items."""

    host: Organization
    on: datetime.date
    filters: list[str]
    count: int
    items: ItemQuerySet

    @property
    def title(self) -> str:
        return f"{self.host.name}{NAME}"

    @property
    def about(self) -> str:
        """The line below the title: day, filter, how many."""
        what = "；".join(self.filters) or "全部事项"
        return f"截至{self.on.year}年{self.on.month}月{self.on.day}日　{what}　共{self.count}项"

    @property
    def file_name(self) -> str:
        """Says no more than host and day: a name is seen by more people than the file."""
        return f"{self.host.name}{NAME}{self.on.isoformat()}.xlsx"

    def rows(self) -> Iterator[Row]:
        """One by one, as the database hands them over."""
        words = _Words()
        shown = self.items.select_related("unit", "category").only(*_SHOWN)
        for place, item in enumerate(shown.iterator(chunk_size=AT_ONCE), 1):
            yield words.row(place, item, self.on)

    def table(self) -> Table:
        return Table(NAME, HEADER, self._written(), title=(self.title, self.about), landscape=True)

    def _written(self) -> Iterable[tuple[Written, ...]]:
        """A cell without text is blank."""
        return (tuple(value or None for value in row) for row in self.rows())


class _Words:
    """How documents call sources and states; looked up once for all rows."""

    def __init__(self) -> None:
        with translation.override("zh-hans"):
            self.sources = {source.value: str(source.label) for source in Source}
            self.states = {state.value: str(state.label) for state in ItemState}

    def row(self, place: int, item: Item, on: datetime.date) -> Row:
        return Row(
            place=place,
            unit=item.unit.name,
            text=item.text,
            category=item.category.name if item.category else "",
            source=self.sources[item.source],
            responsible=item.responsible,
            due=_due(item),
            measures=item.measures,
            answer=item.answer,
            state=self._state(item, on),
            serial=str(item.serial),
        )

    def _state(self, item: Item, on: datetime.date) -> str:
        state = self.states[item.state]
        if item.state == State.STRUCK_OFF and item.struck_off_on:
            return f"{state}\n{item.struck_off_on.isoformat()}"
        late = item.days_overdue(on)
        return f"{state}\n逾期{late}天" if late else state


def _due(item: Item) -> str:
    """The original date; with it the one it was extended to."""
    if item.original_due_on is None:
        return ""
    original = item.original_due_on.isoformat()
    if item.due_on is None or not item.is_extended:
        return original
    return f"{original}\n延期至{item.due_on.isoformat()}"
