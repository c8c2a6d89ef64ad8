"""Accounts from a workbook: what would be added, every problem with its cell, all or nothing, once."""

from __future__ import annotations

import datetime
import stat
from decimal import Decimal
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from organizations.account_import import AccountsRefused, import_all, plan_accounts
from organizations.account_rows import HEADER
from organizations.models import FormerName, Membership, Organization, Role, User
from tests.factories.organizations import MembershipFactory, UnitFactory, UserFactory, somebody
from tests.organizations.at_the_door import logs_in
from workbooks.reading import read_workbook
from workbooks.writing import Table, write_csv, write_xlsx

pytestmark = pytest.mark.django_db

WANG = {"姓名": "王某", "账号": "wang", "单位": "甲镇党委", "角色": "单位书记"}
LI = {"姓名": "李某", "账号": "li", "角色": "督查员", "邮箱": "li@review.example"}
PREVIEW = "/accounts/import/preview/"


@pytest.fixture(autouse=True)
def own_uploads(settings, tmp_path):
    """Uploads of one test are not those of another."""
    here = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": here}


@pytest.fixture
def administrator(host: Organization) -> User:
    return somebody(Role.ADMINISTRATOR, host)


def file_of(*rows: dict[str, object], header: tuple[str, ...] = HEADER) -> bytes:
    return write_xlsx([Table("账号", header, [[row.get(name) for name in header] for row in rows])])


def book_of(*rows: dict[str, object], header: tuple[str, ...] = HEADER):
    return read_workbook(file_of(*rows, header=header), "账号.xlsx")


def memberships() -> list[tuple[str, str, str]]:
    rows = Membership.objects.values_list("user__username", "organization__name", "role")
    return sorted(rows)


def test_accounts_and_memberships_are_added(host, unit, administrator):
    before = set(memberships())
    also = {"账号": "wang", "角色": "督查员", "止": datetime.date(2090, 1, 1)}
    plan, opened = import_all(book_of(WANG, LI, also), host, by=administrator)
    assert (plan.new_accounts, len(plan.additions)) == (2, 3)
    assert set(memberships()) - before == {
        ("li", host.name, "inspector"),
        ("wang", host.name, "inspector"),
        ("wang", unit.name, "secretary"),
    }
    assert all(user.check_password(password) and user.must_change_password for user, password in opened)
    assert User.objects.get(username="li").email == "li@review.example"
    assert Membership.objects.get(user__username="wang", role="inspector").active_to.year == 2090


def test_the_same_file_again_changes_nothing(host, unit, administrator):
    import_all(book_of(WANG, LI), host, by=administrator)
    rows = list(User.objects.order_by("pk").values()), list(Membership.objects.order_by("pk").values())
    plan, opened = import_all(book_of(WANG, LI), host, by=administrator)
    assert (plan.changes_nothing, plan.unchanged, opened) == (True, 2, [])
    now = list(User.objects.order_by("pk").values()), list(Membership.objects.order_by("pk").values())
    assert now == rows


def test_headings_and_roles_are_read_in_english_too(host, unit, administrator):
    header = ("Name", "Account", "Unit", "Role", "E-mail", "From", "Until")
    row = {
        "Name": "王某",
        "Account": "wang",
        "Unit": unit.name,
        "Role": "Unit secretary",
        "From": "2018-03-01",
    }
    plan, _opened = import_all(book_of(row, header=header), host, by=administrator)
    assert plan.additions[0].begins == datetime.date(2018, 3, 1)


def test_a_unit_is_found_by_any_name_and_a_number_may_be_an_account(host, unit, administrator):
    FormerName.objects.create(organization=unit, name="甲乡党委")
    import_all(book_of({**WANG, "账号": 20180001, "单位": "甲乡党委"}), host, by=administrator)
    assert User.objects.get(username="20180001").memberships.get().organization == unit


