"""What people type about one item, cleaned: one form a step, each of which `stepping.take_step` takes."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from files.fields import SeveralFilesField
from files.kinds import ACCEPTED, limits
from files.limits import LARGEST_DOCUMENT, MOST_FILES
from organizations.forms import DayField, NameField, fields_only
from organizations.models import User
from rectification.categories import category_named, offered_categories
from rectification.evidence import NewFile
from rectification.lifecycle import Part, State, StepKind
from rectification.models import NARROWER, Item, ProblemCategory
from rectification.models.item import LONGEST_NAME, LONGEST_TEXT
from rectification.permissions import may_set_date, parts_of
from rectification.stepping import Given


class WordsField(forms.CharField):
    """Words in several lines. A browser counts a line break as one character, and sends two."""

    def __init__(self, *, rows: int = 3, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=LONGEST_TEXT, widget=widget, **options)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class EvidenceField(SeveralFilesField):
    """Photos and documents. What each of them is, is told when they are kept."""

    def __init__(self, **options: Any) -> None:
        too_many = _("Choose at most %(most)s files at once.")
        super().__init__(accept=ACCEPTED, most=MOST_FILES, too_many=too_many, **options)


class CategoryField(forms.ChoiceField):
    """A category by its name: those of the source documents become rows with their first use."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Category"), **options)

    def offer(self, names: Sequence[str]) -> None:
        self.choices = [("", gettext("Choose")), *((name, name) for name in names)]


def side_by_side(*fields: str) -> Row:
    return Row(*(Column(field, css_class="col-sm-6") for field in fields))


def new_files(files: Iterable[UploadedFile]) -> list[NewFile]:
    """The files as they are kept; of one that is too large, enough to tell."""
    return [NewFile(file.name or "", file.read(LARGEST_DOCUMENT + 1)) for file in files]


class StepForm(forms.Form):
    """What one step says and sets. item: as it stands; has_evidence: the unit sent a file in this round."""

    kind: ClassVar[StepKind]

    def __init__(self, *args: Any, item: Item, user: User, has_evidence: bool = False, **kwargs: Any) -> None:
        # A page holds several of these forms, so each names its fields apart.
        kwargs["auto_id"] = f"{self.kind.value}-%s"
        super().__init__(*args, **kwargs)
        self.item, self.user, self.has_evidence = item, user, has_evidence
        self.adapt()
        if "evidence" in self.fields:
            self.fields["evidence"].help_text = limits()
        self.helper = fields_only()
        self.helper.layout = Layout(*self.rows())

    def adapt(self) -> None:
        """Leave out what the item or the user does not need."""

    def rows(self) -> Sequence[Any]:
        return list(self.fields)

    @property
    def most_files(self) -> int | None:
        """How many files go with it; None where it takes none."""
        return MOST_FILES if "evidence" in self.fields else None

    def given(self) -> Given:
        """What was typed, as the step takes it. Of a valid form."""
        typed = self.cleaned_data
        return Given(
            text=typed.get("text", ""),
            responsible=typed.get("responsible", ""),
            measures=typed.get("measures", ""),
            due_on=typed.get("due_on"),
            category=self._category(typed.get("category", "")),
            audience=typed.get("audience", ""),
            files=new_files(typed.get("evidence", ())),
        )

    def typed_words(self) -> list[tuple[str, str]]:
        """Label and text of all that was typed, for a step that can no longer be taken. Of a bound form."""
        fields = [self[name] for name in self.fields if name != "evidence"]
        return [(str(field.label), text) for field in fields if (text := str(field.data or "").strip())]

    def _category(self, name: str) -> ProblemCategory | None:
        return category_named(self.item.host, name) if name else None

    def _offer_categories(self) -> None:
        field = self.fields["category"]
        assert isinstance(field, CategoryField)
        current = [self.item.category.name] if self.item.category else []
        field.offer(list(dict.fromkeys([*offered_categories(self.item.host), *current])))

    def _leave_out(self, *names: str) -> None:
        for name in names:
            del self.fields[name]


def begin_calendar(field: forms.Field, first: datetime.date | None = None) -> None:
    """Let the browser's calendar begin on this day, or on today where that is past."""
    today = timezone.localdate()
    field.widget.attrs["min"] = max(first or today, today).isoformat()


