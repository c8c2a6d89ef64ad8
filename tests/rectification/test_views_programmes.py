"""The pages of programmes: list, assigning in two steps, one programme, closing, print and workbook."""

import pytest
from django.utils import timezone

from organizations.models import Role
from rectification.models import Programme, ProgrammeEntry, ProgrammeTemplate
from rectification.programme_templates import copy_template
from tests.factories.items import in_days
from tests.factories.organizations import UnitFactory, somebody
from tests.factories.programmes import (
    WEAK,
    assigned_to,
    branches_of,
    day,
    finished_target,
    held,
    percentage,
    reported,
    sessions,
    target_of,
    task_of,
    template_with,
)
from tests.reviews.views.answers import text_of
from workbooks.reading import read_workbook

ONE = template_with("一")


@pytest.fixture
def client(staff, signed_in):
    return signed_in(staff)


def names(answer):
    return [row.record.name for row in answer.context["table"].rows]


class TestTheList:
    def test_what_is_due_first_leads_and_what_is_closed_comes_last(self, unit, client):
        assigned_to(unit, name="晚", days=60, template=ONE)
        assigned_to(unit, name="早", days=3, template=ONE)
        finished_target(target_of(assigned_to(unit, name="完", days=1, template=ONE), unit))
        assert names(client.get("/programmes/")) == ["早", "晚", "完"]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", ["逾期的", "按期的", "完成的"]),
            ("kind=platforms", ["按期的"]),
            ("quarter=2018Q2", ["逾期的"]),
            ("state=finished", ["完成的"]),
            ("overdue=on", ["逾期的"]),
            ("waiting=on", ["按期的"]),
            ("kind=nothing", ["逾期的", "按期的", "完成的"]),
            ("quarter=²&state=%00&page=999&sort=nothing", ["逾期的", "按期的", "完成的"]),
        ],
    )
    def test_it_is_narrowed(self, query, found, unit, client):
        assigned_to(unit, name="逾期的", days=-1, quarter="2018Q2", template=ONE)
        waits = assigned_to(unit, name="按期的", template=percentage())
        reported(task_of(target_of(waits, unit)), percent=60)
        finished_target(target_of(assigned_to(unit, name="完成的", template=ONE), unit))
        assert sorted(names(client.get(f"/programmes/?{query}"))) == sorted(found)

    def test_the_due_day_itself_is_still_in_time(self, unit, client):
        assigned_to(unit, days=0)
        assert client.get("/programmes/").context["figures"] == {
            "number": 1,
            "running": 1,
            "overdue": 0,
            "finished": 0,
            "waiting": 0,
        }

    @pytest.mark.parametrize("targets", [1, 3, 50])
    def test_it_costs_the_same_at_any_length(self, targets, unit, client, django_assert_num_queries):
        for _programme in range(min(targets, 5)):
            assigned_to(*branches_of(UnitFactory(parent=unit.parent), targets), template=ONE)
        with django_assert_num_queries(8):
            client.get("/programmes/")

    def test_an_empty_one_says_what_to_do(self, host, client, secretary, signed_in):
        assert "Assign work" in text_of(client.get("/programmes/"))
        assert "Assign work" not in text_of(signed_in(secretary).get("/programmes/"))


def filled(unit, **more):
    """The second step as a browser sends it."""
    return {
        "name": "五化建设",
        "text": "逐个支部验收",
        "lead_office": "组织科",
        "year": "2018",
        "number": "3",
        "due_0": in_days(30).isoformat(),
        "targets": [f"unit-{unit.pk}"],
        "client_uuid": "0b7d9c1e-3f1a-4c55-9f53-0d5c2f6f1a11",
        **more,
    }


