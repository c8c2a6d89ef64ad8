"""The phone's addresses: a page without data, data without ranks or the own unit, records sent once."""

import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from organizations.models import Role, User
from reviews.models import Deduction, ReviewCycle, Visit, VisitPhoto, VisitState
from reviews.publishing import publish_cycle, verify_cycle
from tests.factories.organizations import somebody
from tests.factories.phones import record_json
from tests.factories.reviews import add_group, opened_cycle, published, ready_host, score
from tests.factories.visits import branch_of, made, picture, planned, unit_of
from tests.reviews.views.answers import said_by, text_of

pytestmark = pytest.mark.django_db
TOWN = "甲镇党委"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cycle():
    return opened_cycle(ready_host(TOWN, "乙镇党委"))


@pytest.fixture
def host(cycle):
    return cycle.host


@pytest.fixture
def inspector(host):
    return somebody(Role.INSPECTOR, host)


@pytest.fixture
def phone(inspector, signed_in):
    return signed_in(inspector)


def send(client: Client, record: dict, user: User, **headers):
    body = json.dumps({"user": user.pk, "record": record})
    return client.post("/m/visits/", body, content_type="application/json", **headers)


def send_photo(client: Client, record: dict, number: int = 0, data: bytes | None = None):
    address = f"/m/visits/{record['uuid']}/photos/{record['photos'][number]['uuid']}/"
    return client.post(address, {"photo": SimpleUploadedFile("a.jpg", data or picture())})


class TestPage:
    def test_it_opens_for_anybody_and_holds_nobodys_data(self, client, cycle, inspector, signed_in):
        planned(cycle, TOWN, inspectors=(inspector,))
        anonymous = client.get("/m/", headers={"accept-language": "en"})
        assert anonymous.status_code == 200
        assert anonymous.content == signed_in(inspector).get("/m/").content
        assert TOWN not in anonymous.content.decode()
        assert "csrf" not in anonymous.content.decode()

    def test_the_worker_keeps_the_page_and_every_file_it_loads(self, client):
        page = client.get("/m/").content.decode()
        worker = client.get("/m/worker.js")
        assert worker["Content-Type"] == "text/javascript"
        loaded = {part.split('"')[0] for part in page.split('src="')[1:]}
        loaded |= {part.split('"')[0] for part in page.split('rel="stylesheet" href="')[1:]}
        assert len(loaded) > 5
        assert [file for file in loaded if f'"{file}"' not in worker.content.decode()] == []

    def test_another_language_is_another_version(self, client):
        texts = {
            client.get("/m/worker.js", headers={"accept-language": each}).content for each in ("en", "zh")
        }
        assert len(texts) == 2
        assert client.get("/m/worker.js").content == client.get("/m/worker.js").content

    def test_the_manifest_lets_it_be_installed(self, client):
        manifest = client.get("/m/manifest.webmanifest")
        assert manifest["Content-Type"] == "application/manifest+json"
        content = manifest.json()
        assert (content["start_url"], content["scope"], content["display"]) == ("/m/", "/m/", "standalone")
        assert {icon["sizes"] for icon in content["icons"]} == {"192x192", "512x512"}


