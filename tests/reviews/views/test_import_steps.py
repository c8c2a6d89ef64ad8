"""Beside an import: headings whose meaning is asked for, and large workbooks in the background."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import translation

from reviews.models import BatchState, HeadingMeaning, ImportBatch, Score
from reviews.progress import Phase
from reviews.remembering import Meaning, remember_headings
from reviews.uploads import discard_upload, work_on
from tests.factories.organizations import HostFactory
from tests.factories.reviews import opened_cycle, published
from tests.reviews.views.answers import text_of
from tests.reviews.worker import work_off
from workbooks.writing import Table, write_xlsx

PAGE = "/cycles/2018Q3/import/"
HEADER = ["序号", "单位", "三会一课制度", "主题党日（40分）"]
ROWS = [[1, "甲镇党委", 50, 40], [2, "乙镇党委", 60, 35]]


@pytest.fixture
def client(staff, signed_in):
    return signed_in(staff)


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    """Where this test's uploads are kept."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "imports"


@pytest.fixture
def cycle(host):
    return opened_cycle(host)


@pytest.fixture
def large(monkeypatch):
    """From two rows on a workbook is large."""
    monkeypatch.setattr("reviews.background.LARGE", 2)


def upload(client, rows=ROWS, header=HEADER) -> str:
    """Send a workbook in; the address it leads to."""
    file = SimpleUploadedFile("得分.xlsx", write_xlsx([Table("乡镇", header, rows)]))
    answer = client.post(PAGE, {"file": file})
    assert answer.status_code == 302, text_of(answer)
    return answer.headers["Location"]


def choices(answer) -> list[str]:
    return list(answer.context["form"].fields)


