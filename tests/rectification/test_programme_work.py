"""The work on targets: reporting, confirming by a second person, dates, sessions, clicks that come twice."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from organizations.models import Role
from rectification.evidence import NewFile
from rectification.models import ProgrammeEntry, ProgrammeFile, Target, Task
from rectification.programme_work import (
    SessionDetails,
    add_note,
    call_off_session,
    confirm,
    confirm_all,
    extend_target,
    extend_targets,
    mark_demonstration,
    name_persons,
    put_back,
    record_session,
    reopen_task,
    report,
    send_back,
    take_out,
    unmark_demonstration,
)
from rectification.programmes import resume_programme
from rectification.stepping import ItemChanged, NotYourStep, StepRefused
from tests.factories.items import in_days, proof
from tests.factories.organizations import somebody
from tests.factories.programmes import (
    OTHER,
    assigned_to,
    finished_target,
    held,
    passed,
    percentage,
    reported,
    sessions,
    target_of,
    task_of,
    template_with,
)
from tests.factories.visits import picture


@pytest.fixture
def target(unit):
    return target_of(assigned_to(unit, template=template_with("一", "二")), unit)


@pytest.fixture
def task(target):
    return task_of(target, "一")


class TestAChecklist:
    def test_a_row_is_passed_by_a_second_person(self, task, staff):
        assert passed(task, by=staff).state == "passed"
        target = Target.objects.get()
        assert (target.progress_done, target.progress_of, target.state) == (1, 2, "open")
        log = ProgrammeEntry.objects.filter(task=task)
        assert [(entry.kind, entry.for_unit) for entry in log] == [("report", True), ("confirm", False)]

    def test_a_target_is_done_with_its_last_row(self, target):
        done = finished_target(target)
        assert (done.state, done.done_on, done.progress_text) == ("done", timezone.localdate(), "2/2")

    def test_whoever_reported_for_the_unit_never_confirms(self, task, host, staff):
        task = reported(task, by=staff)
        with pytest.raises(NotYourStep):
            confirm(task, by=staff, seen=task.version)
        confirm(task, by=somebody(Role.STAFF, host), seen=task.version)

    def test_the_database_itself_refuses_it(self, task, secretary):
        task = reported(task, by=secretary)
        with pytest.raises(IntegrityError), transaction.atomic():
            ProgrammeEntry.objects.create(
                programme=task.target.programme,
                target=task.target,
                task=task,
                number=9,
                kind="confirm",
                state="passed",
                at=timezone.now(),
                by=secretary,
            )

    def test_what_is_sent_back_is_reported_again(self, task, staff, secretary):
        task = reported(task, by=secretary)
        send_back(task, "照片不清", by=staff, seen=1)
        report(task, "已补拍", by=secretary, seen=2)
        assert Task.objects.get(pk=task.pk).state == "reported"

    def test_a_row_that_needs_evidence_is_not_reported_without(self, unit, secretary):
        task = task_of(target_of(assigned_to(unit, template=OTHER), unit))
        with pytest.raises(StepRefused, match=r"photo|照片"):
            report(task, "已完成", by=secretary, seen=0)
        add_note(task, "现场", by=secretary, seen=0, files=[proof()])
        report(task, "已完成", by=secretary, seen=1)

    def test_a_file_that_is_none_leaves_nothing(self, task, secretary):
        with pytest.raises(Exception, match=r"假\.jpg"):
            report(task, "", by=secretary, seen=0, files=[NewFile("假.jpg", b"GIF89a")])
        assert not ProgrammeEntry.objects.filter(task=task).exists()
        assert not ProgrammeFile.objects.exists()

    def test_a_reopened_row_opens_its_target_but_not_in_a_closed_programme(self, target, staff):
        target = finished_target(target)
        task = task_of(target, "一")
        with pytest.raises(StepRefused):
            reopen_task(task, "抽查不合格", by=staff, seen=task.version)
        resume_programme(target.programme, "抽查", by=staff, seen=target.programme.version)
        reopen_task(task, "抽查不合格", by=staff, seen=task.version)
        target.refresh_from_db()
        assert (target.state, target.done_on, target.progress_done) == ("open", None, 1)

    def test_all_reported_rows_are_confirmed_at_once(self, target, host, staff, secretary):
        tasks = [reported(task_of(target, "一"), by=secretary), reported(task_of(target, "二"), by=staff)]
        seen = {task.pk: task.version for task in tasks}
        assert confirm_all(target, by=staff, seen=seen) == 1
        assert confirm_all(target, by=somebody(Role.STAFF, host), seen=seen) == 1
        assert Target.objects.get().is_done

    def test_a_row_changed_since_is_left_by_confirming_all(self, target, staff):
        task = reported(task_of(target, "一"))
        assert confirm_all(target, by=staff, seen={task.pk: task.version - 1}) == 0


class TestPercentages:
    def test_what_is_reported_counts_once_it_is_confirmed(self, unit, staff, secretary):
        target = target_of(assigned_to(unit, template=percentage()), unit)
        task = reported(task_of(target), by=secretary, percent=60)
        assert (Target.objects.get().progress_done, task.reported) == (0, 60)
        confirm(task, by=staff, seen=task.version)
        task.refresh_from_db()
        assert (task.state, task.value, task.reported) == ("open", 60, None)
        assert Target.objects.get().progress_text == "60%"

    def test_all_of_it_is_done(self, unit):
        target = target_of(assigned_to(unit, template=percentage()), unit)
        passed(task_of(target))
        assert Target.objects.get().is_done

    def test_every_report_stays_in_the_log(self, unit, staff, secretary):
        task = task_of(target_of(assigned_to(unit, template=percentage()), unit))
        for percent in (30, 55):
            task = reported(task, by=secretary, percent=percent)
            confirm(task, by=staff, seen=task.version)
            task.refresh_from_db()
        values = ProgrammeEntry.objects.filter(task=task).values_list("kind", "value")
        assert list(values) == [("report", 30), ("confirm", 30), ("report", 55), ("confirm", 55)]

    @pytest.mark.parametrize("percent", [None, -1, 101])
    def test_no_percentage_is_refused(self, percent, unit, secretary):
        task = task_of(target_of(assigned_to(unit, template=percentage()), unit))
        with pytest.raises(StepRefused):
            report(task, "进展", by=secretary, seen=0, percent=percent)

    def test_a_reopened_percentage_is_no_longer_all_of_it(self, unit, staff):
        target = target_of(assigned_to(unit, template=percentage()), unit)
        task = passed(task_of(target))
        programme = Target.objects.select_related("programme").get().programme
        resume_programme(programme, "复查", by=staff, seen=programme.version)
        reopen_task(task, "尚未投用", by=staff, seen=task.version)
        assert Target.objects.get().progress_text == "99%"


class TestSessions:
    @pytest.fixture
    def task(self, unit):
        return task_of(target_of(assigned_to(unit, template=sessions(2)), unit))

    def test_with_the_last_session_asked_for_the_row_is_reported(self, task, secretary, staff):
        task = held(task, by=secretary)
        assert (task.state, task.value) == ("open", 1)
        task = held(task, by=secretary, topic="发展党员培训", attended=50)
        assert (task.state, task.value) == ("reported", 2)
        confirm(task, by=staff, seen=task.version)
        assert Target.objects.get().is_done

    def test_more_may_come_than_were_expected(self, task, secretary):
        held(task, by=secretary, planned=10, attended=15)
        assert task.sessions.attendance() == {"sessions": 1, "planned": 10, "attended": 15}

    def test_a_planned_session_counts_once_it_was_held(self, task, secretary):
        planned = SessionDetails(in_days(3), "形势教育", audience="全体党员", planned=30)
        record_session(task, planned, by=secretary, seen=0)
        session = task.sessions.get()
        assert (Task.objects.get().value, session.is_held) == (0, False)
        done = SessionDetails(in_days(0), "形势教育", audience="全体党员", planned=30, attended=28)
        record_session(task, done, by=secretary, seen=1, session=session)
        assert (Task.objects.get().value, task.sessions.get().attended) == (1, 28)

    def test_a_second_click_records_one_session(self, task, secretary):
        details = SessionDetails(in_days(-1), "培训", attended=9)
        record_session(task, details, by=secretary, seen=0, files=[proof()])
        record_session(task, details, by=secretary, seen=0, files=[proof()])
        assert (task.sessions.count(), ProgrammeFile.objects.count()) == (1, 1)

    @pytest.mark.parametrize(
        "details",
        [
            SessionDetails(in_days(1), "培训", attended=9),
            SessionDetails(in_days(-1), " ", attended=9),
        ],
    )
    def test_what_cannot_be_a_session_is_refused(self, details, task, secretary):
        with pytest.raises(StepRefused):
            record_session(task, details, by=secretary, seen=0)
        assert not task.sessions.exists()

    def test_one_called_off_counts_no_more_and_stays_readable(self, task, secretary):
        task = held(task, by=secretary)
        session = task.sessions.select_related("task__target").get()
        call_off_session(session, "重复登记", by=secretary, seen=task.version)
        assert (Task.objects.get().value, task.sessions.get().is_called_off) == (0, True)
        with pytest.raises(StepRefused):
            call_off_session(session, "再次", by=secretary, seen=task.version + 1)

    def test_a_row_without_sessions_takes_none(self, unit, secretary):
        task = task_of(target_of(assigned_to(unit, template=OTHER), unit))
        with pytest.raises(StepRefused):
            held(task, by=secretary)


class TestTargets:
    def test_an_extension_keeps_the_original_date(self, target, staff):
        extend_target(target, in_days(60), "道路施工", by=staff, seen=1)
        target.refresh_from_db()
        assert (target.original_due_on, target.due_on) == (in_days(30), in_days(60))
        assert target.days_overdue(in_days(31)) == 1

    def test_an_extension_is_later(self, target, staff):
        with pytest.raises(StepRefused):
            extend_target(target, in_days(30), "道路施工", by=staff, seen=1)

    def test_all_undone_targets_are_extended_for_one_reason(self, host, unit, other_unit, staff):
        programme = assigned_to(unit, other_unit, template=template_with("一"))
        finished_target(target_of(programme, unit))
        undone = list(programme.targets.undone())
        assert extend_targets(undone, in_days(60), "汛期", by=staff) == 1
        with pytest.raises(StepRefused):
            extend_targets(undone, in_days(60), "汛期", by=staff)

    def test_what_was_taken_out_is_put_back_with_what_it_had_done(self, target, task, staff):
        passed(task)
        take_out(target, "机构撤并", by=staff, seen=1)
        with pytest.raises(StepRefused):
            reported(task_of(target, "二"))
        put_back(target, "恢复", by=staff, seen=2)
        target.refresh_from_db()
        assert (target.state, target.progress_done) == ("open", 1)

    def test_persons_are_named_by_the_unit_too(self, target, secretary):
        name_persons(target, responsible="张三", helper="李四", by=secretary, seen=1)
        target.refresh_from_db()
        assert (target.responsible, target.helper) == ("张三", "李四")

    def test_a_demonstration_site_is_marked_by_the_staff(self, target, staff, secretary):
        with pytest.raises(NotYourStep):
            mark_demonstration(target, by=secretary, seen=1)
        mark_demonstration(target, by=staff, seen=1)
        unmark_demonstration(target, "未保持", by=staff, seen=2)
        assert not Target.objects.get().is_demonstration


class TestAtTheSameTime:
    def test_a_second_click_takes_the_step_once(self, task, secretary):
        first = report(task, "已完成", by=secretary, seen=0, files=[proof()])
        assert report(task, "已完成", by=secretary, seen=0, files=[proof()]) == first
        assert ProgrammeFile.objects.count() == 1

    def test_a_second_click_on_a_percentage_or_on_the_last_session_is_no_conflict(
        self, unit, secretary, staff
    ):
        task = task_of(target_of(assigned_to(unit, template=percentage()), unit))
        task = reported(task, by=secretary, percent=60)
        assert confirm(task, by=staff, seen=1) == confirm(task, by=staff, seen=1)
        last = task_of(target_of(assigned_to(unit, template=sessions(1)), unit))
        details = SessionDetails(in_days(-1), "培训", attended=9)
        first = record_session(last, details, by=secretary, seen=0)
        assert record_session(last, details, by=secretary, seen=0) == first
        assert (last.sessions.count(), Task.objects.get(pk=last.pk).state) == (1, "reported")

    def test_what_an_outdated_page_says_anew_is_never_taken_for_a_second_click(self, target, task, secretary):
        name_persons(target, responsible="张三", by=secretary, seen=1)
        with pytest.raises(ItemChanged):
            name_persons(target, responsible="李四", by=secretary, seen=1)
        add_note(task, "现场", by=secretary, seen=0, files=[NewFile("一.jpg", picture())])
        with pytest.raises(ItemChanged):
            add_note(task, "现场", by=secretary, seen=0, files=[NewFile("二.jpg", picture(size=(50, 30)))])

    def test_a_session_called_off_from_an_outdated_page_is_told_and_not_forgotten(self, unit, secretary):
        task = task_of(target_of(assigned_to(unit, template=sessions(3)), unit))
        for topic in ("甲", "乙"):
            task = held(task, by=secretary, topic=topic)
        first, second = task.sessions.select_related("task__target").order_by("pk")
        call_off_session(first, "重复登记", by=secretary, seen=2)
        call_off_session(first, "重复登记", by=secretary, seen=2)
        with pytest.raises(ItemChanged):
            call_off_session(second, "重复登记", by=secretary, seen=2)

    def test_of_two_staff_one_wins_and_the_other_is_told(self, task, staff, host):
        task = reported(task)
        confirm(task, by=staff, seen=1)
        with pytest.raises(ItemChanged):
            send_back(task, "照片不清", by=somebody(Role.STAFF, host), seen=1)
        assert Task.objects.get(pk=task.pk).state == "passed"

    @pytest.mark.parametrize("seen", [-1, 5, 10**9])
    def test_a_version_that_never_was_is_refused(self, seen, task, secretary):
        with pytest.raises(ItemChanged):
            report(task, "已完成", by=secretary, seen=seen)

    def test_rows_of_one_target_do_not_stand_in_each_others_way(self, target, secretary, staff):
        first = reported(task_of(target, "一"), by=secretary)
        second = task_of(target, "二")
        confirm(first, by=staff, seen=first.version)
        report(second, "已完成", by=secretary, seen=0)
