"""The roster and one unit: who sees what, and what staff may change."""

import datetime
import io
import re

import openpyxl
import pytest
from django.utils import timezone

from organizations.models import Group, Kind, Organization, Role
from tests.factories.organizations import (
    FormerNameFactory,
    GroupFactory,
    HostFactory,
    UnitFactory,
    somebody,
)

pytestmark = pytest.mark.django_db


def names_in(page) -> list[str]:
    """The units the roster lists, in its order."""
    return [row.record.name for row in page.context["table"].rows]


def details(**changed: object) -> dict[str, object]:
    """What the form of a unit sends."""
    return {"name": "新镇党委", "kind": Kind.COMMITTEE, "short_name": "", "position": "", **changed}


# --- Who sees what ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["staff", "leader"])
def test_who_works_for_the_host_sees_its_units(request, signed_in, unit, who):
    UnitFactory(parent=HostFactory(), name="别区某镇党委")
    assert names_in(signed_in(request.getfixturevalue(who)).get("/units/")) == ["甲镇党委"]


def test_a_secretary_sees_the_own_unit_and_its_sub_units_only(signed_in, host, unit, secretary):
    UnitFactory(parent=host, name="乙镇党委")
    UnitFactory(parent=unit, name="甲镇一村党支部", group=None)
    assert names_in(signed_in(secretary).get("/units/")) == ["甲镇党委", "甲镇一村党支部"]


def test_another_hosts_staff_see_none_of_it(signed_in, unit, stranger):
    client = signed_in(stranger)
    assert names_in(client.get("/units/")) == []
    assert client.get(f"/units/{unit.pk}/").status_code == 404
    assert client.get(f"/units/{unit.pk}/edit/").status_code == 404


def test_who_acts_for_nobody_gets_an_empty_page_not_an_error(signed_in, unit, nobody):
    assert names_in(signed_in(nobody).get("/units/")) == []


def test_a_secretary_does_not_find_another_unit_by_guessing(signed_in, host, secretary):
    other = UnitFactory(parent=host)
    assert signed_in(secretary).get(f"/units/{other.pk}/").status_code == 404


@pytest.mark.parametrize("who", ["leader", "secretary"])
def test_only_staff_change_units(request, signed_in, unit, who):
    client = signed_in(request.getfixturevalue(who))
    assert client.get(f"/units/{unit.pk}/").status_code == 200
    assert client.get(f"/units/{unit.pk}/edit/").status_code == 403
    assert client.post(f"/units/{unit.pk}/edit/", details()).status_code == 403
    assert client.post(f"/units/{unit.pk}/close/", {"day": "2018-07-01"}).status_code == 403
    assert client.post(f"/units/{unit.pk}/reopen/").status_code == 403
    assert client.post("/units/new/", details()).status_code == 403
    assert client.post(f"/units/new/?under={unit.pk}", details()).status_code == 403
    unit.refresh_from_db()
    assert (unit.name, unit.active_to) == ("甲镇党委", None)


def test_the_host_itself_is_not_changed_as_if_it_were_a_unit(signed_in, staff, host):
    client = signed_in(staff)
    assert client.get(f"/units/{host.pk}/").status_code == 200
    assert client.get(f"/units/{host.pk}/edit/").status_code == 403


# --- The list --------------------------------------------------------------------------------------


def test_the_roster_stands_in_the_hosts_own_order(signed_in, staff, host):
    systems = GroupFactory(host=host, name="系统单位", position=2)
    UnitFactory(parent=host, name="丙", group=systems, position=1)
    UnitFactory(parent=host, name="乙", position=2)
    UnitFactory(parent=host, name="甲", position=3)
    client = signed_in(staff)
    assert names_in(client.get("/units/")) == ["乙", "甲", "丙"]
    assert names_in(client.get("/units/?sort=-position")) == ["丙", "甲", "乙"]