class TestAssigning:
    ADDRESS = "/programmes/new/five-transformations/"

    def test_in_two_steps_from_a_template_to_a_running_programme(self, unit, client):
        assert "党支部“五化”建设" in text_of(client.get("/programmes/new/"))
        assert "阵地建设规范化" in text_of(client.get(self.ADDRESS))
        answer = client.post(self.ADDRESS, filled(unit))
        programme = Programme.objects.get()
        assert answer.headers["Location"] == f"/programmes/{programme.pk}/"
        assert "组织科" in text_of(client.get(answer.headers["Location"]))

    def test_a_second_click_assigns_it_once(self, unit, client):
        locations = {client.post(self.ADDRESS, filled(unit)).headers["Location"] for _click in range(3)}
        assert locations == {f"/programmes/{Programme.objects.get().pk}/"}

    def test_two_classes_have_two_dates_and_names_of_ones_own(self, unit, other_unit, client):
        data = filled(
            unit,
            class_0="重点",
            class_1="一般",
            due_1=in_days(90).isoformat(),
            target_class="1",
        )
        client.post("/programmes/new/weak-and-lax/", data)
        programme = Programme.objects.get()
        assert target_of(programme, unit).original_due_on == in_days(90)
        first = programme.due_classes.get(name="重点")
        more = {"due_class": first.pk, "targets": [f"unit-{other_unit.pk}", f"unit-{unit.pk}"]}
        assert client.post(f"/programmes/{programme.pk}/targets/", more).status_code == 422
        more["targets"] = [f"unit-{other_unit.pk}"]
        assert client.post(f"/programmes/{programme.pk}/targets/", more).status_code == 302
        assert target_of(programme, other_unit).original_due_on == in_days(30)

    @pytest.mark.parametrize(
        ("boxes", "number"),
        [
            (["group-{group}"], 2),
            (["group-branches-{group}"], 5),
            (["branches-{unit}"], 3),
            (["unit-{unit}", "branches-{unit}", "group-{group}"], 5),
            (["host"], 1),
        ],
    )
    def test_targets_are_chosen_in_bulk_and_each_is_one_once(self, boxes, number, unit, other_unit, client):
        branches_of(unit, 3)
        branches_of(other_unit, 2)
        chosen = [box.format(group=unit.group_id, unit=unit.pk) for box in boxes]
        client.post(self.ADDRESS, filled(unit, targets=chosen))
        assert Programme.objects.get().targets.count() == number

    def test_without_targets_the_lead_unit_is_the_one(self, unit, client):
        client.post(self.ADDRESS, filled(unit, targets=[], lead_unit=unit.pk, lead_office=""))
        assert Programme.objects.get().targets.get().organization == unit

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"name": "​ "}, "This field is required"),
            ({"due_0": "2018-02-31"}, "Enter a valid date"),
            ({"due_0": ""}, "This field is required"),
            ({"year": "99"}, "greater than or equal"),
            ({"number": "5"}, "Select a valid choice"),
            ({"targets": []}, "Choose at least one unit or branch"),
            ({"targets": ["unit-999999"]}, "Select a valid choice"),
            ({"lead_unit": "lead"}, "not both"),
            ({"client_uuid": "x"}, ""),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_assigned(self, wrong, said, unit, client):
        wrong = {key: unit.pk if value == "lead" else value for key, value in wrong.items()}
        answer = client.post(self.ADDRESS, filled(unit, **wrong))
        assert answer.status_code == 422
        assert said in text_of(answer)
        assert not Programme.objects.exists()

    def test_what_was_ticked_stays_ticked_when_the_form_comes_back(self, unit, client):
        answer = client.post(self.ADDRESS, filled(unit, name=""))
        assert f'value="unit-{unit.pk}" id="target-unit-{unit.pk}" checked' in text_of(answer)

    def test_a_page_that_leads_here_fills_in_what_it_knows(self, host, client):
        query = "quarter=2018Q3&due=2018-12-31&origin=2018年第三季度点评讲话"
        assert f"{self.ADDRESS}?quarter=2018Q3&amp;due=2018-12-31" in text_of(
            client.get(f"/programmes/new/?{query}")
        )
        page = text_of(client.get(f"{self.ADDRESS}?{query}"))
        for value in ('value="2018"', 'value="2018-12-31"', 'value="2018年第三季度点评讲话"'):
            assert value in page

    @pytest.mark.parametrize("query", ["quarter=x", "due=2018-13-01", "quarter=9999Q9&due=²&origin=%00"])
    def test_what_it_cannot_read_is_left_blank(self, query, host, client):
        assert client.get(f"{self.ADDRESS}?{query}").status_code == 200


