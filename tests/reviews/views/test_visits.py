"""Visits in the browser: planning, recording with several rows and photos, calling off, the list."""

import uuid
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from organizations.models import Membership, Role
from reviews.models import Deduction, Visit, VisitState
from reviews.photos import folder, path_of
from reviews.visiting import Findings
from tests.factories.organizations import somebody
from tests.factories.reviews import indicator_of, opened_cycle, review_of
from tests.factories.visits import branch_of, loss, made, photo, picture, planned, unit_of
from tests.reviews.views.answers import text_of


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cycle(host):
    return opened_cycle(host)


@pytest.fixture
def client(inspector, signed_in):
    return signed_in(inspector)


@pytest.fixture
def visit(cycle, inspector) -> Visit:
    return planned(cycle, "甲镇党委", inspectors=(inspector,))


def plan_of(cycle, inspector, unit="甲镇党委", **more):
    return {
        "cycle": cycle.pk,
        "organization": unit_of(cycle, unit).pk,
        "inspectors": [inspector.pk],
        "client_uuid": str(uuid.uuid4()),
        **more,
    }


def record_of(cycle, *losses, **more):
    """The record's form as a browser sends it. losses: indicator name, points, count, reason."""
    data = {
        "visited_on": timezone.localdate().isoformat(),
        "note": "",
        "client_uuid": str(uuid.uuid4()),
        "losses-INITIAL_FORMS": "0",
        "losses-TOTAL_FORMS": str(max(3, len(losses))),
    }
    for number, (indicator, points, count, reason) in enumerate(losses):
        data |= {
            f"losses-{number}-indicator": indicator and indicator_of(cycle, "甲镇党委", indicator).pk,
            f"losses-{number}-points": points,
            f"losses-{number}-count": count,
            f"losses-{number}-reason": reason,
        }
    for kind in ("highlights", "problems"):
        data |= {f"{kind}-INITIAL_FORMS": "0", f"{kind}-TOTAL_FORMS": "2"}
    return data | more


class TestPlanning:
    def test_a_key_too_long_for_the_database_is_no_inspector(self, cycle, inspector, client):
        answer = client.post("/visits/new/", plan_of(cycle, inspector, inspectors=["9" * 30]))
        assert (answer.status_code, Visit.objects.exists()) == (422, False)

    def test_a_planned_visit_is_on_its_page_and_on_the_first_page(self, cycle, inspector, client):
        answer = client.post("/visits/new/", plan_of(cycle, inspector, place_name="东山村"))
        visit = Visit.objects.get()
        assert answer.headers["Location"] == f"/visits/{visit.pk}/"
        assert "东山村" in text_of(client.get(f"/visits/{visit.pk}/"))
        assert "东山村" in text_of(client.get("/"))

    def test_a_second_click_plans_nothing_more(self, cycle, inspector, client):
        plan = plan_of(cycle, inspector)
        assert {client.post("/visits/new/", plan).headers["Location"] for _ in range(3)} == {
            f"/visits/{Visit.objects.get().pk}/"
        }

    def test_it_may_be_recorded_at_once(self, cycle, inspector, client):
        answer = client.post("/visits/new/", plan_of(cycle, inspector, record="1"))
        assert answer.headers["Location"] == f"/visits/{Visit.objects.get().pk}/record/"

    def test_the_places_are_those_of_the_chosen_unit(self, cycle, inspector, client):
        branch_of(unit_of(cycle, "甲镇党委"), "东山村党支部")
        branch_of(unit_of(cycle, "乙镇党委"), "西河村党支部")
        unit = unit_of(cycle, "甲镇党委").pk
        for answer in (
            client.get(f"/visits/new/?organization={unit}"),
            client.post("/visits/new/", plan_of(cycle, inspector, places="1")),
        ):
            assert "东山村党支部" in text_of(answer)
            assert "西河村党支部" not in text_of(answer)
        assert not Visit.objects.exists()

    def test_the_own_unit_is_not_offered_and_not_taken(self, cycle, inspector, client):
        own = unit_of(cycle, "甲镇党委")
        Membership.objects.create(user=inspector, organization=own, role=Role.SECRETARY)
        assert f'<option value="{own.pk}"' not in text_of(client.get("/visits/new/"))
        assert client.post("/visits/new/", plan_of(cycle, inspector)).status_code == 422
        assert not Visit.objects.exists()

    def test_a_colleague_is_not_sent_to_the_own_unit(self, cycle, inspector, staff, signed_in):
        Membership.objects.create(
            user=inspector, organization=unit_of(cycle, "甲镇党委"), role=Role.SECRETARY
        )
        answer = signed_in(staff).post("/visits/new/", plan_of(cycle, inspector))
        assert answer.status_code == 422
        assert "nobody inspects the own unit" in text_of(answer)

    @pytest.mark.parametrize("unit", ["", "x", "9" * 40, "²", "-1"])
    def test_a_unit_that_is_none_is_no_error(self, unit, cycle, inspector, client):
        assert client.get("/visits/new/", {"organization": unit}).status_code == 200
        assert client.post("/visits/new/", plan_of(cycle, inspector, organization=unit)).status_code == 422


