"""Every address of programmes as everybody, on the own unit's target and on another's: 200, 403 or 404."""

from types import SimpleNamespace

import pytest
from django.db import transaction
from django.urls import get_resolver

from organizations.models import Role
from rectification.models import ProgrammeEntry, ProgrammeFile, ProgrammeSession, Target
from rectification.programme_templates import copy_template
from rectification.programme_work import take_out
from tests.factories.organizations import HostFactory, UnitFactory, UserFactory, somebody
from tests.factories.programmes import (
    FIVE,
    WEAK,
    assigned_to,
    finished_target,
    held,
    reported,
    sessions,
    target_of,
    task_of,
    template_with,
)
from workbooks.reading import read_workbook

PEOPLE = ("staff", "leader", "inspector", "own", "neighbour", "lead", "outsider", "stranger", "nobody")
# own: secretary of the unit the addresses are about; neighbour: of another target of the same programmes;
# lead: of the lead unit, which is no target; outsider: of a unit that has nothing to do with them.


def statuses(staff, leader, inspector, own, neighbour, lead, outsider, stranger=404, nobody=404):
    return dict(
        zip(PEOPLE, (staff, leader, inspector, own, neighbour, lead, outsider, stranger, nobody), strict=True)
    )


STAFF_ALONE = statuses(200, 403, 403, 403, 403, 403, 403, stranger=200, nobody=404)
INVOLVED = statuses(200, 200, 200, 200, 200, 200, 404)
OWN_TARGET = statuses(200, 200, 200, 200, 404, 404, 404)
RUN = statuses(200, 403, 403, 403, 403, 403, 404)

GET = {
    "/programmes/": statuses(200, 200, 200, 200, 200, 200, 200, stranger=200),
    "/programmes/new/": STAFF_ALONE,
    "/programmes/new/training/": STAFF_ALONE,
    "/programmes/new/nothing/": statuses(404, 403, 403, 403, 403, 403, 403, stranger=404),
    "/programmes/templates/": STAFF_ALONE,
    "/programmes/templates/{template}/": STAFF_ALONE | {"stranger": 404},
    "/programmes/{programme}/": INVOLVED,
    "/programmes/{programme}/table/": INVOLVED,
    "/programmes/{programme}/table.xlsx": INVOLVED,
    "/programmes/{programme}/edit/": RUN,
    "/programmes/{programme}/targets/": RUN,
    "/programmes/{programme}/targets/{target}/": OWN_TARGET,
    "/programmes/files/{file}/": OWN_TARGET,
}
BY_STAFF = statuses(302, 403, 403, 403, 404, 404, 404)
BY_BOTH = statuses(302, 403, 403, 302, 404, 404, 404)
POST = {
    "/programmes/templates/copy/training/": statuses(302, 403, 403, 403, 403, 403, 403, stranger=302),
    "/programmes/templates/{template}/offer/": statuses(302, 403, 403, 403, 403, 403, 403),
    "/programmes/{programme}/extend/": statuses(302, 403, 403, 403, 403, 403, 404),
    "/programmes/{programme}/finish/": statuses(302, 403, 403, 403, 403, 403, 404),
    "/programmes/{programme}/resume/": statuses(302, 403, 403, 403, 403, 403, 404),
    "/programmes/{programme}/withdraw/": statuses(302, 403, 403, 403, 403, 403, 404),
    "/programmes/{programme}/targets/{target}/persons/": BY_BOTH,
    "/programmes/{programme}/targets/{target}/extend/": BY_STAFF,
    "/programmes/{programme}/targets/{target}/mark/": BY_STAFF,
    "/programmes/{programme}/targets/{target}/unmark/": BY_STAFF | {"staff": 422},
    "/programmes/{programme}/targets/{target}/take-out/": BY_STAFF,
    "/programmes/{programme}/targets/{target}/put-back/": BY_STAFF | {"staff": 422},
    "/programmes/{programme}/targets/{target}/confirm/": BY_STAFF,
    "/programmes/tasks/{open}/report/": BY_BOTH,
    "/programmes/tasks/{open}/note/": BY_BOTH,
    "/programmes/tasks/{reported}/confirm/": BY_STAFF,
    "/programmes/tasks/{reported}/send-back/": BY_STAFF,
    "/programmes/tasks/{reported}/reopen/": BY_STAFF | {"staff": 422},
    "/programmes/tasks/{sessions}/sessions/": BY_BOTH,
    "/programmes/sessions/{session}/": BY_BOTH | {"staff": 422, "own": 422},
    "/programmes/sessions/{session}/call-off/": BY_BOTH,
}


@pytest.fixture
def world(host, unit, other_unit):
    """Two programmes with the same targets: one of rows, one of sessions."""
    lead, outside = UnitFactory(parent=host), UnitFactory(parent=host)
    people = {
        "staff": somebody(Role.STAFF, host),
        "leader": somebody(Role.LEADER, host),
        "inspector": somebody(Role.INSPECTOR, host),
        "own": somebody(Role.SECRETARY, unit),
        "neighbour": somebody(Role.SECRETARY, other_unit),
        "lead": somebody(Role.SECRETARY, lead),
        "outsider": somebody(Role.SECRETARY, outside),
        "stranger": somebody(Role.STAFF, HostFactory()),
        "nobody": UserFactory(),
    }
    template = template_with("一", "二", base=FIVE)
    programme = assigned_to(unit, other_unit, template=template, lead_unit=lead, name="五化")
    training = assigned_to(unit, other_unit, template=sessions(3), lead_unit=lead)
    target = target_of(programme, unit)
    row = reported(task_of(target, "一"), by=somebody(Role.SECRETARY, unit))
    counted = held(task_of(target_of(training, unit)), by=somebody(Role.SECRETARY, unit))
    keys = {
        "programme": programme.pk,
        "target": target.pk,
        "open": task_of(target, "二").pk,
        "reported": row.pk,
        "sessions": counted.pk,
        "session": ProgrammeSession.objects.get().pk,
        "file": ProgrammeFile.objects.get().pk,
        "template": copy_template(host, WEAK).pk,
    }
    return SimpleNamespace(people=people, keys=keys)


