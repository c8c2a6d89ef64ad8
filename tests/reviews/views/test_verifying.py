"""Whether a print-out is the text in force, asked by its check code."""

import pytest

from organizations.models import Role
from reviews.publishing import correct_publication, step_back, verify_cycle
from reviews.verifying import code_in
from reviews.year_publishing import publish_year
from tests.factories.organizations import UnitFactory, somebody
from tests.factories.reviews import give_total
from tests.reviews.views.answers import said_by, text_of


def correct(cycle, by):
    step_back(cycle, by=by, reason="得分漏记")
    give_total(cycle, "己镇党委", 100)
    verify_cycle(cycle, by=by)
    return correct_publication(cycle, by=by, reason="得分漏记")


@pytest.mark.parametrize(
    "typed",
    [
        "0123 4567 89ab cdef",
        "0123456789ABCDEF",
        " ０１２３ 4567　89ab-cdef ",
        "0123456789abcdef" * 4,
        " ".join(["0123456789abcdef"] * 4),
    ],
)
def test_a_code_is_read_however_it_is_grouped(typed):
    code = code_in(typed)
    assert code is not None
    assert "0123456789abcdef" * 4 in (code, code * 4)


@pytest.mark.parametrize(
    "typed", ["", "0123", "0123456789abcdeg", "0123456789abcdef0", "' OR 1=1 --", "\0" * 16]
)
def test_anything_else_is_no_code(typed):
    assert code_in(typed) is None


def test_the_form_leads_to_the_answer(done, leader, signed_in):
    code = done.latest_publication().digest[:16]
    spaced = " ".join(code[start : start + 4] for start in range(0, 16, 4))
    answer = signed_in(leader).get("/verify/", {"code": spaced}, follow=True)
    assert answer.redirect_chain[0][0] == f"/verify/{code}/"
    assert "This print-out was made from the publication in force." in text_of(answer)


def test_what_is_no_code_is_said_in_one_line(leader, signed_in):
    answer = signed_in(leader).get("/verify/", {"code": "1234"})
    assert answer.status_code == 422
    assert "A check code has 16 digits" in text_of(answer)


def test_short_and_whole_codes_find_the_same(done, leader, signed_in):
    digest = done.latest_publication().digest
    client = signed_in(leader)
    short, whole = client.get(f"/verify/{digest[:16]}/"), client.get(f"/verify/{digest}/")
    assert said_by(short) == said_by(whole)
    assert "2018年第三季度" in text_of(short)


def test_a_corrected_print_out_is_told_what_corrected_it(done, staff, leader, signed_in):
    first = done.latest_publication()
    second = correct(done, staff)
    third = correct(done, staff)
    shown = text_of(signed_in(leader).get(f"/verify/{first.digest}/"))
    assert f"Publication 2 of {second.published_on} corrected it." in shown
    assert f"publication 3 of {third.published_on}" in shown
    assert "in force" in text_of(signed_in(leader).get(f"/verify/{third.digest}/"))


def test_a_correction_that_is_only_being_prepared_is_not_told(done, staff, leader, signed_in):
    digest = done.latest_publication().digest
    before = said_by(signed_in(leader).get(f"/verify/{digest}/"))
    step_back(done, by=staff, reason="得分漏记")
    assert said_by(signed_in(leader).get(f"/verify/{digest}/")) == before


def test_what_a_reader_may_not_see_is_as_unknown_as_what_is_not(done, stranger, nobody, signed_in):
    digest = done.latest_publication().digest
    for person in (stranger, nobody):
        client = signed_in(person)
        absent = said_by(client.get("/verify/" + "0" * 64 + "/"))
        assert absent[0] == 200
        assert "No document you may see has this check code." in absent[1]
        assert said_by(client.get(f"/verify/{digest}/")) == absent
        assert said_by(client.get(f"/verify/{digest[:16]}/")) == absent
        assert said_by(client.get("/verify/nonsense/")) == absent


def test_a_reviewed_unit_checks_its_paper_too(done, secretary, signed_in):
    shown = text_of(signed_in(secretary).get(f"/verify/{done.latest_publication().digest}/"))
    assert "This print-out was made from the publication in force." in shown
    assert "Its standings" in shown
    assert "Compare with the text" not in shown  # which prints the whole table


def test_a_unit_of_a_later_roster_only_is_told_nothing(done, host, signed_in):
    newcomer = UnitFactory(parent=host, group=host.groups.first(), name="新镇党委")
    person = somebody(Role.SECRETARY, newcomer)
    shown = text_of(signed_in(person).get(f"/verify/{done.latest_publication().digest}/"))
    assert "No document you may see" in shown


def test_the_answer_costs_the_same_however_often_it_was_corrected(
    done, staff, leader, signed_in, django_assert_num_queries
):
    first = done.latest_publication()
    client = signed_in(leader)
    for _time in range(2):
        correct(done, staff)
        with django_assert_num_queries(6):
            client.get(f"/verify/{first.digest}/")


def test_an_annual_report_is_checked_the_same_way(done, host, staff, leader, stranger, signed_in):
    first = publish_year(host, 2018, by=staff, confirm=True)
    shown = text_of(signed_in(leader).get(f"/verify/{first.digest[:16]}/"))
    assert "made from the publication in force" in shown
    assert "2018年" in shown
    correct(done, staff)
    second = publish_year(host, 2018, by=staff, reason="第三季度更正", confirm=True)
    shown = text_of(signed_in(leader).get(f"/verify/{first.digest}/"))
    assert f"Publication 2 of {second.published_on} corrected it." in shown
    assert "No document you may see" in text_of(signed_in(stranger).get(f"/verify/{first.digest}/"))