class TestRecording:
    def test_several_rows_highlights_problems_and_photos_at_once(self, cycle, visit, client):
        data = record_of(
            cycle,
            ("三会一课", "１．５", "", "会议记录不完整"),
            ("主题党日", "", "3", "流于形式"),
            **{
                "highlights-0-text": "示范点走在前列",
                "problems-1-category": "规范化程度不高",
                "problems-1-text": "档案不全",
                "photos": [
                    SimpleUploadedFile("会议室.jpg", picture()),
                    SimpleUploadedFile("b", picture("PNG")),
                ],
            },
        )
        assert client.post(f"/visits/{visit.pk}/record/", data).status_code == 302
        visit.refresh_from_db()
        assert visit.state == VisitState.DONE
        points = Deduction.objects.filter(visit=visit).values_list("points", flat=True)
        assert list(points) == [Decimal("1.5"), Decimal("1.5")]
        shown = text_of(client.get(f"/visits/{visit.pk}/"))
        for words in (
            "会议记录不完整",
            "流于形式",
            "示范点走在前列",
            "规范化程度不高",
            "档案不全",
            "会议室.jpg",
        ):
            assert words in shown

    def test_photos_chosen_in_the_row_of_a_deduction_prove_it(self, cycle, visit, client):
        data = record_of(
            cycle,
            ("", "", "", ""),
            ("三会一课", "1", "", "缺签到表"),
            ("主题党日", "1", "", "流于形式"),
            **{
                "photos": [SimpleUploadedFile("会场.jpg", picture())],
                "losses-2-photos": [
                    SimpleUploadedFile("一.jpg", picture()),
                    SimpleUploadedFile("二.png", picture("PNG")),
                ],
            },
        )
        assert client.post(f"/visits/{visit.pk}/record/", data).status_code == 302
        proved = visit.photos.filter(deduction__indicator__name="主题党日")
        assert {each.original_name for each in proved} == {"一.jpg", "二.png"}
        assert visit.photos.get(deduction=None).original_name == "会场.jpg"

    def test_a_photo_without_its_deduction_is_refused_in_place(self, cycle, visit, client):
        data = record_of(cycle, **{"losses-0-photos": [SimpleUploadedFile("一.jpg", picture())]})
        answer = client.post(f"/visits/{visit.pk}/record/", data)
        assert answer.status_code == 422
        assert "Choose the indicator" in text_of(answer)

    def test_all_photos_of_a_visit_count_together(self, cycle, visit, client):
        data = record_of(cycle, ("三会一课", "1", "", "缺"))
        data["photos"] = [SimpleUploadedFile(f"{number}.jpg", picture()) for number in range(15)]
        data["losses-0-photos"] = [SimpleUploadedFile(f"b{number}.jpg", picture()) for number in range(5)]
        assert client.post(f"/visits/{visit.pk}/record/", data).status_code == 302
        assert visit.photos.count() == 20

    @pytest.mark.parametrize(
        ("row", "message"),
        [
            (("三会一课", "0.3", "", "缺"), "between two steps"),
            (("三会一课", "61", "", "缺"), "above the full marks"),
            (("三会一课", "-1", "", "缺"), "negative"),
            (("三会一课", "NaN", "", "缺"), "not a number"),
            (("三会一课", "", "三", "缺"), "whole number"),
            (("三会一课", "", "500", "缺"), "above the full marks"),
            (("三会一课", "1", "2", "缺"), "one of them"),
            (("三会一课", "", "", "缺"), "one of them"),
            (("三会一课", "1", "", ""), "Say why"),
            (("", "1", "", "缺"), "Choose the indicator"),
        ],
    )
    def test_what_is_wrong_is_said_in_its_place_and_nothing_is_kept(self, row, message, cycle, visit, client):
        answer = client.post(f"/visits/{visit.pk}/record/", record_of(cycle, row))
        assert answer.status_code == 422
        assert message in text_of(answer)
        assert not Deduction.objects.exists()

    def test_a_file_that_is_no_photo_is_named(self, cycle, visit, client):
        data = record_of(cycle, photos=[SimpleUploadedFile("假.jpg", b"GIF89a<script>")])
        answer = client.post(f"/visits/{visit.pk}/record/", data)
        assert answer.status_code == 422
        assert "假.jpg" in text_of(answer)

    def test_without_a_script_a_button_adds_rows_and_keeps_what_was_typed(self, cycle, visit, client):
        data = record_of(cycle, ("三会一课", "0.3", "", "缺签到表"), more="losses")
        shown = text_of(client.post(f"/visits/{visit.pk}/record/", data))
        assert 'name="losses-5-indicator"' in shown
        assert "缺签到表" in shown
        assert "between two steps" not in shown
        assert Visit.objects.get().state == VisitState.PLANNED

    @pytest.mark.parametrize("count", ["x", "-1", "1000", "", "²"])
    def test_a_form_that_was_tampered_with_is_no_error(self, count, cycle, visit, client):
        data = record_of(cycle) | {"losses-TOTAL_FORMS": count}
        for more in ({}, {"more": "losses"}, {"more": "elsewhere"}):
            assert client.post(f"/visits/{visit.pk}/record/", data | more).status_code in (200, 422, 302)

    def test_the_rubrics_own_wording_is_offered(self, cycle, visit, client, monkeypatch):
        page = text_of(client.get(f"/visits/{visit.pk}/record/"))
        assert "三会一课 (60, step 0.5)" in page
        assert '<datalist id="reasons">' in page

    def test_a_colleague_second_is_told(self, cycle, visit, client):
        for status in (302, 422):
            answer = client.post(f"/visits/{visit.pk}/record/", record_of(cycle, ("三会一课", "1", "", "缺")))
            assert answer.status_code == status
        assert "already" in text_of(answer)
        assert Deduction.objects.count() == 1

    def test_only_who_makes_it_or_the_staff_record_and_cancel_it(self, host, cycle, visit, staff, signed_in):
        other = signed_in(somebody(Role.INSPECTOR, host))
        for deed in ("record/", "cancel/"):
            assert other.post(f"/visits/{visit.pk}/{deed}", record_of(cycle)).status_code == 403
        assert signed_in(staff).post(f"/visits/{visit.pk}/record/", record_of(cycle)).status_code == 302

    def test_a_cancelled_visit_says_why(self, visit, client):
        client.post(f"/visits/{visit.pk}/cancel/", {"reason": "道路中断"})
        assert "道路中断" in text_of(client.get(f"/visits/{visit.pk}/"))
        assert client.get(f"/visits/{visit.pk}/record/").status_code == 302


