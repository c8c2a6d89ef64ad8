"""What people send about the documents of a cycle."""

from __future__ import annotations

from typing import Any

from django import forms

from organizations.names import clean_text

PAGES = {"": "reviews:report-check", "composer": "reviews:report"}  # where a deed leads back to


class RemarkForm(forms.Form):
    """A marked place, told by its button; where it is accepted, the reason stands in a field of its own.

    The reason's name ends in the first sixteen digits of the place, because all of a page's places send one
    form: a page of text to edit holds them, and forms do not nest.
    """

    remark = forms.CharField(max_length=64)
    back = forms.ChoiceField(required=False, choices=[(name, name) for name in PAGES if name])

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.is_valid()

    @property
    def fingerprint(self) -> str:
        """Which place; empty where none was told, and then none is found."""
        return str(self.cleaned_data.get("remark", ""))

    @property
    def reason(self) -> str:
        return clean_text(str(self.data.get(f"reason-{self.fingerprint[:16]}", "")))

    @property
    def page(self) -> str:
        return PAGES[self.cleaned_data.get("back", "")]
