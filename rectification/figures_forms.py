"""Which day figures are asked for."""

from __future__ import annotations

import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class DayForm(forms.Form):
    """The end of this day; blank is today."""

    on = forms.DateField(
        label=gettext_lazy("As of the end of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].widget.attrs["max"] = timezone.localdate().isoformat()
        self.helper = FormHelper()
        self.helper.form_tag, self.helper.disable_csrf = False, True
        self.helper.layout = Layout("on")

    def clean_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["on"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(_("That day has not come yet: choose today or an earlier one."))
        return day

    @property
    def day(self) -> datetime.date:
        """The day that was asked for; today where none was, or none that can be."""
        return (self.is_valid() and self.cleaned_data["on"]) or timezone.localdate()
