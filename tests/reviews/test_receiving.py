"""Records from phones: counted once, held where no scores are taken, never turned away for coming late."""

import uuid
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import ExifTags, Image

from files.pictures import PhotoRefused
from organizations.models import Role
from reviews.models import Deduction, Visit, VisitPhoto, VisitSettings, VisitState
from reviews.photos import NewPhoto, path_of
from reviews.publishing import step_back, verify_cycle
from reviews.receiving import (
    count_held,
    photos_awaited,
    receive_photo,
    receive_record,
    sent_findings,
    set_aside,
)
from reviews.recording import EntryClosed
from reviews.visiting import VisitRefused, cancel_visit
from tests.factories.organizations import somebody
from tests.factories.phones import phone_record
from tests.factories.reviews import opened_cycle, published, ready_host, review_of, score
from tests.factories.visits import branch_of, made, photo, planned, unit_of

pytestmark = pytest.mark.django_db
TOWN = "甲镇党委"
LOSSES = (("三会一课", "1.5", "记录不完整"), ("主题党日", "2", "缺签到表"))


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cycle():
    return opened_cycle(ready_host(TOWN, "乙镇党委"))


@pytest.fixture
def inspector(cycle):
    return somebody(Role.INSPECTOR, cycle.host)


@pytest.fixture
def staff(cycle):
    return somebody(Role.STAFF, cycle.host)


def key_of(record, number):
    return record.photos[number].key


