"""What a step refuses, and what it takes for the same step sent again."""

import pytest

from organizations.models import Role
from rectification.closing import add_note, assign, reopen, submit
from rectification.evidence import NewFile
from rectification.lifecycle import StepKind
from rectification.models import Evidence, Item, Source
from rectification.stepping import Given, ItemChanged, NotYourStep, StepRefused, take_step
from tests.factories.items import assigned, category_of, in_days, proof, raised, struck_off
from tests.factories.organizations import somebody
from tests.factories.visits import picture


def test_the_same_words_with_other_files_are_another_step(unit, secretary):
    item = raised(unit)
    add_note(item, "现场照片", by=secretary, seen=1, files=[proof()])
    with pytest.raises(ItemChanged):
        add_note(item, "现场照片", by=secretary, seen=1, files=[NewFile("另一张.jpg", picture(size=(8, 8)))])
    add_note(item, "现场照片", by=secretary, seen=1, files=[proof()])
    assert Evidence.objects.count() == 1


def test_another_category_is_another_step(unit, staff):
    item = raised(unit)
    assign(item, by=staff, seen=1, category=category_of(unit.parent))
    with pytest.raises(ItemChanged):
        assign(item, by=staff, seen=1, category=category_of(unit.parent, "规范化程度不高"))


def test_a_photo_of_the_problem_proves_nothing_of_its_being_put_right(unit, secretary):
    found = raised(unit, source=Source.SELF, by=secretary, files=[proof("问题.jpg")])
    item = assign(
        found,
        by=somebody(Role.STAFF, unit.parent),
        seen=1,
        responsible="张三",
        due_on=in_days(9),
        category=category_of(unit.parent),
    ).item
    with pytest.raises(StepRefused, match=r"photo|照片"):
        submit(item, "已整改", by=secretary, seen=item.version)


def test_what_proved_it_before_it_was_reopened_proves_nothing_now(unit, staff, secretary):
    item = struck_off(unit)
    item = reopen(item, "问题反弹", by=staff, seen=item.version).item
    with pytest.raises(StepRefused, match=r"photo|照片"):
        submit(item, "已整改", by=secretary, seen=item.version)
    assert Item.objects.get().state == "open"


def test_an_answer_that_was_returned_keeps_its_evidence(unit, staff, secretary):
    item = assigned(unit)
    item = add_note(item, "整改中", by=secretary, seen=item.version, files=[proof()]).item
    assert submit(item, "已整改", by=secretary, seen=item.version).state == "submitted"


@pytest.mark.parametrize("kind", [StepKind.ASSIGN, StepKind.NOTE, StepKind.SUBMIT])
def test_a_unit_gives_itself_no_more_time(kind, unit, secretary):
    item = assigned(unit, source=Source.SELF)
    given = Given(text="道路施工", responsible="李四", due_on=in_days(99), files=[proof()])
    with pytest.raises(NotYourStep):
        take_step(item, kind, given, by=secretary, seen=item.version)
    assert Item.objects.get().due_on == item.due_on


def test_only_an_extension_moves_a_date_that_is_set(unit, staff):
    item = assigned(unit)
    with pytest.raises(StepRefused):
        take_step(item, StepKind.NOTE, Given(text="催办", due_on=in_days(99)), by=staff, seen=item.version)


def test_a_unit_may_name_person_and_date_of_what_it_found_with_its_answer(unit, secretary):
    item = raised(unit, source=Source.SELF, by=secretary, category=category_of(unit.parent))
    answered = submit(
        item, "已整改", by=secretary, seen=1, responsible="张三", due_on=in_days(3), files=[proof()]
    ).item
    assert (answered.state, answered.original_due_on) == ("submitted", in_days(3))


def test_the_staff_complete_an_item_with_the_answer_they_have_on_paper(unit, staff):
    details = {"responsible": "张三", "due_on": in_days(3), "category": category_of(unit.parent)}
    answered = submit(raised(unit), "已整改", by=staff, seen=1, files=[proof()], **details)
    assert (answered.item.state, answered.for_unit) == ("submitted", True)
