"""What people type about self-checks, cleaned; each form ends in one deed."""

from __future__ import annotations

import uuid
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organizations.forms import DayField, RowsField, fields_only
from organizations.models import Group, Organization
from organizations.names import clean_text
from rectification.categories import offered_categories
from rectification.models import Item, Outcome
from rectification.models.item import LONGEST_TEXT
from rectification.models.self_check import LONGEST_WORDS
from rectification.problem_rows import PREFIX, OwnProblemRows, problems_in
from rectification.self_checks import NewCheck, OwnProblem, telling_words, units_asked


class Whom:
    ALL, GROUP, UNITS = "all", "group", "units"
    CHOICES = ((ALL, _("All units")), (GROUP, _("A group")), (UNITS, _("The units ticked below")))


class CheckForm(forms.Form):
    """What to look for, by when, and whom to ask. item: where the problem was found first."""

    text = forms.CharField(
        label=_("What to look for"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The units read these words and nothing else: do not say where it was found."),
    )
    category = forms.ChoiceField(label=_("Category"))
    answer_by = DayField(label=_("Answer by"))
    whom = forms.ChoiceField(
        label=_("Whom to ask"), choices=Whom.CHOICES, initial=Whom.ALL, widget=forms.RadioSelect
    )
    group = forms.ModelChoiceField(
        Group.objects.none(), label=_("Group"), required=False, empty_label=_("Choose")
    )
    units = RowsField(
        Organization.objects.none(), label=_("Units"), required=False, widget=forms.CheckboxSelectMultiple
    )
    as_it_is = forms.BooleanField(label=_("Send it with these words all the same"), required=False)
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)

    def __init__(self, *args: Any, host: Organization, item: Item | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.host, self.item = host, item
        self.asked = units_asked(host, item, timezone.localdate())
        category, group, units = (self.fields[name] for name in ("category", "group", "units"))
        assert isinstance(category, forms.ChoiceField)
        assert isinstance(group, forms.ModelChoiceField)
        assert isinstance(units, forms.ModelMultipleChoiceField)
        category.choices = [("", gettext("Choose")), *((name, name) for name in offered_categories(host))]
        group.queryset = host.groups.all()
        units.queryset = Organization.objects.filter(pk__in=[unit.pk for unit in self.asked]).in_own_order()
        self.helper = fields_only()
        fields = ["text", "category", "answer_by", "whom", "group", "units", "client_uuid"]
        self.helper.layout = Layout(*fields)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("whom") == Whom.GROUP and not given.get("group"):
            self.add_error("group", gettext("Choose the group."))
        if given.get("whom") == Whom.UNITS and not given.get("units"):
            self.add_error("units", gettext("Tick at least one unit."))
        if self.item is not None and (text := given.get("text")):
            self._warn(text, self.item, given["as_it_is"])
        return given

    def _warn(self, text: str, item: Item, is_meant: bool) -> None:
        """Words that would tell the others whose problem it was are asked about once more."""
        telling = telling_words(text, item)
        if not telling:
            return
        self.helper.layout.fields.insert(1, "as_it_is")
        if not is_meant:
            message = gettext("The text says “%(words)s”: the others would learn whose problem it was.")
            self.add_error("text", message % {"words": gettext("”, “").join(telling)})

    def new_check(self) -> NewCheck:
        given = self.cleaned_data
        return NewCheck(
            text=given["text"],
            category=given["category"],
            answer_by=given["answer_by"],
            units=self._units(given),
            item=self.item,
        )

    def _units(self, given: dict[str, Any]) -> list[Organization]:
        if given["whom"] == Whom.UNITS:
            return list(given["units"])
        if given["whom"] == Whom.GROUP:
            return [unit for unit in self.asked if unit.group_id == given["group"].pk]
        return self.asked


class AnswerForm(forms.Form):
    """Whether the problem was found with the unit, in a few words, and the problems found."""

    outcome = forms.ChoiceField(label=_("Answer"), choices=Outcome.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In a few words"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("How you checked; needed where nothing was found."),
    )
    unit = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = fields_only()
        self.helper.layout = Layout("unit", "outcome", "words")

    def clean_words(self) -> str:
        return clean_text(self.cleaned_data["words"])


class AnswerForms:
    """The answer and its rows of problems, as one form."""

    def __init__(self, unit: int, data: Any = None) -> None:
        self.head = AnswerForm(data, initial={"unit": unit})
        self.rows = OwnProblemRows(data, prefix=PREFIX)

    def is_valid(self) -> bool:
        checked = [part.is_valid() for part in (self.head, self.rows)]  # both, so that all errors show
        if not all(checked):
            return False
        given, problems = self.head.cleaned_data, self.problems
        if given["outcome"] == Outcome.FOUND and not problems:
            self.head.add_error("outcome", gettext("Describe at least one problem below."))
        elif given["outcome"] == Outcome.NOT_FOUND and problems:
            self.head.add_error("outcome", gettext("You describe a problem below: then it was found."))
        elif given["outcome"] == Outcome.NOT_FOUND and not given["words"]:
            self.head.add_error("words", gettext("Say in a few words how you checked."))
        return self.head.is_valid()

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.head.cleaned_data["outcome"])

    @property
    def words(self) -> str:
        return str(self.head.cleaned_data["words"])

    @property
    def problems(self) -> list[OwnProblem]:
        return problems_in(self.rows)
