"""Import a score or deduction workbook into a cycle."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviews.importing.load import CellChange, ImportRefused, Preview, commit_import, preview_import
from reviews.management import arguments
from reviews.recording import EntryClosed


class Command(arguments.PlainCommand):
    about = gettext_lazy(
        "Import scores (a row a unit, a column an indicator) or deductions (a row each), all of them or none."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        arguments.add_file_argument(parser)
        parser.add_argument(
            "--cycle", required=True, metavar="QUARTER", help=_("the quarter, such as 2018Q3")
        )
        parser.add_argument("--dry-run", action="store_true", help=_("say what would change, change nothing"))
        arguments.add_host_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        data = arguments.read_file(options["file"])
        workbook = arguments.open_workbook(data, options["file"])
        cycle = arguments.find_cycle(options["cycle"], options["host"])
        name = Path(options["file"]).name
        preview = preview_import(workbook, cycle, name)
        if preview.problems:
            raise arguments.refuse(preview.problems)
        self._tell_preview(preview, in_full=options["dry_run"])
        if options["dry_run"]:
            self.tell(_("Nothing was written (--dry-run)."))
            return
        try:
            batch = commit_import(
                workbook, cycle, by=None, file_name=name, sha256=hashlib.sha256(data).hexdigest()
            )
        except ImportRefused as refusal:
            raise arguments.refuse(refusal.problems) from refusal
        except EntryClosed as refusal:
            raise CommandError(str(refusal)) from refusal
        if batch.pk is not None:
            self.tell(_("Imported as number %(number)s (undo_import %(number)s).") % {"number": batch.pk})

    def _tell_preview(self, preview: Preview, *, in_full: bool) -> None:
        self.tell(*map(arguments.described, preview.notes))
        if in_full:
            for change in (*preview.new, *preview.changed):
                self.tell(_told(change))
        for sheet in preview.sheets:
            self.tell(
                _(
                    "“%(sheet)s”: %(new)s new, %(changed)s changed, %(explained)s with only deductions or "
                    "reasons added, %(unchanged)s unchanged."
                )
                % {
                    "sheet": sheet.sheet,
                    "new": sheet.new,
                    "changed": sheet.changed,
                    "explained": sheet.explained,
                    "unchanged": sheet.unchanged,
                }
            )
        if preview.deductions:
            self.tell(_("%(count)s deductions added.") % {"count": preview.deductions})
        if preview.changes_nothing:
            self.tell(_("Nothing to change: the cycle says all of this already."))


def _told(change: CellChange) -> str:
    message = _("%(unit)s, %(indicator)s: %(old)s → %(new)s")
    line = message % {
        "unit": change.unit,
        "indicator": change.indicator,
        "old": change.before_text or "—",
        "new": change.after_text or "—",
    }
    return f"{line}  {change.adds_to}" if change.adds_to else line
