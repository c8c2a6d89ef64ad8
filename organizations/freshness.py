"""When the password was last entered in a session; logging in counts."""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

SESSION_KEY = "password_entered_at"  # seconds of the server's clock


def note_password(session: SessionBase) -> None:
    """The password was entered just now."""
    session[SESSION_KEY] = int(time.time())


def is_fresh(session: SessionBase) -> bool:
    """Whether it was entered within the last FRESH_PASSWORD_MINUTES."""
    age = time.time() - session.get(SESSION_KEY, 0)
    return 0 <= age < settings.FRESH_PASSWORD_MINUTES * 60