class AssignForm(StepForm):
    """Person, date, measures and category; what is left as it was is not set again."""

    kind = StepKind.ASSIGN
    responsible = NameField(label=_("Responsible person"), max_length=LONGEST_NAME, required=False)
    due_on = DayField(
        label=_("Due date"), required=False, help_text=_("Stays the original date, however it is extended.")
    )
    category = CategoryField(required=False)
    measures = WordsField(label=_("Measures"), required=False)

    def adapt(self) -> None:
        self.initial = {"responsible": self.item.responsible, "measures": self.item.measures}
        if may_set_date(self.user, self.item):
            begin_calendar(self.fields["due_on"])
        else:
            self._leave_out("due_on")
        if Part.STAFF in parts_of(self.user, self.item):
            self._offer_categories()
            self.initial["category"] = self.item.category.name if self.item.category else ""
        else:
            self._leave_out("category")

    def rows(self) -> Sequence[Any]:
        first = [name for name in ("responsible", "due_on", "category") if name in self.fields]
        return [side_by_side(*first), "measures"]

    def given(self) -> Given:
        for name in set(self.fields) - set(self.changed_data):
            self.cleaned_data.pop(name, None)
        return super().given()


class NoteForm(StepForm):
    """How it goes."""

    kind = StepKind.NOTE
    text = WordsField(label=_("How it goes"))
    evidence = EvidenceField(label=_("Photos or documents"), required=False)


class SubmitForm(StepForm):
    """What was done, with evidence; and what the item still lacks, as far as the user may say it."""

    kind = StepKind.SUBMIT
    text = WordsField(label=_("What was done"), rows=4)
    evidence = EvidenceField(
        label=_("Photos or documents that show it"),
        error_messages={"required": _("Add a photo or a document that shows what was done.")},
    )
    responsible = NameField(label=_("Responsible person"), max_length=LONGEST_NAME)
    due_on = DayField(label=_("Due date"))
    category = CategoryField()

    def adapt(self) -> None:
        if self.item.state == State.RETURNED:
            self.initial = {"text": self.item.answer}
        self.fields["evidence"].required = not self.has_evidence
        if self.item.responsible:
            self._leave_out("responsible")
        if may_set_date(self.user, self.item):
            begin_calendar(self.fields["due_on"])
        else:
            self._leave_out("due_on")
        if self.item.category is None and Part.STAFF in parts_of(self.user, self.item):
            self._offer_categories()
        else:
            self._leave_out("category")


class ReturnForm(StepForm):
    """What is still missing."""

    kind = StepKind.RETURN
    text = WordsField(label=_("What is still missing"))


class StrikeOffForm(StepForm):
    """A remark, where there is one."""

    kind = StepKind.STRIKE_OFF
    text = WordsField(label=_("Remark"), required=False, rows=2)


class ExtendForm(StepForm):
    """Until when, and why."""

    kind = StepKind.EXTEND
    due_on = DayField(
        label=_("New due date"), help_text=_("Overdue is still counted from the original date.")
    )
    text = WordsField(label=_("Reason"), rows=2)

    def adapt(self) -> None:
        after = self.item.due_on and self.item.due_on + datetime.timedelta(days=1)
        begin_calendar(self.fields["due_on"], after)


class ReopenForm(StepForm):
    """Why, and a later date where the unit needs one."""

    kind = StepKind.REOPEN
    text = WordsField(label=_("Reason"), rows=2)
    due_on = DayField(
        label=_("New due date"), required=False, help_text=_("Left blank, the date stays as it is.")
    )

    def adapt(self) -> None:
        begin_calendar(self.fields["due_on"], self.item.due_on)


class WithdrawForm(StepForm):
    """Why it should not have been raised."""

    kind = StepKind.WITHDRAW
    text = WordsField(label=_("Why it should not have been raised"), rows=2)


class SendForm(StepForm):
    """Who is to see it beside those who do."""

    kind = StepKind.SEND
    audience = forms.ChoiceField(label=_("Who is to see it"))

    def adapt(self) -> None:
        field = self.fields["audience"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (audience.value, audience.label)
            for audience, narrower in NARROWER.items()
            if self.item.audience in narrower
        ]


FORMS: dict[StepKind, type[StepForm]] = {
    form.kind: form
    for form in (
        SubmitForm,
        StrikeOffForm,
        ReturnForm,
        AssignForm,
        NoteForm,
        ExtendForm,
        SendForm,
        ReopenForm,
        WithdrawForm,
    )
}
