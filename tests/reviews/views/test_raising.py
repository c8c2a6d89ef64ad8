"""The page that raises a quarter's findings, the buttons elsewhere, and who learns what from items."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from organizations.models import Membership, Role
from rectification.categories import DEFAULTS
from rectification.models import Audience, Item, Source
from reviews.findings_to_raise import FindingKey
from reviews.models import Deduction, Problem
from reviews.publishing import start_reply
from reviews.raising import raise_findings
from reviews.visiting import Findings
from tests.factories.items import category_of, in_days, raised
from tests.factories.reviews import deduct, indicator_of, published
from tests.factories.visits import loss, made, photo
from tests.reviews.views.answers import said_by, text_of

PAGE = "/cycles/2018Q3/items/"
ONE = "/cycles/2018Q3/items/raise/"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def visited(cycle, unit="丙镇党委"):
    problems = [(DEFAULTS[1], "会议记录不完整")]
    return made(cycle, unit, Findings(losses=[loss(cycle, unit)], problems=problems, photos=[photo()]))


def keys(*findings):
    return [str(FindingKey("d" if isinstance(each, Deduction) else "p", each.pk)) for each in findings]


def rows_of(answer):
    """What the sheets of a workbook say; the file itself says when it was written."""
    if answer.status_code != 200:
        return said_by(answer)
    workbook = load_workbook(BytesIO(answer.content))
    return [list(sheet.iter_rows(values_only=True)) for sheet in workbook]


class TestThePage:
    def test_everything_is_ticked_and_one_button_raises_it(self, running, staff, signed_in):
        visit = visited(running)
        deduct(running, "乙镇党委", "主题党日", 1)
        client = signed_in(staff)
        page = text_of(client.get(PAGE))
        assert page.count("checked") == 3
        chosen = keys(*Deduction.objects.all(), *Problem.objects.all())
        answer = client.post(PAGE, {"finding": chosen, "due_on": in_days(20).isoformat()}, follow=True)
        assert "3 items are raised: 2018Q3-001 to 2018Q3-003." in text_of(answer)
        assert "Nothing is left to raise" in text_of(answer)
        assert set(Item.objects.values_list("original_due_on", flat=True)) == {in_days(20)}
        assert visit.problems.get().item is not None

    def test_what_is_not_ticked_stays(self, running, staff, signed_in):
        visit = visited(running)
        signed_in(staff).post(PAGE, {"finding": keys(visit.problems.get())})
        assert Item.objects.get().text == "会议记录不完整"
        assert Deduction.objects.get().item is None

    def test_the_cycles_date_is_filled_in_while_it_lies_ahead(self, running, staff, signed_in):
        deduct(running, "乙镇党委", "主题党日", 1)
        running.rectify_by = in_days(5)
        running.save()
        assert f'value="{in_days(5).isoformat()}"' in text_of(signed_in(staff).get(PAGE))

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"finding": []}, "Tick what is to be raised."),
            ({"finding": ["x", "d", "d²", "q1"]}, "Tick what is to be raised."),
            ({"due_on": "2018-01-01"}, "choose today or later"),
            ({"due_on": "some day"}, "Enter a valid date."),
        ],
    )
    def test_what_cannot_be_raised_is_said_and_the_ticks_stay(self, sent, said, running, staff, signed_in):
        deduct(running, "乙镇党委", "主题党日", 1)
        given = {"finding": keys(Deduction.objects.get())} | sent
        answer = signed_in(staff).post(PAGE, given)
        assert (answer.status_code, Item.objects.count()) == (422, 0)
        assert said in text_of(answer)
        assert ("checked" in text_of(answer)) == ("due_on" in sent)

    @pytest.mark.parametrize("key", ["d" + "9" * 18, "d0", "p1", "d" + "9" * 40])
    def test_a_key_that_is_nothing_raises_nothing(self, key, running, staff, signed_in):
        deduct(running, "乙镇党委", "主题党日", 1)
        answer = signed_in(staff).post(PAGE, {"finding": [key]}, follow=True)
        assert answer.status_code in (200, 422)
        assert not Item.objects.exists()

    def test_a_deduction_without_a_reason_has_no_box_but_the_way_to_its_reason(
        self, running, staff, signed_in
    ):
        deduct(running, "乙镇党委", "主题党日", 1, "")
        page = text_of(signed_in(staff).get(PAGE))
        assert 'name="finding"' not in page
        assert "1 deduction without a reason cannot be raised" in page

    def test_what_the_unit_reported_itself_is_linked_instead(self, running, unit, staff, signed_in):
        own = raised(unit, "自查", source=Source.SELF, category=category_of(running.host, DEFAULTS[1]))
        problem = visited(running).problems.get()
        client = signed_in(staff)
        page = text_of(client.get(PAGE))
        assert "1 of them may have been reported by its unit itself" in page
        assert f"Yes, link to {own.serial}" in page
        (key,) = keys(problem)
        client.post(PAGE, {"finding": key, f"link-{key}": own.pk})
        problem.refresh_from_db()
        assert (problem.item, Item.objects.count()) == (own, 1)

    @pytest.mark.parametrize("link", ["0", "x", "9" * 18, "-1"])
    def test_a_link_to_nothing_links_nothing(self, link, running, staff, signed_in):
        deduct(running, "乙镇党委", "主题党日", 1)
        (key,) = keys(Deduction.objects.get())
        signed_in(staff).post(PAGE, {"finding": key, f"link-{key}": link})
        assert Item.objects.count() == (1 if link in ("x", "-1") else 0)

    @pytest.mark.parametrize("count", [1, 3, 50])
    def test_it_costs_the_same_however_much_waits(
        self, count, running, staff, signed_in, django_assert_num_queries
    ):
        for number in range(count):
            deduct(running, "乙镇党委", "主题党日", "0.5", f"第{number}处")
        client = signed_in(staff)
        with django_assert_num_queries(9):
            client.get(PAGE)


class TestOneClick:
    @pytest.fixture
    def visit(self, running):
        return visited(running)

    @pytest.mark.parametrize("place", ["visit", "deductions", "review", "nowhere"])
    def test_it_raises_one_and_leads_back_to_where_it_stood(
        self, place, visit, running, unit, staff, signed_in
    ):
        cell = f"{unit.pk}/deductions/{indicator_of(running, unit.name, '三会一课').pk}/"
        pages = {
            "visit": f"/visits/{visit.pk}/",
            "deductions": f"/cycles/2018Q3/units/{cell}",
            "review": f"/cycles/2018Q3/units/{unit.pk}/",
            "nowhere": PAGE,
        }
        client = signed_in(staff)
        deduction = visit.deductions.get()
        (key,) = keys(deduction)
        shown = text_of(client.get(pages[place] + "?draft=1"))
        assert f'value="{key}"' in shown
        sent = {
            "visit": f"visit/{visit.pk}",
            "deductions": f"deductions/{unit.pk}/{deduction.indicator_id}",
            "review": f"review/{unit.pk}",
            "nowhere": "https://elsewhere.example/",
        }[place]
        answer = client.post(ONE, {"finding": key, "back": sent})
        assert (answer.status_code, answer.url) == (302, pages[place])
        assert Item.objects.get().text == "缺签到表"
        assert "2018Q3-001" in text_of(client.get(pages[place]))

    def test_a_second_click_raises_nothing_more(self, visit, staff, signed_in):
        client = signed_in(staff)
        (key,) = keys(visit.problems.get())
        for _click in range(2):
            answer = client.post(ONE, {"finding": key}, follow=True)
        assert Item.objects.count() == 1
        assert "somebody raised it before" in text_of(answer)

    def test_without_a_reason_it_says_so(self, running, staff, signed_in):
        deduct(running, "乙镇党委", "主题党日", 1, "")
        answer = signed_in(staff).post(ONE, {"finding": keys(Deduction.objects.get())}, follow=True)
        assert "Give it one first" in text_of(answer)
        assert not Item.objects.exists()

    def test_what_the_unit_may_have_reported_is_said_afterwards(self, visit, unit, staff, signed_in):
        own = raised(unit, source=Source.SELF, category=visit.problems.get().category)
        answer = signed_in(staff).post(ONE, {"finding": keys(visit.problems.get())}, follow=True)
        assert f"The unit may have reported the same itself ({own.serial})" in text_of(answer)


@pytest.mark.parametrize("person", ["leader", "inspector", "secretary", "stranger", "nobody"])
def test_only_the_staff_raise(person, request, running, signed_in):
    deduct(running, "丙镇党委", "三会一课", 1)
    client = signed_in(request.getfixturevalue(person))
    chosen = {"finding": keys(Deduction.objects.get())}
    for answer in (client.get(PAGE), client.post(PAGE, chosen), client.post(ONE, chosen)):
        assert answer.status_code in (403, 404)
    assert not Item.objects.exists()


def test_nobody_of_the_unit_sees_the_button(running, unit, staff, secretary, signed_in):
    deduct(running, "丙镇党委", "三会一课", 1)
    published(running)
    review = f"/cycles/2018Q3/units/{unit.pk}/"
    assert "Raise as an item" in text_of(signed_in(staff).get(review))
    assert "Raise as an item" not in text_of(signed_in(secretary).get(review))
    Membership.objects.create(user=staff, organization=unit, role=Role.SECRETARY)
    assert "Raise as an item" not in text_of(signed_in(staff).get(review))


def test_while_a_correction_is_made_the_published_page_offers_nothing_new(done, unit, staff, signed_in):
    done.state = "open"
    done.save()
    deduct(done, "丙镇党委", "三会一课", 1, "事后发现")
    page = f"/cycles/2018Q3/units/{unit.pk}/"
    assert "事后发现" not in text_of(signed_in(staff).get(page))
    assert "事后发现" in text_of(signed_in(staff).get(page + "?draft=1"))


class TestWhatNobodyMayLearn:
    """Rules 15 and 16: items of a quarter that is not published are the staff's alone."""

    ADDRESSES = (
        "/",
        "/items/",
        "/items/figures/",
        "/items/2018Q3-001/",
        "/items/2018Q3-001/merge/",
        "/cycles/",
        "/cycles/2018Q3/",
        "/cycles/2018Q3/items/",
        "/cycles/2018Q3/units/{unit}/",
        "/units/",
        "/units/{unit}/",
    )

    def everything_said(self, client, unit):
        addresses = [address.format(unit=unit.pk) for address in self.ADDRESSES]
        said = {address: said_by(client.get(address)) for address in addresses}
        return said | {"/items/figures.xlsx": rows_of(client.get("/items/figures.xlsx"))}

    @pytest.mark.parametrize("person", ["leader", "inspector", "secretary", "stranger", "nobody"])
    def test_no_page_changes_when_items_are_raised_linked_and_answered(
        self, person, request, running, unit, staff, signed_in
    ):
        client = signed_in(request.getfixturevalue(person))
        own = raised(
            unit,
            source=Source.SELF,
            indicator="主题党日",
            quarter="2018Q2",
            audience=Audience.UNIT,
        )
        category_of(running.host)  # the host's words, which the ledger offers to all, are no secret
        before = self.everything_said(client, unit)
        visited(running)
        deduct(running, "丙镇党委", "主题党日", 1)
        linked = Deduction.objects.get(indicator__name="主题党日")
        raise_findings(running, {FindingKey("d", linked.pk): own.pk}, due_on=None, by=staff)
        raise_findings(running, None, due_on=in_days(3), by=staff)
        assert Item.objects.count() == 3
        assert self.everything_said(client, unit) == before

    def test_in_the_reply_stage_the_unit_reads_its_own_and_the_leader_none(
        self, running, unit, staff, leader, secretary, signed_in
    ):
        deduct(running, "丙镇党委", "三会一课", 1, "缺签到表")
        deduct(running, "乙镇党委", "三会一课", 1, "乙镇的事")
        raise_findings(running, None, due_on=None, by=staff)
        running.reply_stage = True
        running.save()
        start_reply(running, by=staff)
        mine = text_of(signed_in(secretary).get(f"/units/{unit.pk}/"))
        assert "缺签到表" in mine
        assert "乙镇的事" not in mine
        assert "缺签到表" not in text_of(signed_in(leader).get(f"/units/{unit.pk}/"))
        published(running)
        assert "缺签到表" in text_of(signed_in(leader).get(f"/units/{unit.pk}/"))
