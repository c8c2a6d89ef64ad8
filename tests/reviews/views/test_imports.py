"""Score workbooks in the browser: upload, preview, import, undo."""

from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reviews.deducting import give_reason
from reviews.models import BatchState, Deduction, ImportBatch, Score
from tests.factories.reviews import give_total, opened_cycle, published
from tests.reviews.views.answers import text_of
from workbooks.writing import Table, write_csv, write_xlsx

PAGE = "/cycles/2018Q3/import/"
HEADER = ["序号", "单位", "三会一课（60分）", "主题党日（40分）"]
ROWS = [[1, "甲镇党委", 50, 40], [2, "乙镇党委", 60, 35]]


@pytest.fixture
def client(staff, signed_in):
    return signed_in(staff)


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path) -> Path:
    """Where this test's uploads are kept."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "imports"


@pytest.fixture
def cycle(host):
    return opened_cycle(host)


def workbook(rows=ROWS, name="2018年第三季度得分.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, write_xlsx([Table("乡镇（街道）", HEADER, rows)]))


def previewed(client, rows=ROWS) -> str:
    return client.post(PAGE, {"file": workbook(rows)}).headers["Location"]


class TestUpload:
    def test_a_good_workbook_leads_to_its_preview_and_changes_nothing(self, cycle, client):
        answer = client.post(PAGE, {"file": workbook()})
        batch = ImportBatch.objects.get()
        assert answer.headers["Location"] == f"{PAGE}{batch.pk}/"
        assert batch.state == BatchState.PREVIEWED
        assert not Score.objects.exists()

    def test_a_csv_file_will_do(self, cycle, client):
        file = SimpleUploadedFile("得分.csv", write_csv([HEADER, *ROWS]))
        assert client.post(PAGE, {"file": file}).status_code == 302

    def test_every_problem_is_listed_with_its_cell_and_nothing_is_kept(
        self, cycle, client, uploads, django_capture_on_commit_callbacks
    ):
        bad = [[1, "甲镇党委", "优秀", 41], [2, "不存在党委", 1, 1]]
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(PAGE, {"file": workbook(bad)})
        shown = text_of(answer)
        assert answer.status_code == 422
        assert answer.context["found"].problem_count >= 3
        assert "优秀" in shown
        assert "不存在党委" in shown
        assert not Score.objects.exists()
        assert not ImportBatch.objects.exists()
        assert list(uploads.iterdir()) == []

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("空.xlsx", b""),
            ("截断.xlsx", write_xlsx([Table("a", HEADER, ROWS)])[:500]),
            ("加密.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
            ("网页.xls", b"<html><table></table></html>"),
            ("图片.csv", b"\x89PNG\r\n\x1a\n\0\0\0"),
        ],
    )
    def test_what_cannot_be_read_is_refused_with_one_message(
        self, name, data, cycle, client, uploads, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(PAGE, {"file": SimpleUploadedFile(name, data)})
        assert answer.status_code == 422
        assert "invalid-feedback" in text_of(answer) or "problem-list" in text_of(answer)
        assert not ImportBatch.objects.exists()
        assert list(uploads.iterdir()) == []

    def test_a_file_too_large_is_refused_unread(self, cycle, client, monkeypatch):
        monkeypatch.setattr("reviews.forms.MAX_FILE", 100)
        answer = client.post(PAGE, {"file": workbook()})
        assert answer.status_code == 422
        assert "too large for a workbook" in text_of(answer)

    def test_no_file_at_all(self, cycle, client):
        assert client.post(PAGE).status_code == 422

    def test_a_closed_cycle_takes_none(self, cycle, client):
        published(cycle)
        assert "takes no scores now" in text_of(client.get(PAGE))
        assert client.post(PAGE, {"file": workbook()}).status_code == 422


class TestTemplate:
    def test_it_comes_under_its_quarters_name_and_comes_back(self, cycle, client):
        give_total(cycle, "甲镇党委", 90)
        answer = client.get(PAGE + "template.xlsx")
        assert quote("2018年第三季度得分填报表.xlsx") in answer.headers["Content-Disposition"]
        file = SimpleUploadedFile("2018年第三季度得分填报表.xlsx", answer.content)
        preview = client.get(client.post(PAGE, {"file": file}).headers["Location"]).context["preview"]
        assert (preview.notes, preview.changes_nothing) == ((), True)

    def test_the_import_page_offers_it_while_scores_are_taken(self, cycle, client):
        assert "template.xlsx" in text_of(client.get(PAGE))
        published(cycle)
        assert "template.xlsx" not in text_of(client.get(PAGE))

    def test_a_quarter_without_units_leads_back(self, cycle, client):
        cycle.reviews.all().delete()
        assert "open it first" in text_of(client.get(PAGE + "template.xlsx", follow=True))


class TestPreview:
    def test_it_counts_and_lists_new_changed_and_unchanged(self, cycle, client):
        give_total(cycle, "甲镇党委", 90)  # 60 and 30
        answer = client.get(previewed(client))
        preview = answer.context["preview"]
        assert (preview.new_count, preview.changed_count, preview.unchanged) == (2, 2, 0)
        assert '<td class="number soft">60</td><td class="number">50</td>' in text_of(answer)

    def test_a_workbook_that_says_nothing_new_says_so(self, cycle, client):
        client.post(previewed(client) + "commit/")
        assert "there is nothing to import" in text_of(client.get(previewed(client)))

    def test_a_long_list_is_cut_and_says_how_long_it_is(self, cycle, client, monkeypatch):
        monkeypatch.setattr("reviews.importing.summary.SHOWN", 3)
        shown = text_of(client.get(previewed(client)))
        assert "The first 3 of 4 are listed" in shown

    def test_a_file_that_is_gone_leads_back_to_the_upload(self, cycle, client, uploads):
        address = previewed(client)
        for path in uploads.iterdir():
            path.unlink()
        answer = client.get(address, follow=True)
        assert "upload it again" in text_of(answer)

    def test_another_cycles_upload_is_not_found_here(self, cycle, host, client):
        address = previewed(client)
        opened_cycle(host, "2018Q4")
        assert client.get(address.replace("2018Q3", "2018Q4")).status_code == 404


class TestDeductions:
    LIST = ["单位", "指标", "扣分", "扣分原因"]

    def upload(self, client, *rows) -> str:
        file = SimpleUploadedFile("扣分.xlsx", write_xlsx([Table("扣分", self.LIST, list(rows))]))
        return client.post(PAGE, {"file": file})

    @pytest.fixture
    def scores(self, cycle, client):
        client.post(previewed(client) + "commit/")

    def test_scores_that_stay_are_counted_apart_and_folded(self, scores, client):
        address = self.upload(client, ["甲镇党委", "三会一课", 10, "缺会议"]).headers["Location"]
        answer = client.get(address)
        preview = answer.context["preview"]
        assert (preview.changed_count, preview.explained_count) == (0, 1)
        assert "only deductions or reasons added" in text_of(answer)
        assert "0 new scores, 0 changed, 1 deductions" in text_of(
            client.post(address + "commit/", follow=True)
        )

    def test_the_done_page_and_the_history_say_how_many_were_recorded(self, scores, client):
        address = self.upload(client, ["甲镇党委", "三会一课", 10, "缺会议"]).headers["Location"]
        client.post(address + "commit/")
        assert "deductions recorded" in text_of(client.get(address))
        table = client.get(PAGE).context["table"]
        assert [row.get_cell("deduction_count") for row in table.rows] == [1, 0]
        assert "1 deduction" in text_of(client.get("/cycles/2018Q3/"))

    def test_an_addition_shows_what_was_deducted_before(self, cycle, client):
        first = self.upload(client, ["甲镇党委", "三会一课", 1, "一"]).headers["Location"]
        client.post(first + "commit/")
        second = self.upload(client, ["甲镇党委", "三会一课", 4, "二"]).headers["Location"]
        assert "1 points deducted before, 4 more now" in text_of(client.get(second))

    def test_a_row_that_is_gone_is_told_beside_nothing_to_import(self, cycle, client):
        rows = [["甲镇党委", "三会一课", 1, "一"], ["甲镇党委", "三会一课", 2, "二"]]
        client.post(self.upload(client, *rows).headers["Location"] + "commit/")
        shown = text_of(client.get(self.upload(client, rows[0]).headers["Location"]))
        assert "there is nothing to import" in shown
        assert "the file does not list: 1. They stay." in shown


class TestImport:
    def test_it_writes_scores_and_totals(self, cycle, client):
        answer = client.post(previewed(client) + "commit/", follow=True)
        assert "4 new scores, 0 changed, 0 deductions" in text_of(answer)
        assert cycle.reviews.scored().count() == 2

    def test_a_second_click_changes_nothing(self, cycle, client):
        address = previewed(client)
        client.post(address + "commit/")
        versions = list(Score.objects.values_list("pk", "version"))
        assert client.post(address + "commit/").status_code == 302
        assert list(Score.objects.values_list("pk", "version")) == versions

    def test_a_cycle_closed_meanwhile_refuses_it(self, cycle, client):
        address = previewed(client)
        published(cycle)
        shown = text_of(client.post(address + "commit/", follow=True))
        assert "it takes no scores now" in shown
        assert not Score.objects.exists()

    def test_it_is_undone_as_a_whole(self, cycle, client):
        address = previewed(client)
        client.post(address + "commit/")
        shown = text_of(client.post(address + "undo/", follow=True))
        assert "is undone" in shown
        assert not Score.objects.filter(points__isnull=False).exists()
        assert "Undo this import" not in shown

    def test_undoing_over_a_later_change_is_refused(self, cycle, client):
        address = previewed(client)
        client.post(address + "commit/")
        give_total(cycle, "甲镇党委", 70)
        assert "changed again since" in text_of(client.post(address + "undo/", follow=True))

    def test_before_undoing_it_says_how_many_reasons_are_lost(self, cycle, client, staff):
        header = ["单位", "指标", "扣分"]
        rows = [["甲镇党委", "三会一课", 1], ["甲镇党委", "主题党日", 2]]
        file = SimpleUploadedFile("扣分.xlsx", write_xlsx([Table("扣分", header, rows)]))
        address = client.post(PAGE, {"file": file}).headers["Location"]
        client.post(address + "commit/")
        assert "given a reason since" not in text_of(client.get(address))
        give_reason(Deduction.objects.first(), reason="缺签到表", by=staff)
        assert "1 of its deductions was given a reason since" in text_of(client.get(address))
        assert "is undone" in text_of(client.post(address + "undo/", follow=True))

    def test_undoing_what_was_never_imported_is_answered_with_a_message(self, cycle, client):
        assert "notice-error" in text_of(client.post(previewed(client) + "undo/", follow=True))

    def test_the_history_says_who_when_and_how_much(self, cycle, staff, client):
        client.post(previewed(client) + "commit/")
        shown = text_of(client.get(PAGE))
        assert "2018年第三季度得分.xlsx" in shown
        assert str(staff) in shown
