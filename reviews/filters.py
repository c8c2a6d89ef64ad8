"""What lists are narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.models import Group, Organization, User
from organizations.quarter import FIRST_YEAR, LAST_YEAR
from reviews.forms import laid_out
from reviews.models import (
    Deduction,
    DeductionSource,
    ReviewCycle,
    Rubric,
    RubricState,
    Visit,
    VisitState,
)
from reviews.models.review import DeductionQuerySet


class YearFilter(django_filters.Filter):
    """A whole year in the range of quarters: a number filter would expand any exponent it is given."""

    field_class = forms.IntegerField

    def __init__(self) -> None:
        super().__init__(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)


class CycleFilter(django_filters.FilterSet):
    """Cycles by year. Not by state: while a correction is made, a unit would learn of it (rule 15)."""

    year = YearFilter()

    class Meta:
        model = ReviewCycle
        fields = ("year",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.helper = laid_out("year", has_tag=False)


class RubricFilter(django_filters.FilterSet):
    """Rubrics by year, group and state."""

    year = YearFilter()
    group = django_filters.ModelChoiceFilter(
        label=_("Group"), queryset=Group.objects.none(), empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=RubricState.choices, empty_label=_("All"))

    class Meta:
        model = Rubric
        fields = ("year", "group", "state")

    def __init__(self, *args: Any, host: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["group"].queryset = host.groups.all()
        self.form.helper = laid_out("year", "group", "state", has_tag=False)


class QuarterFilter(django_filters.ModelChoiceFilter):
    """A choice among cycles, by the label of their quarter."""

    class field_class(django_filters.fields.ModelChoiceField):
        def label_from_instance(self, obj: Any) -> Any:
            return obj.quarter.label if isinstance(obj, ReviewCycle) else super().label_from_instance(obj)


class VisitFilter(django_filters.FilterSet):
    """Visits by quarter, unit, state and inspector. What is offered names no unit of the user's own."""

    cycle = QuarterFilter(label=_("Quarter"), queryset=ReviewCycle.objects.none(), empty_label=_("All"))
    organization = django_filters.ModelChoiceFilter(
        label=_("Unit"), queryset=Organization.objects.none(), empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=VisitState.choices, empty_label=_("All"))
    inspectors = django_filters.ModelChoiceFilter(
        label=_("Inspector"), queryset=User.objects.none(), empty_label=_("All")
    )

    class Meta:
        model = Visit
        fields = ("cycle", "organization", "state", "inspectors")

    def __init__(self, *args: Any, host: Organization, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visits = Visit.objects.visible_to(user).of_host(host)
        units = Organization.objects.under(host).exclude(pk__in=user.access.own_organization_ids)
        self.filters["cycle"].queryset = ReviewCycle.objects.of_host(host).newest_first()
        self.filters["organization"].queryset = units.in_own_order()
        self.filters["inspectors"].queryset = User.objects.filter(visits__in=visits).distinct()
        self.form.helper = laid_out("cycle", "organization", "state", "inspectors", has_tag=False)


class IncompleteFilter(django_filters.FilterSet):
    """The deductions of a cycle, `with_source`, that lack a reason or a photo: by what, whence and unit."""

    lacks = django_filters.ChoiceFilter(
        label=_("Lacks"),
        method="that_lack",
        choices=(("reason", _("A reason")), ("photo", _("A photo"))),
        empty_label=_("A reason or a photo"),
    )
    source = django_filters.ChoiceFilter(
        label=_("Source"), choices=DeductionSource.choices, empty_label=_("All")
    )
    unit = django_filters.ModelChoiceFilter(
        label=_("Unit"),
        field_name="review__organization",
        queryset=Organization.objects.none(),
        empty_label=_("All"),
    )

    class Meta:
        model = Deduction
        fields = ("lacks", "source", "unit")

    def __init__(self, *args: Any, cycle: ReviewCycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Organization.objects.filter(reviews__cycle=cycle)
        self.filters["unit"].queryset = units.in_own_order()
        self.form.helper = laid_out("lacks", "source", "unit", has_tag=False)

    def that_lack(self, deductions: DeductionQuerySet, name: str, what: str) -> DeductionQuerySet:
        return deductions.without_reason() if what == "reason" else deductions.without_photo()

    def filter_queryset(self, queryset: DeductionQuerySet) -> DeductionQuerySet:
        found: DeductionQuerySet = super().filter_queryset(queryset.incomplete())
        return found
