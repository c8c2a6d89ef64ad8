"""Rubrics: list, import, copy, edit and put in force."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reviews.models import Indicator, Rubric, RubricState
from tests.reviews.views.answers import text_of
from workbooks.writing import Table, write_xlsx

HEADER = ["类别", "一级指标", "指标", "满分", "扣分标准"]
ROWS = [
    ["乡镇（街道）", "基础工作", "三会一课", 70, "缺一次扣1分"],
    ["乡镇（街道）", "重点任务", "五化建设", 30, ""],
]


@pytest.fixture
def client(staff, signed_in):
    return signed_in(staff)


@pytest.fixture
def rubric(host) -> Rubric:
    return Rubric.objects.get(host=host)


@pytest.fixture
def draft(rubric, client) -> Rubric:
    client.post(f"/rubrics/{rubric.pk}/copy/")
    return Rubric.objects.get(host=rubric.host, state=RubricState.DRAFT)


def uploaded(client, rows=ROWS, year=2018):
    file = SimpleUploadedFile("考核细则.xlsx", write_xlsx([Table("细则", HEADER, rows)]))
    return client.post("/rubrics/import/", {"year": year, "file": file})


def formset(rubric: Rubric, **changed) -> dict[str, str]:
    """The edit form as the browser would send it, with these fields changed."""
    data = {"full_total": "100", "places": "2"}
    rows = list(rubric.indicators.select_related("section"))
    for number, row in enumerate(rows):
        data |= {
            f"form-{number}-section": row.section.name,
            f"form-{number}-name": row.name,
            f"form-{number}-full_marks": str(row.full_marks),
            f"form-{number}-step": str(row.step),
        }
    data |= {"form-TOTAL_FORMS": str(len(rows) + 3), "form-INITIAL_FORMS": str(len(rows))}
    return data | changed


class TestReading:
    def test_the_list_is_narrowed_by_year_group_and_state(self, rubric, client):
        for query, count in (("year=2018", 1), ("year=2017", 0), ("state=draft", 0), ("group=0", 1)):
            assert len(client.get(f"/rubrics/?{query}").context["table"].rows) == count, query

    def test_a_unit_does_not_see_drafts(self, draft, secretary, signed_in):
        client = signed_in(secretary)
        assert client.get(f"/rubrics/{draft.pk}/").status_code == 404
        assert len(client.get("/rubrics/").context["table"].rows) == 1

    def test_another_hosts_rubric_is_not_found(self, rubric, stranger, signed_in):
        assert signed_in(stranger).get(f"/rubrics/{rubric.pk}/").status_code == 404

    def test_a_unit_does_not_learn_of_unpublished_cycles_by_where_it_is_used(
        self, running, rubric, secretary, leader, signed_in
    ):
        address = f"/rubrics/{rubric.pk}/"
        assert "2018Q3" not in text_of(signed_in(secretary).get(address))
        assert "2018Q3" in text_of(signed_in(leader).get(address))


class TestImport:
    def test_it_is_shown_before_it_takes_effect(self, rubric, client):
        address = uploaded(client).headers["Location"]
        assert "new version 2" in text_of(client.get(address))
        assert Rubric.objects.count() == 1

    def test_it_takes_effect_as_a_new_version(self, rubric, client):
        client.post(uploaded(client).headers["Location"])
        rubric.refresh_from_db()
        assert rubric.state == RubricState.RETIRED
        assert Rubric.objects.get(state=RubricState.ACTIVE).version == 2

    def test_a_second_click_leads_back_to_the_upload(self, rubric, client):
        address = uploaded(client).headers["Location"]
        client.post(address)
        assert client.post(address).headers["Location"] == "/rubrics/import/"
        assert Rubric.objects.count() == 2

    def test_problems_are_listed_and_nothing_is_changed(self, rubric, client):
        bad = [*ROWS, ["乡镇（街道）", "重点任务", "多余指标", "很多", ""], ["某类", "一", "二", 1, ""]]
        answer = uploaded(client, bad)
        assert answer.status_code == 422
        assert "很多" in text_of(answer)
        assert Rubric.objects.count() == 1

    def test_a_file_that_is_no_workbook_is_refused(self, rubric, client):
        file = SimpleUploadedFile("考核细则.xlsx", b"PK\x03\x04 nothing")
        answer = client.post("/rubrics/import/", {"year": 2018, "file": file})
        assert answer.status_code == 422
        assert "invalid-feedback" in text_of(answer)


class TestVersions:
    def test_a_rubric_in_force_is_copied_not_edited(self, rubric, client):
        answer = client.get(f"/rubrics/{rubric.pk}/edit/")
        assert answer.headers["Location"] == f"/rubrics/{rubric.pk}/"
        client.post(f"/rubrics/{rubric.pk}/edit/", formset(rubric, **{"form-0-name": "改名"}))
        assert not Indicator.objects.filter(name="改名").exists()

    def test_a_draft_is_edited_row_by_row(self, draft, client):
        data = formset(draft, **{"form-0-name": "三会一课（新）", "form-1-DELETE": "on"})
        data |= {
            "form-2-section": "重点任务",
            "form-2-name": "五化建设",
            "form-2-full_marks": "40",
            "form-2-step": "1",
            "form-2-cap": "20",
            "form-2-standard": "按进度",
        }
        assert client.post(f"/rubrics/{draft.pk}/edit/", data).status_code == 302
        rows = [(row.section.name, row.name, row.full_marks, row.cap) for row in draft.indicators.all()]
        assert rows == [
            ("基础工作", "三会一课（新）", Decimal(60), None),
            ("重点任务", "五化建设", Decimal(40), Decimal(20)),
        ]

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"form-0-full_marks": "0"}, "greater than or equal to"),
            ({"form-0-full_marks": "NaN"}, "Enter a number"),
            ({"form-0-step": ""}, "This field is required"),
            ({"form-0-cap": "61"}, "The cap is at most the full marks"),
            ({"form-1-name": "三会一课"}, "is given twice"),
            ({"places": "9"}, "less than or equal to 4"),
            ({"full_total": "0"}, "greater than or equal to"),
            ({"form-2-name": "只有名称"}, "This field is required"),
        ],
    )
    def test_what_makes_no_sense_is_refused_in_place(self, changed, message, draft, client):
        answer = client.post(f"/rubrics/{draft.pk}/edit/", formset(draft, **changed))
        assert answer.status_code == 422
        assert message in text_of(answer)

    def test_a_draft_whose_marks_do_not_add_up_says_so_and_stays_a_draft(self, draft, client):
        client.post(f"/rubrics/{draft.pk}/edit/", formset(draft, **{"form-0-full_marks": "50"}))
        shown = text_of(client.get(f"/rubrics/{draft.pk}/"))
        assert "the full marks add up to 90" in shown
        assert "Put in force" not in shown
        assert "add up to 90" in text_of(client.post(f"/rubrics/{draft.pk}/activate/", follow=True))
        draft.refresh_from_db()
        assert draft.state == RubricState.DRAFT

    def test_a_sound_draft_is_put_in_force(self, draft, rubric, client):
        client.post(f"/rubrics/{draft.pk}/activate/")
        draft.refresh_from_db()
        rubric.refresh_from_db()
        assert (draft.state, rubric.state) == (RubricState.ACTIVE, RubricState.RETIRED)

    @pytest.mark.parametrize("deed", ["copy", "activate"])
    def test_only_the_hosts_staff_do_it_and_only_by_post(self, deed, rubric, client, leader, signed_in):
        assert signed_in(leader).post(f"/rubrics/{rubric.pk}/{deed}/").status_code == 403
        assert client.get(f"/rubrics/{rubric.pk}/{deed}/").status_code == 405
