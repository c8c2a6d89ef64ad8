"""The form of a rubric's draft: its totals and one row an indicator."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organizations.names import clean_text, normalize_name
from reviews.drafting import DraftIndicator
from reviews.forms import laid_out, side_by_side
from reviews.models import Rubric
from reviews.models.points import LARGEST, PLACES

LEAST = Decimal(1).scaleb(-PLACES)  # the smallest number of points above 0
SPARE_ROWS = 3
MOST_INDICATORS = 200


class RubricForm(forms.ModelForm):
    """What the totals of a draft are made of."""

    class Meta:
        model = Rubric
        fields = ("full_total", "places")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full_total"].validators.append(MinValueValidator(LEAST))
        self.fields["places"].validators.append(MaxValueValidator(PLACES))
        self.helper = laid_out(side_by_side("full_total", "places"), has_tag=False)


def _points(label: Any, *, required: bool = True, least: Decimal = LEAST) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=required,
        min_value=least,
        max_value=LARGEST,
        decimal_places=PLACES,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "points"}),
    )


class IndicatorForm(forms.Form):
    """One row; a row whose name is blank is left out."""

    section = forms.CharField(label=_("Section"), max_length=100)
    name = forms.CharField(label=_("Indicator"), max_length=100)
    full_marks = _points(_("Full marks"))
    step = _points(_("Step"))
    cap = _points(_("Cap"), required=False, least=Decimal(0))
    is_bonus = forms.BooleanField(label=_("Bonus"), required=False)
    standard = forms.CharField(
        label=_("Deduction standard"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            is_box = isinstance(field, forms.BooleanField)
            classes = field.widget.attrs.get("class", "")
            field.widget.attrs["class"] = (
                f"{'form-check-input' if is_box else 'form-control'} {classes}".strip()
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cap, full_marks = cleaned.get("cap"), cleaned.get("full_marks")
        if cap is not None and full_marks is not None and cap > full_marks:
            self.add_error("cap", _("The cap is at most the full marks."))
        return cleaned

    def row(self) -> DraftIndicator:
        given = self.cleaned_data
        return DraftIndicator(
            section=clean_text(given["section"]),
            name=clean_text(given["name"]),
            full_marks=given["full_marks"],
            step=given["step"],
            cap=given["cap"],
            is_bonus=given["is_bonus"],
            standard=given["standard"].strip(),
        )


class BaseIndicatorFormSet(forms.BaseFormSet):
    """All indicators of a draft."""

    def clean(self) -> None:
        if any(self.errors):
            return
        names = [normalize_name(row.name) for row in self.rows()]
        twice = next((row.name for row in self.rows() if names.count(normalize_name(row.name)) > 1), None)
        if twice is not None:
            raise ValidationError(gettext("“%(name)s” is given twice.") % {"name": twice})

    def rows(self) -> list[DraftIndicator]:
        """The rows that are filled in and not marked for removal, in their order."""
        return [
            form.row()
            for form in self.forms
            if (form.initial or form.has_changed()) and not form.cleaned_data.get("DELETE")
        ]


IndicatorFormSet = forms.formset_factory(
    IndicatorForm,
    formset=BaseIndicatorFormSet,
    extra=SPARE_ROWS,
    can_delete=True,
    max_num=MOST_INDICATORS,
    validate_max=True,
)


def indicator_rows(rubric: Rubric) -> list[dict[str, Any]]:
    """A draft's indicators as the formset's initial values."""
    return [
        {
            "section": indicator.section.name,
            "name": indicator.name,
            "full_marks": indicator.full_marks,
            "step": indicator.step,
            "cap": indicator.cap,
            "is_bonus": indicator.is_bonus,
            "standard": indicator.standard,
        }
        for indicator in rubric.indicators.select_related("section")
    ]