class TestOneProgramme:
    @pytest.mark.parametrize("targets", [1, 3, 50])
    def test_it_costs_the_same_at_any_length(self, targets, unit, client, django_assert_num_queries):
        programme = assigned_to(*branches_of(unit, targets), template=WEAK, days=[5, 9])
        with django_assert_num_queries(16):
            client.get(f"/programmes/{programme.pk}/")

    def test_rows_stand_beside_each_other_with_their_states_in_words(self, unit, client):
        programme = assigned_to(unit)
        finished_target(target_of(programme, unit))
        page = text_of(client.get(f"/programmes/{programme.pk}/"))
        assert "阵地建设规范化" in page
        assert page.count('<span class="visually-hidden">Passed</span>') == 5

    def test_totals_add_up_by_unit(self, unit, other_unit, client):
        programme = assigned_to(*branches_of(unit, 2), *branches_of(other_unit, 1), template=ONE, days=-1)
        finished_target(target_of(programme, unit.units.first()))
        board = client.get(f"/programmes/{programme.pk}/").context["board"]
        by_unit = {
            line.name: (line.counts.targets, line.counts.done, line.counts.overdue) for line in board.units
        }
        assert by_unit == {unit.name: (2, 1, 1), other_unit.name: (1, 0, 1)}
        assert (board.counts.targets, board.progress_text) == (3, "1/3")

    @pytest.mark.parametrize(
        ("query", "number"),
        [("", 2), ("show=overdue", 1), ("show=undone", 1), ("show=out", 0), ("show=x&unit=y&page=z", 2)],
    )
    def test_targets_are_narrowed(self, query, number, unit, other_unit, client):
        programme = assigned_to(unit, other_unit, template=ONE, days=-1)
        finished_target(target_of(programme, unit))
        board = client.get(f"/programmes/{programme.pk}/?{query}").context["board"]
        assert len(board.lines) == number

    def test_it_is_edited_and_the_log_tells(self, unit, client):
        programme = assigned_to(unit, name="五化")
        data = {"name": "五化提升", "text": "", "seen": "1"}
        assert client.post(f"/programmes/{programme.pk}/edit/", data).status_code == 302
        assert "五化 → 五化提升" in text_of(client.get(f"/programmes/{programme.pk}/"))

    def test_an_edit_that_came_second_keeps_what_was_typed(self, unit, client, host, signed_in):
        programme = assigned_to(unit, name="五化")
        other = signed_in(somebody(Role.STAFF, host))
        other.post(f"/programmes/{programme.pk}/edit/", {"name": "甲", "seen": "1"})
        answer = client.post(f"/programmes/{programme.pk}/edit/", {"name": "乙", "seen": "1"})
        assert answer.status_code == 422
        assert 'value="乙"' in text_of(answer)
        assert Programme.objects.get().name == "甲"

    def test_all_undone_targets_get_more_time(self, unit, other_unit, client):
        programme = assigned_to(unit, other_unit, template=ONE)
        data = {"due_on": in_days(60).isoformat(), "reason": "汛期"}
        assert client.post(f"/programmes/{programme.pk}/extend/", data).status_code == 302
        assert set(programme.targets.values_list("due_on", "original_due_on")) == {(in_days(60), in_days(30))}
        assert client.post(f"/programmes/{programme.pk}/extend/", data).status_code == 422

    @pytest.mark.parametrize(
        ("deed", "words"), [("finish", "Programme finished"), ("withdraw", "Programme withdrawn")]
    )
    def test_it_is_closed_for_a_reason_and_resumed(self, deed, words, unit, client):
        programme = assigned_to(unit)
        client.post(f"/programmes/{programme.pk}/{deed}/", {"seen": "1", "reason": "并入新任务"})
        page = text_of(client.get(f"/programmes/{programme.pk}/"))
        assert f"{programme}: {words}." in page
        assert "并入新任务" in page
        assert not Programme.objects.get().is_running
        client.post(f"/programmes/{programme.pk}/resume/", {"seen": "2", "reason": "继续"})
        assert Programme.objects.get().is_running

    @pytest.mark.parametrize("seen", ["", "x", "²", "9" * 40, "-1", "7"])
    def test_a_version_that_is_none_changes_nothing(self, seen, unit, client):
        programme = assigned_to(unit)
        answer = client.post(
            f"/programmes/{programme.pk}/finish/", {"seen": seen, "reason": "x"}, follow=True
        )
        assert answer.status_code == 200
        assert Programme.objects.get().is_running

    def test_a_programme_that_is_none_is_not_found(self, host, client):
        assert client.get("/programmes/999999/").status_code == 404


