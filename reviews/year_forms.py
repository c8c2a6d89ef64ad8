"""What the staff type about a year, cleaned; each form calls one deed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization
from reviews.annual import WHOLE
from reviews.forms import DATE, laid_out, side_by_side
from reviews.models import ReviewYear

WEIGHTS = ("first", "second", "third", "fourth")


class YearForm(forms.ModelForm):
    """How the host adds up its quarters, and what the annual report prints besides the figures."""

    class Meta:
        model = ReviewYear
        fields = (*WEIGHTS, "least_quarters", "document_number", "rectify_by")
        widgets = {"rectify_by": forms.DateInput(attrs=DATE, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in WEIGHTS:
            self.fields[name].widget.attrs.update(min=0, max=WHOLE)
        self.fields["least_quarters"].widget.attrs.update(min=1, max=4)
        self.helper = laid_out(
            side_by_side(*WEIGHTS),
            "least_quarters",
            side_by_side("document_number", "rectify_by"),
            submit=_("Save"),
        )

    def clean_least_quarters(self) -> int:
        """No more quarters than have a weight, or no unit could ever have an annual total."""
        least: int = self.cleaned_data["least_quarters"]
        weighed = sum(bool(self.cleaned_data.get(name)) for name in WEIGHTS)
        if least > weighed > 0:
            raise ValidationError(
                _("Only %(count)s quarters have a weight."), params={"count": weighed}, code="too_many"
            )
        return least

    @transaction.atomic
    def save(self, commit: bool = True) -> ReviewYear:
        """Save over what somebody else may have saved since this form was opened: the year has one rule."""
        year: ReviewYear = self.instance
        Organization.objects.select_for_update().get(pk=year.host_id)
        year.pk = ReviewYear.of_host(year.host, year.year).pk
        return super().save(commit)


class PublishYearForm(forms.Form):
    """The last yes before the year is frozen, with a reason where it corrects an earlier publication."""

    reason = forms.CharField(label=_("Reason for the correction"), max_length=500)
    confirm = forms.BooleanField(label=_("Publish the year without waiting for them"))

    def __init__(self, *args: Any, is_correction: bool, has_gaps: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_correction:
            del self.fields["reason"]
        if not has_gaps:
            del self.fields["confirm"]
        self.helper = laid_out(*self.fields, has_tag=False)
