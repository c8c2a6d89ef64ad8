"""The composer and its versions: who gets them, what is sent, and what stays when it cannot be saved."""

import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.models import Role
from reviews.models import ReportVersion
from reviews.publishing import step_back
from reviews.report_texts import composition, save_text
from reviews.reports.blocks import Block
from tests.factories.organizations import somebody
from tests.factories.reports import wrote_in
from tests.factories.reviews import cycle_with_totals, give_total, published, ready_host
from tests.reviews.views.answers import text_of

PAGE = "/cycles/2018Q3/report/circular/"
PARTS = ("key", "level", "lead", "text", "origin", "written")
OWN = Block("own-1", "区委对先进单位提出表扬。", is_written=True)


def form_of(page, **changes):
    """What the page would send, by its own fields. changes: texts by key."""
    sent = {name: [] for name in PARTS}
    for block in page.context["page"].blocks:
        row = block.block
        text = changes.get(row.key.replace(".", "_"), row.text)
        values = (row.key, str(row.level), row.lead, text, block.origin, "1" if row.is_written else "")
        for name, value in zip(PARTS, values, strict=True):
            sent[name].append(value)
    return {**sent, "seen": page.context["page"].seen, "drafted": page.context["page"].drafted}


def kept(cycle, key="averages"):
    return next(each.text for each in composition(cycle, "circular").text.blocks if each.key == key)


# --- Who -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["circular", "speech"])
def test_until_publication_the_staff_write_and_nobody_else_knows(kind, running, staff, leader, signed_in):
    address = f"/cycles/2018Q3/report/{kind}/"
    assert b'id="composer"' in signed_in(staff).get(address).content
    for method in ("get", "post"):
        assert getattr(signed_in(leader), method)(address).status_code == 404


def test_once_published_the_staff_read_it_until_it_is_corrected(done, staff, leader, signed_in):
    client = signed_in(staff)
    assert b'id="composer"' not in client.get(PAGE).content
    step_back(done, by=staff, reason="漏记得分")
    assert b'id="composer"' in client.get(PAGE).content
    assert b'id="composer"' not in client.get(PAGE + "?publication=1").content
    assert b'id="composer"' not in client.get(PAGE + "?draft=1").content
    assert b'id="composer"' not in signed_in(leader).get(PAGE).content
    assert signed_in(leader).post(PAGE, {}).status_code == 403


@pytest.mark.parametrize("address", ["versions/", "versions/1/", "versions/1/restore/"])
def test_versions_are_the_staffs_alone(address, running, staff, leader, stranger, signed_in):
    wrote_in(running, "说明。", by=staff)
    method = "post" if "restore" in address else "get"
    assert getattr(signed_in(staff), method)(PAGE + address).status_code in (200, 302)
    assert getattr(signed_in(leader), method)(PAGE + address).status_code == 403
    assert getattr(signed_in(stranger), method)(PAGE + address).status_code == 404


# --- Saving --------------------------------------------------------------------------------------


def test_a_changed_paragraph_is_saved_and_the_rest_goes_on_following(running, staff, signed_in):
    client = signed_in(staff)
    answer = client.post(PAGE, form_of(client.get(PAGE), averages="总体平稳。"))
    assert answer.url == PAGE
    assert "Saved as version 1." in text_of(client.get(PAGE))
    assert kept(running) == "总体平稳。"
    give_total(running, "甲镇党委", 99)
    assert "99.00" in "".join(each.text for each in composition(running, "circular").document().paragraphs)


def test_an_older_page_does_not_take_out_what_the_draft_has_new(running, staff, signed_in):
    client = signed_in(staff)
    old = form_of(client.get(PAGE), opening="督查情况通报如下。")
    position = old["key"].index("averages")
    for name in PARTS:
        del old[name][position]
    old["drafted"] = old["drafted"].replace("averages ", "")
    client.post(PAGE, old)
    assert kept(running)


