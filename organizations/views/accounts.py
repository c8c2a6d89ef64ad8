"""Pages about the account itself: its host, its text size, its password, and help."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import LogoutView, PasswordChangeView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organizations.forms import ChangePasswordForm
from organizations.hosts import choose_host
from organizations.requests import SignedInRequest
from organizations.returning import wanted_address

TEXT_SIZE_COOKIE = "text_size"
A_YEAR = 365 * 24 * 3600


class LogOut(LogoutView):
    """End the session, and have the browser drop what it kept of it: the next person may be another.

    Not "storage": there a phone keeps records of visits that wait for a signal.
    """

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


class PasswordChange(PasswordChangeView):
    """Change one's own password and stay logged in here."""

    template_name = "organizations/password_change.html"
    form_class = ChangePasswordForm
    success_url = "/"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        # Saving ends every log-in with the old password; this one then goes on under a new key.
        messages.success(self.request, _("Your password has been changed."))
        return super().form_valid(form)


@require_POST
def host_choose(request: SignedInRequest) -> HttpResponse:
    """Work in another of the user's hosts from now on; any other organization is not found."""
    wanted = request.POST.get("host", "")
    host = next((host for host in request.user.access.hosts if str(host.pk) == wanted), None)
    if host is None:
        raise Http404
    choose_host(request, host)
    messages.success(request, _("You now work in %(host)s.") % {"host": host})
    # Not back to the page one came from: that may belong to the other host.
    return redirect("/")


@login_not_required
@require_POST
def text_size(request: HttpRequest) -> HttpResponse:
    """Keep the size of text this browser wants, and return to the page."""
    response = redirect(wanted_address(request))
    if request.POST.get("size") == "larger":
        response.set_cookie(
            TEXT_SIZE_COOKIE, "larger", max_age=A_YEAR, samesite="Lax", secure=request.is_secure()
        )
    else:
        response.delete_cookie(TEXT_SIZE_COOKIE, samesite="Lax")
    return response


@require_safe
def help_page(request: SignedInRequest) -> HttpResponse:
    """What each role does first."""
    return render(request, "organizations/help.html")
