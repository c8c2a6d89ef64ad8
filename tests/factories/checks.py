"""Self-checks and return visits, made by the product's own deeds."""

from __future__ import annotations

from typing import Any

from organizations.models import Organization, Role, User
from rectification.categories import DEFAULTS
from rectification.models import Item, Outcome, ReturnVisit, SelfCheck, SelfCheckAnswer
from rectification.revisiting import Result, plan_by_hand, record_result
from rectification.self_checks import NewCheck, OwnProblem, answer_check, send_check, units_asked
from tests.factories.items import in_days, struck_off
from tests.factories.organizations import somebody


def check_of(
    host: Organization,
    *units: Organization,
    item: Item | None = None,
    days: int = 10,
    text: str = "发展党员材料不全",
    by: User | None = None,
    **options: Any,
) -> SelfCheck:
    """A self-check sent to these units, or to all, to be answered in so many days."""
    new = NewCheck(
        text=text,
        category=DEFAULTS[0],
        answer_by=in_days(days),
        units=units or units_asked(host, item, in_days(0)),
        item=item,
    )
    return send_check(host, new, by=by or somebody(Role.STAFF, host), **options)


def answer_of(check: SelfCheck, unit: Organization) -> SelfCheckAnswer:
    return check.answers.get(unit=unit)


def answered(
    check: SelfCheck, unit: Organization, *problems: OwnProblem, by: User | None = None
) -> SelfCheckAnswer:
    """The unit's answer: these problems, or that there is none."""
    outcome = Outcome.FOUND if problems else Outcome.NOT_FOUND
    words = "" if problems else "已逐卷核查"
    by = by or somebody(Role.SECRETARY, unit)
    return answer_check(answer_of(check, unit), outcome, words, problems, by=by)


def planned_return(unit: Organization, *, by: User | None = None, **details: Any) -> ReturnVisit:
    """A return visit to a struck-off item of the unit, planned by hand."""
    return plan_by_hand(struck_off(unit, **details), by=by or somebody(Role.STAFF, unit.parent))


def passed(**details: Any) -> Result:
    return Result(**{"is_passed": True, "visited_on": in_days(0), **details})


def failed(words: str = "又出现空档", **details: Any) -> Result:
    return Result(**{"is_passed": False, "visited_on": in_days(0), "words": words, **details})


def made_return(unit: Organization, result: Result | None = None, *, by: User | None = None) -> ReturnVisit:
    """A return visit that was planned and recorded; passed unless told otherwise."""
    by = by or somebody(Role.STAFF, unit.parent)
    return record_result(planned_return(unit, by=by), result or passed(), by=by)
