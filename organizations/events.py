"""What happens at the door: the one function by which a log-in, a lock or a confirmation is put on record."""

from __future__ import annotations

import logging
from enum import StrEnum
from typing import Any

from django.http import HttpRequest

from audit.models import Operation
from audit.recording import record_event
from organizations.models import User

log = logging.getLogger("security")


class LoginEvent(StrEnum):
    """What there is to record; the value is its name in logs."""

    LOGGED_IN = "logged in"
    FAILED = "failed"  # a wrong password or code
    LOCKED = "locked"  # the last guess that was looked at; what follows is refused and not recorded
    CONFIRMED = "confirmed"  # the password once more, before something that cannot be taken back
    FACTOR_ON = "second factor on"
    FACTOR_OFF = "second factor off"
    FACTOR_REMOVED = "second factor removed"  # by an administrator
    RECOVERY_CODE = "recovery code used"
    RECOVERY_CODES_MADE = "recovery codes made"


_IN_THE_TRAIL: dict[LoginEvent, tuple[Operation, dict[str, Any] | None]] = {
    LoginEvent.LOGGED_IN: (Operation.LOGIN, None),
    LoginEvent.FAILED: (Operation.LOGIN_FAILED, None),
    LoginEvent.LOCKED: (Operation.LOCKED, None),
    LoginEvent.CONFIRMED: (Operation.CONFIRMED, None),
    **{
        kind: (Operation.SECOND_FACTOR, {"event": kind.value})
        for kind in (
            *(LoginEvent.FACTOR_ON, LoginEvent.FACTOR_OFF, LoginEvent.FACTOR_REMOVED),
            *(LoginEvent.RECOVERY_CODE, LoginEvent.RECOVERY_CODES_MADE),
        )
    },
}
REFUSALS = {LoginEvent.FAILED, LoginEvent.LOCKED}


def record_login_event(
    kind: LoginEvent, request: HttpRequest | None, account: User | None, *, by: User | None = None
) -> None:
    """Put on record what happened to an account; None where the name that was typed is nobody's.

    The typed name itself is not kept: people type passwords into that field. by: who did it, if another.
    """
    what, details = _IN_THE_TRAIL[kind]
    if account is None:
        details = {"unknown_name": True}
    record_event(what, request=request, account=account, details=details)
    level = logging.WARNING if kind in REFUSALS else logging.INFO
    log.log(level, "%s account=%s by=%s", kind, account and account.pk, by and by.pk)
