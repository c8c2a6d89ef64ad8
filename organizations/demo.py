"""Accounts of the demo have a password that everybody knows: only this machine may reach them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _

from organizations.models import User

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


def why_not_to_listen(binds: Iterable[str]) -> str:
    """Why a server must not listen there, in one line; empty where it may.

    binds: as gunicorn takes them: host:port, [v6]:port, unix:path, fd://n.
    """
    # A proxy on this machine calls by the name that others use, so the names count as well.
    stays_here = LOOPBACK_NAMES.issuperset(settings.ALLOWED_HOSTS) and all(map(_is_loopback, binds))
    known = [] if stays_here else _demo_accounts()
    if not known:
        return ""
    return _(
        "The demo's accounts (%(accounts)s) have a password that everybody knows: serve them on 127.0.0.1 "
        "alone, with no other name in ALLOWED_HOSTS, or use a database without the demo."
    ) % {"accounts": ", ".join(known)}


def _demo_accounts() -> list[str]:
    try:
        accounts = User.objects.filter(is_demo=True, is_active=True)
        return list(accounts.values_list("username", flat=True))
    except DatabaseError:
        return []  # not migrated yet, or away: nobody can log in


def _is_loopback(bind: str) -> bool:
    if bind.startswith("unix:"):
        return True
    host = bind.rpartition(":")[0].strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
