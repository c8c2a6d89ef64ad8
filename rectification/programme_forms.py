"""What people type about programmes and their templates, cleaned; each form ends in one deed."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from organizations.forms import DayField, NameField, fields_only
from organizations.models import Organization
from organizations.names import clean_text
from organizations.quarter import FIRST_YEAR, LAST_YEAR, InvalidQuarter, Quarter
from rectification.models import DueClass, MeasureChoice, Programme
from rectification.models.item import LONGEST_NAME, LONGEST_TEXT
from rectification.models.programme import MOST_ROWS, MOST_SESSIONS
from rectification.programme_choice import Choice, choice_of
from rectification.programme_progress import Measure
from rectification.programme_templates import NewRow, Template
from rectification.programmes import Details, Due

SPARE_ROWS = 3
MOST_CLASSES = 6


def side_by_side(*fields: str) -> Row:
    return Row(*(Column(field, css_class="col-sm") for field in fields))


def laid_out(*fields: Any) -> FormHelper:
    helper = fields_only()
    helper.layout = Layout(*fields)
    return helper


def units_of(host: Organization) -> Any:
    """The units that can lead a programme, in the host's own order."""
    return Organization.objects.under(host).active(timezone.localdate()).in_own_order()


class ProgrammeForm(forms.Form):
    """What is said of a programme."""

    name = NameField(label=_("Name"), max_length=100)
    text = forms.CharField(
        label=pgettext_lazy("programme", "Task in words"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    lead_unit = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Lead unit"), required=False, empty_label=_("The host itself")
    )
    lead_office = NameField(
        label=_("Lead office"),
        max_length=100,
        required=False,
        help_text=_("In words, where an office of the host leads, for example 组织科."),
    )
    responsible = NameField(label=_("Responsible person"), max_length=LONGEST_NAME, required=False)
    origin = NameField(
        label=_("Assigned by"),
        max_length=200,
        required=False,
        help_text=_("Where it comes from, such as a section of the speech."),
    )

    described = (
        "name",
        "text",
        side_by_side("lead_unit", "lead_office"),
        side_by_side("responsible", "origin"),
    )

    def __init__(self, *args: Any, host: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead = self.fields["lead_unit"]
        assert isinstance(lead, forms.ModelChoiceField)
        lead.queryset = units_of(host)
        self.helper = laid_out(*self.described)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("lead_unit") and given.get("lead_office"):
            self.add_error("lead_office", gettext("Choose a lead unit or write an office, not both."))
        return given

    def details(self) -> Details:
        given = self.cleaned_data
        names = ("name", "text", "lead_unit", "lead_office", "responsible", "origin")
        return Details(**{name: given[name] for name in names})


class ChangeProgrammeForm(ProgrammeForm):
    """A programme described anew."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        names = ("name", "text", "lead_unit", "lead_office", "responsible", "origin")
        initial = {name: getattr(programme, name) for name in names} | {"seen": programme.version}
        super().__init__(*args, host=programme.host, initial=initial, **kwargs)
        self.helper = laid_out(*self.described, "seen")


class DueClassField(forms.ModelChoiceField):
    """A choice among a programme's classes, each with its date: 一类 · 2018-09-30."""

    def label_from_instance(self, obj: Any) -> str:
        return " · ".join(filter(None, [obj.name, obj.due_on.isoformat()]))


class TargetChoiceForm(forms.Form):
    """Mixed into forms that choose targets; the page draws the boxes of `choice` itself."""

    targets = forms.MultipleChoiceField(label=_("Targets"), required=False)
    choice: Choice

    def offer(self, host: Organization, taken: Collection[int] = ()) -> None:
        ticked = self.data.getlist("targets") if self.is_bound and hasattr(self.data, "getlist") else ()
        self.choice = choice_of(host, taken, set(ticked))
        field = self.fields["targets"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(box.value, box.label) for box in self.choice.boxes()]

    def organizations(self) -> list[Organization]:
        return self.choice.chosen(self.cleaned_data["targets"])


class NewProgrammeForm(TargetChoiceForm, ProgrammeForm):
    """A programme made of a template: when it was assigned, by when it is due, and for whom."""

    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    number = forms.TypedChoiceField(
        label=_("Quarter"), coerce=int, choices=[(each, _("Quarter %d") % each) for each in range(1, 5)]
    )
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)

    def __init__(
        self,
        *args: Any,
        host: Organization,
        template: Template,
        first: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """first: what is filled in to begin with, such as the quarter of a cycle and its due date."""
        first = first or {}
        quarter = Quarter.of(timezone.localdate())
        initial = {
            "name": template.name,
            "text": template.text,
            "year": quarter.year,
            "number": quarter.number,
        }
        super().__init__(*args, host=host, initial=initial | first, **kwargs)
        self.template = template
        due_fields: list[Any] = []
        for place, name in enumerate(template.classes or ("",)):
            due = DayField(label=pgettext_lazy("programme", "Due date"), initial=first.get("due"))
            self.fields[f"due_{place}"] = due
            if template.classes:
                self.fields[f"class_{place}"] = NameField(
                    label=pgettext_lazy("due date", "Class"), max_length=30, initial=name
                )
                due_fields.append(side_by_side(f"class_{place}", f"due_{place}"))
            else:
                due_fields.append(f"due_{place}")
        if template.classes:
            self.fields["target_class"] = forms.TypedChoiceField(
                label=_("Class of these targets"),
                coerce=int,
                choices=list(enumerate(template.classes)),
                help_text=_("Targets of another class are added afterwards."),
            )
        self.offer(host)
        self.helper = laid_out(*self.described, side_by_side("year", "number"), *due_fields, "client_uuid")
        self.class_helper = laid_out(*(["target_class"] if template.classes else []))

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        names = [given.get(f"class_{place}") for place in range(len(self.template.classes))]
        if len(names) != len(set(names)) and not self.errors:
            self.add_error("class_1", gettext("Two classes have the same name."))
        if not self.errors and not given.get("targets") and not given.get("lead_unit"):
            self.add_error("targets", gettext("Choose at least one unit or branch, or a lead unit."))
        return given

    def quarter(self) -> Quarter:
        return Quarter(self.cleaned_data["year"], self.cleaned_data["number"])

    def dues(self) -> list[Due]:
        given = self.cleaned_data
        places = range(len(self.template.classes) or 1)
        return [Due(given[f"due_{place}"], given.get(f"class_{place}", "")) for place in places]

    def target_class(self) -> int:
        return int(self.cleaned_data.get("target_class") or 0)


def first_values(given: QueryDict) -> dict[str, Any]:
    """What the page that led to a new programme fills in: quarter, due date and where the work comes from.

    What cannot be read is left blank.
    """
    first: dict[str, Any] = {"origin": clean_text(given.get("origin", ""))[:200]}
    with suppress(InvalidQuarter):
        quarter = Quarter.parse(given.get("quarter", ""))
        first |= {"year": quarter.year, "number": quarter.number}
    with suppress(ValueError):
        first["due"] = datetime.date.fromisoformat(given.get("due", ""))
    return first


class AddTargetsForm(TargetChoiceForm):
    """More targets of a programme, all of one class."""

    due_class = DueClassField(
        DueClass.objects.none(), label=pgettext_lazy("due date", "Class"), empty_label=None
    )

    def __init__(self, *args: Any, programme: Programme, taken: Collection[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["due_class"]
        assert isinstance(field, forms.ModelChoiceField)
        classes = list(programme.due_classes.all())
        field.queryset = programme.due_classes.all()
        if len(classes) == 1:
            field.widget, field.initial = forms.HiddenInput(), classes[0]
        self.offer(programme.host, taken)
        self.helper = laid_out("due_class")

    def clean_targets(self) -> list[str]:
        values: list[str] = self.cleaned_data["targets"]
        if not values:
            raise ValidationError(_("Choose at least one unit or branch."))
        return values


class ExtendAllForm(forms.Form):
    """More time for all targets of a class that are not done."""

    due_class = DueClassField(
        DueClass.objects.none(),
        label=pgettext_lazy("due date", "Class"),
        required=False,
        empty_label=_("All"),
    )
    due_on = DayField(label=_("New due date"))
    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["due_class"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = programme.due_classes.all()
        self.helper = laid_out("due_class", "due_on", "reason")


class TemplateForm(forms.Form):
    """What a host's own template says besides its rows."""

    name = NameField(label=_("Name"), max_length=100)
    text = forms.CharField(
        label=pgettext_lazy("programme", "Task in words"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    classes = forms.CharField(
        label=_("Due-date classes, one a line"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example 一类 and 二类, each with a due date of its own; blank: one date for all."),
    )
    has_demonstrations = forms.BooleanField(label=_("Demonstration sites can be marked"), required=False)

    def __init__(self, data: Any = None, *, template: Template) -> None:
        initial = {
            "name": template.name,
            "text": template.text,
            "classes": "\n".join(template.classes),
            "has_demonstrations": template.has_demonstrations,
        }
        super().__init__(data, initial=initial)
        self.helper = laid_out("name", "text", "classes", "has_demonstrations")

    def clean_classes(self) -> tuple[str, ...]:
        names = tuple(dict.fromkeys(filter(None, map(clean_text, self.cleaned_data["classes"].splitlines()))))
        if len(names) > MOST_CLASSES or any(len(name) > 30 for name in names):
            raise ValidationError(
                _("At most %(most)s classes of at most 30 characters."), params={"most": MOST_CLASSES}
            )
        return names

    def applied_to(self, template: Template, rows: Sequence[NewRow]) -> Template:
        given = self.cleaned_data
        return replace(
            template,
            name=given["name"],
            text=given["text"],
            classes=given["classes"],
            has_demonstrations=given["has_demonstrations"],
            rows=tuple(rows),
        )


class RowForm(forms.Form):
    """One row of a checklist; a row whose name is blank is left out."""

    name = NameField(label=pgettext_lazy("checklist", "Row"), max_length=100)
    standard = forms.CharField(label=_("What is asked for"), max_length=500, required=False)
    measure = forms.ChoiceField(
        label=_("Measured by"), choices=MeasureChoice.choices, initial=MeasureChoice.PASS.value
    )
    goal = forms.IntegerField(label=_("Sessions asked for"), min_value=1, max_value=MOST_SESSIONS, initial=1)
    needs_evidence = forms.BooleanField(label=_("Evidence required"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            is_box = isinstance(field, forms.BooleanField)
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = (
                "form-check-input" if is_box else "form-select" if is_choice else "form-control"
            )

    def row(self) -> NewRow:
        given = self.cleaned_data
        return NewRow(
            name=given["name"],
            standard=clean_text(given["standard"]),
            measure=Measure(given["measure"]),
            goal=given["goal"],
            needs_evidence=given["needs_evidence"],
        )


class BaseRowFormSet(forms.BaseFormSet):
    """All rows of a template's checklist."""

    def clean(self) -> None:
        if any(self.errors):
            return
        names = [row.name for row in self.rows()]
        if not names:
            raise ValidationError(gettext("A checklist has at least one row."))
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValidationError(gettext("“%(name)s” is given twice.") % {"name": twice})

    def rows(self) -> list[NewRow]:
        """The rows that are filled in and not marked for removal, in their order."""
        return [
            form.row()
            for form in self.forms
            if (form.initial or form.has_changed()) and not form.cleaned_data.get("DELETE")
        ]


RowFormSet = forms.formset_factory(
    RowForm,
    formset=BaseRowFormSet,
    extra=SPARE_ROWS,
    can_delete=True,
    max_num=MOST_ROWS,
    validate_max=True,
)


def rows_of(template: Template) -> list[dict[str, Any]]:
    """A template's rows as the formset's initial values."""
    return [
        {
            "name": row.name,
            "standard": row.standard,
            "measure": row.measure.value,
            "goal": row.goal,
            "needs_evidence": row.needs_evidence,
        }
        for row in template.rows
    ]