def sent(world, address):
    """What a form of this address sends, complete and up to date."""
    keys = world.keys
    seen = {
        "{open}": 0,
        "{reported}": 1,
        "{sessions}": 1,
        "{session}": 1,
    }
    version = next((number for key, number in seen.items() if key in address), 1)
    return {
        "seen": f"{keys['reported']}-1" if address.endswith("{target}/confirm/") else version,
        "reason": "因故",
        "text": "已完成",
        "due_on": "2999-01-01",
        "responsible": "张三",
        "held_on": "2018-09-01",
        "topic": "培训",
        "attended": "30",
        "offered": "0",
    }


@pytest.mark.parametrize("address", GET)
def test_what_one_may_see(address, world, signed_in):
    for person, status in GET[address].items():
        answer = signed_in(world.people[person]).get(address.format(**world.keys))
        b"".join(answer)  # reads a file to its end, which closes it
        assert answer.status_code == status, f"{person} gets {answer.status_code}"


@pytest.mark.parametrize("address", POST)
def test_what_one_may_do_and_that_a_refusal_changes_nothing(address, world, signed_in):
    before = ProgrammeEntry.objects.count()
    for person, status in POST[address].items():
        client = signed_in(world.people[person])
        with transaction.atomic():
            answer = client.post(address.format(**world.keys), sent(world, address))
            written = ProgrammeEntry.objects.count() - before
            transaction.set_rollback(True)
        assert answer.status_code == status, f"{person} gets {answer.status_code}"
        assert status == 302 or written == 0


def test_no_deed_is_done_by_following_a_link(world, signed_in):
    client = signed_in(world.people["staff"])
    assert {client.get(address.format(**world.keys)).status_code for address in POST} == {405}


def test_no_address_of_programmes_is_forgotten():
    routes = {
        str(pattern.pattern)
        for resolver in get_resolver().url_patterns
        for entry in getattr(resolver, "url_patterns", [])
        for pattern in getattr(entry, "url_patterns", [])
        if str(entry.pattern) == "programmes/"
    }
    # /new/ is asked for with a template there is and one not; of originals tests/files tells.
    assert len(routes) == len(GET) + len(POST) - 1 + 1


def test_a_unit_learns_nothing_of_another_units_progress(world, signed_in, unit, other_unit):
    client = signed_in(world.people["own"])
    for address in ("/programmes/{programme}/", "/programmes/{programme}/table/"):
        page = client.get(address.format(**world.keys)).content.decode()
        assert unit.name in page
        assert other_unit.name not in page
    book = client.get("/programmes/{programme}/table.xlsx".format(**world.keys))
    assert other_unit.name not in shown_in(book.content)


def test_a_lead_unit_that_is_no_target_sees_the_programme_and_nobodys_progress(
    world, signed_in, unit, other_unit
):
    page = signed_in(world.people["lead"]).get("/programmes/{programme}/".format(**world.keys))
    assert page.context["board"].counts.targets == 0
    assert unit.name not in page.content.decode()


def test_the_counts_of_a_list_are_of_the_own_targets_alone(world, signed_in):
    rows = {
        person: [row.record.target_count for row in signed_in(user).get("/programmes/").context["table"].rows]
        for person, user in world.people.items()
        if person in ("staff", "own", "lead")
    }
    assert rows == {"staff": [2, 2], "own": [1, 1], "lead": [0, 0]}


@pytest.mark.parametrize("query", ["overdue=on", "waiting=on"])
def test_no_filter_and_no_figure_tells_of_another_units_progress(
    query, host, unit, other_unit, secretary, signed_in
):
    programme = assigned_to(unit, other_unit, template=template_with("一", "二"), days=-3)
    finished_target(target_of(programme, unit))
    reported(task_of(target_of(programme, other_unit), "一"))
    answer = signed_in(secretary).get(f"/programmes/?{query}")
    assert not answer.context["table"].rows
    assert (answer.context["figures"]["overdue"], answer.context["figures"]["waiting"]) == (0, 0)


def test_what_was_taken_out_counts_nowhere(unit, other_unit, staff, signed_in):
    programme = assigned_to(unit, other_unit)
    take_out(target_of(programme, other_unit), "撤并", by=staff, seen=1)
    (row,) = signed_in(staff).get("/programmes/").context["table"].rows
    assert (row.record.target_count, row.record.progress_text) == (1, "0/5")


def test_the_unit_answers_for_its_branches(host, unit, signed_in):
    branch = UnitFactory(parent=unit, group=None, name="东山村党支部")
    target = target_of(assigned_to(branch), branch)
    client = signed_in(somebody(Role.SECRETARY, unit))
    assert client.get(target.get_absolute_url()).status_code == 200
    assert Target.objects.visible_to(somebody(Role.SECRETARY, branch)).get() == target


def shown_in(workbook: bytes) -> str:
    book = read_workbook(workbook, "台账.xlsx")
    return "\n".join(str(cell) for sheet in book.sheets for row in sheet.rows for cell in row)
