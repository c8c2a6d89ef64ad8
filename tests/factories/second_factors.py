"""Second factors of accounts, and the codes their apps show; no test waits for the next one."""

from __future__ import annotations

import time

from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from organizations.models import User
from organizations.second_factor import new_key, turn_on

STEP = 30  # seconds that a code is shown


def code_of(key: str, *, later: int = 0) -> str:
    """What an app with this key shows so many codes later; the next one is taken already."""
    shown = TOTP(bytes.fromhex(key))
    shown.time = time.time() + later * STEP
    return f"{shown.token():06}"


def with_app(user: User) -> TOTPDevice:
    """The account with a second factor that was set up a while ago."""
    key = new_key()
    app, _codes = turn_on(user, key, code_of(key))
    TOTPDevice.objects.filter(pk=app.pk).update(last_t=0)
    app.refresh_from_db()
    return app


def recovery_code_of(user: User) -> str:
    """One that is not used yet."""
    return StaticToken.objects.filter(device__user=user).first().token


def patient(user: User) -> None:
    """The pause after a wrong code is over."""
    for device in (TOTPDevice.objects.get(user=user), user.staticdevice_set.get()):
        device.throttle_reset()
