"""What people type about a target, its tasks and sessions, cleaned; each form ends in one deed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from files.fields import SeveralFilesField
from files.kinds import ACCEPTED
from files.limits import LARGEST_DOCUMENT, MOST_FILES
from organizations.forms import DayField, NameField
from rectification.evidence import NewFile
from rectification.models import ProgrammeSession, Target, Task
from rectification.models.item import LONGEST_NAME, LONGEST_TEXT
from rectification.programme_forms import laid_out, side_by_side
from rectification.programme_progress import WHOLE, Measure
from rectification.programme_work import SessionDetails

MOST_PEOPLE = 1_000_000


class FilesField(SeveralFilesField):
    """Photos and documents of a row. What they really are, or that one is empty, is `files.kinds`' to say."""

    def __init__(self, **options: Any) -> None:
        too_many = _("Choose at most %(most)s files at once.")
        super().__init__(accept=ACCEPTED, most=MOST_FILES, too_many=too_many, required=False, **options)


def new_files(files: list[UploadedFile]) -> list[NewFile]:
    """The files as deeds take them; of one too large only enough to be refused."""
    return [NewFile(file.name or "", file.read(LARGEST_DOCUMENT + 1)) for file in files]


class SeenForm(forms.Form):
    """A step that says no more than what the user had seen."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        subject: Target | Task,
        name: str = "",
        initial: dict[str, Any] | None = None,
    ) -> None:
        """name: makes the ids of several forms of one page differ; what is sent stays the same."""
        first = {"seen": subject.version} | (initial or {})
        super().__init__(data, files, auto_id=f"id_{name}_%s" if name else "id_%s", initial=first)
        self.helper = laid_out(*self.fields)


class ReasonForm(SeenForm):
    """A step that needs a reason."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    field_order = ("reason", "seen")


class PersonsForm(SeenForm):
    """Who is responsible and who helps."""

    responsible = NameField(label=_("Responsible person"), max_length=LONGEST_NAME, required=False)
    helping = NameField(label=_("Helping person"), max_length=LONGEST_NAME, required=False)

    def __init__(self, *args: Any, subject: Target, **kwargs: Any) -> None:
        initial = {"responsible": subject.responsible, "helping": subject.helper}
        super().__init__(*args, subject=subject, initial=initial, **kwargs)
        self.helper = laid_out("responsible", "helping", "seen")


class ExtendForm(SeenForm):
    """More time, with a reason."""

    due_on = DayField(label=_("New due date"))
    reason = forms.CharField(label=_("Reason"), max_length=500)
    field_order = ("due_on", "reason", "seen")


class NoteForm(SeenForm):
    """How it goes, with or without files."""

    text = forms.CharField(
        label=pgettext_lazy("task", "Note"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    evidence = FilesField(label=_("Photos or documents"))
    field_order: Sequence[str] = ("text", "evidence", "seen")


class ReportForm(NoteForm):
    """That a row is done, or how far it is."""

    percent = forms.IntegerField(
        label=_("Percentage reached"),
        min_value=0,
        max_value=WHOLE,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    field_order = ("percent", "text", "evidence", "seen")

    def __init__(self, *args: Any, subject: Task, **kwargs: Any) -> None:
        super().__init__(*args, subject=subject, **kwargs)
        if subject.measure is not Measure.PERCENT:
            del self.fields["percent"]
        self.fields["text"].label = _("What was done")
        if subject.row.needs_evidence:
            self.fields["evidence"].help_text = _("This row needs a photo or a document as evidence.")
        self.helper = laid_out(*self.fields)


class SessionForm(SeenForm):
    """A session that is planned, or was held; then with how many came."""

    held_on = DayField(label=_("Day"), initial=timezone.localdate)
    topic = NameField(label=_("Topic"), max_length=200)
    location = NameField(label=_("Location"), max_length=100, required=False)
    audience = NameField(
        label=_("Audience"),
        max_length=200,
        required=False,
        help_text=_("In words, for example 村（社区）党组织书记."),
    )
    planned = forms.IntegerField(label=_("Expected"), min_value=0, max_value=MOST_PEOPLE, required=False)
    attended = forms.IntegerField(
        label=_("Attended"),
        min_value=0,
        max_value=MOST_PEOPLE,
        required=False,
        help_text=_("Blank as long as it is only planned."),
    )
    evidence = FilesField(label=_("Photos or documents"))

    def __init__(
        self, *args: Any, subject: Task, session: ProgrammeSession | None = None, **kwargs: Any
    ) -> None:
        initial = {}
        if session is not None:
            initial = {
                "held_on": session.held_on,
                "topic": session.topic,
                "location": session.place,
                "audience": session.audience,
                "planned": session.planned,
            }
        super().__init__(*args, subject=subject, initial=initial, **kwargs)
        self.helper = laid_out(
            side_by_side("held_on", "topic"),
            side_by_side("location", "audience"),
            side_by_side("planned", "attended"),
            "evidence",
            "seen",
        )

    def details(self) -> SessionDetails:
        given = self.cleaned_data
        return SessionDetails(
            held_on=given["held_on"],
            topic=given["topic"],
            place=given["location"],
            audience=given["audience"],
            planned=given["planned"],
            attended=given["attended"],
        )
