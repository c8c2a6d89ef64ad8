"""Log-ins: Django's sessions in the database, with whose they are, since when, in what browser, from where.

`SESSION_ENGINE` names this module. A session ends when it was not used for `SESSION_IDLE` or began longer
ago than `SESSION_LIFE`, whichever comes first; `expire_date` is always the earlier of the two (decision 39).
"""

from __future__ import annotations

import datetime
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.contrib.sessions.middleware import SessionMiddleware as PlainSessionMiddleware
from django.db import OperationalError, models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from audit.addresses import NOWHERE, client_address
from organizations.browsers import LONGEST, browser_family

if TYPE_CHECKING:
    from organizations.models import User

SEEN_EVERY = datetime.timedelta(minutes=5)  # a write for every page would be a queue of writers


class LoginSessionQuerySet(models.QuerySet["LoginSession"]):
    def alive(self, at: datetime.datetime) -> Self:
        """Those that still let their owner in."""
        return self.filter(expire_date__gt=at)

    def newest_first(self) -> Self:
        return self.order_by("-seen_at", "-began_at")


LoginSessionManager = BaseSessionManager.from_queryset(LoginSessionQuerySet)


class LoginSession(AbstractBaseSession):
    """One log-in on one device. Its row is what lets in: without it, the next request is a stranger's."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,  # nobody's before the log-in: a host was chosen, a workbook uploaded
        related_name="login_sessions",
        verbose_name=_("user"),
    )
    began_at = models.DateTimeField(_("logged in at"))
    seen_at = models.DateTimeField(_("last used"))
    browser = models.CharField(_("browser"), max_length=LONGEST, blank=True)
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)

    objects = LoginSessionManager()  # type: ignore[misc]  # the base declares its own

    class Meta:
        verbose_name = _("log-in")
        verbose_name_plural = _("log-ins")

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        return SessionStore

    @property
    def handle(self) -> str:
        """By what a page names it: the key itself would let in whoever reads it over a shoulder."""
        return salted_hmac("organizations.sessions", self.session_key).hexdigest()[:20]


class SessionStore(DatabaseStore):
    """Keeps what a session is besides its data. The middleware tells it the browser and the address."""

    browser = ""
    address: str | None = None
    _began_at: datetime.datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[LoginSession]:
        return LoginSession

    def load(self) -> dict[str, Any]:
        row = self._get_session_from_db()  # type: ignore[attr-defined]  # as cached_db does
        if row is None:
            return {}
        self._began_at = row.began_at
        self.browser = self.browser or row.browser
        self.address = self.address or row.address
        now = timezone.now()
        if now - row.seen_at >= SEEN_EVERY:
            self._see(row, now)
        data: dict[str, Any] = self.decode(row.session_data)
        return data

    def create(self) -> None:
        self._began_at = None  # a new key is a new log-in, or a password typed anew
        super().create()

    def create_model_instance(self, data: dict[str, Any]) -> LoginSession:
        now = timezone.now()
        self._began_at = self._began_at or now
        user = data.get(SESSION_KEY)
        return LoginSession(
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=_ends_at(self._began_at, now),
            user_id=None if user is None else int(user),
            began_at=self._began_at,
            seen_at=now,
            browser=self.browser,
            address=self.address,
        )

    def _see(self, row: LoginSession, now: datetime.datetime) -> None:
        """Note that it was used. Of two requests at once one does; a log-in that was ended stays ended."""
        seen = LoginSession.objects.filter(session_key=row.session_key, seen_at=row.seen_at)
        # A page is worth more than the note: where the database is busy, the next request makes it.
        with suppress(OperationalError), transaction.atomic():
            seen.update(seen_at=now, expire_date=_ends_at(row.began_at, now), address=self.address)


class SessionMiddleware(PlainSessionMiddleware):
    """Tells each session by what browser and from which address it is used."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        session = request.session
        assert isinstance(session, SessionStore)
        session.browser = browser_family(request.headers.get("User-Agent", ""))
        address = client_address(request)
        session.address = None if address == NOWHERE else address


def end_sessions(user: User, *, but: str | None = None) -> None:
    """End every log-in of this user at once. but: the key of one that goes on."""
    user.login_sessions.exclude(session_key=but).delete()


def end_session(user: User, handle: str, *, but: str | None) -> bool:
    """End one log-in of this user; whether there was one. but: the key of the one that asks."""
    others = user.login_sessions.exclude(session_key=but)
    found = [each.session_key for each in others if constant_time_compare(each.handle, handle)]
    return bool(user.login_sessions.filter(session_key__in=found).delete()[0])


@dataclass(frozen=True)
class LogIn:
    """One log-in as its owner sees it. is_here: the one that asks."""

    handle: str
    browser: str
    address: str
    began_at: datetime.datetime
    seen_at: datetime.datetime
    is_here: bool


def log_ins_of(user: User, *, here: str | None, at: datetime.datetime) -> list[LogIn]:
    """Where the user is logged in: the log-in that asks first, the others from the last used on."""
    log_ins = [
        LogIn(
            handle=row.handle,
            browser=row.browser,
            address=row.address or "",
            began_at=row.began_at,
            seen_at=row.seen_at,
            is_here=row.session_key == here,
        )
        for row in user.login_sessions.alive(at).newest_first()
    ]
    return sorted(log_ins, key=lambda each: not each.is_here)


def _ends_at(began_at: datetime.datetime, seen_at: datetime.datetime) -> datetime.datetime:
    return min(began_at + settings.SESSION_LIFE, seen_at + settings.SESSION_IDLE)
