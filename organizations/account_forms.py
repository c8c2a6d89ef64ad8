"""What administrators type about accounts, cleaned; each form ends in one deed."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from organizations.account_lists import organizations_to_act_for
from organizations.accounts import AccountRefused, Duty, Person, change_end, grant, open_account
from organizations.forms import DayField, NameField, RosterUploadForm, fields_only
from organizations.models import HOST_ROLES, Membership, Organization, Role, User


class DutyForm(forms.Form):
    """A role for the host or for a unit below it, from a day until another."""

    role = forms.ChoiceField(label=_("Role"))
    unit = forms.ModelChoiceField(
        Organization.objects.none(),
        label=_("Unit"),
        required=False,
        help_text=_("For roles of a unit. Left blank for roles of the host."),
    )
    begins = DayField(label=_("From"), required=False, help_text=_("Blank: from today."))
    ends = DayField(
        label=_("Ends on"),
        required=False,
        help_text=_("The first day without the role. Blank: until somebody ends it."),
    )

    fields_of_a_duty = (
        Row(Column("role", css_class="col-md-6"), Column("unit", css_class="col-md-6")),
        Row(Column("begins", css_class="col-md-6"), Column("ends", css_class="col-md-6")),
    )

    def __init__(self, *args: Any, host: Organization, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.host, self.by = host, by
        role, unit = self.fields["role"], self.fields["unit"]
        assert isinstance(role, forms.ChoiceField)
        assert isinstance(unit, forms.ModelChoiceField)
        # None is chosen beforehand: a right is never given by what somebody left as it was.
        role.choices = [("", "---------"), *role_choices(host)]
        unit.queryset = organizations_to_act_for(host)
        unit.empty_label = str(host)
        self.helper = fields_only()
        self.helper.layout = Layout(*self.fields_of_a_duty)

    def duty(self) -> Duty:
        """What was typed, as the deeds take it."""
        given = self.cleaned_data
        return Duty(given["unit"] or self.host, given["role"], given["begins"], given["ends"])


class GrantForm(DutyForm):
    """One more membership for a known account."""

    def save(self, account: User) -> Membership | None:
        """Grant it; None where it was refused, with the reason among the form's errors."""
        try:
            return grant(account, self.duty(), host=self.host, by=self.by)
        except AccountRefused as reason:
            self.add_error(None, str(reason))
            return None


class GrantByNameForm(GrantForm):
    """A membership for an account of anybody's, by its exact name: one person may work for two hosts."""

    username = forms.CharField(
        label=_("Account name"),
        max_length=150,
        help_text=_("Exactly as it logs in. Whatever else it does is not shown."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout("username", *self.fields_of_a_duty)

    def clean_username(self) -> str:
        username: str = User.normalize_username(self.cleaned_data["username"])
        self.account = User.objects.filter(username=username).first()
        if self.account is None:
            raise forms.ValidationError(gettext("There is no account “%(account)s”.") % {"account": username})
        return username

    def save_by_name(self) -> Membership | None:
        assert self.account is not None  # a valid form found it
        return self.save(self.account)


class NewAccountForm(DutyForm):
    """Somebody who has no account yet, with the first membership."""

    username = forms.CharField(
        label=_("Account name"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=_(
            "What the person logs in with. Letters, digits and @/./+/-/_; it cannot be changed later."
        ),
    )
    full_name = NameField(label=pgettext_lazy("of a person", "Name"), max_length=50)
    email = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        required=False,
        help_text=_("For reminders. Passwords are never mailed."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            Row(Column("full_name", css_class="col-md-6"), Column("username", css_class="col-md-6")),
            "email",
            *self.fields_of_a_duty,
        )

    def save(self) -> tuple[User, str] | None:
        """Open the account; None where it was refused, with the reason among the form's errors."""
        given = self.cleaned_data
        person = Person(User.normalize_username(given["username"]), given["full_name"], given["email"])
        try:
            return open_account(person, self.duty(), host=self.host, by=self.by)
        except AccountRefused as reason:
            self.add_error(None, str(reason))
            return None


class EndForm(forms.Form):
    """Until when a membership runs."""

    day = DayField(
        label=_("Ends on"),
        required=False,
        help_text=_("The first day without the role. Blank: until somebody ends it."),
    )

    def __init__(self, data: Any, *, membership: Membership, host: Organization, by: User) -> None:
        super().__init__(data, initial={"day": membership.active_to})
        self.membership, self.host, self.by = membership, host, by
        self.helper = fields_only()

    def save(self) -> Membership | None:
        """Change the day; None where it was refused, with the reason among the form's errors."""
        try:
            return change_end(self.membership, self.cleaned_data["day"], host=self.host, by=self.by)
        except AccountRefused as reason:
            self.add_error("day", str(reason))
            return None


class AccountsUploadForm(RosterUploadForm):
    """A workbook of accounts, read as soon as it is uploaded."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("Workbook of accounts")


def role_choices(host: Organization) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every role, those of the host apart from those of a unit."""
    of_host = [(role.value, str(role.label)) for role in Role if role in HOST_ROLES]
    of_unit = [(role.value, str(role.label)) for role in Role if role not in HOST_ROLES]
    return [(gettext("For %(host)s") % {"host": host}, of_host), (gettext("For a unit"), of_unit)]
