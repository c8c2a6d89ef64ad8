"""Assigning programmes, changing and closing them, and what the next quarter counts of them."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone, translation

from organizations.models import Role
from organizations.quarter import Quarter
from rectification.models import Programme, ProgrammeEntry, Target, Task
from rectification.programme_progress import Counts
from rectification.programme_templates import (
    BUILT_IN,
    NewRow,
    copy_template,
    offer_template,
    offered_templates,
    rewrite_template,
    template_of,
)
from rectification.programme_work import take_out
from rectification.programmes import (
    Details,
    Due,
    add_targets,
    assign_programme,
    change_programme,
    counted_in,
    finish_programme,
    resume_programme,
    withdraw_programme,
)
from rectification.stepping import ItemChanged, NotYourStep, StepRefused
from tests.factories.items import in_days
from tests.factories.organizations import HostFactory, UnitFactory, somebody
from tests.factories.programmes import (
    FIVE,
    WEAK,
    assigned_to,
    branches_of,
    finished_target,
    passed,
    target_of,
    task_of,
    template_with,
)

Q3, Q4 = Quarter(2018, 3), Quarter(2018, 4)


class TestAssigning:
    def test_each_target_gets_every_row_and_the_date_of_its_class(self, unit, staff):
        programme = assigned_to(unit, template=WEAK, days=[30, 60], target_class=1, by=staff)
        target = target_of(programme, unit)
        assert [row.name for row in programme.rows.all()] == [row.name for row in WEAK.rows]
        assert target.tasks.count() == 6
        assert (target.due_class.name, target.original_due_on) == ("二类", in_days(60))
        assert (target.progress_done, target.progress_of) == (0, 6)
        assert [entry.kind for entry in programme.entries.all()] == ["assign", "add"]

    def test_a_branch_stands_under_its_unit(self, unit):
        (branch,) = branches_of(unit, 1)
        target = target_of(assigned_to(branch), branch)
        assert (target.unit, target.is_branch) == (unit, True)

    def test_the_lead_unit_is_the_target_where_no_other_is_chosen(self, host, unit, staff):
        programme = assign_programme(
            host, Q3, FIVE, Details("青年沙龙", lead_unit=unit), dues=[Due(in_days(9))], targets=[], by=staff
        )
        assert [target.organization for target in programme.targets.all()] == [unit]

    def test_the_host_itself_may_be_a_target(self, host):
        assert target_of(assigned_to(host, host=host), host).unit == host

    def test_a_second_click_assigns_it_once(self, host, unit, staff):
        key = uuid.uuid4()
        made = {
            assign_programme(
                host,
                Q3,
                FIVE,
                Details("五化"),
                dues=[Due(in_days(9))],
                targets=[unit],
                by=staff,
                client_uuid=key,
            ).pk
            for _click in range(2)
        }
        assert len(made) == Programme.objects.count() == 1

    @pytest.mark.parametrize(
        "broken",
        [{"name": " "}, {"dues": []}, {"targets": []}, {"rows": ()}, {"rows": "twice"}, {"strange": 1}],
    )
    def test_what_cannot_be_assigned_leaves_nothing(self, broken, host, unit, staff):
        rows = broken.get("rows", FIVE.rows)
        rows = (NewRow("一"), NewRow("一")) if rows == "twice" else rows
        targets = [UnitFactory()] if "strange" in broken else broken.get("targets", [unit])
        with pytest.raises(StepRefused):
            assign_programme(
                host,
                Q3,
                replace(FIVE, rows=rows),
                Details(broken.get("name", "五化")),
                dues=broken.get("dues", [Due(in_days(9))]),
                targets=targets,
                by=staff,
            )
        assert not Programme.objects.exists()
        assert not ProgrammeEntry.objects.exists()

    @pytest.mark.parametrize("role", [Role.LEADER, Role.INSPECTOR])
    def test_only_the_staff_assign(self, role, host, unit):
        with pytest.raises(NotYourStep):
            assigned_to(unit, by=somebody(role, host))

    def test_targets_are_added_later_and_never_twice(self, unit, other_unit, staff):
        programme = assigned_to(unit)
        due_class = programme.due_classes.get()
        assert add_targets(programme, [unit, other_unit, other_unit], due_class, by=staff) == 1
        assert programme.targets.count() == 2

    def test_a_hundred_branches_are_written_together(self, unit, staff, django_assert_max_num_queries):
        programme = assigned_to(unit, by=staff)
        branches = branches_of(unit, 100)
        with django_assert_max_num_queries(20):
            add_targets(programme, branches, programme.due_classes.get(), by=staff)


class TestChanging:
    def test_the_log_says_what_was_changed(self, unit, staff):
        programme = assigned_to(unit, name="五化建设")
        entry = change_programme(programme, Details("五化提升"), by=staff, seen=1)
        assert "五化建设 → 五化提升" in entry.text
        assert Programme.objects.get().name == "五化提升"

    def test_the_log_reads_the_same_whatever_language_its_writer_reads(self, unit, staff):
        programme = assigned_to(unit, name="甲")
        said = []
        for seen, (language, name) in enumerate((("en", "乙"), ("zh-hans", "丙")), 1):
            with translation.override(language):
                entry = change_programme(
                    Programme.objects.get(pk=programme.pk), Details(name), by=staff, seen=seen
                )
            said.append(entry.text.partition("：")[0])
        assert said[0] == said[1]

    def test_saving_without_a_change_leaves_no_entry(self, unit, staff):
        programme = assigned_to(unit, name="五化建设")
        assert change_programme(programme, Details("五化建设"), by=staff, seen=1) is None

    def test_whoever_comes_second_is_told_and_changes_nothing(self, unit, staff):
        programme = assigned_to(unit, name="五化建设")
        change_programme(programme, Details("甲"), by=staff, seen=1)
        with pytest.raises(ItemChanged):
            change_programme(
                Programme.objects.get(), Details("乙"), by=somebody(Role.STAFF, unit.parent), seen=1
            )
        assert Programme.objects.get().name == "甲"


class TestClosing:
    def test_it_finishes_with_its_last_target(self, unit, other_unit):
        programme = assigned_to(unit, other_unit, template=template_with("一", "二"))
        finished_target(target_of(programme, unit))
        assert Programme.objects.get().is_running
        finished_target(target_of(programme, other_unit))
        assert Programme.objects.get().state == "finished"
        assert programme.entries.last().kind == "complete"

    def test_it_finishes_when_the_last_undone_target_is_taken_out(self, unit, other_unit, staff):
        programme = assigned_to(unit, other_unit, template=template_with("一"))
        finished_target(target_of(programme, unit))
        take_out(target_of(programme, other_unit), "已撤销", by=staff, seen=1)
        assert Programme.objects.get().state == "finished"

    def test_one_that_was_finished_by_the_staff_runs_on_when_resumed(self, unit, staff):
        programme = assigned_to(unit)
        finish_programme(programme, "并入新一轮", by=staff, seen=1)
        resume_programme(programme, "继续推进", by=staff, seen=2)
        assert Programme.objects.get().is_running

    def test_closing_needs_a_reason(self, unit, staff):
        programme = assigned_to(unit)
        for deed in (finish_programme, withdraw_programme):
            with pytest.raises(StepRefused, match=r"why|原因|理由"):
                deed(programme, " ", by=staff, seen=1)


@pytest.mark.parametrize("table", ["programme", "target", "task", "programmeentry"])
def test_the_database_deletes_nothing(table, unit):
    programme = assigned_to(unit)
    rows = {
        "programme": Programme.objects.all(),
        "target": Target.objects.all(),
        "task": Task.objects.all(),
        "programmeentry": programme.entries.all(),
    }[table]
    with pytest.raises(DatabaseError), transaction.atomic():
        rows._raw_delete(rows.db)


def test_the_database_does_not_edit_the_log(unit):
    assigned_to(unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgrammeEntry.objects.update(text="改写")


class TestTemplates:
    def test_five_are_built_in(self, host):
        assert offered_templates(host) == list(BUILT_IN)

    def test_a_host_edits_its_own_copy_and_running_programmes_keep_their_rows(self, host, unit):
        own = copy_template(host, WEAK)
        programme = assigned_to(unit, template=template_of(host, str(own.pk)), days=[10, 20])
        changed = replace(WEAK, name="软弱涣散整顿", classes=("重点", "一般"), rows=(NewRow("一个台账"),))
        rewrite_template(own, changed)
        first = offered_templates(host)[0]
        assert (first.name, first.classes, [row.name for row in first.rows]) == (
            "软弱涣散整顿",
            ("重点", "一般"),
            ["一个台账"],
        )
        assert programme.rows.count() == 6

    def test_a_second_copy_has_another_name(self, host):
        assert copy_template(host, WEAK).name != copy_template(host, WEAK).name

    def test_a_retired_template_is_offered_no_more(self, host):
        own = copy_template(host, WEAK)
        offer_template(own, False)
        assert offered_templates(host) == list(BUILT_IN)

    def test_two_templates_never_share_a_name(self, host):
        copy_template(host, WEAK)
        other = copy_template(host, FIVE)
        with pytest.raises(StepRefused):
            rewrite_template(other, replace(FIVE, name=WEAK.name))

    @pytest.mark.parametrize("key", ["", "x", "9" * 40, "²", "-1", "999999"])
    def test_a_key_that_is_none_finds_nothing(self, key, host):
        assert template_of(host, key) is None

    def test_another_hosts_template_is_not_found(self, host):
        assert template_of(HostFactory(), str(copy_template(host, WEAK).pk)) is None


class TestCountedInTheNextQuarter:
    def test_what_is_done_overdue_and_running_is_told_apart(self, host, unit, other_unit):
        one = template_with("一")
        finished_target(target_of(assigned_to(unit, template=one, name="甲"), unit))
        assigned_to(unit, other_unit, template=one, name="乙", days=-3)
        assigned_to(unit, template=one, name="丙")
        counted = counted_in(host, Q4, timezone.localdate())
        assert [(each.programme.name, each.outcome) for each in counted.programmes] == [
            ("甲", "finished"),
            ("乙", "overdue"),
            ("丙", "running"),
        ]
        assert (counted.finished, counted.overdue, counted.running) == (1, 1, 1)
        assert counted.targets == Counts(targets=4, done=1, overdue=2)

    def test_what_is_assigned_in_the_quarter_itself_or_later_is_not_of_it(self, host, unit):
        assigned_to(unit, quarter="2018Q4")
        assert counted_in(host, Q4, timezone.localdate()).programmes == ()
        assert counted_in(host, Quarter(1949, 1), timezone.localdate()).programmes == ()

    def test_what_was_assigned_by_mistake_counts_nowhere(self, host, unit, staff):
        withdraw_programme(assigned_to(unit), "重复布置", by=staff, seen=1)
        assert counted_in(host, Q4, timezone.localdate()).programmes == ()

    def test_what_was_finished_long_ago_is_told_only_in_the_quarter_after_it(self, host, unit):
        year = timezone.localdate().year
        finished_target(target_of(assigned_to(unit, template=template_with("一")), unit))
        assert len(counted_in(host, Q4, timezone.localdate()).programmes) == 1
        assert counted_in(host, Quarter(year + 1, 4), timezone.localdate()).programmes == ()

    def test_what_runs_is_carried_on_as_the_same_programme(self, host, unit):
        programme = assigned_to(unit)
        (counted,) = counted_in(host, Quarter(2020, 1), timezone.localdate()).programmes
        assert counted.programme == programme

    def test_a_past_day_never_improves_by_what_is_done_later(self, host, unit, other_unit, staff, freeze):
        start = timezone.now()
        programme = assigned_to(unit, other_unit, template=template_with("一"), days=5)
        then = timezone.localdate() + timedelta(days=6)
        freeze(start + timedelta(days=6))
        before = counted_in(host, Q4, then)
        freeze(start + timedelta(days=8))
        passed(task_of(target_of(programme, unit)))
        take_out(target_of(programme, other_unit), "已撤销", by=staff, seen=1)
        assert counted_in(host, Q4, then) == before
        assert before.targets == Counts(targets=2, done=0, overdue=2)
        assert counted_in(host, Q4, then + timedelta(days=2)).targets == Counts(1, 1, 0)

    def test_it_costs_the_same_at_any_length(self, host, unit, staff, django_assert_num_queries):
        for branches in (1, 49):
            assigned_to(*branches_of(UnitFactory(parent=host), branches), by=staff)
            with django_assert_num_queries(2):
                counted_in(host, Q4, timezone.localdate())


@pytest.fixture
def freeze(monkeypatch):
    """freeze(moment): what the product takes for now."""

    def at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return at
