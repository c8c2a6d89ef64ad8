"""A district in which every page of the product has something to show."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from organizations.models import Organization, Role, User
from rectification.categories import DEFAULTS
from rectification.closing import add_note, extend, return_to_unit, submit
from rectification.evidence import NewFile
from rectification.models import Source
from rectification.programme_templates import copy_template
from rectification.programme_work import SessionDetails, mark_demonstration, record_session, send_back
from rectification.programmes import finish_programme
from rectification.revisiting import OtherProblem, Result, plan_by_hand, record_result
from rectification.sampling import Sample, draw_items
from rectification.self_checks import OwnProblem
from reviews.casting import draw_places
from reviews.models import ReplyStepKind, ReviewCycle, ReviewYear
from reviews.publishing import leave_out, start_reply, verify_cycle
from reviews.receiving import receive_record
from reviews.replying import decide_reply
from reviews.report_remarks import accept_remark
from reviews.visiting import Findings, NewLoss, cancel_visit
from reviews.year_publishing import publish_year
from tests.factories.checks import answered, check_of
from tests.factories.documents import pdf
from tests.factories.items import assigned, category_of, in_days, proof, raised, struck_off, submitted
from tests.factories.ledgers import fill_ledger
from tests.factories.organizations import (
    FormerNameFactory,
    HostFactory,
    MembershipFactory,
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
from tests.factories.replies import deduction_of, replied
from tests.factories.reports import rewrote, wrote_in
from tests.factories.reviews import (
    RubricFactory,
    add_group,
    corrected_once,
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
STALE = ("戊镇党委位居前三名。", "乡镇平均得分60分，工作扎实。")
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
        "administrator": somebody(Role.ADMINISTRATOR, host),
        "starter": MembershipFactory(
            organization=host, role=Role.STAFF, user__must_change_password=True
        ).user,
    }
    keys = _accounts(people) | _units(host, unit) | _cycles(host, people["staff"]) | _rubrics(host)
    fill_ledger(unit, host.units.get(name="丁镇党委"), people["staff"])
    keys["group_fields"] = f"g{host.groups.first().pk}"
    keys["indicator"] = indicator_of(keys["open"], unit.name, "三会一课").pk
    keys |= _items(unit, people["staff"], people["secretary"])
    keys |= _visits(keys["open"], keys["verified"], inspector, people["staff"])
    keys |= _replies(keys["replying"], unit, people)
    keys |= _same_problem(unit)
    keys |= _items_looked_at_again(host, people["staff"])
    keys |= _programmes(unit, people)
    keys["digest"] = keys["published"].latest_publication().digest
    quarters = {name: each.quarter for name, each in keys.items() if isinstance(each, ReviewCycle)}
    return District(people, keys | quarters)


def _accounts(people: dict[str, User]) -> dict[str, Any]:
    """Beside those who act: one who acted once, and one who was deactivated."""
    secretary = people["secretary"]
    membership = secretary.memberships.get()
    host = membership.organization.parent
    MembershipFactory(user=secretary, organization=host, role=Role.LEADER, active_to="2018-06-01")
    left = MembershipFactory(organization=host, role=Role.INSPECTOR, user__is_active=False).user
    return {
        "account": secretary.pk,
        "membership": membership.pk,
        "deactivated_account": left.pk,
        "own_account": people["administrator"].pk,
    }


def _units(host: Organization, unit: Organization) -> dict[str, Any]:
    for position, name in enumerate(("东山村党支部", "西河村党支部"), 1):
        branch_of(unit, name, position)
    FormerNameFactory(organization=unit, name="丙镇党委")
    closed = UnitFactory(parent=host, name="庚镇党委", active_to="2017-12-31")
    exempt = host.units.get(name="戊镇党委")
    return {"unit": unit.pk, "closed_unit": closed.pk, "exempt_unit": exempt.pk}


def _cycles(host: Organization, staff: User) -> dict[str, Any]:
    first = cycle_with_totals(EARLIER, host=host, quarter="2018Q1")
    corrected_once(published(first, by=staff), 甲镇党委=85)
    second = cycle_with_totals(TOTALS | SYSTEMS, host=host, quarter="2018Q2")
    published(second, by=staff)
    publish_year(host, 2018, by=staff, confirm=True)
    # Corrected by another rule, so that the year's page and its publication have all their parts.
    ReviewYear.objects.create(host=host, year=2018, first=40, second=20, third=20, fourth=20)
    verified = cycle_with_totals(TOTALS | SYSTEMS, host=host, quarter="2018Q3")
    verify_cycle(verified, by=staff)
    accepted, _open = wrote_in(verified, *STALE, by=staff)
    accept_remark(verified, "circular", accepted.remark.fingerprint, reason="按会议确定的口径", by=staff)
    rewrote(verified, "averages", "各单位总体平稳。", by=staff)
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
        "corrected": first,
        "published": second,
        "verified": verified,
        "open": running,
        "draft": draft,
        "replying": replying,
    }


def _replies(cycle: ReviewCycle, unit: Organization, people: dict[str, User]) -> dict[str, Any]:
    """Of one unit a reply with proof that nobody decided on, and one that was decided."""
    mine = people["secretary"]
    kept = replied(deduction_of(cycle, unit.name, "主题党日"), "主题党日已按期开展", by=mine)
    decide_reply(kept, ReplyStepKind.KEEP, "未见活动记录", seen=1, by=people["staff"])
    files = (proof("签到表.jpg"), NewFile("会议记录.pdf", pdf()))
    reply = replied(deduction_of(cycle, unit.name), "签到表已补交，见照片", *files, by=mine)
    return {"reply": reply.pk}


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


def _items(unit: Organization, staff: User, secretary: User) -> dict[str, Any]:
    """One to answer, returned once and extended; one to strike off, with a photo and a document; one done."""
    returned = submitted(unit, secretary=secretary, text="会议记录不完整，缺签到表", place="东山村党支部")
    returned = return_to_unit(returned, "照片看不清日期", by=staff, seen=returned.version).item
    open_item = extend(returned, in_days(60), "道路施工", by=staff, seen=returned.version).item
    noted = assigned(unit, text="党员活动室无标识牌", measures="一周内制作上墙")
    files = [proof(), NewFile("整改报告.pdf", pdf())]
    noted = add_note(noted, "已联系制作", by=secretary, seen=noted.version, files=files).item
    sent = submit(noted, "标识牌已上墙", by=secretary, seen=noted.version)
    return {
        "open_item": open_item.serial,
        "submitted_item": sent.item.serial,
        "closed_item": struck_off(unit, text="台账未更新").serial,
    }


def _same_problem(unit: Organization) -> dict[str, Any]:
    """One that the unit reported itself, and one that tells of the same."""
    same = {"category": category_of(unit.parent, "规范化程度不高")}
    raised(unit, "自查：会议记录不完整", source=Source.SELF, quarter="2018Q2", **same)
    return {"duplicate": raised(unit, quarter="2018Q2", **same).serial}


def _items_looked_at_again(host: Organization, staff: User) -> dict[str, Any]:
    """Return visits planned and made, a self-check half answered, and items of units that are closed."""
    first, second, third = (host.units.get(name=name) for name in ("甲镇党委", "丁镇党委", "戊镇党委"))
    failed, undrawn = struck_off(first), struck_off(second)
    planned_return = plan_by_hand(struck_off(first), by=staff)
    draw = draw_items(host, Sample(number=1), by=staff, seed="3f")
    made_return = draw.return_visits.get()
    found = Result(
        is_passed=False,
        visited_on=in_days(0),
        words="又未按月召开支部党员大会",
        files=[proof()],
        problems=[OtherProblem("党务公开栏未更新", DEFAULTS[0], "村委会")],
    )
    record_result(made_return, found, by=staff)
    undrawn_item = failed if made_return.item_id == undrawn.pk else undrawn
    check = check_of(host, item=undrawn_item, by=staff)
    answered(check, third, OwnProblem("缺少签到表", "南坪村党支部"))
    raised(host.units.get(name="庚镇党委"))
    return {
        "item": undrawn_item.serial,
        "undrawn_item": undrawn_item.serial,
        "planned_return": planned_return.pk,
        "made_return": made_return.pk,
        "return_draw": draw.pk,
        "check": check.pk,
    }


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
