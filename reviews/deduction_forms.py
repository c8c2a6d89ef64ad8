"""What people type about a deduction, cleaned."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organizations.names import clean_text
from reviews.forms import laid_out, side_by_side
from reviews.importing.expected import ExpectedIndicator
from reviews.importing.points import CannotBePoints, deduction_of
from reviews.models import Indicator
from reviews.models.rubric import LONGEST_REASON

MOST_TIMES = 1_000


class DeductionForm(forms.Form):
    """Points off one indicator, directly or as so many times its step, with the reason."""

    points = forms.CharField(label=_("Points to deduct"), required=False, max_length=20)
    times = forms.IntegerField(
        label=_("or: how many times"), required=False, min_value=1, max_value=MOST_TIMES
    )
    standard = forms.ChoiceField(label=_("Reason from the rubric"), required=False)
    reason = forms.CharField(label=_("Reason in your own words"), required=False, max_length=LONGEST_REASON)

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        limits = {"step": f"{indicator.step:f}", "full_marks": f"{indicator.full_marks:f}"}
        self.fields["points"].help_text = _("At most %(full_marks)s, in steps of %(step)s.") % limits
        self.fields["times"].help_text = _("Each time takes %(step)s.") % limits
        self.fields["points"].widget.attrs["inputmode"] = "decimal"
        rows: list[Any] = [side_by_side("points", "times"), "reason"]
        reasons = indicator.reasons
        if reasons:
            choice = self.fields["standard"]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = [("", "—"), *((reason, reason) for reason in reasons)]
            choice.initial = reasons[0] if len(reasons) == 1 else ""
            rows.insert(1, "standard")
        else:
            del self.fields["standard"]
        self.helper = laid_out(*rows, has_tag=False)

    def clean_reason(self) -> str:
        return clean_text(self.cleaned_data["reason"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("reason") and not cleaned.get("standard") and not self.errors:
            self.add_error("reason", _("Say what the points are deducted for."))
        typed, times = cleaned.get("points", "").strip(), cleaned.get("times")
        if bool(typed) == (times is not None):
            if not self.errors:
                self.add_error("points", _("Give either the points or how many times."))
            return cleaned
        value = typed if times is None else times * self.indicator.step
        try:
            allowed = ExpectedIndicator(
                self.indicator.pk, self.indicator.name, self.indicator.full_marks, self.indicator.step
            )
            cleaned["taken"] = deduction_of(value, allowed)
        except CannotBePoints as refusal:
            self.add_error("points" if times is None else "times", ValidationError(str(refusal)))
        return cleaned

    @property
    def taken(self) -> Decimal:
        """The points to take. Of a valid form."""
        points: Decimal = self.cleaned_data["taken"]
        return points

    @property
    def why(self) -> str:
        """The reason; one's own words go into detail about the rubric's. Of a valid form."""
        parts = [self.cleaned_data.get("standard", ""), self.cleaned_data["reason"]]
        return "：".join(filter(None, parts))[:LONGEST_REASON]


class WithdrawForm(forms.Form):
    """Why a deduction counts no more. A page holds one a deduction, so its template draws it plainly."""

    withdraw = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    reason = forms.CharField(max_length=LONGEST_REASON)

    def clean_reason(self) -> str:
        return clean_text(self.cleaned_data["reason"])


class ReasonLaterForm(forms.Form):
    """Why points were deducted, where nobody said so. Drawn plainly, like the form above."""

    explain = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    reason = forms.CharField(max_length=LONGEST_REASON)
