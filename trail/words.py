"""Entries of the trail in words: whose row it was, and each field's old value beside the new."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, DateTimeField, Field, ForeignKey, JSONField, Model
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from audit.audited import declared
from audit.models import Entry, Operation
from trail.naming import Key, models_by_table, names_of

NOTHING = "—"
LONGEST = 300  # characters of a value that are shown
# What only the product itself has a use for, and when it was recorded, which the entry says itself.
TECHNICAL = frozenset(
    [
        "id",
        "version",
        "client_uuid",
        "stored_name",
        "sha256",
        "content_type",
        "comparison_key",
        "key",
        "fingerprint",
        "row_id",
        "recorded_at",
    ]
)
# Where a field has no name of its own for people; others are called like what they point at.
FIELD_WORDS = {
    "host": _("host"),
    "recorded_by": _("recorded by"),
    "taken_by": _("done by"),
    "by": _("done by"),
    "material": _("what documents tell beyond standings"),
    "document": _("heading and signature"),
    "texts": _("texts"),
    "text": _("text"),
    "content": _("content"),
    "rectification": _("rectification figures"),
    "unknown_name": _("a name that is no account's"),
    "name": _("name"),
    "path": _("address of the page"),
    "type": _("kind of file"),
    "size": _("size in bytes"),
}


@dataclass(frozen=True)
class Line:
    """One field of a changed row. before or after is empty where there was none."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """An entry as a reader sees it. kind, name: of the row that changed, or the account."""

    entry: Entry
    operation: str
    kind: str
    name: str
    lines: Sequence[Line]

    @property
    def is_change(self) -> bool:
        return self.entry.operation == Operation.UPDATE

    @property
    def is_event(self) -> bool:
        return not self.entry.table

    @property
    def subject(self) -> str:
        return f"{self.entry.subject_table}:{self.entry.subject_key}" if self.entry.subject_key else ""

    @property
    def in_words(self) -> str:
        """All lines in one, for a cell."""
        return "；".join(
            f"{line.field}: {line.before} → {line.after}" if self.is_change else f"{line.field}: {line.after}"
            for line in self.lines
        )


def told(entries: Sequence[Entry]) -> list[Told]:
    """These entries in words: a query for each kind of row they name, however many entries."""
    names = names_of(key for entry in entries for key in _named(entry))
    return [_told(entry, names) for entry in entries]


def kind_of(table: str) -> str:
    """What a table's rows are called."""
    model = models_by_table().get(table)
    if model is None:
        return table
    if model._meta.auto_created:
        ends = [field for field in model._meta.fields if isinstance(field, ForeignKey)]
        return " – ".join(_field_words(field) for field in ends)
    return str(model._meta.verbose_name)


def _told(entry: Entry, names: Mapping[Key, str]) -> Told:
    return Told(
        entry=entry,
        operation=entry.get_operation_display(),
        kind=kind_of(entry.table) if entry.table else "",
        name=_name(entry, names),
        lines=tuple(_lines(entry, names)),
    )


def _named(entry: Entry) -> Iterator[Key]:
    """The rows whose names an entry's words need."""
    model = models_by_table().get(entry.table or entry.subject_table)
    if model is None:
        return
    key = entry.key if entry.table else entry.subject_key
    if key is not None:
        yield model, key
    for values in (entry.old, entry.new):
        for column, value in (values or {}).items():
            field = _field(model, column) if entry.table else None
            if isinstance(field, ForeignKey) and isinstance(value, int):
                yield field.related_model, value


def _name(entry: Entry, names: Mapping[Key, str]) -> str:
    model = models_by_table().get(entry.table or entry.subject_table)
    key = entry.key if entry.table else entry.subject_key
    if model is None or key is None:
        return ""
    if found := names.get((model, key)):
        return found
    # The row is gone; what it said of itself when it went is not.
    row = entry.old or entry.new or {}
    own = next((str(row[column]) for column in ("name", "original_name", "username") if row.get(column)), "")
    ends = [
        names.get((field.related_model, row[field.column]), "")
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and isinstance(row.get(field.column), int)
    ]
    return own or " · ".join(filter(None, ends[:3])) or f"#{key}"


def _lines(entry: Entry, names: Mapping[Key, str]) -> Iterator[Line]:
    model = models_by_table().get(entry.table)
    old, new = entry.old or {}, entry.new or {}
    columns = [column for column in {**new, **old} if column not in TECHNICAL]
    for column in sorted(columns, key=lambda column: _place(model, column)):
        field = _field(model, column) if model else None
        before, after = (_value(entry, field, column, values.get(column), names) for values in (old, new))
        if entry.operation == Operation.DELETE:
            before, after = after, before
        if entry.operation == Operation.UPDATE or after != NOTHING:
            yield Line(_field_words(field) if field else str(FIELD_WORDS.get(column, column)), before, after)


def _value(
    entry: Entry, field: Field[Any, Any] | None, column: str, value: Any, names: Mapping[Key, str]
) -> str:
    """A value as a reader knows it."""
    audited = declared().get(entry.table)
    if value is None or value == "":
        return NOTHING
    if audited and column in audited.digested:
        return gettext("digest %(digest)s…") % {"digest": str(value)[:12]}
    if isinstance(field, ForeignKey):
        return names.get((field.related_model, value), f"#{value}")
    if isinstance(value, bool) or isinstance(field, BooleanField):
        return pgettext("audit", "yes") if value else pgettext("audit", "no")
    if field is not None and field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, DateTimeField):
        return _moment(str(value))
    if isinstance(field, JSONField) or isinstance(value, dict | list):
        value = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    elif field is not None and hasattr(field, "from_db_value"):
        value = field.from_db_value(value, None, None)
    return str(value)[:LONGEST]


def _moment(text: str) -> str:
    """A time of the database, which PostgreSQL writes with its zone and SQLite in UTC, as the office's."""
    moment = parse_datetime(text)
    if moment is None:
        return text
    if timezone.is_naive(moment):
        moment = moment.replace(tzinfo=datetime.UTC)
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S")


def _field(model: type[Model] | None, column: str) -> Field[Any, Any] | None:
    fields = model._meta.concrete_fields if model else ()
    return next((field for field in fields if field.column == column), None)


def _place(model: type[Model] | None, column: str) -> int:
    """In the order in which the model names its fields."""
    columns = [field.column for field in model._meta.concrete_fields] if model else []
    return columns.index(column) if column in columns else len(columns)


def _field_words(field: Field[Any, Any]) -> str:
    if "verbose_name" in field.deconstruct()[3]:  # one that was given
        return str(field.verbose_name)
    if field.name in FIELD_WORDS:
        return str(FIELD_WORDS[field.name])
    return str(field.related_model._meta.verbose_name) if field.is_relation else field.name  # type: ignore[union-attr]
