"""What people choose to raise as rectification items, and by when."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviews.findings_to_raise import FindingKey
from reviews.forms import DATE, laid_out

CHOSEN = "finding"  # the name of the boxes
LINK = "link-"  # how the name of a choice between raising and linking begins


class RaiseForm(forms.Form):
    """The findings that are ticked, what some are linked to instead, and a due date for those raised."""

    due_on = forms.DateField(
        label=gettext_lazy("Due date"),
        required=False,
        widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
        help_text=gettext_lazy("For all that are ticked. It may be left blank and set item by item."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].widget.attrs["min"] = timezone.localdate().isoformat()
        self.helper = laid_out("due_on", has_tag=False)

    def clean_due_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["due_on"]
        if day is not None and day < timezone.localdate():
            raise ValidationError(
                _("%(day)s is past: choose today or later."), params={"day": day.isoformat()}
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        keys = map(FindingKey.parse, self.ticked)
        cleaned["chosen"] = {key: self._link(key) for key in keys if key is not None}
        if not cleaned["chosen"]:
            raise ValidationError(_("Tick what is to be raised."))
        return cleaned

    def _link(self, key: FindingKey) -> int | None:
        sent = self.data.get(f"{LINK}{key}", "")
        return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 19 else None

    @property
    def ticked(self) -> list[str]:
        """The boxes that were ticked when the form was sent."""
        return self.data.getlist(CHOSEN) if isinstance(self.data, QueryDict) else []
