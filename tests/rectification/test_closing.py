"""From raising to striking off: what is taken, what is refused, and what the database itself refuses."""

from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from PIL import ExifTags, Image

from organizations.models import Role
from rectification.categories import DEFAULTS
from rectification.closing import assign, extend, return_to_unit, strike_off, submit
from rectification.evidence import CarriedFile, path_of
from rectification.lifecycle import StepKind
from rectification.models import Audience, Evidence, Item, Step
from rectification.stepping import Given, ItemChanged, NotYourStep, StepRefused, take_step
from tests.factories.items import assigned, category_of, in_days, proof, raised, struck_off, submitted
from tests.factories.organizations import somebody
from tests.factories.visits import picture


def test_an_item_goes_from_raised_to_struck_off_by_a_second_person(unit, staff):
    item = struck_off(unit, by=staff)
    assert (item.state, item.is_closed, item.struck_off_on) == ("struck_off", True, in_days(0))
    assert [step.kind for step in item.steps.all()] == ["raise", "assign", "submit", "strike_off"]
    assert [step.number for step in item.steps.all()] == [1, 2, 3, 4]


def test_serial_numbers_follow_on_each_other_by_quarter(unit, other_unit):
    serials = [str(raised(each).serial) for each in (unit, other_unit)]
    serials.append(str(raised(unit, quarter="2018Q4").serial))
    assert serials == ["2018Q3-001", "2018Q3-002", "2018Q4-001"]


def test_whoever_answered_for_the_unit_never_strikes_off(unit, staff):
    item = assigned(unit)
    submit(item, "已整改", by=staff, seen=item.version, files=[proof()])
    item.refresh_from_db()
    with pytest.raises(NotYourStep):
        strike_off(item, by=staff, seen=item.version)
    strike_off(item, by=somebody(Role.STAFF, unit.parent), seen=item.version)


def test_a_second_click_takes_the_step_once(unit, staff):
    item = submitted(unit)
    seen = item.version
    assert strike_off(item, by=staff, seen=seen) == strike_off(item, by=staff, seen=seen)
    assert item.steps.filter(kind=StepKind.STRIKE_OFF.value).count() == 1


def test_whoever_comes_second_is_told_and_changes_nothing(unit, staff):
    item = submitted(unit)
    strike_off(item, by=staff, seen=item.version)
    with pytest.raises(ItemChanged):
        return_to_unit(item, "照片不清", by=somebody(Role.STAFF, unit.parent), seen=item.version)
    assert Item.objects.get().state == "struck_off"


def test_what_points_elsewhere_is_not_the_same_step_again(unit, staff):
    item, host = assigned(unit, by=staff), unit.parent
    seen = item.version
    assign(item, by=staff, seen=seen, category=category_of(host, DEFAULTS[1]))
    with pytest.raises(ItemChanged):
        assign(item, by=staff, seen=seen, category=category_of(host, DEFAULTS[2]))
    assert Item.objects.get().category.name == DEFAULTS[1]


def test_an_audience_never_narrows(unit, staff):
    item = raised(unit, audience=Audience.HOST)
    with pytest.raises(StepRefused):
        take_step(item, StepKind.SEND, Given(audience=Audience.UNIT), by=staff, seen=item.version)
    assert Item.objects.get().audience == Audience.HOST


def test_an_answer_needs_evidence(unit, secretary):
    item = assigned(unit)
    with pytest.raises(StepRefused, match=r"photo|照片"):
        submit(item, "已整改", by=secretary, seen=item.version)
    assert Item.objects.get().state == "open"


def test_an_extension_keeps_the_original_date(unit, staff):
    item = assigned(unit, days=10)
    item = extend(item, in_days(20), "道路施工", by=staff, seen=item.version).item
    assert (item.original_due_on, item.due_on) == (in_days(10), in_days(20))


@pytest.mark.parametrize("table", [Step, Evidence])
def test_the_database_refuses_to_edit_the_log(unit, table):
    struck_off(unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        table.objects.update(id=1_000)
    with pytest.raises(IntegrityError), transaction.atomic():
        table.objects.all()._raw_delete(table.objects.db)


def test_the_database_refuses_striking_off_without_a_second_person(unit, secretary):
    item = submitted(unit, secretary=secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.create(
            item=item, number=99, kind="strike_off", state="struck_off", at=item.steps.last().at, by=secretary
        )


def test_a_unit_does_not_refile_its_problem(unit, host, secretary):
    item = assigned(unit)
    with pytest.raises(NotYourStep):
        assign(item, by=secretary, seen=item.version, category=category_of(host, DEFAULTS[1]))
    assert Item.objects.get().category.name == DEFAULTS[0]


def test_where_a_photo_was_taken_goes_when_it_is_carried_over(unit, tmp_path):
    exif = Image.Exif()
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (30.0, 1.0, 2.0)}
    with Image.open(BytesIO(picture())) as image:
        image.save(tmp_path / "visit", "JPEG", exif=exif)
    raised(unit, files=[CarriedFile("会议室.jpg", tmp_path / "visit", "image/jpeg")])
    with Image.open(path_of(Evidence.objects.get())) as kept:
        assert kept.getexif().get_ifd(ExifTags.IFD.GPSInfo) == {}
