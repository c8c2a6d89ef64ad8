"""Take an office's own Word template."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from files.kinds import FileRefused
from organizations.models import Organization, User
from reviews.forms import laid_out
from reviews.models import DocumentTemplate
from reviews.office_templates import take_template
from reviews.reports.template_checks import LARGEST, TemplateUnfit


class TemplateForm(forms.Form):
    """One .docx; the page has a form for each kind."""

    file = forms.FileField(
        label=_("Word template (.docx)"),
        allow_empty_file=True,  # looking at it says what is wrong with it
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, kind: str) -> None:
        super().__init__(data, files, prefix=kind)
        self.kind = kind
        self.helper = laid_out("file", has_tag=False)

    def take(self, host: Organization, *, by: User) -> DocumentTemplate | None:
        """The template, now in use; None where the form then says why not."""
        file = self.cleaned_data["file"]
        try:
            data = file.read(LARGEST + 1)
            return take_template(host, self.kind, name=file.name, data=data, by=by)
        except (FileRefused, TemplateUnfit) as refusal:
            self.add_error("file", str(refusal))
            return None
