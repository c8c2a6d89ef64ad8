"""Django's administration, for the installation's superusers alone.

Its pages know nothing of hosts: whoever came in by `is_staff` would reach the accounts of every one of them
(docs/decisions/0035).
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache


class Administration(AdminSite):
    """Absent for everybody else, with the body of a page that is not there; one signs in where all do."""

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_superuser

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner: Any = super().admin_view(view, cacheable)

        @wraps(inner)
        def for_superusers(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        for_superusers.login_url = settings.LOGIN_URL  # type: ignore[attr-defined]  # read by the middleware
        return for_superusers

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """No second door: a log-in form of its own would have limits of its own."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404
        wanted = request.GET.get("next", "/admin/")
        is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
        return redirect_to_login(wanted if is_ours else "/admin/")
