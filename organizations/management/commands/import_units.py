"""Import a roster workbook: organizations and groups."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.management.arguments import (
    PlainCommand,
    add_file_argument,
    add_host_argument,
    described,
    find_host,
    open_workbook,
    read_file,
    refuse,
)
from organizations.models import Organization
from organizations.names import clean_text, normalize_name
from organizations.roster import RosterPlan, RosterRefused, apply_roster, plan_roster

FIRST_HOST = "组织部"


class Command(PlainCommand):
    about = gettext_lazy(
        "Import a roster workbook (序号, 单位全称, 简称, 类别, 组织类型): its units and their groups."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_file_argument(parser)
        add_host_argument(parser)
        parser.add_argument(
            "--close-missing",
            action="store_true",
            help=_("end, as of today, the units the file does not list"),
        )
        parser.add_argument("--dry-run", action="store_true", help=_("say what would change, change nothing"))

    def handle(self, *args: Any, **options: Any) -> None:
        workbook = open_workbook(read_file(options["file"]), options["file"])
        host, name = _host_or_name(options["host"])
        is_new = host is None
        if options["dry_run"]:
            plan = plan_roster(workbook, host)
            if plan.problems:
                raise refuse(plan.problems)
            if is_new:
                self.tell(_("New host: %(name)s") % {"name": name})
            self._tell_plan(plan, options)
            self.tell(_("Nothing was written (--dry-run)."))
            return
        try:
            with transaction.atomic():
                host = host or Organization.objects.create(name=name)
                plan = apply_roster(workbook, host, close_missing=options["close_missing"])
        except RosterRefused as refusal:
            raise refuse(refusal.problems) from refusal
        if is_new:
            self.tell(_("New host: %(name)s") % {"name": name})
        self._tell_plan(plan, options)

    def _tell_plan(self, plan: RosterPlan, options: dict[str, Any]) -> None:
        for group in plan.new_groups:
            self.tell(_("New group: %(name)s") % {"name": group})
        for unit in plan.creates:
            self.tell(
                _("New: %(name)s (%(group)s, %(kind)s)")
                % {"name": unit.name, "group": unit.group or unit.superior, "kind": unit.kind}
            )
        for change in plan.changes:
            self.tell(
                _("Changed: %(unit)s, %(field)s: %(old)s → %(new)s")
                % {
                    "unit": change.unit,
                    "field": change.field,
                    "old": change.old or "—",
                    "new": change.new or "—",
                }
            )
        for name in plan.closes:
            message = (
                _("Ended: %(name)s") if options["close_missing"] else _("Not in the file, kept: %(name)s")
            )
            self.tell(message % {"name": name})
        self.tell(*map(described, plan.notes))
        self.tell(
            _("%(new)s new, %(changed)s changes, %(unchanged)s unchanged.")
            % {"new": len(plan.creates), "changed": len(plan.changes), "unchanged": plan.unchanged}
        )


def _host_or_name(given: str | None) -> tuple[Organization | None, str]:
    """The host there is, or else the name of the one to create: the one given, or the first of all."""
    if given is None:
        if Organization.objects.hosts().exists():
            return find_host(None), ""
        given = FIRST_HOST
    name = clean_text(given)
    longest = Organization._meta.get_field("name").max_length
    if not name or len(name) > (longest or 0):
        raise CommandError(_("A host's name has 1 to %(longest)s characters.") % {"longest": longest})
    # A township that begins to review its villages is a host as well: any organization may become one.
    found = [
        organization
        for organization in Organization.objects.filter(active_to__isnull=True)
        if normalize_name(organization.name) == normalize_name(name)
    ]
    hosts = [organization for organization in found if organization.groups.exists()] or found
    if len(hosts) > 1:
        raise CommandError(_("Several organizations are called “%(name)s”.") % {"name": name})
    return (hosts[0], "") if hosts else (None, name)
