"""Back up the installation while it is in use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from operations.archive import Unusable
from operations.backing_up import back_up, name_for, remove_old
from operations.management.words import describe
from organizations.management import arguments

MOST_KEPT = 10_000


class Command(arguments.PlainCommand):
    about = gettext_lazy(
        "Write the database of this moment and all uploads into one file, while everybody goes on working."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "target",
            metavar="TARGET",
            help=_("a new file, or a folder, in which the file is named after the time"),
        )
        parser.add_argument(
            "--keep",
            metavar="NUMBER",
            help=_("of the back-ups in the folder keep the newest NUMBER, this one included"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        target, keep = Path(options["target"]), options["keep"]
        folder = target if target.is_dir() else None
        number = None if keep is None else arguments.whole_number(str(keep), most=MOST_KEPT)
        if number == 0 or (number is not None and folder is None):
            raise CommandError(_("--keep takes a number from 1 on, and a folder to keep back-ups in."))
        if folder is not None:
            target = folder / name_for(timezone.now())
        try:
            manifest = back_up(target)
        except Unusable as refusal:
            raise CommandError(str(refusal)) from refusal
        self.tell(_("Backed up to %(file)s: %(what)s") % {"file": target, "what": describe(manifest)})
        if folder is not None and number is not None:
            for path in remove_old(folder, number):
                self.tell(_("Removed %(file)s") % {"file": path})