class TestPhotos:
    @pytest.fixture
    def kept(self, cycle, inspector):
        visit = made(cycle, "甲镇党委", Findings(photos=[photo('"会"\n.jpg')]), inspectors=(inspector,))
        return visit.photos.get()

    def test_a_photo_leaves_as_what_it_was_decoded_as(self, kept, client):
        answer = client.get(f"/visits/photos/{kept.pk}/")
        assert b"".join(answer.streaming_content) == path_of(kept).read_bytes()
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("inline; filename=")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "private, no-store"

    def test_a_file_that_is_gone_is_not_found(self, kept, client):
        (folder() / kept.stored_name).unlink()
        assert client.get(f"/visits/photos/{kept.pk}/").status_code == 404

    def test_more_are_added_to_the_visit_or_to_a_deduction(self, cycle, inspector, client):
        findings = Findings(losses=[loss(cycle, "甲镇党委")])
        visit = made(cycle, "甲镇党委", findings, inspectors=(inspector,))
        deduction = visit.deductions.get()
        page = f"/visits/{visit.pk}/"
        assert client.get(f"{page}?deduction={deduction.pk}").context["evidence_form"].initial == {
            "proves": deduction.pk
        }
        for proves, name in (("", "会场.jpg"), (deduction.pk, "签到表.png")):
            file = SimpleUploadedFile(name, picture())
            answer = client.post(f"{page}photos/", {"photos": [file], "proves": proves}, follow=True)
            assert "1 photo is added." in text_of(answer)
        assert visit.photos.get(deduction=deduction).original_name == "签到表.png"
        shown = text_of(client.get(page))
        assert shown.index("签到表.png") < shown.index("会场.jpg")

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({}, "This field is required."),
            ({"photos": [("假.jpg", b"GIF89a")]}, "假.jpg"),
            ({"photos": [("空.jpg", b"")]}, "空.jpg"),
            ({"photos": [("真.jpg", picture())], "proves": "999999"}, "Select a valid choice"),
        ],
    )
    def test_what_cannot_be_added_is_said(self, given, said, kept, client):
        data = dict(given)
        if "photos" in data:
            data["photos"] = [SimpleUploadedFile(*file) for file in data["photos"]]
        shown = text_of(client.post(f"/visits/{kept.visit_id}/photos/", data, follow=True))
        assert said in shown
        assert kept.visit.photos.count() == 1

    def test_only_who_made_it_and_the_staff_add_some(self, host, kept, staff, leader, signed_in):
        address = f"/visits/{kept.visit_id}/photos/"
        for person, status in ((somebody(Role.INSPECTOR, host), 403), (leader, 404), (staff, 302)):
            data = {"photos": [SimpleUploadedFile("一.png", picture("PNG"))]}
            assert signed_in(person).post(address, data).status_code == status
        assert kept.visit.photos.count() == 2

    def test_staff_find_them_on_the_units_review(self, kept, cycle, staff, signed_in):
        shown = text_of(signed_in(staff).get(f"/cycles/2018Q3/units/{unit_of(cycle, '甲镇党委').pk}/"))
        assert f"/visits/photos/{kept.pk}/" in shown


