"""The roster as a workbook, under the headings by which the import knows them, so that it can come back."""

from __future__ import annotations

from collections.abc import Iterable

from organizations.models import Kind, Organization
from organizations.roster_rows import KIND_OF_WORD
from workbooks.writing import Table, Written

# A file speaks the words of the office, whatever the language of the screen.
HEADER = (
    "序号",
    "单位全称",
    "简称",
    "类别",
    "组织类型",
    "上级单位",
    "曾用名",
    "前身",
    "启用日期",
    "撤销日期",
)
SHEET_NAME = "单位名册"
FILE_NAME = "单位名册"
TEMPLATE_NAME = "单位名册模板"

_WORD_OF_KIND = {kind: word for word, kind in KIND_OF_WORD.items()}


def roster_table(units: Iterable[Organization], host: Organization | None) -> Table:
    """One row a unit, in the order given. Reads group, parent, former_names and predecessors of each.

    上级单位 stays blank for the host's direct subordinates, as the import expects it.
    """
    return Table(SHEET_NAME, HEADER, [_row(unit, host) for unit in units])


def empty_roster_table() -> Table:
    """The headings alone, to be filled in."""
    return Table(SHEET_NAME, HEADER, [])


def _row(unit: Organization, host: Organization | None) -> tuple[Written, ...]:
    return (
        unit.position,
        unit.name,
        unit.short_name or None,
        unit.group.name if unit.group else None,
        _WORD_OF_KIND[Kind(unit.kind)],
        unit.parent.name if unit.parent and unit.parent != host else None,
        "、".join(former.name for former in unit.former_names.all()) or None,
        "、".join(predecessor.name for predecessor in unit.predecessors.all()) or None,
        unit.active_from,
        unit.active_to,
    )
