"""The form of a visit's record: rows of deductions, highlights and problems, and photos."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from files.fields import SeveralFilesField
from files.limits import LARGEST_PHOTO, MOST_PHOTOS
from files.pictures import ACCEPTED
from rectification.categories import offered_categories
from reviews.forms import DATE, laid_out
from reviews.importing.expected import ExpectedIndicator
from reviews.importing.points import CannotBePoints, deduction_of
from reviews.models import Deduction, Indicator, Visit
from reviews.photos import NewPhoto
from reviews.visiting import Findings, NewLoss

MOST_ROWS = 100  # of one kind in one visit
ROWS_AT_ONCE = {
    "losses": 3,
    "highlights": 1,
    "problems": 2,
}  # blank ones to begin with, and more when asked for


class PhotosField(SeveralFilesField):
    """Photos, as many as belong to one visit."""

    def __init__(self, **options: Any) -> None:
        too_many = _("Choose at most %(most)s photos.")
        super().__init__(accept=ACCEPTED, most=MOST_PHOTOS, too_many=too_many, **options)


class RecordForm(forms.Form):
    """When the visit was made, its note and its photos."""

    visited_on = forms.DateField(
        label=_("Day of the visit"), widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d")
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    photos = PhotosField(
        label=_("Photos"),
        required=False,
        help_text=_("JPEG, PNG, WebP or HEIC, at most 20 with those above."),
    )
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("visited_on", "note", "client_uuid", has_tag=False)

    def clean_visited_on(self) -> Any:
        day = self.cleaned_data["visited_on"]
        if day > timezone.localdate():
            raise ValidationError(_("A visit cannot be recorded before its day."))
        return day


class LossForm(forms.Form):
    """One deduction: the indicator, the points or how many times its step, and why."""

    indicator = forms.ChoiceField(label=_("Indicator"), required=False)
    points = forms.CharField(label=_("Points deducted"), required=False, max_length=20)
    count = forms.CharField(label=_("Or count × step"), required=False, max_length=10)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=500)
    photos = PhotosField(label=_("Photos of it"), required=False)

    def __init__(self, *args: Any, choice: IndicatorChoice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choice = choice
        field = self.fields["indicator"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choice.options
        for name, attrs in (
            ("indicator", {"class": "form-select"}),
            ("points", {"class": "form-control", "inputmode": "decimal", "autocomplete": "off"}),
            ("count", {"class": "form-control", "inputmode": "numeric", "autocomplete": "off"}),
            ("reason", {"class": "form-control", "list": "reasons", "autocomplete": "off"}),
        ):
            self.fields[name].widget.attrs.update(attrs)

    @property
    def is_blank(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in self.fields)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.errors or not any(given.get(name) for name in self.fields):
            return given
        indicator = self.choice.by_key.get(given["indicator"])
        if indicator is None:
            self.add_error("indicator", gettext("Choose the indicator."))
        elif bool(given["points"]) == bool(given["count"]):
            self.add_error("points", gettext("Give the points or the count, one of them."))
        else:
            self._read(indicator, given)
        if not given["reason"].strip():
            self.add_error("reason", gettext("Say why."))
        return given

    def _read(self, indicator: Indicator, given: dict[str, Any]) -> None:
        """Put the points to deduct among the cleaned data, or say what is wrong with them (rule 11)."""
        expected = ExpectedIndicator(indicator.pk, indicator.name, indicator.full_marks, indicator.step)
        try:
            if given["count"]:
                given["taken"] = deduction_of(_counted(given["count"]) * indicator.step, expected)
            else:
                given["taken"] = deduction_of(given["points"], expected)
        except CannotBePoints as problem:
            self.add_error("count" if given["count"] else "points", str(problem))
        except ValueError:
            self.add_error("count", gettext("Write how many times as a whole number, such as 3."))

    def loss(self) -> NewLoss:
        given = self.cleaned_data
        return NewLoss(int(given["indicator"]), given["taken"], given["reason"])


class HighlightForm(forms.Form):
    """One highlight."""

    text = forms.CharField(
        label=_("Highlight"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )


class ProblemForm(forms.Form):
    """One problem and its category."""

    category = forms.ChoiceField(label=_("Category"), required=False)
    text = forms.CharField(
        label=_("Problem"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def __init__(self, *args: Any, categories: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("Choose")), *((name, name) for name in categories)]
        field.widget.attrs["class"] = "form-select"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("text") and not given.get("category") and "category" not in self.errors:
            self.add_error("category", gettext("Choose the category."))
        if given.get("category") and not given.get("text"):
            self.add_error("text", gettext("Say what the problem is."))
        return given


def _rows(form: type[forms.Form], kind: str) -> Any:
    return forms.formset_factory(form, extra=ROWS_AT_ONCE[kind], max_num=MOST_ROWS, absolute_max=MOST_ROWS)


LossRows = _rows(LossForm, "losses")
HighlightRows = _rows(HighlightForm, "highlights")
ProblemRows = _rows(ProblemForm, "problems")


@dataclass(frozen=True)
class IndicatorChoice:
    """The indicators points can be taken from, as the form offers them, with the rubric's own reasons."""

    indicators: tuple[Indicator, ...]

    @classmethod
    def of(cls, visit: Visit) -> IndicatorChoice:
        """Those of the unit's rubric in that quarter; none where it is not on the roster."""
        reviews = visit.cycle.reviews.filter(organization=visit.organization_id)
        rows = Indicator.objects.filter(rubric__in=reviews.values("rubric"), is_bonus=False)
        return cls(tuple(rows.select_related("section").order_by("section__position", "position", "pk")))

    @property
    def by_key(self) -> dict[str, Indicator]:
        return {str(indicator.pk): indicator for indicator in self.indicators}

    @property
    def options(self) -> list[Any]:
        label = gettext("%(name)s (%(full)s, step %(step)s)")
        sections = groupby(self.indicators, key=lambda indicator: indicator.section.name)
        return [
            ("", gettext("Choose")),
            *(
                (
                    section,
                    [
                        (str(row.pk), label % {"name": row.name, "full": row.full_marks, "step": row.step})
                        for row in rows
                    ],
                )
                for section, rows in sections
            ),
        ]

    @property
    def reasons(self) -> list[tuple[Indicator, list[str]]]:
        """What the rubric itself says is deducted for, by indicator."""
        return [(row, reasons) for row in self.indicators if (reasons := row.reasons)]


