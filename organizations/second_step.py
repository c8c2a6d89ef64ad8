"""Between the password and the code: whose password was right, in a session that is nobody's yet."""

from __future__ import annotations

import time

from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import constant_time_compare

from organizations.models import User

SESSION_KEY = "second_step"
LONGEST = 10 * 60  # seconds to find the phone


def begin(session: SessionBase, user: User) -> None:
    """The password of this user was right."""
    session[SESSION_KEY] = {
        "account": user.pk,
        "password": user.get_session_auth_hash(),
        "at": int(time.time()),
    }


def whose(session: SessionBase) -> User | None:
    """Who still has to give a code; None once the time is over, or the password or the account is another."""
    kept = session.get(SESSION_KEY)
    if not kept or not 0 <= time.time() - kept["at"] < LONGEST:
        return None
    user = User.objects.filter(pk=kept["account"], is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), kept["password"]):
        return None
    return user


def end(session: SessionBase) -> None:
    """Forget it: the code was right, or there were too many."""
    session.pop(SESSION_KEY, None)
