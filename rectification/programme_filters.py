"""What lists of programmes and of their targets are narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models import Organization, User
from organizations.quarter import InvalidQuarter, Quarter
from rectification.models import Programme, ProgrammeKind, ProgrammeState, Target
from rectification.models.programme import ProgrammeQuerySet
from rectification.models.target import TargetQuerySet
from rectification.programme_forms import laid_out


class ProgrammeFilter(django_filters.FilterSet):
    """By kind, quarter of assigning and state; those with something overdue or to be confirmed."""

    kind = django_filters.ChoiceFilter(
        label=pgettext_lazy("programme", "Kind"), choices=ProgrammeKind.choices, empty_label=_("All")
    )
    quarter = django_filters.ChoiceFilter(
        label=_("Assigned in"), method="assigned_in", choices=(), empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=ProgrammeState.choices, empty_label=_("All")
    )
    overdue = django_filters.BooleanFilter(
        label=pgettext_lazy("programmes", "Only with something overdue"),
        method="only_overdue",
        widget=forms.CheckboxInput,
    )

    waiting = django_filters.BooleanFilter(
        label=pgettext_lazy("programmes", "Only with rows to be confirmed"),
        method="only_waiting",
        widget=forms.CheckboxInput,
    )

    class Meta:
        model = Programme
        fields = ("kind", "quarter", "state", "overdue", "waiting")

    def __init__(self, *args: Any, user: User, queryset: ProgrammeQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, queryset=queryset, **kwargs)
        self.user = user
        pairs = queryset.order_by("-year", "-number").values_list("year", "number").distinct()
        quarters = [Quarter(*pair) for pair in pairs]
        self.filters["quarter"].extra["choices"] = [(str(each), each.label) for each in quarters]
        self.form.helper = laid_out("kind", "quarter", "state", "overdue", "waiting")

    @property
    def is_narrowing(self) -> bool:
        return any(self.data.get(name) for name in self.filters)

    def assigned_in(self, programmes: ProgrammeQuerySet, name: str, value: str) -> ProgrammeQuerySet:
        try:
            return programmes.assigned_in(Quarter.parse(value))
        except InvalidQuarter:
            return programmes.none()

    def only_overdue(self, programmes: ProgrammeQuerySet, name: str, value: bool | None) -> ProgrammeQuerySet:
        return programmes.overdue(self.user, timezone.localdate()) if value else programmes

    def only_waiting(self, programmes: ProgrammeQuerySet, name: str, value: bool | None) -> ProgrammeQuerySet:
        return programmes.waiting(self.user) if value else programmes


SHOWN = {
    "overdue": lambda targets: targets.overdue(timezone.localdate()),
    "waiting": lambda targets: targets.waiting(),
    "sent_back": lambda targets: targets.sent_back(),
    "undone": lambda targets: targets.undone(),
    "demonstration": lambda targets: targets.demonstrations(),
}


class TargetFilter(django_filters.FilterSet):
    """A programme's targets by unit and by what is looked for; those taken out only when asked for."""

    unit = django_filters.ModelChoiceFilter(
        label=_("Unit"), queryset=Organization.objects.none(), empty_label=_("All")
    )
    show = django_filters.ChoiceFilter(
        label=pgettext_lazy("targets", "Show"),
        method="shown",
        empty_label=_("All"),
        choices=(
            ("undone", pgettext_lazy("targets", "Not done")),
            ("overdue", pgettext_lazy("targets", "Overdue")),
            ("waiting", pgettext_lazy("targets", "Waiting for confirmation")),
            ("sent_back", pgettext_lazy("targets", "Sent back")),
            ("demonstration", pgettext_lazy("targets", "Demonstration sites")),
            ("out", pgettext_lazy("targets", "Taken out")),
        ),
    )

    class Meta:
        model = Target
        fields = ("unit", "show")

    def __init__(self, *args: Any, queryset: TargetQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, queryset=queryset, **kwargs)
        units = Organization.objects.filter(pk__in=queryset.order_by().values("unit"))
        self.filters["unit"].queryset = units.in_own_order()
        self.form.helper = laid_out("unit", "show")

    def shown(self, targets: TargetQuerySet, name: str, value: str) -> TargetQuerySet:
        return SHOWN[value](targets) if value in SHOWN else targets

    def filter_queryset(self, queryset: TargetQuerySet) -> TargetQuerySet:
        found: TargetQuerySet = super().filter_queryset(queryset)
        return found.taken_out() if self.form.cleaned_data.get("show") == "out" else found.present()
