"""Send the daily mails, let what closed units left pass to their successors, and forget old keys of forms.

For cron, once a day.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.management.arguments import PlainCommand
from organizations.once import forget_outdated_forms
from rectification.reminding import Digest, digests, send_reminders, was_reminded


class Command(PlainCommand):
    about = gettext_lazy(
        "Mail everybody what falls due within 7 days and what is overdue, at most once a day each; "
        "before that, pass what closed units left undone on to their successors."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help=_("print what would be sent, change nothing")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        on = timezone.localdate()
        if options["dry_run"]:
            self._print(list(digests(on)))
            return
        forget_outdated_forms()
        run = send_reminders(on)
        self.tell(
            _("Sent: %(sent)s; had one today: %(before)s; failed: %(failed)s; items passed on: %(moved)s.")
            % {"sent": run.sent, "before": run.sent_before, "failed": run.failed, "moved": run.passed_on}
        )
        if run.targets:
            self.tell(_("Targets of programmes passed on: %(moved)s.") % {"moved": run.targets})
        if run.failed:
            raise CommandError(_("Not sent: %(errors)s") % {"errors": "; ".join(run.errors)})

    def _print(self, found: list[Digest]) -> None:
        waiting = [digest for digest in found if not was_reminded(digest.user, digest.on)]
        for digest in waiting:
            self.tell(f"{digest.user.username} <{digest.user.email}>", digest.subject, "", digest.body, "")
        self.tell(
            _("Would be sent: %(count)s; had one today: %(before)s. Nothing was changed (--dry-run).")
            % {"count": len(waiting), "before": len(found) - len(waiting)}
        )
