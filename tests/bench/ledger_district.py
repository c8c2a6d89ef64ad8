"""A district with a large ledger, written row by row and not step by step: only the log's shape is real."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass
from itertools import count

from django.utils import timezone

from files.kinds import FileKind
from organizations.models import Group, Membership, Organization, Role, User
from organizations.quarter import Quarter
from rectification.categories import DEFAULTS, category_named
from rectification.models import Audience, Evidence, Item, ProblemCategory, Source, Step

UNITS = 100
OF_THE_LARGEST = 500  # items of the first unit
QUARTERS = [Quarter(year, number) for year in (2016, 2017, 2018) for number in (1, 2, 3, 4)]
INDICATORS = [f"指标{number}" for number in range(20)]
DIED_DOWN = 0.8  # of the items of earlier quarters, which are struck off by now


@dataclass(frozen=True)
class Ledger:
    """What the measurements need of it."""

    host: Organization
    staff: User
    secretary: User


def build_ledger(items: int) -> Ledger:
    """So many items of twelve quarters, of which the first unit has 500; from a fixed seed."""
    host = Organization.objects.create(name=f"台账主办单位{items}")
    group = Group.objects.create(host=host, name="乡镇（街道）", position=1)
    units = Organization.objects.bulk_create(
        Organization(parent=host, name=f"第{number}单位党委", group=group, position=number)
        for number in range(1, UNITS + 1)
    )
    people = [User.objects.create_user(f"台账{role}{items}") for role in ("staff", "answers", "secretary")]
    staff, answers, secretary = people
    Membership.objects.create(user=staff, organization=host, role=Role.STAFF)
    Membership.objects.create(user=secretary, organization=units[0], role=Role.SECRETARY)
    draw = random.Random(items)
    rows = list(_items(host, units, items, draw))
    Item.objects.bulk_create(rows, batch_size=1_000)
    _write_logs(rows, staff, answers)
    return Ledger(host, staff, secretary)


def _items(host: Organization, units: list[Organization], items: int, draw: random.Random) -> list[Item]:
    today = timezone.localdate()
    categories = [category_named(host, name) for name in DEFAULTS]
    owners = [units[0]] * min(items, OF_THE_LARGEST)
    owners += [draw.choice(units[1:]) for _each in range(items - len(owners))]
    draw.shuffle(owners)
    sequences = {quarter: count(1) for quarter in QUARTERS}
    return [_item(host, unit, draw.choice(QUARTERS), sequences, categories, today, draw) for unit in owners]


def _item(
    host: Organization,
    unit: Organization,
    quarter: Quarter,
    sequences: dict[Quarter, count[int]],
    categories: list[ProblemCategory],
    today: datetime.date,
    draw: random.Random,
) -> Item:
    is_struck_off = draw.random() < DIED_DOWN and quarter < QUARTERS[-1]
    due_on = today + datetime.timedelta(days=draw.randrange(-60, 60))
    sequence = next(sequences[quarter])
    return Item(
        host=host,
        unit=unit,
        group=unit.group,
        year=quarter.year,
        number=quarter.number,
        sequence=sequence,
        source=draw.choice(Source.values),
        category=draw.choice(categories),
        indicator=draw.choice(INDICATORS),
        text=f"第{sequence}项：会议记录不完整，未按要求召开支部党员大会，台账资料不规范",
        found_on=today,
        responsible="张三",
        measures="建立台账，逐条整改，定期检查",
        original_due_on=due_on,
        due_on=due_on + datetime.timedelta(days=30) if draw.random() < 0.1 else due_on,
        state="struck_off" if is_struck_off else "open",
        is_closed=is_struck_off,
        answer="已补齐会议记录，并组织学习" if is_struck_off else "",
        struck_off_on=today if is_struck_off else None,
        audience=Audience.HOST,
        version=3 if is_struck_off else 1,
    )


def _write_logs(rows: list[Item], staff: User, answers: User) -> None:
    """Raised; and where it is struck off, answered with a file by one and struck off by another."""
    closed = [item for item in rows if item.is_closed]
    Step.objects.bulk_create(
        [_step(item, 1, "raise", "open", staff, unit=item.unit, group=item.group) for item in rows],
        batch_size=1_000,
    )
    answered = Step.objects.bulk_create(
        [_step(item, 2, "submit", "submitted", answers, for_unit=True, text=item.answer) for item in closed],
        batch_size=1_000,
    )
    Evidence.objects.bulk_create(
        [
            Evidence(
                step=step,
                stored_name=f"{step.item_id:032}",
                original_name="整改后.jpg",
                sha256="0" * 64,
                size=1,
                content_type=FileKind.JPEG,
            )
            for step in answered
        ],
        batch_size=1_000,
    )
    Step.objects.bulk_create(
        [_step(item, 3, "strike_off", "struck_off", staff) for item in closed], batch_size=1_000
    )


def _step(item: Item, number: int, kind: str, state: str, by: User, **more: object) -> Step:
    return Step(item=item, number=number, kind=kind, state=state, at=timezone.now(), by=by, **more)
