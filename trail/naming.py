"""What the trail calls the rows it tells of: by the names they have now, a table's rows in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model

Key = tuple[type[Model], int]
_OF_REVIEW = ("review.organization", "review.cycle")
_OF_DEDUCTION = ("deduction.indicator", *(f"deduction.{path}" for path in _OF_REVIEW))

# What a row is called by, where its own name would not say it.
CALLED = {
    "organizations.FormerName": ("name", "organization"),
    "organizations.Membership": ("user", "organization"),
    "organizations.User": ("get_full_name", "username"),
    "rectification.Evidence": ("original_name", "step.item"),
    "rectification.ProgrammeFile": ("original_name",),
    "rectification.ProgrammeRow": ("name", "programme"),
    "rectification.Step": ("item", "get_kind_display"),
    "rectification.Target": ("programme", "organization"),
    "rectification.Task": ("row.name", "target.organization", "target.programme"),
    "rectification.TemplateRow": ("name", "template"),
    "reviews.Deduction": ("indicator", *_OF_REVIEW),
    "reviews.Reply": _OF_DEDUCTION,
    "reviews.ReplyFile": ("original_name",),
    "reviews.ReplyStep": tuple(f"reply.{path}" for path in _OF_DEDUCTION),
    "reviews.Review": ("organization", "cycle"),
    "reviews.Score": ("indicator", *_OF_REVIEW),
}
# What else a row's own name reads.
READS = {
    "rectification.ProgrammeEntry": ("programme",),
    "rectification.ReturnDraw": ("host",),
    "rectification.ReturnVisit": ("item",),
    "rectification.ReturnVisitFinding": ("item",),
    "rectification.SelfCheckAnswer": ("unit", "self_check"),
    "rectification.SelfCheckFinding": ("item",),
    "reviews.AnnualPublication": ("host",),
    "reviews.CycleStep": ("cycle",),
    "reviews.DocumentSettings": ("host",),
    "reviews.Draw": ("cycle",),
    "reviews.Publication": ("cycle",),
    "reviews.ReplySettings": ("host",),
    "reviews.ReportAcceptance": ("cycle",),
    "reviews.ReportVersion": ("cycle",),
    "reviews.ReviewYear": ("host",),
    "reviews.Rubric": ("group",),
    "reviews.Visit": ("organization", "cycle"),
    "reviews.VisitSettings": ("host",),
}


@cache
def models_by_table() -> Mapping[str, type[Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def names_of(keys: Iterable[Key]) -> dict[Key, str]:
    """Names of these rows, as far as they are still there. A query a table, however many rows."""
    wanted: dict[type[Model], set[int]] = defaultdict(set)
    for model, key in keys:
        wanted[model].add(key)
    return {
        (model, row.pk): name_of(row)
        for model, primary_keys in wanted.items()
        for row in model._default_manager.select_related(*_read(model)).in_bulk(primary_keys).values()
    }


def name_of(row: Model) -> str:
    paths = CALLED.get(row._meta.label) or _through(type(row))
    if not paths:
        return str(row)
    return " · ".join(dict.fromkeys(str(_called(part)) for part in (attrgetter(path)(row) for path in paths)))


def _called(part: Any) -> Any:
    return part() if callable(part) else part


def _through(model: type[Model]) -> tuple[str, ...]:
    """Of the rows between two tables: both ends."""
    if not model._meta.auto_created:
        return ()
    return tuple(field.name for field in model._meta.fields if isinstance(field, ForeignKey))


def _read(model: type[Model]) -> list[str]:
    paths = READS.get(model._meta.label, ()) + CALLED.get(model._meta.label, ()) + _through(model)
    return [lookup for path in paths if (lookup := _relations(model, path))]


def _relations(model: type[Model], path: str) -> str:
    """The part of a path that leads over foreign keys, as `select_related` takes it."""
    steps = []
    for name in path.split("."):
        field = next((each for each in model._meta.fields if each.name == name), None)
        if not isinstance(field, ForeignKey):
            break
        steps.append(name)
        model = field.related_model
    return "__".join(steps)
