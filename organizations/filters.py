"""What a list of units can be narrowed to."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.forms import fields_only
from organizations.models import FormerName, Group, Kind, Organization, OrganizationQuerySet
from organizations.names import clean_text


class UnitFilter(django_filters.FilterSet):
    """By name, former ones included; by group and kind; closed units only when asked for."""

    name = django_filters.CharFilter(method="called", label=_("Name, present or former"))
    group = django_filters.ModelChoiceFilter(
        queryset=Group.objects.none(), label=_("Group"), empty_label=_("All")
    )
    kind = django_filters.ChoiceFilter(choices=Kind.choices, label=_("Kind"), empty_label=_("All"))
    closed = django_filters.BooleanFilter(
        method="or_closed", widget=forms.CheckboxInput, label=_("Closed and future units too")
    )

    class Meta:
        model = Organization
        fields = ("name", "group", "kind", "closed")

    def __init__(self, *args: Any, host: Organization | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["group"].queryset = Group.objects.filter(host=host)
        self.form.helper = fields_only()

    @property
    def is_narrowing(self) -> bool:
        """Whether the reader asked for anything, so that an empty list does not mean an empty roster."""
        return any(self.data.get(name) for name in self.filters)

    def called(self, units: OrganizationQuerySet, field: str, value: str) -> OrganizationQuerySet:
        text = clean_text(value)
        former = FormerName.objects.filter(name__icontains=text).values("organization")
        return units.filter(Q(name__icontains=text) | Q(short_name__icontains=text) | Q(pk__in=former))

    def or_closed(self, units: OrganizationQuerySet, field: str, value: bool | None) -> OrganizationQuerySet:
        return units

    def filter_queryset(self, queryset: OrganizationQuerySet) -> OrganizationQuerySet:
        found: OrganizationQuerySet = super().filter_queryset(queryset)
        return found if self.form.cleaned_data["closed"] else found.active(timezone.localdate())
