"""What stands between a log-in and every page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from organizations.responses import refused

# To leave, to read the page in one's own language and size, and for monitors that carry a cookie.
_OPEN = frozenset(
    {
        "organizations:password-change",
        "organizations:logout",
        "organizations:text-size",
        "set_language",
        "healthz",
    }
)


class FirstPasswordMiddleware:
    """Whoever got the password from somebody else chooses one first; nothing else is open until then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is not None and match.view_name in _OPEN:
            return None
        if not request.user.is_authenticated or not request.user.must_change_password:
            return None
        if request.headers.get("HX-Request") == "true":
            return HttpResponseClientRedirect(resolve_url("organizations:password-change"))
        if _is_script(request):
            # 401: scripts keep what they hold and ask to log in, which leads to the same page.
            return refused(_("Choose a password of your own first: log in on the page."), 401)
        return redirect("organizations:password-change")


def _is_script(request: HttpRequest) -> bool:
    """Whether the answer is for a script: a browser that opens a page says that it takes HTML."""
    accepted = request.headers.get("Accept", "text/html")
    return "text/html" not in accepted
