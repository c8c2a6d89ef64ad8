"""The page of one target: reporting with photos, confirming, sending back, sessions, what is wrong."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from organizations.models import Role
from rectification.models import ProgrammeFile, ProgrammeSession, Target, Task
from tests.factories.items import in_days
from tests.factories.organizations import somebody
from tests.factories.programmes import (
    OTHER,
    assigned_to,
    branches_of,
    percentage,
    reported,
    sessions,
    target_of,
    task_of,
    template_with,
)
from tests.factories.visits import picture
from tests.reviews.views.answers import text_of


@pytest.fixture
def client(secretary, signed_in):
    return signed_in(secretary)


@pytest.fixture
def desk(staff, signed_in):
    return signed_in(staff)


@pytest.fixture
def target(unit):
    return target_of(assigned_to(unit, template=template_with("一", "二")), unit)


def page_of(target):
    return target.get_absolute_url()


def state_of(task):
    return Task.objects.get(pk=task.pk).state


class TestReporting:
    def test_with_a_photo_and_confirmed_by_the_staff(self, target, client, desk):
        task = task_of(target, "一")
        data = {"seen": "0", "text": "已达标", "evidence": [SimpleUploadedFile("现场.jpg", picture())]}
        answer = client.post(f"/programmes/tasks/{task.pk}/report/", data)
        assert answer.headers["Location"] == page_of(target)
        assert "现场.jpg" in text_of(desk.get(page_of(target)))
        desk.post(f"/programmes/tasks/{task.pk}/confirm/", {"seen": "1"})
        assert state_of(task) == "passed"

    def test_what_is_refused_keeps_what_was_typed_and_stands_open(self, unit, client):
        target = target_of(assigned_to(unit, template=OTHER), unit)
        task = task_of(target)
        answer = client.post(f"/programmes/tasks/{task.pk}/report/", {"seen": "0", "text": "已办三场"})
        page = text_of(answer)
        assert answer.status_code == 422
        assert "已办三场" in page
        assert '<details class="confirm" open>' in page
        assert state_of(task) == "open"

    @pytest.mark.parametrize("data", [b"GIF89a<script>", b"", b"%PDF-"])
    def test_a_file_that_is_not_kept_is_named(self, data, target, client):
        task = task_of(target, "一")
        sent = {"seen": "0", "text": "x", "evidence": [SimpleUploadedFile("假.jpg", data)]}
        answer = client.post(f"/programmes/tasks/{task.pk}/report/", sent)
        assert answer.status_code == 422
        assert "假.jpg" in text_of(answer)
        assert not ProgrammeFile.objects.exists()

    @pytest.mark.parametrize("percent", ["", "x", "-1", "101", "6.5", "²"])
    def test_no_percentage_is_said_in_its_place(self, percent, unit, client):
        task = task_of(target_of(assigned_to(unit, template=percentage()), unit))
        sent = {"seen": "0", "text": "进展", "percent": percent}
        assert client.post(f"/programmes/tasks/{task.pk}/report/", sent).status_code == 422
        assert state_of(task) == "open"

    @pytest.mark.parametrize("seen", ["", "x", "-3", "99", "9" * 30])
    def test_a_version_that_is_none_changes_nothing(self, seen, target, client):
        task = task_of(target, "一")
        answer = client.post(f"/programmes/tasks/{task.pk}/report/", {"seen": seen, "text": "x"})
        assert answer.status_code == 422
        assert state_of(task) == "open"

    def test_whoever_reported_is_told_that_somebody_else_confirms(self, target, desk, staff, host, signed_in):
        task = reported(task_of(target, "一"), by=staff)
        assert f"/programmes/tasks/{task.pk}/confirm/" not in text_of(desk.get(page_of(target)))
        answer = desk.post(f"/programmes/tasks/{task.pk}/confirm/", {"seen": "1"})
        assert answer.status_code == 422
        assert "somebody else must confirm it" in text_of(answer)
        other = signed_in(somebody(Role.STAFF, host))
        assert f"/programmes/tasks/{task.pk}/confirm/" in text_of(other.get(page_of(target)))

    def test_a_report_that_is_sent_back_says_why_to_the_unit(self, target, client, desk):
        task = reported(task_of(target, "一"))
        desk.post(f"/programmes/tasks/{task.pk}/send-back/", {"seen": "1", "reason": "照片不清"})
        assert "Sent back: 照片不清" in text_of(client.get(page_of(target)))

    def test_all_reported_rows_are_confirmed_with_one_button(self, target, desk):
        tasks = [reported(task_of(target, row)) for row in ("一", "二")]
        page = text_of(desk.get(page_of(target)))
        assert "Confirm all 2 reported rows" in page
        seen = [f"{task.pk}-{task.version}" for task in tasks]
        desk.post(f"{page_of(target)}confirm/", {"seen": [*seen, "x", "1-2-3", "²-1"]})
        assert Target.objects.get().is_done

    def test_the_percentage_reported_stands_beside_the_confirmed_one(self, unit, desk):
        target = target_of(assigned_to(unit, template=percentage()), unit)
        reported(task_of(target), percent=60)
        page = text_of(desk.get(page_of(target)))
        assert "60% reported" in page
        assert "0%" in page


class TestSessions:
    @pytest.fixture
    def task(self, unit):
        return task_of(target_of(assigned_to(unit, template=sessions(2)), unit))

    def test_one_is_planned_then_held(self, task, client):
        plan = {"seen": "0", "held_on": in_days(0).isoformat(), "topic": "党务培训", "planned": "40"}
        assert client.post(f"/programmes/tasks/{task.pk}/sessions/", plan).status_code == 302
        session = ProgrammeSession.objects.get()
        assert "Record attendance" in text_of(client.get(page_of(task.target)))
        done = plan | {"seen": "1", "attended": "45"}
        assert client.post(f"/programmes/sessions/{session.pk}/", done).status_code == 302
        page = text_of(client.get(page_of(task.target)))
        assert "attended 45, expected 40" in page
        assert "1/2" in page

    @pytest.mark.parametrize(
        "wrong",
        [
            {"held_on": "x"},
            {"topic": " "},
            {"attended": "-1"},
            {"attended": "many"},
            {"planned": "9999999999"},
            {"held_on": in_days(2).isoformat()},
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_kept(self, wrong, task, client):
        sent = {"seen": "0", "held_on": in_days(-1).isoformat(), "topic": "培训", "attended": "9"} | wrong
        answer = client.post(f"/programmes/tasks/{task.pk}/sessions/", sent)
        assert answer.status_code == 422
        assert not ProgrammeSession.objects.exists()

    def test_one_recorded_by_mistake_is_called_off(self, task, client):
        sent = {"seen": "0", "held_on": in_days(-1).isoformat(), "topic": "培训", "attended": "9"}
        client.post(f"/programmes/tasks/{task.pk}/sessions/", sent)
        session = ProgrammeSession.objects.get()
        call_off = {"seen": "1", "reason": "重复登记"}
        client.post(f"/programmes/sessions/{session.pk}/call-off/", call_off)
        page = text_of(client.get(page_of(task.target)))
        assert "0/2" in page
        assert "重复登记" in page


class TestThePage:
    @pytest.mark.parametrize("rows", [1, 3, 30])
    def test_it_costs_the_same_at_any_length(self, rows, unit, desk, django_assert_num_queries):
        template = template_with(*(f"第{row}项" for row in range(rows)))
        target = target_of(assigned_to(unit, template=template), unit)
        for task in Task.objects.select_related("row", "target__programme", "target__unit"):
            reported(task)
        with django_assert_num_queries(10):
            desk.get(page_of(target))

    def test_persons_and_dates_are_changed_there(self, target, desk):
        desk.post(f"{page_of(target)}persons/", {"seen": "1", "responsible": "张三", "helping": "李四"})
        due_on = in_days(60).isoformat()
        desk.post(f"{page_of(target)}extend/", {"seen": "2", "due_on": due_on, "reason": "汛期"})
        page = text_of(desk.get(page_of(target)))
        for words in ("张三", "李四", "汛期", f"extended to {due_on}", in_days(30).isoformat()):
            assert words in page

    def test_a_date_that_is_not_later_is_refused_in_place(self, target, desk):
        sent = {"seen": "1", "due_on": in_days(30).isoformat(), "reason": "汛期"}
        answer = desk.post(f"{page_of(target)}extend/", sent)
        assert answer.status_code == 422
        assert "an extension is later" in text_of(answer)

    def test_the_target_of_another_programme_is_not_found_under_this_one(self, unit, target, desk):
        other = assigned_to(*branches_of(unit, 1))
        assert desk.get(f"/programmes/{other.pk}/targets/{target.pk}/").status_code == 404

    def test_a_closed_programme_offers_no_step(self, target, client, desk):
        desk.post(f"/programmes/{target.programme_id}/finish/", {"seen": "1", "reason": "并入"})
        page = text_of(client.get(page_of(target)))
        assert "Report as done" not in page
        task = task_of(target, "一")
        answer = client.post(f"/programmes/tasks/{task.pk}/report/", {"seen": "0", "text": "x"})
        assert answer.status_code == 422
        assert "resume it first" in text_of(answer)

    def test_a_photo_leaves_as_what_it_was_decoded_as(self, target, client):
        reported(task_of(target, "一"))
        file = ProgrammeFile.objects.get()
        answer = client.get(f"/programmes/files/{file.pk}/")
        assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
