"""What people type about units and accounts, cleaned; each form about units ends in one deed."""

from __future__ import annotations

import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row, Submit
from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organizations.changes import ChangeRefused, UnitDetails, change_unit, close_unit, found_unit
from organizations.first_passwords import choose_password
from organizations.guesses import guess_succeeded
from organizations.models import Group, Kind, Organization, User
from organizations.names import clean_text
from organizations.quarter import FIRST_YEAR, LAST_YEAR
from organizations.uploads import Upload
from workbooks.limits import MAX_FILE, MIB
from workbooks.reading import read_workbook
from workbooks.sheets import UnreadableWorkbook, Workbook

LONGEST_KEY = 18  # digits, as in addresses


def fields_only() -> FormHelper:
    """The fields alone: the template has the form's tag, its token and its buttons."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


class DayInput(forms.DateInput):
    """A day, chosen from the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day in the years that quarters have."""

    widget = DayInput
    default_validators = [
        MinValueValidator(datetime.date(FIRST_YEAR, 1, 1)),
        MaxValueValidator(datetime.date(LAST_YEAR, 12, 31)),
    ]


class NameField(forms.CharField):
    """A name as it is stored; what is blank once cleaned was not given."""

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows, ticked. A key too long for the database's whole numbers is that of no row."""

    def clean(self, value: Any) -> Any:
        wrong = next((key for key in value or () if len(str(key)) > LONGEST_KEY), None)
        if wrong is not None:
            message = self.error_messages["invalid_choice"]
            raise forms.ValidationError(message, code="invalid_choice", params={"value": str(wrong)[:40]})
        return super().clean(value)


class LoginForm(AuthenticationForm):
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs |= {"autocorrect": "off", "spellcheck": "false"}
        self.helper = fields_only()
        self.helper.layout = Layout("username", "password", Submit("", _("Log in"), css_class="w-100"))

    def confirm_login_allowed(self, user: User) -> None:
        """Told only to whoever knows the password."""
        super().confirm_login_allowed(user)
        if user.first_password_is_out(timezone.now()):
            raise forms.ValidationError(
                gettext("This first password was valid until %(day)s. Ask your administrator for a new one.")
                % {"day": date_format(timezone.localtime(user.first_password_until), "Y-m-d H:i")},
                code="first_password_is_out",
            )


class ChangePasswordForm(PasswordChangeForm):
    """The old password once, the new one twice. A wrong old one is a guess, and counted as such."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "old_password", "new_password1", "new_password2", Submit("", _("Change password"))
        )
        if self.user.must_change_password:
            self.fields["old_password"].label = _("The password you were given")

    def clean_new_password1(self) -> str:
        password: str = self.cleaned_data["new_password1"]
        if password == self.cleaned_data.get("old_password"):
            raise forms.ValidationError(gettext("Choose a password that differs from the one you have now."))
        return password

    def save(self, commit: bool = True) -> User:
        choose_password(self.user, self.cleaned_data["new_password1"])
        return self.user

    def clean_old_password(self) -> str:
        old: str = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.get_username(), password=old) != self.user:
            raise forms.ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        guess_succeeded(self.request, self.user)
        return old


class UnitForm(forms.Form):
    """What is said of a unit. `superior`: the organization the unit stands under."""

    name = forms.CharField(label=_("Full name"), max_length=100)
    short_name = forms.CharField(
        label=_("Short name"), max_length=50, required=False, help_text=_("For narrow columns and charts.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    group = forms.ModelChoiceField(
        Group.objects.none(),
        label=_("Group"),
        required=False,
        empty_label=_("None: not ranked"),
        help_text=_("Units are ranked against each other within a group."),
    )
    position = forms.IntegerField(
        label=_("No."),
        min_value=1,
        max_value=1_000_000,
        required=False,
        help_text=_("Its place in your own order. Left blank, it comes last in its group."),
    )
    active_from = DayField(label=_("Active from"), required=False, help_text=_("Blank: since ever."))

    fields_of_a_unit = (
        Row(Column("name", css_class="col-md-8"), Column("short_name", css_class="col-md-4")),
        Row(Column("kind", css_class="col-md-6"), Column("group", css_class="col-md-6")),
        Row(Column("position", css_class="col-md-6"), Column("active_from", css_class="col-md-6")),
    )

    def __init__(self, *args: Any, superior: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.superior = superior
        groups = self.fields["group"]
        assert isinstance(groups, forms.ModelChoiceField)
        groups.queryset = superior.groups.all()
        self.helper = FormHelper()

    def clean_name(self) -> str:
        name = clean_text(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("The unit's name is missing."))
        return name

    def details(self) -> UnitDetails:
        """What was typed, as the deeds take it."""
        given = self.cleaned_data
        return UnitDetails(
            name=given["name"],
            short_name=given["short_name"],
            kind=given["kind"],
            group=given["group"],
            position=given["position"],
            active_from=given["active_from"],
        )


class NewUnitForm(UnitForm):
    """A unit that is not there yet; founded by `save`."""

    predecessors = RowsField(
        Organization.objects.none(),
        label=_("Predecessors"),
        required=False,
        help_text=_("After a merger or a split: the units it came from. Hold Ctrl to choose several."),
    )
    ends_predecessors = forms.BooleanField(
        label=_("The predecessors end on the day it begins"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["predecessors"]
        assert isinstance(choices, forms.ModelMultipleChoiceField)
        choices.queryset = Organization.objects.under(self.superior).in_own_order()
        self.helper.layout = Layout(
            *self.fields_of_a_unit, "predecessors", "ends_predecessors", Submit("", _("Add the unit"))
        )

    def save(self) -> Organization | None:
        """Found the unit; None where it was refused, with the reason among the form's errors."""
        given = self.cleaned_data
        begins = given["active_from"] or timezone.localdate()
        try:
            return found_unit(
                self.superior,
                self.details(),
                predecessors=given["predecessors"],
                ending=begins if given["ends_predecessors"] else None,
            )
        except ChangeRefused as reason:
            self.add_error(None, str(reason))
            return None