class RecordForms:
    """All that the page of one record holds, as one form."""

    most_photos = MOST_PHOTOS

    def __init__(self, visit: Visit, data: Any = None, files: Any = None) -> None:
        self.choice = IndicatorChoice.of(visit)
        first = {"visited_on": visit.visited_on or timezone.localdate(), "note": visit.note}
        self.head = RecordForm(data, files, initial=first)
        self.losses = LossRows(data, files, prefix="losses", form_kwargs={"choice": self.choice})
        self.highlights = HighlightRows(data, prefix="highlights")
        categories = offered_categories(visit.cycle.host)
        self.problems = ProblemRows(data, prefix="problems", form_kwargs={"categories": categories})

    def is_valid(self) -> bool:
        parts = (self.head, self.losses, self.highlights, self.problems)
        checked = [part.is_valid() for part in parts]  # all of them, so that all errors show at once
        return all(checked)

    def findings(self) -> Findings:
        losses = [form for form in self.losses if not form.is_blank]
        photos = list(_new_photos(self.head.cleaned_data["photos"]))
        for place, form in enumerate(losses):
            photos += _new_photos(form.cleaned_data["photos"], place)
        return Findings(
            losses=[form.loss() for form in losses],
            highlights=[text for form in self.highlights if (text := form.cleaned_data.get("text"))],
            problems=[
                (form.cleaned_data["category"], text)
                for form in self.problems
                if (text := form.cleaned_data.get("text"))
            ],
            photos=photos,
        )


class EvidenceForm(forms.Form):
    """More photos of a recorded visit, and which of its deductions they prove."""

    most_photos = MOST_PHOTOS

    photos = PhotosField(label=_("Photos"), help_text=_("JPEG, PNG, WebP or HEIC, at most 20 a visit."))
    proves = forms.ChoiceField(label=_("What they show"), required=False)

    def __init__(self, *args: Any, deductions: Iterable[Deduction], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_key = {str(deduction.pk): deduction for deduction in deductions}
        field = self.fields["proves"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", gettext("The visit as a whole")),
            *((key, _deduction_label(deduction)) for key, deduction in self.by_key.items()),
        ]
        self.helper = laid_out("photos", "proves", has_tag=False)

    @property
    def new_photos(self) -> list[NewPhoto]:
        """Of a valid form."""
        return list(_new_photos(self.cleaned_data["photos"]))

    @property
    def deduction(self) -> Deduction | None:
        """The one they prove, if any. Of a valid form."""
        return self.by_key.get(self.cleaned_data["proves"])


def _deduction_label(deduction: Deduction) -> str:
    return " ".join(filter(None, [deduction.indicator.name, f"−{deduction.points}", deduction.reason[:40]]))


def _new_photos(files: Iterable[UploadedFile], loss: int | None = None) -> Iterator[NewPhoto]:
    return (NewPhoto(file.name or "", file.read(LARGEST_PHOTO + 1), loss) for file in files)


def with_more_rows(data: Any, kind: str) -> Any:
    """What was sent, with more blank rows of one kind."""
    more, name = data.copy(), f"{kind}-TOTAL_FORMS"
    given = data.get(name, "")
    rows = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 0
    more[name] = str(min(rows + ROWS_AT_ONCE.get(kind, 0), MOST_ROWS))
    return more


def _counted(text: str) -> Decimal:
    """How many times; full-width digits count. Raises ValueError."""
    text = text.strip()
    if not re.fullmatch(r"\d{1,4}", text):
        raise ValueError(text)
    return Decimal(int(text))
