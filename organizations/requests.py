"""The request of somebody signed in: what every view gets but those marked `login_not_required`."""

from __future__ import annotations

from django.http import HttpRequest

from organizations.models import User


class SignedInRequest(HttpRequest):
    """For annotations only: the login middleware has turned everybody else away."""

    user: User
    csp_nonce: object  # made where it is first asked for; lets in a style that stands in the page
