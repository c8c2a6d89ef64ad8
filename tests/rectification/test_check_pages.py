"""The pages of self-checks: sending with a warning, answering once, who sees which answers."""

import uuid

import pytest

from organizations.models import Role
from rectification.categories import DEFAULTS
from rectification.models import Item, SelfCheck
from rectification.self_checks import OwnProblem
from tests.factories.checks import answer_of, answered, check_of
from tests.factories.items import in_days, raised
from tests.factories.organizations import GroupFactory, UnitFactory, somebody
from tests.reviews.views.answers import text_of
from workbooks.reading import read_workbook


def sent(**changes):
    return {
        "text": "发展党员材料不全",
        "category": DEFAULTS[0],
        "answer_by": in_days(5).isoformat(),
        "whom": "all",
        "client_uuid": str(uuid.uuid4()),
    } | changes


def answer(unit, outcome="not_found", words="已逐卷核查", *problems):
    data = {"unit": unit.pk, "outcome": outcome, "words": words}
    data |= {"problems-TOTAL_FORMS": len(problems), "problems-INITIAL_FORMS": 0}
    for number, problem in enumerate(problems):
        data |= {f"problems-{number}-{name}": value for name, value in problem.items()}
    return data


# --- Sending -------------------------------------------------------------------------------------


def test_staff_send_an_items_problem_to_all_others(host, unit, other_unit, staff, signed_in):
    item = raised(unit, category=None)
    client, address = signed_in(staff), f"/items/checks/new/?item={item.serial}"
    assert item.text in text_of(client.get(address))
    response = client.post(address, sent(text=item.text))
    check = SelfCheck.objects.get()
    assert response.headers["Location"] == f"/items/checks/{check.pk}/"
    assert (check.item, [each.unit for each in check.answers.all()]) == (item, [other_unit])


@pytest.mark.parametrize("whom", ["group", "units"])
def test_a_group_or_single_units_are_asked(host, unit, other_unit, staff, signed_in, whom):
    group = GroupFactory(host=host, name="系统单位", position=2)
    system = UnitFactory(parent=host, group=group)
    signed_in(staff).post("/items/checks/new/", sent(whom=whom, group=group.pk, units=[system.pk]))
    assert [each.unit for each in SelfCheck.objects.get().answers.all()] == [system]


def test_words_that_tell_whose_problem_it_was_are_asked_about_once_more(
    host, unit, other_unit, staff, signed_in
):
    item = raised(unit)
    client, address = signed_in(staff), f"/items/checks/new/?item={item.serial}"
    telling = sent(text="丙乡的材料不全")
    warned = client.post(address, telling)
    assert (warned.status_code, SelfCheck.objects.count()) == (422, 0)
    assert "“丙乡”" in text_of(warned)
    assert client.post(address, telling | {"as_it_is": "on"}).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"category": "没有的类别"},
        {"answer_by": "2018-01-01"},
        {"answer_by": "0001-01-01"},
        {"whom": "group"},
        {"whom": "units"},
        {"whom": "units", "units": "abc"},
        {"whom": "units", "units": "9" * 30},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_sent(host, unit, staff, signed_in, wrong):
    assert signed_in(staff).post("/items/checks/new/", sent(**wrong)).status_code == 422
    assert not SelfCheck.objects.exists()


@pytest.mark.parametrize("serial", ["2018Q3-999", "2018Q9-001", "x"])
def test_an_item_that_is_not_there_is_404(host, unit, staff, signed_in, serial):
    assert signed_in(staff).get(f"/items/checks/new/?item={serial}").status_code == 404


# --- Who sees what -------------------------------------------------------------------------------


def test_only_staff_send_and_export(host, unit, secretary, leader, signed_in):
    check = check_of(host)
    for user, export in ((secretary, 403), (leader, 404)):
        client = signed_in(user)
        assert client.get("/items/checks/").status_code == (200 if user == secretary else 403)
        assert client.get("/items/checks/new/").status_code == 403
        assert client.get(f"/items/checks/{check.pk}.xlsx").status_code == export


