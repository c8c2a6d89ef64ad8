"""Several people at the same row, and one at the same button, at the same time: each accepted step once."""

import uuid

import pytest

from organizations.models import Role
from organizations.quarter import Quarter
from rectification.models import Programme, ProgrammeEntry, Target, Task
from rectification.programme_work import confirm, send_back
from rectification.programmes import Details, Due, assign_programme
from rectification.stepping import ItemChanged
from tests.factories.items import in_days
from tests.factories.organizations import HostFactory, UnitFactory, somebody
from tests.factories.programmes import FIVE, assigned_to, reported, target_of, task_of, template_with
from tests.reviews.importing.test_load_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def host():
    return HostFactory()


@pytest.fixture
def unit(host):
    return UnitFactory(parent=host)


def test_of_two_staff_at_the_same_row_one_wins_and_the_other_is_told(host, unit):
    target = target_of(assigned_to(unit, template=template_with("一")), unit)
    task = reported(task_of(target))
    first, second = somebody(Role.STAFF, host), somebody(Role.STAFF, host)

    def refused(deed):
        try:
            deed()
        except ItemChanged:
            return True
        return False

    answers = at_once(
        lambda: refused(lambda: confirm(task, by=first, seen=1)),
        lambda: refused(lambda: send_back(task, "照片不清", by=second, seen=1)),
    )
    assert sorted(answers) == [False, True]
    assert ProgrammeEntry.objects.filter(task=task).count() == 2
    assert (Task.objects.get().state == "passed") == Target.objects.get().is_done


def test_the_last_rows_of_a_target_confirmed_at_once_finish_it_once(host, unit):
    rows = ("一", "二", "三", "四")
    target = target_of(assigned_to(unit, template=template_with(*rows)), unit)
    tasks = [reported(task_of(target, row)) for row in rows]
    staff = [somebody(Role.STAFF, host) for _row in rows]
    at_once(*(lambda t=t, s=s: confirm(t, by=s, seen=1) for t, s in zip(tasks, staff, strict=True)))
    assert Target.objects.get().progress_text == "4/4"
    assert Programme.objects.get().state == "finished"
    assert ProgrammeEntry.objects.filter(kind="complete").count() == 2


def test_one_form_sent_eight_times_in_parallel_assigns_once(host, unit):
    staff, key = somebody(Role.STAFF, host), uuid.uuid4()

    def assign():
        dues = [Due(in_days(30))]
        quarter = Quarter(2018, 3)
        return assign_programme(
            host, quarter, FIVE, Details("五化"), dues=dues, targets=[unit], by=staff, client_uuid=key
        ).pk

    assert len(set(at_once(*[assign] * 8))) == Programme.objects.count() == 1
