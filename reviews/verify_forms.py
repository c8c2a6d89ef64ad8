"""Ask for the check code of a print-out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reviews.forms import laid_out
from reviews.verifying import code_in


class CheckCodeForm(forms.Form):
    """The code as it is printed; `cleaned_data["code"]` is its digits alone."""

    code = forms.CharField(
        label=_("Check code"),
        max_length=200,
        help_text=_("From the small print at the end of the document, for example 0123 4567 89ab cdef."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("code", has_tag=False)

    def clean_code(self) -> str:
        code = code_in(self.cleaned_data["code"])
        if code is None:
            raise ValidationError(
                _("A check code has 16 digits, or 64 in full: numerals and the letters a to f.")
            )
        return code