def test_a_check_of_others_is_answered_like_one_that_does_not_exist(
    host, unit, other_unit, secretary, stranger, signed_in
):
    theirs = check_of(host, other_unit)
    for user in (secretary, stranger):
        for method in ("get", "post"):
            for deed in ("", "answer/") if method == "post" else ("",):
                ask = getattr(signed_in(user), method)
                there = ask(f"/items/checks/{theirs.pk}/{deed}")
                nowhere = ask(f"/items/checks/{theirs.pk + 99}/{deed}")
                assert there.status_code == nowhere.status_code


def test_a_unit_reads_its_own_answer_and_no_other_nor_where_it_was_found(
    host, unit, other_unit, secretary, signed_in
):
    third = UnitFactory(parent=host, name="己乡党委")
    item = raised(third, text="原问题")
    check = check_of(host, item=item)
    answered(check, other_unit, OwnProblem("别人的问题"))
    client = signed_in(secretary)
    for address in ("/items/checks/", check.get_absolute_url()):
        page = text_of(client.get(address))
        assert check.text in page
        for secret in (third.name, str(item.serial), other_unit.name, "别人的问题"):
            assert secret not in page
    client.post(f"/items/checks/{check.pk}/answer/", answer(unit))
    assert "已逐卷核查" in text_of(client.get(check.get_absolute_url()))


def test_staff_read_all_answers_and_who_has_not_answered(host, unit, other_unit, staff, signed_in):
    check = check_of(host)
    answered(check, unit, OwnProblem("缺少政审材料"))
    page = text_of(signed_in(staff).get(check.get_absolute_url()))
    assert (page.count("Found with us"), page.count("Not answered")) == (1, 1)
    assert str(Item.objects.get().serial) in page
    assert "1 / 2" in text_of(signed_in(staff).get("/items/checks/"))


def test_the_workbook_has_a_row_for_each_unit(host, unit, other_unit, staff, signed_in):
    check = check_of(host)
    answered(check, unit, OwnProblem("缺少政审材料"))
    file = signed_in(staff).get(f"/items/checks/{check.pk}.xlsx").content
    rows = {row[0]: row for row in read_workbook(file, "a.xlsx").sheets[0].rows}
    assert rows[unit.name][2] == "Found with us"
    assert str(Item.objects.get().serial) in rows[unit.name]
    assert rows[other_unit.name][2] == "Not answered"


def test_the_first_page_of_a_secretary_names_what_waits(host, unit, secretary, signed_in):
    check = check_of(host)
    client = signed_in(secretary)
    assert check.get_absolute_url() in text_of(client.get("/"))
    answered(check, unit)
    assert check.get_absolute_url() not in text_of(client.get("/"))


# --- Answering -----------------------------------------------------------------------------------


def test_a_unit_answers_with_the_problems_it_found(host, unit, secretary, signed_in):
    check = check_of(host)
    found = answer(unit, "found", "", {"text": "缺材料", "place": "西河村"}, {"text": "未公示"}, {"text": ""})
    response = signed_in(secretary).post(f"/items/checks/{check.pk}/answer/", found)
    assert response.status_code == 302
    assert [item.text for item in Item.objects.order_by("pk")] == ["缺材料", "未公示"]


@pytest.mark.parametrize(
    ("outcome", "words", "problems"),
    [
        ("", "", []),
        ("maybe", "x", []),
        ("not_found", "", []),
        ("not_found", "查了", [{"text": "缺材料"}]),
        ("found", "", []),
        ("found", "", [{"text": "", "place": "西河村"}]),
        ("found", "", [{"text": "缺材料", "due_on": "2018-01-01"}]),
        ("found", "", [{"text": "缺材料", "due_on": "yesterday"}]),
        ("found", "", [{"text": "x" * 1001}]),
    ],
)
def test_an_answer_that_cannot_be_comes_back_and_nothing_is_kept(
    host, unit, secretary, signed_in, outcome, words, problems
):
    check = check_of(host)
    data = answer(unit, outcome, words, *problems)
    assert signed_in(secretary).post(f"/items/checks/{check.pk}/answer/", data).status_code == 422
    assert (Item.objects.count(), check.answers.get().outcome) == (0, "")


