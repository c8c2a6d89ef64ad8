"""Slips on which people get their first password. They live as long as the answer that shows them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from organizations.models import Membership, Organization, User
from workbooks.writing import Table

# A file speaks the words of the office, whatever the language of the screen.
HEADER = ("姓名", "账号", "初始密码", "单位与角色", "有效期至")


@dataclass(frozen=True)
class Slip:
    """What one person is handed. until: when the password stops letting in. address: of the product."""

    name: str
    username: str
    password: str = field(repr=False)
    duties: tuple[str, ...]
    until: datetime.datetime
    address: str = ""


def slips_of(opened: Iterable[tuple[User, str]], host: Organization, *, address: str = "") -> list[Slip]:
    """A slip for each account and its first password, with what the host has it do."""
    opened = list(opened)
    duties: dict[int, list[str]] = {user.pk: [] for user, _password in opened}
    today = timezone.localdate()
    for each in Membership.objects.kept_by(host).not_ended(today).of_all(duties).in_reading_order():
        duties[each.user_id].append(f"{each.organization} · {each.get_role_display()}")
    slips = []
    for user, password in opened:
        assert user.first_password_until is not None
        until = timezone.localtime(user.first_password_until)
        slips.append(Slip(str(user), user.username, password, tuple(duties[user.pk]), until, address))
    return slips


def slip_table(slips: Iterable[Slip]) -> Table:
    """The same as a workbook, to be cut up or kept under lock."""
    rows = [
        (slip.name, slip.username, slip.password, "\n".join(slip.duties), f"{slip.until:%Y-%m-%d %H:%M}")
        for slip in slips
    ]
    return Table("账号", HEADER, rows, title=("账号与初始密码",), landscape=True)
