"""Read a workbook of accounts: one row a membership, under headings in Chinese or English."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation
from django.utils.translation import gettext as _

from organizations.models import Role, User
from organizations.names import clean_text, normalize_name
from workbooks.cells import Problem
from workbooks.layout import Header, find_header
from workbooks.records import Record, records_below
from workbooks.sheets import Sheet, Workbook
from workbooks.writing import Table

MAX_ROWS = 1_000
USERNAME_LENGTH, NAME_LENGTH, UNIT_LENGTH, EMAIL_LENGTH, ROLE_LENGTH = 150, 50, 100, 254, 50

# A file speaks the words of the office, whatever the language of the screen; both are read.
HEADER = ("姓名", "账号", "单位", "上级单位", "角色", "邮箱", "起", "止")
SHEET_NAME, TEMPLATE_NAME = "账号", "账号导入模板"
_COLUMNS = {
    "name": ("姓名", "名字", "Name", "name", "Full name"),
    "account": ("账号", "帐号", "用户名", "登录名", "Account", "account", "Username", "Account name"),
    "unit": ("单位", "单位名称", "单位全称", "党组织", "Unit", "unit", "Organization"),
    "superior": ("上级单位", "上级党组织", "Superior", "Superior unit"),
    "role": ("角色", "身份", "权限", "Role", "role"),
    "email": ("邮箱", "电子邮箱", "邮件", "E-mail", "Email", "email", "Mail address"),
    "begins": ("起", "起始", "起始日期", "开始日期", "From", "from"),
    "ends": ("止", "截止", "截止日期", "结束日期", "Until", "until"),
}
_REQUIRED = ("account", "role")


@dataclass(frozen=True)
class AccountRow:
    """What one row says: that an account is to hold a role for a unit; unit empty: for the host."""

    record: Record = field(compare=False, repr=False)
    username: str
    full_name: str
    unit: str
    superior: str
    role: Role
    email: str
    begins: datetime.date | None
    ends: datetime.date | None

    def refuse(self, column: str, message: str) -> None:
        """Say what is wrong with a cell of this row."""
        self.record.refuse(column, message)

    def note(self, column: str, message: str) -> Problem:
        return Problem(self.record.place(column), message)


def empty_table() -> Table:
    """The headings alone, to be filled in."""
    return Table(SHEET_NAME, HEADER, [])


def roles_by_word() -> dict[str, Role]:
    """What a workbook may call each role: its name on the screen in every language, or in the program."""
    words = {normalize_name(role.value): role for role in Role}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words |= {normalize_name(str(role.label)): role for role in Role}
    return words


def read_accounts(workbook: Workbook, problems: list[Problem], notes: list[Problem]) -> list[AccountRow]:
    """Every row that can be read, in the file's order; what is wrong is added to the problems, all of it."""
    rows: list[AccountRow] = []
    found = False
    for sheet in workbook.sheets:
        if sheet.hidden:
            notes.append(Problem(sheet.place(), _("The sheet is hidden and was not read.")))
            continue
        header = find_header(sheet, _COLUMNS, _REQUIRED)
        if header is not None:
            found = True
            rows.extend(_rows_of(sheet, header, problems))
    if not found:
        problems.append(Problem(None, _("No sheet has a header row with the columns 账号 and 角色.")))
    elif not rows and not problems:
        problems.append(Problem(None, _("The workbook lists no accounts.")))
    if len(rows) > MAX_ROWS:
        message = _("The workbook has %(count)s rows; at most %(limit)s can be imported at once.")
        problems.append(rows[MAX_ROWS].note("account", message % {"count": len(rows), "limit": MAX_ROWS}))
    return rows


def _rows_of(sheet: Sheet, header: Header, problems: list[Problem]) -> Iterator[AccountRow]:
    words = roles_by_word()
    for record in records_below(header, sheet, problems):
        if record.is_blank(*_COLUMNS):
            continue
        before = len(problems)
        row = _row(record, words)
        if len(problems) == before:
            yield row


def _row(record: Record, words: dict[str, Role]) -> AccountRow:
    return AccountRow(
        record=record,
        username=_username(record),
        full_name=clean_text(record.text("name", longest=NAME_LENGTH)),
        unit=clean_text(record.text("unit", longest=UNIT_LENGTH, spread=True)),
        superior=clean_text(record.text("superior", longest=UNIT_LENGTH, spread=True)),
        role=_role(record, words),
        email=_email(record),
        begins=record.day("begins"),
        ends=record.day("ends"),
    )


def _username(record: Record) -> str:
    """The account's name; a staff number that a spreadsheet took for a number is one as well."""
    value = record.value("account")
    if isinstance(value, Decimal) and value == value.to_integral_value() and value >= 0:
        return str(int(value))
    name = User.normalize_username(record.text("account", longest=USERNAME_LENGTH))
    if not name:
        if value is None:
            record.refuse("account", _("The account name is missing."))
        return ""
    try:
        UnicodeUsernameValidator()(name)
    except ValidationError:
        record.refuse(
            "account",
            _("“%(value)s” is no account name: letters, digits and @/./+/-/_ without blanks.")
            % {"value": name},
        )
    return name


def _role(record: Record, words: dict[str, Role]) -> Role:
    word = record.text("role", longest=ROLE_LENGTH, spread=True)
    role = words.get(normalize_name(word))
    if role is not None:
        return role
    allowed = "、".join(str(each.label) for each in Role)
    if word:
        message = _("The role “%(role)s” is unknown; it is one of %(allowed)s.")
        record.refuse("role", message % {"role": word, "allowed": allowed})
    elif record.value("role", spread=True) is None:
        record.refuse("role", _("The role is missing; it is one of %(allowed)s.") % {"allowed": allowed})
    return Role.SECRETARY  # the row is refused


def _email(record: Record) -> str:
    address = record.text("email", longest=EMAIL_LENGTH)
    try:
        if address:
            validate_email(address)
    except ValidationError:
        record.refuse("email", _("“%(value)s” is no mail address.") % {"value": address})
    return address