def test_what_somebody_else_saved_stands_beside_and_a_second_saving_goes_over_it(running, staff, signed_in):
    client, other = signed_in(staff), somebody(Role.STAFF, running.host)
    mine = form_of(client.get(PAGE), averages="我写的。")
    theirs = [
        replace(each, text="他写的。", is_written=True) if each.key in {"averages", "opening"} else each
        for each in composition(running, "circular").text.blocks
    ]
    save_text(running, "circular", theirs, seen=0, by=other)
    answer = client.post(PAGE, mine)
    assert answer.status_code == 409
    shown = text_of(answer)
    assert f"{other} saved version 1 meanwhile." in shown
    assert "我写的。" in shown
    assert shown.count("他写的。") >= 2
    assert kept(running) == "他写的。"
    assert client.post(PAGE, form_of(answer)).status_code == 302
    assert (kept(running), kept(running, "opening")) == ("我写的。", "他写的。")


def test_a_field_that_there_is_not_is_named_with_its_paragraph_and_all_that_was_typed_stays(
    running, staff, signed_in
):
    client = signed_in(staff)
    answer = client.post(PAGE, form_of(client.get(PAGE), averages="平均⟦nothing⟧分", opening="开头。"))
    assert answer.status_code == 422
    shown = text_of(answer)
    assert "there is no field “nothing”" in shown
    assert "平均⟦nothing⟧分" in shown
    assert "开头。" in shown
    assert not ReportVersion.objects.exists()


def test_what_was_typed_is_not_lost_when_the_quarter_is_published_meanwhile(running, staff, signed_in):
    client = signed_in(staff)
    mine = form_of(client.get(PAGE), averages="晚了一步。")
    published(running, by=staff)
    answer = client.post(PAGE, mine)
    assert answer.status_code == 422
    assert "晚了一步。" in text_of(answer)
    assert "its documents cannot be changed now" in text_of(answer)


@pytest.mark.parametrize("data", [{}, {"seen": "x"}, {"seen": "0", "key": ["a"], "text": []}])
def test_what_no_composer_sends_saves_nothing(data, running, staff, signed_in):
    client = signed_in(staff)
    assert client.post(PAGE, data).url == PAGE
    assert "nothing was saved" in text_of(client.get(PAGE))
    assert not ReportVersion.objects.exists()


def test_nothing_that_was_typed_becomes_markup(running, staff, signed_in):
    client = signed_in(staff)
    client.post(PAGE, form_of(client.get(PAGE), averages="</textarea><script>x()</script>"))
    assert b"<script>x()" not in client.get(PAGE).content


# --- Without a script ----------------------------------------------------------------------------


def test_buttons_change_the_page_and_save_nothing(running, staff, signed_in):
    client = signed_in(staff)
    page = client.post(PAGE, form_of(client.get(PAGE), averages="手写。") | {"do": "up:averages"})
    assert page.status_code == 200
    assert [each.block.key for each in page.context["page"].blocks][1] == "averages"
    assert "手写。" in text_of(page)
    page = client.post(PAGE, form_of(page) | {"do": "remove:averages"})
    assert "averages" in [each.block.key for each in page.context["page"].taken_out]
    page = client.post(PAGE, form_of(page) | {"do": "bring-back:averages"})
    assert "averages" in [each.block.key for each in page.context["page"].blocks]
    assert not ReportVersion.objects.exists()


# --- Drafts that change --------------------------------------------------------------------------


def test_a_draft_that_changed_since_stands_beside_what_was_written(running, staff, signed_in):
    client = signed_in(staff)
    client.post(PAGE, form_of(client.get(PAGE), averages="总体平稳。"))
    assert "It says now:" not in text_of(client.get(PAGE))
    for name in [unit.name for unit in running.host.units.all()]:
        give_total(running, name, 90)
    page = client.get(PAGE)
    assert "It says now:" in text_of(page)
    page = client.post(PAGE, form_of(page) | {"do": "keep:averages"})
    client.post(PAGE, form_of(page))
    assert "It says now:" not in text_of(client.get(PAGE))
    assert kept(running) == "总体平稳。"


def test_marks_of_words_that_do_not_agree_stand_at_their_paragraph(running, staff, signed_in):
    wrote_in(running, "己镇党委位居第一名。", by=staff)
    assert b'class="remark' in signed_in(staff).get(PAGE).content


# --- Versions ------------------------------------------------------------------------------------


@pytest.fixture
def two_versions(running, staff):
    wrote_in(running, "第一稿。", by=staff)
    blocks = composition(running, "circular").text.blocks
    changed = [*blocks[:-1], replace(blocks[-1], text="第二稿。")]
    return save_text(running, "circular", changed, seen=1, by=staff)


