"""What the staff type for many items at once, cleaned into an order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from organizations.forms import DayField, NameField, fields_only
from organizations.models import Organization
from rectification.bulk import Deed, Order
from rectification.categories import category_named, offered_categories
from rectification.models import Item
from rectification.models.item import LONGEST_NAME, LONGEST_TEXT


class OrderForm(forms.Form):
    """What a deed sets; strike-off and sending set nothing."""

    def __init__(
        self, sent: QueryDict, *, is_filled: bool, deed: Deed, host: Organization, items: Sequence[Item]
    ) -> None:
        """is_filled: whether what was sent is meant as an order; else it only begins the form."""
        super().__init__(sent if is_filled else None, initial=sent.dict())
        self.deed, self.host, self.items = deed, host, items
        self.helper = fields_only()

    def order(self) -> Order:
        """What was ordered; the form is valid."""
        return Order(self.deed)


class PersonForm(OrderForm):
    responsible = NameField(label=_("Responsible person"), max_length=LONGEST_NAME)

    def order(self) -> Order:
        return Order(self.deed, responsible=self.cleaned_data["responsible"])


class DateForm(OrderForm):
    """A first date where there is none; an extension, with its reason, where there is one."""

    due_on = DayField(label=_("Due date"))
    reason = forms.CharField(
        label=_("Reason of the extension"),
        max_length=LONGEST_TEXT,
        required=False,
        help_text=_("Needed where an item has a due date already: it is extended, and its first date stays."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        dated = sum(item.original_due_on is not None for item in self.items)
        if dated and not given.get("reason"):
            message = ngettext(
                "%(n)s of the items has a due date already. Say why it is extended.",
                "%(n)s of the items have a due date already. Say why it is extended.",
                dated,
            )
            self.add_error("reason", message % {"n": dated})
        return given

    def order(self) -> Order:
        given = self.cleaned_data
        return Order(self.deed, due_on=given["due_on"], reason=given["reason"])


class CategoryForm(OrderForm):
    category = forms.ChoiceField(label=_("Category"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "---------"), *((name, name) for name in offered_categories(self.host))]

    def order(self) -> Order:
        return Order(self.deed, category=category_named(self.host, self.cleaned_data["category"]))


FORMS: dict[Deed, type[OrderForm]] = {
    Deed.PERSON: PersonForm,
    Deed.DATE: DateForm,
    Deed.CATEGORY: CategoryForm,
    Deed.STRIKE_OFF: OrderForm,
    Deed.SEND: OrderForm,
}