class TestData:
    def test_it_holds_all_that_a_record_needs(self, phone, cycle, inspector):
        branch = branch_of(unit_of(cycle, TOWN), "东山村党支部")
        visit = planned(cycle, TOWN, inspectors=(inspector,), place=branch)
        data = phone.get("/m/data/").json()
        assert data["user"] == {"key": inspector.pk, "name": str(inspector)}
        assert [unit["name"] for unit in data["units"]] == [TOWN, "乙镇党委"]
        assert data["units"][0]["places"] == [{"key": branch.pk, "name": "东山村党支部"}]
        (known,) = data["cycles"]
        (section,) = data["rubrics"][str(known["rubrics"][str(unit_of(cycle, TOWN).pk)])]
        assert [(row["name"], row["full"], row["step"]) for row in section["indicators"]] == [
            ("三会一课", "60", "0.5"),
            ("主题党日", "40", "0.5"),
        ]
        assert [row["key"] for row in data["visits"]] == [visit.pk]
        assert data["token"]

    def test_a_draft_offers_the_rubrics_in_force(self, phone, host):
        ReviewCycle.objects.create(host=host, year=2018, number=4)
        newest = phone.get("/m/data/").json()["cycles"][0]
        assert newest["label"] == "2018年第四季度"
        assert set(newest["rubrics"]) == {str(unit.pk) for unit in host.units.all()}

    def test_a_visit_planned_for_a_quarter_that_closed_meanwhile_can_be_recorded(
        self, phone, cycle, inspector
    ):
        visit = planned(cycle, TOWN, inspectors=(inspector,))
        verify_cycle(cycle, by=None, exempt_reason="免检")
        data = phone.get("/m/data/").json()
        (known,) = data["cycles"]
        assert (known["key"], known["is_offered"]) == (visit.cycle_id, False)
        assert str(known["rubrics"][str(visit.organization_id)]) in data["rubrics"]

    def test_it_tells_no_score_and_no_rank(self, phone, cycle):
        score(cycle, TOWN, {"三会一课": 57.5, "主题党日": 37.5})
        before = phone.get("/m/data/").json()
        score(cycle, TOWN, {"三会一课": 12.5, "主题党日": 12.5})
        after = phone.get("/m/data/").json()
        assert before | {"token": ""} == after | {"token": ""}

    def test_an_inspector_does_not_learn_of_a_visit_to_the_own_unit(self, phone, cycle, inspector, host):
        own = unit_of(cycle, TOWN)
        inspector.memberships.create(organization=own, role=Role.SECRETARY)
        colleague = somebody(Role.INSPECTOR, host)
        before = phone.get("/m/data/").json()
        planned(cycle, TOWN, inspectors=(colleague,))
        after = phone.get("/m/data/").json()
        assert before | {"token": ""} == after | {"token": ""}
        assert [unit["name"] for unit in after["units"]] == ["乙镇党委"]

    @pytest.mark.parametrize("role", [Role.LEADER, Role.SECRETARY])
    def test_whoever_makes_no_visits_gets_nothing(self, role, cycle, host, signed_in):
        user = somebody(role, unit_of(cycle, TOWN) if role == Role.SECRETARY else host)
        client = signed_in(user)
        assert client.get("/m/data/").status_code == 403
        record = record_json(cycle, TOWN, user)
        assert send(client, record, user).status_code in (403, 404)
        assert not Visit.objects.exists()

    @pytest.mark.parametrize("units", [1, 3, 50])
    def test_it_costs_the_same_for_any_number_of_units(
        self, units, inspector, signed_in, django_assert_num_queries
    ):
        host = ready_host(*(f"第{number}镇党委" for number in range(units)))
        add_group(host, "系统单位", *(f"第{number}局党委" for number in range(units)))
        cycle = opened_cycle(host)
        user = somebody(Role.INSPECTOR, host)
        for unit in host.units.all():
            branch_of(unit, f"{unit.name}一支部")
            planned(cycle, unit.name, inspectors=(user,))
        client = signed_in(user)
        with django_assert_num_queries(14):
            client.get("/m/data/")