class ChangeUnitForm(UnitForm):
    """A known unit described anew; a new name keeps the old one as a former name."""

    renamed_on = DayField(
        label=_("Renamed on"),
        required=False,
        help_text=_("Where the full name changes: the day it did; blank means today. The old name is kept."),
    )

    def __init__(self, *args: Any, unit: Organization) -> None:
        assert unit.parent is not None, "the host itself is not on its roster"
        initial = {
            name: getattr(unit, name)
            for name in ("name", "short_name", "kind", "group", "position", "active_from")
        }
        super().__init__(*args, superior=unit.parent, initial=initial)
        self.unit = unit
        self.helper.layout = Layout(*self.fields_of_a_unit, "renamed_on", Submit("", _("Save")))

    def save(self) -> Organization | None:
        """Change the unit; None where it was refused, with the reason among the form's errors."""
        day = self.cleaned_data["renamed_on"] or timezone.localdate()
        try:
            return change_unit(self.unit, self.details(), on=day)
        except ChangeRefused as reason:
            self.add_error(None, str(reason))
            return None


class CloseUnitForm(forms.Form):
    """The day a unit ends."""

    day = DayField(
        label=_("Closed from"),
        initial=timezone.localdate,
        help_text=_("The first day on which it no longer acts."),
    )

    def __init__(self, *args: Any, unit: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.helper = fields_only()

    def save(self) -> Organization | None:
        """Close the unit; None where it was refused, with the reason among the form's errors."""
        try:
            return close_unit(self.unit, self.cleaned_data["day"])
        except ChangeRefused as reason:
            self.add_error("day", str(reason))
            return None


class RosterUploadForm(forms.Form):
    """A roster workbook, read as soon as it is uploaded. Valid, it has `upload` and `workbook`."""

    file = forms.FileField(
        label=_("Roster workbook"),
        help_text=_(".xlsx, .xls, .ods or .csv, at most 20 MB"),
        allow_empty_file=True,
    )

    upload: Upload
    workbook: Workbook

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.xls,.ods,.csv"
        self.helper = fields_only()

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > MAX_FILE:
            raise forms.ValidationError(
                gettext("The file is larger than %(limit)s MB, too large for a roster.")
                % {"limit": MAX_FILE // MIB}
            )
        self.upload = Upload(file.read(), file.name or "")
        try:
            self.workbook = read_workbook(self.upload.data, self.upload.name)
        except UnreadableWorkbook as reason:
            raise forms.ValidationError(str(reason)) from reason
        return file
