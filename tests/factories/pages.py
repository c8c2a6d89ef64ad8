"""A district in which every page of the product has something to show."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from organizations.models import Organization, Role, User
from rectification.programme_templates import copy_template
from rectification.programme_work import SessionDetails, mark_demonstration, record_session, send_back
from rectification.programmes import finish_programme
from reviews.casting import draw_places
from reviews.models import ReviewCycle
from reviews.publishing import leave_out, start_reply, verify_cycle
from reviews.receiving import receive_record
from reviews.visiting import Findings, NewLoss, cancel_visit
from tests.factories.items import in_days
from tests.factories.organizations import (
    FormerNameFactory,
    HostFactory,
    UnitFactory,
    UserFactory,
    somebody,
)
from tests.factories.phones import phone_record
from tests.factories.programmes import (
    OTHER,
    PLATFORM,
    TRAINING,
    WEAK,
    assigned_to,
    held,
    passed,
    reported,
    target_of,
    task_of,
)
from tests.factories.reviews import (
    RubricFactory,
    add_group,
    cycle_with_totals,
    deduct,
    indicator_of,
    opened_cycle,
    published,
    ready_host,
    review_of,
)
from tests.factories.visits import branch_of, made, photo, planned

TOTALS = {"甲镇党委": 96, "乙街道筹备办临时党工委": 95, "丙乡党委": 95, "丁镇党委": 90, "戊镇党委": 80}
SYSTEMS = {"区林业局直属机关党委": 99, "区水电公司党委": 98}
EARLIER = dict(zip(TOTALS, (80, 81, 95, 96, 97), strict=True)) | SYSTEMS


@dataclass(frozen=True)
class District:
    """people: by what they are. keys: what addresses are made of, by what it is."""

    people: dict[str, User]
    keys: dict[str, Any]


def district_of_pages() -> District:
    """One host with cycles in every state, visits in every state, and the people of each role.

    The newcomer is staff of a host that has nothing yet, the admin founds the first host.
    """
    host = ready_host(*TOTALS)
    add_group(host, "系统单位", *SYSTEMS)
    unit = host.units.get(name="丙乡党委")
    inspector = somebody(Role.INSPECTOR, host)
    people = {
        "staff": somebody(Role.STAFF, host),
        "leader": somebody(Role.LEADER, host),
        "secretary": somebody(Role.SECRETARY, unit),
        "inspector": inspector,
        "admin": UserFactory(is_staff=True, is_superuser=True),
        "nobody": UserFactory(),
        "newcomer": somebody(Role.STAFF, HostFactory(group=None)),
    }
    keys = _units(host, unit) | _cycles(host, people["staff"]) | _rubrics(host)
    keys["indicator"] = indicator_of(keys["open"], unit.name, "三会一课").pk
    keys |= _visits(keys["open"], keys["verified"], inspector, people["staff"])
    keys |= _programmes(unit, people)
    quarters = {name: each.quarter for name, each in keys.items() if isinstance(each, ReviewCycle)}
    return District(people, keys | quarters)


def _units(host: Organization, unit: Organization) -> dict[str, Any]:
    for position, name in enumerate(("东山村党支部", "西河村党支部"), 1):
        branch_of(unit, name, position)
    FormerNameFactory(organization=unit, name="丙镇党委")
    closed = UnitFactory(parent=host, name="庚镇党委", active_to="2017-12-31")
    exempt = host.units.get(name="戊镇党委")
    return {"unit": unit.pk, "closed_unit": closed.pk, "exempt_unit": exempt.pk}


def _cycles(host: Organization, staff: User) -> dict[str, Any]:
    first = cycle_with_totals(EARLIER, host=host, quarter="2018Q1")
    published(first, by=staff)
    second = cycle_with_totals(TOTALS | SYSTEMS, host=host, quarter="2018Q2")
    published(second, by=staff)
    verified = cycle_with_totals(TOTALS | SYSTEMS, host=host, quarter="2018Q3")
    verify_cycle(verified, by=staff)
    running = cycle_with_totals({"甲镇党委": 95.5}, host=host, quarter="2018Q4")
    deduct(running, "丙乡党委", "三会一课", 2)
    leave_out(review_of(running, "戊镇党委"), state="exempt", reason="换届")
    draft = ReviewCycle.objects.create(host=host, year=2019, number=2)
    for group in host.groups.all():
        RubricFactory(group=group, year=2019, in_force=True)
    ReviewCycle.objects.create(host=host, year=2019, number=1, reply_stage=True)
    replying = opened_cycle(host, "2019Q1")
    for unit in TOTALS | SYSTEMS:
        deduct(replying, unit, "三会一课", 1)
        deduct(replying, unit, "主题党日", 1)
    start_reply(replying, by=staff)
    return {
        "published": second,
        "verified": verified,
        "open": running,
        "draft": draft,
        "replying": replying,
    }


def _programmes(unit: Organization, people: dict[str, User]) -> dict[str, Any]:
    """Programmes of each kind with work in every state, sessions, a closed one and an own template."""
    staff, secretary = people["staff"], people["secretary"]
    branches = list(unit.units.all())
    rows = assigned_to(*branches, unit.parent.units.first(), days=-3, by=staff, lead_office="组织科")
    target = target_of(rows, branches[0])
    reported(task_of(target, "支部设置标准化"), by=secretary)
    passed(task_of(target, "组织生活正常化"))
    back = reported(task_of(target, "管理服务精细化"), by=secretary)
    send_back(back, "照片不清", by=staff, seen=back.version)
    mark_demonstration(target, by=staff, seen=target.version)
    training = assigned_to(unit, template=TRAINING, by=staff)
    counted = held(task_of(target_of(training, unit)), by=secretary)
    planned_one = SessionDetails(in_days(5), "发展党员培训", audience="入党积极分子", planned=60)
    record_session(counted, planned_one, by=secretary, seen=counted.version)
    assigned_to(unit, template=PLATFORM, quarter="2018Q2", by=staff)
    closed = assigned_to(unit, template=OTHER, quarter="2018Q2", days=-9, by=staff)
    finish_programme(closed, "并入新任务", by=staff, seen=closed.version)
    return {
        "programme": rows.pk,
        "target": target.pk,
        "training": training.pk,
        "training_target": training.targets.get().pk,
        "closed_programme": closed.pk,
        "closed_target": closed.targets.get().pk,
        "template": copy_template(unit.parent, WEAK).pk,
    }


def _rubrics(host: Organization) -> dict[str, Any]:
    group = host.groups.first()
    draft = RubricFactory(group=group, year=2018, version=2)
    return {"rubric": group.rubrics.get(year=2018, version=1).pk, "draft_rubric": draft.pk}


def _visits(cycle: ReviewCycle, verified: ReviewCycle, inspector: User, staff: User) -> dict[str, Any]:
    visited = "乙街道筹备办临时党工委"
    found = Findings(
        losses=[NewLoss(indicator_of(cycle, visited, "主题党日").pk, Decimal(1), "记录不全")],
        highlights=["党员活动室管理规范"],
        problems=[("规范化程度不高", "会议记录不完整")],
        photos=[photo()],
    )
    by = (inspector,)
    recorded = made(cycle, visited, found, inspectors=by)
    called_off = cancel_visit(planned(cycle, "丁镇党委", inspectors=by), by=inspector, reason="道路中断")
    record = phone_record(verified, "甲镇党委", inspector, ("三会一课", "1", "缺签到表"), photos=[0])
    return {
        "made_visit": recorded.pk,
        "held_visit": receive_record(verified, None, record, by=inspector).pk,
        "planned_visit": planned(cycle, "丙乡党委", inspectors=by).pk,
        "cancelled_visit": called_off.pk,
        "draw": draw_places(cycle, list(cycle.host.units.all()), per_unit=1, by=staff).pk,
    }
