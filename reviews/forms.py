"""What people type about cycles and documents, cleaned; each form calls one deed."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row, Submit
from django import forms
from django.contrib.auth.forms import BaseUserCreationForm
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.forms import NameField
from organizations.models import Organization, User
from organizations.names import clean_text, normalize_name
from organizations.quarter import FIRST_YEAR, LAST_YEAR, Quarter
from reviews.models import DocumentSettings, ReviewCycle, ReviewState, VisitSettings
from reviews.models.cycle import ReviewCycleQuerySet
from reviews.ranking import ListName
from workbooks.limits import MAX_FILE, MIB

DATE = {"type": "date"}
MOST_PLACES = 20  # that a list is made to name; a longer one is no list of the best
WORKBOOKS = ".xlsx,.xls,.ods,.csv"


def laid_out(*fields: Any, submit: Any = None, has_tag: bool = True) -> FormHelper:
    """Fields one below the other and, where `submit` names it, the button. Without a tag the page has it."""
    helper = FormHelper()
    helper.form_tag = has_tag
    helper.disable_csrf = not has_tag
    button = [Submit("", submit)] if submit is not None else []
    helper.layout = Layout(*fields, *button)
    return helper


def side_by_side(*fields: str) -> Row:
    return Row(*(Column(field, css_class="col-sm") for field in fields))


class Show(models.TextChoices):
    """Which lines of a group's standings to show."""

    ALL = "", _("All")
    RANKED = "ranked", _("Ranked")
    UNRANKED = "unranked", _("Not ranked")
    TOP = ListName.TOP.value, _("First places")
    LAST = ListName.LAST.value, _("Last places")
    PROGRESS = ListName.PROGRESS.value, _("Progress")
    SETBACK = ListName.SETBACK.value, _("Setback")


