"""Into which item another one is merged, and why."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from rectification.models import Item
from rectification.models.item import LONGEST_TEXT, ItemQuerySet


class ItemChoice(forms.ModelChoiceField):
    """A choice among items, by their serial number, source, words and state."""

    def label_from_instance(self, obj: Any) -> str:
        words = (obj.serial, obj.get_source_display(), Truncator(obj.text).chars(40), obj.get_state_display())
        return " · ".join(map(str, words))


class MergeForm(forms.Form):
    """The item that goes on, the reason, and the version that the user decided on."""

    into = ItemChoice(
        label=_("The item that goes on"),
        queryset=Item.objects.none(),
        empty_label=_("Choose an item of the same unit"),
    )
    why = forms.CharField(
        label=_("Why they are the same problem"),
        max_length=LONGEST_TEXT // 2,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args: Any, item: Item, candidates: ItemQuerySet, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"seen": item.version})
        super().__init__(*args, **kwargs)
        into = self.fields["into"]
        assert isinstance(into, ItemChoice)
        into.queryset = candidates
        self.helper = FormHelper()
        self.helper.form_tag, self.helper.disable_csrf = False, True
        self.helper.layout = Layout("seen", "into", "why")
