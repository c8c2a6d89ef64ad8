"""The page of one item: what it says, what it offers to whom, and what becomes of what is sent from it."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import ExifTags, Image

from files.folders import folder_of
from organizations.models import Role
from rectification.categories import DEFAULTS
from rectification.closing import (
    add_note,
    extend,
    return_to_unit,
    strike_off,
    submit,
    withdraw,
)
from rectification.evidence import NewFile, path_of
from rectification.lifecycle import StepKind
from rectification.models import Audience, Evidence, Item, Source, Step
from rectification.stepping import Given, take_step
from tests.factories.documents import pdf, word
from tests.factories.items import assigned, category_of, in_days, proof, raised, struck_off, submitted
from tests.factories.organizations import HostFactory, UnitFactory, somebody
from tests.factories.visits import picture
from tests.reviews.views.answers import text_of


def page_of(client, item: Item) -> str:
    answer = client.get(item.get_absolute_url())
    assert answer.status_code == 200
    return text_of(answer)


def offered(client, item: Item) -> list[str]:
    """The steps the page offers, in its order; the open one with a star."""
    html = client.get(item.get_absolute_url()).content.decode()
    panels = re.findall(r'<details class="item-action" id="(\w+)"( open)?>', html)
    return [name + ("*" if is_open else "") for name, is_open in panels]


def upload(name: str = "整改后.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if data is None else data)


def send(client, item: Item, step: str, *, seen: int | None = None, **fields):
    return client.post(f"/items/{item.serial}/{step}/", {"seen": seen or item.version, **fields})


class TestWhatItSays:
    def test_an_extended_item_shows_both_dates_and_is_overdue_by_the_first(self, unit, staff, signed_in):
        item = assigned(unit, days=0)
        item = extend(item, in_days(20), "道路施工", by=staff, seen=item.version).item
        Item.objects.update(original_due_on=in_days(-3))
        shown = page_of(signed_in(staff), item)
        assert "3 days overdue" in shown
        assert f"extended; originally {in_days(-3)}" in shown
        assert f"{in_days(20)}" in shown

    @pytest.mark.parametrize(("days", "words"), [(0, "due today"), (1, "1 day left"), (40, "40 days left")])
    def test_how_long_is_left_is_said_in_words(self, days, words, unit, staff, signed_in):
        assert words in page_of(signed_in(staff), assigned(unit, days=days))

    def test_the_log_says_who_did_what_when_with_which_words_and_files(self, unit, staff, signed_in):
        secretary = somebody(Role.SECRETARY, unit)
        secretary.full_name = "陈书记"
        secretary.save()
        item = assigned(unit, by=staff)
        files = [proof("公示栏.jpg"), NewFile("整改报告.docx", word())]
        item = submit(item, "已公示", by=secretary, seen=item.version, files=files).item
        client = signed_in(staff)
        shown = page_of(client, item)
        assert "陈书记" in shown
        assert "已公示" in shown
        assert timezone.localtime().strftime("%Y-%m-%d") in shown
        photo, document = Evidence.objects.all()
        assert f'<img src="/items/files/{photo.pk}/?small" alt="公示栏.jpg"' in shown
        assert f'<a href="/items/files/{document.pk}/">' in shown
        assert shown.index("已公示") < shown.index("党建业务不熟悉</dd></div>")  # the newest step first

    def test_what_was_passed_on_names_the_unit_it_was_raised_with(self, unit, host, staff, signed_in):
        item, heir = assigned(unit), UnitFactory(parent=host, name="丙丁镇党委")
        given = Given(text="合并", unit=heir)
        item = take_step(item, StepKind.PASS_ON, given, by=staff, seen=item.version).item
        shown = page_of(signed_in(staff), item)
        assert "丙丁镇党委" in shown
        assert "<dt>Raised with</dt><dd>丙乡党委</dd>" in shown

    def test_a_merged_item_leads_to_the_other_only_for_those_who_see_it(
        self, unit, staff, secretary, signed_in
    ):
        item, other = raised(unit), raised(unit, audience=Audience.STAFF)
        item = take_step(item, StepKind.MERGE, Given(text="同一问题", other=other), by=staff, seen=1).item
        assert str(other.serial) in page_of(signed_in(staff), item)
        assert str(other.serial) not in page_of(signed_in(secretary), item)

    @pytest.mark.parametrize("steps", [1, 3, 50])
    def test_it_costs_the_same_however_long_the_log(
        self, steps, unit, staff, signed_in, django_assert_num_queries
    ):
        item = assigned(unit)
        for number in range(steps):
            item = add_note(item, f"第{number}次催办", by=staff, seen=item.version, files=[proof()]).item
        client = signed_in(staff)
        with django_assert_num_queries(8):
            client.get(item.get_absolute_url())


class TestWhatItOffers:
    def test_the_most_likely_step_stands_first_and_is_open(self, unit, staff, secretary, signed_in):
        desk, village = signed_in(staff), signed_in(secretary)
        bare, full, sent = raised(unit), assigned(unit), submitted(unit)
        assert offered(desk, bare)[0] == "assign*"
        assert offered(village, full) == ["submit*", "assign", "note"]
        assert offered(desk, full)[0] == "note*"
        assert offered(desk, sent) == ["strike_off*", "return", "note", "extend", "withdraw"]
        assert offered(village, sent) == ["note"]
        assert offered(desk, strike_off(sent, by=staff, seen=sent.version).item) == ["reopen"]

    def test_what_only_the_staff_see_is_to_be_sent(self, unit, staff, signed_in):
        assert offered(signed_in(staff), assigned(unit, audience=Audience.STAFF))[0] == "send*"

    def test_a_leader_only_reads(self, unit, leader, signed_in):
        assert offered(signed_in(leader), assigned(unit)) == []

    def test_an_item_without_date_waits_for_the_staff(self, unit, secretary, signed_in):
        client, item = signed_in(secretary), raised(unit)
        assert "submit" not in " ".join(offered(client, item))
        assert "The staff have yet to set its due date" in page_of(client, item)

    def test_a_unit_sets_person_and_date_of_what_it_found_itself(self, unit, secretary, signed_in):
        item = raised(unit, source=Source.SELF, by=secretary, category=category_of(unit.parent))
        client = signed_in(secretary)
        assert offered(client, item)[0] == "submit*"
        answer = send(
            client,
            item,
            "submit",
            text="已整改",
            responsible="李四",
            due_on=in_days(5).isoformat(),
            evidence=upload(),
        )
        assert answer.status_code == 302
        item = Item.objects.get()
        assert (item.state, item.responsible, item.original_due_on) == ("submitted", "李四", in_days(5))

    def test_a_unit_is_told_why_it_was_returned(self, unit, staff, secretary, signed_in):
        item = submitted(unit, secretary=secretary)
        item = return_to_unit(item, "照片看不清日期", by=staff, seen=item.version).item
        shown = page_of(signed_in(secretary), item)
        assert "Returned: 照片看不清日期" in shown
        assert "已补齐会议记录</textarea>" in shown  # to go on from

    def test_whoever_answered_is_told_that_another_must_strike_it_off(self, unit, staff, signed_in):
        item, client = assigned(unit), signed_in(staff)
        assert "You then answered for it and cannot strike it off" in page_of(client, item)
        answer = send(client, item, "submit", text="纸质材料已报", evidence=upload())
        assert answer.status_code == 302
        item.refresh_from_db()
        assert "somebody else must strike it off" in page_of(client, item)
        assert "strike_off" not in offered(client, item)
        assert send(client, item, "strike-off").status_code == 403
        colleague = signed_in(somebody(Role.STAFF, unit.parent))
        assert "The unit sent 1 file since the item was last opened." in page_of(colleague, item)
        assert send(colleague, item, "strike-off").status_code == 302

    def test_files_of_an_earlier_round_are_not_counted(self, unit, staff, signed_in):
        item = submitted(unit)
        for kind, words in ((StepKind.STRIKE_OFF, ""), (StepKind.REOPEN, "反弹")):
            item = take_step(item, kind, Given(text=words), by=staff, seen=item.version).item
        item = submit(
            item,
            "再次整改",
            by=somebody(Role.SECRETARY, unit),
            seen=item.version,
            files=[proof("一.jpg"), NewFile("二.pdf", pdf())],
        ).item
        assert "The unit sent 2 files since" in page_of(signed_in(staff), item)


class TestSending:
    def test_every_step_leads_back_to_the_item_and_says_what_was_done(self, unit, staff, signed_in):
        client, item = signed_in(staff), submitted(unit)
        answer = send(client, item, "strike-off", text="现场核查属实")
        assert answer.headers["Location"] == item.get_absolute_url()
        assert f"{item.serial}: Struck off." in page_of(client, item)

    def test_what_is_left_as_it_was_is_not_set_again(self, unit, staff, signed_in):
        item = assigned(unit, by=staff)
        send(
            signed_in(staff),
            item,
            "assign",
            responsible="张三",
            category=item.category.name,
            measures="制度上墙\r\n专人负责",
        )
        step = Step.objects.last()
        assert (step.responsible, step.category, step.measures) == ("", None, "制度上墙\n专人负责")

    def test_saving_without_a_change_says_what_could_be(self, unit, staff, signed_in):
        item = assigned(unit)
        answer = send(signed_in(staff), item, "assign", responsible="张三", category=item.category.name)
        assert answer.status_code == 422
        assert "Give a responsible person" in text_of(answer)

    @pytest.mark.parametrize(
        ("step", "fields", "told"),
        [
            ("return", {"text": " "}, "This field is required."),
            ("return", {"text": "长" * 1001}, "at most 1000 characters"),
            ("extend", {"text": "道路施工", "due_on": "2018-01-01"}, "2018-01-01 is past"),
            ("extend", {"text": "道路施工", "due_on": "明天"}, "Enter a valid date."),
            ("extend", {"text": "道路施工"}, "This field is required."),
            ("reopen", {"text": "反弹"}, "is “Submitted”: this cannot be done now."),
            ("note", {"text": "a\0b"}, "Null characters are not allowed."),
        ],
    )
    def test_a_mistake_is_told_in_its_panel_and_changes_nothing(
        self, step, fields, told, unit, staff, signed_in
    ):
        item = submitted(unit)
        answer = send(signed_in(staff), item, step, **fields)
        assert answer.status_code == 422
        assert told in text_of(answer)
        assert Item.objects.get().version == item.version

    def test_what_was_typed_is_kept_beside_the_mistake(self, unit, staff, signed_in):
        item = assigned(unit)
        answer = send(signed_in(staff), item, "extend", text="汛期道路中断", due_on=in_days(1).isoformat())
        html = answer.content.decode()
        assert "汛期道路中断</textarea>" in html
        assert '<details class="item-action" id="extend" open>' in html
        assert html.index('id="extend"') < html.index('id="note"')

    def test_a_thousand_characters_in_several_lines_are_not_too_many(self, unit, staff, signed_in):
        words = "\r\n".join(["长" * 99] * 10)
        assert send(signed_in(staff), assigned(unit), "note", text=words).status_code == 302

    @pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 5_000, "１"])
    def test_a_version_that_is_none_is_an_old_one(self, seen, unit, staff, signed_in):
        item = submitted(unit)
        assert send(signed_in(staff), item, "strike-off", seen=seen or " ").status_code == 409
        assert Item.objects.get().state == "submitted"

    @pytest.mark.parametrize(
        ("step", "fields"),
        [
            ("assign", {"responsible": "张三", "due_on": "2099-01-01", "category": DEFAULTS[0]}),
            (
                "submit",
                {"text": "已补齐", "responsible": "张三", "due_on": "2099-01-01", "category": DEFAULTS[0]},
            ),
            ("send", {"audience": "host"}),
            ("withdraw", {"text": "误报"}),
        ],
    )
    def test_what_is_sent_again_after_a_lost_answer_is_done_once(self, step, fields, unit, staff, signed_in):
        """Though the item has by then what the form had asked for."""
        item, client = raised(unit, audience=Audience.UNIT), signed_in(staff)
        files = [{"evidence": upload()} if step == "submit" else {} for _time in range(2)]
        answers = [send(client, item, step, **fields, **each) for each in files]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert [each.kind for each in item.steps.all()] == ["raise", step]

    def test_the_next_one_is_shown_who_was_faster_and_keeps_what_was_typed(self, unit, staff, signed_in):
        item, colleague = submitted(unit), somebody(Role.STAFF, unit.parent)
        extend(item, in_days(50), "汛期", by=colleague, seen=item.version)
        answer = send(signed_in(staff), item, "return", text="照片看不清日期")
        html = answer.content.decode()
        assert answer.status_code == 409
        assert f"{colleague} was faster (Extended" in text_of(answer)
        assert "照片看不清日期</textarea>" in html
        assert "汛期" in html
        again = re.search(r'return/".*?name="seen" value="(\d+)"', html, re.DOTALL)
        assert again is not None
        assert (
            send(signed_in(staff), item, "return", seen=int(again[1]), text="照片看不清日期").status_code
            == 302
        )

    def test_words_for_a_step_that_is_gone_can_be_copied(self, unit, staff, signed_in):
        item, colleague = submitted(unit), somebody(Role.STAFF, unit.parent)
        strike_off(item, by=colleague, seen=item.version)
        answer = send(signed_in(staff), item, "return", text="照片看不清日期")
        assert answer.status_code == 409
        shown = text_of(answer)
        assert "This can no longer be done as things stand now." in shown
        assert "<dd>照片看不清日期</dd>" in shown

    def test_a_mistake_on_an_old_version_does_not_pass_for_a_decision_on_the_new_one(
        self, unit, staff, signed_in
    ):
        item = submitted(unit)
        extend(item, in_days(50), "汛期", by=somebody(Role.STAFF, unit.parent), seen=item.version)
        html = send(signed_in(staff), item, "return", text="").content.decode()
        assert f'name="seen" value="{item.version}"' in html

    def test_a_second_click_leads_to_the_item(self, unit, staff, signed_in):
        item, client = submitted(unit), signed_in(staff)
        assert [send(client, item, "strike-off").status_code for _ in range(2)] == [302, 302]
        assert item.steps.filter(kind="strike_off").count() == 1

    def test_an_address_of_a_step_that_is_only_looked_at_shows_the_item(self, unit, staff, signed_in):
        item = assigned(unit)
        answer = signed_in(staff).get(f"/items/{item.serial}/note/")
        assert (answer.status_code, answer.headers["Location"]) == (302, item.get_absolute_url())

    def test_it_is_sent_to_its_unit_and_never_back(self, unit, staff, secretary, signed_in):
        item, client = assigned(unit, audience=Audience.STAFF), signed_in(secretary)
        assert client.get(item.get_absolute_url()).status_code == 404
        assert send(signed_in(staff), item, "send", audience="unit").status_code == 302
        assert client.get(item.get_absolute_url()).status_code == 200
        item.refresh_from_db()
        assert send(signed_in(staff), item, "send", audience="staff").status_code == 422

    def test_a_unit_that_is_not_shown_it_can_do_nothing_to_it(self, unit, secretary, signed_in):
        item = assigned(unit, audience=Audience.STAFF)
        assert send(signed_in(secretary), item, "note", text="进展").status_code == 404

    def test_a_unit_cannot_file_its_problem_elsewhere(self, unit, secretary, signed_in):
        item = assigned(unit)
        answer = send(signed_in(secretary), item, "assign", responsible="李四", category="规范化程度不高")
        assert answer.status_code == 302
        assert Item.objects.get().category == item.category

    def test_a_withdrawn_item_is_still_read(self, unit, staff, signed_in):
        item = assigned(unit)
        item = withdraw(item, "重复登记", by=staff, seen=item.version).item
        assert "重复登记" in page_of(signed_in(staff), item)


def taken_at_home() -> bytes:
    """A photo that says where it was taken."""
    file, exif = BytesIO(), Image.Exif()
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (30.0, 1.0, 2.0)}
    Image.new("RGB", (40, 30)).save(file, "JPEG", exif=exif)
    return file.getvalue()


class TestEvidence:
    def test_a_submitted_photo_has_lost_its_place(self, unit, secretary, signed_in):
        answer = send(
            signed_in(secretary), assigned(unit), "submit", text="好", evidence=upload(data=taken_at_home())
        )
        assert answer.status_code == 302
        with Image.open(path_of(Evidence.objects.get())) as image:
            assert image.getexif().get_ifd(ExifTags.IFD.GPSInfo) == {}

    @pytest.mark.parametrize(
        ("name", "data", "told"),
        [
            ("病毒.docx", b"MZ\x90\0" * 50, "“病毒.docx” is a file of another kind."),
            ("空.jpg", b"", "“空.jpg” is a file of another kind."),
            ("坏.jpg", picture()[:-200], "“坏.jpg” is not a photo that can be opened"),
        ],
    )
    def test_a_file_that_is_refused_is_named_and_none_is_kept(
        self, name, data, told, unit, secretary, signed_in
    ):
        files = [upload(), upload(name, data)]
        answer = send(signed_in(secretary), assigned(unit), "submit", text="已整改", evidence=files)
        assert answer.status_code == 422
        assert told in text_of(answer)
        assert "已整改</textarea>" in answer.content.decode()
        assert (Evidence.objects.count(), list(folder_of("items").glob("*"))) == (0, [])

    def test_an_answer_without_a_file_is_asked_for_one(self, unit, secretary, signed_in):
        answer = send(signed_in(secretary), assigned(unit), "submit", text="已整改")
        assert answer.status_code == 422
        assert "Add a photo or a document that shows what was done." in text_of(answer)

    def test_photos_are_shown_and_documents_saved(self, unit, secretary, signed_in):
        item = assigned(unit)
        files = [proof("公示栏.jpg"), NewFile("报告.html", pdf())]
        add_note(item, "进展", by=secretary, seen=item.version, files=files)
        photo, document = Evidence.objects.all()
        client = signed_in(secretary)
        shown, saved = (client.get(f"/items/files/{each.pk}/") for each in (photo, document))
        assert shown.headers["Content-Type"] == "image/jpeg"
        assert shown.headers["Content-Disposition"].startswith("inline")
        assert saved.headers["Content-Type"] == "application/pdf"
        assert saved.headers["Content-Disposition"].startswith("attachment")
        assert ".html.pdf" in saved.headers["Content-Disposition"]
        for answer in (shown, saved):
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Cache-Control"] == "private, no-store"
            assert answer.getvalue()

    def test_files_are_for_those_who_see_the_item(self, unit, other_unit, leader, signed_in):
        submitted(unit)
        address = f"/items/files/{Evidence.objects.get().pk}/"
        strangers = [somebody(Role.SECRETARY, other_unit), somebody(Role.STAFF, HostFactory())]
        assert [signed_in(user).get(address).status_code for user in strangers] == [404, 404]
        answer = signed_in(leader).get(address)
        assert answer.status_code == 200
        assert answer.getvalue()
        Item.objects.update(audience=Audience.UNIT)
        assert signed_in(leader).get(address).status_code == 404

    def test_a_file_that_is_gone_from_the_disk_is_not_found(self, unit, staff, signed_in):
        struck_off(unit)
        path_of(Evidence.objects.get()).unlink()
        assert signed_in(staff).get(f"/items/files/{Evidence.objects.get().pk}/").status_code == 404

    @pytest.mark.parametrize("address", ["/items/files/999/", "/items/2018Q3-999/", "/items/2018Q3-000/"])
    def test_what_is_not_there_is_not_found(self, address, staff, signed_in):
        assert signed_in(staff).get(address).status_code == 404