class TestPaper:
    def test_the_print_view_has_every_target(self, unit, client):
        programme = assigned_to(*branches_of(unit, 60), template=ONE)
        page = text_of(client.get(f"/programmes/{programme.pk}/table/"))
        assert page.count("党支部</a></th>") == 60

    def test_the_workbook_says_the_same_as_the_page(self, unit, other_unit, client):
        programme = assigned_to(unit, other_unit, template=ONE, days=-3, name="五化建设")
        finished_target(target_of(programme, unit))
        answer = client.get(f"/programmes/{programme.pk}/table.xlsx")
        targets, units = read_workbook(answer.content, "t.xlsx").sheets
        first, second = ([str(cell or "") for cell in row] for row in targets.rows[1:])
        assert {"1", unit.name, "Passed", "1/1", "Done"} <= set(first)
        assert {"2", other_unit.name, "Not yet", "0/1", "Not done", "3"} <= set(second)
        assert [str(cell) for cell in units.rows[-1]] == ["All together", "2", "1", "1", "0", "1/2"]

    def test_sessions_have_a_sheet_with_their_sums(self, unit, client, secretary):
        programme = assigned_to(unit, template=sessions(4), name="=培训")
        task = held(task_of(target_of(programme, unit)), by=secretary, topic="=HYPERLINK(1)")
        held(task, by=secretary, topic="发展党员", planned=60, attended=58)
        answer = client.get(f"/programmes/{programme.pk}/table.xlsx")
        sheet = read_workbook(answer.content, "t.xlsx").sheets[-1]
        assert [str(cell) for cell in sheet.rows[-1][-2:]] == ["100", "94"]
        assert "=HYPERLINK(1)" in {str(row[1]) for row in sheet.rows[1:]}

    def test_the_sums_say_that_they_are_of_sessions_that_were_held(self, unit, client, secretary):
        programme = assigned_to(unit, template=sessions(4))
        task = held(task_of(target_of(programme, unit)), by=secretary)
        held(task, by=secretary, topic="明年计划", held_on=day(9), planned=500, attended=None)
        answer = client.get(f"/programmes/{programme.pk}/table.xlsx")
        last = read_workbook(answer.content, "t.xlsx").sheets[-1].rows[-1]
        assert [str(cell) for cell in (last[0], *last[-2:])] == ["Total of those held", "40", "36"]

    @pytest.mark.parametrize("targets", [1, 3, 50])
    def test_they_cost_the_same_at_any_length(self, targets, unit, client, django_assert_num_queries):
        programme = assigned_to(*branches_of(unit, targets), template=WEAK, days=[5, 9])
        for page, queries in (("table/", 11), ("table.xlsx", 12)):  # that a file was taken is recorded
            with django_assert_num_queries(queries):
                client.get(f"/programmes/{programme.pk}/{page}")


class TestTemplates:
    def test_a_built_in_one_is_copied_edited_and_used(self, host, unit, client):
        edit = client.post("/programmes/templates/copy/weak-and-lax/").headers["Location"]
        page = client.get(edit)
        assert "一本工作台账" in text_of(page)
        data = {
            "name": "整顿",
            "text": "",
            "classes": "重点\n一般\n重点",
            "form-INITIAL_FORMS": "6",
            "form-TOTAL_FORMS": "9",
            **{f"form-{row}-name": f"第{row}项" for row in range(6)},
            **{f"form-{row}-measure": "pass" for row in range(9)},
            **{f"form-{row}-goal": "1" for row in range(9)},
            "form-0-needs_evidence": "on",
            "form-5-DELETE": "on",
            "form-6-name": "培训",
            "form-6-measure": "sessions",
            "form-6-goal": "3",
        }
        assert client.post(edit, data).status_code == 302
        own = ProgrammeTemplate.objects.get()
        assert own.classes.splitlines() == ["重点", "一般"]
        assert [(row.name, row.measure, row.goal) for row in own.rows.all()][-2:] == [
            ("第4项", "pass", 1),
            ("培训", "sessions", 3),
        ]
        assert "整顿" in text_of(client.get("/programmes/new/"))
        assert client.get(f"/programmes/new/{own.pk}/").status_code == 200

    @pytest.mark.parametrize(
        "wrong",
        [
            {"form-0-name": ""},
            {"form-1-name": "一名领导联系包抓"},
            {"form-0-goal": "0"},
            {"form-0-measure": "points"},
            {"name": ""},
            {"classes": "类" * 31},
            {"form-TOTAL_FORMS": "x"},
            {"form-TOTAL_FORMS": "999"},
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_changed(self, wrong, host, client):
        own = copy_template(host, WEAK)
        data = {
            "name": "整顿",
            "form-INITIAL_FORMS": "6",
            "form-TOTAL_FORMS": "6",
            **{f"form-{place}-name": row.name for place, row in enumerate(WEAK.rows)},
            **{f"form-{place}-measure": "pass" for place in range(6)},
            **{f"form-{place}-goal": "1" for place in range(6)},
        }
        assert client.post(f"/programmes/templates/{own.pk}/", data | wrong).status_code == 422
        assert ProgrammeTemplate.objects.get().name == WEAK.name

    def test_one_is_retired_and_offered_again(self, host, client):
        own = copy_template(host, WEAK)
        for offered in ("0", "1"):
            client.post(f"/programmes/templates/{own.pk}/offer/", {"offered": offered})
            assert ProgrammeTemplate.objects.get().is_active == (offered == "1")


def test_the_log_of_a_programme_names_no_target(unit, client):
    programme = assigned_to(unit)
    entries = ProgrammeEntry.objects.of_programme_alone(programme)
    assert [entry.kind for entry in entries] == ["assign"]
    assert timezone.localdate(entries[0].at) == timezone.localdate()