def test_a_unit_is_found_by_a_former_name(signed_in, staff, host, unit):
    UnitFactory(parent=host)
    FormerNameFactory(organization=unit, name="子午乡党委")
    assert names_in(signed_in(staff).get("/units/", {"name": "子午"})) == ["甲镇党委"]


def test_the_roster_is_narrowed_by_group_and_kind(signed_in, staff, host, unit):
    systems = GroupFactory(host=host, name="系统单位", position=2)
    UnitFactory(parent=host, name="区林业局直属机关党委", group=systems, kind=Kind.AFFILIATED_COMMITTEE)
    client = signed_in(staff)
    assert names_in(client.get("/units/", {"group": systems.pk})) == ["区林业局直属机关党委"]
    assert names_in(client.get("/units/", {"kind": Kind.COMMITTEE})) == ["甲镇党委"]


def test_the_groups_to_choose_from_are_the_hosts_own(signed_in, staff, host):
    GroupFactory(name="别区的类别")
    choices = signed_in(staff).get("/units/").context["filter"].form.fields["group"].queryset
    assert list(choices) == list(Group.objects.filter(host=host))


def test_closed_units_show_only_when_asked_for(signed_in, staff, unit):
    unit.active_to = timezone.localdate()
    unit.save()
    client = signed_in(staff)
    assert names_in(client.get("/units/")) == []
    assert names_in(client.get("/units/?closed=on")) == ["甲镇党委"]


def test_a_filter_nobody_could_choose_finds_what_it_can(signed_in, staff, unit):
    page = signed_in(staff).get("/units/", {"group": "x", "kind": "nonsense", "page": "999", "sort": "pk"})
    assert page.status_code == 200


def test_a_search_puts_nothing_into_the_address_but_what_is_looked_for(signed_in, staff, unit):
    page = signed_in(staff).get("/units/").content.decode()
    search = page.partition('role="search"')[2].partition("</form>")[0]
    assert re.findall('name="([^"]+)"', search) == ["name", "group", "kind", "closed"]


def test_an_empty_roster_leads_to_the_import(signed_in, staff):
    page = signed_in(staff).get("/units/").content.decode()
    assert "No units yet" in page
    assert 'href="/units/import/"' in page


def test_a_sorted_column_says_so_to_screen_readers(signed_in, staff, unit):
    page = signed_in(staff).get("/units/?sort=-name").content.decode()
    assert 'aria-sort="descending"' in page


@pytest.mark.parametrize("count", [1, 3, 50])
def test_the_roster_costs_the_same_at_any_length(signed_in, staff, host, count, django_assert_num_queries):
    for unit in UnitFactory.create_batch(count, parent=host):
        FormerNameFactory(organization=unit)
    client = signed_in(staff)
    # The session, its user, their memberships, the groups, how many units, the units, their former names.
    with django_assert_num_queries(7):
        page = client.get("/units/")
    assert len(names_in(page)) == count


# --- The export ------------------------------------------------------------------------------------


def test_the_export_says_what_the_list_says_as_the_import_reads_it(signed_in, staff, host, unit):
    UnitFactory(parent=host, name="乙镇党委")
    FormerNameFactory(organization=unit, name="甲乡党委")
    answer = signed_in(staff).get("/units.xlsx", {"name": "甲"})
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert rows[0][:5] == ("序号", "单位全称", "简称", "类别", "组织类型")
    assert [row[1:7] for row in rows[1:]] == [
        ("甲镇党委", None, "乡镇（街道）", "党委", None, "甲乡党委"),
    ]


def test_the_export_comes_as_csv_for_excel(signed_in, staff, unit):
    answer = signed_in(staff).get("/units.csv")
    assert answer.content.decode("utf-8-sig").splitlines()[1].split(",")[1] == "甲镇党委"
    assert "filename*=utf-8''" in answer.headers["Content-Disposition"]


def test_the_export_holds_no_more_than_one_may_see(signed_in, host, unit, secretary):
    UnitFactory(parent=host, name="乙镇党委")
    assert "乙镇党委" not in signed_in(secretary).get("/units.csv").content.decode("utf-8-sig")


