"""The steps of a cycle from entry to publication and back."""

from decimal import Decimal

import pytest

from organizations.models import Organization, Role
from organizations.quarter import Quarter
from reviews.models import CycleState, CycleStep, Publication, ReviewState
from reviews.publishing import (
    NeedsConfirmation,
    NotReadyToPublish,
    StepRefused,
    correct_publication,
    leave_out,
    publish_cycle,
    start_reply,
    step_back,
    verify_cycle,
)
from reviews.standings import frozen_standings
from tests.factories.organizations import somebody
from tests.factories.reviews import cycle_with_totals, give_total, published, ready_host, review_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle():
    return cycle_with_totals({"甲镇党委": 96.5, "乙镇党委": 95, "丙镇党委": 90})


@pytest.fixture
def staff(cycle):
    return somebody(Role.STAFF, cycle.host)


def state_of(cycle):
    cycle.refresh_from_db()
    return cycle.state


def ranking(publication):
    return [(row.organization_name, row.rank) for row in publication.standings.in_print_order()]


# --- Verify --------------------------------------------------------------------------------------


def test_entry_is_not_closed_over_an_unfinished_unit():
    cycle = cycle_with_totals({"甲镇党委": 90, "乙镇党委": None})
    with pytest.raises(NotReadyToPublish, match="乙镇党委"):
        verify_cycle(cycle, by=None)
    assert state_of(cycle) == CycleState.OPEN


def test_one_reason_can_exempt_all_unscored_units():
    cycle = cycle_with_totals({"甲镇党委": 90, "乙镇党委": None})
    verify_cycle(cycle, by=None, exempt_reason="换届")
    review = review_of(cycle, "乙镇党委")
    assert (review.state, review.reason) == (ReviewState.EXEMPT, "换届")
    assert state_of(cycle) == CycleState.VERIFIED


def test_a_unit_is_left_out_only_with_a_reason(cycle):
    with pytest.raises(StepRefused):
        leave_out(review_of(cycle, "甲镇党委"), state=ReviewState.EXEMPT, reason="  ")
    assert review_of(cycle, "甲镇党委").total == Decimal("96.5")


def test_a_cycle_without_a_reply_stage_does_not_go_there(cycle):
    with pytest.raises(StepRefused):
        start_reply(cycle, by=None)
    assert state_of(cycle) == CycleState.OPEN


def test_the_reply_stage_keeps_entry_open(cycle):
    cycle.reply_stage = True
    cycle.save()
    start_reply(cycle, by=None)
    give_total(cycle, "甲镇党委", 90)
    verify_cycle(cycle, by=None)
    assert state_of(cycle) == CycleState.VERIFIED


# --- Publish -------------------------------------------------------------------------------------


def test_only_a_verified_cycle_is_published(cycle, staff):
    with pytest.raises(NotReadyToPublish):
        publish_cycle(cycle, by=staff)
    assert not Publication.objects.exists()


def test_publishing_freezes_the_ranking(cycle, staff):
    verify_cycle(cycle, by=staff)
    publication = publish_cycle(cycle, by=staff)
    assert (publication.number, publication.published_by) == (1, staff)
    assert ranking(publication) == [("甲镇党委", 1), ("乙镇党委", 2), ("丙镇党委", 3)]
    assert state_of(cycle) == CycleState.PUBLISHED


def test_publishing_twice_is_refused(cycle, staff):
    published(cycle, by=staff)
    with pytest.raises(StepRefused):
        publish_cycle(cycle, by=staff)
    assert Publication.objects.count() == 1


def test_an_unpublished_baseline_keeps_a_cycle_from_being_published(staff, cycle):
    host = ready_host("甲镇党委")
    cycle_with_totals({"甲镇党委": 90}, host=host, quarter="2018Q1")
    later = cycle_with_totals({"甲镇党委": 95}, host=host, quarter="2018Q3", baseline=Quarter(2018, 1))
    verify_cycle(later, by=staff)
    with pytest.raises(NotReadyToPublish, match="第一季度"):
        publish_cycle(later, by=staff)


