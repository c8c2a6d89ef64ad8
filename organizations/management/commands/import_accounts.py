"""Import a workbook of accounts; the first passwords go into a file for whoever hands them out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.account_import import AccountsPlan, AccountsRefused, import_all, plan_accounts
from organizations.account_slips import slip_table, slips_of
from organizations.management.arguments import (
    PlainCommand,
    add_file_argument,
    add_host_argument,
    described,
    find_host,
    open_workbook,
    read_file,
    refuse,
    write_file,
)
from workbooks.writing import write_xlsx


class Command(PlainCommand):
    about = gettext_lazy(
        "Import a workbook of accounts (姓名, 账号, 单位, 角色, 邮箱, 起, 止). What is there stays as it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_file_argument(parser)
        add_host_argument(parser)
        parser.add_argument(
            "--passwords",
            metavar="OUT.xlsx",
            required=True,
            help=_("a new file for the first passwords, which are kept nowhere else"),
        )
        parser.add_argument("--dry-run", action="store_true", help=_("say what would change, change nothing"))

    def handle(self, *args: Any, **options: Any) -> None:
        workbook = open_workbook(read_file(options["file"]), options["file"])
        host = find_host(options["host"])
        if options["dry_run"]:
            plan = plan_accounts(workbook, host, by=None)
            if plan.problems:
                raise refuse(plan.problems)
            self._tell_plan(plan)
            self.tell(_("Nothing was written (--dry-run)."))
            return
        target = options["passwords"]
        if Path(target).exists():
            raise CommandError(
                _("“%(file)s” is there already and may hold passwords: name another file.") % {"file": target}
            )
        try:
            # The file first: without it nobody could hand out what the database then holds.
            with transaction.atomic():
                plan, opened = import_all(workbook, host, by=None)
                if opened:
                    table = slip_table(slips_of(opened, host))
                    write_file(target, write_xlsx([table]), private=True)
        except AccountsRefused as refusal:
            raise refuse(refusal.problems) from refusal
        self._tell_plan(plan)
        if opened:
            self.tell(_("First passwords: %(file)s. Hand them out, then delete the file.") % {"file": target})

    def _tell_plan(self, plan: AccountsPlan) -> None:
        for each in plan.additions:
            message = (
                _("New account: %(account)s (%(name)s), %(role)s, %(organization)s")
                if each.is_new
                else _("New membership: %(account)s, %(role)s, %(organization)s")
            )
            self.tell(
                message
                % {
                    "account": each.username,
                    "name": each.full_name,
                    "role": each.role,
                    "organization": each.organization,
                }
            )
        self.tell(*map(described, plan.notes))
        self.tell(
            _("%(new)s new accounts, %(memberships)s new memberships, %(unchanged)s unchanged.")
            % {
                "new": plan.new_accounts,
                "memberships": len(plan.additions),
                "unchanged": plan.unchanged,
            }
        )
