"""Work on a cycle's page: assigned from it with what it knows, and counted in the next one."""

import datetime

import pytest

from rectification.models import Programme
from tests.factories.programmes import assigned_to, finished_target, target_of, template_with
from tests.factories.reviews import opened_cycle
from tests.reviews.views.answers import text_of

ONE = template_with("一")


@pytest.fixture
def cycle(running):
    running.rectify_by = datetime.date(2018, 12, 20)
    running.save()
    return running


def test_staff_assign_work_with_quarter_date_and_speech_filled_in(cycle, unit, staff, signed_in):
    client = signed_in(staff)
    work = client.get("/cycles/2018Q3/").context["work"]
    assert work.address in client.get("/cycles/2018Q3/").content.decode().replace("&amp;", "&")
    form = client.get(work.address.replace("/new/", "/new/other-work/")).context["form"]
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    data = {name: value for name, value in data.items() if value is not None}
    client.post("/programmes/new/other-work/", data | {"targets": [f"unit-{unit.pk}"]})
    programme = Programme.objects.get()
    assert (programme.quarter, programme.origin) == (cycle.quarter, "2018年第三季度点评讲话")
    assert programme.due_classes.get().due_on == datetime.date(2018, 12, 20)
    assert programme.name in text_of(client.get("/cycles/2018Q3/"))


def test_the_next_cycle_counts_what_was_assigned_before(host, unit, staff, signed_in):
    opened_cycle(host, "2018Q4")
    finished_target(target_of(assigned_to(unit, template=ONE, name="甲"), unit))
    assigned_to(unit, template=ONE, name="乙", days=-3)
    assigned_to(unit, template=ONE, name="本季新布置", quarter="2018Q4")
    page = text_of(signed_in(staff).get("/cycles/2018Q4/"))
    assert "Assigned in earlier quarters: 2, of which finished 1, overdue 1, running in time 0." in page
    assert page.index("Assigned in this quarter") < page.index("本季新布置")


def test_leaders_read_it_and_assign_nothing_and_units_see_none_of_it(
    done, host, leader, secretary, signed_in
):
    assigned_to(host.units.first(), quarter="2018Q2", name="五化建设", host=host)
    page = text_of(signed_in(leader).get("/cycles/2018Q3/"))
    assert "五化建设" in page
    assert "Assign work" not in page
    assert "五化建设" not in text_of(signed_in(secretary).get("/cycles/2018Q3/"))


@pytest.mark.parametrize("programmes", [1, 3, 20])
def test_the_page_costs_the_same_with_any_number_of_them(
    programmes, done, unit, host, leader, signed_in, django_assert_num_queries
):
    for number in range(programmes):
        assigned_to(unit, quarter="2018Q2", template=ONE, days=number - 5, host=host)
        assigned_to(unit, quarter="2018Q3", template=ONE, host=host)
    client = signed_in(leader)
    with django_assert_num_queries(9):
        client.get("/cycles/2018Q3/")
