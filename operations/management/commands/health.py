"""Say how the installation is, with the details that the address keeps to itself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from operations.health import State, checks
from organizations.management import arguments


class Command(arguments.PlainCommand):
    about = gettext_lazy(
        "Say what /healthz sees, with its reasons. Ends with an error where something failed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = checks()
        for check in found:
            self.tell(": ".join(filter(None, [f"{check.name} {check.state.value}", check.said])))
        if any(check.state == State.FAILED for check in found):
            raise SystemExit(1)
