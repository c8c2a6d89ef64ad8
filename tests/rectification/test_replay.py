"""The log alone gives the item, its state on every day and figures that no later step changes (rule 19)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from organizations.models import Organization, Role, User
from rectification.figures import Figures, Snapshot, figures, snapshot
from rectification.histories import histories_of
from rectification.lifecycle import RULES, StepKind
from rectification.models import Audience, Item, Source, Step
from rectification.stepping import Given, StepRefused, apply_step, take_step
from tests.factories.items import category_of, proof, raised
from tests.factories.organizations import somebody
from tests.rectification.clocks import clock_that_stands

FIRST_DAY = datetime.date(2018, 9, 1)
# What an item is raised with and keeps; everything else follows from its log.
KEPT = {"id", "host", "year", "number", "sequence", "source", "indicator", "place", "text", "found_on"}
OF_THE_LOG = [each.attname for each in Item._meta.concrete_fields if each.name not in KEPT]


@dataclass(frozen=True)
class Try:
    """One step that somebody tries, some days after the one before.

    choice: among the steps of the item's state. actor: as whom, where not as whoever should. due: in how
    many days, where the step may set a date.
    """

    choice: int
    actor: str
    days: int
    due: int

    def kind(self, item: Item) -> StepKind:
        """A step of the item's state, those that lead on more often; sometimes one of another state."""
        if self.choice % 10 == 0:
            return list(RULES)[self.choice % len(RULES)]
        legal = [kind for kind, rule in RULES.items() if item.state in rule.states]
        onwards = [kind for kind in (StepKind.STRIKE_OFF, StepKind.RELAPSE) if kind in legal]
        if StepKind.SUBMIT in legal:
            onwards.append(StepKind.SUBMIT if item.due_on else StepKind.ASSIGN)
        kinds = legal + onwards * len(legal)
        return kinds[self.choice // 10 % len(kinds)]

    def actor_of(self, kind: StepKind) -> str:
        usual = {StepKind.SUBMIT: "secretary", StepKind.STRIKE_OFF: "second"}
        return self.actor or usual.get(kind, "staff")


TRIES = st.lists(
    st.builds(
        Try,
        st.integers(0, 999),
        st.sampled_from(["", "", "", "", "", "", "second", "secretary", "inspector"]),
        st.integers(0, 9),
        st.integers(0, 20),
    ),
    min_size=4,
    max_size=14,
)


def tried(item: Item, attempt: Try, actors: dict[str, User], other: Item, heir: Organization) -> bool:
    """Try the step on the item as it stands; whether it was taken."""
    item.refresh_from_db()
    kind = attempt.kind(item)
    before = Item.objects.filter(pk=item.pk).values().get()
    says = Given(
        text="已说明",
        responsible="甲镇党委组织委员" if kind is StepKind.ASSIGN else "",
        due_on=_date(item, kind, attempt.due),
        category=category_of(item.host) if kind is StepKind.ASSIGN else None,
        unit=heir if kind is StepKind.PASS_ON else None,
        other=other if kind is StepKind.MERGE else None,
        audience=Audience.HOST if kind is StepKind.SEND else "",
        files=[proof()] if kind is StepKind.SUBMIT else (),
    )
    try:
        take_step(item, kind, says, by=actors[attempt.actor_of(kind)], seen=item.version)
    except StepRefused:
        assert Item.objects.filter(pk=item.pk).values().get() == before
        return False
    return True


def _date(item: Item, kind: StepKind, days: int) -> datetime.date | None:
    """So many days after today, or after the due date where that is to be extended."""
    if kind is StepKind.EXTEND:
        return (item.due_on or timezone.localdate()) + datetime.timedelta(days=days)
    sets = kind is StepKind.ASSIGN and item.due_on is None
    return timezone.localdate() + datetime.timedelta(days=days) if sets else None


def row_of(item: Item) -> dict[str, object]:
    return {name: getattr(item, name) for name in OF_THE_LOG}


def replayed(item: Item) -> Item:
    """An item made from nothing but its log."""
    steps = list(Step.objects.filter(item=item).order_by("number"))
    anew = Item(unit_id=steps[0].unit_id, group_id=steps[0].group_id)
    for step in steps:
        apply_step(anew, step)
    return anew


def as_it_stands(item: Item) -> dict[str, object]:
    """What a day's figures are made of, from the item's row."""
    return {
        "state": item.state,
        "unit": item.unit_id,
        "group": item.group_id,
        "category": item.category_id,
        "original_due_on": item.original_due_on,
        "due_on": item.due_on,
        "struck_off_on": item.struck_off_on,
        "returned": item.times_returned,
        "relapsed": item.relapses,
    }


def as_it_stood(item: Snapshot) -> dict[str, object]:
    names = as_it_stands(Item())
    return {name: getattr(item, name) for name in names}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TRIES)
def test_any_steps_replayed_give_the_item_its_days_and_figures_that_stay(unit, other_unit, tries):
    with clock_that_stands(FIRST_DAY) as clock:
        actors = {
            "staff": somebody(Role.STAFF, unit.parent),
            "second": somebody(Role.STAFF, unit.parent),
            "secretary": somebody(Role.SECRETARY, unit),
            "inspector": somebody(Role.INSPECTOR, unit.parent),
        }
        item, other = raised(unit, source=Source.VISIT), raised(unit, "另一处")
        log = Item.objects.filter(pk=item.pk)
        stood = {clock.day: as_it_stands(item)}
        counted: dict[datetime.date, Figures] = {}
        for attempt in tries:
            yesterday = clock.day
            clock.day += datetime.timedelta(days=attempt.days)
            for days in range((clock.day - yesterday).days):
                day = yesterday + datetime.timedelta(days=days)
                stood[day + datetime.timedelta(days=1)] = stood[day]
                counted[day] = figures(histories_of(log), day)
            if tried(item, attempt, actors, other, other_unit):
                item.refresh_from_db()
                event(item.steps.latest("number").kind)
                stood[clock.day] = as_it_stands(item)
            then = list(histories_of(log))
            assert {day: figures(then, day) for day in counted} == counted
        item.refresh_from_db()
        assert row_of(replayed(item)) == row_of(item)
        (history,) = histories_of(log)
        for day, was in stood.items():
            found = snapshot(history, day)
            assert found is not None
            assert as_it_stood(found) == was
        assert snapshot(history, FIRST_DAY - datetime.timedelta(days=1)) is None