class TestHeadings:
    def test_the_page_asks_above_the_other_problems_with_the_closest_first(self, cycle, client):
        answer = client.get(upload(client, [[1, "甲镇党委", 50, 99]]))
        shown = text_of(answer)
        assert answer.status_code == 422
        assert shown.index("Which indicators are these?") < shown.index("above the full marks")
        (name,) = choices(answer)
        field = answer.context["form"].fields[name]
        assert [value for value, _label in field.choices] == ["", "is:三会一课", "is:主题党日", "pass-over"]
        assert not field.initial
        assert shown.count("is not an indicator of the rubric") == 0

    def test_what_is_said_is_remembered_and_the_kept_file_checked_again(self, cycle, client, staff):
        address = upload(client)
        (name,) = choices(client.get(address))
        answer = client.post(address + "headings/", {name: "is:三会一课"}, follow=True)
        assert answer.status_code == 200
        assert "“三会一课制度” is read as “三会一课” (remembered)." in text_of(answer)
        meaning = HeadingMeaning.objects.get()
        assert (meaning.heading, meaning.indicator) == ("三会一课制度", "三会一课")
        assert meaning.remembered_by == staff
        client.post(address + "commit/")
        assert Score.objects.filter(indicator__name="三会一课").count() == 2

    def test_a_heading_may_be_no_indicator(self, cycle, client):
        address = upload(client)
        (name,) = choices(client.get(address))
        answer = client.post(address + "headings/", {name: "pass-over"}, follow=True)
        assert "is passed over as no indicator" in text_of(answer)
        assert answer.context["preview"].new_count == 2

    def test_later_workbooks_are_read_without_asking(self, cycle, host, client):
        remember_headings(host, [Meaning("三会一课制度", "三会一课制度", "三会一课")], by=None)
        assert client.get(upload(client)).context["preview"].new_count == 4

    def test_a_heading_of_many_lines_and_great_length_can_be_remembered(self, cycle, client):
        heading = "三会一课\n" * 24 + " " * 200 + "（60分）"
        address = upload(client, header=["序号", "单位", heading, "主题党日（40分）"])
        (name,) = choices(client.get(address))
        client.post(address + "headings/", {name: "is:三会一课"})
        assert client.get(address).context["preview"].new_count == 4

    def test_a_sentence_is_no_heading_and_not_asked_for(self, cycle, client):
        file = write_xlsx([Table("乡镇", ["序号", "单位", "三会一课" * 30, "主题党日"], ROWS)])
        answer = client.post(PAGE, {"file": SimpleUploadedFile("得分.xlsx", file)})
        assert answer.status_code == 422
        assert not ImportBatch.objects.exists()

    def test_of_a_great_many_only_the_first_are_asked_for(self, cycle, client, monkeypatch):
        monkeypatch.setattr("reviews.importing.summary.MOST_ASKED", 1)
        answer = client.get(upload(client, header=["序号", "单位", "学习", "党日活动（40分）"]))
        assert len(choices(answer)) == 1
        assert [problem.where for problem in answer.context["preview"].problems] == ["“乡镇” row 1, column D"]

    def test_a_heading_that_is_written_in_two_ways_is_asked_for_once(self, cycle, client):
        header = ["单位", "指标", "得分"]
        rows = [["甲镇党委", "组织 生活", 50], ["乙镇党委", "组织生活（60分）", 60]]
        answer = client.get(upload(client, rows, header))
        assert len(choices(answer)) == 1
        assert answer.context["preview"].problems == ()

    def test_saying_nothing_asks_again(self, cycle, client):
        address = upload(client)
        answer = client.post(address + "headings/", {})
        assert answer.status_code == 422
        assert "Say of at least one heading what it is" in text_of(answer)

    @pytest.mark.parametrize("value", ["is:不存在的指标", "三会一课", "x"])
    def test_only_indicators_of_the_rubric_can_be_meant(self, value, cycle, client):
        address = upload(client)
        (name,) = choices(client.get(address))
        assert client.post(address + "headings/", {name: value}).status_code == 422
        assert not HeadingMeaning.objects.exists()

    def test_headings_the_file_does_not_have_are_not_remembered(self, cycle, client):
        address = upload(client)
        assert client.post(address + "headings/", {"heading-000000000000": "is:三会一课"}).status_code == 422
        assert not HeadingMeaning.objects.exists()

    def test_what_is_remembered_is_listed_and_can_be_forgotten(self, cycle, host, client):
        said = [Meaning("三会一课制度", "三会一课制度", ""), Meaning("党日", "党日", "主题党日")]
        remember_headings(host, said, by=None)
        assert "“党日” → 主题党日" in text_of(client.get(PAGE))
        meaning = HeadingMeaning.objects.get(key="党日")
        answer = client.post(f"{PAGE}headings/{meaning.pk}/forget/", follow=True)
        assert "“党日” is no longer remembered" in text_of(answer)
        assert [one.key for one in HeadingMeaning.objects.all()] == ["三会一课制度"]

    def test_another_hosts_are_not_there(self, cycle, client):
        remember_headings(HostFactory(), [Meaning("党日", "党日", "主题党日")], by=None)
        assert "党日” →" not in text_of(client.get(PAGE))
        meaning = HeadingMeaning.objects.get()
        assert client.post(f"{PAGE}headings/{meaning.pk}/forget/").status_code == 404

    def test_the_command_line_reads_by_what_is_remembered(self, cycle, host, tmp_path, capsys):
        remember_headings(host, [Meaning("三会一课制度", "三会一课制度", "三会一课")], by=None)
        file = tmp_path / "得分.xlsx"
        file.write_bytes(write_xlsx([Table("乡镇", HEADER, ROWS)]))
        with translation.override("en"):
            call_command("import_scores", file, cycle="2018Q3")
        assert "“三会一课制度” is read as “三会一课” (remembered)." in capsys.readouterr().out
        assert Score.objects.count() == 4