def test_a_version_shows_what_it_changed(two_versions, staff, signed_in):
    client = signed_in(staff)
    assert "versions/2/" in text_of(client.get(PAGE + "versions/"))
    shown = text_of(client.get(PAGE + "versions/2/"))
    assert "1 paragraph differs." in shown
    assert "第<del>一</del>稿。" in shown
    assert "第<ins>二</ins>稿。" in shown


def test_an_earlier_version_is_restored(two_versions, running, staff, signed_in):
    client = signed_in(staff)
    page = client.get(PAGE + "versions/1/")
    answer = client.post(PAGE + "versions/1/restore/", {"seen": page.context["newest"].number})
    assert answer.url == PAGE
    assert kept(running, "own-0-0") == "第一稿。"
    assert "version 1" in text_of(client.get(PAGE + "versions/"))


@pytest.mark.parametrize("seen", ["1", "", "x", "²", "1" * 5000])
def test_an_earlier_version_is_not_restored_over_one_that_was_not_seen(
    seen, two_versions, running, staff, signed_in
):
    client = signed_in(staff)
    client.post(PAGE + "versions/1/restore/", {"seen": seen})
    assert "meanwhile" in text_of(client.get(PAGE + "versions/1/"))
    assert kept(running, "own-0-0") == "第二稿。"


def test_versions_stay_readable_once_published_and_are_restored_no_more(
    two_versions, running, staff, signed_in
):
    published(running, by=staff)
    client = signed_in(staff)
    page = client.get(PAGE + "versions/1/")
    assert b"/restore/" not in page.content
    client.post(PAGE + "versions/1/restore/", {"seen": "2"})
    assert ReportVersion.objects.count() == 2


@pytest.mark.parametrize("number", ["0", "3", "99999999999"])
def test_a_version_that_there_is_not_is_not_found(number, two_versions, staff, signed_in):
    assert signed_in(staff).get(f"{PAGE}versions/{number}/").status_code == 404
    if number != "99999999999":
        assert signed_in(staff).get(f"{PAGE}versions/2/?with={number or 0}").status_code in (200, 404)


# --- The way there -------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/", "/cycles/2018Q3/", "/cycles/2018Q3/publish/"])
def test_the_staffs_pages_lead_to_both_documents(address, running, staff, signed_in):
    shown = text_of(signed_in(staff).get(address))
    for kind in ("circular", "speech"):
        assert f'href="/cycles/2018Q3/report/{kind}/"' in shown


def test_the_notice_of_a_correction_leads_to_what_is_published(done, staff, signed_in):
    step_back(done, by=staff, reason="漏记得分")
    assert 'href="/cycles/2018Q3/report/circular/?publication=1"' in text_of(
        signed_in(staff).get("/cycles/2018Q3/")
    )


def test_the_print_view_of_a_draft_says_that_it_is_one(running, staff, signed_in):
    client = signed_in(staff)
    assert "Draft for review" in text_of(client.get(PAGE + "print/?draft=1"))
    published(running, by=staff)
    assert "Draft for review" not in text_of(client.get(PAGE + "print/"))


@pytest.mark.parametrize("address", ["", "versions/", "versions/2/"])
def test_pages_cost_the_same_at_any_size(address, db, signed_in):
    counts = []
    for size in (1, 3, 50):
        host = ready_host(*[f"第{number}镇党委" for number in range(size)])
        cycle = cycle_with_totals({unit.name: 90 for unit in host.units.all()}, host=host)
        staff = somebody(Role.STAFF, host)
        wrote_in(cycle, *[f"第{place}次说明。" for place in range(size)], by=staff)
        wrote_in(cycle, "再次说明。", by=staff)
        newest = ReportVersion.objects.get(cycle=cycle, number=2)
        ReportVersion.objects.bulk_create(
            ReportVersion(cycle=cycle, kind="circular", number=number, text=newest.text, saved_by=staff)
            for number in range(3, size + 1)
        )
        client = signed_in(staff)
        client.get("/help/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE + address).status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts


def test_all_fields_can_be_inserted_by_name(running, staff, signed_in):
    page = signed_in(staff).get(PAGE)
    tokens = re.findall(r"<code>(⟦[^<]+⟧)</code>", page.content.decode())
    assert f"⟦g{running.host.groups.get().pk}.average⟧" in tokens