def test_there_is_no_export_of_another_kind(signed_in, staff):
    assert signed_in(staff).get("/units.pdf").status_code == 404


# --- One unit --------------------------------------------------------------------------------------


def test_a_unit_shows_its_names_where_it_came_from_and_its_sub_units(signed_in, staff, host, unit):
    FormerNameFactory(organization=unit, name="甲乡党委")
    unit.predecessors.add(UnitFactory(parent=host, name="旧甲镇党委"))
    UnitFactory(parent=unit, name="甲镇一村党支部", group=None)
    page = signed_in(staff).get(f"/units/{unit.pk}/").content.decode()
    for name in ("甲乡党委", "旧甲镇党委", "甲镇一村党支部"):
        assert name in page


def test_which_accounts_act_for_a_unit_is_shown_to_staff_only(signed_in, staff, leader, unit, secretary):
    assert secretary.username in signed_in(staff).get(f"/units/{unit.pk}/").content.decode()
    assert secretary.username not in signed_in(leader).get(f"/units/{unit.pk}/").content.decode()


@pytest.mark.parametrize("count", [1, 3, 50])
def test_a_unit_costs_the_same_with_any_number_of_sub_units(
    signed_in, staff, unit, count, django_assert_num_queries
):
    for sub_unit in UnitFactory.create_batch(count, parent=unit, group=None):
        FormerNameFactory(organization=sub_unit)
    client = signed_in(staff)
    # The session, its user, their memberships, the unit, its former names, predecessors, successors,
    # sub-units with their former names, and its accounts.
    with django_assert_num_queries(11):
        client.get(f"/units/{unit.pk}/")


# --- Changes ---------------------------------------------------------------------------------------


def test_a_renamed_unit_stays_the_same_and_keeps_its_former_name(signed_in, staff, unit):
    given = details(name="甲街道党工委", kind=Kind.WORKING_COMMITTEE, position=1, renamed_on="2018-07-01")
    assert signed_in(staff).post(f"/units/{unit.pk}/edit/", given).url == f"/units/{unit.pk}/"
    unit.refresh_from_db()
    assert (unit.name, unit.kind) == ("甲街道党工委", Kind.WORKING_COMMITTEE)
    former = unit.former_names.get()
    assert (former.name, former.used_until) == ("甲镇党委", datetime.date(2018, 7, 1))


def test_taking_an_old_name_back_leaves_it_no_former_name(signed_in, staff, unit):
    client = signed_in(staff)
    for name in ("甲街道党工委", "甲镇党委"):
        client.post(f"/units/{unit.pk}/edit/", details(name=name, position=1))
    assert [former.name for former in unit.former_names.all()] == ["甲街道党工委"]


def test_a_name_another_unit_bears_is_refused_with_a_reason(signed_in, staff, host, unit):
    UnitFactory(parent=host, name="乙镇党委（临时）")
    answer = signed_in(staff).post(f"/units/{unit.pk}/edit/", details(name="乙镇党委(临时)"))
    assert answer.status_code == 422
    assert "already called" in answer.content.decode()
    unit.refresh_from_db()
    assert unit.name == "甲镇党委"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "\u200b"},
        {"name": "长" * 101},
        {"kind": "nonsense"},
        {"group": "0"},
        {"position": "-1"},
        {"position": "1e999"},
        {"position": "99999999999999999999"},
        {"active_from": "2018-02-30"},
    ],
)
def test_what_cannot_be_kept_is_refused_and_changes_nothing(signed_in, staff, unit, wrong):
    client = signed_in(staff)
    assert client.post(f"/units/{unit.pk}/edit/", details(**wrong)).status_code == 422
    assert client.post("/units/new/", details(**wrong)).status_code == 422
    unit.refresh_from_db()
    assert unit.name == "甲镇党委"
    assert not Organization.objects.filter(name="新镇党委").exists()


