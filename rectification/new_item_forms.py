"""What people type about a problem that no visit found: its unit itself, or a superior's inspection."""

from __future__ import annotations

import uuid
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from files.kinds import limits
from files.limits import MOST_FILES
from organizations.forms import DayField, NameField, fields_only
from organizations.models import Organization
from organizations.quarter import Quarter
from rectification.categories import category_named, offered_categories
from rectification.forms import (
    CategoryField,
    EvidenceField,
    WordsField,
    begin_calendar,
    new_files,
    side_by_side,
)
from rectification.models import Audience, Item, Source
from rectification.models.item import LONGEST_NAME
from rectification.raising import NewItem

SOURCES = (Source.SUPERIOR, Source.SELF, Source.RETURN_VISIT)  # a visit's problems are raised from the visit


class FoundProblemForm(forms.Form):
    """A problem that a unit found itself (自查). unit: the one that reports it."""

    category = CategoryField()
    found_on = DayField(label=_("Found on"), initial=timezone.localdate)
    text = WordsField(label=_("Problem"), rows=4)
    place = NameField(
        label=_("Village, branch or place"), max_length=100, required=False, help_text=_("In words.")
    )
    measures = WordsField(label=_("Measures"), required=False)
    responsible = NameField(label=_("Responsible person"), max_length=LONGEST_NAME, required=False)
    due_on = DayField(
        label=_("Due date"), required=False, help_text=_("Stays the original date, however it is extended.")
    )
    evidence = EvidenceField(label=_("Photos or documents of the problem"), required=False)
    # Hidden, and printed by the template from `key`: the next one sent is another problem.
    client_uuid = forms.UUIDField(required=False)

    most_files = MOST_FILES

    def __init__(self, *args: Any, host: Organization, unit: Organization | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.host, self.reporter, self.key = host, unit, uuid.uuid4()
        category = self.fields["category"]
        assert isinstance(category, CategoryField)
        category.offer(offered_categories(host))
        self.fields["found_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        begin_calendar(self.fields["due_on"])
        self.fields["evidence"].help_text = limits()
        self.helper = fields_only()
        self.helper.layout = Layout(*self.rows())

    def rows(self) -> list[Any]:
        return [
            side_by_side("category", "found_on"),
            "text",
            "place",
            "evidence",
            "measures",
            side_by_side("responsible", "due_on"),
        ]

    def clean_found_on(self) -> Any:
        day = self.cleaned_data["found_on"]
        if day > timezone.localdate():
            raise ValidationError(_("A problem cannot be found before its day."))
        return day

    def quarter(self) -> Quarter:
        """The one it counts in. Of a valid form."""
        return Quarter.of(timezone.localdate())

    def new_item(self) -> NewItem:
        """What was typed, as `raising` takes it. Of a valid form."""
        typed = self.cleaned_data
        return NewItem(
            unit=self.reporter or typed["unit"],
            source=Source(typed.get("source", Source.SELF)),
            text=typed["text"],
            found_on=typed["found_on"],
            category=category_named(self.host, typed["category"]),
            place=typed["place"],
            responsible=typed["responsible"],
            measures=typed["measures"],
            due_on=typed["due_on"],
            audience=Audience.HOST,
            files=new_files(typed["evidence"]),
            client_uuid=typed["client_uuid"],
        )


class NewItemForm(FoundProblemForm):
    """A problem of any unit, raised by the staff."""

    unit = forms.ModelChoiceField(Organization.objects.none(), label=_("Unit"), empty_label=_("Choose"))
    source = forms.ChoiceField(
        label=_("Source"),
        choices=[(source.value, source.label) for source in SOURCES],
        help_text=_("Self-found: you report it for the unit, and somebody else will have to strike it off."),
    )
    counts_in = forms.ChoiceField(label=_("Quarter"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = self.fields["unit"]
        assert isinstance(units, forms.ModelChoiceField)
        at_work = Organization.objects.under(self.host).active(timezone.localdate())
        units.queryset = at_work.select_related("group").in_own_order()
        now = Quarter.of(timezone.localdate())
        quarters = sorted({now, *Item.objects.of_host(self.host).quarters()}, reverse=True)
        field = self.fields["counts_in"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(quarter), quarter.label) for quarter in quarters]
        field.initial = str(now)

    def rows(self) -> list[Any]:
        return ["unit", side_by_side("source", "counts_in"), *super().rows()]

    def quarter(self) -> Quarter:
        return Quarter.parse(self.cleaned_data["counts_in"])
