"""The request of somebody signed in: what every view gets but those marked `login_not_required`."""

from __future__ import annotations

from django.http import HttpRequest, RawPostDataException

from organizations.models import User


class SignedInRequest(HttpRequest):
    """For annotations only: the login middleware has turned everybody else away."""

    user: User
    csp_nonce: object  # made where it is first asked for; lets in a style that stands in the page


def sent_by_script(request: HttpRequest) -> bytes:
    """What a script sent as JSON; nothing where a form came instead, which was read as fields before."""
    try:
        return request.body
    except RawPostDataException:
        return b""
