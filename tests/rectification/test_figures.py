"""The figures of any day, checked against a slow reckoning that goes through the rules word by word."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organizations.quarter import Quarter
from rectification.figures import Event, Figures, History, figures, figures_by, snapshot
from rectification.lifecycle import RULES, State, StepKind, state_after

FIRST_DAY = date(2018, 7, 1)
QUARTERS = [Quarter(2018, 1), Quarter(2018, 2), Quarter(2018, 3)]
DAYS = st.integers(0, 120).map(lambda days: FIRST_DAY + timedelta(days=days))


@st.composite
def histories(draw: st.DrawFn) -> History:
    """The log of one item: steps as the lifecycle allows them, days apart or on one day."""
    day = FIRST_DAY + timedelta(days=draw(st.integers(0, 30)))
    due = draw(st.none() | st.integers(0, 40).map(lambda days: day + timedelta(days=days)))
    state = State.OPEN
    events = [Event(day, StepKind.RAISE, state, unit=draw(st.integers(1, 3)), group=1, due_on=due)]
    for _number in range(draw(st.integers(0, 9))):
        day += timedelta(days=draw(st.integers(0, 20)))
        legal = [
            kind
            for kind, rule in RULES.items()
            if state in rule.states and (due is not None or kind is not StepKind.SUBMIT)
        ]
        kind = draw(st.sampled_from(legal))
        sets = kind is StepKind.EXTEND or (kind is StepKind.ASSIGN and due is None)
        new_due = max(due or day, day) + timedelta(days=draw(st.integers(0, 30))) if sets else None
        due = new_due or due
        unit = draw(st.integers(1, 3)) if kind is StepKind.PASS_ON else None
        state = state_after(kind, state)
        events.append(Event(day, kind, state, unit=unit, group=unit and 1, due_on=new_due))
    return History(draw(st.sampled_from(QUARTERS)), draw(st.booleans()), tuple(events))


LEDGERS = st.lists(histories(), max_size=6)


def reckoned(ledger: list[History], on: date) -> dict[str, int]:
    """What the ledger amounts to, from its words alone: a list of items for each figure, then its length."""
    begun = [(each, [event for event in each.events if event.on <= on]) for each in ledger]
    begun = [(each, past) for each, past in begun if past]
    newest = max((each.quarter for each, _past in begun), default=None)
    items = [(each, past) for each, past in begun if past[-1].state != State.WITHDRAWN]

    def original(past: list[Event]) -> date | None:
        return next((event.due_on for event in past if event.due_on), None)

    def is_off(past: list[Event]) -> bool:
        return past[-1].state == State.STRUCK_OFF

    def off_on(past: list[Event]) -> date:
        return [event.on for event in past if event.kind == StepKind.STRIKE_OFF][-1]

    def late_days(past: list[Event]) -> int:
        due = original(past)
        return 0 if is_off(past) or due is None else (on - due).days

    def with_kind(kind: StepKind) -> list[History]:
        return [each for each, past in items if kind in {event.kind for event in past}]

    settled = [past for _each, past in items if is_off(past)]
    due = [past for past in settled if original(past) and original(past) <= on]
    late = [late_days(past) for _each, past in items if late_days(past) > 0]
    return {
        "raised": len(items),
        "struck_off": len(settled),
        "unsettled": len(items) - len(settled),
        "submitted": len([1 for _each, past in items if past[-1].state == State.SUBMITTED]),
        "due": len(due) + len(late),
        "on_time": len([past for past in due if off_on(past) <= original(past)]),
        "overdue_week": len([days for days in late if days in range(1, 8)]),
        "overdue_month": len([days for days in late if days in range(8, 31)]),
        "overdue_longer": len([days for days in late if days > 30]),
        "longest_overdue": max(late, default=0),
        "carried_over": len([1 for each, past in items if not is_off(past) and each.quarter != newest]),
        "returned": len(with_kind(StepKind.RETURN)),
        "relapsed": len(with_kind(StepKind.RELAPSE)),
        "self_found": len([1 for each, _past in items if each.is_self_found]),
        "confirmed": len([each for each in with_kind(StepKind.CONFIRM) if each.is_self_found]),
    }


@settings(max_examples=400, deadline=None)
@given(LEDGERS, DAYS)
def test_figures_are_what_the_rules_say_word_by_word(ledger, on):
    assert figures(ledger, on) == Figures(**reckoned(ledger, on))


@settings(max_examples=200, deadline=None)
@given(LEDGERS, DAYS)
def test_the_figures_of_a_past_day_need_nothing_that_came_after_it(ledger, on):
    past = [each._replace(events=tuple(event for event in each.events if event.on <= on)) for each in ledger]
    assert figures([each for each in past if each.events], on) == figures(ledger, on)


@settings(max_examples=200, deadline=None)
@given(LEDGERS, DAYS)
def test_the_parts_add_up_to_the_whole(ledger, on):
    parts = figures_by(lambda item: item.unit, ledger, on, QUARTERS[-1])
    assert sum(parts.values(), Figures()) == figures(ledger, on, QUARTERS[-1])
    assert all(
        part.on_time <= part.due <= part.raised == part.struck_off + part.unsettled for part in parts.values()
    )


def history(*events: Event, quarter: str = "2018Q3", is_self_found: bool = False) -> History:
    return History(Quarter.parse(quarter), is_self_found, events)


DUE = date(2018, 9, 30)
RAISED = Event(FIRST_DAY, StepKind.RAISE, State.OPEN, unit=1, group=1, due_on=DUE)


def struck_off(on: date) -> Event:
    return Event(on, StepKind.STRIKE_OFF, State.STRUCK_OFF)


@pytest.mark.parametrize(
    ("on", "rate", "overdue"), [(DUE, "—", 0), (date(2018, 10, 1), "0/1", 1), (date(2018, 11, 1), "0/1", 1)]
)
def test_the_due_day_itself_is_still_in_time(on, rate, overdue):
    counted = figures([history(RAISED)], on)
    assert (counted.on_time_text, counted.overdue) == (rate, overdue)


@pytest.mark.parametrize(("day", "rate"), [(DUE, "1/1"), (date(2018, 10, 1), "0/1")])
def test_struck_off_on_the_due_day_is_on_time_and_the_day_after_is_not(day, rate):
    assert figures([history(RAISED, struck_off(day))], date(2018, 12, 31)).on_time_text == rate


def test_an_extension_moves_no_rate():
    extended = Event(DUE, StepKind.EXTEND, State.OPEN, due_on=date(2018, 10, 31))
    counted = figures([history(RAISED, extended, struck_off(date(2018, 10, 15)))], date(2018, 10, 31))
    assert (counted.on_time, counted.due) == (0, 1)


def test_last_quarters_rate_never_improves_by_itself():
    late = history(RAISED, struck_off(date(2018, 10, 20)))
    assert figures([late], date(2018, 10, 1)) == figures([history(RAISED)], date(2018, 10, 1))


@pytest.mark.parametrize(
    ("days", "part"),
    [
        (1, "overdue_week"),
        (7, "overdue_week"),
        (8, "overdue_month"),
        (30, "overdue_month"),
        (31, "overdue_longer"),
    ],
)
def test_how_long_it_is_overdue_is_told_in_three_parts(days, part):
    counted = figures([history(RAISED)], DUE + timedelta(days=days))
    assert (getattr(counted, part), counted.overdue, counted.longest_overdue) == (1, 1, days)


def test_what_is_withdrawn_counts_nowhere():
    withdrawn = Event(DUE, StepKind.WITHDRAW, State.WITHDRAWN)
    assert figures([history(RAISED, withdrawn)], date(2018, 12, 31)) == Figures()


def test_a_relapse_takes_back_that_it_was_struck_off_and_keeps_its_date():
    relapse = Event(date(2018, 10, 20), StepKind.RELAPSE, State.OPEN)
    item = history(RAISED, struck_off(DUE), relapse)
    assert figures([item], date(2018, 10, 19)).on_time_text == "1/1"
    after = figures([item], date(2018, 10, 20))
    assert (after.on_time_text, after.overdue_month, after.relapsed) == ("0/1", 1, 1)


def test_what_is_open_of_an_earlier_quarter_is_carried_over():
    old = history(RAISED, quarter="2018Q2")
    assert figures([old], DUE).carried_over == 0
    assert figures([old, history(RAISED)], DUE).carried_over == 1


def test_a_unit_counts_what_it_had_on_that_day():
    passed_on = Event(DUE, StepKind.PASS_ON, State.OPEN, unit=2, group=1)
    item = history(RAISED, passed_on)
    assert list(figures_by(lambda each: each.unit, [item], DUE - timedelta(days=1))) == [1]
    assert list(figures_by(lambda each: each.unit, [item], DUE)) == [2]


def test_nothing_is_printed_as_a_dash():
    assert (Figures().on_time_text, Figures().self_found_text) == ("—", "—")


def test_an_item_is_not_there_before_it_was_raised():
    assert snapshot(history(RAISED), FIRST_DAY - timedelta(days=1)) is None
