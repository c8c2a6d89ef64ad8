"""Undo one import as a whole."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviews.management import arguments
from reviews.models import ImportBatch
from reviews.recording import EntryClosed
from reviews.undoing import UndoRefused, undo_batch

LARGEST_KEY = 2**63 - 1


class Command(arguments.PlainCommand):
    about = gettext_lazy("Put every score of one import back as it was, and its deductions away.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", metavar="NUMBER", help=_("the number that import_scores gave"))

    def handle(self, *args: Any, **options: Any) -> None:
        batch = _find_batch(str(options["batch"]))
        try:
            undo_batch(batch, by=None)
        except (EntryClosed, UndoRefused) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.tell(_("The import of “%(file)s” is undone.") % {"file": batch.file_name})


def _find_batch(text: str) -> ImportBatch:
    number = arguments.whole_number(text, most=LARGEST_KEY)
    batch = ImportBatch.objects.select_related("cycle").filter(pk=number).first()
    if batch is None:
        raise CommandError(_("There is no import number %(number)s.") % {"number": text})
    return batch
