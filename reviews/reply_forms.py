"""What units type about their deductions and the staff about their replies, cleaned."""

from __future__ import annotations

import uuid
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from files.kinds import limits
from files.limits import MOST_FILES
from organizations.forms import DayField, fields_only
from organizations.models import Organization
from rectification.evidence import NewFile
from rectification.forms import EvidenceField, new_files
from reviews.forms import laid_out
from reviews.models import ReplySettings, ReplyStepKind, ReviewCycle
from reviews.models.reply import LONGEST_WORDS, MOST_DAYS, ReplyQuerySet
from reviews.models.rubric import LONGEST_REASON


class LinesField(forms.CharField):
    """Words in several lines. A browser counts a line break as one character, and sends two."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class ReplyForm(forms.Form):
    """What a unit says to one deduction, with its proof. A page holds one a deduction."""

    most_files = MOST_FILES

    text = LinesField(
        label=_("What is wrong with the deduction"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    evidence = EvidenceField(label=_("Photos and files that prove it"), required=False)
    client_uuid = forms.UUIDField(widget=forms.HiddenInput)
    deduction = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)

    def __init__(self, data: Any = None, files: Any = None, *, deduction: int) -> None:
        initial = {"client_uuid": uuid.uuid4(), "deduction": deduction}
        super().__init__(data, files, initial=initial, auto_id=f"d{deduction}-%s")
        self.fields["evidence"].help_text = limits()
        self.helper = fields_only()
        self.helper.layout = Layout("text", "evidence", "client_uuid", "deduction")

    def files_sent(self) -> list[NewFile]:
        """The files as they are kept. Of a valid form."""
        return new_files(self.cleaned_data["evidence"])


class DecisionForm(forms.Form):
    """Whether a deduction is withdrawn or kept, and why; its buttons say which. A page holds one a reply.

    full_marks: asked where the deduction is the only one of its indicator.
    """

    reason = LinesField(
        label=_("Reason, which the unit reads"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    full_marks = forms.BooleanField(required=False, initial=True)
    decision = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in ReplyStepKind][2:])
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, data: Any = None, *, reply: int, seen: int, full_marks: str = "") -> None:
        super().__init__(data, initial={"seen": seen}, auto_id=f"r{reply}-%s")
        rows = ["reason", "full_marks", "seen"]
        if full_marks:
            label = _("Accepted: give the indicator its full %(points)s points, as nothing else is deducted.")
            self.fields["full_marks"].label = label % {"points": full_marks}
        else:
            rows.remove("full_marks")
        self.helper = fields_only()
        self.helper.layout = Layout(*rows)


class ReplyUntilForm(forms.Form):
    """The last day to reply."""

    until = DayField(label=_("Last day to reply"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("until", has_tag=False)


class ReplySettingsForm(forms.ModelForm):
    """How many days a host's units may reply."""

    class Meta:
        model = ReplySettings
        fields = ("days",)
        help_texts = {
            "days": _(
                "The last day is so many days after the reply stage starts and is still in time; each "
                "quarter's can be changed."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].widget.attrs.update(min=1, max=MOST_DAYS)
        self.helper = laid_out("days", has_tag=False)


class Which(models.TextChoices):
    """Which replies of a quarter to show."""

    UNDECIDED = "", _("Undecided")
    DECIDED = "decided", _("Already decided")
    ALL = "all", _("All")


class ReplyFilter(forms.Form):
    """Narrow the replies of a quarter to those undecided or decided, and to one unit."""

    show = forms.ChoiceField(label=_("Which replies"), required=False, choices=Which.choices)
    unit = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Unit"), required=False, empty_label=_("All")
    )

    def __init__(self, data: Any, *, cycle: ReviewCycle) -> None:
        super().__init__(data)
        units = self.fields["unit"]
        assert isinstance(units, forms.ModelChoiceField)
        units.queryset = (
            Organization.objects.filter(reviews__deductions__reply__isnull=False, reviews__cycle=cycle)
            .distinct()
            .in_own_order()
        )
        self.helper = laid_out("show", "unit", has_tag=False)

    def narrowed(self, replies: ReplyQuerySet) -> ReplyQuerySet:
        """Those asked for; what makes no sense asks for those undecided."""
        self.is_valid()
        show, unit = self.cleaned_data.get("show", ""), self.cleaned_data.get("unit")
        found = replies if unit is None else replies.of_unit(unit)
        if show == Which.ALL:
            return found
        return found.decided() if show == Which.DECIDED else found.undecided()