class TestList:
    def test_the_own_visits_come_first(self, cycle, inspector, client):
        planned(cycle, "乙镇党委")
        planned(cycle, "甲镇党委", inspectors=(inspector,))
        made(cycle, "丙镇党委")
        units = [row.record.organization.name for row in client.get("/visits/").context["table"].rows]
        assert units == ["甲镇党委", "乙镇党委", "丙镇党委"]

    def test_it_is_narrowed_by_quarter_unit_state_and_inspector(self, cycle, inspector, visit, client):
        made(cycle, "乙镇党委")
        unit = unit_of(cycle, "乙镇党委").pk
        for query, count in (
            ("", 2),
            (f"cycle={cycle.pk}", 2),
            (f"organization={unit}", 1),
            ("state=planned", 1),
            ("state=cancelled", 0),
            (f"inspectors={inspector.pk}", 1),
        ):
            assert len(client.get(f"/visits/?{query}").context["table"].rows) == count, query

    @pytest.mark.parametrize("count", [1, 3, 12])
    def test_it_costs_the_same_at_any_length(
        self, count, cycle, inspector, client, django_assert_num_queries
    ):
        for _ in range(count):
            planned(cycle, "甲镇党委", inspectors=(inspector,))
        client.get("/visits/")
        with django_assert_num_queries(10):
            client.get("/visits/")


@pytest.mark.parametrize("count", [1, 3, 12])
def test_a_visit_costs_the_same_however_much_it_found(
    count, cycle, inspector, client, django_assert_num_queries
):
    rows = [photo(f"{number}.jpg") for number in range(count)]
    problems = [("规范化程度不高", f"问题{number}") for number in range(count)]
    visit = made(cycle, "甲镇党委", Findings(problems=problems, photos=rows), inspectors=(inspector,))
    with django_assert_num_queries(10):
        client.get(f"/visits/{visit.pk}/")


def test_categories_are_the_hosts_own(cycle, visit, staff, client, signed_in):
    desk = signed_in(staff)
    assert "党建业务不熟悉" in text_of(desk.get("/visits/categories/"))
    desk.post("/visits/categories/", {"names": "台账不全\n学习不深入"})
    shown = text_of(client.get(f"/visits/{visit.pk}/record/"))
    assert "台账不全" in shown
    assert "党建业务不熟悉" not in shown
    assert client.get("/visits/categories/").status_code == 403


class TestDraws:
    @pytest.fixture
    def branches(self, cycle):
        unit = unit_of(cycle, "甲镇党委")
        return [branch_of(unit, name, n) for n, name in enumerate(("东山村党支部", "西河村党支部"), 1)]

    def test_a_draw_is_shown_checked_and_planned_from(self, cycle, branches, staff, leader, signed_in):
        client = signed_in(staff)
        address = client.post("/visits/draw/", {"cycle": cycle.pk, "per_unit": 1}).headers["Location"]
        assert "the same places" in text_of(signed_in(leader).get(address + "?check=1"))
        shown = client.get(address)
        (chosen,) = shown.context["drawn"]
        draw = shown.context["draw"]
        plan = plan_of(cycle, staff, place=chosen.place, draw=draw.pk)
        client.post("/visits/new/", plan)
        assert (Visit.objects.get().place_id, Visit.objects.get().draw) == (chosen.place, draw)

    def test_nothing_to_draw_is_said(self, cycle, staff, signed_in):
        answer = signed_in(staff).post("/visits/draw/", {"cycle": cycle.pk, "per_unit": 1})
        assert answer.status_code == 422
        assert "no branches" in text_of(answer)

    def test_inspectors_do_not_draw_until_it_pleases(self, cycle, branches, client):
        assert client.post("/visits/draw/", {"cycle": cycle.pk, "per_unit": 1}).status_code == 403


def test_the_total_is_right_on_the_review(cycle, visit, client):
    client.post(f"/visits/{visit.pk}/record/", record_of(cycle, ("三会一课", "2", "", "缺")))
    assert review_of(cycle, "甲镇党委").scores.get().points == 58