def test_a_list_that_ties_made_long_wants_a_yes():
    totals = dict.fromkeys([f"第{number}镇党委" for number in range(6)], 95) | {"末镇党委": 60}
    cycle = cycle_with_totals(totals, list_size=1)
    staff = somebody(Role.STAFF, cycle.host)
    verify_cycle(cycle, by=staff)
    with pytest.raises(NeedsConfirmation):
        publish_cycle(cycle, by=staff)
    assert not Publication.objects.exists()
    assert publish_cycle(cycle, by=staff, confirm=True).number == 1


def test_what_happens_later_leaves_a_publication_alone(cycle, staff):
    publication = published(cycle, by=staff)
    before = ranking(publication)
    Organization.objects.filter(name="甲镇党委").update(name="甲街道党工委")
    step_back(cycle, by=staff, reason="核对有误")
    give_total(cycle, "丙镇党委", 99)
    assert ranking(Publication.objects.get()) == before
    assert frozen_standings(publication).groups[0].ranked[0].organization_name == "甲镇党委"


# --- Back, and corrections -----------------------------------------------------------------------


def test_a_step_back_needs_a_reason_and_is_logged(cycle, staff):
    verify_cycle(cycle, by=staff)
    with pytest.raises(StepRefused):
        step_back(cycle, by=staff, reason=" ")
    step_back(cycle, by=staff, reason="漏录一项扣分")
    last = CycleStep.objects.last()
    assert (last.from_state, last.to_state) == (CycleState.VERIFIED, CycleState.OPEN)
    assert (last.reason, last.taken_by, last.is_back) == ("漏录一项扣分", staff, True)


def test_a_correction_is_a_new_publication_beside_the_old(cycle, staff):
    first = published(cycle, by=staff)
    step_back(cycle, by=staff, reason="核对有误")
    give_total(cycle, "丙镇党委", 99)
    verify_cycle(cycle, by=staff)
    second = correct_publication(cycle, by=staff, reason="丙镇党委漏计一项")

    assert (second.number, second.reason) == (2, "丙镇党委漏计一项")
    assert ranking(second)[0] == ("丙镇党委", 1)
    assert ranking(first)[0] == ("甲镇党委", 1)
    assert cycle.latest_publication() == second
    assert first.digest != second.digest


def test_a_correction_needs_a_reason(cycle, staff):
    published(cycle, by=staff)
    step_back(cycle, by=staff, reason="核对有误")
    verify_cycle(cycle, by=staff)
    with pytest.raises(StepRefused):
        correct_publication(cycle, by=staff, reason="")
    assert Publication.objects.count() == 1


def test_what_was_never_published_is_not_corrected(cycle, staff):
    verify_cycle(cycle, by=staff)
    with pytest.raises(StepRefused):
        correct_publication(cycle, by=staff, reason="更正")


def test_a_published_cycle_is_not_corrected_without_stepping_back(cycle, staff):
    published(cycle, by=staff)
    with pytest.raises(NotReadyToPublish):
        correct_publication(cycle, by=staff, reason="更正")


def test_a_later_quarter_is_measured_against_the_correction(staff, cycle):
    published(cycle, by=staff)
    step_back(cycle, by=staff, reason="核对有误")
    give_total(cycle, "丙镇党委", 99)
    verify_cycle(cycle, by=staff)
    correct_publication(cycle, by=staff, reason="漏计一项")
    later = cycle_with_totals(
        {"甲镇党委": 99, "乙镇党委": 95, "丙镇党委": 90}, host=cycle.host, quarter="2018Q4"
    )
    publication = published(later, by=staff)
    places = {row.organization_name: row.places for row in publication.standings.all()}
    assert places == {"甲镇党委": 1, "乙镇党委": 1, "丙镇党委": -2}
    assert publication.baseline_publication.number == 2
