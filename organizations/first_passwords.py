"""Passwords that somebody else sets: told once, on paper, and good for choosing one's own (decision 38)."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password
from django.utils import timezone

from organizations.models import User

# Read from paper: no capitals, and nothing that looks like something else (0 o, 1 i l, 2 z, 5 s, u v w).
ALPHABET = "abcdefghjkmnpqrtxy346789"
GROUPS, GROUP_LENGTH = 4, 4  # 24 to the 16th: 73 bits
# Slow hashes are for passwords that people think of; nobody guesses 73 bits, and an import sets a thousand.
# Django makes up for the missing rounds when it checks one, and hashes it in full at the first log-in.
_ROUNDS = 10_000
PASSWORD_FIELDS = ("password", "must_change_password", "first_password_until", "is_demo")


def new_first_password() -> str:
    """Four groups of four letters and digits, from the system's own randomness."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def give_first_password(user: User) -> str:
    """Set a first password on an account that the caller saves; what is returned exists nowhere else."""
    password = new_first_password()
    hasher = get_hasher()
    user.password = (
        hasher.encode(password, hasher.salt(), _ROUNDS)
        if isinstance(hasher, PBKDF2PasswordHasher)
        else make_password(password)
    )
    mark_first_password(user)
    return password


def mark_first_password(user: User) -> None:
    """The password of this account, which the caller saves, was set by somebody else."""
    user.must_change_password = True
    user.first_password_until = timezone.now() + settings.FIRST_PASSWORD_LIFE
    user.is_demo = False


def choose_password(user: User, password: str) -> None:
    """Set the password that its owner chose. Every log-in with the old one ends."""
    user.set_password(password)
    user.must_change_password = False
    user.first_password_until = None
    user.is_demo = False
    user.save(update_fields=PASSWORD_FIELDS)
