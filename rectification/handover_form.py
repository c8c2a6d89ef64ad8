"""What the staff choose for the items of units that no longer act (rule 24)."""

from __future__ import annotations

from typing import Any

from django import forms

from organizations.forms import RowsField
from organizations.models import Organization
from rectification.models import Item


class HandoverForm(forms.Form):
    """Which items of a unit that ended go to which unit."""

    items = RowsField(Item.objects.none())
    successor = forms.ModelChoiceField(Organization.objects.none())

    def __init__(self, *args: Any, unit: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items, successor = self.fields["items"], self.fields["successor"]
        assert isinstance(items, forms.ModelMultipleChoiceField)
        assert isinstance(successor, forms.ModelChoiceField)
        assert unit.parent is not None
        items.queryset = Item.objects.of_host(unit.parent)
        successor.queryset = Organization.objects.under(unit.parent)
