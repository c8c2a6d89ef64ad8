"""Everybody who may knock at a door, and every kind of thing behind one, to ask who may open which.

`Reach.variants` says for each subject of an address (tests/access.py) its variants, such as "open own", and
what the address is then made of.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from organizations.models import Organization, Role, User
from rectification.models import (
    Audience,
    Evidence,
    Item,
    ProgrammeFile,
    ProgrammeSession,
    ReturnVisit,
    SavedFilter,
    SelfCheck,
    Target,
)
from rectification.programme_work import SessionDetails, record_session
from reviews.models import (
    HeadingMeaning,
    Reply,
    ReplyFile,
    ReviewCycle,
    Visit,
    VisitPhoto,
)
from reviews.models.batch import BatchState
from reviews.uploads import keep_upload
from tests.factories.items import in_days, proof, raised, struck_off
from tests.factories.organizations import HostFactory, UserFactory, somebody
from tests.factories.pages import district_of_pages
from tests.factories.phones import record_json
from tests.factories.programmes import TRAINING, assigned_to, reported, target_of, task_of
from tests.factories.replies import deduction_of, replied
from tests.factories.reviews import indicator_of
from tests.factories.visits import branch_of

Variants = dict[str, dict[str, Any]]
OWN, OTHER = "丙乡党委", "丁镇党委"


@dataclass(frozen=True)
class Reach:
    """people: by what they are, None for who has not signed in. variants: by subject, then by name."""

    host: Organization
    people: dict[str, User | None]
    variants: dict[str, Variants]
    bodies: dict[str, dict[str, Any]]

    def sent(self, name: str, person: str, variant: str) -> Any:
        """What is posted: nothing, but where only a body says what is meant. A text is JSON."""
        if name == "reviews:phone-visit":
            user = self.people[person]
            record = self.bodies[name][variant] | {"uuid": str(uuid.uuid4())}
            return json.dumps({"user": user.pk if user else 0, "record": record})
        return self.bodies.get(name, {}).get(variant, {})


def reach() -> Reach:
    """The district of all pages, with somebody of every role and things of the own and of another unit."""
    district = district_of_pages()
    keys, staff = district.keys, district.people["staff"]
    host = Organization.objects.get(pk=district.people["leader"].memberships.get().organization_id)
    own, other = host.units.get(name=OWN), host.units.get(name=OTHER)
    people: dict[str, User | None] = {
        "staff": staff,
        "administrator": somebody(Role.ADMINISTRATOR, host),
        "inspector": district.people["inspector"],
        "leader": district.people["leader"],
        "auditor": somebody(Role.AUDITOR, host),
        "secretary": district.people["secretary"],
        "clerk": somebody(Role.CLERK, own),
        "superuser": UserFactory(is_superuser=True, is_staff=True),
        "stranger": somebody(Role.STAFF, HostFactory()),
        "nobody": UserFactory(is_staff=True),  # a mark of Django's that opens nothing here
        "anonymous": None,
    }
    cycles = {state: _cycle(host, keys[key]) for state, key in STATES.items()}
    variants: dict[str, Variants] = {
        "": {"": {}},
        "cycle": {state: {"quarter": cycle.quarter} for state, cycle in cycles.items()},
        "unit": {
            "own": {"pk": own.pk},
            "other": {"pk": other.pk},
            "below own": {"pk": own.units.order_by("pk")[0].pk},
            "below other": {"pk": branch_of(other, "南山村党支部").pk},
            "closed": {"pk": keys["closed_unit"]},
        },
        "review": {
            f"{state} {name}": {"quarter": cycle.quarter, "pk": unit.pk}
            for state, cycle in cycles.items()
            if state != "draft"
            for name, unit in (("own", own), ("other", other))
        },
        "cell": {
            f"{state} {name}": {
                "quarter": cycle.quarter,
                "pk": unit.pk,
                "indicator": indicator_of(cycle, unit.name, "三会一课").pk,
            }
            for state, cycle in cycles.items()
            if state != "draft"
            for name, unit in (("own", own), ("other", other))
        },
        "year": {"2018": {"year": 2018}},
        "year and unit": {"own": {"year": 2018, "pk": own.pk}, "other": {"year": 2018, "pk": other.pk}},
        "digest": {"published": {"digest": keys["digest"][:16]}},
        "template kind": {"circular": {"kind": "circular"}},
        "rubric year": {"2018": {"year": 2018}},
        "rubric": {"in force": {"pk": keys["rubric"]}, "draft": {"pk": keys["draft_rubric"]}},
        "programme template": {"": {"template": "weak-and-lax"}},
        "own template": {"": {"pk": keys["template"]}},
    }
    variants |= _items(own, other)
    variants |= _programmes(own, other, staff)
    variants |= _reviews(cycles, own, other, staff)
    variants |= _visits(keys)
    variants["return visit"] = {
        "planned": {"pk": keys["planned_return"]},
        "made": {"pk": keys["made_return"]},
    }
    made = ReturnVisit.objects.get(pk=keys["made_return"])
    photo = Evidence.objects.filter(step=made.step).first()
    assert photo is not None
    variants["return visit photo"] = {"made": {"pk": made.pk, "evidence": photo.pk}}
    variants["return draw"] = {"": {"pk": keys["return_draw"]}}
    variants["check"] = {"": {"pk": SelfCheck.objects.get(pk=keys["check"]).pk}}
    filters = {
        name: SavedFilter.objects.create(user=user, host=host, name=name, query="overdue=1")
        for name in ("staff", "secretary", "auditor")
        if (user := people[name])
    }
    variants["saved filter"] = {f"of {name}": {"pk": each.pk} for name, each in filters.items()}
    stranger = people["stranger"]
    assert stranger is not None
    accounts = {"of the host": district.people["secretary"], "of another host": stranger}
    variants["account"] = {name: {"pk": user.pk} for name, user in accounts.items()}
    variants["membership"] = {
        name: {"pk": user.pk, "membership": user.memberships.order_by("pk")[0].pk}
        for name, user in accounts.items()
    }
    bodies = {
        "organizations:host-choose": {"": {"host": host.pk}},
        "organizations:session-end": {"": {"log_in": "others"}},
        "rectification:check-answer": {"": {"unit": own.pk}},
        "reviews:unit-replies": {
            f"reply {name}": {"deduction": deduction_of(cycles["reply"], unit.name).pk}
            for name, unit in (("own", own), ("other", other))
        },
        "reviews:phone-visit": {
            state: record_json(cycle, other.name, staff)
            for state, cycle in cycles.items()
            if state != "draft"
        },
    }
    variants["phone record"] = {state: {} for state in bodies["reviews:phone-visit"]}
    variants["deduction"] = {
        name: kwargs for name, kwargs in variants["review"].items() if name in bodies["reviews:unit-replies"]
    }
    fields = {"published": f"{keys['group_fields']}.top"}
    variants["field"] = {
        state: kwargs | {"key": fields.get(state, "rectification.raised")}
        for state, kwargs in variants["document"].items()
    }
    return Reach(host, people, variants, bodies)


STATES = {
    "draft": "draft",
    "open": "open",
    "reply": "replying",
    "verified": "verified",
    "published": "published",
}


def _cycle(host: Organization, quarter: Any) -> ReviewCycle:
    return ReviewCycle.objects.of_host(host).in_quarter(quarter).get()


def _items(own: Organization, other: Organization) -> dict[str, Variants]:
    items: dict[str, Item] = {}
    for name, unit in (("own", own), ("other", other)):
        for audience in Audience:
            made = raised(unit, f"会议记录不完整（{audience}）", audience=audience, files=(proof(),))
            items[f"{name}, for {audience.value}"] = made
    struck = struck_off(other, text="标识牌缺失")
    return {
        "item": {name: {"serial": item.serial} for name, item in items.items()},
        "struck-off item": {"other": {"serial": struck.serial}},
        "evidence": {
            name: {"pk": Evidence.objects.filter(step__item=item)[0].pk} for name, item in items.items()
        },
        "closed unit": {"": {"pk": other.pk}},
    }


def _programmes(own: Organization, other: Organization, staff: User) -> dict[str, Variants]:
    targets: dict[str, Target] = {}
    for name, unit in (("own", own), ("other", other)):
        programme = assigned_to(unit, by=staff)
        targets[name] = target_of(programme, unit)
    tasks = {name: target.tasks.order_by("pk")[0] for name, target in targets.items()}
    for name, task in tasks.items():
        reported(task, by=somebody(Role.SECRETARY, targets[name].unit))
    files = {
        name: ProgrammeFile.objects.filter(entry__task=task).order_by("pk")[0] for name, task in tasks.items()
    }
    sessions = {name: _planned_session(unit, staff) for name, unit in (("own", own), ("other", other))}
    return {
        "programme": {name: {"pk": target.programme_id} for name, target in targets.items()},
        "target": {
            name: {"pk": target.programme_id, "target": target.pk} for name, target in targets.items()
        },
        "task": {name: {"pk": task.pk} for name, task in tasks.items()},
        "session": {name: {"pk": session.pk} for name, session in sessions.items()},
        "programme file": {name: {"pk": file.pk} for name, file in files.items()},
    }


def _planned_session(unit: Organization, staff: User) -> ProgrammeSession:
    task = task_of(target_of(assigned_to(unit, template=TRAINING, by=staff), unit))
    details = SessionDetails(in_days(5), "发展党员培训", audience="入党积极分子", planned=60)
    record_session(task, details, by=staff, seen=task.version)
    return ProgrammeSession.objects.get(task=task)


def _reviews(
    cycles: dict[str, ReviewCycle], own: Organization, other: Organization, staff: User
) -> dict[str, Variants]:
    stage = cycles["reply"]
    there = replied(
        deduction_of(stage, other.name),
        "签到表已补交",
        proof("签到表.jpg"),
        by=somebody(Role.SECRETARY, other),
    )
    here = Reply.objects.filter(deduction__review__organization=own, deduction__review__cycle=stage)
    mine = here.filter(state="open").get()
    files = {
        name: ReplyFile.objects.filter(step__reply=reply).order_by("pk")[0]
        for name, reply in (("own", mine), ("other", there))
    }
    batches = {
        state: keep_upload([b"PK"], "得分.xlsx", cycles["open"], by=staff)
        for state in (BatchState.PREVIEWED, BatchState.COMMITTED)
    }
    imported = batches[BatchState.COMMITTED]
    imported.state, imported.committed_at = BatchState.COMMITTED, timezone.now()
    imported.save()
    meaning = HeadingMeaning.objects.create(
        host=cycles["open"].host, key="三会", heading="三会", indicator="三会一课", remembered_by=staff
    )
    running = {"quarter": cycles["open"].quarter}
    return {
        "reply": {
            "own": {"quarter": stage.quarter, "pk": mine.pk},
            "other": {"quarter": stage.quarter, "pk": there.pk},
        },
        "reply file": {name: {"quarter": stage.quarter, "pk": file.pk} for name, file in files.items()},
        "batch": {state.value: running | {"pk": batch.pk} for state, batch in batches.items()},
        "heading": {"": running | {"pk": meaning.pk}},
        "document": {
            state: {"quarter": cycle.quarter, "kind": "circular"} for state, cycle in cycles.items()
        },
        "version": {"verified": {"quarter": cycles["verified"].quarter, "kind": "circular", "number": 1}},
        "correction": {"published": {"quarter": _corrected(cycles["open"].host).quarter}},
    }


def _corrected(host: Organization) -> ReviewCycle:
    return ReviewCycle.objects.of_host(host).filter(publications__number=2).get()


def _visits(keys: dict[str, Any]) -> dict[str, Variants]:
    visits = {name: Visit.objects.get(pk=keys[f"{name}_visit"]) for name in ("planned", "made", "held")}
    photos = {
        name: VisitPhoto.objects.filter(visit=visits[name]).order_by("pk").first() for name in ("made",)
    }
    return {
        "visit": {name: {"pk": visit.pk} for name, visit in visits.items()},
        "held visit": {"held": {"pk": visits["held"].pk}},
        "visit photo": {name: {"pk": photo.pk} for name, photo in photos.items() if photo},
        "phone photo": {
            "held": {"visit": visits["held"].client_uuid, "key": "0b7d9c1e-3f1a-4c55-9f53-0d5c2f6f1a11"}
        },
        "draw": {"": {"pk": keys["draw"]}},
    }
