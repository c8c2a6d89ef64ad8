"""Guesses at passwords and codes, each counted before it is looked at (docs/decisions/0036).

django-axes counts a guess when it has failed: of forty sent at once all are looked at before the first is
counted. Here the question that it asks before any password is checked is the count, in one statement.
"""

from __future__ import annotations

import datetime
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_username, get_credentials
from axes.models import AccessAttempt
from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from audit.addresses import client_address
from organizations.events import LoginEvent, record_login_event
from organizations.freshness import note_password
from organizations.models import User
from organizations.names import normalize_name

LONGEST_KEY = 255

# A guess after the quiet time is the first again. Past the limit the time stays: a refused one adds nothing.
_COUNT = """
INSERT INTO axes_accessattempt AS kept (
    username, ip_address, user_agent, http_accept, path_info, get_data, post_data,
    attempt_time, failures_since_start
)
VALUES (
    %(account)s, %(address)s, '', '', '', '', '',
    %(now)s, 1
)
ON CONFLICT (username, ip_address, user_agent) DO UPDATE SET
    failures_since_start =
        CASE WHEN kept.attempt_time <= %(quiet)s THEN 1 ELSE kept.failures_since_start + 1 END,
    attempt_time =
        CASE WHEN kept.attempt_time > %(quiet)s AND kept.failures_since_start >= %(limit)s
        THEN kept.attempt_time ELSE excluded.attempt_time END
RETURNING failures_since_start
"""


def account_key(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """What counts as one account: letter case, full width and blanks make no difference."""
    typed = (credentials or {}).get("username") or ""
    return normalize_name(str(typed))[:LONGEST_KEY]


def count_guess(account: str, address: str) -> int:
    """The number of this guess since the last success or quiet time; no two at once get the same."""
    now = timezone.now()
    given = {
        "account": account,
        "address": address,
        "now": connection.ops.adapt_datetimefield_value(now),
        "quiet": connection.ops.adapt_datetimefield_value(now - settings.AXES_COOLOFF_TIME),
        "limit": settings.AXES_FAILURE_LIMIT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, given)
        ((number,),) = cursor.fetchall()
    return int(number)


def locked_until(request: HttpRequest, credentials: dict[str, Any] | None) -> datetime.datetime:
    """When the account of these credentials can be tried again from this address."""
    key = account_key(request, credentials)
    guesses = AccessAttempt.objects.filter(username=key, ip_address=client_address(request))
    last = guesses.values_list("attempt_time", flat=True).first() or timezone.now()
    return last + settings.AXES_COOLOFF_TIME


class CountedRequest(HttpRequest):
    """For annotations only: what the library keeps on a request."""

    axes_ip_address: str
    axes_failures_since_start: int | None
    axes_locked_out: bool
    axes_credentials: dict[str, Any]


class CountedGuesses(AxesDatabaseHandler):
    """The library's handler, which its backend, its signals and its commands call."""

    def is_allowed(self, request: CountedRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Count the guess, and say whether it may be looked at."""
        number = count_guess(get_client_username(request, credentials), request.axes_ip_address)
        request.axes_failures_since_start = number
        return number <= settings.AXES_FAILURE_LIMIT

    def user_login_failed(
        self,
        sender: Any,
        credentials: dict[str, Any],
        request: CountedRequest | None = None,
        **kwargs: Any,
    ) -> None:
        """Counted already: record it, and answer the last one looked at and all after it with the lock."""
        if request is None:
            return
        number, limit = request.axes_failures_since_start or 0, settings.AXES_FAILURE_LIMIT
        if number >= limit:
            request.axes_locked_out, request.axes_credentials = True, credentials
        if number <= limit:
            account = User.objects.filter(username=credentials.get("username") or "").first()
            record_login_event(LoginEvent.FAILED, request, account)
            if number == limit:
                record_login_event(LoginEvent.LOCKED, request, account)

    def user_logged_in(self, sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        """However somebody logged in: the count starts anew, and the password counts as entered."""
        credentials = get_credentials(user.get_username())
        self.clean_expired_user_attempts(request, credentials)
        self.reset_user_attempts(request, credentials)
        note_password(request.session)
        record_login_event(LoginEvent.LOGGED_IN, request, user)

    def user_logged_out(self, sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
        pass

    def reset_attempts(
        self, *, ip_address: str | None = None, username: str | None = None, ip_or_username: bool = False
    ) -> int:
        """Lift locks: what the axes_reset commands call, with the name as it is written."""
        key = account_key(None, {"username": username}) if username else None
        return int(super().reset_attempts(ip_address=ip_address, username=key, ip_or_username=ip_or_username))


def may_guess(request: HttpRequest, user: User) -> bool:
    """Count a guess at something of this account besides its password; False where it is one too many."""
    if AxesProxyHandler.is_allowed(request, get_credentials(user.get_username())):
        return True
    guess_failed(request, user)
    return False


def guess_failed(request: HttpRequest, user: User) -> None:
    """What was guessed was wrong."""
    credentials = get_credentials(user.get_username())
    AxesProxyHandler.user_login_failed(sender=__name__, credentials=credentials, request=request)


def guess_succeeded(request: HttpRequest, user: User) -> None:
    """It was right: the count of this account at this address starts anew."""
    AxesProxyHandler.get_implementation().reset_user_attempts(request, get_credentials(user.get_username()))


def lift_lock(user: User) -> int:
    """Let the account be tried again from every address; how many addresses had tried."""
    return int(AxesProxyHandler.reset_attempts(username=user.get_username()))
