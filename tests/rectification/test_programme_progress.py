"""The arithmetic of programmes: exact fractions, never above all, overdue by the day, sums that add up."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rectification.programme_progress import (
    Counts,
    Measure,
    Progress,
    Scale,
    TaskFigure,
    counts_of,
    days_overdue,
    outcome,
    progress_of,
    reaches_goal,
    scale_of,
    total,
)
from rectification.programme_rules import ProgrammeStanding, TargetStanding, TaskStanding

DAY = date(2018, 9, 30)
# That a machine is busy is no fault of the arithmetic.
at_leisure = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
PASSED, OPEN = TaskStanding.PASSED, TaskStanding.OPEN

tasks = st.builds(
    TaskFigure,
    measure=st.sampled_from(Measure),
    state=st.sampled_from(TaskStanding),
    value=st.integers(-5, 300),
    goal=st.integers(1, 12),
)
days = st.integers(-400, 400).map(lambda number: DAY + timedelta(days=number))
targets = st.tuples(st.sampled_from(["甲", "乙", "丙"]), st.sampled_from(TargetStanding), days, st.booleans())


def rows(*states: TaskStanding) -> list[TaskFigure]:
    return [TaskFigure(Measure.PASS, state) for state in states]


def test_a_checklist_is_told_as_rows_passed_of_rows():
    progress = progress_of(rows(PASSED, PASSED, OPEN, TaskStanding.REPORTED, TaskStanding.SENT_BACK))
    assert progress.text(Scale.ROWS) == "2/5"
    assert progress.share == 40


def test_a_percentage_is_told_in_per_cent():
    progress = progress_of([TaskFigure(Measure.PERCENT, OPEN, value=65)])
    assert progress.text(Scale.PERCENT) == "65%"


def test_the_percentage_of_several_is_their_mean_rounded_down():
    assert (Progress(99, 100) + Progress(100, 100)).text(Scale.PERCENT) == "99%"


def test_a_fifth_session_of_four_adds_nothing():
    assert progress_of([TaskFigure(Measure.SESSIONS, OPEN, value=5, goal=4)]).text(Scale.SESSIONS) == "4/4"


def test_rows_of_several_kinds_are_told_as_rows():
    mixed = [TaskFigure(Measure.PERCENT, OPEN, value=99), *rows(PASSED)]
    assert scale_of([task.measure for task in mixed]) is Scale.ROWS
    assert progress_of(mixed).text(Scale.ROWS) == "1/2"


def test_nothing_to_do_is_a_dash():
    assert Progress().text(Scale.ROWS) == Progress().text(Scale.PERCENT) == Counts().done_text == "—"


@at_leisure
@given(st.lists(tasks, max_size=8))
def test_progress_is_never_below_nothing_nor_above_all(figures):
    progress = progress_of(figures)
    assert 0 <= progress.done <= progress.of
    assert 0 <= progress.share <= 100
    assert (progress.share == 100) == (0 < progress.of == progress.done)


@at_leisure
@given(st.lists(tasks, min_size=1, max_size=8))
def test_all_rows_passed_is_all_of_a_checklist(figures):
    done = [TaskFigure(Measure.PASS, PASSED) for _each in figures]
    assert progress_of(done) == Progress(len(figures), len(figures))


@at_leisure
@given(st.lists(st.lists(tasks, max_size=4), max_size=6))
def test_progress_adds_up_in_any_order(targets_tasks):
    progress = [progress_of(figures) for figures in targets_tasks]
    there, back = sum(progress, Progress()), sum(reversed(progress), Progress())
    assert there == back
    assert there.share <= 100


@at_leisure
@given(days, days)
def test_the_due_day_itself_is_still_in_time(due_on, on):
    late = days_overdue(TargetStanding.OPEN, due_on, on)
    assert (late > 0) == (on > due_on)
    assert due_on + timedelta(days=late) == max(on, due_on)


@pytest.mark.parametrize("state", [TargetStanding.DONE, TargetStanding.OUT])
def test_what_is_done_or_taken_out_is_never_overdue(state):
    assert days_overdue(state, DAY, DAY + timedelta(days=365)) == 0


@at_leisure
@given(st.lists(targets, max_size=12), days)
def test_counts_add_up_over_units(all_targets, on):
    def of(unit: str | None) -> Counts:
        chosen = [each for each in all_targets if unit in (None, each[0])]
        return total(
            counts_of(state, due_on, on, is_running=running) for _unit, state, due_on, running in chosen
        )

    by_unit = total(of(unit) for unit in ("甲", "乙", "丙"))
    whole = of(None)
    assert by_unit == whole
    assert whole.targets == whole.done + whole.overdue + whole.running
    assert min(whole.targets, whole.done, whole.overdue, whole.running) >= 0
    assert whole.targets == sum(state is not TargetStanding.OUT for _u, state, _d, _r in all_targets)


@at_leisure
@given(st.sampled_from(TargetStanding), days, days, st.integers(0, 100))
def test_what_is_overdue_once_stays_so_until_it_is_done(state, due_on, on, later):
    now = counts_of(state, due_on, on)
    then = counts_of(state, due_on, on + timedelta(days=later))
    assert then.overdue >= now.overdue


def test_a_closed_programme_has_nothing_overdue():
    assert counts_of(TargetStanding.OPEN, DAY, DAY + timedelta(days=9), is_running=False) == Counts(1)


@pytest.mark.parametrize(
    ("state", "counts", "said"),
    [
        (ProgrammeStanding.RUNNING, Counts(3, 1, 1), "overdue"),
        (ProgrammeStanding.RUNNING, Counts(3, 1, 0), "running"),
        (ProgrammeStanding.FINISHED, Counts(3, 1, 0), "finished"),
        (ProgrammeStanding.WITHDRAWN, Counts(3, 1, 0), "withdrawn"),
    ],
)
def test_what_became_of_a_programme(state, counts, said):
    assert outcome(state, counts) == said


@pytest.mark.parametrize(
    ("measure", "value", "goal", "reached"),
    [
        (Measure.PASS, 0, 1, True),
        (Measure.PERCENT, 99, 1, False),
        (Measure.PERCENT, 100, 1, True),
        (Measure.SESSIONS, 3, 4, False),
        (Measure.SESSIONS, 5, 4, True),
    ],
)
def test_what_can_be_passed(measure, value, goal, reached):
    assert reaches_goal(measure, value, goal) is reached
