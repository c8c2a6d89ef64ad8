"""Rectification items, made by the product's own deeds, as far along as a test wants them."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from organizations.models import Organization, Role, User
from organizations.quarter import Quarter
from rectification.categories import DEFAULTS, category_named
from rectification.closing import assign, strike_off, submit
from rectification.evidence import NewFile
from rectification.models import Audience, Item, ProblemCategory, Source
from rectification.raising import NewItem, raise_item
from tests.factories.organizations import somebody
from tests.factories.visits import picture


def in_days(days: int) -> datetime.date:
    """The day that lies this many days ahead."""
    return timezone.localdate() + datetime.timedelta(days=days)


def category_of(host: Organization, name: str = DEFAULTS[0]) -> ProblemCategory:
    """A category of the host."""
    return category_named(host, name)


def proof(name: str = "整改后.jpg") -> NewFile:
    """A photo to prove something with."""
    return NewFile(name, picture())


def raised(
    unit: Organization,
    text: str = "会议记录不完整",
    *,
    quarter: str = "2018Q3",
    by: User | None = None,
    **details: Any,
) -> Item:
    """An item of a unit that everybody concerned may see, without a person, a date or a category."""
    details.setdefault("source", Source.VISIT)
    details.setdefault("audience", Audience.HOST)
    details.setdefault("found_on", timezone.localdate())
    new = NewItem(unit=unit, text=text, **details)
    return raise_item(unit.parent, Quarter.parse(quarter), new, by=by)


def assigned(unit: Organization, *, days: int = 30, by: User | None = None, **details: Any) -> Item:
    """An item with a category, a responsible person and a due date in so many days."""
    item = raised(unit, by=by, **details)
    staff = by or somebody(Role.STAFF, unit.parent)
    step = assign(
        item,
        by=staff,
        seen=item.version,
        responsible="张三",
        due_on=in_days(days),
        category=item.category or category_of(unit.parent),
    )
    return step.item


def submitted(unit: Organization, *, secretary: User | None = None, **details: Any) -> Item:
    """An item that the unit answered, with a photo."""
    item = assigned(unit, **details)
    secretary = secretary or somebody(Role.SECRETARY, unit)
    return submit(item, "已补齐会议记录", by=secretary, seen=item.version, files=[proof()]).item


def struck_off(unit: Organization, *, by: User | None = None, **details: Any) -> Item:
    """An item that was put right and struck off."""
    item = submitted(unit, **details)
    return strike_off(item, by=by or somebody(Role.STAFF, unit.parent), seen=item.version).item
