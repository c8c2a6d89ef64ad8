"""Visits: planned in secret, recorded whole with the totals they make, never to the own unit."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from files.pictures import PhotoRefused
from organizations.models import Membership, Role
from rectification.categories import DEFAULTS, offered_categories, set_categories
from reviews.models import Deduction, Problem, Visit, VisitPhoto, VisitState
from reviews.photos import NewPhoto, folder
from reviews.publishing import verify_cycle
from reviews.recording import EntryClosed
from reviews.visiting import (
    Findings,
    NewLoss,
    VisitDetails,
    VisitRefused,
    cancel_visit,
    plan_visit,
    record_new_visit,
    record_visit,
)
from tests.factories.organizations import HostFactory, somebody
from tests.factories.reviews import (
    cycle_with_totals,
    indicator_of,
    opened_cycle,
    ready_host,
    review_of,
    score,
)
from tests.factories.visits import branch_of, made, photo, planned, unit_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cycle():
    return opened_cycle(ready_host("甲镇党委", "乙镇党委"))


@pytest.fixture
def inspector(cycle):
    return somebody(Role.INSPECTOR, cycle.host)


def loss(cycle, points, indicator="三会一课", reason="记录不完整"):
    return NewLoss(indicator_of(cycle, "甲镇党委", indicator).pk, Decimal(points), reason)


def recorded(visit, *losses, **more):
    more.setdefault("visited_on", timezone.localdate())
    findings = Findings(losses=losses, **{k: more.pop(k) for k in ("photos", "problems") if k in more})
    return record_visit(visit, findings, by=visit.inspectors.all()[0], **more)


class TestRecording:
    def test_its_deductions_make_the_total(self, cycle):
        score(cycle, "甲镇党委", {"主题党日": 40})
        visit = recorded(
            planned(cycle, "甲镇党委"), loss(cycle, "1.5"), loss(cycle, "0.5", reason="缺签到表")
        )
        assert review_of(cycle, "甲镇党委").total == 98
        assert [deduction.points for deduction in visit.deductions.all()] == [Decimal("1.5"), Decimal("0.5")]
        assert visit.state == VisitState.DONE

    def test_everything_it_found_is_kept_with_it(self, cycle):
        findings = Findings([loss(cycle, 1)], ["示范点好"], [("规范化程度不高", "档案不全")], [photo()])
        visit = made(cycle, "甲镇党委", findings)
        assert [highlight.text for highlight in visit.highlights.all()] == ["示范点好"]
        assert [(each.category.name, each.text) for each in visit.problems.all()] == [
            ("规范化程度不高", "档案不全")
        ]
        assert visit.photos.get().original_name == "会议室.jpg"

    @pytest.mark.parametrize("points", ["0", "-1", "0.3", "61", "NaN", "Infinity"])
    def test_points_the_indicator_does_not_allow_are_refused_and_nothing_is_kept(self, cycle, points):
        visit = planned(cycle, "甲镇党委")
        with pytest.raises(VisitRefused, match="三会一课"):
            recorded(visit, loss(cycle, 1), loss(cycle, points), photos=[photo()])
        visit.refresh_from_db()
        assert visit.state == VisitState.PLANNED
        assert not Deduction.objects.exists()
        assert list(folder().iterdir()) == []

    def test_an_indicator_of_another_rubric_is_refused(self, cycle):
        other = opened_cycle(ready_host("甲镇党委"))
        with pytest.raises(VisitRefused):
            recorded(planned(cycle, "甲镇党委"), loss(other, 1))

    def test_a_bad_photo_keeps_nothing(self, cycle):
        visit = planned(cycle, "甲镇党委")
        with pytest.raises(PhotoRefused):
            recorded(visit, loss(cycle, 1), photos=[photo(), NewPhoto("x.jpg", b"<html>")])
        assert not Deduction.objects.exists()
        assert not VisitPhoto.objects.exists()

    def test_not_before_its_day(self, cycle):
        with pytest.raises(VisitRefused):
            recorded(planned(cycle, "甲镇党委"), visited_on=timezone.localdate() + timedelta(days=1))

    def test_not_once_entry_is_closed(self):
        cycle = cycle_with_totals({"甲镇党委": 90})
        visit = planned(cycle, "甲镇党委")
        verify_cycle(cycle, by=None)
        with pytest.raises(EntryClosed):
            recorded(visit, loss(cycle, 1))
        with pytest.raises(VisitRefused):
            planned(cycle, "甲镇党委")

    def test_a_colleague_who_comes_second_is_told_and_changes_nothing(self, cycle):
        visit = planned(cycle, "甲镇党委")
        recorded(visit, loss(cycle, 1), client_uuid=uuid.uuid4())
        with pytest.raises(VisitRefused):
            recorded(visit, loss(cycle, 2), client_uuid=uuid.uuid4())
        assert Deduction.objects.count() == 1

    def test_what_is_sent_again_under_its_key_is_recorded_once(self, cycle):
        visit, key = planned(cycle, "甲镇党委"), uuid.uuid4()
        once = recorded(visit, loss(cycle, 1), client_uuid=key, photos=[photo()])
        again = recorded(visit, loss(cycle, 1), client_uuid=key, photos=[photo()])
        assert (once.pk, Deduction.objects.count()) == (again.pk, 1)
        assert len(list(folder().iterdir())) == VisitPhoto.objects.count() == 1

    def test_even_after_entry_closed_the_second_sending_is_confirmed(self):
        cycle = cycle_with_totals({"甲镇党委": 90})
        visit, key = planned(cycle, "甲镇党委"), uuid.uuid4()
        recorded(visit, client_uuid=key)
        verify_cycle(cycle, by=None)
        assert recorded(visit, client_uuid=key).pk == visit.pk

    def test_one_that_nobody_planned_is_recorded_in_one_step(self, cycle, inspector):
        details = VisitDetails(unit_of(cycle, "甲镇党委"), [inspector], visited_on=timezone.localdate())
        key = uuid.uuid4()
        first, again = (
            record_new_visit(cycle, details, Findings([loss(cycle, 1)]), by=inspector, client_uuid=key)
            for _ in range(2)
        )
        assert first.pk == again.pk
        assert (first.state, Deduction.objects.count()) == (VisitState.DONE, 1)


class TestOwnUnit:
    def test_nobody_inspects_the_own_unit(self, cycle, inspector):
        Membership.objects.create(
            user=inspector, organization=unit_of(cycle, "甲镇党委"), role=Role.SECRETARY
        )
        with pytest.raises(VisitRefused, match="甲镇党委"):
            planned(cycle, "甲镇党委", inspectors=(inspector,))
        assert planned(cycle, "乙镇党委", inspectors=(inspector,)).pk

    def test_nor_the_unit_above_the_own_branch(self, cycle, inspector):
        branch = branch_of(unit_of(cycle, "甲镇党委"), "东山村党支部")
        Membership.objects.create(user=inspector, organization=branch, role=Role.SECRETARY)
        with pytest.raises(VisitRefused):
            planned(cycle, "甲镇党委", inspectors=(inspector,))

    def test_who_belonged_to_it_once_may(self, cycle, inspector):
        today = timezone.localdate()
        Membership.objects.create(
            user=inspector, organization=unit_of(cycle, "甲镇党委"), role=Role.SECRETARY, active_to=today
        )
        assert planned(cycle, "甲镇党委", inspectors=(inspector,)).pk
        with pytest.raises(VisitRefused):
            planned(cycle, "甲镇党委", inspectors=(inspector,), visited_on=today - timedelta(days=1))

    def test_who_came_to_belong_to_it_meanwhile_does_not_record(self, cycle, inspector):
        visit = planned(cycle, "甲镇党委", inspectors=(inspector,))
        Membership.objects.create(user=inspector, organization=visit.organization, role=Role.SECRETARY)
        with pytest.raises(VisitRefused):
            recorded(visit)


class TestPlanning:
    def test_somebody_who_works_for_the_host_goes(self, cycle):
        with pytest.raises(VisitRefused):
            planned(cycle, "甲镇党委", inspectors=(somebody(Role.INSPECTOR, HostFactory()),))
        with pytest.raises(VisitRefused):
            plan_visit(
                cycle, VisitDetails(unit_of(cycle, "甲镇党委"), []), by=somebody(Role.STAFF, cycle.host)
            )

    def test_the_place_belongs_to_the_unit(self, cycle):
        elsewhere = branch_of(unit_of(cycle, "乙镇党委"), "东山村党支部")
        with pytest.raises(VisitRefused, match="东山村党支部"):
            planned(cycle, "甲镇党委", place=elsewhere)

    def test_a_unit_of_another_host_is_not_visited(self, cycle, inspector):
        stranger = unit_of(opened_cycle(ready_host("甲镇党委")), "甲镇党委")
        with pytest.raises(VisitRefused):
            planned(cycle, "甲镇党委", organization=stranger, inspectors=(inspector,))

    def test_sent_twice_it_is_planned_once(self, cycle, inspector):
        details, key = VisitDetails(unit_of(cycle, "甲镇党委"), [inspector]), uuid.uuid4()
        visits = {plan_visit(cycle, details, by=inspector, client_uuid=key).pk for _ in range(3)}
        assert len(visits) == Visit.objects.count() == 1

    def test_cancelling_wants_a_reason_and_happens_once(self, cycle, inspector):
        visit = planned(cycle, "甲镇党委")
        with pytest.raises(VisitRefused):
            cancel_visit(visit, by=inspector, reason="  ")
        assert cancel_visit(visit, by=inspector, reason="道路中断").state == VisitState.CANCELLED
        with pytest.raises(VisitRefused):
            cancel_visit(visit, by=inspector, reason="道路中断")
        with pytest.raises(VisitRefused):
            recorded(visit)


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ("done_visit_has_a_date", {"state": "done"}),
        ("cancelled_visit_has_a_reason", {"state": "cancelled"}),
    ],
)
def test_the_database_refuses_visits_that_make_no_sense(cycle, rule, wrong):
    visit = planned(cycle, "甲镇党委")
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(**wrong)


class TestCategories:
    def test_those_of_the_source_documents_until_the_host_has_its_own(self, cycle):
        assert offered_categories(cycle.host) == list(DEFAULTS)
        set_categories(cycle.host, ["台账不全", " 台账不全", "", "学习不深入"])
        assert offered_categories(cycle.host) == ["台账不全", "学习不深入"]

    def test_one_in_use_is_retired_and_its_problems_keep_it(self, cycle):
        recorded(planned(cycle, "甲镇党委"), problems=[(DEFAULTS[0], "政策不清")])
        assert offered_categories(cycle.host) == list(DEFAULTS)
        set_categories(cycle.host, ["台账不全"])
        assert offered_categories(cycle.host) == ["台账不全"]
        assert Problem.objects.get().category.name == DEFAULTS[0]
