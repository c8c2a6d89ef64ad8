"""Rows of problems that are typed one below the other, on the pages that raise several at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organizations.forms import DayField
from rectification.models.item import LONGEST_NAME, LONGEST_TEXT
from rectification.revisiting import OtherProblem
from rectification.self_checks import OwnProblem

MOST_ROWS = 30
AT_ONCE = 2  # blank ones more when asked for
PREFIX = "problems"


class ProblemForm(forms.Form):
    """What is wrong and where. Blank as a whole it is no problem."""

    text = forms.CharField(label=_("Problem"), required=False, max_length=LONGEST_TEXT)
    place = forms.CharField(label=_("Location"), required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            css = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs["class"] = css

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("text") and any(given.values()) and "text" not in self.errors:
            self.add_error("text", gettext("Say what the problem is."))
        return given


class OwnProblemForm(ProblemForm):
    """A problem that a unit found with itself, with who puts it right by when if that is known."""

    responsible = forms.CharField(label=_("Responsible person"), required=False, max_length=LONGEST_NAME)
    due_on = DayField(label=_("Due date"), required=False)

    def problem(self) -> OwnProblem:
        given = self.cleaned_data
        return OwnProblem(given["text"], given["place"], given["responsible"], given["due_on"])


class OtherProblemForm(ProblemForm):
    """A problem that visitors met, with its category."""

    category = forms.ChoiceField(label=_("Category"), required=False)
    field_order = ("category", "text", "place")

    def __init__(self, *args: Any, categories: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("Choose")), *((name, name) for name in categories)]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("text") and not given.get("category") and "category" not in self.errors:
            self.add_error("category", gettext("Choose the category."))
        return given

    def problem(self) -> OtherProblem:
        given = self.cleaned_data
        return OtherProblem(given["text"], given["category"], given["place"])


def _rows(form: type[forms.Form], first: int) -> Any:
    return forms.formset_factory(form, extra=first, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


OwnProblemRows = _rows(OwnProblemForm, 1)
OtherProblemRows = _rows(OtherProblemForm, 1)


def problems_in(rows: Any) -> list[Any]:
    """The problems of a valid formset; blank rows are none."""
    return [form.problem() for form in rows if form.cleaned_data.get("text")]


def with_more_rows(data: Any) -> Any:
    """What was sent, with more blank rows: for a browser without a script."""
    more, name = data.copy(), f"{PREFIX}-TOTAL_FORMS"
    given = data.get(name, "")
    rows = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 0
    more[name] = str(min(rows + AT_ONCE, MOST_ROWS))
    return more
