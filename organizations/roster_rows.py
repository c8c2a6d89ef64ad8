"""Read a roster workbook: one row a unit, under a header in the office's own words."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from organizations.models import Kind
from organizations.names import clean_text, normalize_name
from workbooks.cells import Place, Problem, Value
from workbooks.layout import Header, find_header
from workbooks.records import Record, records_below
from workbooks.sheets import Sheet, Workbook

MAX_UNITS = 10_000
NAME_LENGTH, SHORT_NAME_LENGTH, GROUP_LENGTH = 100, 50, 50

# What a roster calls each kind; a host's own words, not the translated labels of the screen.
KIND_OF_WORD = {
    "党委": Kind.COMMITTEE,
    "党工委": Kind.WORKING_COMMITTEE,
    "临时党工委": Kind.INTERIM_WORKING_COMMITTEE,
    "系统党工委": Kind.SYSTEM_WORKING_COMMITTEE,
    "直属机关党委": Kind.AFFILIATED_COMMITTEE,
    "党总支": Kind.GENERAL_BRANCH,
    "党支部": Kind.BRANCH,
}
# How names end, the short endings and those written in full.
_KIND_OF_ENDING = {
    **KIND_OF_WORD,
    "工作委员会": Kind.WORKING_COMMITTEE,
    "临时工作委员会": Kind.INTERIM_WORKING_COMMITTEE,
    "总支部": Kind.GENERAL_BRANCH,
    "总支部委员会": Kind.GENERAL_BRANCH,
    "支部": Kind.BRANCH,
    "支部委员会": Kind.BRANCH,
}
_KIND_OF_KEY = {normalize_name(word): kind for word, kind in KIND_OF_WORD.items()}

_FULL_NAME = ("单位全称", "全称", "单位名称", "党组织名称", "党组织全称", "组织名称")
_ANY_NAME = (*_FULL_NAME, "单位", "名称", "党组织")
_COLUMNS = {
    "number": ("序号", "编号", "顺序"),
    "short_name": ("简称", "单位简称"),
    "group": ("类别", "单位类别", "组别"),
    "kind": ("组织类型", "类型", "党组织类型"),
    "former_names": ("曾用名", "原名", "曾用名称"),
    "superior": ("上级单位", "上级党组织", "上级组织", "上级"),
    "predecessors": ("前身", "前身单位"),
    "active_from": ("启用日期", "成立日期"),
    "active_to": ("撤销日期", "停用日期"),
}
_SEPARATORS = re.compile(r"[、；;，,\n]")
_LARGEST_NUMBER = 1_000_000


@dataclass(frozen=True)
class UnitRow:
    """What one row says of one unit. Blank parts say nothing: they leave things as they are.

    number: 序号 where it can be an order, a whole number from 1. superior: empty for a direct subordinate.
    """

    where: Place
    name: str
    number: int | None = None
    short_name: str = ""
    group: str = ""
    kind: Kind | None = None
    superior: str = ""
    former_names: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = ()
    active_from: datetime.date | None = None
    active_to: datetime.date | None = None

    @property
    def key(self) -> str:
        return normalize_name(self.name)

    @property
    def other_keys(self) -> set[str]:
        """Its short and former names, as compared."""
        return {normalize_name(name) for name in (self.short_name, *self.former_names) if name} - {self.key}


def guessed_kind(name: str) -> Kind:
    """The kind by the longest known ending of the name; a committee where none fits."""
    key = normalize_name(name)
    endings = [ending for ending in _KIND_OF_ENDING if key.endswith(ending)]
    return _KIND_OF_ENDING[max(endings, key=len)] if endings else Kind.COMMITTEE


def read_roster(workbook: Workbook, problems: list[Problem], notes: list[Problem]) -> list[UnitRow]:
    """Every unit the workbook lists, in its order. What is wrong is added to the problems, all of it."""
    rows: list[UnitRow] = []
    headers = [(sheet, _find_header(sheet)) for sheet in workbook.sheets if not sheet.hidden]
    for sheet in workbook.sheets:
        if sheet.hidden:
            notes.append(Problem(sheet.place(), _("The sheet is hidden and was not read.")))
    for sheet, header in headers:
        if header is not None:
            rows.extend(_rows_of(sheet, header, problems))
        elif any(found for _sheet, found in headers):
            notes.append(Problem(sheet.place(), _("No header row with 单位 was found, so nothing was read.")))
    if not any(found for _sheet, found in headers):
        problems.append(Problem(None, _("No sheet has a header row with a 单位全称 column.")))
    elif not rows and not problems:
        problems.append(Problem(None, _("The roster lists no units.")))
    if len(rows) > MAX_UNITS:
        problems.append(
            Problem(
                rows[MAX_UNITS].where,
                _("The roster lists %(count)s units; at most %(limit)s can be imported at once.")
                % {"count": len(rows), "limit": MAX_UNITS},
            )
        )
    return rows


def _find_header(sheet: Sheet) -> Header | None:
    """A column of full names is preferred to one that merely says 单位, wherever the two stand."""
    strict = find_header(sheet, {"name": _FULL_NAME, **_COLUMNS}, ["name"])
    return strict or find_header(sheet, {"name": _ANY_NAME, **_COLUMNS}, ["name"])


def _rows_of(sheet: Sheet, header: Header, problems: list[Problem]) -> Iterator[UnitRow]:
    for record in records_below(header, sheet, problems):
        if not record.is_blank("name"):
            name = clean_text(record.text("name", longest=NAME_LENGTH))
            # A name that cannot be read was refused with its place; the rest of its row is read all the same.
            row = _unit_row(record, name)
            if name:
                yield row
        elif not record.is_blank("short_name", "kind", "former_names", "superior"):
            record.refuse("name", _("The unit's name is missing."))


def _unit_row(record: Record, name: str) -> UnitRow:
    return UnitRow(
        where=record.place("name"),
        name=name,
        number=_order_number(record),
        short_name=clean_text(record.text("short_name", longest=SHORT_NAME_LENGTH)),
        group=clean_text(record.text("group", longest=GROUP_LENGTH, spread=True)),
        kind=_kind(record),
        superior=clean_text(record.text("superior", longest=NAME_LENGTH, spread=True)),
        former_names=_names(record, "former_names"),
        predecessors=_names(record, "predecessors"),
        active_from=record.day("active_from"),
        active_to=record.day("active_to"),
    )


def _order_number(record: Record) -> int | None:
    """序号 is often a formula or 一、二、三: no problem, the order of the rows then serves."""
    column = record.header.columns.get("number")
    value: Value = None if column is None else record.sheet.value(record.row, column)
    if isinstance(value, str) and value.isdecimal():
        value = Decimal(value)
    if not isinstance(value, Decimal) or not 1 <= value <= _LARGEST_NUMBER or value % 1:
        return None
    return int(value)


def _kind(record: Record) -> Kind | None:
    word = record.text("kind", longest=GROUP_LENGTH, spread=True)
    if not word:
        return None
    kind = _KIND_OF_KEY.get(normalize_name(word))
    if kind is None:
        record.refuse(
            "kind",
            _("The kind “%(kind)s” is unknown; it is one of %(allowed)s, or blank.")
            % {"kind": word, "allowed": "、".join(KIND_OF_WORD)},
        )
    return kind


def _names(record: Record, key: str) -> tuple[str, ...]:
    """The names that a cell lists, each once."""
    text = record.value(key)
    if text is None:
        return ()
    if not isinstance(text, str):
        record.refuse(key, _("“%(value)s” is not text.") % {"value": text})
        return ()
    names = [clean_text(part) for part in _SEPARATORS.split(text)]
    for name in names:
        if len(name) > NAME_LENGTH:
            record.refuse(
                key,
                _("“%(start)s…” has %(length)s characters; at most %(longest)s are kept.")
                % {"start": name[:20], "length": len(name), "longest": NAME_LENGTH},
            )
    return tuple(dict.fromkeys(name for name in names if name))