def test_a_group_of_another_host_cannot_be_given(signed_in, staff, unit):
    foreign = GroupFactory()
    assert signed_in(staff).post(f"/units/{unit.pk}/edit/", details(group=foreign.pk)).status_code == 422


def test_a_unit_is_closed_from_a_day_on_and_opened_again(signed_in, staff, unit):
    client = signed_in(staff)
    client.post(f"/units/{unit.pk}/close/", {"day": "2018-10-01"})
    unit.refresh_from_db()
    assert unit.active_to == datetime.date(2018, 10, 1)
    client.post(f"/units/{unit.pk}/reopen/")
    unit.refresh_from_db()
    assert unit.active_to is None


def test_a_unit_does_not_end_before_it_begins(signed_in, staff, unit):
    unit.active_from = datetime.date(2018, 7, 1)
    unit.save()
    answer = signed_in(staff).post(f"/units/{unit.pk}/close/", {"day": "2018-06-30"})
    assert answer.status_code == 422
    unit.refresh_from_db()
    assert unit.active_to is None


def test_a_closed_unit_whose_name_was_taken_does_not_come_back(signed_in, staff, host, unit):
    unit.active_to = datetime.date(2018, 7, 1)
    unit.save()
    UnitFactory(parent=host, name="甲镇党委")
    page = signed_in(staff).post(f"/units/{unit.pk}/reopen/", follow=True)
    assert "already called" in page.content.decode()
    unit.refresh_from_db()
    assert unit.active_to == datetime.date(2018, 7, 1)


def test_a_merged_unit_is_new_names_its_predecessors_and_ends_them(signed_in, staff, host, unit):
    other = UnitFactory(parent=host, name="乙镇党委")
    given = details(
        name="甲镇党委",  # a merged unit may well bear the name of one of them
        active_from="2018-07-01",
        predecessors=[unit.pk, other.pk],
        ends_predecessors="on",
    )
    answer = signed_in(staff).post("/units/new/", given)
    merged = Organization.objects.get(name="甲镇党委", active_to=None)
    assert answer.url == f"/units/{merged.pk}/"
    assert merged != unit
    assert set(merged.predecessors.all()) == {unit, other}
    unit.refresh_from_db()
    assert unit.active_to == datetime.date(2018, 7, 1)


def test_a_merger_that_is_refused_ends_nobody(signed_in, staff, host, unit):
    UnitFactory(parent=host, name="丙乡党委")
    given = details(name="丙乡党委", predecessors=[unit.pk], ends_predecessors="on")
    assert signed_in(staff).post("/units/new/", given).status_code == 422
    unit.refresh_from_db()
    assert unit.active_to is None


def test_a_new_unit_without_a_number_comes_last_in_its_group(signed_in, staff, host, unit):
    group = host.groups.get()
    signed_in(staff).post("/units/new/", details(group=group.pk))
    assert Organization.objects.get(name="新镇党委").position == unit.position + 1


def test_a_sub_unit_is_added_under_its_unit(signed_in, staff, unit):
    client = signed_in(staff)
    assert client.get(f"/units/new/?under={unit.pk}").status_code == 200
    client.post(f"/units/new/?under={unit.pk}", details(name="甲镇一村党支部", kind=Kind.BRANCH))
    assert Organization.objects.get(name="甲镇一村党支部").parent == unit


@pytest.mark.parametrize("under", ["x", "0", "²", "9" * 30, "-1"])
def test_nothing_is_added_under_a_unit_that_is_not_there(signed_in, staff, under):
    assert signed_in(staff).post("/units/new/", details(), query_params={"under": under}).status_code == 404


def test_staff_who_also_answer_for_a_unit_elsewhere_change_only_their_own_hosts_units(signed_in, unit):
    township_staff = somebody(Role.STAFF, unit)
    village = UnitFactory(parent=unit, group=None)
    client = signed_in(township_staff)
    assert client.get(f"/units/{village.pk}/edit/").status_code == 200
    assert client.get(f"/units/{unit.pk}/edit/").status_code == 403