class TestReceiving:
    def test_a_record_becomes_a_visit_with_all_it_says(self, cycle, inspector):
        record = phone_record(
            cycle,
            TOWN,
            inspector,
            *LOSSES,
            highlights=["示范点好"],
            problems=[{"category": "规范化程度不高", "text": "档案不全"}],
            place=branch_of(unit_of(cycle, TOWN), "东山村党支部").pk,
        )
        visit = receive_record(cycle, None, record, by=inspector)
        assert visit.state == VisitState.DONE
        assert [row.points for row in visit.deductions.all()] == [Decimal("1.5"), Decimal(2)]
        assert [row.text for row in visit.highlights.all()] == ["示范点好"]
        assert [row.category.name for row in visit.problems.all()] == ["规范化程度不高"]
        assert (visit.place_label, list(visit.inspectors.all())) == ("东山村党支部", [inspector])
        kept = Visit.objects.get()
        assert (kept.sent_record, kept.noted_at) == (record.as_sent(), record.noted_at)

    def test_it_records_the_visit_that_was_planned(self, cycle, inspector):
        visit = planned(cycle, TOWN, inspectors=(inspector,))
        record = phone_record(cycle, TOWN, inspector, LOSSES[0], visit=visit, note="雨天")
        assert receive_record(cycle, visit, record, by=inspector) == visit
        visit = Visit.objects.get()
        assert (visit.state, visit.client_uuid, visit.note) == (VisitState.DONE, record.key, "雨天")

    def test_sent_again_it_changes_nothing(self, cycle, inspector):
        record = phone_record(cycle, TOWN, inspector, *LOSSES)
        first = receive_record(cycle, None, record, by=inspector)
        assert receive_record(cycle, None, record, by=inspector) == first
        assert (Visit.objects.count(), Deduction.objects.count()) == (1, 2)

    def test_other_content_under_its_key_is_told_apart(self, cycle, inspector):
        record = phone_record(cycle, TOWN, inspector, LOSSES[0])
        receive_record(cycle, None, record, by=inspector)
        changed = phone_record(cycle, TOWN, inspector, LOSSES[1], uuid=str(record.key))
        with pytest.raises(VisitRefused):
            receive_record(cycle, None, changed, by=inspector)
        assert Deduction.objects.get().reason == "记录不完整"

    @pytest.mark.parametrize(
        "changes",
        [
            {"organization": 10**9}, {"place": 10**9}, {"inspectors": []}, {"inspectors": [10**9]},
            {"visited_on": "2999-01-01"}, {"problems": [{"category": "没有的类别", "text": "问题"}]},
            {"losses": [{"indicator": 10**9, "points": "1", "reason": "无"}]},
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused_and_nothing_is_kept(self, changes, cycle, inspector):
        with pytest.raises(VisitRefused):
            receive_record(cycle, None, phone_record(cycle, TOWN, inspector, **changes), by=inspector)
        assert not Visit.objects.exists()

    @pytest.mark.parametrize("points", ["0", "0.3", "61"])
    def test_points_off_the_rubric_are_refused_with_what_is_allowed(self, points, cycle, inspector):
        record = phone_record(cycle, TOWN, inspector, ("三会一课", points, "缺"))
        with pytest.raises(VisitRefused, match=r"60"):
            receive_record(cycle, None, record, by=inspector)
        assert not Visit.objects.exists()

    def test_nobody_records_the_own_unit(self, cycle, inspector):
        inspector.memberships.create(organization=unit_of(cycle, TOWN), role=Role.SECRETARY)
        with pytest.raises(VisitRefused):
            receive_record(cycle, None, phone_record(cycle, TOWN, inspector), by=inspector)

    def test_a_visit_that_a_colleague_recorded_first_says_so(self, cycle, inspector, staff):
        visit = made(cycle, TOWN, inspectors=(inspector, staff))
        record = phone_record(cycle, TOWN, inspector, visit=visit)
        with pytest.raises(VisitRefused, match=str(inspector)):
            receive_record(cycle, visit, record, by=inspector)


class TestPhotos:
    @pytest.fixture
    def sent(self, cycle, inspector):
        record = phone_record(cycle, TOWN, inspector, *LOSSES, photos=[1, None])
        return record, receive_record(cycle, None, record, by=inspector)

    def test_each_proves_what_the_record_says(self, sent):
        record, visit = sent
        assert photos_awaited(visit) == 2
        proof = receive_photo(visit, key_of(record, 0), photo())
        whole = receive_photo(visit, key_of(record, 1), photo())
        assert (proof.deduction.reason, whole.deduction) == ("缺签到表", None)
        assert photos_awaited(Visit.objects.get()) == 0

    def test_sent_again_it_is_kept_once(self, sent):
        record, visit = sent
        first = receive_photo(visit, key_of(record, 0), photo())
        assert receive_photo(visit, key_of(record, 0), photo()) == first
        assert len(list(path_of(first).parent.iterdir())) == VisitPhoto.objects.count() == 1

    def test_one_that_the_record_does_not_name_is_refused(self, sent):
        with pytest.raises(VisitRefused):
            receive_photo(sent[1], uuid.uuid4(), photo())

    def test_what_is_no_photo_is_refused(self, sent):
        record, visit = sent
        with pytest.raises(PhotoRefused):
            receive_photo(visit, key_of(record, 0), NewPhoto("a.jpg", b"no"))

    def test_it_comes_after_the_quarter_was_published_too(self, sent, cycle):
        record, visit = sent
        published(cycle)
        assert receive_photo(visit, key_of(record, 0), photo()).visit == visit

    def test_where_it_was_taken_is_removed_unless_the_host_wants_it(self, sent, cycle):
        record, visit = sent
        removed = receive_photo(visit, key_of(record, 0), NewPhoto("a.jpg", with_place()))
        VisitSettings.objects.create(host=cycle.host, keeps_photo_places=True)
        kept = receive_photo(visit, key_of(record, 1), NewPhoto("b.jpg", with_place()))
        assert [place_in(removed), place_in(kept)] == [{}, {1: "N", 2: (30.0, 1.0, 2.0)}]


def with_place() -> bytes:
    file, exif = BytesIO(), Image.Exif()
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (30.0, 1.0, 2.0)}
    Image.new("RGB", (40, 30)).save(file, "JPEG", exif=exif)
    return file.getvalue()


def place_in(row: VisitPhoto) -> dict[int, object]:
    with Image.open(row.SHELF.original(row.stored_name)) as image:
        return dict(image.getexif().get_ifd(ExifTags.IFD.GPSInfo))


class TestHeld:
    """Rule 14 freezes what is published; the record is kept all the same."""

    @pytest.fixture
    def late(self, cycle, inspector):
        score(cycle, TOWN, {"三会一课": 60, "主题党日": 40})
        published(cycle)
        cycle.refresh_from_db()
        record = phone_record(cycle, TOWN, inspector, *LOSSES, photos=[0, None])
        visit = receive_record(cycle, None, record, by=inspector)
        for number in range(2):
            receive_photo(visit, key_of(record, number), photo())
        return visit

    def test_it_is_kept_whole_and_changes_nothing(self, late, cycle):
        assert late.state == VisitState.HELD
        assert not Deduction.objects.exists()
        assert review_of(cycle, TOWN).total == 100
        assert late.photos.count() == 2
        assert [(row.indicator, row.points) for row in sent_findings(late).losses] == [
            ("三会一课", "1.5"),
            ("主题党日", "2"),
        ]

    def test_sent_again_it_is_held_once(self, late, cycle, inspector):
        record = phone_record(cycle, TOWN, inspector)
        for _time in range(2):
            receive_record(cycle, None, record, by=inspector)
        assert Visit.objects.held().count() == 2

    def test_it_counts_once_the_staff_say_so_and_entry_is_open(self, late, cycle, staff, inspector):
        with pytest.raises(EntryClosed):
            count_held(late, by=staff)
        step_back(cycle, by=staff, reason="更正")
        count_held(late, by=staff)
        assert review_of(cycle, TOWN).total == Decimal("96.5")
        visit = Visit.objects.get()
        assert (visit.state, visit.recorded_by, visit.decided_by) == (VisitState.DONE, inspector, staff)
        assert [row.deduction and row.deduction.reason for row in visit.photos.all()] == ["记录不完整", None]
        with pytest.raises(VisitRefused, match=str(staff)):
            count_held(late, by=staff)
        assert Deduction.objects.count() == 2

    def test_it_is_set_aside_with_a_reason(self, late, staff):
        with pytest.raises(VisitRefused):
            set_aside(late, reason=" ", by=staff)
        set_aside(late, reason="已另行处理", by=staff)
        visit = Visit.objects.get()
        assert (visit.state, visit.reason, visit.decided_by) == (VisitState.CANCELLED, "已另行处理", staff)
        assert sent_findings(visit) is not None
        with pytest.raises(VisitRefused):
            set_aside(late, reason="再次", by=staff)

    def test_one_that_was_planned_is_held_in_its_place(self, cycle, inspector, staff):
        visit = planned(cycle, TOWN, inspectors=(inspector,))
        verify_cycle(cycle, by=staff, exempt_reason="免检")
        record = phone_record(cycle, TOWN, inspector, visit=visit)
        assert receive_record(cycle, visit, record, by=inspector) == visit
        assert Visit.objects.get().state == VisitState.HELD
        with pytest.raises(VisitRefused):
            cancel_visit(visit, by=staff, reason="不去了")

    def test_what_is_wrong_whatever_the_state_is_refused(self, cycle, inspector, staff):
        verify_cycle(cycle, by=staff, exempt_reason="免检")
        record = phone_record(cycle, TOWN, inspector, visited_on="2999-01-01")
        with pytest.raises(VisitRefused):
            receive_record(cycle, None, record, by=inspector)
        assert not Visit.objects.exists()
