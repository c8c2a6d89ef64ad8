"""Things that are done without a row that changes: signing in, taking a file."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models.functions import Now
from django.http import HttpRequest

from audit.addresses import client_address
from audit.deeds import Actor, current_deed
from audit.middleware import WEB
from audit.models import Entry, Operation


def record_event(
    operation: Operation,
    *,
    request: HttpRequest | None = None,
    account: Any = None,
    host: int | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Write that this was done, in whatever transaction is open.

    account: whose affair it is; by default the acting one's. details: in plain words and numbers, never a
    password. request: where none is being answered by `known_deeds`.
    """
    deed = current_deed().told()
    if request is not None and not deed["source"]:
        deed |= {"source": WEB, "address": client_address(request)}
    subject = Actor.of(account)
    if deed["actor"] is None and operation in (Operation.LOGIN, Operation.LOGOUT, Operation.SECOND_FACTOR):
        deed |= {"actor": subject.key, "actor_name": subject.name}
    key = subject.key or deed["actor"]
    Entry.objects.create(
        at=Now(),
        operation=operation,
        new=details,
        subject_table=get_user_model()._meta.db_table if key else "",
        subject_key=key,
        host=host,
        **deed,
    )


def record_logout(request: HttpRequest | None = None, user: Any = None, **kwargs: Any) -> None:
    """Receiver of the signal that Django documents for its log-out."""
    if user is not None:
        record_event(Operation.LOGOUT, request=request, account=user)