def test_sub_units_of_one_name_are_told_apart_by_their_superior(host, unit, administrator):
    other = UnitFactory(parent=host, name="乙镇党委")
    for superior in (unit, other):
        UnitFactory(parent=superior, name="第一党支部")
    row = {**WANG, "单位": "第一党支部"}
    (problem,) = plan_accounts(book_of(row), host, by=administrator).problems
    assert unit.name in problem.message
    import_all(book_of({**row, "上级单位": other.name}), host, by=administrator)
    assert User.objects.get(username="wang").memberships.get().organization.parent == other


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        ({**WANG, "账号": None}, "B", ""),
        ({**WANG, "账号": "王 某"}, "B", "王 某"),
        ({**WANG, "账号": "x" * 151}, "B", "151"),
        ({**WANG, "账号": Decimal("1.5")}, "B", "1.5"),
        ({**WANG, "姓名": None}, "A", "wang"),
        ({**WANG, "姓名": "王" * 51}, "A", "51"),
        ({**WANG, "单位": "寅镇党委"}, "C", "寅镇党委"),
        ({**WANG, "单位": None}, "C", ""),
        ({**LI, "单位": "甲镇党委"}, "C", ""),
        ({**WANG, "角色": "国王"}, "E", "国王"),
        ({**WANG, "角色": None}, "E", ""),
        ({**WANG, "邮箱": "nowhere"}, "F", "nowhere"),
        ({**WANG, "起": "昨天"}, "G", "昨天"),
        ({**WANG, "止": "2018-01-01"}, "H", "2018-01-01"),
        ({**WANG, "起": "2090-02-01", "止": "2090-01-01"}, "H", "2090-01-01"),
    ],
)
def test_every_problem_names_its_cell_and_nothing_is_written(host, unit, administrator, row, column, told):
    (problem,) = plan_accounts(book_of(LI | {"账号": "ok"}, row), host, by=administrator).problems
    assert (problem.where.row, chr(64 + problem.where.column)) == (3, column)
    assert told in problem.message
    with pytest.raises(AccountsRefused):
        import_all(book_of(LI | {"账号": "ok"}, row), host, by=administrator)
    assert not User.objects.filter(username__in=["ok", "wang"]).exists()


def test_one_account_has_one_name_and_each_role_once(host, unit, administrator):
    rows = [WANG, {**WANG, "姓名": "汪某", "角色": "领导", "单位": None}, WANG]
    problems = plan_accounts(book_of(*rows), host, by=administrator).problems
    assert [problem.where.row for problem in problems] == [3, 4]


def test_rights_of_ones_own_and_of_superusers_are_not_for_a_file(host, administrator):
    above = MembershipFactory(organization=host, user__is_superuser=True).user
    off = MembershipFactory(organization=host, user__is_active=False).user
    rows = [{"账号": user.username, "角色": "领导"} for user in (administrator, above, off)]
    problems = plan_accounts(book_of(*rows), host, by=administrator).problems
    assert [problem.where.row for problem in problems] == [2, 3, 4]


def test_an_account_of_somebody_elsewhere_is_not_taken_for_a_new_person(host, administrator):
    taken = UserFactory(username="wang", full_name="汪某")
    row = {"姓名": "王某", "账号": "wang", "角色": "督查员"}
    (problem,) = plan_accounts(book_of(row), host, by=administrator).problems
    assert "汪某" not in problem.message
    import_all(book_of({**row, "姓名": "汪某"}), host, by=administrator)
    assert taken.memberships.get().organization == host


def test_what_is_known_stays_and_is_noted(host, administrator, staff):
    User.objects.filter(pk=staff.pk).update(full_name="王某")
    row = {"姓名": "汪某", "账号": staff.username, "角色": "组织部工作人员", "止": "2090-01-01"}
    plan = plan_accounts(book_of(row), host, by=administrator)
    assert (plan.changes_nothing, len(plan.notes)) == (True, 2)


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04broken", write_csv([("姓名", "单位")]), write_csv([("账号", "角色")]), b"\x00" * 100],
)
def test_a_file_that_lists_no_accounts_is_refused(signed_in, administrator, data):
    file = SimpleUploadedFile("账号.csv", data)
    answer = signed_in(administrator).post("/accounts/import/", {"file": file})
    assert answer.status_code == 422


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_planning_costs_the_same_at_any_length(host, unit, administrator, rows, django_assert_num_queries):
    workbook = book_of(*({**WANG, "账号": f"wang{number}"} for number in range(rows)))
    with django_assert_num_queries(4):
        plan_accounts(workbook, host, by=administrator)


# --- In the browser ----------------------------------------------------------------------------------


