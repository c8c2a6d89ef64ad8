"""Ask what the headings mean that no rubric knows."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reviews.forms import laid_out
from reviews.importing.summary import AskedHeading, Summary
from reviews.remembering import Meaning

PASS_OVER = "pass-over"
_IS = "is:"


class HeadingsForm(forms.Form):
    """One choice a heading; what stays undecided stays a problem.

    The indicator of the closest name comes first, but is not chosen: scores under a wrong one look right.
    """

    def __init__(self, *args: Any, found: Summary, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headings = {_field_name(heading): heading for heading in found.headings}
        for name, heading in self.headings.items():
            names = dict.fromkeys(filter(None, (heading.guess, *found.indicators)))
            self.fields[name] = forms.ChoiceField(
                label=f"“{heading.text}”",
                help_text=heading.where,
                choices=[
                    ("", _("not decided")),
                    *((f"{_IS}{indicator}", indicator) for indicator in names),
                    (PASS_OVER, _("is no indicator: pass it over")),
                ],
                required=False,
            )
        self.helper = laid_out(*self.fields, has_tag=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            raise ValidationError(_("Say of at least one heading what it is."))
        return cleaned

    def meanings(self) -> list[Meaning]:
        """What was decided, as `reviews.remembering` takes it."""
        return [
            Meaning(heading.key, heading.text, "" if chosen == PASS_OVER else chosen.removeprefix(_IS))
            for name, heading in self.headings.items()
            if (chosen := self.cleaned_data[name])
        ]


def _field_name(heading: AskedHeading) -> str:
    """The same for one heading whatever others there are, and fit for an address or an id."""
    return f"heading-{hashlib.sha256(heading.key.encode()).hexdigest()[:12]}"
