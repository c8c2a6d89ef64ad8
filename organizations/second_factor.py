"""The second factor of an account: codes of an authenticator app, recovery codes for a lost phone."""

from __future__ import annotations

import unicodedata
from base64 import b32encode
from binascii import unhexlify

from django.db import transaction
from django.utils.translation import gettext as _
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from organizations.events import LoginEvent, record_login_event
from organizations.models import User

RECOVERY_CODES = 10
CODE_DIGITS = 6


class FactorRefused(Exception):
    """Why the second factor stays as it is, in one line."""


def has_device(user: User) -> bool:
    """Whether logging in as this user takes a code."""
    return app_of(user) is not None


def app_of(user: User) -> TOTPDevice | None:
    """The authenticator app that the account was set up with."""
    app: TOTPDevice | None = TOTPDevice.objects.devices_for_user(user, confirmed=True).first()
    return app


def codes_left(user: User) -> int:
    """How many recovery codes are not used yet."""
    return int(StaticToken.objects.filter(device__user=user).count())


def new_app(user: User, key: str) -> TOTPDevice:
    """An app that is not set up yet; its `config_url` is what a QR code says. key: hexadecimal."""
    return TOTPDevice(user=user, name="app", key=key, digits=CODE_DIGITS)


def new_key() -> str:
    """A key for an app, drawn at random."""
    return str(random_hex(20))


def key_to_type(key: str) -> str:
    """The key as one types it into an app that cannot see the QR code: in groups of four."""
    letters = b32encode(unhexlify(key)).decode()
    return " ".join(letters[place : place + 4] for place in range(0, len(letters), 4))


@transaction.atomic
def turn_on(user: User, key: str, code: str) -> tuple[TOTPDevice, list[str]]:
    """Ask for codes from now on: the app, and the recovery codes to print. Raises FactorRefused.

    code: what the app shows for this key, as proof that it was set up rightly.
    """
    _lock(user)
    if has_device(user):
        raise FactorRefused(_("The second factor is on already."))
    app = new_app(user, key)
    app.save()
    if not app.verify_token(_cleaned(code)):
        app.delete()
        raise FactorRefused(_("That is not the code the app shows now. Check the phone’s clock, too."))
    return app, _draw_codes(user)


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """Ten new recovery codes; the old ones are void. Raises FactorRefused where the second factor is off."""
    _lock(user)
    if not has_device(user):
        raise FactorRefused(_("The second factor is off."))
    return _draw_codes(user)


@transaction.atomic
def turn_off(user: User) -> None:
    """Ask for no code any more. That a code was given for it is seen to before."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def remove_devices(user: User, by: User) -> None:
    """Take a lost second factor off somebody else's account. Raises FactorRefused.

    Sessions it was given in stay logged in, without it. Who may do it says `can_remove_second_factor`.
    """
    if user == by:
        raise FactorRefused(_("Turn off your own second factor with a code of it."))
    if not has_device(user):
        raise FactorRefused(_("The second factor of %(account)s is off.") % {"account": user})
    turn_off(user)
    record_login_event(LoginEvent.FACTOR_REMOVED, None, user, by=by)


def check_code(user: User, code: str) -> Device | None:
    """The device whose code this is now, or None; each code counts once. Count the guess before.

    Six digits are the app's, anything else is a recovery code: tried on both, it would count against both.
    """
    code = _cleaned(code)
    is_of_app = code.isdigit() and len(code) == CODE_DIGITS
    devices = (TOTPDevice if is_of_app else StaticDevice).objects.devices_for_user(user, confirmed=True)
    device = devices.first()
    return verify_token(user, device.persistent_id, code) if device else None


def _lock(user: User) -> None:
    User.objects.select_for_update().get(pk=user.pk)


def _draw_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery")
    codes = [StaticToken.random_token() for _number in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def _cleaned(code: str) -> str:
    """Without blanks and dashes, in half width and small letters."""
    plain = unicodedata.normalize("NFKC", code).lower()
    return "".join(letter for letter in plain if letter.isalnum())