@pytest.mark.usefixtures("large")
class TestBackground:
    HEADER = ["序号", "单位", "三会一课（60分）", "主题党日（40分）"]

    def upload(self, client, rows=ROWS) -> str:
        return upload(client, rows, self.HEADER)

    def test_a_large_workbook_is_checked_and_imported_while_the_page_tells_how_far_it_is(self, cycle, client):
        address = self.upload(client)
        shown = text_of(client.get(address))
        assert "Waiting to be taken up" in shown
        assert f'hx-get="{address}progress/"' in shown
        work_off()
        assert client.get(address).context["preview"].new_count == 4
        assert not Score.objects.exists()
        assert client.post(address + "commit/").headers["Location"] == address
        assert "imported in the background" in text_of(client.get(address))
        work_off()
        assert "Undo this import" in text_of(client.get(address))
        assert Score.objects.count() == 4

    def test_the_bar_says_how_much_is_done(self, cycle, client):
        address = self.upload(client)
        work = work_on(ImportBatch.objects.get())
        with work.alone():
            work.report(Phase.CHECKING, 23_000, 50_000)
            shown = text_of(client.get(address + "progress/"))
        assert '<progress class="progress-line" aria-labelledby="told" value="23000" max="50000"' in shown
        assert "23,000 of 50,000 rows checked" in shown

    def test_the_bar_leads_to_the_page_once_it_is_done(self, cycle, client):
        address = self.upload(client)
        work_off()
        answer = client.get(address + "progress/")
        assert answer.headers["HX-Redirect"] == address

    def test_asking_how_far_it_is_costs_the_same_at_any_length(
        self, cycle, client, django_assert_num_queries
    ):
        address = self.upload(client)
        client.get(address + "progress/")
        with django_assert_num_queries(6):
            client.get(address + "progress/")

    def test_cancelled_it_says_that_nothing_was_changed_and_can_be_checked_again(self, cycle, client):
        address = self.upload(client)
        assert "nothing was changed" in text_of(client.post(address + "cancel/", follow=True))
        work_off()
        assert ImportBatch.objects.get().state == BatchState.CANCELLED
        client.post(address + "again/")
        work_off()
        assert client.get(address).context["preview"].new_count == 4

    def test_a_cancelled_import_is_not_imported_by_a_late_click(self, cycle, client):
        address = self.upload(client)
        work_off()
        client.post(address + "commit/")
        client.post(address + "cancel/")
        client.post(address + "commit/")
        work_off()
        assert not Score.objects.exists()

    def test_a_worker_that_died_is_told_of(self, cycle, client):
        address = self.upload(client)
        work = work_on(ImportBatch.objects.get())
        with work.alone():
            work.report(Phase.CHECKING, 1, 2)
        assert client.get(address + "progress/").headers["HX-Redirect"] == address
        shown = text_of(client.get(address))
        assert "stopped half-way" in shown
        assert "hx-get" not in shown
        assert f"{address}again/" in shown

    def test_problems_are_listed_and_headings_asked_for(self, cycle, client):
        address = upload(client, [*ROWS, [3, "丙镇党委", "优", 1]])
        work_off()
        answer = client.get(address)
        assert (answer.status_code, answer.context["batch"].state) == (422, BatchState.FAILED)
        (name,) = choices(answer)
        client.post(address + "headings/", {name: "is:三会一课"})
        work_off()
        shown = text_of(client.get(address))
        assert "“优” is not a number of points" in shown
        assert "Which indicators are these?" not in shown

    def test_headings_of_what_failed_unchecked_lead_to_why(self, cycle, client, monkeypatch):
        address = self.upload(client)
        ImportBatch.objects.update(state=BatchState.FAILED, failure="出错")
        monkeypatch.setattr("reviews.views.import_steps.what_was_found", pytest.fail)
        assert client.post(address + "headings/").headers["Location"] == address

    @pytest.mark.parametrize("meanwhile", [False, True])
    def test_what_was_forgotten_while_the_page_asks_leads_to_the_next_upload(
        self, cycle, client, monkeypatch, meanwhile
    ):
        address = self.upload(client)
        if meanwhile:
            batch = ImportBatch.objects.get()
            monkeypatch.setattr("reviews.views.import_steps.visible_batch", lambda *asked: batch)
            monkeypatch.setattr("reviews.views.imports.visible_batch", lambda *asked: batch)
        discard_upload(ImportBatch.objects.get())
        assert client.get(address + "progress/").headers["HX-Redirect"] == PAGE
        assert client.get(address).status_code == 404

    def test_the_history_shows_what_runs_failed_and_was_cancelled(self, cycle, client):
        for rows in (ROWS, [*ROWS, [3, "丙镇党委", "优", 1]]):
            self.upload(client, rows)
        work_off()
        client.post(self.upload(client) + "cancel/")
        self.upload(client)
        states = [row.record.state for row in client.get(PAGE).context["table"].rows]
        assert states == ["checking", "cancelled", "failed", "previewed"]

    def test_commands_of_a_small_workbook_find_nothing_to_do(self, cycle, client, monkeypatch):
        monkeypatch.setattr("reviews.background.LARGE", 99)
        address = self.upload(client)
        for step in ("cancel/", "headings/"):
            assert client.post(address + step).headers["Location"] == address
        client.post(address + "commit/")
        client.post(address + "again/")
        assert ImportBatch.objects.get().state == BatchState.COMMITTED


def test_undoing_is_offered_while_scores_are_taken_and_else_said_why_not(cycle, client):
    address = upload(client, ROWS, TestBackground.HEADER)
    client.post(address + "commit/")
    assert "Undo this import" in text_of(client.get(address))
    published(cycle)
    shown = text_of(client.get(address))
    assert "Undo this import" not in shown
    assert "an import can be undone only while scores are taken" in shown


def test_a_leader_is_let_near_none_of_it(cycle, client, leader, signed_in):
    address = upload(client)
    outsider = signed_in(leader)
    for step in ("progress/", "cancel/", "again/", "headings/"):
        ask = outsider.get if step == "progress/" else outsider.post
        assert ask(address + step).status_code in {403, 404}
    assert outsider.get(PAGE + "template.xlsx").status_code in {403, 404}
