"""What is typed at the door: password and code; each guess is counted before it is looked at."""

from __future__ import annotations

from typing import Any

import django_otp
from crispy_forms.layout import Layout
from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice

from organizations.events import LoginEvent, record_login_event
from organizations.forms import fields_only
from organizations.freshness import note_password
from organizations.guesses import guess_failed, guess_succeeded, may_guess
from organizations.models import SecurityPolicy, User
from organizations.second_factor import check_code


class PasswordField(forms.CharField):
    """One's own password, as it was typed."""

    def __init__(self) -> None:
        attributes = {"autocomplete": "current-password"}
        super().__init__(label=_("Password"), strip=False, widget=forms.PasswordInput(attrs=attributes))


class CodeField(forms.CharField):
    """A code of the app or a recovery code."""

    def __init__(self) -> None:
        attributes = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        super().__init__(
            label=_("Code"),
            max_length=40,
            widget=forms.TextInput(attrs=attributes),
            help_text=_("The six digits that the app on your phone shows, or one of your recovery codes."),
        )


def prove_password(request: HttpRequest, password: str) -> None:
    """See that this is the password of whoever is logged in, and note it; else ValidationError."""
    user = request.user
    assert isinstance(user, User)
    if authenticate(request, username=user.get_username(), password=password) != user:
        raise forms.ValidationError(gettext("This is not your password."), code="wrong_password")
    guess_succeeded(request, user)
    note_password(request.session)
    record_login_event(LoginEvent.CONFIRMED, request, user)


def device_behind(request: HttpRequest, user: User, code: str) -> Device:
    """The device of this user whose code this is now; ValidationError where it is nobody's."""
    device = check_code(user, code) if may_guess(request, user) else None
    if device is None:
        if not request.axes_locked_out:  # type: ignore[attr-defined]
            guess_failed(request, user)
        raise forms.ValidationError(
            gettext("This code is not right, or was used already. Wait for the next one the app shows."),
            code="wrong_code",
        )
    if isinstance(device, StaticDevice):
        record_login_event(LoginEvent.RECOVERY_CODE, request, user)
    return device


class CodeForm(forms.Form):
    """The second step of logging in. Valid, it has `device`."""

    code = CodeField()

    device: Device

    def __init__(self, data: Any = None, *, request: HttpRequest, user: User) -> None:
        super().__init__(data)
        self.request, self.user = request, user
        self.helper = fields_only()

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        self.device = device_behind(self.request, self.user, code)
        return code


class ConfirmForm(forms.Form):
    """Who one is, once more: the password, the code, or both. Valid, the session has noted it.

    Its names are its own, so that it can stand in one form with what it is asked for.
    """

    PREFIX = "confirm"
    PASSWORD, CODE, SENT = f"{PREFIX}-password", f"{PREFIX}-code", f"{PREFIX}-sent"
    NAMES = (PASSWORD, CODE, SENT)

    password = PasswordField()
    code = CodeField()
    sent = forms.CharField(widget=forms.HiddenInput, required=False, initial="1")

    def __init__(
        self, data: Any = None, *, request: HttpRequest, password: bool = True, code: bool = False
    ) -> None:
        super().__init__(data, prefix=self.PREFIX)
        self.request = request
        for name, is_asked in (("password", password), ("code", code)):
            if not is_asked:
                del self.fields[name]
        self.fields["password" if password else "code"].widget.attrs["autofocus"] = True
        self.helper = fields_only()

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        prove_password(self.request, password)
        return password

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        # A code counts once: it is not spent beside a wrong password.
        if not self.errors:
            user = self.request.user
            assert isinstance(user, User)
            django_otp.login(self.request, device_behind(self.request, user, code))
        return code


class SetUpForm(forms.Form):
    """The first code of an app that was just set up; whether it is right is the deed's to say."""

    code = forms.CharField(
        label=_("Code that the app shows"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = fields_only()


class SecurityPolicyForm(forms.ModelForm):
    """Whether a host asks for a second factor."""

    class Meta:
        model = SecurityPolicy
        fields = ("second_factor_required",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = fields_only()
        self.helper.layout = Layout("second_factor_required")