class StandingsFilter(forms.Form):
    """Narrow a group's standings to a name or to one of the four lists."""

    name = forms.CharField(
        label=_("Unit"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    show = forms.ChoiceField(label=_("Which units"), required=False, choices=Show.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("name", "show", has_tag=False)


class CycleForm(forms.ModelForm):
    """The settings of a cycle, except its quarter."""

    class Meta:
        model = ReviewCycle
        fields: tuple[str, ...] = (
            "baseline",
            "rank_method",
            "list_size",
            "measure",
            "disclosure",
            "reply_stage",
            "meeting_on",
            "document_number",
            "rectify_by",
        )
        widgets = {
            "meeting_on": forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
            "rectify_by": forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
        }
        help_texts = {
            "baseline": _("An earlier quarter only; blank: the last one published before."),
            "list_size": _("How many places the first, last, progress and setback lists name."),
            "rectify_by": _("The circular asks the units to have put right by then what was found."),
            "reply_stage": _("Each unit sees its own deductions and may reply before entry closes."),
            "meeting_on": _("The day of the review meeting; may lie in another quarter."),
        }

    def __init__(self, *args: Any, host: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.host = host
        baseline = self.fields["baseline"]
        assert isinstance(baseline, forms.ModelChoiceField)
        baseline.queryset = self.baselines(host)
        baseline.empty_label = _("The last one published before")
        self.fields["list_size"].widget.attrs.update(min=1, max=MOST_PLACES)
        self.helper = self.layout()

    def baselines(self, host: Organization) -> ReviewCycleQuerySet:
        """What it may be compared with, the newest first."""
        cycles = ReviewCycle.objects.of_host(host).newest_first()
        return cycles.before(self.instance.quarter) if self.instance.pk else cycles

    def layout(self) -> FormHelper:
        return laid_out(*self.settings_in_rows(), submit=_("Save"))

    @staticmethod
    def settings_in_rows() -> tuple[Any, ...]:
        return (
            side_by_side("baseline", "measure"),
            side_by_side("rank_method", "list_size"),
            side_by_side("disclosure", "meeting_on"),
            side_by_side("document_number", "rectify_by"),
            "reply_stage",
        )

    def save(self, commit: bool = True) -> ReviewCycle:
        """Write the settings alone: a step that somebody takes meanwhile must not be taken back."""
        self.instance.save(update_fields=self._meta.fields if self.instance.pk else None)
        return self.instance

    def clean_list_size(self) -> int:
        size: int = self.cleaned_data["list_size"]
        if not 1 <= size <= MOST_PLACES:
            raise ValidationError(_("A list names 1 to %(most)s places."), params={"most": MOST_PLACES})
        return size


class TrialForm(CycleForm):
    """Other settings to try on a cycle; its instance is a copy of it that nobody saves."""

    class Meta(CycleForm.Meta):
        fields = ("baseline", "rank_method", "list_size", "measure")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.help_text = ""

    def baselines(self, host: Organization) -> ReviewCycleQuerySet:
        return super().baselines(host).published()

    def layout(self) -> FormHelper:
        return laid_out(*self.Meta.fields, has_tag=False)


class NewCycleForm(CycleForm):
    """A quarter to review, with its settings."""

    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    number = forms.TypedChoiceField(
        label=_("Quarter"), coerce=int, choices=[(each, _("Quarter %d") % each) for each in range(1, 5)]
    )

    class Meta(CycleForm.Meta):
        fields = ("year", "number", *CycleForm.Meta.fields)

    def layout(self) -> FormHelper:
        return laid_out(side_by_side("year", "number"), *self.settings_in_rows(), has_tag=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        year, number, baseline = cleaned.get("year"), cleaned.get("number"), cleaned.get("baseline")
        if year is None or number is None:
            return cleaned
        quarter = Quarter(year, number)
        if ReviewCycle.objects.of_host(self.instance.host).in_quarter(quarter).exists():
            self.add_error(None, _("There is a cycle for this quarter already."))
        if baseline is not None and baseline.quarter >= quarter:
            self.add_error("baseline", _("The baseline must be an earlier quarter."))
        return cleaned


def proposed_cycle(host: Organization) -> dict[str, Any]:
    """What the next cycle is likely to be: the quarter after the newest one, with the same settings."""
    newest = ReviewCycle.objects.of_host(host).newest_first().first()
    if newest is None:
        quarter = Quarter.of(timezone.localdate())
        return {"year": quarter.year, "number": quarter.number}
    quarter = newest.quarter.next()
    kept = ("rank_method", "list_size", "measure", "disclosure", "reply_stage")
    return {"year": quarter.year, "number": quarter.number} | {name: getattr(newest, name) for name in kept}


class ReasonForm(forms.Form):
    """Why a step is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("reason", has_tag=False)


class VerifyForm(forms.Form):
    """Close entry; the reason, where one is given, goes to every unit without a total."""

    exempt_reason = forms.CharField(
        label=_("Reason for all units not finished"),
        required=False,
        max_length=200,
        help_text=_("Leave blank where all units are scored or have their own reason."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("exempt_reason", has_tag=False)


LEAVE_OUT_STATES = [(state.value, state.label) for state in (ReviewState.NOT_VISITED, ReviewState.EXEMPT)]


class LeaveOutForm(forms.Form):
    """Why a unit is not scored this quarter. A page holds one a unit, so its template draws it plainly."""

    state = forms.ChoiceField(choices=LEAVE_OUT_STATES)
    reason = forms.CharField(max_length=200)


class PublishForm(forms.Form):
    """The last yes before the standings are frozen, with a reason where they correct earlier ones."""

    reason = forms.CharField(label=_("Reason for the correction"), max_length=500)
    confirm = forms.BooleanField(label=_("Publish the long lists as they are"))

    def __init__(self, *args: Any, is_correction: bool, needs_confirmation: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_correction:
            del self.fields["reason"]
        if not needs_confirmation:
            del self.fields["confirm"]
        self.helper = laid_out(*self.fields, has_tag=False)


class UploadForm(forms.Form):
    """One workbook."""

    file = forms.FileField(
        label=_("Workbook"),
        allow_empty_file=True,  # the reader of workbooks says what is wrong with it
        widget=forms.FileInput(attrs={"accept": WORKBOOKS}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("file", has_tag=False)

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_FILE:
            limit = {"limit": MAX_FILE // MIB}
            raise ValidationError(
                _("The file is larger than %(limit)s MB, too large for a workbook."), params=limit
            )
        return file


class RubricUploadForm(UploadForm):
    """A rubric workbook and the year it is for."""

    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("year", "file", has_tag=False)


class HostForm(forms.ModelForm):
    """What the reviewing organization is called."""

    class Meta:
        model = Organization
        fields = ("name", "short_name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.parent_id is not None:  # its superior's roster, and so its superior's to change
            self.fields["name"].disabled = self.fields["short_name"].disabled = True
        self.helper = laid_out(side_by_side("name", "short_name"), has_tag=False)

    def save(self, commit: bool = True) -> Organization:
        self.instance.save(update_fields=self._meta.fields)
        return self.instance

    def clean_name(self) -> str:
        name = clean_text(self.cleaned_data["name"])
        others = Organization.objects.exclude(pk=self.instance.pk).filter(parent=self.instance.parent)
        taken = others.active(timezone.localdate()).values_list("name", flat=True)
        if normalize_name(name) in map(normalize_name, taken):
            raise ValidationError(_("There is another organization of this name."))
        return name


class DocumentSettingsForm(forms.ModelForm):
    """How the host's documents are headed and signed."""

    class Meta:
        model = DocumentSettings
        fields = (
            *("issuer", "area", "addressee", "copies_to", "letterhead", "mark"),
            *("is_sealed", "imprint_office", "speaker", "meeting"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out(
            side_by_side("issuer", "area"),
            "addressee",
            "copies_to",
            side_by_side("letterhead", "mark"),
            side_by_side("is_sealed", "imprint_office"),
            side_by_side("speaker", "meeting"),
            has_tag=False,
        )


class VisitSettingsForm(forms.ModelForm):
    """What the host wants of its visits."""

    class Meta:
        model = VisitSettings
        fields = ("keeps_photo_places",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("keeps_photo_places", has_tag=False)


class NewHostForm(forms.Form):
    """The reviewing organization."""

    host_name = NameField(
        label=_("Host"),
        max_length=100,
        help_text=_("The organization that reviews, as documents print it, for example 区委组织部."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out(*self.fields, has_tag=False)


class FoundingForm(BaseUserCreationForm):
    """The first administrator and the reviewing organization."""

    host_name = NewHostForm.base_fields["host_name"]

    class Meta:
        model = User
        fields = ("username", "full_name")

    field_order = ("host_name", "username", "full_name", "password1", "password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs.pop("autofocus", None)  # it is not the first field here
        self.helper = laid_out(*self.fields, has_tag=False)

    def wanted(self) -> dict[str, str]:
        """What was typed, as `organizations.founding.found` takes it."""
        given = self.cleaned_data
        names = ("host_name", "username", "full_name")
        return {name: given[name] for name in names} | {"password": given["password1"]}
