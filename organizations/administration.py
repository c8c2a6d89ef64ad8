"""Django's administration, for the installation's superusers alone and behind the product's own log-in.

Its pages know nothing of hosts: whoever came in by `is_staff` would reach the accounts of every one of them
(docs/decisions/0035). It grants rights, so it asks for a fresh password as publishing does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from organizations.confirming import fresh_password

View = Callable[..., Any]


class AdministrationSite(admin.AdminSite):
    """Absent for everybody else, with the body of a page that is not there."""

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_superuser

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]
        inner: Any = super().admin_view(view if view == self.logout else fresh_password(view), cacheable)

        @wraps(inner)
        def for_superusers(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        for_superusers.login_url = settings.LOGIN_URL  # type: ignore[attr-defined]  # read by the middleware
        return for_superusers

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the one log-in: a door of its own would know neither a second factor nor its limits."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404
        wanted = request.GET.get("next", "/admin/")
        is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
        return redirect_to_login(wanted if is_ours else "/admin/")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("organizations:password-change")
