"""The second factor: setting it up, its recovery codes, turning it off, and what the host demands."""

from __future__ import annotations

import django_otp
import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.confirming import fresh_password, own_password
from organizations.events import LoginEvent, record_login_event
from organizations.hosts import host_of
from organizations.login_forms import CodeForm, SecurityPolicyForm, SetUpForm
from organizations.models import SecurityPolicy
from organizations.permissions import can_set_policy, require
from organizations.requests import SignedInRequest
from organizations.responses import UNPROCESSABLE
from organizations.returning import wanted_address
from organizations.second_factor import (
    FactorRefused,
    app_of,
    codes_left,
    has_device,
    key_to_type,
    new_app,
    new_key,
    new_recovery_codes,
    turn_off,
    turn_on,
)

KEY_IN_SESSION = "second_factor_key"  # of an app that is being set up
GET_OR_POST = ("GET", "HEAD", "POST")


@require_safe
def page(request: SignedInRequest) -> HttpResponse:
    """Whether the account has a second factor, and what can be done about it."""
    return _page(request, CodeForm(request=request, user=request.user))


@require_http_methods(GET_OR_POST)
@own_password
def set_up(request: SignedInRequest) -> HttpResponse:
    """Show the key as a QR code and in letters; the first code the app shows turns it on."""
    if has_device(request.user):
        return redirect("organizations:second-factor")
    address = wanted_address(request)
    key = request.session.setdefault(KEY_IN_SESSION, new_key())
    form = SetUpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            app, drawn = turn_on(request.user, key, form.cleaned_data["code"])
        except FactorRefused as refusal:
            form.add_error("code", str(refusal))
        else:
            del request.session[KEY_IN_SESSION]
            django_otp.login(request, app)
            record_login_event(LoginEvent.FACTOR_ON, request, request.user)
            return render(request, "organizations/recovery_codes.html", {"codes": drawn, "next": address})
    picture = segno.make(new_app(request.user, key).config_url, micro=False)
    context = {
        "form": form,
        "next": address,
        "key": key_to_type(key),
        # Drawn by the library from letters and digits; nothing in it is anybody's text.
        "picture": mark_safe(picture.svg_inline(scale=4, border=2, omitsize=True)),
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "organizations/second_factor_set_up.html", context, status=status)


@require_POST
@own_password
def codes(request: SignedInRequest) -> HttpResponse:
    """Ten new recovery codes, shown this once."""
    try:
        drawn = new_recovery_codes(request.user)
    except FactorRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("organizations:second-factor")
    record_login_event(LoginEvent.RECOVERY_CODES_MADE, request, request.user)
    return render(request, "organizations/recovery_codes.html", {"codes": drawn, "next": "/second-factor/"})


@require_POST
@sensitive_post_parameters("code")
@own_password
def off(request: SignedInRequest) -> HttpResponse:
    """Turn it off, with a code of it."""
    form = CodeForm(request.POST, request=request, user=request.user)
    if not form.is_valid():
        return _page(request, form)
    turn_off(request.user)
    record_login_event(LoginEvent.FACTOR_OFF, request, request.user)
    messages.success(request, _("The second factor is off: the password alone logs you in."))
    return redirect("organizations:second-factor")


@require_http_methods(GET_OR_POST)
@fresh_password
def policy(request: SignedInRequest) -> HttpResponse:
    """What the host asks of those who publish or administer."""
    host = host_of(request)
    require(can_set_policy(request.user, host))
    form = SecurityPolicyForm(
        request.POST if request.method == "POST" else None, instance=SecurityPolicy.of_host(host)
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The settings are saved."))
        return redirect("organizations:security-policy")
    return render(request, "organizations/security_policy.html", {"form": form})


def _page(request: SignedInRequest, form: CodeForm) -> HttpResponse:
    context = {"form": form, "app": app_of(request.user), "codes_left": codes_left(request.user)}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "organizations/second_factor.html", context, status=status)
