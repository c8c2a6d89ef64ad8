"""The door: log-in, its second step, the password once more, and what too many guesses are told."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp.plugins.otp_static.models import StaticDevice

from organizations import second_step
from organizations.confirming import kept_fields, needs_code
from organizations.forms import LoginForm
from organizations.freshness import is_fresh
from organizations.guesses import locked_until
from organizations.login_forms import CodeForm, ConfirmForm
from organizations.models import User
from organizations.requests import SignedInRequest
from organizations.responses import UNPROCESSABLE
from organizations.returning import leading_back, wanted_address
from organizations.second_factor import codes_left, has_device

TOO_MANY = 429
BACKEND = "django.contrib.auth.backends.ModelBackend"
GET_OR_POST = ("GET", "HEAD", "POST")


class Login(LoginView):
    """User name and password; an account with a second factor is then asked for a code."""

    template_name = "organizations/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Where to go on to; not back to here, which Django takes for a mistake of ours."""
        address = super().get_redirect_url()
        return "" if address.partition("?")[0] == self.request.path else address

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        assert isinstance(user, User)
        if not has_device(user):
            return super().form_valid(form)
        second_step.begin(self.request.session, user)
        return redirect(leading_back("organizations:login-code", self.get_success_url()))


@login_not_required
@sensitive_post_parameters("code")
@require_http_methods(GET_OR_POST)
def code(request: HttpRequest) -> HttpResponse:
    """The second step: a code of whoever gave the right password a moment ago."""
    address = wanted_address(request)
    if request.user.is_authenticated:
        return redirect(address)
    user = second_step.whose(request.session)
    if user is None:
        messages.info(request, _("Please log in once more: the code was not given in time."))
        return redirect(leading_back("organizations:login", address))
    form = CodeForm(request.POST if request.method == "POST" else None, request=request, user=user)
    form.fields["code"].widget.attrs["autofocus"] = True
    if request.method == "POST" and form.is_valid():
        second_step.end(request.session)
        user.otp_device = form.device  # type: ignore[attr-defined]  # by which django-otp notes it in the session
        login(request, user, backend=BACKEND)
        if isinstance(form.device, StaticDevice):
            _count_codes(request, user)
        return redirect(address)
    context = {"form": form, "next": address}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "organizations/login_code.html", context, status=status)


@sensitive_post_parameters(ConfirmForm.PASSWORD)
@require_http_methods(GET_OR_POST)
def confirm(request: SignedInRequest) -> HttpResponse:
    """Ask who one is, before a page that asks for it; then go on to that page."""
    address = wanted_address(request)
    code = needs_code(request, request.user) and has_device(request.user)
    password = not is_fresh(request.session)
    if not password and not code:
        return redirect(address)
    data = request.POST if ConfirmForm.SENT in request.POST else None
    form = ConfirmForm(data, request=request, password=password, code=code)
    if data is not None and form.is_valid():
        return redirect(address)
    context = {"form": form, "kept": [("next", address)], "action": request.path, "filled_in": False}
    status = 200 if data is None else UNPROCESSABLE
    return render(request, "organizations/confirm.html", context, status=status)


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """In the place of any answer, once there were too many guesses: when it can be tried again.

    The same for an account that does not exist: the count knows names only.
    """
    second_step.end(request.session)
    until = locked_until(request, credentials)
    said = _("There were too many wrong attempts. You can try again from %(time)s.") % {
        "time": time_format(timezone.localtime(until), "H:i")
    }
    if request.user.is_authenticated:
        kept = list(kept_fields(request.POST)) if ConfirmForm.SENT in request.POST else []
        told: dict[str, Any] = {"said": said, "kept": kept, "action": request.get_full_path()}
        told["filled_in"] = any(name != "next" for name, _value in kept)
        answer = render(request, "organizations/locked.html", told, status=TOO_MANY)
    else:
        context = {"form": LoginForm(request), "said": said, "next": wanted_address(request)}
        answer = render(request, "organizations/login.html", context, status=TOO_MANY)
    seconds = (until - timezone.now()).total_seconds()
    answer["Retry-After"] = str(max(1, int(seconds) + 1))
    return answer


def _count_codes(request: HttpRequest, user: User) -> None:
    left = codes_left(user)
    said = ngettext(
        "That recovery code is used up; %(left)s is left.",
        "That recovery code is used up; %(left)s are left.",
        left,
    )
    messages.warning(request, said % {"left": left})