class TestSending:
    def test_a_record_and_its_photos_come_once_however_often_they_are_sent(self, phone, cycle, inspector):
        record = record_json(cycle, TOWN, inspector, ("三会一课", "2", "缺签到表"), photos=[0, None])
        for _time in range(3):
            answer = send(phone, record, inspector)
            assert answer.json()["outcome"] == "recorded"
            for number in range(2):
                assert send_photo(phone, record, number).status_code == 200
        visit = Visit.objects.get()
        assert (Deduction.objects.count(), VisitPhoto.objects.count()) == (1, 2)
        again = send(phone, record, inspector).json()
        assert again["url"] == visit.get_absolute_url()
        assert set(again["photos"]) == {photo["uuid"] for photo in record["photos"]}

    def test_one_for_a_closed_quarter_is_held_and_shown_to_the_staff(
        self, phone, cycle, host, inspector, signed_in
    ):
        published(cycle)
        record = record_json(cycle, TOWN, inspector, ("三会一课", "2", "缺签到表"))
        assert send(phone, record, inspector).json()["outcome"] == "held"
        visit = Visit.objects.get()
        desk = signed_in(somebody(Role.STAFF, host))
        page = desk.get(f"/visits/{visit.pk}/").content.decode()
        assert "缺签到表" in page
        assert "Set aside" in page
        assert "Not counted yet" in desk.get("/visits/").content.decode()

    def test_nobody_sends_in_anothers_name(self, phone, cycle, host, inspector):
        other = somebody(Role.INSPECTOR, host)
        record = record_json(cycle, TOWN, other)
        assert send(phone, record, other).status_code == 401
        assert not Visit.objects.exists()

    def test_anothers_planned_visit_is_not_recorded(self, phone, cycle, inspector):
        visit = planned(cycle, TOWN)
        record = record_json(cycle, TOWN, inspector, visit=visit)
        assert send(phone, record, inspector).status_code == 403
        assert Visit.objects.get().is_planned

    def test_a_quarter_of_another_host_is_as_if_there_were_none(self, phone, inspector):
        elsewhere = opened_cycle(ready_host("丙镇党委"))
        record = record_json(elsewhere, "丙镇党委", inspector)
        absent = record | {"cycle": 10**9}
        answers = [send(phone, each, inspector) for each in (record, absent)]
        assert said_by(answers[0]) == said_by(answers[1])
        assert answers[0].status_code == 404

    def test_it_is_sent_whatever_host_the_account_works_in_now(self, phone, cycle, inspector):
        visit = planned(cycle, TOWN, inspectors=(inspector,))
        other = ready_host("丙镇党委")
        inspector.memberships.create(organization=other, role=Role.INSPECTOR)
        phone.post("/host/", {"host": other.pk})
        assert phone.get("/m/data/").json()["host"]["key"] == other.pk
        record = record_json(cycle, TOWN, inspector, visit=visit, photos=[None])
        assert send(phone, record, inspector).status_code == 200
        assert send_photo(phone, record).status_code == 200

    def test_a_refusal_says_why(self, phone, cycle, inspector):
        record = record_json(cycle, TOWN, inspector, ("三会一课", "60.5", "缺"))
        answer = send(phone, record, inspector)
        assert answer.status_code == 409
        assert "60" in answer.json()["message"]

    @pytest.mark.parametrize("body", ["", "{}", "[1]", '{"user": 1, "record": {"uuid": 1}}'])
    def test_what_is_no_record_is_refused(self, body, phone):
        assert phone.post("/m/visits/", body, content_type="application/json").status_code == 422

    def test_a_form_is_no_record(self, phone):
        assert phone.post("/m/visits/", {"record": "1"}).status_code == 422

    def test_a_record_of_unbearable_length_is_refused(self, phone, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
        answer = phone.post("/m/visits/", '{"a": "' + "a" * 200 + '"}', content_type="application/json")
        assert answer.status_code == 413

    def test_photos_are_checked(self, phone, cycle, inspector):
        record = record_json(cycle, TOWN, inspector, photos=[None])
        assert send_photo(phone, record).status_code == 404  # the record first
        send(phone, record, inspector)
        assert send_photo(phone, record, data=b"no").status_code == 422
        unknown = record | {"photos": [{"uuid": str(uuid.uuid4())}]}
        assert send_photo(phone, unknown).status_code == 422
        address = f"/m/visits/{record['uuid']}/photos/{record['photos'][0]['uuid']}/"
        assert phone.post(address).status_code == 422
        assert not VisitPhoto.objects.exists()

    def test_another_inspector_adds_no_photo(self, phone, cycle, host, inspector, signed_in):
        record = record_json(cycle, TOWN, inspector, photos=[None])
        send(phone, record, inspector)
        assert send_photo(signed_in(somebody(Role.INSPECTOR, host)), record).status_code == 403

    def test_a_signed_out_phone_is_led_to_the_login(self, client, cycle, inspector):
        record = record_json(cycle, TOWN, inspector)
        assert send(client, record, inspector).status_code == 302
        assert client.get("/m/data/").status_code == 302

    def test_a_stale_token_is_refused(self, cycle, inspector):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(inspector)
        record = record_json(cycle, TOWN, inspector)
        assert send(strict, record, inspector).status_code == 403
        token = strict.get("/m/data/").json()["token"]
        assert send(strict, record, inspector, headers={"x-csrftoken": token}).status_code == 200


class TestDeciding:
    @pytest.fixture
    def held(self, phone, cycle, inspector, host):
        verify_cycle(cycle, by=None, exempt_reason="免检")
        send(phone, record_json(cycle, TOWN, inspector, ("三会一课", "2", "缺签到表")), inspector)
        return Visit.objects.get()

    @pytest.fixture
    def desk(self, host, signed_in):
        return signed_in(somebody(Role.STAFF, host))

    def test_staff_open_the_quarter_and_count_it(self, held, cycle, desk):
        refused = desk.post(f"/visits/{held.pk}/count/", follow=True)
        assert "takes no scores" in refused.content.decode()
        desk.post(f"/cycles/{cycle.quarter}/back/", {"reason": "补录"})
        page = desk.get(f"/visits/{held.pk}/").content.decode()
        assert "Count it now" in page
        done = desk.post(f"/visits/{held.pk}/count/", follow=True)
        assert "The record counts now." in done.content.decode()
        assert Deduction.objects.get().visit == held

    def test_staff_set_it_aside(self, held, desk):
        desk.post(f"/visits/{held.pk}/set-aside/", {"reason": "重复"})
        assert Visit.objects.get().state == VisitState.CANCELLED
        assert "缺签到表" in desk.get(f"/visits/{held.pk}/").content.decode()

    def test_a_phone_that_asks_again_is_told_that_it_was_set_aside(self, held, desk, phone, inspector):
        desk.post(f"/visits/{held.pk}/set-aside/", {"reason": "重复"})
        assert send(phone, held.sent_record, inspector).json()["outcome"] == "set_aside"

    def test_inspectors_do_not_decide(self, held, phone):
        for deed in ("count", "set-aside"):
            assert phone.post(f"/visits/{held.pk}/{deed}/", {"reason": "重复"}).status_code == 403
        assert Visit.objects.get().is_held

    @pytest.mark.parametrize("is_published", [False, True])
    def test_the_first_page_and_the_cycles_page_tell_the_staff(self, is_published, held, cycle, desk):
        if is_published:
            publish_cycle(cycle, by=held.recorded_by, confirm=True)
        for address in ("/", f"/cycles/{cycle.quarter}/"):
            assert text_of(desk.get(address)).count("1 record sent from a phone is not counted yet") == 1
        assert TOWN in text_of(desk.get(f"/visits/?state=held&cycle={cycle.pk}"))
        desk.post(f"/visits/{held.pk}/set-aside/", {"reason": "重复"})
        assert "not counted yet" not in text_of(desk.get("/"))

    def test_the_unit_knows_of_nothing(self, held, cycle, signed_in):
        secretary = signed_in(somebody(Role.SECRETARY, unit_of(cycle, TOWN)))
        for address in (f"/visits/{held.pk}/", f"/visits/{held.pk}/count/"):
            assert secretary.get(address).status_code in (404, 405)


def test_the_host_says_whether_places_of_photos_are_kept(host, phone, signed_in):
    desk = signed_in(somebody(Role.STAFF, host))
    form = desk.get("/settings/").context
    filled = {
        f"{part.prefix}-{name}": value or ""
        for part in (form["host_form"], form["documents_form"], form["replies_form"])
        for name, value in part.initial.items()
    }
    assert phone.get("/m/data/").json()["keeps_places"] is False
    desk.post("/settings/", filled | {"visits-keeps_photo_places": "on"})
    assert phone.get("/m/data/").json()["keeps_places"] is True


def test_photos_still_on_a_phone_are_counted_on_the_visits_page(phone, cycle, inspector):
    record = record_json(cycle, TOWN, inspector, photos=[None, None])
    send(phone, record, inspector)
    send_photo(phone, record)
    page = phone.get(Visit.objects.get().get_absolute_url()).content.decode()
    assert "1 photo of this record has not come" in page


def test_a_visit_of_the_desk_awaits_nothing(phone, cycle, inspector):
    visit = made(cycle, TOWN, inspectors=(inspector,))
    assert "not come from the phone" not in phone.get(visit.get_absolute_url()).content.decode()
