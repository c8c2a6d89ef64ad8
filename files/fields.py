"""A form's field for several files; what each of them is, `files.kinds` and `files.pictures` say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Several files of one input, also empty ones, which looking at them refuses.

    accept: what the browser offers to choose. most: how many are sent at once. too_many: what to say of more,
    with %(most)s.
    """

    def __init__(self, *, accept: str, most: int, too_many: Any, **options: Any) -> None:
        widget = SeveralFilesInput(attrs={"accept": accept, "class": "form-control"})
        super().__init__(allow_empty_file=True, widget=widget, **options)
        self.most, self.too_many = most, too_many

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [super(SeveralFilesField, self).clean(file, initial) for file in data or [None]]
        if len(files) > self.most:
            raise ValidationError(self.too_many, params={"most": self.most})
        return [file for file in files if file]
