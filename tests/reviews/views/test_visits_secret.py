"""Rule 16: who belongs to the visited unit learns nothing of a planned visit, by no page or difference."""

from decimal import Decimal

import pytest

from organizations.models import Membership, Role
from reviews.casting import draw_places
from reviews.models import CycleState
from reviews.visiting import Findings, NewLoss
from tests.factories.reviews import indicator_of, opened_cycle, published
from tests.factories.visits import branch_of, made, photo, planned
from tests.reviews.views.answers import said_by, text_of

PAGES = (
    "/",
    "/cycles/",
    "/cycles/2018Q3/",
    "/cycles/2018Q3/standings/",
    "/cycles/2018Q3/units/{unit}/",
    "/cycles/2018Q3/report/circular/",
    "/units/",
    "/units/{unit}/",
    "/units.csv",
    "/rubrics/",
    "/help/",
    "/visits/",
    "/visits/?state=planned",
    "/visits/?organization={unit}",
    "/visits/new/",
    "/visits/new/?organization={unit}",
    "/visits/draw/",
    "/visits/categories/",
)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(params=[CycleState.OPEN, CycleState.REPLY])
def cycle(request, host, earlier):
    cycle = opened_cycle(host)
    cycle.state = request.param
    cycle.save()
    return cycle


@pytest.fixture
def plan(cycle, unit, staff):
    """Plans a visit to the unit's branch, found by a draw."""
    branch = branch_of(unit, "东山村党支部")

    def make():
        draw = draw_places(cycle, [unit], per_unit=1, by=staff)
        return draw, planned(cycle, unit.name, place=branch, note="暗访东山村")

    return make


def status_of(client, address):
    """The status of a file's answer, which is read to its end so that the file is closed."""
    answer = client.get(address)
    assert b"".join(answer)
    return answer.status_code


def everything_said(client, unit, *more):
    addresses = [page.format(unit=unit.pk) for page in PAGES]
    return {address: said_by(client.get(address)) for address in [*addresses, *more]}


def test_no_page_of_the_secretary_changes_when_a_visit_is_planned(plan, unit, secretary, signed_in):
    client = signed_in(secretary)
    before = everything_said(client, unit)
    plan()
    assert everything_said(client, unit) == before


@pytest.mark.parametrize("deed", ["", "record/", "cancel/"])
def test_a_planned_visit_is_answered_like_one_that_does_not_exist(deed, plan, secretary, signed_in):
    draw, visit = plan()
    client = signed_in(secretary)
    for there, nowhere in (
        (f"/visits/{visit.pk}/{deed}", f"/visits/{visit.pk + 1000}/{deed}"),
        (f"/visits/draws/{draw.pk}/", f"/visits/draws/{draw.pk + 1000}/"),
    ):
        assert said_by(client.get(there)) == said_by(client.get(nowhere))
        assert said_by(client.post(there)) == said_by(client.post(nowhere))
    visit.refresh_from_db()
    assert visit.is_planned


@pytest.mark.parametrize("of_branch", [False, True])
def test_nor_does_an_inspector_who_belongs_to_the_unit_learn_of_it(
    of_branch, plan, cycle, unit, inspector, signed_in
):
    draw, visit = plan()
    own = unit.units.get() if of_branch else unit
    Membership.objects.create(user=inspector, organization=own, role=Role.SECRETARY)
    client = signed_in(inspector)
    assert len(client.get("/visits/").context["table"].rows) == 0
    assert "No visit yet" in text_of(client.get("/visits/"))
    assert client.get(f"/visits/{visit.pk}/").status_code == 404
    assert client.get(f"/visits/draws/{draw.pk}/").status_code == 404


def test_the_branch_itself_learns_nothing(plan, unit, signed_in, nobody):
    _draw, visit = plan()
    Membership.objects.create(user=nobody, organization=unit.units.get(), role=Role.SECRETARY)
    client = signed_in(nobody)
    assert client.get(f"/visits/{visit.pk}/").status_code == 404
    assert "暗访" not in text_of(client.get("/"))


@pytest.mark.parametrize("person", ["leader", "secretary", "nobody"])
def test_visits_are_the_staffs_and_the_inspectors(person, plan, request, signed_in):
    _draw, visit = plan()
    client = signed_in(request.getfixturevalue(person))
    assert client.get("/visits/").status_code in (403, 404)
    assert client.get("/visits/new/").status_code in (403, 404)
    assert client.get(f"/visits/{visit.pk}/").status_code == 404
    assert "/visits/" not in text_of(client.get("/"))


def test_another_hosts_staff_see_none(plan, stranger, signed_in):
    draw, visit = plan()
    client = signed_in(stranger)
    assert len(client.get("/visits/").context["table"].rows) == 0
    assert client.get(f"/visits/{visit.pk}/").status_code == 404
    assert client.get(f"/visits/draws/{draw.pk}/").status_code == 404


class TestFindings:
    """Rule 15: deductions tell ranks."""

    @pytest.fixture
    def visit(self, cycle, unit):
        findings = Findings(
            [NewLoss(indicator_of(cycle, unit.name, "三会一课").pk, Decimal(2), "缺签到表")], photos=[photo()]
        )
        return made(cycle, unit.name, findings)

    def test_another_inspector_reads_them_only_after_publication(self, cycle, visit, inspector, signed_in):
        client, image = signed_in(inspector), f"/visits/photos/{visit.photos.get().pk}/"
        assert "缺签到表" not in text_of(client.get(f"/visits/{visit.pk}/"))
        assert status_of(client, image) == 404
        published(cycle)
        assert "缺签到表" in text_of(client.get(f"/visits/{visit.pk}/"))
        assert status_of(client, image) == 200

    def test_who_made_the_visit_reads_them(self, visit, signed_in):
        client = signed_in(visit.inspectors.get())
        assert "缺签到表" in text_of(client.get(f"/visits/{visit.pk}/"))
        assert status_of(client, f"/visits/photos/{visit.photos.get().pk}/") == 200

    def test_the_unit_reads_its_deduction_in_its_review_but_nothing_else_of_the_visit(
        self, cycle, visit, unit, secretary, signed_in
    ):
        published(cycle)
        client = signed_in(secretary)
        shown = text_of(client.get(f"/cycles/2018Q3/units/{unit.pk}/"))
        assert "缺签到表" in shown
        assert "/visits/" not in shown
        assert client.get(f"/visits/{visit.pk}/").status_code == 404
        assert status_of(client, f"/visits/photos/{visit.photos.get().pk}/") == 404