def test_the_staff_enter_what_a_unit_answered_on_paper_and_never_strike_it_off(
    host, unit, other_unit, staff, secretary, signed_in
):
    check = check_of(host)
    client, address = signed_in(staff), check.get_absolute_url()
    assert f"Answer for {unit.name}" not in text_of(client.get(address))
    assert f"Answer for {unit.name}" in text_of(client.get(f"{address}?unit={unit.pk}"))
    client.post(f"{address}answer/", answer(unit, "found", "", {"text": "缺材料"}))
    given = answer_of(check, unit)
    assert (given.is_by_staff, given.answered_by, str(given.findings.get().item)) == (
        True,
        staff,
        str(Item.objects.get()),
    )
    for user in (staff, secretary):
        assert f"{staff} (for the unit)" in text_of(signed_in(user).get(address))
    item = Item.objects.get()
    assert (item.source, item.steps.for_unit_by(staff).exists()) == ("self", True)
    book = read_workbook(client.get(f"/items/checks/{check.pk}.xlsx").content, "a.xlsx")
    assert f"{staff} (for the unit)" in {cell for row in book.sheets[0].rows for cell in row}


def test_what_a_unit_answers_itself_is_not_marked_as_the_staffs(host, unit, secretary, signed_in):
    check = check_of(host)
    signed_in(secretary).post(f"{check.get_absolute_url()}answer/", answer(unit))
    assert not answer_of(check, unit).is_by_staff


@pytest.mark.parametrize("key", ["x", "", "9" * 30])
def test_a_unit_that_was_not_asked_has_no_form(host, unit, other_unit, staff, secretary, signed_in, key):
    check = check_of(host)
    address = check.get_absolute_url()
    assert 'id="our-answer"' not in text_of(signed_in(staff).get(f"{address}?unit={key}"))
    page = text_of(signed_in(secretary).get(f"{address}?unit={other_unit.pk}"))
    assert other_unit.name not in page


def test_nobody_answers_for_another_unit(host, unit, other_unit, secretary, leader, signed_in):
    check = check_of(host)
    for user, key in ((secretary, other_unit.pk), (secretary, "x"), (secretary, "9" * 30)):
        data = answer(unit) | {"unit": key}
        assert signed_in(user).post(f"/items/checks/{check.pk}/answer/", data).status_code == 403
    assert signed_in(leader).post(f"/items/checks/{check.pk}/answer/", answer(unit)).status_code == 404
    assert not check.answers.exclude(outcome="").exists()


def test_a_second_answer_is_told_who_was_first(host, unit, secretary, signed_in):
    check = check_of(host)
    first = somebody(Role.SECRETARY, unit)
    answered(check, unit, by=first)
    response = signed_in(secretary).post(f"/items/checks/{check.pk}/answer/", answer(unit, words="不同"))
    assert response.status_code == 422
    assert str(first) in text_of(response)


def test_more_rows_come_without_a_script(host, unit, secretary, signed_in):
    check = check_of(host)
    data = answer(unit, "found", "", {"text": "缺材料"}) | {"more": "problems"}
    page = text_of(signed_in(secretary).post(f"/items/checks/{check.pk}/answer/", data))
    assert 'name="problems-2-text"' in page
    assert 'value="缺材料"' in page


# --- Cost ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_lists_and_answers_cost_the_same_at_any_length(
    host, unit, secretary, staff, signed_in, rows, django_assert_num_queries
):
    units = [unit, *(UnitFactory(parent=host) for _ in range(rows))]
    check = check_of(host)
    for each in units[1:]:
        answered(check, each, OwnProblem("缺材料"))
    for _ in range(rows):
        check_of(host, unit)
    for user, address, queries in (
        (staff, "/items/checks/", 5),
        (staff, check.get_absolute_url(), 7),
        (secretary, "/items/checks/", 5),
        (secretary, check.get_absolute_url(), 6),
    ):
        client = signed_in(user)
        with django_assert_num_queries(queries):
            client.get(address)
