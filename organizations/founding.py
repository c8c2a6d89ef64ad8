"""The first administrator and the first host of a new installation, made once."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from organizations.models import Membership, Organization, Role, User
from organizations.names import clean_text


class AlreadyFounded(Exception):
    """Somebody has an account already: administrators are made by administrators from then on."""


def is_unfounded() -> bool:
    """Whether nobody has an account yet."""
    return not User.objects.exists()


@transaction.atomic
def found(*, host_name: str, username: str, full_name: str, password: str) -> User:
    """Create the host with its first administrator. Raises AlreadyFounded as soon as there is any account."""
    # Two visitors at once queue behind a row that every installation has.
    ContentType.objects.select_for_update().get_or_create(app_label="organizations", model="user")
    if not is_unfounded():
        raise AlreadyFounded(_("This installation has accounts already: log in."))
    user = User.objects.create_superuser(username=username, password=password, full_name=full_name)
    found_host(host_name, administrator=user)
    return user


@transaction.atomic
def found_host(name: str, *, administrator: User) -> Organization:
    """Create a reviewing organization that this user administers. name: not blank once cleaned."""
    host, __ = Organization.objects.get_or_create(name=clean_text(name), parent=None, active_to=None)
    Membership.objects.get_or_create(
        user=administrator, organization=host, role=Role.ADMINISTRATOR, active_to=None
    )
    return host