def upload(client, data: bytes):
    return client.post("/accounts/import/", {"file": SimpleUploadedFile("账号.xlsx", data)})


def test_a_workbook_is_shown_before_it_is_imported_and_its_passwords_once_after(
    signed_in, client, unit, administrator
):
    desk = signed_in(administrator)
    assert upload(desk, file_of(WANG, LI)).url == PREVIEW
    page = desk.get(PREVIEW)
    assert not User.objects.filter(username="wang").exists()
    answer = desk.post(PREVIEW, {"digest": page.context["digest"]})
    slips = answer.context["slips"]
    assert [slip.username for slip in slips] == ["wang", "li"]
    assert logs_in(client, "wang", slips[0].password)
    assert slips[0].password not in repr(slips)
    assert desk.get(PREVIEW).url == "/accounts/import/"


def test_what_changed_since_the_preview_is_shown_anew(signed_in, host, unit, administrator):
    desk = signed_in(administrator)
    upload(desk, file_of(WANG, LI))
    digest = desk.get(PREVIEW).context["digest"]
    import_all(book_of(WANG), host, by=administrator)
    answer = desk.post(PREVIEW, {"digest": digest})
    assert answer.status_code == 422
    assert not User.objects.filter(username="li").exists()


def test_problems_are_listed_and_nothing_waits(signed_in, unit, administrator):
    desk = signed_in(administrator)
    answer = upload(desk, file_of({**WANG, "角色": "国王"}))
    assert answer.status_code == 422
    assert "国王" in answer.content.decode()
    assert desk.get(PREVIEW).url == "/accounts/import/"


def test_the_template_comes_back(signed_in, administrator, host):
    answer = signed_in(administrator).get("/accounts/import/template.xlsx")
    (sheet,) = read_workbook(answer.content, "账号.xlsx").sheets
    assert [sheet.value(1, column) for column in range(1, len(HEADER) + 1)] == list(HEADER)


def test_nobody_else_imports(signed_in, staff, unit):
    client = signed_in(staff)
    assert upload(client, file_of(WANG)).status_code == 403
    assert client.get("/accounts/import/template.xlsx").status_code == 403


# --- The command ---------------------------------------------------------------------------------------


def run(*arguments: object) -> str:
    output = StringIO()
    call_command("import_accounts", *map(str, arguments), stdout=output)
    return output.getvalue()


def test_the_command_writes_the_passwords_into_a_file_of_its_own(host, unit, client, tmp_path):
    source, target = tmp_path / "账号.xlsx", tmp_path / "密码.xlsx"
    source.write_bytes(file_of(WANG, LI))
    run(source, "--passwords", target, "--dry-run")
    assert not target.exists()
    output = run(source, "--passwords", target)
    (sheet,) = read_workbook(target.read_bytes(), "密码.xlsx").sheets
    cells = [[sheet.value(row, column) for column in (2, 3)] for row in (3, 4)]
    assert [username for username, _password in cells] == ["wang", "li"]
    assert all(logs_in(client, username, password) for username, password in cells)
    assert not any(password in output for _username, password in cells)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_the_command_overwrites_no_passwords_and_leaves_nothing_half_done(host, unit, tmp_path):
    source, target = tmp_path / "账号.xlsx", tmp_path / "密码.xlsx"
    source.write_bytes(file_of(WANG))
    target.write_bytes(b"passwords")
    with pytest.raises(CommandError):
        run(source, "--passwords", target)
    assert target.read_bytes() == b"passwords"
    with pytest.raises(CommandError):
        run(source, "--passwords", tmp_path / "nowhere" / "密码.xlsx")
    source.write_bytes(file_of({**WANG, "角色": "国王"}))
    with pytest.raises(CommandError, match="国王"):
        run(source, "--passwords", tmp_path / "新.xlsx")
    assert not User.objects.filter(username="wang").exists()


def test_the_command_a_second_time_writes_no_file(host, unit, tmp_path):
    source = tmp_path / "账号.xlsx"
    source.write_bytes(file_of(WANG))
    run(source, "--passwords", tmp_path / "1.xlsx")
    run(source, "--passwords", tmp_path / "2.xlsx")
    assert not (tmp_path / "2.xlsx").exists()
    assert Membership.objects.filter(active_from=timezone.localdate()).count() == 1
