"""What people type about visits, cleaned; each form ends in one deed."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organizations.forms import RowsField
from organizations.models import VISITOR_ROLES, Membership, Organization, User
from reviews.forms import DATE, laid_out, side_by_side
from reviews.models import CycleState, Draw, ReviewCycle
from reviews.visiting import VisitDetails, own_unit_message, those_who_belong

MOST_PER_UNIT = 10


def inspectors_of(host: Organization) -> Any:
    """The accounts that may visit units for a host today."""
    at_work = Membership.objects.running(timezone.localdate()).filter(
        organization=host, role__in=VISITOR_ROLES, user__is_active=True
    )
    return User.objects.filter(pk__in=at_work.values("user"))


def cycles_to_visit(host: Organization) -> Any:
    """The quarters visits may be planned for, the newest first."""
    return (
        ReviewCycle.objects.of_host(host)
        .filter(state__in=(CycleState.DRAFT, CycleState.OPEN, CycleState.REPLY))
        .newest_first()
    )


def units_to_visit(host: Organization, user: User) -> Any:
    """The host's active units in its order, without those the user belongs to."""
    units = Organization.objects.under(host).active(timezone.localdate()).select_related("group")
    return units.exclude(pk__in=user.access.own_organization_ids).in_own_order()


class CycleChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.quarter.label


class VisitForm(forms.Form):
    """Plan a visit: which quarter, unit and place, who and when."""

    cycle = CycleChoice(ReviewCycle.objects.none(), label=_("Quarter"), empty_label=None)
    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("Unit"))
    place = forms.ModelChoiceField(
        Organization.objects.none(),
        label=_("Village or branch"),
        required=False,
        empty_label=_("None chosen"),
        help_text=_("The unit's sub-units of the roster."),
    )
    place_name = forms.CharField(
        label=_("Or in words"),
        max_length=100,
        required=False,
        help_text=_("Where the place is not in the roster. Leave both blank to visit the unit itself."),
    )
    visited_on = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
        help_text=_("May be left open until the visit is recorded."),
    )
    inspectors = RowsField(User.objects.none(), label=_("Inspectors"), widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    draw = forms.ModelChoiceField(Draw.objects.none(), widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, host: Organization, user: User, unit: Any = None, **kwargs: Any) -> None:
        """unit: the key of the unit whose places are offered, as typed."""
        super().__init__(*args, **kwargs)
        self._choose("cycle", cycles_to_visit(host))
        self._choose("organization", units_to_visit(host, user))
        self._choose("inspectors", inspectors_of(host))
        self._choose("draw", Draw.objects.visible_to(user).of_host(host))
        self._choose_place(host, str(unit or ""))
        self.helper = laid_out(
            side_by_side("cycle", "organization"),
            side_by_side("place", "place_name"),
            "visited_on",
            "inspectors",
            "note",
            "client_uuid",
            "draw",
            has_tag=False,
        )

    def _choose(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows

    def _choose_place(self, host: Organization, unit: str) -> None:
        """The places follow the unit as soon as it is chosen; without a script a button fetches them."""
        swap = {"hx-target": "#div_id_place", "hx-select": "#div_id_place", "hx-swap": "outerHTML"}
        self.fields["organization"].widget.attrs.update({"hx-get": reverse("reviews:visit-new"), **swap})
        is_key = unit.isascii() and unit.isdigit() and len(unit) <= 18
        places = Organization.objects.filter(parent=int(unit) if is_key else 0, parent__parent=host)
        self._choose("place", places.active(timezone.localdate()).order_by("position", "pk"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("place") and given.get("place_name"):
            self.add_error("place_name", gettext("Choose a place or write it in words, not both."))
        unit, inspectors = given.get("organization"), given.get("inspectors")
        if unit and inspectors:
            day = given.get("visited_on") or timezone.localdate()
            for inspector in those_who_belong(inspectors, unit, day):
                self.add_error("inspectors", own_unit_message(inspector, unit))
        return given

    def details(self) -> VisitDetails:
        given = self.cleaned_data
        return VisitDetails(
            organization=given["organization"],
            inspectors=list(given["inspectors"]),
            place=given["place"],
            place_name=given["place_name"],
            visited_on=given["visited_on"],
            note=given["note"],
        )


class DrawForm(forms.Form):
    """Which units' branches to draw from, and how many of each."""

    cycle = CycleChoice(ReviewCycle.objects.none(), label=_("Quarter"), empty_label=None)
    per_unit = forms.IntegerField(
        label=_("Places of each unit"), min_value=1, max_value=MOST_PER_UNIT, initial=1
    )
    units = RowsField(
        Organization.objects.none(),
        label=_("Units"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all that have branches in the roster."),
    )

    def __init__(self, *args: Any, host: Organization, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        with_branches = Organization.objects.within(host).active(today).values("parent")
        for name, rows in (
            ("cycle", cycles_to_visit(host)),
            ("units", units_to_visit(host, user).filter(pk__in=with_branches)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        self.helper = laid_out(side_by_side("cycle", "per_unit"), "units", has_tag=False)

    def chosen_units(self) -> list[Organization]:
        field = self.fields["units"]
        assert isinstance(field, forms.ModelChoiceField)
        return list(self.cleaned_data["units"] or field.queryset or ())


class CategoriesForm(forms.Form):
    """The categories of problems, one a line."""

    names = forms.CharField(
        label=_("One category a line, in their order"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("A category that is taken out is offered no more; problems filed under it keep it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = laid_out("names", submit=_("Save"))

    def clean_names(self) -> list[str]:
        names = [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]
        if any(len(name) > 50 for name in names):
            raise ValidationError(_("A category has at most 50 characters."))
        return names
