"""The pages of return visits: secret from the unit until recorded, with photos and what else was met."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from organizations.models import Membership, Role
from rectification.categories import DEFAULTS
from rectification.evidence import path_of
from rectification.models import Audience, Evidence, Item, ReturnDraw, ReturnVisit
from rectification.sampling import Sample, draw_items
from tests.factories.checks import failed, made_return, passed, planned_return
from tests.factories.items import in_days, proof, raised, struck_off
from tests.factories.organizations import somebody
from tests.factories.visits import picture
from tests.reviews.views.answers import said_by, text_of

LIST = "/items/return-visits/"


@pytest.fixture
def inspector(host):
    return somebody(Role.INSPECTOR, host)


def result(outcome="passed", **changes):
    return {
        "result": outcome,
        "visited_on": in_days(0).isoformat(),
        "words": "仍在坚持",
        "client_uuid": str(uuid.uuid4()),
        "problems-TOTAL_FORMS": 1,
        "problems-INITIAL_FORMS": 0,
    } | changes


def photo():
    return SimpleUploadedFile("现场.jpg", picture())


def record(visit):
    return f"{LIST}{visit.pk}/record/"


# --- Secrecy (rule 16) ---------------------------------------------------------------------------


def pages_of_a_unit(item):
    return (
        "/",
        item.get_absolute_url(),
        "/items/checks/",
        "/units/",
        LIST,
        f"{LIST}draw/",
        "/items/handover/",
    )


def test_no_page_of_the_unit_changes_when_a_return_visit_is_planned(host, unit, secretary, staff, signed_in):
    item = struck_off(unit)
    client = signed_in(secretary)
    before = [said_by(client.get(page)) for page in pages_of_a_unit(item)]
    kept = draw_items(host, Sample(number=1), by=staff)
    assert [said_by(client.get(page)) for page in pages_of_a_unit(item)] == before
    visit = kept.return_visits.get()
    for there, nowhere in (
        (visit.get_absolute_url(), f"{LIST}{visit.pk + 99}/"),
        (record(visit), f"{LIST}{visit.pk + 99}/record/"),
        (kept.get_absolute_url(), f"{LIST}draws/{kept.pk + 99}/"),
    ):
        assert said_by(client.get(there)) == said_by(client.get(nowhere))
        assert said_by(client.post(there)) == said_by(client.post(nowhere))
    visit.refresh_from_db()
    assert visit.is_planned


def test_once_recorded_the_unit_reads_the_result_in_its_item(unit, secretary, staff, signed_in):
    visit = made_return(unit, failed("又出现空档"), by=staff)
    assert "又出现空档" in text_of(signed_in(secretary).get(visit.item.get_absolute_url()))


@pytest.mark.parametrize("role", [Role.STAFF, Role.INSPECTOR])
def test_who_belongs_to_the_unit_sees_neither_visit_nor_draw(host, unit, signed_in, staff, role):
    user = somebody(role, host)
    struck_off(unit)
    kept = draw_items(host, Sample(number=1), by=staff)
    Membership.objects.create(user=user, organization=unit, role=Role.SECRETARY)
    client = signed_in(user)
    assert "2018Q3-001" not in text_of(client.get(LIST))
    for address in (kept.get_absolute_url(), kept.return_visits.get().get_absolute_url()):
        assert client.get(address).status_code == 404


def test_who_may_do_what(host, unit, leader, inspector, secretary, staff, stranger, signed_in):
    visit = planned_return(unit)
    item = struck_off(unit)
    expected = {
        LIST: {staff: 200, inspector: 200, leader: 403, secretary: 403, stranger: 200},
        f"{LIST}draw/": {staff: 200, inspector: 403, leader: 403, secretary: 403, stranger: 200},
        visit.get_absolute_url(): {staff: 200, inspector: 200, leader: 404, secretary: 404, stranger: 404},
        record(visit): {staff: 200, inspector: 200, leader: 404, secretary: 404, stranger: 404},
        f"/items/{item.serial}/return-visit/": {
            staff: 200,
            inspector: 403,
            leader: 403,
            secretary: 403,
            stranger: 404,
        },
    }
    answers = {
        address: {user: signed_in(user).get(address).status_code for user in users}
        for address, users in expected.items()
    }
    assert answers == expected
    assert signed_in(inspector).post(f"{LIST}{visit.pk}/cancel/", {"reason": "x"}).status_code == 403


def test_an_inspector_sees_no_return_visit_to_an_item_of_an_unpublished_quarter(unit, inspector, signed_in):
    visit = planned_return(unit, audience=Audience.UNIT)
    assert signed_in(inspector).get(visit.get_absolute_url()).status_code == 404


# --- Planning ------------------------------------------------------------------------------------


def test_staff_draw_and_come_to_a_draw_that_can_be_repeated(host, unit, staff, leader, signed_in):
    for _ in range(4):
        struck_off(unit)
    client = signed_in(staff)
    response = client.post(
        f"{LIST}draw/", {"percent": 50, "quarters": ["2018Q3"], "client_uuid": uuid.uuid4()}
    )
    kept = ReturnDraw.objects.get()
    assert response.headers["Location"] == kept.get_absolute_url()
    assert len(kept.result) == 2
    for user in (staff, leader):
        page = text_of(signed_in(user).get(f"{kept.get_absolute_url()}?check=1"))
        assert "the same items" in page
        assert kept.seed in page


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"number": 1, "percent": 5},
        {"number": 0},
        {"percent": 101},
        {"number": "x"},
        {"since": "soon"},
        {"number": 1, "quarters": ["2017Q1"]},
        {"number": 1, "group": 99999},
        {"number": 1, "since": "2999-01-01"},
    ],
)
def test_a_draw_that_cannot_be_is_said(host, unit, staff, signed_in, wrong):
    struck_off(unit)
    assert signed_in(staff).post(f"{LIST}draw/", wrong).status_code == 422
    assert not ReturnDraw.objects.exists()


def test_an_item_chosen_by_hand_is_said_to_be(unit, staff, signed_in):
    item = struck_off(unit)
    client = signed_in(staff)
    address = f"/items/{item.serial}/return-visit/"
    assert address in text_of(client.get(item.get_absolute_url()))
    visit_address = client.post(address).headers["Location"]
    assert "Chosen by hand, not by lot" in text_of(client.get(visit_address))
    assert client.get(address).headers["Location"] == visit_address


def test_an_item_that_is_not_struck_off_is_not_visited_again(unit, staff, signed_in):
    item = raised(unit)
    client = signed_in(staff)
    assert client.get(f"/items/{item.serial}/return-visit/").status_code == 403
    assert "return-visit" not in text_of(client.get(item.get_absolute_url()))


def test_a_planned_visit_is_called_off_with_a_reason(unit, staff, signed_in):
    visit = planned_return(unit)
    client = signed_in(staff)
    client.post(f"{LIST}{visit.pk}/cancel/", {"reason": ""})
    assert ReturnVisit.objects.get().is_planned
    client.post(f"{LIST}{visit.pk}/cancel/", {"reason": "道路中断"})
    assert "道路中断" in text_of(client.get(visit.get_absolute_url()))


# --- Recording -----------------------------------------------------------------------------------


def test_an_inspector_records_a_failure_with_photos_and_what_else_was_met(unit, inspector, signed_in):
    visit = planned_return(unit)
    other = {"problems-0-text": "公开栏未更新", "problems-0-category": DEFAULTS[1]}
    data = result("failed", words="又出现空档", due_on=in_days(60).isoformat(), photos=[photo()], **other)
    client = signed_in(inspector)
    assert client.post(record(visit), data).headers["Location"] == visit.get_absolute_url()
    page = text_of(client.get(visit.get_absolute_url()))
    for said in ("又出现空档", "公开栏未更新", in_days(60).isoformat()):
        assert said in page
    kept = Evidence.objects.latest("pk")
    shown = client.get(f"{LIST}{visit.pk}/photos/{kept.pk}/")
    assert b"".join(shown) == path_of(kept).read_bytes()
    assert shown.headers["Content-Type"] == "image/jpeg"


def test_a_photo_of_another_item_is_not_shown_beside_it(unit, staff, signed_in):
    visit = made_return(unit, passed(files=[proof()]))
    other = Evidence.objects.exclude(step=visit.step).first()
    assert signed_in(staff).get(f"{LIST}{visit.pk}/photos/{other.pk}/").status_code == 404
    assert signed_in(staff).get(f"{LIST}{planned_return(unit).pk}/photos/{other.pk}/").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"result": ""},
        {"result": "failed", "words": ""},
        {"visited_on": ""},
        {"visited_on": in_days(1).isoformat()},
        {"due_on": in_days(60).isoformat()},
        {"words": "x" * 1001},
        {"problems-0-text": "没有类别"},
        {"problems-0-category": DEFAULTS[0]},
        {"problems-TOTAL_FORMS": "x"},
        {"client_uuid": "x"},
    ],
)
def test_a_result_that_cannot_be_comes_back_and_nothing_is_kept(unit, inspector, signed_in, wrong):
    visit = planned_return(unit)
    assert signed_in(inspector).post(record(visit), result(**wrong)).status_code == 422
    visit.refresh_from_db()
    assert (visit.is_planned, Item.objects.count()) == (True, 1)


def test_a_photo_that_is_none_is_named(unit, inspector, signed_in):
    visit = planned_return(unit)
    answer = signed_in(inspector).post(record(visit), result(photos=[SimpleUploadedFile("坏.jpg", b"x")]))
    assert answer.status_code == 422
    assert "坏.jpg" in text_of(answer)


def test_sent_again_it_is_recorded_once_and_another_result_is_told(unit, inspector, staff, signed_in):
    visit = planned_return(unit)
    data, client = result("failed"), signed_in(inspector)
    assert [client.post(record(visit), data).status_code for _ in range(2)] == [302, 302]
    answer = signed_in(staff).post(record(visit), result())
    assert answer.status_code == 422
    assert str(inspector) in text_of(answer)
    assert Item.objects.get().relapses == 1
    assert client.get(record(visit)).headers["Location"] == visit.get_absolute_url()


def test_more_rows_come_without_a_script(unit, inspector, signed_in):
    page = text_of(signed_in(inspector).post(record(planned_return(unit)), result(more="problems")))
    assert 'name="problems-2-text"' in page


# --- The list ------------------------------------------------------------------------------------


def test_the_list_counts_and_narrows(unit, staff, signed_in):
    made_return(unit), made_return(unit, failed()), planned_return(unit)
    client = signed_in(staff)
    assert text_of(client.get(LIST)).count("1/2") == 2
    assert text_of(client.get(f"{LIST}?state=failed")).count("row-note") == 1
    assert client.get(f"{LIST}?state=' OR 1=1&page=zzz").status_code == 200


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_pages_cost_the_same_at_any_length(host, unit, staff, signed_in, rows, django_assert_num_queries):
    for _ in range(rows):
        planned_return(unit)
    visit = ReturnVisit.objects.first()
    for _ in range(rows):
        struck_off(unit)
    kept = draw_items(host, Sample(percent=100), by=staff)
    client = signed_in(staff)
    for address, queries in (
        (LIST, 6),
        (visit.get_absolute_url(), 4),
        (record(visit), 5),
        (kept.get_absolute_url(), 5),
        (f"{LIST}draw/", 6),
    ):
        with django_assert_num_queries(queries):
            client.get(address)
