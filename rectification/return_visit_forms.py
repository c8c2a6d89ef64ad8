"""What people type about return visits, cleaned; each form ends in one deed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from files.fields import SeveralFilesField
from files.limits import LARGEST_DOCUMENT, MOST_FILES
from files.pictures import ACCEPTED
from organizations.forms import DayField, fields_only
from organizations.models import Group, Organization
from organizations.quarter import Quarter
from rectification.categories import offered_categories
from rectification.evidence import NewFile
from rectification.models import Item, ReturnVisit
from rectification.models.item import LONGEST_TEXT
from rectification.problem_rows import PREFIX, OtherProblemRows, problems_in
from rectification.revisiting import Result
from rectification.sampling import MOST_CANDIDATES, Sample


class PhotosField(SeveralFilesField):
    """Photos of a return visit. Whether they are what they say is `files.kinds`' to tell."""

    def __init__(self, **options: Any) -> None:
        too_many = _("Choose at most %(most)s photos.")
        super().__init__(accept=ACCEPTED, most=MOST_FILES, too_many=too_many, **options)


class SampleForm(forms.Form):
    """Among which struck-off items to draw, and how many."""

    quarters = forms.MultipleChoiceField(
        label=_("Found in"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all quarters."),
    )
    group = forms.ModelChoiceField(
        Group.objects.none(), label=_("Group"), required=False, empty_label=_("All")
    )
    since = DayField(label=_("Struck off since"), required=False, help_text=_("Blank: whenever."))
    number = forms.IntegerField(
        label=_("How many items"), min_value=1, max_value=MOST_CANDIDATES, required=False
    )
    percent = forms.IntegerField(
        label=_("Or a share, in percent"), min_value=1, max_value=100, required=False
    )
    each_unit = forms.BooleanField(
        label=_("At least one of each unit"),
        required=False,
        help_text=_("Even where that makes more than asked for."),
    )
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)

    def __init__(self, *args: Any, host: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_name = {str(each): each for each in Item.objects.of_host(host).struck_off().quarters()}
        quarters, group = self.fields["quarters"], self.fields["group"]
        assert isinstance(quarters, forms.MultipleChoiceField)
        assert isinstance(group, forms.ModelChoiceField)
        quarters.choices = [(name, quarter.label) for name, quarter in self.by_name.items()]
        group.queryset = host.groups.all()
        self.helper = fields_only()
        self.helper.layout = Layout(
            "quarters",
            Row(Column("group", css_class="col-sm"), Column("since", css_class="col-sm")),
            Row(Column("number", css_class="col-sm"), Column("percent", css_class="col-sm")),
            "each_unit",
            "client_uuid",
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        is_sound = not {"number", "percent"} & self.errors.keys()
        if is_sound and (given.get("number") is None) == (given.get("percent") is None):
            self.add_error("number", gettext("Give the number or the share, one of them."))
        return given

    def sample(self) -> Sample:
        given = self.cleaned_data
        quarters: list[Quarter] = [self.by_name[name] for name in given["quarters"]]
        return Sample(
            quarters=quarters,
            group=given["group"],
            since=given["since"],
            number=given["number"],
            percent=given["percent"],
            each_unit=given["each_unit"],
        )


class ResultForm(forms.Form):
    """What the return visit found, of the item itself."""

    PASSED, FAILED = "passed", "failed"

    result = forms.ChoiceField(
        label=_("Result"),
        choices=((PASSED, _("Passed: it is still put right")), (FAILED, _("Failed: it is wrong again"))),
        widget=forms.RadioSelect,
    )
    visited_on = DayField(label=_("Day of the return visit"))
    words = forms.CharField(
        label=_("What was found"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where it failed: the unit reads it as the reason why the item is open again."),
    )
    due_on = DayField(
        label=_("New due date"),
        required=False,
        help_text=_("Only where it failed. Overdue is still counted from the original date."),
    )
    photos = PhotosField(
        label=_("Photos"), required=False, help_text=_("JPEG, PNG, WebP or HEIC, at most 20 at once.")
    )
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = fields_only()
        self.helper.layout = Layout("result", "visited_on", "words", "due_on", "photos", "client_uuid")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("result") == self.FAILED and not given.get("words") and "words" not in self.errors:
            self.add_error("words", gettext("Say what was not put right."))
        if given.get("result") == self.PASSED and given.get("due_on"):
            self.add_error("due_on", gettext("A due date is given only where the return visit failed."))
        return given


class ResultForms:
    """The result and the rows of other problems, as one form."""

    most_files = MOST_FILES

    def __init__(self, visit: ReturnVisit, data: Any = None, files: Any = None) -> None:
        self.head = ResultForm(data, files, initial={"visited_on": timezone.localdate()})
        categories: Sequence[str] = offered_categories(visit.item.host)
        self.rows = OtherProblemRows(data, prefix=PREFIX, form_kwargs={"categories": categories})

    def is_valid(self) -> bool:
        checked = [part.is_valid() for part in (self.head, self.rows)]  # both, so that all errors show
        return all(checked)

    def result(self) -> Result:
        given = self.head.cleaned_data
        return Result(
            is_passed=given["result"] == ResultForm.PASSED,
            visited_on=given["visited_on"],
            words=given["words"],
            due_on=given["due_on"],
            files=[NewFile(file.name or "", file.read(LARGEST_DOCUMENT + 1)) for file in given["photos"]],
            problems=problems_in(self.rows),
        )
