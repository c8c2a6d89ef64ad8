"""The demo's rectification items: the same for everybody who sets it up, on days counted back from today.

They are raised by the product's own deed. What happened to hundreds of them since is written as the deeds
would have, but many at a time; tests/commands/test_demo.py holds each log to the rules.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from PIL import Image

from files.kinds import FileKind
from organizations.models import Organization, User
from organizations.quarter import Quarter
from rectification.categories import DEFAULTS, category_named
from rectification.evidence import CarriedFile, kept_evidence
from rectification.lifecycle import State, StepKind, state_after
from rectification.models import Audience, Evidence, Item, Source, Step
from rectification.raising import NewItem, raise_items
from rectification.stepping import apply_step
from reviews.findings_to_raise import to_raise
from reviews.models import Indicator, ReviewCycle
from reviews.raising import raise_findings

AT_MOST = 10_000


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """Let the product take it for an earlier day: a demo without a past has no figures to show."""
    real = timezone.now
    timezone.now = lambda: real() - datetime.timedelta(days=days)
    try:
        yield
    finally:
        timezone.now = real


def report_own_problems(host: Organization, quarter: Quarter, secretary: User) -> list[Item]:
    """One problem that some unit found itself for each indicator; what is found later is filed like it."""
    units = list(Organization.objects.under(host).filter(group__isnull=False).in_own_order())
    own = secretary.access.unit_under(host)
    indicators = dict.fromkeys(
        Indicator.objects.filter(rubric__host=host, is_bonus=False)
        .order_by("position")
        .values_list("name", flat=True)
    )
    new = []
    for number, indicator in enumerate(indicators):
        unit = own if number % 5 == 0 and own else units[number * 7 % len(units)]
        new.append(
            NewItem(
                unit=unit,
                source=Source.SELF,
                text=f"自查发现：{indicator}台账更新不及时",
                found_on=timezone.localdate(),
                category=category_named(host, DEFAULTS[number % len(DEFAULTS)]),
                indicator=indicator,
                responsible=f"{unit.name}组织委员",
                measures="逐项核对补齐，由组织委员按月检查。",
                due_on=timezone.localdate() + datetime.timedelta(days=30 + number % 3 * 45),
                audience=Audience.HOST,
            )
        )
    return raise_items(host, quarter, new, by=secretary)


def raise_quarter(
    cycle: ReviewCycle, due_dates: Sequence[datetime.date], staff: User, *, links: int = 0
) -> tuple[list[Item], list[Item]]:
    """All that the quarter found, with these due dates in turn; what was raised, and what was linked.

    links: how many of those that units may have reported themselves are linked to that.
    """
    findings = [each for each in to_raise(cycle, staff, at_most=AT_MOST).findings if each.is_raisable]
    reported = [finding for finding in findings if finding.reported][:links]
    linked = raise_findings(
        cycle, {finding.key: finding.reported[0].pk for finding in reported}, due_on=None, by=staff
    ).linked
    left = [finding.key for finding in findings if finding not in reported]
    items: list[Item] = []
    for number, due_on in enumerate(due_dates):
        chosen = dict.fromkeys(left[number :: len(due_dates)])
        items += raise_findings(cycle, chosen, due_on=due_on, by=staff).items
    return items, list(linked)


@dataclass
class _Course:
    """What happened to one item after it was raised: entries of its log in order."""

    item: Item
    steps: list[Step] = field(default_factory=list)

    def add(self, kind: StepKind, days_before: float, by: User | None, **says: Any) -> None:
        """days_before: today."""
        item = self.item
        step = Step(
            item=item,
            number=item.version + 1,
            kind=kind.value,
            state=state_after(kind, State(item.state)).value,
            at=timezone.now() - datetime.timedelta(days=days_before),
            by=by,
            **says,
        )
        apply_step(item, step)
        self.steps.append(step)


@dataclass(frozen=True)
class Players:
    """Who acts in the demo; clerk: writes down what units without an account answered."""

    staff: User
    clerk: User
    secretary: User

    def answering(self, item: Item) -> User:
        return self.secretary if item.unit_id in self.secretary.access.unit_ids else self.clerk


def play(items: Sequence[Item], players: Players, *, age: int, unsettled_in: int) -> None:
    """Let items go their ways. age: how many days ago they were raised.

    Of every `unsettled_in` three are not struck off: one waits for that, one is extended, one is open. Of the
    others some were struck off late and some after they had been returned.
    """
    courses = []
    for number, item in enumerate(items):
        course = _Course(item)
        _assign(course, age - 2, players)
        way = number % unsettled_in
        if way == 10:
            _answer(course, 3 + number % 4, players)
        elif way == 11 and item.due_on is not None:
            later = timezone.localdate() + datetime.timedelta(days=10 + number % 20)
            course.add(StepKind.EXTEND, 5, players.staff, text="涉及项目建设，确需延期", due_on=later)
        elif way != 12:
            _settle(course, number, age, players)
        courses.append(course)
    _write(courses)


def _assign(course: _Course, days_before: float, players: Players) -> None:
    if not course.item.responsible:
        course.add(
            StepKind.ASSIGN,
            days_before,
            players.staff,
            responsible=f"{course.item.unit.name}组织委员",
            measures="对照问题逐项补齐，举一反三，完善制度。",
        )


def _answer(course: _Course, days_before: float, players: Players) -> None:
    text = "已逐项整改到位，并完善相关台账，请予核销。"
    course.add(StepKind.SUBMIT, days_before, players.answering(course.item), for_unit=True, text=text)


def _settle(course: _Course, number: int, age: int, players: Players) -> None:
    """Struck off two to three weeks after it was raised, some after they were returned, some months late."""
    answered = age - (60 if number % 13 == 0 else 15 + number % 6)
    if number % 13 == 1:
        _answer(course, answered + 6, players)
        course.add(StepKind.RETURN, answered + 4, players.staff, text="佐证照片看不清，请补拍后重新提交")
    _answer(course, answered, players)
    course.add(StepKind.STRIKE_OFF, answered - 2, players.staff)


def _write(courses: Sequence[_Course]) -> None:
    """Write the logs round by round, so that an item's evidence is there before it is struck off."""
    submitted = [step for course in courses for step in course.steps if step.kind == StepKind.SUBMIT]
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "photo"
        Image.new("RGB", (320, 240), (196, 208, 184)).save(photo, "JPEG")
        files = [CarriedFile("整改后.jpg", photo, FileKind.JPEG.value)] * len(submitted)
        with kept_evidence(files) as evidence, transaction.atomic():
            rows = dict(zip(map(id, submitted), evidence, strict=True))
            for number in range(max((len(course.steps) for course in courses), default=0)):
                steps = [course.steps[number] for course in courses if number < len(course.steps)]
                Step.objects.bulk_create(steps, batch_size=500)
                proofs = [(step, rows[id(step)]) for step in steps if id(step) in rows]
                for step, row in proofs:
                    row.step = step
                Evidence.objects.bulk_create([row for _step, row in proofs], batch_size=500)
            fields = ("version", "state", "is_closed", "responsible", "measures", "due_on", "answer")
            items = [course.item for course in courses]
            Item.objects.bulk_update(
                items, [*fields, "struck_off_on", "times_returned", "relapses"], batch_size=200
            )
